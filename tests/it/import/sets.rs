use std::path::Path;

use super::import;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::{DEVENTER, Template, TestDatabase};

const TABLES: [&str; 14] = [
    "steps",
    "audiences",
    "themes",
    "zones",
    "places",
    "place_addresses",
    "organisations",
    "activities",
    "schedules",
    "dossiers",
    "faqs",
    "audit_log",
    "outbox",
    "former_slugs",
];

/// The rows in the files of the set.
fn rows() -> usize {
    let files = std::fs::read_dir(DEVENTER)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let tables = files.filter(|path| path.extension().is_some_and(|extension| extension == "csv"));
    tables
        .map(|path| csv::Reader::from_path(path).unwrap().records().count())
        .sum()
}

#[test]
fn the_deventer_set_loads_without_a_fault_after_a_dry_run_that_writes_nothing() {
    run(async {
        let database = TestDatabase::new(Template::Empty).await;
        let pool = database.pool();
        let report = import(&pool, Path::new(DEVENTER), true).await.unwrap();
        assert_eq!(
            (report.registered, report.revised, report.unchanged),
            (rows(), 0, 0)
        );
        assert!(report.to_string().starts_with(&format!(
            "Dry run, nothing written: {} rows would be new",
            rows()
        )));
        for table in TABLES {
            let count =
                sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")));
            let count: i64 = count.fetch_one(&pool).await.unwrap();
            assert_eq!(count, 0, "{table}");
        }
        let report = import(&pool, Path::new(DEVENTER), false).await.unwrap();
        assert_eq!(
            (report.registered, report.revised, report.unchanged),
            (rows(), 0, 0)
        );
        for (table, expected) in [
            ("zones", 14),
            ("places", 95),
            ("organisations", 202),
            ("activities", 351),
            ("faqs", 117),
        ] {
            let count =
                sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")));
            let count: i64 = count.fetch_one(&pool).await.unwrap();
            assert_eq!(count, expected, "{table}");
        }
    });
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let mut before = Vec::new();
        for table in TABLES {
            before.push(portal.count(table).await);
        }
        let report = import(&portal.pool, Path::new(DEVENTER), false)
            .await
            .unwrap();
        assert_eq!((report.changed(), report.unchanged), (0, rows()));
        assert_eq!(
            report.to_string(),
            format!("Nothing to change: all {} rows are there already.", rows())
        );
        for (table, before) in TABLES.into_iter().zip(before) {
            assert_eq!(portal.count(table).await, before, "{table}");
        }
    });
}

#[test]
fn a_row_that_changed_is_revised_and_is_in_search_and_log() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        let folder = crate::support::server::open_folder();
        let themes = std::fs::read_to_string(Path::new(DEVENTER).join("faqs.csv")).unwrap();
        let changed = themes.replacen(
            "Hoe vraag ik huishoudelijke hulp aan?",
            "Wie maakt bij mij schoon?",
            1,
        );
        std::fs::write(folder.path().join("faqs.csv"), changed).unwrap();
        let logged = portal.count("audit_log").await;
        let report = import(&portal.pool, folder.path(), false).await.unwrap();
        assert_eq!(
            (report.registered, report.revised, report.unchanged),
            (0, 1, 116)
        );
        assert_eq!(portal.count("audit_log").await, logged + 1);
        portal.turn().await;
        assert_eq!(
            portal.search("Wie maakt bij mij schoon").await[0],
            "faq:huishoudelijke-hulp-aanvragen"
        );
        let page = portal
            .get("/vragen/huishoudelijke-hulp-aanvragen")
            .await
            .ok();
        assert_eq!(page.one("h1"), "Wie maakt bij mij schoon?");
    });
}
