use super::*;
use crate::web::support::{ask, with};

fn assets() -> Assets {
    let sheet = Cow::Borrowed(&b"body { color: black; margin: 0; padding: 0 } "[..]).repeat(40);
    Assets::new(vec![
        ("wijzer.css".to_owned(), Cow::Owned(sheet)),
        (
            "js/menu.js".to_owned(),
            Cow::Borrowed(&b"'use strict';"[..]),
        ),
    ])
}

#[tokio::test]
async fn a_hashed_address_holds_for_ever_and_a_plain_one_shortly() {
    let assets = assets();
    let url = assets.url("js/menu.js").to_owned();
    assert!(
        url.starts_with("/static/js/menu.") && url.split('.').count() == 3,
        "{url}"
    );
    let hashed = ask(assets.routes(), with(&url, &[])).await;
    assert_eq!(
        hashed.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        hashed.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    let plain = ask(assets.routes(), with("/static/js/menu.js", &[])).await;
    assert_eq!(
        (plain.header("cache-control"), plain.text()),
        ("public, max-age=300", hashed.text())
    );
    for absent in [
        "/static/js/menu.0000000000000000.js",
        "/static/absent",
        "/static/css/base.css",
        "/static/../Cargo.toml",
    ] {
        assert_eq!(
            ask(assets.routes(), with(absent, &[])).await.status,
            404,
            "{absent}"
        );
    }
}

#[tokio::test]
async fn a_file_is_sent_as_brotli_with_a_tag_of_its_own_once_compressed() {
    let assets = assets();
    let url = assets.url("wijzer.css").to_owned();
    let br = [("accept-encoding", "gzip, br")];
    let early = ask(assets.routes(), with(&url, &br)).await;
    assert_eq!(
        early.header("content-encoding"),
        "",
        "plain until the work is done"
    );
    assets.compress();
    let packed = ask(assets.routes(), with(&url, &br)).await;
    assert_eq!(
        (packed.header("content-encoding"), packed.header("vary")),
        ("br", "accept-encoding")
    );
    assert!(packed.body.len() < early.body.len());
    assert_eq!(crate::web::stored::unpack(&packed.body), early.text());
    assert_ne!(packed.header("etag"), early.header("etag"));
    for held in [packed.header("etag"), "*"] {
        let known = ask(
            assets.routes(),
            with(&url, &[br[0], ("if-none-match", held)]),
        )
        .await;
        assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
        assert_eq!(known.header("etag"), packed.header("etag"));
    }
}

#[test]
fn the_files_of_this_program_are_there() {
    let assets = Assets::load(None).unwrap();
    for name in [STYLESHEET, THEME, "favicon.svg", "icons.svg"] {
        assert_ne!(assets.url(name), "/static/absent", "{name}");
    }
    assert!(assets.names().all(|name| !name.starts_with("css/")));
}

#[tokio::test]
async fn an_own_theme_takes_the_place_of_the_built_in_one() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), ".zwolle-theme { --kleur: blue }").unwrap();
    let assets = Assets::load(Some(file.path())).unwrap();
    let theme = ask(assets.routes(), with(assets.url(THEME), &[])).await;
    assert_eq!(theme.text(), ".zwolle-theme { --kleur: blue }");
    assert!(Assets::load(Some(Path::new("/no/such/theme.css"))).is_err());
}
