//! One CSV table (RFC 4180, UTF-8, comma): reading with all its faults, writing.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::Fault;
use super::row::{Reference, Row, guard};
use crate::access::Actor;
use crate::catalogue::{Act, CommandError};

/// A larger file is not one of ours; reading it could exhaust memory.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// The files of an import: what stands in each, by its name.
#[derive(Clone, Default, Debug)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Those of a folder that are there.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn in_folder(folder: &Path, names: &[&str]) -> io::Result<Self> {
        let mut files = Self::default();
        for name in names {
            let path = folder.join(name);
            if path.is_file() {
                let mut bytes = Vec::new();
                // One byte more than is accepted, so that it is refused and not cut off.
                let mut start = File::open(path)?.take(MAX_FILE + 1);
                start.read_to_end(&mut bytes)?;
                files.put(*name, bytes);
            }
        }
        Ok(files)
    }

    pub fn put(&mut self, name: impl Into<String>, content: Vec<u8>) {
        self.0.insert(name.into(), content);
    }

    fn take<T: Entry>(&mut self) -> Option<Vec<u8>> {
        self.0.remove(T::FILE)
    }
}

/// A kind of row: the table that it stands in, and how it is read and written.
pub trait Entry: Sized + PartialEq + Clone + Send + Sync {
    const FILE: &'static str;
    /// Columns that must be in the file, in the order of writing.
    const COLUMNS: &'static [&'static str];
    /// Columns that may be left out.
    const EXTRA: &'static [&'static str];

    fn read(row: &mut Row<'_>) -> Option<Self>;
    /// The cells, for `COLUMNS` and then `EXTRA`.
    fn write(&self) -> Vec<String>;
    /// What names the row: a second row with this key revises the first.
    fn key(&self) -> String;
}

/// A row that is a record of its own, kept by the acts of its slice.
pub trait Kept: Entry + Serialize + DeserializeOwned {
    /// Rows with a lower rank are kept first.
    fn rank(&self) -> u8 {
        0
    }

    fn present(
        conn: &mut PgConnection,
    ) -> impl Future<Output = Result<Vec<Self>, sqlx::Error>> + Send;
    fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> impl Future<Output = Result<(), CommandError>> + Send;
    /// Takes over what the record has and no table holds.
    fn carry(&mut self, _present: &Self) {}
    /// Whether keeping this row would change nothing.
    fn is_same(&self, present: &Self) -> bool {
        self == present
    }
    /// Takes the row away as if it had never been; the database refuses when others stand on it.
    fn take_away(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
    ) -> impl Future<Output = Result<(), CommandError>> + Send;
    /// What can only be done when every row of the table is kept.
    fn settle(
        &self,
        _conn: &mut PgConnection,
    ) -> impl Future<Output = Result<(), CommandError>> + Send {
        async { Ok(()) }
    }
}

/// A row and the line that it came from.
#[derive(Clone, Debug)]
pub struct Located<T> {
    pub line: u64,
    pub entry: T,
}

/// Everything noted while reading.
#[derive(Default)]
pub struct Notes {
    pub faults: Vec<Fault>,
    pub references: Vec<Reference>,
}

/// Takes a table out of the files; `None` when it is not among them.
pub fn read<T: Entry>(files: &mut Files, notes: &mut Notes) -> Option<Vec<Located<T>>> {
    let text = as_text(T::FILE, files.take::<T>()?, notes)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = header::<T>(records.next(), notes)?;
    let mut entries = Vec::new();
    let mut lines: HashMap<String, u64> = HashMap::new();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                notes
                    .faults
                    .push(Fault::of_file(T::FILE, error.to_string()));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let Some(entry) = entry::<T>(&header, &record, line, entries.len(), notes) else {
            continue;
        };
        if let Some(first) = lines.insert(entry.key(), line) {
            notes.faults.push(Fault {
                file: T::FILE,
                line,
                column: T::COLUMNS[0].to_owned(),
                message: format!("{:?} staat al op regel {first}", entry.key()),
            });
        }
        entries.push(Located { line, entry });
    }
    Some(entries)
}

/// A spreadsheet in Dutch writes semicolons between the cells. No column has either in its name.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |letter| header.matches(letter).count();
    if count(';') > count(',') { b';' } else { b',' }
}

fn entry<T: Entry>(
    header: &[String],
    record: &csv::StringRecord,
    line: u64,
    index: usize,
    notes: &mut Notes,
) -> Option<T> {
    if record.len() != header.len() {
        notes.faults.push(Fault {
            file: T::FILE,
            line,
            column: String::new(),
            message: format!(
                "{} cellen, en de eerste regel heeft er {}",
                record.len(),
                header.len()
            ),
        });
        return None;
    }
    T::read(&mut Row {
        file: T::FILE,
        line,
        index: i32::try_from(index).unwrap_or(i32::MAX),
        header,
        record,
        faults: &mut notes.faults,
        references: &mut notes.references,
    })
}

/// A file as text, or a fault that says why it is none.
fn as_text(file: &'static str, bytes: Vec<u8>, notes: &mut Notes) -> Option<String> {
    if bytes.len() as u64 > MAX_FILE {
        notes.faults.push(Fault::of_file(file, "groter dan 64 MB"));
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            if text.matches('"').count() % 2 == 1 {
                notes.faults.push(Fault::of_file(
                    file,
                    "een aanhalingsteken wordt niet gesloten",
                ));
            }
            Some(
                text.strip_prefix('\u{feff}')
                    .map(str::to_owned)
                    .unwrap_or(text),
            )
        }
        Err(error) => {
            let upto = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            notes.faults.push(Fault {
                file,
                line: upto.split(|b| *b == b'\n').count() as u64,
                column: String::new(),
                message: "geen UTF-8: bewaar het bestand opnieuw als CSV UTF-8".to_owned(),
            });
            None
        }
    }
}

fn header<T: Entry>(
    first: Option<Result<csv::StringRecord, csv::Error>>,
    notes: &mut Notes,
) -> Option<Vec<String>> {
    let header: Vec<String> = match first {
        Some(Ok(record)) => record.iter().map(|name| name.trim().to_owned()).collect(),
        _ => Vec::new(),
    };
    let before = notes.faults.len();
    let mut fault = |column: &str, message: &str| {
        notes.faults.push(Fault {
            file: T::FILE,
            line: 1,
            column: column.chars().take(60).collect(),
            message: message.to_owned(),
        });
    };
    for (at, name) in header.iter().enumerate() {
        if !T::COLUMNS.contains(&name.as_str()) && !T::EXTRA.contains(&name.as_str()) {
            fault(name, "deze kolom hoort niet in deze tabel");
        }
        if header[..at].contains(name) {
            fault(name, "deze kolom staat er twee keer");
        }
    }
    for column in T::COLUMNS {
        if !header.iter().any(|name| name == column) {
            fault(column, "deze kolom ontbreekt");
        }
    }
    (notes.faults.len() == before).then_some(header)
}

/// Writes cells, a row on each line.
pub fn writer<W: io::Write>(to: W, delimiter: u8) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .delimiter(delimiter)
        .from_writer(to)
}

/// Writes a table.
///
/// # Errors
/// When it cannot be written.
pub fn write<T: Entry>(to: impl io::Write, delimiter: u8, entries: &[T]) -> Result<(), csv::Error> {
    let mut writer = writer(to, delimiter);
    writer.write_record(T::COLUMNS.iter().chain(T::EXTRA))?;
    for entry in entries {
        writer.write_record(entry.write().into_iter().map(guard))?;
    }
    writer.flush()?;
    Ok(())
}
