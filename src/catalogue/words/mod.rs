//! Search words (synonyms), searches that found nothing, help lines, words that raise the alarm and texts of the site: small
//! lists without pages of their own.

pub mod alarms;
pub mod commands;
pub mod model;
pub mod store;
pub mod texts;
mod unanswered;

pub use alarms::Trigger;
pub use model::{HelpLine, Synonym, SynonymKind};
pub use texts::{SiteText, TextName};
pub use unanswered::Unanswered;
