//! One CSV table (RFC 4180, UTF-8, comma): reading with all its faults, writing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::Fault;
use super::lines::{self, Line, MAX_FILE};
use super::row::{Reference, Row, guard};
use crate::access::Actor;
use crate::catalogue::{Act, CommandError};

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

    /// The names of the tables that are there.
    #[must_use]
    pub fn sent(&self) -> Sent {
        Sent(self.0.keys().cloned().collect())
    }

    fn take<T: Entry>(&mut self) -> Option<Vec<u8>> {
        self.0.remove(T::FILE)
    }
}

/// Which tables came. What a table tells of a record stays as it is when the table did not come.
#[derive(Clone, Default, Debug)]
pub struct Sent(BTreeSet<String>);

impl Sent {
    #[must_use]
    pub fn has<T: Entry>(&self) -> bool {
        self.0.contains(T::FILE)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
    /// Takes over what the record has and none of the tables that were sent tells.
    fn carry(&mut self, _present: &Self, _sent: &Sent) {}
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

/// A row and its number in the file.
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

/// The cells of a row as they are now, by its key.
type Present = HashMap<String, Vec<String>>;

/// Takes a table out of the files; `None` when it is not among them. A column that may be left out
/// and is says nothing: of rows that are there already it keeps what they have.
///
/// # Errors
/// When the database does not answer.
pub async fn read<T: Kept>(
    conn: &mut PgConnection,
    files: &mut Files,
    notes: &mut Notes,
) -> Result<Option<Vec<Located<T>>>, sqlx::Error> {
    let Some(table) = Table::open::<T>(files, notes) else {
        return Ok(None);
    };
    let mut present = Present::new();
    if !table.left_out.is_empty() {
        let rows = T::present(conn).await?;
        present.extend(rows.iter().map(|row| (row.key(), row.write())));
    }
    Ok(Some(table.entries(&present, notes)))
}

/// The same for rows that are part of a record.
pub fn read_parts<T: Entry>(files: &mut Files, notes: &mut Notes) -> Option<Vec<Located<T>>> {
    let table = Table::open::<T>(files, notes)?;
    Some(table.entries(&Present::new(), notes))
}

/// A file whose columns are those of its table.
struct Table {
    header: Vec<String>,
    /// Columns that the file leaves out, with their place in what is written.
    left_out: Vec<(usize, String)>,
    lines: Vec<Line>,
}

impl Table {
    fn open<T: Entry>(files: &mut Files, notes: &mut Notes) -> Option<Self> {
        let lines = match lines::read(T::FILE, files.take::<T>()?) {
            Ok(lines) => lines,
            Err(fault) => {
                notes.faults.push(fault);
                return None;
            }
        };
        let mut lines = lines.into_iter();
        let Some(first) = lines.next() else {
            notes
                .faults
                .push(Fault::of_file(T::FILE, "dit bestand is leeg"));
            return None;
        };
        let header = header::<T>(&first, notes)?;
        let written = T::COLUMNS.iter().chain(T::EXTRA).enumerate();
        let left_out = written.filter(|(_, column)| !header.iter().any(|name| name == *column));
        Some(Self {
            left_out: left_out
                .map(|(at, column)| (at, (*column).to_owned()))
                .collect(),
            header,
            lines: lines.collect(),
        })
    }

    fn entries<T: Entry>(self, present: &Present, notes: &mut Notes) -> Vec<Located<T>> {
        let mut whole = self.header.clone();
        whole.extend(self.left_out.iter().map(|(_, column)| column.clone()));
        let mut entries = Vec::new();
        let mut numbers: HashMap<String, u64> = HashMap::new();
        for Line { number, mut cells } in self.lines {
            if cells.len() != self.header.len() {
                let message = format!(
                    "{} cellen, en de eerste regel heeft er {}",
                    cells.len(),
                    self.header.len()
                );
                notes.faults.push(Fault {
                    file: T::FILE,
                    line: number,
                    column: String::new(),
                    message,
                });
                continue;
            }
            let index = i32::try_from(entries.len()).unwrap_or(i32::MAX);
            let mut own = Notes::default();
            let mut entry = own.read::<T>((number, index), &self.header, &cells);
            if let Some(now) = entry.as_ref().and_then(|entry| present.get(&entry.key())) {
                for (at, _) in &self.left_out {
                    cells.push_field(&guard(now.get(*at).cloned().unwrap_or_default()));
                }
                own = Notes::default();
                entry = own.read((number, index), &whole, &cells);
            }
            notes.faults.append(&mut own.faults);
            notes.references.append(&mut own.references);
            let Some(entry) = entry else { continue };
            if let Some(first) = numbers.insert(entry.key(), number) {
                notes.faults.push(Fault {
                    file: T::FILE,
                    line: number,
                    column: T::COLUMNS[0].to_owned(),
                    message: format!("{:?} staat al op regel {first}", entry.key()),
                });
            }
            entries.push(Located {
                line: number,
                entry,
            });
        }
        entries
    }
}

impl Notes {
    fn read<T: Entry>(
        &mut self,
        (line, index): (u64, i32),
        header: &[String],
        record: &csv::StringRecord,
    ) -> Option<T> {
        T::read(&mut Row {
            file: T::FILE,
            line,
            index,
            header,
            record,
            faults: &mut self.faults,
            references: &mut self.references,
        })
    }
}

/// More faults than this in the first line are one: it is another table.
const FEW: usize = 5;

/// The names of the columns; `None` when they are not those of the table.
fn header<T: Entry>(first: &Line, notes: &mut Notes) -> Option<Vec<String>> {
    let names = first.cells.iter().map(|name| name.trim().to_lowercase());
    let header: Vec<String> = names.collect();
    let is_known = |name: &str| T::COLUMNS.contains(&name) || T::EXTRA.contains(&name);
    let mut faults = Vec::new();
    let mut fault = |column: &str, message: &str| {
        faults.push(Fault {
            file: T::FILE,
            line: first.number,
            column: column.chars().take(60).collect(),
            message: message.to_owned(),
        });
    };
    for (at, name) in header.iter().enumerate() {
        if !is_known(name) {
            fault(name, "deze kolom hoort niet in deze tabel");
        } else if header[..at].contains(name) {
            fault(name, "deze kolom staat er twee keer");
        }
    }
    for column in T::COLUMNS {
        if !header.iter().any(|name| name == column) {
            fault(column, "deze kolom ontbreekt");
        }
    }
    if faults.is_empty() {
        return Some(header);
    }
    if faults.len() > FEW {
        let known = T::COLUMNS
            .iter()
            .filter(|name| header.iter().any(|it| it == *name));
        let known = known.count();
        let message = format!(
            "dit lijkt een andere tabel: van de {} kolommen die nodig zijn, staan er {known}. De eerste regel hoort de namen van de kolommen te hebben, zoals in het bestand dat u hier downloadt",
            T::COLUMNS.len()
        );
        faults = vec![Fault {
            file: T::FILE,
            line: first.number,
            column: String::new(),
            message,
        }];
    }
    notes.faults.append(&mut faults);
    None
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
