use crate::support::builders::{OrganisationBuilder, PlaceBuilder};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn a_place_tells_where_it_is_how_to_get_in_and_what_happens() {
    run(async {
        let page = deventer()
            .await
            .get("/plekken/cultuurhuus-braakhekke")
            .await
            .ok();
        assert_eq!(page.one("h1"), "Cultuurhuus Braakhekke");
        let contact = page.one("section.wijzer-contact");
        assert!(
            contact.contains("Schoolstraat") && contact.contains("Bathmen"),
            "{contact}"
        );
        assert!(page.one("dl.wijzer-facts").contains("Rolstoel"));
        assert!(
            page.hits()
                .contains(&"activity:koersbal-braakhekke".to_owned())
        );
        assert!(page.has("dl.wijzer-facts a[href='/wijken/bathmen']"));
    });
}

#[test]
fn meeting_places_come_first() {
    run(async {
        let page = deventer().await.get("/plekken").await.ok();
        assert_eq!(page.hits().len(), 95);
        assert!(page.texts("main h2")[0].starts_with("Ontmoetingsplek"));
        let zone = deventer().await.get("/plekken?wijk=lettele").await.ok();
        assert!(zone.hits().contains(&"place:kulturhus-de-spil".to_owned()));
        assert!(zone.hits().len() < 10);
    });
}

#[test]
fn a_place_that_moves_tells_from_when() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let place = PlaceBuilder::new("Buurtkamer")
            .address_between("Oudestraat", None, Some("2026-12-31"))
            .address_between("Nieuwstraat", Some("2027-01-01"), None)
            .published();
        portal.keep(&place).await;
        let page = portal.get("/plekken/buurtkamer").await.ok();
        assert_eq!(page.one(".wijzer-alert__title"), "Deze plek verhuist");
        let notice = page.one(".wijzer-alert");
        assert!(
            notice.contains("Vanaf 1 januari 2027 is het adres Nieuwstraat 12, 7411 KS Deventer."),
            "{notice}"
        );
        assert!(
            page.one("section.wijzer-contact").contains("Oudestraat 12"),
            "until then the present one"
        );
    });
}

#[test]
fn a_place_that_moved_tells_where_it_was() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let place = PlaceBuilder::new("Buurtkamer")
            .address_between("Oudestraat", None, Some("2026-10-31"))
            .address_between("Nieuwstraat", Some("2026-11-01"), None)
            .published();
        portal.keep(&place).await;
        let page = portal.get("/plekken/buurtkamer").await.ok();
        assert_eq!(page.one(".wijzer-alert__title"), "Deze plek is verhuisd");
        assert!(
            page.one(".wijzer-alert")
                .contains("Tot en met 31 oktober 2026 was het adres Oudestraat 12")
        );
        assert!(
            page.one("section.wijzer-contact")
                .contains("Nieuwstraat 12")
        );
        assert_eq!(
            page.data_of("Place")["address"]["streetAddress"],
            "Nieuwstraat 12"
        );
    });
}

#[test]
fn a_place_that_is_no_more_says_so_and_stands_last() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(
                &PlaceBuilder::new("Aalmoezenierszaal")
                    .historic()
                    .published(),
            )
            .await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        portal
            .keep(&OrganisationBuilder::new("Club").at("zaal").published())
            .await;
        portal.turn().await;
        let list = portal.get("/plekken").await.ok();
        assert_eq!(list.hits(), ["place:zaal", "place:aalmoezenierszaal"]);
        let page = portal.get("/plekken/aalmoezenierszaal").await.ok();
        assert_eq!(
            page.one(".wijzer-alert__title"),
            "Deze plek bestaat niet meer"
        );
        let zone = portal.get("/wijken/voorstad").await.ok();
        assert_eq!(
            zone.hits().last().map(String::as_str),
            Some("place:aalmoezenierszaal")
        );
        let contact = zone.attributes("section.wijzer-contact a", "href");
        assert!(contact.contains(&"/plekken/zaal".to_owned()), "{contact:?}");
        assert!(
            !contact.contains(&"/plekken/aalmoezenierszaal".to_owned()),
            "{contact:?}"
        );
        assert_eq!(
            portal.get("/plekken/zaal").await.hits(),
            ["organisation:club"]
        );
    });
}
