//! Search words (synonyms), searches that found nothing, and help lines: small lists without
//! pages of their own.

pub mod commands;
pub mod model;
pub mod store;
mod unanswered;

pub use model::{HelpLine, Synonym, SynonymKind};
pub use unanswered::Unanswered;
