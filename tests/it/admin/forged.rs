//! Requests that no page of ours sent.

use axum::body::Body;
use axum::http::Method;
use wijzer::access::Role;

use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Staff};

/// Every address that changes something.
const POSTS: [&str; 12] = [
    "/beheer/inloggen",
    "/beheer/uitloggen",
    "/beheer/wachtwoord-vergeten",
    "/beheer/mijn-account/wachtwoord",
    "/beheer/mijn-account/tweede-stap",
    "/beheer/mijn-account/tweede-stap/uit",
    "/beheer/mijn-account/herstelcodes",
    "/beheer/mijn-account/sessies",
    "/beheer/gebruikers/nieuw",
    "/beheer/gebruikers/{id}",
    "/beheer/gebruikers/{id}/uitzetten",
    "/beheer/gebruikers/{id}/link",
];

/// ASVS 3.5.1: another site cannot make a signed-in browser do something.
#[test]
fn a_form_of_another_site_is_refused() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let admin = Staff::new("Beheer", Role::Administrator)
            .registered(&portal.pool)
            .await;
        let other = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let browser = Browser::of(&portal, admin).await;
        let before = fingerprint(&portal).await;
        let from: [&[(&str, &str)]; 6] = [
            &[],
            &[("origin", "https://evil.test")],
            &[("origin", "null")],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://evil.test"),
            ],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://sub.wijzer.test"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://wijzer.test"),
            ],
        ];
        for path in POSTS {
            let path = path.replace("{id}", &other.0.to_string());
            for headers in from {
                let mut browser = browser.clone();
                let mut request = browser
                    .request(Method::POST, &path)
                    .header("content-type", "application/x-www-form-urlencoded");
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let body =
                    Body::from("naam=Kwaad&email=kwaad@evil.test&rol=administrator&versie=1");
                let page = browser.send(request.body(body).unwrap()).await;
                assert_eq!(page.status, 403, "{path} {headers:?}");
            }
        }
        assert_eq!(fingerprint(&portal).await, before);
    });
}

#[test]
fn only_a_form_is_read_as_a_form() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let mut browser = Browser::new(&portal);
        let long = "x".repeat(300 * 1024);
        for (kind, body, status) in [
            ("text/plain", "email=a&wachtwoord=b", 400),
            ("application/json", "{\"email\":\"a\"}", 400),
            ("multipart/form-data; boundary=x", "--x--", 400),
            ("application/x-www-form-urlencoded", "email=%00", 400),
            ("application/x-www-form-urlencoded", "email=%ff%fe", 422),
            ("application/x-www-form-urlencoded", "", 422),
            ("application/x-www-form-urlencoded", &long, 413),
        ] {
            let request = browser
                .request(Method::POST, "/beheer/inloggen")
                .header("origin", "https://wijzer.test")
                .header("content-type", kind)
                .body(Body::from(body.to_owned()));
            let page = browser.send(request.unwrap()).await;
            assert_eq!(
                page.status,
                status,
                "{kind} {}",
                &body[..body.len().min(30)]
            );
            assert!(page.is_html());
        }
    });
}

/// Accounts and what they may, as one text.
async fn fingerprint(portal: &TestPortal) -> String {
    sqlx::query_scalar(
        "select coalesce(string_agg(a::text, '|' order by a.id), '') || (select count(*) from sessions)
                || (select count(*) from mails) || (select count(*) from audit_log)
         from accounts a",
    )
    .fetch_one(&portal.pool)
    .await
    .unwrap()
}
