//! The table of settings. Parsing, `wijzer settings` and the README all follow it.

use std::{collections::BTreeMap, ffi::OsString, fmt::Write};

/// One thing an operator can set, by environment or in the settings file under the same name.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Name of the environment variable and of the key in the file.
    pub name: &'static str,
    /// What holds when it is not set; empty is "none".
    pub default: &'static str,
    /// What it does, in one line of English.
    pub meaning: &'static str,
    /// A secret is never repeated in a message.
    pub secret: bool,
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting {
        name,
        default,
        meaning,
        secret: false,
    }
}

const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting {
        name,
        default,
        meaning,
        secret: true,
    }
}

/// Name of the setting that says where the settings file is.
pub(super) const CONFIG_FILE: &str = "WIJZER_CONFIG";

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting(
        CONFIG_FILE,
        "wijzer.toml",
        "Settings file (TOML, same names as here); the default may be absent. The environment wins over the file.",
    ),
    secret(
        "DATABASE_URL",
        "",
        "PostgreSQL address (version 15 or later); none = the program runs its own private server.",
    ),
    setting(
        "WIJZER_LISTEN",
        "127.0.0.1:8080",
        "Address and port for visitors.",
    ),
    setting(
        "WIJZER_BASE_URL",
        "http://127.0.0.1:8080",
        "Public address without closing slash, for canonical links; https switches HSTS on.",
    ),
    setting(
        "WIJZER_DATA_DIR",
        "./var",
        "Folder for the private database, the search index, the names of menus and what was read of the dictionary.",
    ),
    setting("WIJZER_SITE_NAME", "DeventerWijzer", "Name of the portal."),
    setting(
        "WIJZER_MUNICIPALITY",
        "Deventer",
        "Name of the municipality.",
    ),
    setting(
        "WIJZER_THEME",
        "",
        "CSS file with design tokens, served in place of the built-in theme.",
    ),
    setting(
        "WIJZER_CONTACT_NAME",
        "een medewerker van de gemeente",
        "Who helps a visitor in person (Dutch, as in a sentence).",
    ),
    setting(
        "WIJZER_CONTACT_PHONE",
        "14 0570",
        "Phone number of that person or desk.",
    ),
    setting(
        "WIJZER_CONTACT_EMAIL",
        "",
        "E-mail address of that person or desk.",
    ),
    setting("WIJZER_CONTACT_ADDRESS", "", "Where to walk in."),
    setting(
        "WIJZER_SECURITY_CONTACT",
        "",
        "Contact in security.txt (mailto: or https:); none = the contact e-mail address, or the help page.",
    ),
    setting(
        "WIJZER_QUICK_EXIT_URL",
        "https://www.buienradar.nl/",
        "Neutral site behind the quick-exit button.",
    ),
    setting(
        "WIJZER_METRICS_LISTEN",
        "",
        "Address and port for Prometheus (/metrics); none = off.",
    ),
    setting(
        "WIJZER_PG_BIN",
        "",
        "Folder with the PostgreSQL server programs; none = search the usual places.",
    ),
    setting(
        "WIJZER_DICTIONARY",
        "/usr/share/hunspell",
        "Folder with the Dutch spelling dictionary (nl.aff, nl.dic) from which search learns words.",
    ),
    setting(
        "WIJZER_DEMO_DATA",
        "",
        "Folder with CSV tables to load when the database is empty.",
    ),
    setting(
        "WIJZER_GRADED_QUERIES",
        "",
        "Table of searches with what should be found (docs/search.md), to show editors what a synonym does; none = only its own words and searches that found nothing.",
    ),
    setting(
        "WIJZER_FETCH_ALLOW",
        "",
        "Addresses with their port (10.0.0.5:8080, ...) that calendars may be fetched from beside the public web; none = no other.",
    ),
    secret(
        "WIJZER_SMTP_URL",
        "",
        "Mail server (smtp://user:password@host:587?tls=required, or smtps://...); none = mail waits and is shown to administrators.",
    ),
    setting(
        "WIJZER_MAIL_FROM",
        "",
        "Address that mail comes from; none = the contact e-mail address.",
    ),
    setting(
        "WIJZER_OIDC_ISSUER",
        "",
        "Provider that people may sign in to the admin area with (OpenID Connect issuer, https://...); none = passwords only.",
    ),
    setting(
        "WIJZER_OIDC_CLIENT_ID",
        "",
        "Client id that the provider gave for this portal; its redirect address is WIJZER_BASE_URL/beheer/inloggen/oidc/terug.",
    ),
    secret(
        "WIJZER_OIDC_CLIENT_SECRET",
        "",
        "Client secret that the provider gave.",
    ),
    setting(
        "WIJZER_OIDC_NAME",
        "uw werkaccount",
        "What editors know the provider as, in Dutch, after \"Inloggen met\".",
    ),
    setting(
        "WIJZER_TRUSTED_PROXIES",
        "",
        "IP addresses of reverse proxies whose X-Forwarded-For is believed, with commas between them; none = nobody's.",
    ),
    setting(
        "WIJZER_DATABASE_CONNECTIONS",
        "10",
        "Open database connections at most.",
    ),
    setting(
        "WIJZER_CONNECTIONS",
        "1000",
        "Open HTTP connections at most.",
    ),
    setting(
        "WIJZER_CACHE_MB",
        "32",
        "Memory for rendered pages, in megabytes.",
    ),
    setting(
        "WIJZER_LOG",
        "info",
        "What is logged: a tracing filter such as info or wijzer=debug.",
    ),
    setting("WIJZER_LOG_FORMAT", "text", "Log lines as text or json."),
];

/// The settings as a Markdown table, one line per setting, closed by a newline.
#[must_use]
pub fn table() -> String {
    let mut table = String::from("| Setting | Default | Meaning |\n|---|---|---|\n");
    for setting in SETTINGS {
        let default = match setting.default {
            "" => "none".to_owned(),
            value => format!("`{value}`"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "| `{}` | {default} | {} |",
            setting.name, setting.meaning
        );
    }
    table
}

/// The part of an environment that is ours: known names and everything that begins as ours do.
/// A value that is not UTF-8 is kept with replacement characters; parsing then refuses it.
pub(super) fn environment(
    all: impl Iterator<Item = (OsString, OsString)>,
) -> BTreeMap<String, String> {
    all.filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with("WIJZER_") || find(name).is_some())
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
        .collect()
}

/// The setting of that name.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}
