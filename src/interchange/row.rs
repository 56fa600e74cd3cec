use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveDate;

use super::Fault;
use crate::base::Slug;
use crate::base::geo::GeoPoint;
use crate::base::written;
use crate::catalogue::hours::{Hours, HoursFault, dutch};
use crate::catalogue::{LONGEST_NAME, LONGEST_SUMMARY, Upkeep};

/// A longer cell is a mistake: the longest text that a page may hold is far below this.
const MAX_CELL: usize = 10_000;

/// A name in one table that stands for a row of another.
#[derive(Debug)]
pub struct Reference {
    pub table: &'static str,
    pub key: String,
    pub line: u64,
    pub column: String,
    pub from: &'static str,
}

/// One line of a table, read cell by cell. Every fault is noted; none stops the reading.
pub struct Row<'a> {
    pub(super) file: &'static str,
    pub(super) line: u64,
    /// The place of the line among its siblings, from 0: the editors' order.
    pub(super) index: i32,
    pub(super) header: &'a [String],
    pub(super) record: &'a csv::StringRecord,
    pub(super) faults: &'a mut Vec<Fault>,
    pub(super) references: &'a mut Vec<Reference>,
}

impl Row<'_> {
    #[must_use]
    pub fn position(&self) -> i32 {
        self.index
    }

    /// Notes a fault at a column of this line.
    pub fn fault(&mut self, column: &str, message: impl Display) {
        self.faults.push(Fault {
            file: self.file,
            line: self.line,
            column: column.to_owned(),
            message: message.to_string(),
        });
    }

    /// The cell without white space around it; empty when the column is not there.
    pub fn text(&mut self, column: &str) -> String {
        let cell = self
            .header
            .iter()
            .position(|name| name == column)
            .and_then(|at| self.record.get(at))
            .unwrap_or("")
            .trim();
        let cell = unguard(cell).to_owned();
        if cell.len() > MAX_CELL {
            self.fault(column, format!("langer dan {MAX_CELL} bytes"));
            return String::new();
        }
        if cell
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r')
        {
            self.fault(column, "bevat een teken dat niet te tonen is");
            return String::new();
        }
        cell
    }

    pub fn required(&mut self, column: &str) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() {
            self.fault(column, "mag niet leeg zijn");
            return None;
        }
        Some(text)
    }

    /// The name of a record.
    pub fn name(&mut self, column: &str) -> Option<String> {
        let name = self.required(column)?;
        self.fits(column, &name, LONGEST_NAME).then_some(name)
    }

    /// The summary of a record, which may be empty.
    pub fn summary(&mut self) -> String {
        let summary = self.text("summary");
        self.fits("summary", &summary, LONGEST_SUMMARY);
        summary
    }

    fn fits(&mut self, column: &str, text: &str, most: usize) -> bool {
        let length = text.chars().count();
        if length > most {
            self.fault(
                column,
                format!("dit zijn {length} tekens, en er passen er {most}"),
            );
        }
        length <= most
    }

    /// A value that must be there.
    pub fn value<T: FromStr<Err: Display>>(&mut self, column: &str) -> Option<T> {
        let text = self.required(column)?;
        self.parsed(column, &text, T::from_str)
    }

    /// A value that may be missing: `Some(None)`; `None` when it is wrong.
    pub fn optional<T, E: Display>(
        &mut self,
        column: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        let text = self.text(column);
        if text.is_empty() {
            return Some(None);
        }
        self.parsed(column, &text, parse).map(Some)
    }

    /// A value with something to assume where the cell is empty.
    pub fn value_or<T: FromStr<Err: Display>>(&mut self, column: &str, default: T) -> Option<T> {
        Some(self.optional(column, T::from_str)?.unwrap_or(default))
    }

    /// A truth value, with what to assume where the cell is empty.
    pub fn flag(&mut self, column: &str, default: bool) -> Option<bool> {
        Some(self.truth(column)?.unwrap_or(default))
    }

    /// A truth value that may be missing; a spreadsheet in Dutch makes WAAR of it.
    pub fn truth(&mut self, column: &str) -> Option<Option<bool>> {
        self.optional(column, |text| match text.to_lowercase().as_str() {
            "true" | "waar" => Ok(true),
            "false" | "onwaar" => Ok(false),
            _ => Err("geen ja of nee: schrijf true of false"),
        })
    }

    /// A date as `2026-11-24`, or as a spreadsheet in Dutch makes it: `24-11-2026`.
    pub fn date(&mut self, column: &str) -> Option<Option<NaiveDate>> {
        self.optional(column, |text| {
            written::day(text).map_err(|_| "geen datum: schrijf 2026-11-24")
        })
    }

    /// Cells between semicolons, without empty ones.
    pub fn list(&mut self, column: &str) -> Vec<String> {
        self.text(column)
            .split(';')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    pub fn values<T, E: Display>(
        &mut self,
        column: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let mut fine = true;
        let mut values = Vec::new();
        for item in self.list(column) {
            match self.parsed(column, &item, &parse) {
                Some(value) => values.push(value),
                None => fine = false,
            }
        }
        fine.then_some(values)
    }

    /// Names of rows in another table.
    pub fn references(&mut self, column: &str, table: &'static str) -> Option<Vec<Slug>> {
        let slugs = self.values(column, Slug::parse)?;
        let mut seen: Vec<Slug> = Vec::new();
        for slug in slugs {
            if seen.contains(&slug) {
                self.fault(column, format!("{slug} staat er twee keer"));
                continue;
            }
            self.refer(column, table, slug.as_str());
            seen.push(slug);
        }
        Some(seen)
    }

    /// The name of a row in another table, or nothing.
    pub fn reference(&mut self, column: &str, table: &'static str) -> Option<Option<Slug>> {
        let slug = self.optional(column, Slug::parse)?;
        if let Some(slug) = &slug {
            self.refer(column, table, slug.as_str());
        }
        Some(slug)
    }

    pub fn refer(&mut self, column: &str, table: &'static str, key: &str) {
        self.references.push(Reference {
            table,
            key: key.to_owned(),
            line: self.line,
            column: column.to_owned(),
            from: self.file,
        });
    }

    /// A point from two columns in degrees: both or neither.
    pub fn point(&mut self, latitude: &str, longitude: &str) -> Option<Option<GeoPoint>> {
        let degrees =
            |text: &str| f64::from_str(text).map_err(|_| "geen getal in graden: schrijf 52.25");
        let lat = self.optional(latitude, degrees)?;
        let lon = self.optional(longitude, degrees)?;
        match (lat, lon) {
            (None, None) => Some(None),
            (Some(lat), Some(lon)) => {
                let point = GeoPoint::new(lat, lon);
                if point.is_none() {
                    self.fault(latitude, "geen punt op aarde, in graden");
                }
                point.map(Some)
            }
            _ => {
                self.fault(latitude, "geef lat en lon allebei, of geen van beide");
                None
            }
        }
    }

    /// Opening hours in their notation; empty where the cell is.
    pub fn hours(
        &mut self,
        column: &str,
        parse: impl Fn(&str) -> Result<Hours, HoursFault>,
    ) -> Option<String> {
        let read = |text: &str| dutch::read(text, &parse);
        self.optional(column, read).map(Option::unwrap_or_default)
    }

    /// The columns that most records share: state, source, day of the last check.
    pub fn upkeep(&mut self) -> Option<Upkeep> {
        let state = self.value_or("state", crate::catalogue::State::Published);
        let source_url = self.text("source_url");
        let source_year = self.optional("source_year", |text| match i16::from_str(text) {
            Ok(year @ 1900..=2100) => Ok(year),
            _ => Err("geen jaar van 1900 tot en met 2100"),
        });
        let checked_at = self.date("checked_at");
        Some(Upkeep {
            state: state?,
            source_url,
            source_year: source_year?,
            checked_at: checked_at?,
        })
    }

    fn parsed<T, E: Display>(
        &mut self,
        column: &str,
        text: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        parse(text)
            .map_err(|e| self.fault(column, format!("{e} (er staat {:?})", shortened(text))))
            .ok()
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// A cell that a spreadsheet would take for a formula carries a leading apostrophe in our files
/// (OWASP, CSV injection); reading takes it off again.
fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        _ => cell,
    }
}

const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Also with apostrophes of its own before it, or reading would take one of those for ours.
fn is_risky(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

/// The cell as it is written: [`Row::text`] reads it back.
#[must_use]
pub fn guard(cell: String) -> String {
    if is_risky(&cell) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::{guard, unguard};

    #[test]
    fn formulas_are_inert_and_come_back_whole() {
        for cell in [
            "=1+1",
            "+31 570",
            "-x",
            "@x",
            "'t Dijkhuis",
            "'=x",
            "''+x",
            "gewoon",
        ] {
            assert!(!guard(cell.to_owned()).starts_with(['=', '+', '-', '@']));
            assert_eq!(unguard(&guard(cell.to_owned())), cell);
        }
    }
}
