//! One date of a series that is off, or somewhere else.

use wijzer::access::Role;

use super::records::two_organisations;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::staff::{Browser, Staff, onward};

const PATH: &str = "/beheer/activiteiten/koffie-eigen/keren";
/// Tuesday 1 December, of the first schedule.
const DATE: &str = "/beheer/activiteiten/koffie-eigen/keren/0-20261201T1000";

async fn signed_in(portal: &TestPortal, staff: Staff) -> Browser {
    let id = staff.registered(&portal.pool).await;
    Browser::of(portal, id).await
}

#[test]
fn one_date_is_off_and_the_others_go_on() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, Staff::new("Anja", Role::Editor)).await;
        let list = anja.get(PATH).await.ok();
        assert_eq!(list.attributes("tbody a", "href")[1], DATE);
        let form = anja
            .form(DATE)
            .await
            .with("wat", "cancelled")
            .with("reden", "De kok is ziek.");
        let saved = anja.submit(DATE, &form).await;
        assert_eq!(onward(&saved), format!("{PATH}?gedaan=bewaard"));
        portal.turn().await;
        let page = portal.get("/activiteiten/koffie-eigen").await.ok();
        let off = page.one(".wijzer-schedule__item--cancelled");
        assert!(
            off.contains("1 december") && off.contains("De kok is ziek."),
            "{off}"
        );
        assert_eq!(page.elements(".wijzer-schedule__item--cancelled").len(), 1);
        let list = anja.get(PATH).await.ok();
        assert!(list.html().contains("gaat niet door: De kok is ziek."));
        // What the form of the activity cannot hold it leaves alone.
        let whole = "/beheer/activiteiten/koffie-eigen";
        let form = anja.form(whole).await.with("doen", "bewaar");
        onward(&anja.submit(whole, &form).await);
        assert_eq!(portal.count("schedule_changes").await, 1);
        // And it goes on again.
        let form = anja.form(DATE).await;
        assert_eq!(form.value("reden"), "De kok is ziek.");
        onward(&anja.submit(DATE, &form.with("wat", "gewoon")).await);
        assert_eq!(portal.count("schedule_changes").await, 0);
    });
}

#[test]
fn a_date_is_not_moved_into_the_past_and_does_not_end_before_it_begins() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, Staff::new("Anja", Role::Editor)).await;
        let moved = anja.form(DATE).await.with("wat", "moved");
        for (field, fields) in [
            ("dag", vec![("dag", "2026-11-20")]),
            ("tot", vec![("van", "14:00"), ("tot", "13:00")]),
        ] {
            let form = fields
                .into_iter()
                .fold(moved.clone(), |form, (name, value)| form.with(name, value));
            let refused = anja.submit(DATE, &form).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(refused.has(&format!("#{field}-fout")), "{field}");
        }
        assert_eq!(portal.count("schedule_changes").await, 0);
        // An evening may end in the night.
        let late = moved.with("van", "20:00").with("tot", "01:00");
        let saved = anja.submit(DATE, &late).await;
        assert_eq!(onward(&saved), format!("{PATH}?gedaan=bewaard"));
        assert!(anja.get(onward(&saved)).await.ok().has(".beheer-notice"));
    });
}

#[test]
fn one_date_is_moved_in_time_and_place() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, Staff::new("Anja", Role::Editor)).await;
        let form = anja
            .form(DATE)
            .await
            .with("wat", "moved")
            .with("dag", "2026-12-02")
            .with("van", "13:30")
            .with("tot", "15:00")
            .with("plek", "Huis Ander");
        onward(&anja.submit(DATE, &form).await);
        portal.turn().await;
        let page = portal.get("/activiteiten/koffie-eigen").await.ok();
        let dates = page.texts(".wijzer-schedule__item");
        let moved = dates
            .iter()
            .find(|date| date.contains("2 december"))
            .unwrap();
        assert!(
            moved.contains("13.30 tot 15.00 uur") && moved.contains("Huis Ander"),
            "{moved}"
        );
        assert!(
            !dates
                .iter()
                .any(|date| date.starts_with("dinsdag 1 december")),
            "{dates:?}"
        );
        let again = anja.form(DATE).await;
        assert_eq!(
            ["dag", "van", "tot", "plek"].map(|name| again.value(name).to_owned()),
            ["2026-12-02", "13:30", "15:00", "Huis Ander"]
        );
    });
}

#[test]
fn what_cannot_be_comes_back_filled_in() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, Staff::new("Anja", Role::Editor)).await;
        let form = anja
            .form(DATE)
            .await
            .with("wat", "moved")
            .with("reden", "Feest");
        for (field, value) in [
            ("dag", ""),
            ("dag", "2026-13-01"),
            ("van", "25:00"),
            ("plek", "Nergens"),
            ("wat", "onzin"),
            ("reden", &*"x".repeat(151)),
        ] {
            let refused = anja.submit(DATE, &form.clone().with(field, value)).await;
            assert_eq!(refused.status, 422, "{field} {value}");
            assert!(
                refused
                    .attributes(".beheer-errors a", "href")
                    .contains(&format!("#{field}")),
                "{field}"
            );
            if field != "reden" {
                assert_eq!(refused.attribute("#reden", "value"), "Feest");
            }
        }
        assert_eq!(portal.count("schedule_changes").await, 0);
        for nowhere in [
            "0-20261202T1000",
            "1-20261201T1000",
            "0-20261201T1030",
            "x",
            "0-",
        ] {
            assert_eq!(
                anja.get(&format!("{PATH}/{nowhere}")).await.status,
                404,
                "{nowhere}"
            );
        }
        // Two at once: the second sees it.
        let off = anja.form(DATE).await.with("wat", "cancelled");
        onward(&anja.submit(DATE, &off).await);
        let second = anja.submit(DATE, &off.with("reden", "Later")).await;
        assert_eq!(second.status, 422);
        // A provider proposes it.
        let mut pia = signed_in(
            &portal,
            Staff::new("Pia", Role::Provider).organisation("eigen"),
        )
        .await;
        let form = pia.form(DATE).await.with("reden", "Vol");
        assert_eq!(
            onward(&pia.submit(DATE, &form).await),
            format!("{PATH}?gedaan=gestuurd")
        );
        assert_eq!(portal.count("proposals").await, 1);
    });
}
