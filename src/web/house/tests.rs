use axum::{
    http::Method,
    response::{Html, IntoResponse},
    routing::get,
};

use super::*;
use crate::web::{
    Assets, Door, Error, Generation, PageCache, Policy,
    support::{Answer, ask, with},
};

fn house(base: &str) -> House {
    let page = "<p>lang</p>".repeat(200);
    let (secret, tagged) = (page.clone(), page.clone());
    let routes = Router::new()
        .route("/", get(move || async { Html(page) }))
        .route(
            "/tagged",
            get(move || async { ([("etag", "\"of-the-plain-body\"")], Html(tagged)) }),
        )
        .route(
            "/private",
            get(move || async { ([("cache-control", "private, no-store")], Html(secret)) }),
        )
        .route(
            "/fails",
            get(|| async { Error::Internal(anyhow::anyhow!("x")).into_response() }),
        )
        .route(
            "/moved",
            get(|| async { Error::Moved("/".to_owned()).into_response() }),
        )
        .route(
            "/broken",
            get(|| async {
                [0; 3]
                    .get(9)
                    .copied()
                    .map(|n: u8| n.to_string())
                    .expect("planted")
            }),
        )
        .merge(Assets::load(None).unwrap().routes());
    let door = Door::html("site", |fault, _| {
        assert!(
            fault.status != StatusCode::IM_A_TEAPOT,
            "a panic in the words for a fault"
        );
        format!("<h1>{}</h1>", fault.status)
    });
    let routes = routes.route("/teapot", get(|| async { StatusCode::IM_A_TEAPOT }));
    let pages = PageCache::new(1, Generation::default(), |_| String::new());
    House::new(&Url::parse(base).unwrap(), &[], pages, door.close(routes))
}

#[tokio::test]
async fn the_header_set_stands_on_every_answer() {
    let expected = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        (
            "strict-transport-security",
            "max-age=63072000; includeSubDomains",
        ),
    ];
    for (uri, status) in [
        ("/", 200),
        ("/static/wijzer.css", 200),
        ("/moved", 301),
        ("/nowhere", 404),
        ("/%ff", 400),
        ("/fails", 500),
        ("/broken", 500),
        ("/teapot", 500),
    ] {
        let answer = ask(
            house("https://wijzer.nl"),
            with(uri, &[("x-request-id", "forged")]),
        )
        .await;
        assert_eq!(answer.status, status, "{uri}");
        for (name, value) in expected {
            assert_eq!(answer.header(name), value, "{name} on {uri}");
        }
        assert!(
            !["", "forged"].contains(&answer.header("x-request-id")),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn hsts_is_for_https_only() {
    let answer = ask(house("http://127.0.0.1:8080"), with("/", &[])).await;
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn pages_are_compressed_with_brotli_only_and_private_ones_never() {
    for (uri, accepted, sent) in [
        ("/", "gzip, br", "br"),
        ("/", "gzip, deflate", ""),
        ("/", "", ""),
        ("/private", "br", ""),
        ("/tagged", "br", ""),
        ("/nowhere", "br", ""),
        ("/static/icons.svg", "br", ""), // not before Assets::compress, and never on the fly
    ] {
        let answer = ask(
            house("https://wijzer.nl"),
            with(uri, &[("accept-encoding", accepted)]),
        )
        .await;
        assert_eq!(
            answer.header("content-encoding"),
            sent,
            "{uri} for {accepted}"
        );
    }
}

#[tokio::test]
async fn the_whole_kit_together_keeps_and_tags_a_page() {
    let pages = PageCache::new(1, Generation::default(), |_| String::new());
    let page = get(|| async { Html("<p>lang</p>".repeat(200)) });
    let routes = Router::new().route("/agenda", pages.cached(page, Policy::page(&["wijk"])));
    let door = Door::html("site", |fault, _| fault.status.to_string());
    let base = Url::parse("https://wijzer.nl").unwrap();
    let kit = House::new(&base, &[], pages.clone(), door.close(routes));
    let br = ("accept-encoding", "br");
    let first = ask(kit.clone(), with("/agenda", &[br])).await;
    assert_eq!(first.header("content-encoding"), "br");
    assert_eq!(first.header("x-content-type-options"), "nosniff");
    let held = ("if-none-match", first.header("etag"));
    let again = ask(kit.clone(), with("/agenda?junk=1", &[br, held])).await;
    assert_eq!(
        (again.status, again.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );
    assert_eq!(again.header("x-content-type-options"), "nosniff");
    assert_eq!(again.header("vary"), "accept-encoding");
    assert_eq!(pages.compressions(), 1);
    // The plain address is answered before it is routed, and looks no different for it.
    let the_long_way = ask(kit.clone(), with("/agenda?junk=1", &[br])).await;
    let at_hand = ask(kit.clone(), with("/agenda", &[br])).await;
    let comparable = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        assert!(headers.remove("x-request-id").is_some());
        // The router says it; without a router hyper does, when it writes the answer.
        headers.remove("content-length");
        headers
    };
    assert_eq!(comparable(&at_hand), comparable(&the_long_way));
    assert_eq!(at_hand.body, the_long_way.body);
    let held = ask(kit.clone(), with("/agenda", &[br, held])).await;
    assert_eq!(held.status, StatusCode::NOT_MODIFIED);
    let mut headers_only = with("/agenda", &[]);
    *headers_only.method_mut() = Method::HEAD;
    assert!(ask(kit.clone(), headers_only).await.body.is_empty());
    let mut post = with("/agenda", &[]);
    *post.method_mut() = Method::POST;
    let own = HeaderValue::from_static("same-origin");
    post.headers_mut().insert("sec-fetch-site", own);
    assert_eq!(
        ask(kit.clone(), post).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let malformed = ask(kit, with("/agenda?junk=%", &[])).await;
    assert_eq!(malformed.status, StatusCode::BAD_REQUEST);
}
