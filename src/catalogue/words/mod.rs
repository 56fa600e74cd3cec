//! Search words (synonyms) and help lines: small lists without pages of their own.

pub mod commands;
pub mod model;
pub mod store;

pub use model::{HelpLine, Synonym, SynonymKind};
