use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn the_agenda_shows_two_weeks_and_nothing_that_is_over() {
    run(async {
        let page = deventer().await.get("/agenda").await.ok();
        assert_eq!(page.one("h1"), "Agenda");
        let moments = page.attributes(".wijzer-agenda__time time", "datetime");
        assert!(moments.len() > 50, "{}", moments.len());
        let days = page.attributes(".wijzer-agenda__date time", "datetime");
        assert!(
            days.iter()
                .all(|day| ("2026-11-24".."2026-12-08").contains(&day.as_str())),
            "{days:?}"
        );
        assert!(days.is_sorted());
        assert!(
            !page
                .hits()
                .contains(&"activity:rollatorloop-colmschate".to_owned()),
            "called off"
        );
        let said: usize = page
            .one(".wijzer-count")
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(said, page.hits().len());
    });
}

#[test]
fn past_called_off_ended_and_unpublished_dates_stay_out() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        let at = |title: &str| ActivityBuilder::new(title, "club");
        for activity in [
            at("Nu bezig").once("2026-11-24T08:00").published(),
            at("Net voorbij").once("2026-11-24T06:30").published(),
            at("Vanavond").once("2026-11-24T20:00").published(),
            at("Laatste dag").once("2026-12-07T20:00").published(),
            at("Te ver").once("2026-12-08T08:00").published(),
            at("Afgelast")
                .once("2026-11-25T20:00")
                .cancelled()
                .published(),
            at("Bijna klaar")
                .weekly("2026-11-18T10:00", Some("2026-11-25"))
                .published(),
            at("Afgelopen")
                .weekly("2026-11-10T10:00", Some("2026-11-23"))
                .published(),
            at("Concept").once("2026-11-25T20:00").draft(),
        ] {
            portal.keep(&activity).await;
        }
        let page = portal.get("/agenda").await.ok();
        let shown = [
            "activity:nu-bezig",
            "activity:vanavond",
            "activity:bijna-klaar",
            "activity:laatste-dag",
        ];
        assert_eq!(page.hits(), shown);
    });
}

#[test]
fn the_agenda_of_one_zone() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        for zone in ["voorstad", "centrum"] {
            portal
                .keep(
                    &PlaceBuilder::new(&format!("zaal {zone}"))
                        .in_zone(zone)
                        .published(),
                )
                .await;
            let activity =
                ActivityBuilder::new(&format!("Sport {zone}"), "club").at(&format!("zaal-{zone}"));
            let mut activity = activity.weekly("2026-11-24T14:00", None).published();
            activity.schedules[0].rrule = Some("FREQ=DAILY".to_owned());
            portal.keep(&activity).await;
        }
        portal.turn().await;
        let page = portal.get("/agenda?wijk=voorstad").await.ok();
        assert_eq!(page.one("h1"), "Agenda van Voorstad");
        assert_eq!(page.hits(), vec!["activity:sport-voorstad"; 14]);
        assert!(!page.has(".wijzer-alert"));
        assert_eq!(
            page.attributes("select[name=wijk] option[selected]", "value"),
            ["voorstad"]
        );
        let all = portal.get("/agenda?wijk=").await.ok();
        assert_eq!(all.hits().len(), 28);
        assert_eq!(
            portal
                .get("/agenda?wijk=bestaat-niet")
                .await
                .ok()
                .hits()
                .len(),
            28
        );
    });
}

#[test]
fn an_empty_agenda_is_no_dead_end() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let page = portal.get("/agenda").await.ok();
        assert!(
            page.has(".wijzer-empty a[href='/themas']")
                && page.has(".wijzer-empty a[href^='tel:']")
        );
    });
}
