//! Every address of the admin area, written once.

use uuid::Uuid;

pub const DESK: &str = "/beheer";
pub const SIGN_IN: &str = "/beheer/inloggen";
pub const CODE: &str = "/beheer/inloggen/code";
/// Leaves for the provider of OpenID Connect.
pub const OPENID: &str = "/beheer/inloggen/oidc";
/// Where the provider sends people back to; it knows this address.
pub const OPENID_BACK: &str = "/beheer/inloggen/oidc/terug";
pub const OPENID_LINK: &str = "/beheer/mijn-account/oidc";
pub const OPENID_UNLINK: &str = "/beheer/mijn-account/oidc/weg";
pub const SIGN_OUT: &str = "/beheer/uitloggen";
pub const FORGOTTEN: &str = "/beheer/wachtwoord-vergeten";
pub const ACCOUNT: &str = "/beheer/mijn-account";
pub const PASSWORD: &str = "/beheer/mijn-account/wachtwoord";
pub const SECOND_FACTOR: &str = "/beheer/mijn-account/tweede-stap";
pub const SECOND_FACTOR_OFF: &str = "/beheer/mijn-account/tweede-stap/uit";
pub const RECOVERY_CODES: &str = "/beheer/mijn-account/herstelcodes";
pub const SESSIONS: &str = "/beheer/mijn-account/sessies";
pub const SHORTCUTS: &str = "/beheer/mijn-account/sneltoetsen";
/// The field to search everything by name.
pub const SEARCH: &str = "/beheer/alles#q";
pub const EVERYTHING: &str = "/beheer/alles";
/// Names of records while someone types one.
pub const NAMES: &str = "/beheer/namen";
pub const LISTS: &str = "/beheer/lijsten";
/// What belongs on the map.
pub const SCOPE: &str = "/beheer/lijsten/afspraken";
pub const USERS: &str = "/beheer/gebruikers";
pub const NEW_USER: &str = "/beheer/gebruikers/nieuw";
pub const MAIL: &str = "/beheer/mail";
pub const HANDBOOK: &str = "/beheer/handleiding";
pub const TABLES: &str = "/beheer/tabellen";
pub const INDEX: &str = "/beheer/zoekmachine";
/// Hints on the language of a text.
pub const ADVICE: &str = "/beheer/taal";
pub const LOG: &str = "/beheer/logboek";
pub const LOG_FILE: &str = "/beheer/logboek/export";

/// Where a password is chosen, by a mailed link.
#[must_use]
pub fn welcome(secret: &str) -> String {
    format!("/beheer/welkom/{secret}")
}

#[must_use]
pub fn user(id: &Uuid) -> String {
    format!("{USERS}/{id}")
}

/// An import of tables.
#[must_use]
pub fn import(id: &Uuid) -> String {
    format!("{TABLES}/{id}")
}

/// An act on a user: `uitzetten`, `aanzetten`, `link`, `tweede-stap-weg`.
#[must_use]
pub fn user_act(id: &Uuid, act: &str) -> String {
    format!("{USERS}/{id}/{act}")
}

/// A page with a line that says what was just done; see `page::notice`.
#[must_use]
pub fn done(path: &str, what: &str) -> String {
    format!("{path}?gedaan={what}")
}

/// Where someone wanted to go before they had to sign in: a page of this area and nothing else
/// (ASVS 3.7.2).
#[must_use]
pub fn local(wanted: &str) -> &str {
    let plain = wanted
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/-_?=&.%+".contains(&b));
    let inside = wanted == DESK || wanted.starts_with("/beheer/") || wanted.starts_with("/beheer?");
    if plain && inside && !wanted.contains("//") && !wanted.starts_with(SIGN_IN) {
        wanted
    } else {
        DESK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_stays_in_this_area() {
        for good in [
            "/beheer",
            "/beheer/gebruikers",
            "/beheer/gebruikers?q=a%20b",
        ] {
            assert_eq!(local(good), good);
        }
        for bad in [
            "",
            "/",
            "//evil.nl",
            "https://evil.nl",
            "https:evil.nl",
            "/\\evil.nl",
            "/beheer\\@evil.nl",
            "/beheer.evil.nl",
            "/beheer//evil.nl",
            "%2F%2Fevil.nl",
            "/beheer/\r\nx: y",
            SIGN_IN,
        ] {
            assert_eq!(local(bad), DESK, "{bad:?}");
        }
    }
}
