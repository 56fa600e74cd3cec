//! Search words (synonyms), searches that found nothing, help lines and texts of the site: small
//! lists without pages of their own.

pub mod commands;
pub mod model;
pub mod store;
pub mod texts;
mod unanswered;

pub use model::{HelpLine, Synonym, SynonymKind};
pub use texts::{SiteText, TextName};
pub use unanswered::Unanswered;
