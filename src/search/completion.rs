//! Words of the index that start with what someone has typed so far.

use std::collections::HashMap;

use tantivy::schema::Field;

use super::error::SearchError;
use super::postings::Postings;

/// More completions add cost and noise, no hits that a person would expect.
const MOST: usize = 8;
/// Terms read per segment: bounds the time for short beginnings.
const MOST_READ: usize = 512;

/// The completions of a beginning.
pub struct Completions {
    /// Whether the beginning itself is a word of the index.
    pub is_word: bool,
    /// Longer words, commonest first.
    pub longer: Vec<String>,
}

/// Three letters say something; two only beside other words.
#[must_use]
pub fn is_long_enough(beginning: &str, words_in_query: usize) -> bool {
    let letters = beginning.chars().count();
    letters >= 3 || (letters == 2 && words_in_query > 1)
}

/// The commonest words of a field of surface words that start so.
///
/// # Errors
/// When the term dictionary cannot be read.
pub fn of(beginning: &str, postings: &Postings, field: Field) -> Result<Completions, SearchError> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let end = format!("{beginning}{}", char::MAX);
    for index in postings.dictionaries(field) {
        let range = index
            .terms()
            .range()
            .ge(beginning.as_bytes())
            .lt(end.as_bytes());
        let mut terms = range.into_stream()?;
        let mut read = 0;
        while read < MOST_READ && terms.advance() {
            let word = String::from_utf8_lossy(terms.key()).into_owned();
            *counts.entry(word).or_default() += terms.value().doc_freq;
            read += 1;
        }
    }
    let is_word = counts.remove(beginning).is_some();
    let mut longer: Vec<(String, u32)> = counts.into_iter().collect();
    longer.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    longer.truncate(MOST);
    Ok(Completions {
        is_word,
        longer: longer.into_iter().map(|(word, _)| word).collect(),
    })
}
