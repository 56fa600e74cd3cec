use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn an_activity_tells_when_where_what_it_costs_and_how_to_join() {
    run(async {
        let page = deventer()
            .await
            .get("/activiteiten/koersbal-braakhekke")
            .await
            .ok();
        assert_eq!(page.one("h1"), "Koersbal in Bathmen");
        assert_eq!(
            page.one(".wijzer-schedule__rule"),
            "Elke donderdag van 10.00 tot 11.30 uur, behalve op 24 en 31 december 2026 en 6 mei 2027"
        );
        let dates = page.attributes("time.wijzer-schedule__day", "datetime");
        assert_eq!(dates[..2], ["2026-11-26T10:00", "2026-12-03T10:00"]);
        assert_eq!(dates.len(), 6);
        assert!(
            !dates.iter().any(|date| date.starts_with("2026-12-24")),
            "an exception date: {dates:?}"
        );
        assert_eq!(
            page.texts("time.wijzer-schedule__day")[0],
            "donderdag 26 november"
        );
        let contact = page.one("section.wijzer-contact");
        for said in [
            "Volgende keer: donderdag 26 november",
            "€ 2,50 per keer",
            "Schoolstraat",
        ] {
            assert!(contact.contains(said), "{said}: {contact}");
        }
        assert!(page.has("section.wijzer-contact a[href='/plekken/cultuurhuus-braakhekke']"));
        assert!(page.has("section.wijzer-contact a.wijzer-contact__call[href^='tel:']"));
        for (name, said) in [
            ("Voor wie", "Ouderen"),
            ("Aanmelden", "Niet nodig. U kunt zo komen"),
            ("Taal", "Nederlands"),
        ] {
            assert_eq!(page.fact(name), said);
        }
        assert!(page.fact("Rolstoel").len() > 5);
        assert!(
            page.has("dl.wijzer-facts a[href='/organisaties/stichting-cultuurhuus-braakhekke']")
        );
    });
}

#[test]
fn what_is_called_off_says_so_and_has_no_dates() {
    run(async {
        let page = deventer()
            .await
            .get("/activiteiten/rollatorloop-colmschate")
            .await
            .ok();
        assert!(
            page.texts(".wijzer-alert__title")
                .contains(&"Gaat niet door".to_owned())
        );
        assert!(!page.has("time.wijzer-schedule__day"));
        assert!(page.json_ld().iter().all(|block| block["@type"] != "Event"));
    });
}

#[test]
fn what_is_over_says_so() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        portal
            .keep(
                &ActivityBuilder::new("Feest", "club")
                    .once("2026-11-20T20:00")
                    .published(),
            )
            .await;
        let page = portal.get("/activiteiten/feest").await.ok();
        assert_eq!(
            page.one(".wijzer-alert__title"),
            "Deze activiteit is voorbij"
        );
        assert!(!page.has("time.wijzer-schedule__day"));
    });
}

#[test]
fn an_activity_at_a_place_that_is_no_longer_public_keeps_its_page() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        portal
            .keep(
                &PlaceBuilder::new("Oude zaal")
                    .address("Dichte straat")
                    .withdrawn(),
            )
            .await;
        portal
            .keep(
                &ActivityBuilder::new("Kaarten", "club")
                    .at("oude-zaal")
                    .weekly("2026-11-03T18:00", None)
                    .published(),
            )
            .await;
        let page = portal.get("/activiteiten/kaarten").await.ok();
        assert!(!page.html().contains("oude-zaal") && !page.html().contains("Dichte straat"));
    });
}

#[test]
fn the_list_of_activities_is_the_agenda() {
    run(async {
        let page = deventer().await.get("/activiteiten").await;
        assert_eq!(
            (page.status.as_u16(), page.header("location")),
            (308, "/agenda")
        );
    });
}
