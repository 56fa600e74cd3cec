//! Tables in and out.

mod faults;
mod formulas;
mod large;
mod round_trip;
mod sets;
mod undo;

use std::collections::HashMap;
use std::path::Path;

use sqlx::PgPool;
use wijzer::access::Actor;
use wijzer::interchange::{self, ImportError, Report};

use crate::support::server::DEVENTER;

pub async fn import(pool: &PgPool, folder: &Path, dry_run: bool) -> Result<Report, ImportError> {
    interchange::import(pool, &Actor::Import, folder, dry_run).await
}

pub async fn export(pool: &PgPool, folder: &Path) {
    let mut conn = pool.acquire().await.unwrap();
    interchange::export(&mut conn, folder).await.unwrap();
}

/// What is wrong in a folder, a line each.
pub async fn faults(pool: &PgPool, folder: &Path) -> Vec<String> {
    match import(pool, folder, false).await {
        Err(ImportError::Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
        other => panic!("no faults but {other:?}"),
    }
}

/// A table with the columns of the Deventer set, where each row names only what matters.
pub fn table(folder: &Path, file: &str, rows: &[&[(&str, &str)]]) {
    let columns = csv::Reader::from_path(Path::new(DEVENTER).join(file))
        .unwrap()
        .headers()
        .unwrap()
        .clone();
    let mut writer = csv::Writer::from_path(folder.join(file)).unwrap();
    let mut header: Vec<&str> = columns.iter().collect();
    let further = rows
        .iter()
        .flat_map(|row| row.iter())
        .map(|(column, _)| *column);
    further.for_each(|column| {
        if !header.contains(&column) {
            header.push(column);
        }
    });
    writer.write_record(&header).unwrap();
    for row in rows {
        let given: HashMap<&str, &str> = row.iter().copied().collect();
        let usual = |column: &str| match (file, column) {
            ("organisations.csv", "kind") => "voluntary",
            ("places.csv", "kind") => "other",
            ("activities.csv", "kind") => "meeting",
            ("organisations.csv" | "activities.csv", "step") => "open",
            ("places.csv", "zone") => "voorstad",
            (_, "name" | "title" | "summary") => "Naam",
            _ => "",
        };
        writer
            .write_record(
                header
                    .iter()
                    .map(|column| given.get(column).copied().unwrap_or_else(|| usual(column))),
            )
            .unwrap();
    }
}

/// The files of a folder with their text.
pub fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                std::fs::read_to_string(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}
