use axum::routing::{get, post};

use super::*;
use crate::web::{
    FaultKind, Query, Segment,
    support::{ask, with},
};

fn door() -> Door {
    Door::html("site", |fault, asked| {
        let reference = fault.reference.as_deref().unwrap_or("none");
        format!(
            "<h1>{}</h1><p>{:?} {reference} {}</p>",
            fault.status.as_u16(),
            fault.kind,
            asked.uri.path()
        )
    })
}

async fn broken() -> Response {
    let nothing: Option<u8> = None;
    assert!(nothing.is_some(), "planted");
    StatusCode::OK.into_response()
}

async fn form(body: String) -> String {
    body
}

async fn search(Query(query): Query<Vec<(String, String)>>) -> String {
    format!("{query:?}")
}

async fn slug(Segment(number): Segment<u32>) -> String {
    number.to_string()
}

fn router() -> Router {
    let routes = Router::new()
        .route("/", get(|| async { "home" }))
        .route("/broken", get(broken))
        .route("/form", post(form))
        .route(
            "/refused",
            post(|| async {
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    axum::response::Html("the form again"),
                )
            }),
        )
        .route("/search", get(search))
        .route("/number/{number}", get(slug))
        .route("/away", get(|| async { Err::<(), _>(Error::DatabaseAway) }))
        .route(
            "/slow",
            get(|| async { std::future::pending::<()>().await }),
        );
    door()
        .body_limit(100)
        .patience(Duration::from_millis(200))
        .close(routes)
}

#[tokio::test]
async fn every_fault_is_dressed() {
    for (uri, status) in [
        ("/nowhere", 404),
        ("/form", 405),
        ("/number/x", 404),
        ("/away", 503),
        ("/slow", 503),
    ] {
        let answer = ask(router(), with(uri, &[])).await;
        assert_eq!(answer.status, status, "{uri}");
        assert!(
            answer.text().starts_with(&format!("<h1>{status}</h1>")),
            "{uri}: {}",
            answer.text()
        );
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            answer.header("retry-after"),
            if status == 503 { "10" } else { "" }
        );
        assert_eq!(
            answer.header("allow"),
            if status == 405 { "POST" } else { "" }
        );
    }
    assert_eq!(ask(router(), with("/number/12", &[])).await.text(), "12");
}

#[tokio::test]
async fn a_malformed_address_is_a_bad_request() {
    for uri in [
        "/%",
        "/%ff",
        "/number/%00",
        "/search?q=%",
        "/search?q=%ff",
        "/?q=%C3%28",
        "/nowhere?%00",
    ] {
        let answer = ask(router(), with(uri, &[])).await;
        assert_eq!(answer.status, 400, "{uri}");
        assert!(answer.text().contains("BadRequest"), "{uri}");
    }
    let mut odd_header = with("/", &[]);
    odd_header.headers_mut().insert(
        "accept-encoding",
        HeaderValue::from_bytes(b"\xff\xfe").unwrap(),
    );
    assert_eq!(ask(router(), odd_header).await.status, 200);
}

#[tokio::test]
async fn a_panic_is_a_fault_with_a_reference_and_others_go_on() {
    let router = router();
    let answer = ask(router.clone(), with("/broken", &[])).await;
    assert_eq!(answer.status, 500);
    assert!(
        answer
            .text()
            .contains(&format!("{:?}", FaultKind::Internal))
    );
    assert!(
        !answer.text().contains("planted") && !answer.text().contains("none"),
        "{}",
        answer.text()
    );
    assert_eq!(ask(router, with("/", &[])).await.text(), "home");
}

#[tokio::test]
async fn too_much_is_refused_and_a_page_of_the_door_itself_is_left_alone() {
    let posted = |uri: &str, body: Vec<u8>, declared: bool| {
        let length = body.len();
        let mut request = with(uri, &[]).map(|_| Body::from(body));
        *request.method_mut() = Method::POST;
        let own = HeaderValue::from_static("same-origin");
        request.headers_mut().insert("sec-fetch-site", own);
        if declared {
            request
                .headers_mut()
                .insert(header::CONTENT_LENGTH, length.into());
        }
        request
    };
    assert_eq!(
        ask(router(), posted("/form", vec![b'a'; 100], true))
            .await
            .status,
        200
    );
    for declared in [true, false] {
        let answer = ask(router(), posted("/form", vec![b'a'; 101], declared)).await;
        assert_eq!(answer.status, 413);
        assert!(answer.text().starts_with("<h1>413</h1>"));
    }
    let refused = ask(router(), posted("/refused", Vec::new(), false)).await;
    assert_eq!(
        (refused.status.as_u16(), refused.text().as_str()),
        (422, "the form again")
    );
    let broken_text = ask(router(), posted("/form", vec![0xff], false)).await;
    assert_eq!(broken_text.status, 400);
}

/// What a browser says of a form decides, whatever name a proxy asks us by.
#[tokio::test]
async fn only_forms_of_our_own_pages_are_taken() {
    let door = || {
        let routes = Router::new().route("/form", post(|| async { "taken" }));
        Door::html("site", |fault, _| fault.status.to_string())
            .at("https://kaart.test")
            .close(routes)
    };
    for (said, status) in [
        (&[][..], 403),
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[("sec-fetch-site", "none")], 200),
        (&[("sec-fetch-site", "same-site")], 403),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://kaart.test"),
            ],
            403,
        ),
        (&[("origin", "https://kaart.test")], 200),
        (&[("origin", "https://127.0.0.1:8080")], 200),
        (&[("origin", "https://evil.test")], 403),
        (&[("origin", "https://kaart.test.evil.test")], 403),
        (&[("origin", "null")], 403),
    ] {
        let mut request = with("/form", &[("host", "127.0.0.1:8080")]);
        *request.method_mut() = Method::POST;
        for (name, value) in said {
            request
                .headers_mut()
                .insert(*name, HeaderValue::from_static(value));
        }
        assert_eq!(ask(door(), request).await.status, status, "{said:?}");
    }
}
