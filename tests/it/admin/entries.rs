//! The lists that all records share.

use wijzer::access::Role;

use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Staff, onward};

const LISTS: [&str; 7] = [
    "teksten",
    "themas",
    "doelgroepen",
    "sluitingen",
    "synoniemen",
    "stappen",
    "hulplijnen",
];

pub async fn editor(portal: &TestPortal) -> Browser {
    let id = Staff::new("Anja", Role::Editor)
        .registered(&portal.pool)
        .await;
    Browser::of(portal, id).await
}

/// Every entry of the Deventer set goes through its form as it is; nothing changes.
#[test]
fn entries_are_kept_whole() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let mut anja = editor(&portal).await;
        for list in LISTS {
            let path = format!("/beheer/lijsten/{list}");
            let before = anja
                .get(&path)
                .await
                .ok()
                .attributes(".beheer-row a", "href");
            assert!(before.len() > 3, "{list}: {}", before.len());
            for entry in &before {
                let form = anja.form(entry).await;
                let saved = anja.submit(entry, &form).await;
                assert_eq!(onward(&saved), format!("{path}?gedaan=bewaard"), "{entry}");
            }
            // The address of an entry is a digest of all that it is.
            let after = anja
                .get(&path)
                .await
                .ok()
                .attributes(".beheer-row a", "href");
            assert_eq!(before, after, "{list}");
        }
    });
}

#[test]
fn a_synonym_works_at_once_and_can_be_taken_away() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        let mut anja = editor(&portal).await;
        let nothing = portal.get("/zoeken?q=flapdrolweg").await.ok();
        assert!(nothing.hits().is_empty());
        let form = anja
            .form("/beheer/lijsten/synoniemen/nieuw")
            .await
            .with("woorden", "flapdrolweg\nvoedselbank\n\nvoedselbank");
        let saved = anja.submit("/beheer/lijsten/synoniemen/nieuw", &form).await;
        assert_eq!(onward(&saved), "/beheer/lijsten/synoniemen?gedaan=bewaard");
        portal.turn().await;
        let found = portal.get("/zoeken?q=flapdrolweg").await.ok();
        assert!(
            found
                .hits()
                .contains(&"organisation:voedselbank-deventer".to_owned()),
            "{:?}",
            found.hits()
        );
        let synonyms = portal.count("synonyms").await;
        let again = anja.submit("/beheer/lijsten/synoniemen/nieuw", &form).await;
        assert_eq!(onward(&again), onward(&saved), "a double click");
        assert_eq!(portal.count("synonyms").await, synonyms);
        let other = form.clone().with("notitie", "Van Bert.");
        let twice = anja
            .submit("/beheer/lijsten/synoniemen/nieuw", &other)
            .await;
        assert_eq!(twice.status, 422);
        assert!(twice.one(".beheer-errors").contains("al een met deze naam"));
        let list = anja.get("/beheer/lijsten/synoniemen").await.ok();
        let rows = list.texts(".beheer-row");
        let at = rows
            .iter()
            .position(|row| row.contains("flapdrolweg"))
            .unwrap();
        let entry = list.attributes(".beheer-row a", "href").swap_remove(at);
        // Two at once: the second sees that it was changed.
        let other = anja.form(&entry).await.with("notitie", "van Bert");
        let own = anja.form(&entry).await.with("notitie", "van Anja");
        onward(&anja.submit(&entry, &other).await);
        let again = anja.submit(&entry, &other).await;
        assert_eq!(onward(&again), onward(&saved), "a double click");
        let late = anja.submit(&entry, &own).await;
        assert_eq!(late.status, 422);
        assert!(late.one(".beheer-errors").contains("Iemand anders"));
        assert_eq!(
            late.attribute("#notitie", "value"),
            "van Anja",
            "nothing is lost"
        );
        assert_eq!(anja.post(&format!("{entry}/weg"), &[]).await.status, 404);
        let list = anja.get("/beheer/lijsten/synoniemen").await.ok();
        let entry = list.attributes(".beheer-row a", "href").swap_remove(at);
        let gone = anja.post(&format!("{entry}/weg"), &[]).await;
        assert_eq!(onward(&gone), "/beheer/lijsten/synoniemen?gedaan=weg");
        portal.turn().await;
        assert!(portal.get("/zoeken?q=flapdrolweg").await.hits().is_empty());
    });
}

#[test]
fn a_closure_takes_dates_off_the_agenda() {
    run(async {
        let mut portal = super::records::two_organisations().await;
        let mut anja = editor(&portal).await;
        let day = "/wijken/voorstad/agenda?dag=2026-12-01";
        assert!(portal.get(day).await.html().contains("Koffie Eigen"));
        let new = "/beheer/lijsten/sluitingen/nieuw";
        let form = anja
            .form(new)
            .await
            .with("naam", "Verbouwing")
            .with("plek", "Huis Eigen")
            .with("eerste", "2026-12-01");
        assert_eq!(
            onward(&anja.submit(new, &form).await),
            "/beheer/lijsten/sluitingen?gedaan=bewaard"
        );
        portal.turn().await;
        assert!(!portal.get(day).await.html().contains("Koffie Eigen"));
        for (name, value) in [
            ("eerste", ""),
            ("laatste", "2026-11-01"),
            ("plek", ""),
            ("plek", "Nergens huis"),
            ("uren", "altijd"),
            ("soort", "public_holiday"),
        ] {
            let wrong = anja
                .submit(new, &form.clone().with("naam", "Anders").with(name, value))
                .await;
            assert_eq!(wrong.status, 422, "{name} {value}");
            assert!(wrong.has(".beheer-field--wrong"), "{name} {value}");
        }
    });
}

#[test]
fn what_records_stand_on_stays() {
    run(async {
        let portal = super::records::two_organisations().await;
        let mut anja = editor(&portal).await;
        for list in ["themas", "doelgroepen"] {
            let entry = anja
                .get(&format!("/beheer/lijsten/{list}"))
                .await
                .ok()
                .attributes(".beheer-row a", "href")
                .swap_remove(0);
            let refused = anja.post(&format!("{entry}/weg"), &[]).await;
            assert_eq!(refused.status, 422, "{list}");
            assert!(
                refused.one(".beheer-errors").contains("nog in gebruik"),
                "{list}"
            );
        }
        assert_eq!(portal.count("themes").await, 3);
    });
}

#[test]
fn a_long_list_is_searched() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let mut anja = editor(&portal).await;
        let rows = |page: &crate::support::page::TestPage| page.elements(".beheer-row").len();
        let all = anja.get("/beheer/lijsten/synoniemen").await.ok();
        let some = anja
            .get("/beheer/lijsten/synoniemen?q=%20VOEDSEL")
            .await
            .ok();
        assert!(rows(&some) > 0 && rows(&some) < rows(&all));
        assert!(
            some.texts(".beheer-row")
                .iter()
                .all(|row| row.to_lowercase().contains("voedsel"))
        );
        let none = anja
            .get("/beheer/lijsten/synoniemen?q=%3Cscript%3Exyzzy")
            .await
            .ok();
        assert_eq!(rows(&none), 0);
        assert!(none.one("[role=status]").contains("Niets gevonden"));
        assert!(!none.html().contains("<script>xyzzy"));
    });
}

/// Before a synonym is saved: what search would find with it.
#[test]
fn the_effect_of_a_synonym_is_shown_before_it_is_saved() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let mut anja = editor(&portal).await;
        let new = "/beheer/lijsten/synoniemen/nieuw";
        let before = portal.count("synonyms").await;
        let blank = anja.form(new).await.with("doen", "effect");

        let form = blank.clone().with("woorden", "flapdrolweg\nvoedselbank");
        let page = anja.submit(new, &form).await.ok();
        let rows = page.texts("#effect tbody tr");
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert!(rows[0].contains("flapdrolweg") && rows[0].contains("woord uit deze groep"));
        assert!(rows[0].contains("eerst niets, nu"), "{rows:?}");
        assert!(
            page.one("#effect tbody td:nth-of-type(3)")
                .contains("Voedselbank"),
            "{rows:?}"
        );
        assert!(page.one("#effect").contains("Er verandert 1 zoekvraag."));
        assert!(page.one("#effect").contains("Er is nog niets bewaard."));
        let kept = page.form("#form");
        assert!(kept.contains(&("woorden".to_owned(), "flapdrolweg\nvoedselbank".to_owned())));

        // Bread for who asks for a cleaner: graded queries get worse, and stand on top.
        let form = blank.clone().with(
            "woorden",
            "poetshulp\nvoedselbank\nwandelclub\nhuishoudelijke hulp",
        );
        let page = anja.submit(new, &form).await.ok();
        let first = &page.texts("#effect tbody tr")[0];
        assert!(
            first.contains("slechter: van") && first.contains("testvraag"),
            "{first}"
        );
        let told = page.one("#effect");
        assert!(told.contains("Alle testvragen samen: van"), "{told}");

        // A group that is there, without its words; saved as it is it changes nothing.
        let list = anja.get("/beheer/lijsten/synoniemen").await.ok();
        let at = list
            .texts(".beheer-row")
            .iter()
            .position(|row| row.starts_with("poetshulp"))
            .unwrap();
        let entry = list.attributes(".beheer-row a", "href").swap_remove(at);
        let form = anja.form(&entry).await.with("doen", "effect");
        let page = anja.submit(&entry, &form).await.ok();
        assert!(
            page.one("#effect").contains("Er verandert niets."),
            "{}",
            page.one("#effect")
        );
        let form = form.with("woorden", "poetshulp\nflapdrolweg");
        let page = anja.submit(&entry, &form).await.ok();
        assert!(page.has("#effect tbody tr"));

        let faulty = anja.submit(new, &blank.with("woorden", "een")).await;
        assert_eq!(faulty.status, 422);
        assert!(!faulty.has("#effect") && faulty.has("#fouten"));
        assert_eq!(portal.count("synonyms").await, before, "nothing was saved");
        assert!(portal.search("flapdrolweg").await.is_empty());
        let other = anja.form("/beheer/lijsten/doelgroepen/nieuw").await;
        let other = other
            .with("naam", "Wie hier net woont")
            .with("doen", "effect");
        let page = anja
            .submit("/beheer/lijsten/doelgroepen/nieuw", &other)
            .await;
        assert_eq!(
            page.status, 303,
            "a list that search does not try is just saved"
        );
    });
}
