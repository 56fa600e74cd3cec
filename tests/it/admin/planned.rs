//! Going online and off by itself, at a moment that an editor chose.

use chrono::{TimeDelta, Utc};
use wijzer::access::Role;
use wijzer::catalogue::editing::planned;

use super::records::two_organisations;
use crate::support::portal::{TUESDAY, TestPortal};
use crate::support::run;
use crate::support::staff::{Browser, Staff, onward};

const PATH: &str = "/beheer/organisaties/eigen";

async fn anja(portal: &TestPortal) -> Browser {
    let id = Staff::new("Anja", Role::Editor)
        .registered(&portal.pool)
        .await;
    Browser::of(portal, id).await
}

/// What happens by itself until so long after the moment of the test.
async fn after(portal: &mut TestPortal, passed: TimeDelta) -> usize {
    let mut conn = portal.pool.acquire().await.unwrap();
    let now = TUESDAY.now().to_utc() + passed;
    let changed = planned::carry_out(&mut conn, now).await.unwrap();
    portal.turn().await;
    changed
}

#[test]
fn a_record_goes_off_and_online_at_the_moment_that_was_planned() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        // The portal stands still on Tuesday 24 November 2026, in the morning.
        let off = [("offline_dag", "2026-11-25"), ("offline_tijd", "18:30")];
        let saved = anja.post(&format!("{PATH}/plannen"), &off).await;
        assert_eq!(onward(&saved), format!("{PATH}?gedaan=gepland"));
        let page = anja.get(PATH).await.ok();
        assert!(
            page.texts(".beheer-standing")[0]
                .contains("Gaat vanzelf van de website: morgen om 18.30 uur")
        );
        assert_eq!(page.attribute("#offline_tijd", "value"), "18:30");
        let desk = anja.get("/beheer").await.ok();
        assert!(
            desk.texts(".beheer-work__row")
                .contains(&"1 Gaat vanzelf online of offline".to_owned())
        );
        let list = anja.get("/beheer/alles?werk=gepland").await.ok();
        assert!(list.html().contains(PATH));

        assert_eq!(after(&mut portal, TimeDelta::hours(12)).await, 0, "not yet");
        portal.get("/organisaties/eigen").await.ok();
        // 18:30 in Amsterdam is 17:30 UTC.
        let moment = "2026-11-25T17:30:00Z"
            .parse::<chrono::DateTime<Utc>>()
            .unwrap();
        let passed = moment - TUESDAY.now().to_utc();
        assert_eq!(after(&mut portal, passed - TimeDelta::seconds(1)).await, 0);
        assert_eq!(after(&mut portal, passed).await, 1);
        assert_eq!(portal.get("/organisaties/eigen").await.status, 404);
        let found = portal.get("/zoeken?q=eigen").await.ok().hits();
        assert!(
            !found.contains(&"organisation:eigen".to_owned()),
            "{found:?}"
        );
        assert_eq!(after(&mut portal, passed).await, 0, "once");

        // And on again; without a time it is in the morning.
        let on = [("online_dag", "2026-11-27")];
        onward(&anja.post(&format!("{PATH}/plannen"), &on).await);
        let page = anja.get(PATH).await.ok();
        assert_eq!(page.attribute("#online_tijd", "value"), "09:00");
        assert_eq!(after(&mut portal, TimeDelta::days(3)).await, 1);
        portal.get("/organisaties/eigen").await.ok();
        let log = anja.get("/beheer/logboek").await.ok();
        assert!(log.html().contains("gepland"), "planning stands in the log");
        let history = anja.get(&format!("{PATH}/geschiedenis")).await.ok();
        assert!(history.html().contains("Anja"));
    });
}

#[test]
fn what_is_done_by_hand_does_not_happen_again() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let plan = [("offline_dag", "2026-11-25")];
        onward(&anja.post(&format!("{PATH}/plannen"), &plan).await);
        onward(&anja.post(&format!("{PATH}/offline"), &[]).await);
        onward(&anja.press(PATH, "/online").await);
        assert_eq!(portal.count("planned_acts").await, 0);
        assert_eq!(after(&mut portal, TimeDelta::days(2)).await, 0);
        portal.get("/organisaties/eigen").await.ok();
        // A plan that is emptied is none.
        onward(&anja.post(&format!("{PATH}/plannen"), &plan).await);
        let emptied = anja.post(&format!("{PATH}/plannen"), &[]).await;
        assert_eq!(onward(&emptied), format!("{PATH}?gedaan=geen-planning"));
        assert_eq!(portal.count("planned_acts").await, 0);
    });
}

#[test]
fn a_moment_that_cannot_be_changes_nothing() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let refused: [&[(&str, &str)]; 5] = [
            &[("offline_dag", "2026-11-23")],
            &[("offline_dag", "2026-02-30")],
            &[("offline_dag", "morgen")],
            &[("online_dag", "2026-12-01"), ("online_tijd", "25:00")],
            &[("online_dag", "99999999-12-01")],
        ];
        for fields in refused {
            let said = anja.post(&format!("{PATH}/plannen"), fields).await;
            assert_eq!(
                onward(&said),
                format!("{PATH}?gedaan=geen-moment"),
                "{fields:?}"
            );
        }
        let backwards = [("online_dag", "2026-12-02"), ("offline_dag", "2026-12-01")];
        let said = anja.post(&format!("{PATH}/plannen"), &backwards).await;
        assert_eq!(onward(&said), format!("{PATH}?gedaan=eerst-online"));
        // The hour that the clock skips in spring is the next one.
        let skipped = [("offline_dag", "2027-03-28"), ("offline_tijd", "02:30")];
        onward(&anja.post(&format!("{PATH}/plannen"), &skipped).await);
        assert_eq!(
            anja.get(PATH)
                .await
                .ok()
                .attribute("#offline_tijd", "value"),
            "03:30"
        );
    });
}
