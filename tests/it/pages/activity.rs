use serde_json::json;
use wijzer::catalogue::agenda::{Change, ChangeKind};

use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder, day};
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
        assert_eq!(
            page.attributes(".wijzer-contact time", "datetime"),
            ["2026-11-26T10:00"]
        );
        let calendar = "/activiteiten/koersbal-braakhekke.ics";
        assert!(page.has(&format!("a[href='webcal://wijzer.test{calendar}']")));
        assert!(page.has(&format!("a[href='{calendar}']")));
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
        let portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        let feast = ActivityBuilder::new("Feest", "club")
            .at("zaal")
            .once("2026-12-20T20:00")
            .cancelled();
        portal.keep(&feast.published()).await;
        let page = portal.get("/activiteiten/feest").await.ok();
        assert!(!page.has("time.wijzer-schedule__day"));
        let event = page.data_of("Event");
        assert_eq!(event["eventStatus"], "https://schema.org/EventCancelled");
        assert_eq!(event["startDate"], "2026-12-20T20:00:00+01:00");
    });
}

/// A rule as a rule, what is different as a date, and two times of the day as two lines.
#[test]
fn machines_and_people_read_the_same_dates() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        let mut evenings = ActivityBuilder::new("Zingen", "club")
            .at("zaal")
            .weekly("2026-11-03T19:30", Some("2027-01-26"))
            .published();
        let change = |day: &str, kind, starts_at: Option<&str>| Change {
            recurrence: format!("{day}T19:30:00").parse().unwrap(),
            kind,
            starts_at: starts_at.map(|at| at.parse().unwrap()),
            duration_minutes: None,
            place: None,
            reason: "</script> de zaal is bezet".to_owned(),
        };
        evenings.schedules[0].changes = vec![
            change("2026-12-01", ChangeKind::Moved, Some("2026-12-02T20:00:00")),
            change("2026-12-08", ChangeKind::Cancelled, None),
            change("2026-12-15", ChangeKind::Postponed, None),
        ];
        evenings.schedules[0].exception_dates = vec![day("2026-12-29")];
        let mut matinee = evenings.schedules[0].clone();
        matinee.starts_at = "2026-12-05T14:00:00".parse().unwrap();
        matinee.rrule = Some("FREQ=MONTHLY;BYDAY=1SA".to_owned());
        (matinee.exception_dates, matinee.changes) = (Vec::new(), Vec::new());
        evenings.schedules.push(matinee);
        portal.keep(&evenings).await;
        let page = portal.get("/activiteiten/zingen").await.ok();
        assert_eq!(
            page.texts(".wijzer-schedule__rule"),
            [
                "Elke dinsdag van 19.30 tot 21.30 uur, behalve op 29 december, \
                 tot en met 26 januari 2027",
                "Elke 1e zaterdag van de maand van 14.00 tot 16.00 uur, tot en met 26 januari 2027",
            ]
        );
        let blocks = page.json_ld();
        let events: Vec<_> = blocks.iter().filter(|b| b["@type"] == "Event").collect();
        let told: Vec<String> = events
            .iter()
            .map(|event| {
                let status = event["eventStatus"].as_str().unwrap();
                let start = event["startDate"].as_str().unwrap();
                format!("{start} {}", status.rsplit('/').next().unwrap())
            })
            .collect();
        assert_eq!(
            told,
            [
                "2026-11-24T19:30:00+01:00 EventScheduled",
                "2026-12-02T20:00:00+01:00 EventRescheduled",
                "2026-12-08T19:30:00+01:00 EventCancelled",
                "2026-12-15T19:30:00+01:00 EventPostponed",
            ]
        );
        assert_eq!(events[1]["previousStartDate"], "2026-12-01T19:30:00+01:00");
        let rules = &events[0]["eventSchedule"];
        assert_eq!(
            rules[0],
            json!({
                "@type": "Schedule",
                "startDate": "2026-11-03",
                "endDate": "2027-01-26",
                "repeatFrequency": "P1W",
                "byDay": ["https://schema.org/Tuesday"],
                "startTime": "19:30",
                "endTime": "21:30",
                "scheduleTimezone": "Europe/Amsterdam",
                "exceptDate": ["2026-12-01", "2026-12-08", "2026-12-15", "2026-12-29"],
            })
        );
        assert_eq!(rules[1]["byDay"], json!(["1SA"]));
    });
}

/// The even weeks of the year are no rule of schema.org: each date that is shown stands alone.
#[test]
fn a_rule_that_machines_cannot_read_goes_out_date_by_date() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        let mut walking = ActivityBuilder::new("Wandelen", "club")
            .at("zaal")
            .weekly("2026-11-25T10:00", None)
            .published();
        let weeks: Vec<String> = (1..=26).map(|week| (week * 2).to_string()).collect();
        walking.schedules[0].rrule =
            Some(format!("FREQ=YEARLY;BYWEEKNO={};BYDAY=WE", weeks.join(",")));
        portal.keep(&walking).await;
        let page = portal.get("/activiteiten/wandelen").await.ok();
        let shown = page.attributes("time.wijzer-schedule__day", "datetime");
        let blocks = page.json_ld();
        let events = blocks.iter().filter(|b| b["@type"] == "Event");
        let starts: Vec<String> = events
            .map(|event| event["startDate"].as_str().unwrap()[..16].to_owned())
            .collect();
        assert_eq!(shown.len(), 6);
        let shown: Vec<&str> = shown.iter().map(|at| &at[..16]).collect();
        assert_eq!(starts, shown);
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
