use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{Acquire, PgConnection, PgPool};

use super::fault::{Fault, not_there};
use super::table::{self, Entry, Files, Kept, Located, Notes, Sent};
use super::tables::{AddressRow, ChangeRow, FILES, ScheduleRow};
use crate::access::Actor;
use crate::catalogue::agenda::Closure;
use crate::catalogue::dossiers::FaqDraft;
use crate::catalogue::former_slugs::Redirect;
use crate::catalogue::themes::{Audience, StepLabel};
use crate::catalogue::words::{HelpLine, Synonym};
use crate::catalogue::{
    Act, CommandError, activities, dossiers, organisations, places, themes, zones,
};

/// What an import did, or would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    pub registered: usize,
    pub revised: usize,
    pub unchanged: usize,
    pub dry_run: bool,
}

impl Report {
    #[must_use]
    pub fn changed(&self) -> usize {
        self.registered + self.revised
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            registered,
            revised,
            unchanged,
            dry_run,
        } = self;
        match (self.changed(), dry_run) {
            (0, _) => write!(
                f,
                "Nothing to change: all {unchanged} rows are there already."
            ),
            (_, true) => write!(
                f,
                "Dry run, nothing written: {registered} rows would be new, {revised} revised, {unchanged} unchanged."
            ),
            (_, false) => write!(
                f,
                "{registered} rows registered, {revised} revised, {unchanged} unchanged."
            ),
        }
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Every fault that was found; nothing was written.
    #[error("{}; nothing was written", Self::counted(.0.len()))]
    Faults(Vec<Fault>),
    #[error("een tabel is niet te lezen: {0}")]
    Read(#[from] io::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A row that was registered or revised.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Change {
    pub file: String,
    pub key: String,
    /// Cells that differ: column, before, after. Empty when only other tables of the record
    /// differ, such as its times.
    pub cells: Vec<(String, String, String)>,
    /// The whole entry as it was; `None`: it is new.
    pub before: Option<Value>,
    pub after: Value,
}

impl Change {
    fn of<T: Kept>(present: Option<&T>, row: &T) -> Result<Self, sqlx::Error> {
        let columns = T::COLUMNS.iter().chain(T::EXTRA);
        let before = present.map(Entry::write).unwrap_or_default();
        let cells = columns.zip(row.write()).enumerate();
        let cells = cells.filter_map(|(at, (column, after))| {
            let before = before.get(at).cloned().unwrap_or_default();
            (before != after).then(|| ((*column).to_owned(), before, after))
        });
        let json = |entry| serde_json::to_value(entry).map_err(|e| sqlx::Error::Encode(e.into()));
        Ok(Self {
            file: T::FILE.to_owned(),
            key: row.key(),
            cells: cells.collect(),
            before: present.map(json).transpose()?,
            after: json(row)?,
        })
    }
}

impl ImportError {
    /// "1 fault found", "12 faults found"
    #[must_use]
    pub fn counted(faults: usize) -> String {
        let word = if faults == 1 { "fault" } else { "faults" };
        format!("{faults} {word} found")
    }
}

/// Loads the tables of a folder in one transaction: rows are registered or revised by their
/// key, rows that are not in the tables stay as they are.
///
/// # Errors
/// All faults of the tables at once, and then nothing is written; or that of the database.
pub async fn import(
    pool: &PgPool,
    actor: &Actor,
    directory: &Path,
    dry_run: bool,
) -> Result<Report, ImportError> {
    let files = Files::in_folder(directory, &FILES)?;
    let mut transaction = pool.begin().await?;
    let report = load(&mut transaction, actor, files, None).await?;
    if dry_run {
        transaction.rollback().await?;
    } else {
        transaction.commit().await?;
    }
    Ok(Report { dry_run, ..report })
}

/// The same within the transaction of the caller, who commits or does not; `changes` gets what
/// becomes of each row.
///
/// # Errors
/// As [`import()`]; the transaction is of no more use then.
pub async fn load(
    conn: &mut PgConnection,
    actor: &Actor,
    mut files: Files,
    changes: Option<&mut Vec<Change>>,
) -> Result<Report, ImportError> {
    let mut notes = Notes::default();
    let sent = files.sent();
    alone(conn).await?;
    let tables = Tables::read(conn, &mut files, &mut notes).await?;
    if tables.is_empty() && notes.faults.is_empty() {
        let why = if sent.is_empty() {
            "er is geen tabel gevonden"
        } else {
            "er staat geen enkele rij in"
        };
        return Err(ImportError::Faults(vec![Fault::of_file("", why)]));
    }
    let mut run = Run {
        sent,
        actor,
        report: Report::default(),
        faults: notes.faults,
        known: HashMap::new(),
        changes,
    };
    run.check_references(conn, &tables, &notes.references)
        .await?;
    if run.faults.is_empty() {
        run.apply_all(conn, &tables).await?;
    }
    if !run.faults.is_empty() {
        run.faults.sort();
        return Err(ImportError::Faults(run.faults));
    }
    Ok(run.report)
}

/// One import at a time, and no limit of the kind that guards visitors.
pub(super) async fn alone(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("set local statement_timeout = '10min'")
        .execute(&mut *conn)
        .await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtext('wijzer import'))")
        .execute(conn)
        .await?;
    Ok(())
}

/// The tables of an import; a table that is not there is empty.
struct Tables {
    steps: Vec<Located<StepLabel>>,
    audiences: Vec<Located<Audience>>,
    themes: Vec<Located<themes::Draft>>,
    zones: Vec<Located<zones::Draft>>,
    places: Vec<Located<places::Draft>>,
    organisations: Vec<Located<organisations::Draft>>,
    activities: Vec<Located<activities::Draft>>,
    dossiers: Vec<Located<dossiers::Draft>>,
    faqs: Vec<Located<FaqDraft>>,
    closures: Vec<Located<Closure>>,
    synonyms: Vec<Located<Synonym>>,
    help_lines: Vec<Located<HelpLine>>,
    redirects: Vec<Located<Redirect>>,
}

impl Tables {
    async fn read(
        conn: &mut PgConnection,
        files: &mut Files,
        notes: &mut Notes,
    ) -> Result<Self, sqlx::Error> {
        let mut tables = Self {
            steps: table::read(conn, files, notes).await?.unwrap_or_default(),
            audiences: table::read(conn, files, notes).await?.unwrap_or_default(),
            themes: table::read(conn, files, notes).await?.unwrap_or_default(),
            zones: table::read(conn, files, notes).await?.unwrap_or_default(),
            places: table::read(conn, files, notes).await?.unwrap_or_default(),
            organisations: table::read(conn, files, notes).await?.unwrap_or_default(),
            activities: table::read(conn, files, notes).await?.unwrap_or_default(),
            dossiers: table::read(conn, files, notes).await?.unwrap_or_default(),
            faqs: table::read(conn, files, notes).await?.unwrap_or_default(),
            closures: table::read(conn, files, notes).await?.unwrap_or_default(),
            synonyms: table::read(conn, files, notes).await?.unwrap_or_default(),
            help_lines: table::read(conn, files, notes).await?.unwrap_or_default(),
            redirects: table::read(conn, files, notes).await?.unwrap_or_default(),
        };
        AddressRow::join(
            &mut tables.places,
            table::read_parts(files, notes).unwrap_or_default(),
            notes,
        );
        ScheduleRow::join(
            &mut tables.activities,
            table::read_parts(files, notes).unwrap_or_default(),
            notes,
        );
        ChangeRow::join(
            &mut tables.activities,
            table::read_parts(files, notes).unwrap_or_default(),
            notes,
        );
        Ok(tables)
    }

    fn is_empty(&self) -> bool {
        self.steps.is_empty()
            && self.audiences.is_empty()
            && self.themes.is_empty()
            && self.zones.is_empty()
            && self.places.is_empty()
            && self.organisations.is_empty()
            && self.activities.is_empty()
            && self.dossiers.is_empty()
            && self.faqs.is_empty()
            && self.closures.is_empty()
            && self.synonyms.is_empty()
            && self.help_lines.is_empty()
            && self.redirects.is_empty()
    }
}

/// One import under way.
struct Run<'a> {
    sent: Sent,
    actor: &'a Actor,
    report: Report,
    faults: Vec<Fault>,
    /// Per table, the keys that a reference may name.
    known: HashMap<&'static str, HashSet<String>>,
    changes: Option<&'a mut Vec<Change>>,
}

impl Run<'_> {
    async fn check_references(
        &mut self,
        conn: &mut PgConnection,
        tables: &Tables,
        references: &[super::row::Reference],
    ) -> Result<(), sqlx::Error> {
        self.learn(conn, &tables.steps).await?;
        self.learn(conn, &tables.audiences).await?;
        self.learn(conn, &tables.themes).await?;
        self.learn(conn, &tables.zones).await?;
        self.learn(conn, &tables.places).await?;
        self.learn(conn, &tables.organisations).await?;
        self.learn(conn, &tables.activities).await?;
        self.learn(conn, &tables.dossiers).await?;
        self.learn(conn, &tables.faqs).await?;
        // What refers to a table that could not be read is no fault of its own.
        let unread: HashSet<&str> = self
            .faults
            .iter()
            .filter(|f| f.line <= 1)
            .map(|f| f.file)
            .collect();
        for reference in references.iter().filter(|r| !unread.contains(r.table)) {
            let known = self.known.get(reference.table);
            if !known.is_some_and(|keys| keys.contains(&reference.key)) {
                self.faults.push(Fault {
                    file: reference.from,
                    line: reference.line,
                    column: reference.column.clone(),
                    message: not_there(&reference.key, reference.table),
                });
            }
        }
        Ok(())
    }

    async fn learn<T: Kept>(
        &mut self,
        conn: &mut PgConnection,
        rows: &[Located<T>],
    ) -> Result<(), sqlx::Error> {
        let mut keys: HashSet<String> = T::present(conn).await?.iter().map(Entry::key).collect();
        keys.extend(rows.iter().map(|row| row.entry.key()));
        self.known.insert(T::FILE, keys);
        Ok(())
    }

    async fn apply_all(
        &mut self,
        conn: &mut PgConnection,
        tables: &Tables,
    ) -> Result<(), sqlx::Error> {
        self.apply(conn, &tables.steps).await?;
        self.apply(conn, &tables.audiences).await?;
        self.apply(conn, &tables.themes).await?;
        self.apply(conn, &tables.zones).await?;
        self.apply(conn, &tables.places).await?;
        self.apply(conn, &tables.organisations).await?;
        self.apply(conn, &tables.activities).await?;
        self.apply(conn, &tables.dossiers).await?;
        self.apply(conn, &tables.faqs).await?;
        self.apply(conn, &tables.closures).await?;
        self.apply(conn, &tables.synonyms).await?;
        self.apply(conn, &tables.help_lines).await?;
        self.apply(conn, &tables.redirects).await
    }

    /// Keeps the rows of one table that are new or different.
    async fn apply<T: Kept>(
        &mut self,
        conn: &mut PgConnection,
        rows: &[Located<T>],
    ) -> Result<(), sqlx::Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let present: HashMap<String, T> = T::present(conn)
            .await?
            .into_iter()
            .map(|e| (e.key(), e))
            .collect();
        let mut ordered = rows.to_vec();
        ordered.sort_by_key(|row| row.entry.rank());
        let mut kept = Vec::new();
        for mut row in ordered {
            let before = present.get(&row.entry.key());
            let act = match before {
                Some(before) => {
                    row.entry.carry(before, &self.sent);
                    if row.entry.is_same(before) {
                        self.report.unchanged += 1;
                        continue;
                    }
                    Act::Revise
                }
                None => Act::Register,
            };
            if self.keep(conn, &row, act).await? {
                if let Some(changes) = self.changes.as_deref_mut() {
                    changes.push(Change::of(before, &row.entry)?);
                }
                kept.push(row);
            }
        }
        for row in kept {
            let mut savepoint = conn.begin().await?;
            let outcome = row.entry.settle(&mut savepoint).await;
            if self.note::<T>(row.line, outcome)? {
                savepoint.commit().await?;
            } else {
                savepoint.rollback().await?;
            }
        }
        Ok(())
    }

    /// Keeps one row behind a savepoint, so that a refusal is one fault among others.
    async fn keep<T: Kept>(
        &mut self,
        conn: &mut PgConnection,
        row: &Located<T>,
        act: Act,
    ) -> Result<bool, sqlx::Error> {
        let mut savepoint = conn.begin().await?;
        let outcome = row.entry.keep(&mut savepoint, self.actor, act).await;
        let kept = self.note::<T>(row.line, outcome)?;
        if !kept {
            savepoint.rollback().await?;
            return Ok(false);
        }
        savepoint.commit().await?;
        match act {
            Act::Register => self.report.registered += 1,
            _ => self.report.revised += 1,
        }
        Ok(true)
    }

    /// A refusal becomes a fault; a database that fails ends the import.
    fn note<T: Entry>(
        &mut self,
        line: u64,
        outcome: Result<(), CommandError>,
    ) -> Result<bool, sqlx::Error> {
        let (column, message) = match outcome {
            Ok(()) => return Ok(true),
            Err(CommandError::Database(error)) => return Err(error),
            Err(CommandError::Refused(violation)) => {
                (violation.field, violation.sentence.to_owned())
            }
            Err(CommandError::Unknown) => (String::new(), CommandError::Unknown.to_string()),
        };
        self.faults.push(Fault {
            file: T::FILE,
            line,
            column,
            message,
        });
        Ok(false)
    }
}
