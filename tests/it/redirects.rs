//! Addresses that were, and addresses that never were.

use wijzer::access::Actor;
use wijzer::base::RecordKind;
use wijzer::catalogue::former_slugs;

use crate::support::builders::{OrganisationBuilder, PlaceBuilder, ZoneBuilder, slug};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

async fn remember(portal: &TestPortal, kind: RecordKind, former: &str, present: &str) {
    let mut conn = portal.pool.acquire().await.unwrap();
    former_slugs::remember(
        &mut conn,
        &Actor::Import,
        kind,
        &slug(former),
        &slug(present),
    )
    .await
    .unwrap();
}

#[test]
fn former_addresses_lead_to_the_present_one() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Voedselbank").published())
            .await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        portal
            .keep(&OrganisationBuilder::new("Weg").withdrawn())
            .await;
        for (kind, former, present) in [
            (RecordKind::Organisation, "voedselbank-oud", "voedselbank"),
            (RecordKind::Organisation, "weg-oud", "weg"),
            (RecordKind::Place, "oude-zaal", "zaal"),
            (RecordKind::Theme, "praten", "ontmoeten"),
            (RecordKind::Zone, "binnenstad", "centrum"),
        ] {
            remember(&portal, kind, former, present).await;
        }
        portal.turn().await;
        for (former, present) in [
            ("/organisaties/voedselbank-oud", "/organisaties/voedselbank"),
            ("/plekken/oude-zaal", "/plekken/zaal"),
            ("/themas/praten", "/themas/ontmoeten"),
            ("/wijken/binnenstad", "/wijken/centrum"),
        ] {
            let page = portal.get(former).await;
            assert_eq!(
                (page.status.as_u16(), page.header("location")),
                (301, present),
                "{former}"
            );
            portal.get(present).await.ok();
        }
        assert_eq!(
            portal.get("/organisaties/weg-oud").await.status,
            404,
            "its existence is not told"
        );
        assert_eq!(
            portal.get("/plekken/voedselbank-oud").await.status,
            404,
            "another kind of record"
        );
    });
}

#[test]
fn a_zone_that_is_no_more_leads_to_its_successor() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(
                &ZoneBuilder::new("Oudwijk")
                    .until("2026-11-23", "voorstad")
                    .published(),
            )
            .await;
        portal
            .keep(
                &ZoneBuilder::new("Nog even")
                    .until("2026-11-24", "voorstad")
                    .published(),
            )
            .await;
        portal.turn().await;
        let page = portal.get("/wijken/oudwijk").await;
        assert_eq!(
            (page.status.as_u16(), page.header("location")),
            (301, "/wijken/voorstad")
        );
        assert_eq!(
            portal.get("/wijken/nog-even").await.ok().one("h1"),
            "Nog even"
        );
        let list = portal.get("/wijken").await.ok();
        assert!(list.has("a[href='/wijken/nog-even']") && !list.has("a[href='/wijken/oudwijk']"));
        assert!(
            !portal
                .get("/sitemap.xml")
                .await
                .ok()
                .html()
                .contains("/wijken/oudwijk"),
            "a redirect is no page"
        );
    });
}

#[test]
fn an_unknown_address_offers_search_and_themes() {
    run(async {
        for path in [
            "/nergens",
            "/organisaties/bestaat-niet",
            "/wijken/a/b",
            "/dossiers/hulp-bij-schulden.html",
            "/static/weg.js",
        ] {
            let page = deventer().await.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert_eq!(page.one("h1"), "Deze pagina bestaat niet");
            assert_eq!(page.elements("main input[name=q]").len(), 1);
            assert!(page.elements("main .wijzer-theme-tile").len() > 10);
            assert_eq!(page.header("cache-control"), "no-store");
        }
        let old = deventer()
            .await
            .get("/dossier/hulp-bij-schulden.html")
            .await;
        assert_eq!(
            old.attribute("main input[name=q]", "value"),
            "hulp bij schulden"
        );
    });
}

#[test]
fn an_address_has_one_form() {
    run(async {
        // Phones write capitals, people a slash at the end: both lead to the one address.
        for (path, tidy) in [
            ("/agenda/", "/agenda"),
            ("/Organisaties/", "/organisaties"),
            (
                "/organisaties/Gemeente-Deventer/",
                "/organisaties/gemeente-deventer",
            ),
            ("/zoeken/?q=Samen+Eten", "/zoeken?q=Samen+Eten"),
        ] {
            let page = deventer().await.get(path).await;
            assert!(page.status.is_redirection(), "{path}");
            assert_eq!(page.header("location"), tidy);
        }
        assert_eq!(deventer().await.get("//agenda").await.status, 404);
        for path in [
            "//evil.nl/%2e%2e",
            "/organisaties//evil.nl",
            "/wijken/%2F%2Fevil.nl",
        ] {
            let page = deventer().await.get(path).await;
            assert!(!page.status.is_redirection(), "{path}");
        }
    });
}
