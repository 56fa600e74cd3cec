//! The records of the social map, one slice a subject.
//!
//! Each slice has the same few files: `model` (what it is), `store` (every SQL statement),
//! `commands` (the named acts that change it), `document` (what of it enters the search index).
//! A slice may read the slices below it: words, themes, scope, zones < places < agenda <
//! pictures < organisations < activities < dossiers < calendar sources.

pub mod activities;
pub mod acts;
pub mod agenda;
pub mod calendar_sources;
pub mod dossiers;
pub mod editing;
pub mod former_slugs;
pub mod hours;
pub mod organisations;
pub mod pictures;
pub mod places;
pub mod register;
pub mod scope;
pub mod themes;
pub mod upkeep;
pub mod vocabulary;
pub mod words;
pub mod zones;

pub use acts::{Act, CommandError};
pub use upkeep::{State, Upkeep};

/// Characters of the name of an organisation, activity or place.
pub const LONGEST_NAME: usize = 150;
/// Characters of a summary. Sixty words, which is what readers take in, are some 400.
pub const LONGEST_SUMMARY: usize = 1500;
pub use vocabulary::Vocabulary;
