//! Dutch: text to words, words to stems, compounds to parts.
//!
//! Records and queries pass through the same code, so both sides always agree. What is known of
//! the language stands in tables: the project's own under `data/language`, and the Dutch spelling
//! dictionary of the system where there is one (`hunspell` reads it, `lexicon` holds it).

mod analysis;
mod compounds;
mod folding;
mod hunspell;
mod lexicon;
mod words;

pub use analysis::{Analyzer, Word, lines};
pub use lexicon::Lexicon;
