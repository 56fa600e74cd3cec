use wijzer::base::Clock;
use wijzer::catalogue::agenda::{Change, ChangeKind};

use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder, closed, slug};
use crate::support::page::TestPage;
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

/// What the contact block says of the hours: of now with its moment, then row by row.
fn hours(page: &TestPage) -> (String, Vec<String>) {
    let rows = page.texts(".wijzer-hours dt");
    let rows = rows.iter().zip(page.texts(".wijzer-hours dd"));
    (
        page.one(".wijzer-contact__item > div > time"),
        rows.map(|(day, hours)| format!("{day}: {hours}")).collect(),
    )
}

#[test]
fn a_place_says_whether_it_is_open_and_when() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let place = PlaceBuilder::new("Zaal").open("Mo-Th 08:30-12:00,13:00-17:00; PH off");
        portal.keep(&place.published()).await;
        portal
            .keep(&closed("Studiedag", "2026-11-26", "zaal", None))
            .await;
        let day = ("Opruimdag", "2026-11-27", Some("10:00-12:00"));
        portal.keep(&closed(day.0, day.1, "zaal", day.2)).await;
        let page = portal.get("/plekken/zaal").await.ok();
        let (now, rows) = hours(&page);
        assert_eq!(now, "Nu open, tot 12.00 uur");
        let moments = page.attributes(".wijzer-contact time", "datetime");
        assert_eq!(moments, ["2026-11-24T12:00", "2026-11-26", "2026-11-27"]);
        assert_eq!(
            rows,
            [
                "Maandag tot en met donderdag: 8.30 tot 12.00 en 13.00 tot 17.00 uur",
                "Vrijdag tot en met zondag: gesloten",
                "Feestdagen: gesloten",
                "Donderdag 26 november: gesloten (Studiedag)",
                "Vrijdag 27 november: 10.00 tot 12.00 uur (Opruimdag)",
            ]
        );
        let given = &page.data_of("Place")["openingHoursSpecification"];
        assert_eq!(given[1]["opens"], "13:00");
        assert_eq!(given[1]["closes"], "17:00");
        assert_eq!(given[1]["dayOfWeek"][3], "Thursday");
        let thursday = Clock::Fixed("2026-11-26T09:00:00Z".parse().unwrap());
        let page = portal.twin_at(thursday).get("/plekken/zaal").await.ok();
        assert_eq!(
            hours(&page).0,
            "Vandaag gesloten: Studiedag. Morgen open om 10.00 uur"
        );
    });
}

#[test]
fn a_place_says_to_call_when_hours_are_not_known() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        // As an older program may have written it.
        let odd = PlaceBuilder::new("Kelder").open("elke dag").published();
        portal.keep(&odd).await;
        let every_other = "week 2-52/2 Tu 09:00-12:00";
        portal
            .keep(&PlaceBuilder::new("Zolder").open(every_other).published())
            .await;
        for path in ["/plekken/zaal", "/plekken/kelder"] {
            let page = portal.get(path).await.ok();
            let contact = page.one("section.wijzer-contact");
            assert!(contact.contains("Bel voor tijden"), "{contact}");
            assert!(page.data_of("Place")["openingHoursSpecification"].is_null());
        }
        let page = portal.get("/plekken/zolder").await.ok();
        let contact = page.one("section.wijzer-contact");
        assert!(contact.contains("De komende 7 dagen:"), "{contact}");
        let (now, rows) = hours(&page);
        assert_eq!(now, "Nu open, tot 12.00 uur");
        assert_eq!(rows[0], "Dinsdag 24 november: 9.00 tot 12.00 uur");
        assert_eq!(rows.len(), 7);
        assert!(page.data_of("Place")["openingHoursSpecification"].is_null());
    });
}

#[test]
fn what_is_open_now_stands_before_what_one_has_to_call_and_nothing_else() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        for (name, hours) in [
            ("Bieb", "Tu 08:00-17:00"),
            ("Dicht", "We 08:00-17:00"),
            ("Onbekend", ""),
            ("Praktijk", "Tu 08:00-17:00 \"op afspraak\""),
        ] {
            let place = PlaceBuilder::new(name).open(hours).published();
            portal.keep(&place).await;
        }
        let gone = PlaceBuilder::new("Vroeger").historic().published();
        portal.keep(&gone).await;
        let page = portal.get("/plekken?nu=ja").await.ok();
        assert_eq!(
            page.hits(),
            ["place:bieb", "place:onbekend", "place:praktijk"]
        );
        assert_eq!(
            page.texts("main h2"),
            ["Ontmoetingsplekken", "Bel voor tijden"]
        );
        assert_eq!(
            page.texts("[data-hit='place:bieb'] time"),
            ["Nu open, tot 17.00 uur"]
        );
        assert!(page.has("input[name='nu'][checked]"));
        let all = portal.get("/plekken").await.ok();
        assert_eq!(all.hits().len(), 5);
        assert_eq!(
            all.texts("[data-hit='place:dicht'] time"),
            ["Nu gesloten. Morgen open om 8.00 uur"]
        );
        let evening = Clock::Fixed("2026-11-24T19:00:00Z".parse().unwrap());
        let page = portal.twin_at(evening).get("/plekken?nu=ja").await.ok();
        assert_eq!(page.hits(), ["place:onbekend"]);
        assert!(page.one("main").contains("Van geen plek weten wij"));
    });
}

#[test]
fn what_is_held_in_a_place_goes_on_when_the_place_has_other_hours() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        for (name, day, hours) in [
            ("Dicht", "2026-11-26", None),
            ("Kort open", "2026-11-27", Some("10:00-15:00")),
        ] {
            portal.keep(&closed(name, day, "zaal", hours)).await;
            let title = format!("Kaarten {day}");
            let held = ActivityBuilder::new(&title, "club").at("zaal");
            portal
                .keep(&held.once(&format!("{day}T10:00")).published())
                .await;
        }
        let page = portal.get("/plekken/zaal").await.ok();
        assert_eq!(page.hits(), ["activity:kaarten-2026-11-27"]);
    });
}

/// What is here for once stands here, what is elsewhere for once says so, and no line repeats the
/// name of the page.
#[test]
fn a_place_shows_what_is_moved_to_it_and_from_it() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        portal.keep(&PlaceBuilder::new("Kerk").published()).await;
        let mut singing = ActivityBuilder::new("Zingen", "club")
            .at("zaal")
            .weekly("2026-11-24T19:30", None)
            .published();
        singing.schedules[0].changes = vec![Change {
            recurrence: "2026-12-01T19:30:00".parse().unwrap(),
            kind: ChangeKind::Moved,
            starts_at: None,
            duration_minutes: None,
            place: Some(slug("Kerk")),
            reason: String::new(),
        }];
        portal.keep(&singing).await;
        let moments = |page: &TestPage| page.attributes(".wijzer-agenda__time time", "datetime");
        let hall = portal.get("/plekken/zaal").await.ok();
        assert_eq!(moments(&hall), ["2026-11-24T19:30", "2026-12-01T19:30"]);
        assert_eq!(
            hall.texts(".wijzer-agenda__item .wijzer-meta"),
            ["Gratis", "Kerk, VoorstadGratisNu in Kerk"]
        );
        let church = portal.get("/plekken/kerk").await.ok();
        assert_eq!(moments(&church), ["2026-12-01T19:30"]);
        assert!(!church.has("#ook"), "it is no activity of this place");
    });
}
