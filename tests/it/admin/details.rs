//! The longer text of a record: written in its form, kept in its history.

use wijzer::access::Role;
use wijzer::catalogue::{activities, organisations, places};

use super::records::two_organisations;
use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder};
use crate::support::run;
use crate::support::staff::{Browser, Filled, Staff, onward};

const LONG: &str = "Wij helpen **altijd**.\r\n\r\n- <img src=x onerror=alert(1)>\r\n- [kwaad](javascript:alert(1))";

#[test]
fn a_longer_text_is_written_compared_and_shown() {
    run(async {
        let portal = two_organisations().await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let mut anja = Browser::of(&portal, id).await;
        for (path, page) in [
            ("/beheer/organisaties/eigen", "/organisaties/eigen"),
            (
                "/beheer/activiteiten/koffie-eigen",
                "/activiteiten/koffie-eigen",
            ),
            ("/beheer/plekken/huis-eigen", "/plekken/huis-eigen"),
        ] {
            let shown = anja.get(path).await.ok();
            assert_eq!(shown.attribute("#uitleg", "data-woorden"), "150", "{path}");
            assert!(shown.one("#uitleg-hulp").contains("**zo**"), "{path}");
            let form = anja.form(path).await.with("doen", "bewaar");
            let too_long = form.clone().with("uitleg", &"x".repeat(4_001));
            let refused = anja.submit(path, &too_long).await;
            assert_eq!(refused.status, 422, "{path}");
            assert!(refused.one("#uitleg-fout").contains("Er passen er 4000."));
            assert_eq!(Filled(refused.form("#form")).value("uitleg").len(), 4_001);
            onward(&anja.submit(path, &form.with("uitleg", LONG)).await);
            let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
            assert_eq!(
                history.texts(".beheer-history li:first-child dt"),
                ["Wilt u er meer over vertellen?"],
                "{path}"
            );
            assert_eq!(
                anja.form(path).await.value("uitleg"),
                LONG.replace("\r\n", "\n")
            );
            for page in [page.to_owned(), format!("{path}/voorbeeld/pagina")] {
                let page = anja.get(&page).await.ok();
                assert_eq!(page.one(".wijzer-detail strong"), "altijd");
                assert!(!page.has(".wijzer-detail img, .wijzer-detail a"));
                assert_eq!(page.texts(".wijzer-detail li")[1], "kwaad");
            }
        }
    });
}

/// What was kept before there was a longer text: versions, proposals, what calendars gave.
#[test]
fn a_version_without_a_longer_text_is_read() {
    let organisation = OrganisationBuilder::new("Oud").published();
    let written = serde_json::to_value(&organisation).unwrap();
    assert_eq!(written.get("detail"), None);
    assert_eq!(
        serde_json::from_value::<organisations::Draft>(written).unwrap(),
        organisation
    );
    let place = serde_json::to_value(PlaceBuilder::new("Oud").published()).unwrap();
    assert_eq!(place.get("detail"), None);
    assert_eq!(
        serde_json::from_value::<places::Draft>(place)
            .unwrap()
            .detail,
        ""
    );
    let activity = serde_json::to_value(ActivityBuilder::new("Oud", "oud").published()).unwrap();
    assert_eq!(activity.get("detail"), None);
    assert_eq!(
        serde_json::from_value::<activities::Draft>(activity)
            .unwrap()
            .detail,
        ""
    );
}
