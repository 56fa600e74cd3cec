use std::io::Write;

use super::*;

fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn faults(pairs: &[(&str, &str)]) -> Vec<String> {
    Config::read(environment(pairs))
        .err()
        .map(|faults| faults.0)
        .unwrap_or_default()
}

#[test]
fn an_empty_environment_gives_the_documented_defaults() {
    let config = Config::read(BTreeMap::new()).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.site.name, "DeventerWijzer");
    assert_eq!(config.contact.phone, "14 0570");
    assert!(config.storage.database.is_none() && config.server.metrics_listen.is_none());
    assert_eq!(config.log.format, LogFormat::Text);
}

#[test]
fn every_wrong_value_is_refused_by_name() {
    for (name, value) in [
        ("WIJZER_LISTEN", "8080"),
        ("WIJZER_BASE_URL", "https://wijzer.nl/"),
        ("WIJZER_BASE_URL", "https://wijzer.nl/map"),
        ("WIJZER_BASE_URL", "wijzer.nl"),
        ("WIJZER_THEME", "/no/such/theme.css"),
        ("WIJZER_CONTACT_EMAIL", "nobody"),
        ("WIJZER_CONTACT_PHONE", "bel ons"),
        ("WIJZER_SECURITY_CONTACT", "http://wijzer.nl"),
        ("WIJZER_QUICK_EXIT_URL", "javascript:alert(1)"),
        ("WIJZER_METRICS_LISTEN", "localhost"),
        ("WIJZER_PG_BIN", "/no/such/folder"),
        ("WIJZER_DEMO_DATA", "/no/such/folder"),
        ("WIJZER_GRADED_QUERIES", "/no/such/file"),
        ("WIJZER_DATABASE_CONNECTIONS", "0"),
        ("WIJZER_CONNECTIONS", "many"),
        ("WIJZER_CACHE_MB", "-1"),
        ("WIJZER_FETCH_ALLOW", "127.0.0.1:80, intranet"),
        ("WIJZER_MAIL_FROM", "nobody"),
        ("WIJZER_TRUSTED_PROXIES", "10.0.0.1, proxy"),
        ("WIJZER_LOG", "info=nonsense=x"),
        ("WIJZER_LOG_FORMAT", "xml"),
        ("WIJZER_SITE_NAME", "two\nlines"),
    ] {
        let said = faults(&[(name, value)]);
        assert_eq!(said.len(), 1, "{name}={value}: {said:?}");
        let shown = value.escape_debug().to_string();
        assert!(
            said[0].starts_with(name) && said[0].contains(&shown),
            "{said:?}"
        );
    }
}

#[test]
fn all_faults_are_told_at_once_and_unknown_names_are_faults() {
    let said = faults(&[
        ("WIJZER_LISTEN", "x"),
        ("WIJZER_CACHE_MB", "x"),
        ("WIJZER_LISTN", "x"),
    ]);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said.iter()
            .any(|sentence| sentence.starts_with("WIJZER_LISTN is not a setting"))
    );
}

#[test]
fn a_secret_is_never_repeated() {
    for value in [
        "mysql://u:geheim@h/d",
        "geheim",
        "postgres://u:geheim@h:notaport/d",
    ] {
        let said = faults(&[("DATABASE_URL", value)]);
        assert!(said.len() == 1 && !said[0].contains("geheim"), "{said:?}");
    }
}

#[test]
fn an_empty_value_counts_as_not_set() {
    let config =
        Config::read(environment(&[("WIJZER_THEME", ""), ("WIJZER_LISTEN", " ")])).unwrap();
    assert!(config.site.theme.is_none());
    assert_eq!(config.server.listen.port(), 8080);
}

#[test]
fn the_environment_wins_over_the_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(
        file,
        "WIJZER_CACHE_MB = 8\nWIJZER_SITE_NAME = \"ZwolleWijzer\"\n"
    )
    .unwrap();
    let path = file.path().to_str().unwrap();
    let config = Config::read(environment(&[
        ("WIJZER_CONFIG", path),
        ("WIJZER_CACHE_MB", "9"),
    ]))
    .unwrap();
    assert_eq!(
        (config.server.cache_mb, config.site.name.as_str()),
        (9, "ZwolleWijzer")
    );
}

#[test]
fn a_file_that_is_absent_or_broken_is_named_without_its_contents() {
    assert!(faults(&[("WIJZER_CONFIG", "/no/such/file")])[0].contains("/no/such/file"));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(
        file,
        "WIJZER_CACHE_MB = 8\nDATABASE_URL = postgres://u:geheim@h/d\n"
    )
    .unwrap();
    let said = faults(&[("WIJZER_CONFIG", file.path().to_str().unwrap())]);
    assert!(
        said[0].contains("line 2") && !said[0].contains("geheim"),
        "{said:?}"
    );
}

#[test]
fn the_readme_holds_this_table() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(
        readme.contains(&table()),
        "README.md must hold the output of `wijzer settings` to the letter"
    );
}

#[test]
fn a_provider_is_set_whole_and_over_https() {
    let id = ("WIJZER_OIDC_CLIENT_ID", "wijzer");
    let secret = ("WIJZER_OIDC_CLIENT_SECRET", "geheim");
    let issuer = |address| ("WIJZER_OIDC_ISSUER", address);
    for good in [
        "https://id.wijzer.test",
        "https://id.wijzer.test/realms/a",
        "http://127.0.0.1:3000",
        "http://localhost:3000",
    ] {
        let read = Config::read(environment(&[issuer(good), id, secret]));
        let openid = read.unwrap().openid.unwrap();
        assert_eq!(
            (openid.client_id.as_str(), openid.name.as_str()),
            ("wijzer", "uw werkaccount")
        );
    }
    for bad in [
        "http://id.wijzer.test",
        "https://id.wijzer.test?a=b",
        "https://id.wijzer.test#a",
        "id.wijzer.test",
        "ftp://id.wijzer.test",
    ] {
        let said = faults(&[issuer(bad), id, secret]);
        assert!(
            said.len() == 1 && said[0].contains("WIJZER_OIDC_ISSUER"),
            "{bad}: {said:?}"
        );
    }
    for part in [
        &[id, secret][..],
        &[issuer("https://id.wijzer.test"), id],
        &[secret],
    ] {
        let said = faults(part);
        assert!(
            said.len() == 1 && said[0].contains("belong together"),
            "{said:?}"
        );
        assert!(!said[0].contains("geheim"));
    }
    assert!(Config::read(environment(&[])).unwrap().openid.is_none());
}

#[test]
fn mail_needs_a_sender_and_its_password_stays_secret() {
    let server = ("WIJZER_SMTP_URL", "smtps://user:geheim@mail.test");
    let said = faults(&[server]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("WIJZER_MAIL_FROM") && !said[0].contains("geheim"));
    let contact = ("WIJZER_CONTACT_EMAIL", "redactie@wijzer.test");
    let config = Config::read(environment(&[server, contact])).unwrap();
    assert_eq!(config.mail.from.as_deref(), Some("redactie@wijzer.test"));
    let said = faults(&[("WIJZER_SMTP_URL", "ftp://user:geheim@mail.test")]);
    assert!(said.len() == 1 && !said[0].contains("geheim"), "{said:?}");
}
