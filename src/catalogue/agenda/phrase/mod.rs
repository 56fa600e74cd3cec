//! Reads what people type: "elke dinsdag van 10.00 tot 12.00 uur, behalve in schoolvakanties".
//!
//! A sentence is a row of clauses in any order (days, hours, an end, exceptions), each said once.
//! Nothing is passed over: a word that no clause knows is a fault. Two things are taken as said
//! that were not: without hours it is the whole day, and a course without days is weekly. Show
//! what was read as [`in_words`](super::in_words) tells it.

mod clauses;
mod compose;
mod days;
mod hours;
mod reader;
mod repeats;
#[cfg(test)]
mod tests;
mod tokens;

use chrono::{Datelike, NaiveDate};

use super::plain::{PlainFault, PlainSchedule};
use crate::base::dutch;

/// Why a sentence is not understood, said to who typed it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PhraseFault {
    #[error("Schrijf wanneer het is, bijvoorbeeld: elke dinsdag van 10.00 tot 12.00 uur.")]
    Empty,
    #[error(
        "“{0}” wordt niet begrepen. Schrijf bijvoorbeeld: elke dinsdag van 10.00 tot 12.00 uur, \
         behalve in schoolvakanties."
    )]
    Unknown(String),
    #[error("Er staat niet op welke dag. Schrijf bijvoorbeeld: elke dinsdag, of: op 24 december.")]
    NoDay,
    #[error("Er staat niet hoe laat. Schrijf bijvoorbeeld: van 19.30 tot 21.00 uur.")]
    NoHours,
    #[error("“{0}” is hier geen tijd. Schrijf bijvoorbeeld: van 10.00 tot 12.00 uur.")]
    Hour(String),
    #[error("Is “{0} uur” overdag of ’s avonds? Schrijf bijvoorbeeld: 19.30 uur.")]
    Half(String),
    #[error("“{0}” is geen goede datum. Schrijf bijvoorbeeld: 24 december 2026.")]
    Date(String),
    /// The date falls on another day of the week than was said.
    #[error("{} is een {}. Verbeter de dag of de datum.",
            dutch::date(*.0), dutch::weekday(.0.weekday()))]
    Weekday(NaiveDate),
    #[error("De datums staan niet op volgorde. Schrijf bijvoorbeeld: 12, 19 en 26 juni.")]
    Order,
    #[error("Telt {0} zelf mee? Schrijf dan: tot en met {0}. Noem anders de dag ervoor.")]
    Until(String),
    #[error("Is dat elke maand? Schrijf bijvoorbeeld: elke 3e donderdag van de maand.")]
    OfMonth,
    #[error("Er staan twee {0}. Maak voor elk een eigen regel.")]
    Twice(&'static str),
    #[error(
        "Dit gaat niet samen. Schrijf bijvoorbeeld: elke dinsdag van 10.00 tot 12.00 uur, tot en \
         met 30 juni."
    )]
    Apart,
    /// Understood, and wrong.
    #[error(transparent)]
    Plain(#[from] PlainFault),
}

/// Reads a sentence as typed by an editor today. A date without a
/// year is the first that comes; in a list, the last before the one after it.
///
/// # Errors
/// The first thing that is not understood, or cannot be, as a Dutch sentence with an example.
pub fn parse(text: &str, today: NaiveDate) -> Result<PlainSchedule, PhraseFault> {
    let pieces = tokens::pieces(text);
    if pieces.is_empty() {
        return Err(PhraseFault::Empty);
    }
    let heard = clauses::hear(reader::Reader::new(&pieces))?;
    let plain = compose::plain(&heard, today)?;
    plain.schedule(&[])?;
    Ok(plain)
}
