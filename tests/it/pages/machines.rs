use crate::support::portal::{BASE, TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn the_sitemap_names_every_public_page_once() {
    run(async {
        let page = deventer().await.get("/sitemap.xml").await.ok();
        assert_eq!(
            page.header("content-type"),
            "application/xml; charset=utf-8"
        );
        let addresses: Vec<&str> = page
            .html()
            .split("<loc>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap())
            .collect();
        assert_eq!(addresses.len(), 12 + 14 + 95 + 202 + 351 + 26 + 117 + 69);
        assert!(addresses.iter().all(|address| address.starts_with(BASE)));
        let once: std::collections::HashSet<_> = addresses.iter().collect();
        assert_eq!(once.len(), addresses.len());
    });
}

#[test]
fn a_demonstration_stays_out_of_search_engines_and_a_real_portal_does_not() {
    run(async {
        let demonstration = deventer().await.get("/robots.txt").await.ok();
        assert!(demonstration.html().contains("\nDisallow: /\n"));
        let real = TestPortal::new(Template::SmallTown)
            .await
            .get("/robots.txt")
            .await
            .ok();
        assert!(real.html().contains("\nDisallow: /zoeken\n"));
        assert!(
            real.html()
                .contains(&format!("Sitemap: {BASE}/sitemap.xml"))
        );
    });
}

#[test]
fn the_security_contact_expires_within_a_year() {
    run(async {
        let page = deventer().await.get("/.well-known/security.txt").await.ok();
        assert!(
            page.html()
                .contains("Contact: mailto:redactie@wijzer.test\n")
        );
        assert!(
            page.html().contains("Expires: 2027-05-23T00:00:00Z\n"),
            "{}",
            page.html()
        );
        assert!(page.header("content-type").starts_with("text/plain"));
    });
}

#[test]
fn browsers_and_watchers_are_answered() {
    run(async {
        let search = deventer().await.get("/opensearch.xml").await.ok();
        assert!(
            search
                .html()
                .contains(&format!("template=\"{BASE}/zoeken?q={{searchTerms}}\""))
        );

        for path in ["/healthz", "/readyz"] {
            let page = deventer().await.get(path).await.ok();
            let state: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
            assert!(
                ["ok", "ready"].contains(&state["status"].as_str().unwrap()),
                "{path}: {state}"
            );
            assert_eq!(page.header("cache-control"), "no-store");
        }
    });
}
