//! An import taken back.

use std::path::Path;

use sqlx::PgPool;
use wijzer::access::Actor;
use wijzer::interchange::{self, Change, Files, Left, Undone, tables};

use super::{export, files, import, table};
use crate::support::run;
use crate::support::server::{DEVENTER, Template, TestDatabase, open_folder};

async fn load(pool: &PgPool, folder: &Path) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut tx = pool.begin().await.unwrap();
    let files = Files::in_folder(folder, &tables::FILES).unwrap();
    let report = interchange::load(&mut tx, &Actor::Import, files, Some(&mut changes))
        .await
        .unwrap();
    assert_eq!(changes.len(), report.changed());
    tx.commit().await.unwrap();
    changes
}

async fn undo(pool: &PgPool, changes: &[Change]) -> Undone {
    let mut tx = pool.begin().await.unwrap();
    let undone = interchange::undo(&mut tx, &Actor::Import, changes).await;
    tx.commit().await.unwrap();
    undone.unwrap()
}

async fn exported(pool: &PgPool) -> Vec<(String, String)> {
    let folder = open_folder();
    export(pool, folder.path()).await;
    files(folder.path())
}

#[test]
fn what_was_new_goes() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let pool = database.pool();
        let before = exported(&pool).await;
        let changes = load(&pool, Path::new(DEVENTER)).await;
        assert!(changes.len() > 1_000);
        assert_ne!(exported(&pool).await, before);
        let undone = undo(&pool, &changes).await;
        assert_eq!(undone.left, []);
        assert_eq!(undone.restored + undone.removed, changes.len());
        assert_eq!(exported(&pool).await, before);
    });
}

#[test]
fn what_was_revised_is_as_it_was() {
    run(async {
        let database = TestDatabase::new(Template::Deventer).await;
        let pool = database.pool();
        let before = exported(&pool).await;
        let folder = open_folder();
        for (name, text) in &before {
            // Every text that says what something is.
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let header = reader.headers().unwrap().clone();
            let texts = ["summary", "question", "label"];
            let at = header.iter().position(|column| texts.contains(&column));
            let mut writer = csv::Writer::from_path(folder.path().join(name)).unwrap();
            writer.write_record(&header).unwrap();
            for record in reader.records() {
                let record = record.unwrap();
                let cells = record.iter().enumerate();
                let cells = cells.map(|(i, cell)| match at {
                    Some(at) if at == i => format!("{cell} Nieuw."),
                    _ => cell.to_owned(),
                });
                writer.write_record(cells).unwrap();
            }
            writer.flush().unwrap();
        }
        let changes = load(&pool, folder.path()).await;
        assert!(changes.len() > 500, "{}", changes.len());
        let summary = changes
            .iter()
            .find(|change| change.file == "organisations.csv");
        let [(column, old, new)] = &summary.unwrap().cells[..] else {
            panic!("one cell differs");
        };
        assert_eq!(
            (column.as_str(), new),
            ("summary", &format!("{old} Nieuw."))
        );
        assert_ne!(exported(&pool).await, before);
        let undone = undo(&pool, &changes).await;
        assert_eq!((undone.restored, undone.removed), (changes.len(), 0));
        assert_eq!(undone.left, []);
        assert_eq!(exported(&pool).await, before);
    });
}

#[test]
fn what_changed_since_stays_and_is_told() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let pool = database.pool();
        let folder = open_folder();
        let rows: [&[(&str, &str)]; 3] =
            [&[("slug", "een")], &[("slug", "twee")], &[("slug", "drie")]];
        table(folder.path(), "organisations.csv", &rows);
        let changes = load(&pool, folder.path()).await;

        let later = open_folder();
        let other: [&[(&str, &str)]; 1] = [&[("slug", "een"), ("summary", "Anders")]];
        table(later.path(), "organisations.csv", &other);
        let stands_on: [&[(&str, &str)]; 1] = [&[("slug", "erop"), ("organisation", "twee")]];
        table(later.path(), "activities.csv", &stands_on);
        import(&pool, later.path(), false).await.unwrap();

        let undone = undo(&pool, &changes).await;
        let left = |key: &str, why| ("organisations.csv".to_owned(), key.to_owned(), why);
        let mut told = undone.left;
        told.sort_by(|a, b| a.1.cmp(&b.1));
        assert_eq!(
            told,
            [left("een", Left::Changed), left("twee", Left::Needed)]
        );
        assert_eq!((undone.restored, undone.removed), (0, 1));
        let slugs: Vec<String> = sqlx::query_scalar(
            "select slug from organisations where slug in ('een', 'twee', 'drie') order by slug",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        assert_eq!(slugs, ["een", "twee"]);
        let removals: i64 = sqlx::query_scalar(
            "select count(*) from audit_log where act = 'remove' and key = 'drie'",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(removals, 1, "it is in the log");
    });
}
