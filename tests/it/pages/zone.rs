use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder, ZoneBuilder};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn the_map_has_every_zone_and_so_has_the_list_beside_it() {
    run(async {
        let page = deventer().await.get("/wijken").await.ok();
        let mut map = page.attributes("svg.wijzer-map a", "href");
        let mut list = page.attributes(".wijzer-zones a", "href");
        assert_eq!(page.attribute("svg.wijzer-map", "role"), "group");
        map.sort();
        list.sort();
        assert_eq!(map, list);
        assert_eq!(list.len(), 14);
    });
}

#[test]
fn a_zone_shows_its_agenda_meeting_places_and_organisations() {
    run(async {
        let page = deventer().await.get("/wijken/bathmen").await.ok();
        assert_eq!(page.one("h1"), "Bathmen");
        assert!(
            page.hits()
                .contains(&"place:cultuurhuus-braakhekke".to_owned())
        );
        assert!(
            page.hits()
                .contains(&"activity:koersbal-braakhekke".to_owned())
        );
        assert!(
            page.hits()
                .iter()
                .any(|hit| hit.starts_with("organisation:"))
        );
        let days = page.attributes(".wijzer-agenda__date time", "datetime");
        assert!(
            days.iter()
                .all(|day| ("2026-11-24".."2026-12-08").contains(&day.as_str())),
            "{days:?}"
        );
        assert!(
            page.has(".wijzer-pills a[href='/wijken/lettele']"),
            "the neighbours"
        );
        assert!(
            !page.one("main").contains("weinig te doen"),
            "Bathmen has enough of its own"
        );
    });
}

#[test]
fn where_little_is_on_the_neighbours_count_too_and_that_is_said() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal.keep(&ZoneBuilder::new("Verweg").published()).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        for zone in ["voorstad", "centrum", "verweg"] {
            portal
                .keep(
                    &PlaceBuilder::new(&format!("zaal {zone}"))
                        .in_zone(zone)
                        .published(),
                )
                .await;
            let activity = ActivityBuilder::new(&format!("Kaarten in {zone}"), "club")
                .at(&format!("zaal-{zone}"));
            portal
                .keep(&activity.weekly("2026-11-25T14:00", None).published())
                .await;
        }
        portal.turn().await;
        for path in ["/wijken/voorstad", "/agenda?wijk=voorstad"] {
            let page = portal.get(path).await.ok();
            let shown = page.hits();
            assert!(
                shown.contains(&"activity:kaarten-in-voorstad".to_owned()),
                "{path}: {shown:?}"
            );
            assert!(
                shown.contains(&"activity:kaarten-in-centrum".to_owned()),
                "{path}: {shown:?}"
            );
            assert!(
                !shown.contains(&"activity:kaarten-in-verweg".to_owned()),
                "no neighbour"
            );
            assert!(
                page.one(".wijzer-alert")
                    .contains("Daarom ziet u ook wat er is in Centrum"),
                "{path}"
            );
        }
        assert!(
            !portal.get("/wijken/verweg").await.has(".wijzer-alert"),
            "without neighbours there is nothing to say"
        );
    });
}
