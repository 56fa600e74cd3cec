//! Calendars of organisations (iCalendar, RFC 5545), as a managed source of activities.
//!
//! - `content`: lines and components; `text`, `moment`, `zones`, `rule`: values in them
//! - `said`: what an event says of itself in words
//! - `when`, `dates`, `times`: when an item is held, as schedules; `items`: what a file holds
//! - `merge`: what the source says now beside what was edited here
//! - `surroundings`: what an item becomes among our records
//! - `following`: one run: everything in one transaction, or nothing
//!
//! A file of others decides nothing but its own items: its size, depth, lines and meetings are
//! bounded, and what one item gets wrong refuses that item only.

pub mod content;
pub mod dates;
pub mod following;
pub mod items;
pub mod merge;
pub mod moment;
pub mod rule;
pub mod said;
pub mod surroundings;
pub mod text;
pub mod times;
pub mod when;
pub mod zones;

use std::collections::HashMap;
use std::fmt::Display;

use crate::base::{Slug, dutch};
use content::Property;

pub use following::{Consent, Given, follow, note};
pub use items::{Item, Reading, read};

/// Why a file is not followed at all.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("this is not a calendar (iCalendar)")]
    NotACalendar,
    #[error("the calendar breaks off before its end")]
    BreaksOff,
    #[error("line {0} closes what was not opened")]
    Entangled(usize),
    #[error("line {0} lies too deep within other components")]
    TooDeep(usize),
    #[error("line {0} is not UTF-8")]
    NotText(usize),
    #[error("the calendar has more than {0} lines")]
    TooLong(usize),
    #[error("the calendar has more than {0} items")]
    TooMany(usize),
    #[error("the calendar has more than {0} bytes")]
    TooLarge(usize),
    #[error("its rules take too long to follow")]
    TooSlow,
}

/// What is wrong with one item, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// In the file, from 1.
    pub line: usize,
    pub message: String,
}

impl Fault {
    fn at(property: &Property, message: impl Display) -> Self {
        Self {
            line: property.line,
            message: message.to_string(),
        }
    }
}

/// Our places by their name, to know a LOCATION by.
#[derive(Default, Debug)]
pub struct Places(HashMap<String, Slug>);

impl Places {
    #[must_use]
    pub fn new(places: impl IntoIterator<Item = (String, Slug)>) -> Self {
        let by_name = |(name, slug): (String, Slug)| (dutch::sort_key(&name), slug);
        Self(places.into_iter().map(by_name).collect())
    }

    /// The place that a location names: whole, or before its address.
    #[must_use]
    pub fn find(&self, location: &str) -> Option<&Slug> {
        let name = location.split([',', '(', ';']).next().unwrap_or_default();
        let mut names = [location, name].into_iter();
        names.find_map(|name| self.0.get(&dutch::sort_key(name.trim())))
    }
}
