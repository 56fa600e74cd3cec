//! Calendars of organisations in the admin area.

use super::entries::editor;
use super::records::two_organisations;
use crate::calendar_sources::{calendar, event, follow};
use crate::support::run;
use crate::support::staff::onward;

const LIST: &str = "/beheer/lijsten/agendas";
const SECRET: &str = "sleutel-8c1f";

#[test]
fn a_calendar_is_followed_paused_and_let_go_and_its_address_stays_secret() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = editor(&portal).await;
        let new = format!("{LIST}/nieuw");
        let form = anja
            .form(&new)
            .await
            .with("naam", "Agenda van Eigen")
            .with("organisatie", "Eigen")
            .with("adres", &format!("webcal://agenda.example/{SECRET}.ics"))
            .with("plek", "Huis Eigen")
            .with("themas", "geld");
        for (name, value) in [
            ("naam", ""),
            ("organisatie", ""),
            ("organisatie", "Bestaat niet"),
            ("adres", ""),
            ("adres", "file:///etc/passwd"),
            ("adres", "https://naam:woord@agenda.example/a.ics"),
            ("adres", "javascript:alert(1)"),
            ("plek", "Nergens"),
            ("soort", "feest"),
            ("themas", "bestaat-niet"),
            ("ritme", "1"),
            ("ritme", "-60"),
            ("ritme", "999999999999"),
        ] {
            let refused = anja.submit(&new, &form.clone().with(name, value)).await;
            assert_eq!(refused.status, 422, "{name} {value}");
            assert!(refused.has(".beheer-field--wrong"), "{name} {value}");
        }
        assert_eq!(portal.count("calendar_sources").await, 0);

        assert_eq!(
            onward(&anja.submit(&new, &form).await),
            format!("{LIST}?gedaan=bewaard")
        );
        let page = anja.get(LIST).await.ok();
        assert!(page.one(".beheer-row").contains("Nog niet gelezen."));
        let run = follow(&portal, &calendar(&[event("a", "Zingen")])).await;
        assert_eq!(run.registered, 1);
        assert_eq!(
            portal
                .count("activities where title = 'Zingen' and state = 'draft'")
                .await,
            1
        );

        // Seen again, the address is not shown; left empty, it stays.
        let page = anja.get(LIST).await.ok();
        assert!(
            page.one(".beheer-row").contains("1 nieuw."),
            "{}",
            page.one(".beheer-row")
        );
        let one = page.attribute(".beheer-row a", "href");
        let page = anja.get(&one).await.ok();
        assert!(!page.html().contains(SECRET));
        let form = anja.form(&one).await;
        onward(&anja.submit(&one, &form.with("stil", "ja")).await);
        assert_eq!(
            portal
                .count("calendar_sources where not enabled and url = 'https://agenda.example/sleutel-8c1f.ics'")
                .await,
            1
        );
        let page = anja.get(LIST).await.ok();
        assert!(page.one(".beheer-row").contains("Staat stil."));

        // Who saw an older state is told; who lets go keeps the activities.
        let form = anja
            .form(&page.attribute(".beheer-row a", "href"))
            .await
            .with("naam", "Anders");
        let late = anja.submit(&one, &form).await;
        assert_eq!(late.status, 422);
        assert!(late.one(".beheer-errors").contains("net veranderd"));
        let one = page.attribute(".beheer-row a", "href");
        onward(&anja.post(&format!("{one}/weg"), &[]).await);
        assert_eq!(portal.count("calendar_sources").await, 0);
        assert_eq!(portal.count("activities where title = 'Zingen'").await, 1);
        assert_eq!(
            portal
                .count("audit_log where subject = 'calendar_source'")
                .await,
            3
        );
        assert_eq!(
            portal
                .count("audit_log where content::text like '%sleutel-8c1f%'")
                .await,
            0,
            "the log is for ever"
        );
    });
}
