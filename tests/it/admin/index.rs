//! How the search index stands, and building it anew.

use std::time::{Duration, Instant};

use wijzer::access::Role;

use crate::support::builders::OrganisationBuilder;
use crate::support::page::TestPage;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Staff, onward};

const PATH: &str = "/beheer/zoekmachine";

async fn boss(portal: &TestPortal) -> Browser {
    let id = Staff::new("Baas", Role::Administrator)
        .registered(&portal.pool)
        .await;
    Browser::of(portal, id).await
}

fn generation(page: &TestPage) -> u64 {
    // The number, and then what it counts.
    let told = page.fact("Generatie");
    told.trim_end_matches(|c: char| !c.is_ascii_digit())
        .parse()
        .unwrap()
}

#[test]
fn the_index_is_built_anew_when_an_administrator_asks() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .publish(&OrganisationBuilder::new("Club").published())
            .await;
        let mut boss = boss(&portal).await;
        let page = boss.get(PATH).await.ok();
        assert_eq!(page.fact("Toestand"), "in orde.");
        assert_eq!(page.fact("Wijzigingen die wachten"), "0");
        assert!(
            page.fact("Laatst bijgewerkt").contains(" om "),
            "the disk knows"
        );
        let records = format!("{} pagina’s", portal.engine.record_count());
        assert_eq!(page.fact("Te vinden"), records);
        assert!(!page.has("[data-bezig]"));

        portal
            .keep(&OrganisationBuilder::new("Later").published())
            .await;
        let page = boss.get(PATH).await.ok();
        assert_eq!(page.fact("Wijzigingen die wachten"), "1");
        let before = generation(&page);

        let asked = boss.post(PATH, &[]).await;
        assert_eq!(onward(&asked), format!("{PATH}?gedaan=index"));
        let page = boss.get(PATH).await.ok();
        assert!(page.has("#stand[data-bezig]") && !page.has("main form"));
        assert_eq!(
            page.attribute("#stand a", "href"),
            PATH,
            "without scripts one looks again"
        );
        assert_eq!(
            portal.search("club").await[0],
            "organisation:club",
            "the old one serves"
        );
        // Another program has an index of its own, and heard no wish.
        let twin = portal.twin();
        let mut beside = Browser::new(&twin);
        beside.cookie.clone_from(&boss.cookie);
        assert!(!beside.get(PATH).await.ok().has("[data-bezig]"));

        let outcome = portal.turn().await;
        assert_eq!(
            outcome.put,
            portal.engine.record_count(),
            "all of it, and not what differed"
        );
        let page = boss.get(PATH).await.ok();
        assert!(!page.has("[data-bezig]") && page.has("main form button"));
        assert_eq!(page.fact("Wijzigingen die wachten"), "0");
        assert!(generation(&page) > before);
        assert_eq!(portal.search("later").await[0], "organisation:later");
        assert_eq!(portal.turn().await.put, 0, "once");

        let log = boss.get("/beheer/logboek?soort=index").await.ok();
        assert!(
            log.one("tbody tr")
                .contains("zoekmachine opnieuw opgebouwd")
        );
    });
}

#[test]
fn a_wish_wakes_the_keeper() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let twin = portal.twin();
        let mut boss = boss(&twin).await;
        let (_router, keeper) = twin.split();
        let running = tokio::spawn(keeper.run());
        let begun = Instant::now();
        let mut last = None;
        // After the first comparison the keeper sleeps.
        while last.is_none() {
            let page = boss.get(PATH).await.ok();
            let well = page.fact("Wijzigingen die wachten") == "0";
            last = well.then(|| generation(&page));
            assert!(begun.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        boss.post(PATH, &[]).await;
        let begun = Instant::now();
        loop {
            let page = boss.get(PATH).await.ok();
            if !page.has("[data-bezig]") {
                assert!(Some(generation(&page)) > last);
                break;
            }
            // It looks by itself only after five seconds.
            assert!(begun.elapsed() < Duration::from_secs(4), "nobody woke it");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        running.abort();
    });
}
