//! Who keeps the map right while PostgreSQL is away: nothing that was typed is lost.

use std::time::Instant;

use wijzer::access::Role;

use super::{Island, PATIENCE};
use crate::support::page::TestPage;
use crate::support::run;
use crate::support::staff::{Browser, Filled, PASSWORD, Staff, onward};

const TYPED: &str = "Wij rijden u. \"><svg onload=alert(1)>\r\nOok op zondag.";

/// A form that is sent now: answered in time, without a word of the database.
async fn sent(anja: &mut Browser, path: &str, form: &Filled) -> TestPage {
    let begun = Instant::now();
    let page = anja.submit(path, form).await;
    assert!(begun.elapsed() < PATIENCE, "took {:?}", begun.elapsed());
    let told = page.html().to_lowercase();
    for word in ["postgres", "sqlx", "pool", "<svg onload"] {
        assert!(!told.contains(word), "{path} says {word}");
    }
    page
}

/// F1 for the admin area.
#[test]
fn what_was_typed_while_postgres_is_away_can_be_sent_again() {
    run(async {
        let mut island = Island::new().await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&island.portal.pool)
            .await;
        let mut anja = Browser::of(&island.portal, id).await;
        let new = "/beheer/organisaties/nieuw";
        let added = anja
            .form(new)
            .await
            .with("naam", "Buurtbus")
            .with("samenvatting", TYPED)
            .with("themas", "ontmoeten")
            .with("doen", "online");
        let there = "/beheer/organisaties/club";
        let changed = anja.form(there).await.with("samenvatting", TYPED);

        // It is there, and does not get on: somebody holds the table.
        let mut holding = island.portal.pool.begin().await.unwrap();
        sqlx::query("lock table organisations in access exclusive mode")
            .execute(&mut *holding)
            .await
            .unwrap();
        let page = sent(&mut anja, there, &changed).await;
        assert_eq!(page.status, 503);
        assert!(page.has("main form"));
        drop(holding);

        island.stop();
        let mut again = Vec::new();
        for (path, form) in [(new, &added), (there, &changed)] {
            let page = sent(&mut anja, path, form).await;
            assert_eq!(page.status, 503, "{path}");
            assert_eq!(page.header("retry-after"), "10");
            assert_eq!(page.header("cache-control"), "private, no-store");
            assert_eq!(page.one("h1"), "Het beheer is nu even niet bereikbaar");
            let kept = page.form("main form");
            // In a page an end of a line is one sign; a browser sends it as two again.
            let mut typed = form
                .clone()
                .with("samenvatting", &TYPED.replace("\r\n", "\n"))
                .0;
            let mut back = kept.clone();
            typed.sort();
            back.sort();
            assert_eq!(back, typed, "{path}: every field, as it was typed");
            assert_eq!(page.attribute("main form", "action"), path);
            again.push((path, Filled(kept)));
            // However often.
            assert_eq!(sent(&mut anja, path, form).await.status, 503);
        }
        let page = anja.get(there).await;
        assert_eq!(page.status, 503);
        assert!(
            !page.has("main form"),
            "who only looked has nothing to send"
        );

        let mut stranger = Browser::new(&island.portal);
        let page = stranger.sign_in("anja@wijzer.test", PASSWORD).await;
        assert_eq!(page.status, 503);
        assert!(!page.html().contains(PASSWORD) && !page.has("main form"));

        island.start();
        island.assert_well_again().await;
        for (path, form) in &again {
            assert_eq!(anja.submit(path, form).await.status, 303, "{path}");
        }
        let twice = anja.submit(new, &again[0].1).await;
        assert_eq!(
            onward(&twice),
            "/beheer/organisaties/buurtbus?gedaan=online"
        );
        let count: i64 = sqlx::query_scalar(
            "select count(*) from organisations where summary like '%Ook op zondag.'",
        )
        .fetch_one(&island.portal.pool)
        .await
        .unwrap();
        assert_eq!(count, 2, "each once");
    });
}
