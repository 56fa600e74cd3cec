//! Whether a Dutch text is easy to read: hints for who writes it. Knows nothing of records; a
//! hint is an offer and never stands in the way of saving.
//!
//! - `sentences`: a text in sentences and words
//! - `syllables`: how many of them a word has
//! - `readability`: a figure for the whole
//! - `advice`: what could be plainer

mod advice;
mod readability;
mod sentences;
mod syllables;

pub use advice::{Advice, FieldTerm, LONG_SENTENCE};
pub use readability::{Ease, Readability};
