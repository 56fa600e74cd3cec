//! Whole tables out and in through the browser.

use wijzer::access::Role;

use super::records::two_organisations;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::staff::{Browser, Staff, onward};

const PATH: &str = "/beheer/tabellen";

async fn anja(portal: &TestPortal) -> Browser {
    let id = Staff::new("Anja", Role::Editor)
        .registered(&portal.pool)
        .await;
    Browser::of(portal, id).await
}

/// A table as it is downloaded.
async fn table(browser: &mut Browser, name: &str) -> String {
    browser
        .get(&format!("{PATH}/bestand/{name}"))
        .await
        .ok()
        .html()
        .to_owned()
}

#[test]
fn tables_go_out_are_looked_at_loaded_and_taken_back() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let before = table(&mut anja, "organisations.csv").await;
        let changed = before.replace("Wat Eigen voor u doet.", "Wij doen het anders.");
        assert_ne!(before, changed, "{before}");
        let new = changed
            .lines()
            .find(|line| line.starts_with("ander,"))
            .unwrap();
        let new = new.replace("ander,Ander", "nieuw,Nieuw");
        let changed = format!("{changed}{new}\n");
        let lines = portal.count("audit_log").await;

        // As a browser names a file that is downloaded twice.
        let sent = anja
            .send_tables(PATH, &[("organisations (1).csv", changed.as_bytes())])
            .await;
        let import = onward(&sent).to_owned();
        let page = anja.get(&import).await.ok();
        assert_eq!(page.one("h1"), "Wat er verandert");
        assert_eq!(
            page.texts(".beheer-table tbody tr"),
            ["organisations.csv11"]
        );
        assert_eq!(page.texts(".beheer-diff ins")[0], "Wij doen het anders.");
        assert_eq!(
            portal.count("audit_log").await,
            lines,
            "nothing is done yet"
        );

        // A double click is one.
        for _ in 0..2 {
            let done = anja.send_tables(&format!("{import}/inlezen"), &[]).await;
            assert_eq!(onward(&done), format!("{import}?gedaan=ingelezen"));
        }
        portal.turn().await;
        let public = portal.get("/organisaties/eigen").await.ok();
        assert!(public.html().contains("Wij doen het anders."));
        portal.get("/organisaties/nieuw").await.ok();
        assert_eq!(portal.count("audit_log").await, lines + 2);
        let log = anja.get("/beheer/logboek").await.ok();
        assert!(log.html().contains("Anja"), "who did it");

        let undone = anja.send_tables(&format!("{import}/terug"), &[]).await;
        assert_eq!(onward(&undone), format!("{import}?gedaan=teruggedraaid"));
        portal.turn().await;
        assert_eq!(portal.get("/organisaties/nieuw").await.status, 404);
        assert_eq!(table(&mut anja, "organisations.csv").await, before);
        let page = anja.get(&import).await.ok();
        assert!(
            page.html()
                .contains("Weer zoals het was: 1 rij. Nieuw en weggehaald: 1 rij.")
        );
        let list = anja.get(PATH).await.ok();
        assert!(list.html().contains("teruggedraaid"));
    });
}

#[test]
fn a_spreadsheet_in_dutch_reads_and_writes_them() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let page = anja
            .get(&format!("{PATH}/bestand/organisations.csv?voor=excel"))
            .await
            .ok();
        assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
        assert!(
            page.header("content-disposition")
                .contains("organisations.csv")
        );
        let text = page.html();
        assert!(text.starts_with("\u{feff}slug;name;"), "{text}");
        let changed = text.replace("Wat Eigen voor u doet.", "=HYPERLINK(1)");
        let sent = anja
            .send_tables(PATH, &[("Organisations.csv", changed.as_bytes())])
            .await;
        let import = onward(&sent).to_owned();
        onward(&anja.send_tables(&format!("{import}/inlezen"), &[]).await);
        // What a spreadsheet would run comes out harmless, and goes in again as it was.
        let out = table(&mut anja, "organisations.csv").await;
        assert!(out.contains("'=HYPERLINK(1)"), "{out}");
        let again = anja
            .send_tables(PATH, &[("organisations.csv", out.as_bytes())])
            .await;
        let page = anja.get(onward(&again)).await.ok();
        assert!(
            page.html().contains("Er verandert niets"),
            "{}",
            page.html()
        );
    });
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_kept() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let bad = "slug,name\nA B,\nmooi,Mooi\nmooi,Nog eens\n";
        let sent = anja
            .send_tables(PATH, &[("audiences.csv", bad.as_bytes())])
            .await;
        assert_eq!(sent.status, 422);
        let told = sent.texts(".beheer-errors tbody tr");
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0] == "Mag niet leeg zijnaudiences.csv2name",
            "{told:?}"
        );
        for (files, part) in [
            (vec![("lijst.csv", &b"a,b"[..])], "“lijst.csv” heet niet"),
            (vec![("<script>.csv", &b"a"[..])], "heet niet"),
            (vec![("themes.csv", &b"\xff\xfe"[..])], "geen UTF-8"),
            (vec![("themes.csv", &b"PK\x03\x04"[..])], "werkmap"),
            (
                vec![("themes.xlsx", &b"PK\x03\x04"[..])],
                "“themes.xlsx” is geen CSV",
            ),
            (
                vec![("themes.csv", &b"slug,name,parent,summary\na\0,b,,"[..])],
                "teken dat niet te tonen is",
            ),
            (
                vec![
                    ("themes.csv", &b"slug"[..]),
                    ("Themes (1).csv", &b"slug"[..]),
                ],
                "twee keer",
            ),
            (
                vec![("themes.csv", &vec![b'a'; 9 * 1024 * 1024][..])],
                "Groter dan 8 MB",
            ),
            (vec![], "Kies eerst"),
        ] {
            let sent = anja.send_tables(PATH, &files).await;
            assert_eq!(sent.status, 422, "{part}");
            assert!(
                sent.one(".beheer-errors").contains(part),
                "{}",
                sent.one(".beheer-errors")
            );
            assert!(!sent.html().contains("<script>.csv"));
        }
        assert_eq!(portal.count("imports").await, 0);
        assert_eq!(
            anja.get(&format!("{PATH}/bestand/accounts.csv"))
                .await
                .status,
            404
        );
        assert_eq!(anja.get(&format!("{PATH}/geen-nummer")).await.status, 404);
    });
}

#[test]
fn what_changed_since_it_was_looked_at_is_looked_at_again() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let before = table(&mut anja, "organisations.csv").await;
        let changed = before.replace("Wat Ander voor u doet.", "Wij doen het anders.");
        let sent = anja
            .send_tables(PATH, &[("organisations.csv", changed.as_bytes())])
            .await;
        let import = onward(&sent).to_owned();
        // By hand, meanwhile: another text, and the website no longer has it.
        let path = "/beheer/organisaties/eigen";
        let form = anja.form(path).await;
        let form = form
            .with("samenvatting", "Met de hand.")
            .with("doen", "bewaar");
        onward(&anja.submit(path, &form).await);
        onward(&anja.post(&format!("{path}/offline"), &[]).await);
        let by_hand = table(&mut anja, "organisations.csv").await;

        let different = anja.send_tables(&format!("{import}/inlezen"), &[]).await;
        assert_eq!(different.status, 422);
        let said = different.one(".beheer-errors");
        assert!(said.contains("nog niets ingelezen"), "{said}");
        assert!(said.contains("verandert bij: eigen. Klopt dat?"), "{said}");
        let told = different.texts(".beheer-diff del");
        assert!(told.contains(&"Met de hand.".to_owned()), "{told:?}");
        assert!(told.contains(&"withdrawn".to_owned()), "{told:?}");
        assert_eq!(table(&mut anja, "organisations.csv").await, by_hand);

        // Seen, and wanted.
        let done = anja.send_tables(&format!("{import}/inlezen"), &[]).await;
        assert_eq!(onward(&done), format!("{import}?gedaan=ingelezen"));
        assert_eq!(table(&mut anja, "organisations.csv").await, changed);
        onward(&anja.send_tables(&format!("{import}/terug"), &[]).await);
        assert_eq!(table(&mut anja, "organisations.csv").await, by_hand);
    });
}

#[test]
fn what_cannot_be_taken_back_is_told_and_can_be_tried_again() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let before = table(&mut anja, "organisations.csv").await;
        let mut imports = Vec::new();
        for (from, to) in [("Wat Eigen voor u doet.", "Eerst."), ("Eerst.", "Daarna.")] {
            let changed = table(&mut anja, "organisations.csv")
                .await
                .replace(from, to);
            let sent = anja
                .send_tables(PATH, &[("organisations.csv", changed.as_bytes())])
                .await;
            let import = onward(&sent).to_owned();
            // What is not loaded cannot be taken back.
            let early = anja.send_tables(&format!("{import}/terug"), &[]).await;
            assert_eq!(onward(&early), import);
            onward(&anja.send_tables(&format!("{import}/inlezen"), &[]).await);
            imports.push(import);
        }
        let first = format!("{}/terug", imports[0]);
        let none = anja.send_tables(&first, &[]).await;
        assert_eq!(onward(&none), format!("{}?gedaan=niets-terug", imports[0]));
        let page = anja.get(onward(&none)).await.ok();
        assert!(
            page.one(".beheer-box")
                .contains("dit is daarna nog veranderd")
        );
        onward(
            &anja
                .send_tables(&format!("{}/terug", imports[1]), &[])
                .await,
        );
        let again = anja.send_tables(&first, &[]).await;
        assert_eq!(
            onward(&again),
            format!("{}?gedaan=teruggedraaid", imports[0])
        );
        assert_eq!(table(&mut anja, "organisations.csv").await, before);
        let twice = anja.send_tables(&first, &[]).await;
        assert_eq!(onward(&twice), imports[0]);
    });
}

#[test]
fn what_became_wrong_since_it_was_looked_at_is_told_when_it_is_loaded() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = anja(&portal).await;
        let places = table(&mut anja, "places.csv").await;
        let changed = places.replace("Huis Eigen", "Huis Anders");
        let sent = anja
            .send_tables(PATH, &[("places.csv", changed.as_bytes())])
            .await;
        let import = onward(&sent).to_owned();
        sqlx::query("update zones set slug = 'elders' where slug = 'voorstad'")
            .execute(&portal.pool)
            .await
            .unwrap();
        let done = anja.send_tables(&format!("{import}/inlezen"), &[]).await;
        assert_eq!(done.status, 422);
        assert!(
            done.one(".beheer-errors")
                .contains("“voorstad” staat niet in zones.csv"),
            "{}",
            done.one(".beheer-errors")
        );
        assert_eq!(portal.count("places where name = 'Huis Anders'").await, 0);
        onward(&anja.post(&format!("{import}/weg"), &[]).await);
        assert_eq!(portal.count("imports").await, 0);
    });
}
