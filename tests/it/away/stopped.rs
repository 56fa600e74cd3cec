use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wijzer::app::Rounds;

use super::{Island, PATIENCE};
use crate::support::builders::OrganisationBuilder;
use crate::support::portal::{TUESDAY, config};
use crate::support::run;
use crate::support::server::open_folder;

#[test]
fn pages_and_search_go_on_while_postgres_is_stopped_and_are_well_again_after() {
    run(async {
        let mut island = Island::new().await;
        let folder = open_folder();
        let pool = island.portal.pool.clone();
        let rounds = Rounds::new(&config(folder.path()), pool, TUESDAY).unwrap();
        assert_eq!(rounds.once().await.unwrap(), 0);
        island.stop();
        island.assert_away().await;
        assert!(
            island.portal.keeper.turn().await.is_err(),
            "the keeper says so, and lives"
        );
        assert!(
            rounds.once().await.is_err(),
            "so does who follows the calendars"
        );
        island.start();
        island.assert_well_again().await;
        assert_eq!(rounds.once().await.unwrap(), 0);
        island
            .portal
            .publish(&OrganisationBuilder::new("Daarna").published())
            .await;
        assert_eq!(
            island.portal.search("daarna").await,
            ["organisation:daarna"]
        );
    });
}

#[test]
fn a_stop_under_load_gives_no_error_but_503_and_no_wait() {
    run(async {
        let mut island = Island::new().await;
        let router = Arc::new(island.portal.visitor());
        let over = Arc::new(AtomicBool::new(false));
        let visitors: Vec<_> = [
            "/zoeken?q=kaarten",
            "/organisaties/club",
            "/agenda",
            "/organisaties/bank",
        ]
        .into_iter()
        .map(|path| {
            let (router, over) = (Arc::clone(&router), Arc::clone(&over));
            tokio::spawn(async move {
                let mut answers = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    let status = router.get(path).await.status.as_u16();
                    answers.push((path, status, begun.elapsed()));
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                answers
            })
        })
        .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::block_in_place(|| island.stop());
        tokio::time::sleep(Duration::from_millis(700)).await;
        tokio::task::block_in_place(|| island.start());
        island.assert_well_again().await;
        over.store(true, Ordering::Relaxed);
        let mut number = 0;
        for visitor in visitors {
            for (path, status, took) in visitor.await.unwrap() {
                let seen = path != "/organisaties/bank";
                assert!(
                    status == 200 || (status == 503 && !seen),
                    "{path} answered {status}"
                );
                assert!(took < PATIENCE, "{path} took {took:?}");
                number += 1;
            }
        }
        assert!(number > 40, "only {number} requests");
    });
}
