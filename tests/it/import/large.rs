use std::time::Instant;

use super::{faults, import, table};
use crate::support::run;
use crate::support::server::{Template, TestDatabase, open_folder};

/// Resident memory of this process, in megabytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        / 1024
}

/// Fault matrix, F14. By hand: `cargo test --test it -- --ignored`.
#[test]
#[ignore = "takes minutes in a debug build"]
fn fifty_thousand_rows_are_bounded() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let pool = database.pool();
        let folder = open_folder();
        let slugs: Vec<String> = (0..50_000).map(|i| format!("club-{i}")).collect();
        let rows = |phone: &'static str| -> Vec<Vec<(&str, &str)>> {
            slugs
                .iter()
                .enumerate()
                .map(|(i, slug)| {
                    vec![
                        ("slug", slug.as_str()),
                        ("phone", if i % 100 == 0 { phone } else { "112" }),
                    ]
                })
                .collect()
        };
        let write = |rows: Vec<Vec<(&str, &str)>>| {
            table(
                folder.path(),
                "organisations.csv",
                &rows.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            );
        };
        let before = resident();
        write(rows("bel ons"));
        let begun = Instant::now();
        assert_eq!(
            faults(&pool, folder.path()).await.len(),
            500,
            "one in a hundred is bad"
        );
        println!(
            "500 faults in {:?}, {} MB more",
            begun.elapsed(),
            resident().saturating_sub(before)
        );
        write(rows("112"));
        let begun = Instant::now();
        assert_eq!(
            import(&pool, folder.path(), false)
                .await
                .unwrap()
                .registered,
            50_000
        );
        println!(
            "50,000 rows in {:?}, {} MB more",
            begun.elapsed(),
            resident().saturating_sub(before)
        );
        let begun = Instant::now();
        assert_eq!(
            import(&pool, folder.path(), false).await.unwrap().unchanged,
            50_000
        );
        println!(
            "again in {:?}, {} MB more",
            begun.elapsed(),
            resident().saturating_sub(before)
        );
        assert!(resident() < before + 1_000, "{} MB", resident());
    });
}
