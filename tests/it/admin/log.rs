//! The log as a file for a spreadsheet.

use wijzer::access::Role;

use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Staff};

const FILE: &str = "/beheer/logboek/export";

/// The rows of a file behind its heading, cells apart.
fn rows(file: &str) -> Vec<Vec<String>> {
    let text = file.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(text.as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "nummer");
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn the_log_is_a_file_of_any_length_in_which_nothing_is_a_formula() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let boss = Staff::new("=cmd|' /C calc'!A0", Role::Administrator);
        let boss = boss.registered(&portal.pool).await;
        let mut browser = Browser::of(&portal, boss).await;
        // More than are read at once, and a key that an editor could have typed.
        sqlx::query(
            "insert into audit_log (actor, act, subject, key)
             select $1, 'revise', 'synonym', '=1+' || n from generate_series(1, 2500) n",
        )
        .bind(format!("account {}", boss.0))
        .execute(&portal.pool)
        .await
        .unwrap();
        sqlx::query("insert into audit_log (actor, act, subject, key) values ('import', 'revise', 'place', E'\\t@sum;\"x\"\r\ny')")
            .execute(&portal.pool)
            .await
            .unwrap();

        let page = browser
            .get("/beheer/logboek?soort=synonym&mensen=ja")
            .await
            .ok();
        let link = page.attribute("a[download]", "href");
        assert_eq!(link, format!("{FILE}?soort=synonym&mensen=ja"));
        let file = browser.get(&link).await.ok();
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename=\"logboek-2026-11-24.csv\""
        );
        assert_eq!(file.header("cache-control"), "private, no-store");
        let found = rows(file.html());
        assert_eq!(found.len(), 2500, "the filters of the page hold");
        assert_eq!(found[0][5], "'=1+2500", "the newest first");
        assert_eq!(found[2499][5], "'=1+1");
        assert_eq!(found[0][2], "'=cmd|' /C calc'!A0");
        assert_eq!(&found[0][3..5], ["veranderd", "synoniem"]);

        let all = browser.get(FILE).await.ok();
        let all = rows(all.html());
        assert!(all.len() > 2501);
        let tricky = all
            .iter()
            .find(|row| row[4] == "plek" && row[2] == "Import");
        assert_eq!(tricky.unwrap()[5], "'\t@sum;\"x\"\r\ny");
        for cell in all.iter().flatten() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?}"
            );
        }
        let one = browser.get(&format!("{FILE}?wat=%3D1%2B7")).await.ok();
        assert_eq!(rows(one.html()).len(), 1);
        let none = browser
            .get(&format!("{FILE}?wat=bestaat-niet&soort=%27%22&voor=x"))
            .await
            .ok();
        assert!(rows(none.html()).is_empty());
    });
}

#[test]
fn only_an_administrator_takes_the_log_along() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let mut anja = Browser::of(&portal, id).await;
        assert!(!anja.get("/beheer/logboek").await.ok().has("a[download]"));
        assert_eq!(anja.get(FILE).await.status, 403);
    });
}
