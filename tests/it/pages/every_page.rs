//! What holds for each kind of page: address, title, description, schema.org.

use crate::support::portal::{BASE, deventer};
use crate::support::run;

/// One of each kind, with the type of its schema.org block.
const KINDS: [(&str, &str); 9] = [
    ("/", "WebSite"),
    ("/organisaties/gemeente-deventer", "GovernmentOrganization"),
    ("/activiteiten/koersbal-braakhekke", "Event"),
    ("/activiteiten/koersbal-braakhekke", "Service"),
    ("/plekken/cultuurhuus-braakhekke", "Place"),
    ("/vragen/huishoudelijke-hulp-aanvragen", "FAQPage"),
    ("/themas/schulden", "BreadcrumbList"),
    ("/dossiers/dementie", "BreadcrumbList"),
    ("/wijken/bathmen", "BreadcrumbList"),
];

#[test]
fn pages_carry_schema_org_blocks_that_parse() {
    run(async {
        for (path, kind) in KINDS {
            let block = deventer().await.get(path).await.ok().data_of(kind);
            assert_eq!(block["@context"], "https://schema.org", "{path}");
        }
        let event = deventer()
            .await
            .get("/activiteiten/koersbal-braakhekke")
            .await
            .data_of("Event");
        assert_eq!(event["startDate"], "2026-11-26T10:00:00+01:00");
        assert_eq!(event["endDate"], "2026-11-26T11:30:00+01:00");
        assert_eq!(event["location"]["address"]["@type"], "PostalAddress");
        assert_eq!(event["isAccessibleForFree"], false);
        let trail = deventer()
            .await
            .get("/themas/schulden")
            .await
            .data_of("BreadcrumbList");
        assert_eq!(
            trail["itemListElement"][2]["item"],
            format!("{BASE}/themas/geld")
        );
    });
}

#[test]
fn pages_have_a_canonical_address_and_a_description() {
    run(async {
        let lists = [
            "/organisaties",
            "/plekken",
            "/agenda",
            "/wijken",
            "/themas",
            "/dossiers",
            "/vragen",
            "/hulp",
            "/over",
        ];
        for path in KINDS.into_iter().map(|(path, _)| path).chain(lists) {
            let page = deventer().await.get(path).await.ok();
            assert_eq!(
                page.attribute("link[rel=canonical]", "href"),
                format!("{BASE}{path}")
            );
            let description = page.attribute("meta[name=description]", "content");
            assert!(
                (20..=170).contains(&description.chars().count()),
                "{path}: {description}"
            );
            assert!(page.one("title").ends_with(" | DeventerWijzer"));
            assert!(!page.has("meta[name=robots]"), "{path}");
            assert_eq!(page.attribute("html", "lang"), "nl");
        }
    });
}

#[test]
fn junk_in_the_address_makes_no_other_page() {
    run(async {
        let page = deventer()
            .await
            .get("/agenda?utm_source=x&wijk=bathmen&fbclid=1")
            .await
            .ok();
        assert_eq!(
            page.attribute("link[rel=canonical]", "href"),
            format!("{BASE}/wijken/bathmen/agenda")
        );
        let plain = deventer().await.get("/agenda?wijk=bathmen").await;
        assert_eq!(page.html(), plain.html());
    });
}

#[test]
fn search_results_stay_out_of_search_engines() {
    run(async {
        for path in ["/zoeken", "/zoeken?q=koffie", "/bestaat-niet"] {
            let page = deventer().await.get(path).await;
            assert_eq!(
                page.attribute("meta[name=robots]", "content"),
                "noindex",
                "{path}"
            );
            assert!(!page.has("link[rel=canonical]"), "{path}");
        }
    });
}
