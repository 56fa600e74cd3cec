//! Old addresses, texts of the site, what belongs on the map, and words that raise the alarm.

use wijzer::access::Role;

use super::entries::editor;
use crate::support::page::TestPage;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Staff, onward};

/// The address of the entry whose row says this.
async fn entry(browser: &mut Browser, list: &str, says: &str) -> String {
    let page = browser.get(&format!("/beheer/lijsten/{list}")).await.ok();
    let at = page
        .texts(".beheer-row")
        .iter()
        .position(|row| row.contains(says))
        .unwrap_or_else(|| panic!("{list}: {says}"));
    page.attributes(".beheer-row a", "href").swap_remove(at)
}

/// Whether a search shows the numbers to call above everything.
async fn alarms(portal: &TestPortal, words: &str) -> bool {
    let words = percent_encoding::utf8_percent_encode(words, percent_encoding::NON_ALPHANUMERIC);
    let page = portal.get(&format!("/zoeken?q={words}")).await.ok();
    page.has(".wijzer-emergency")
}

#[test]
fn an_old_address_leads_to_a_page_of_this_site() {
    run(async {
        let mut portal = super::records::two_organisations().await;
        let mut anja = editor(&portal).await;
        let list = "/beheer/lijsten/oude-adressen";
        let new = format!("{list}/nieuw");
        let form = anja.form(&new).await;
        let given = |old: &str, present: &str| form.clone().with("oud", old).with("nieuw", present);
        let saved = anja
            .submit(
                &new,
                &given(
                    "https://wijzer.test/organisaties/vroeger",
                    "/organisaties/eigen/",
                ),
            )
            .await;
        assert_eq!(onward(&saved), format!("{list}?gedaan=bewaard"));
        portal.turn().await;
        let old = portal.get("/organisaties/vroeger").await;
        assert_eq!(
            (old.status.as_u16(), old.header("location")),
            (301, "/organisaties/eigen")
        );
        // Elsewhere, nowhere, in a circle, over a page that is there, or to another kind.
        for (old, present) in [
            ("/organisaties/weg", "https://evil.nl/organisaties/eigen"),
            (
                "/organisaties/weg",
                "https://wijzer.test.evil.nl/organisaties/eigen",
            ),
            (
                "/organisaties/weg",
                "https://wijzer.test@evil.nl/organisaties/eigen",
            ),
            ("/organisaties/weg", "//evil.nl/eigen"),
            ("/organisaties/weg", "/\\evil.nl"),
            ("/organisaties/weg", "javascript:alert(1)"),
            ("/organisaties/weg", "/beheer/uitloggen"),
            ("/organisaties/weg", "/organisaties/nergens"),
            ("/organisaties/weg", "/organisaties/vroeger"),
            ("/organisaties/weg", "/organisaties/weg"),
            ("/organisaties/eigen", "/organisaties/ander"),
            ("/organisaties/weg", "/plekken/huis-eigen"),
            ("/organisaties/weg/../x", "/organisaties/eigen"),
            ("", "/organisaties/eigen"),
        ] {
            let refused = anja.submit(&new, &given(old, present)).await;
            assert_eq!(refused.status, 422, "{old} {present}");
            assert!(refused.has(".beheer-field--wrong"), "{old} {present}");
            assert_eq!(
                refused.attribute("#nieuw", "value"),
                present,
                "nothing is lost"
            );
        }
        assert_eq!(portal.count("former_slugs").await, 1);
        let twice = anja
            .submit(&new, &given("/organisaties/vroeger", "/organisaties/ander"))
            .await;
        assert_eq!(twice.status, 422);
        let entry = anja.get(list).await.ok().attribute(".beheer-row a", "href");
        let changed = anja.form(&entry).await.with("nieuw", "/organisaties/ander");
        onward(&anja.submit(&entry, &changed).await);
        portal.turn().await;
        let old = portal.get("/organisaties/vroeger").await;
        assert_eq!(old.header("location"), "/organisaties/ander");
        let entry = anja.get(list).await.ok().attribute(".beheer-row a", "href");
        onward(&anja.post(&format!("{entry}/weg"), &[]).await);
        portal.turn().await;
        assert_eq!(portal.get("/organisaties/vroeger").await.status, 404);
    });
}

#[test]
fn a_text_of_the_site_is_changed_and_put_back() {
    run(async {
        let mut portal = super::records::two_organisations().await;
        let mut anja = editor(&portal).await;
        let title = "Vind hulp, gezelschap en iets te doen in Deventer";
        assert_eq!(portal.get("/").await.one("h1"), title);
        let text = entry(&mut anja, "teksten", "grote kop").await;
        let form = anja.form(&text).await;
        assert_eq!(
            form.value("tekst"),
            "Vind hulp, gezelschap en iets te doen in {gemeente}"
        );
        for wrong in ["", "Welkom in {stad}", "Welkom {", &"lang ".repeat(40)] {
            let refused = anja.submit(&text, &form.clone().with("tekst", wrong)).await;
            assert_eq!(refused.status, 422, "{wrong}");
            assert!(refused.has(".beheer-field--wrong"), "{wrong}");
        }
        let hostile = "Welkom in {gemeente} <script>alert(1)</script>";
        onward(&anja.submit(&text, &form.with("tekst", hostile)).await);
        portal.turn().await;
        let home = portal.get("/").await.ok();
        assert_eq!(
            home.one("h1"),
            "Welkom in Deventer <script>alert(1)</script>"
        );
        assert!(!home.html().contains("<script>alert"));
        let text = entry(&mut anja, "teksten", "grote kop").await;
        let page = anja.get(&text).await.ok();
        assert!(
            page.html().contains("iets te doen in {gemeente}"),
            "the standard text is shown"
        );
        onward(&anja.post(&format!("{text}/weg"), &[]).await);
        portal.turn().await;
        assert_eq!(portal.get("/").await.one("h1"), title);
        // Filling in the standard text is no change.
        let text = entry(&mut anja, "teksten", "kop boven de kaart").await;
        let same = anja.form(&text).await;
        onward(&anja.submit(&text, &same).await);
        assert_eq!(portal.count("site_texts").await, 0);
    });
}

#[test]
fn who_is_called_and_what_is_told_is_for_the_library_to_say() {
    run(async {
        let mut portal = super::records::two_organisations().await;
        let mut anja = editor(&portal).await;
        for (row, wrong) in [("telefoonnummer", "bel maar"), ("e-mailadres", "bij ons")] {
            let text = entry(&mut anja, "teksten", row).await;
            let form = anja.form(&text).await.with("tekst", wrong);
            assert_eq!(anja.submit(&text, &form).await.status, 422, "{wrong}");
        }
        for (row, given) in [
            ("telefoonnummer", "0570 675700"),
            ("e-mailadres", "vraag@bieb.test"),
            ("wie krijgt een beller", "iemand van de bibliotheek"),
            ("binnenlopen", "de bibliotheek aan de Stromarkt"),
            ("mededeling", "Maandag dicht.\n\nBel 0570 675701 voor nood."),
            ("wie maakt deze site", "De bibliotheek en de gemeente."),
        ] {
            let text = entry(&mut anja, "teksten", row).await;
            let form = anja.form(&text).await.with("tekst", given);
            onward(&anja.submit(&text, &form).await);
        }
        portal.turn().await;
        let help = portal.get("/hulp").await.ok();
        assert!(help.has("a[href='tel:0570675700']") && !help.html().contains("14 0570"));
        assert!(help.html().contains("iemand van de bibliotheek"));
        assert!(help.html().contains("aan de Stromarkt"));
        assert!(help.has("a[href='mailto:vraag@bieb.test']"));
        let record = portal.get("/plekken/huis-eigen").await.ok();
        assert!(record.has("main a[href='tel:0570675700']"), "no own number");
        let home = portal.get("/").await.ok();
        assert_eq!(
            home.texts(".wijzer-alert p"),
            ["Maandag dicht.", "Bel 0570 675701 voor nood."]
        );
        assert!(home.has(".wijzer-alert a[href='tel:0570675701']"));
        let about = portal.get("/over").await.ok();
        assert!(about.html().contains("De bibliotheek en de gemeente."));
    });
}

#[test]
fn what_belongs_on_the_map_is_decided_once_and_looked_at_again() {
    run(async {
        let portal = super::records::two_organisations().await;
        let mut anja = editor(&portal).await;
        let list = "/beheer/lijsten/afspraken";
        let new = format!("{list}/nieuw");
        let form = anja
            .form(&new)
            .await
            .with("onderwerp", "Coaches met een eigen praktijk")
            .with("thema", "geld")
            .with("besluit", "not_listed")
            .with("reden", "Zij vragen geld en er is geen toezicht.")
            .with("datum", "2026-11-02")
            .with("wie", "redactie")
            .with("opnieuw", "2026-11-24");
        for (name, value) in [
            ("onderwerp", ""),
            ("thema", "nergens"),
            ("besluit", "misschien"),
            ("besluit", ""),
            ("reden", " "),
            ("datum", ""),
            ("datum", "2026-11-25"),
            ("wie", ""),
            ("opnieuw", "2026-11-02"),
            ("opnieuw", "ooit"),
        ] {
            let refused = anja.submit(&new, &form.clone().with(name, value)).await;
            assert_eq!(refused.status, 422, "{name} {value}");
            assert!(refused.has(".beheer-field--wrong"), "{name} {value}");
        }
        assert!(
            !anja
                .get("/beheer")
                .await
                .ok()
                .has("a[href='/beheer/lijsten/afspraken']")
        );
        onward(&anja.submit(&new, &form).await);
        let link = |page: &TestPage| page.has("main a[href='/beheer/lijsten/afspraken']");
        assert!(link(&anja.get("/beheer").await.ok()), "its day has come");
        assert!(link(&anja.get("/beheer/organisaties/eigen").await.ok()));
        let decision = entry(&mut anja, "afspraken", "Coaches").await;
        // A reviewer reads all of it and changes nothing.
        let id = Staff::new("Bram", Role::Reviewer)
            .theme("geld")
            .registered(&portal.pool)
            .await;
        let mut bram = Browser::of(&portal, id).await;
        let page = bram.get(&decision).await.ok();
        assert!(page.one("main dl").contains("geen toezicht") && !page.has("main form"));
        assert!(!bram.get(list).await.ok().has("a[href$='/nieuw']"));
        assert!(link(&bram.get("/beheer/organisaties/eigen").await.ok()));
        assert_eq!(bram.submit(&decision, &form).await.status, 403);
        assert_eq!(bram.post(&format!("{decision}/weg"), &[]).await.status, 403);
        // A theme that a decision is about stays.
        let theme = entry(&mut anja, "themas", "Geld").await;
        assert_eq!(anja.post(&format!("{theme}/weg"), &[]).await.status, 422);
        let later = anja.form(&decision).await.with("opnieuw", "2027-11-24");
        onward(&anja.submit(&decision, &later).await);
        assert!(!link(&anja.get("/beheer").await.ok()));
    });
}

#[test]
fn a_word_of_editors_raises_the_alarm_at_once() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        let mut anja = editor(&portal).await;
        let new = "/beheer/lijsten/noodwoorden/nieuw";
        let form = anja
            .form(new)
            .await
            .with("woorden", "Kelder  vastgebonden")
            .with("gaatover", "huiselijk geweld");
        for (name, value) in [
            ("woorden", ""),
            ("woorden", "ik"),
            ("woorden", "ik wil het niet meer"),
            ("woorden", "hulp"),
            ("woorden", "geld"),
            ("woorden", "man"),
            ("woorden", "-kelder"),
            ("woorden", "kelder/zolder"),
            ("woorden", "=kelder!"),
            ("woorden", "kelder\nzolder"),
            ("gaatover", "voetbal"),
        ] {
            let refused = anja.submit(new, &form.clone().with(name, value)).await;
            assert_eq!(refused.status, 422, "{name} {value}");
            assert!(refused.has(".beheer-field--wrong"), "{name} {value}");
        }
        let cry = "zit vastgebonden in de kelder";
        assert!(!alarms(&portal, cry).await);
        let list = "/beheer/lijsten/noodwoorden";
        onward(&anja.submit(new, &form).await);
        portal.turn().await;
        assert!(alarms(&portal, cry).await);
        assert!(alarms(&portal, "vastgebonde kelder").await, "misspelled");
        assert!(!alarms(&portal, "kelder huren").await);
        let first = anja.get(list).await.ok();
        assert!(
            first.texts(".beheer-row")[0].contains("kelder vastgebonden"),
            "own words first"
        );
        // Words that ordinary searches have too: told, and kept only after that.
        let wide = form.with("woorden", "bang voor honden");
        let told = anja.submit(new, &wide).await;
        assert_eq!(told.status, 422);
        assert!(told.one(".beheer-errors").contains("“bang voor honden”"));
        onward(&anja.submit(new, &wide.with("gezien", "ja")).await);
        let word = entry(&mut anja, "noodwoorden", "kelder vastgebonden").await;
        onward(&anja.post(&format!("{word}/weg"), &[]).await);
        portal.turn().await;
        assert!(!alarms(&portal, cry).await);
        assert!(alarms(&portal, "bang voor honden").await);
    });
}

#[test]
fn rules_of_the_program_are_silenced_one_by_one_and_never_all() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        let mut anja = editor(&portal).await;
        let built_in = wijzer::search::built_in_alarms().count();
        let rules: Vec<String> = anja
            .get("/beheer/lijsten/noodwoorden")
            .await
            .ok()
            .attributes(".beheer-row a", "href");
        assert_eq!(rules.len(), built_in);
        let rule = entry(&mut anja, "noodwoorden", "mensenhandel").await;
        assert!(alarms(&portal, "mensenhandel").await);
        let page = anja.get(&rule).await.ok();
        assert!(page.one(".beheer-lead").contains("Niet bij: cursus"));
        let off = anja.form(&rule).await.with("uit", "ja");
        assert_eq!(
            anja.submit(&rule, &off).await.status,
            422,
            "without a reason"
        );
        let off = off.with("notitie", "Steeds een les op school.");
        let saved = anja.submit(&rule, &off.with("gezien", "ja")).await;
        onward(&saved);
        portal.turn().await;
        assert!(!alarms(&portal, "mensenhandel").await);
        assert!(alarms(&portal, "zelfmoord").await);
        // It cannot be taken away, only heard again.
        let rule = entry(&mut anja, "noodwoorden", "staat uit").await;
        assert!(!anja.get(&rule).await.ok().html().contains("Haal weg"));
        let on = anja.form(&rule).await.with("uit", "");
        onward(&anja.submit(&rule, &on).await);
        portal.turn().await;
        assert!(alarms(&portal, "mensenhandel").await);
        assert_eq!(portal.count("alarms").await, 0);
        // A cry that would be silent is named first.
        let rule = entry(&mut anja, "noodwoorden", "geschud").await;
        let off = anja
            .form(&rule)
            .await
            .with("uit", "ja")
            .with("notitie", "test");
        let told = anja.submit(&rule, &off).await;
        assert!(told.status == 422 && told.one(".beheer-errors").contains("niet meer verschijnen"));
        let mut silenced = 0;
        for rule in &rules {
            let off = anja
                .form(rule)
                .await
                .with("uit", "ja")
                .with("notitie", "weg ermee");
            let answer = anja.submit(rule, &off.with("gezien", "ja")).await;
            if answer.status == 422 {
                assert!(answer.one(".beheer-errors").contains("al tien"));
                break;
            }
            silenced += 1;
        }
        assert_eq!(silenced, 10);
        assert_eq!(portal.count("alarms").await, 10);
    });
}
