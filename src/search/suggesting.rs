//! Suggestions while someone types: records whose titles or search words hold what is typed so
//! far.
//!
//! Only titles are shown: whoever follows a suggestion arrives somewhere, and no word is shown that no
//! record shows.

use std::collections::HashSet;
use std::sync::Arc;

use super::blend::{Blend, Mood};
use super::collector::PageCollector;
use super::completion;
use super::error::SearchError;
use super::inner::View;
use super::language::Word;
use super::matches::Matches;
use super::request::{Filters, Order};
use super::sieve::Sieve;
use crate::base::RecordKind;

/// Nobody types more before looking.
const LONGEST: usize = 80;
/// More words say nothing more.
const MOST_WORDS: usize = 6;
/// Completions of an unfinished or misspelled word.
const MOST_COMPLETIONS: usize = 8;
/// What was typed stands before what it may become: a share of the score.
const MEANT: f32 = 0.8;
/// Titles that are the same are shown once, so a few more are looked up.
const SPARE: usize = 3;

/// A record to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Kind of record.
    pub kind: RecordKind,
    /// Slug of its page.
    pub slug: String,
    /// Its title.
    pub title: String,
}

impl View<'_> {
    /// Records to go to, likeliest first; any text is fine.
    ///
    /// # Errors
    /// When the index on disk is damaged.
    pub fn suggest(&self, typed: &str, most: usize) -> Result<Vec<Suggestion>, SearchError> {
        let text: String = typed.chars().take(LONGEST).collect();
        let analyzer = &self.inner.analyzer;
        let mut words = analyzer.words(&text);
        words.truncate(MOST_WORDS);
        let open = words
            .last()
            .is_some_and(|word| word.range.end == text.len());
        let last = words.len().saturating_sub(1);
        let mut clauses = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let unfinished = open && at == last;
            if unfinished || !analyzer.is_stopword(&word.surface) {
                clauses.push(self.titled(word, unfinished)?);
            }
        }
        if clauses.is_empty() {
            return Ok(Vec::new());
        }
        self.suggestions(&Matches::all_of(&clauses), most)
    }

    /// A word in titles: whole, or as the beginning of one; mended when no title has it.
    fn titled(&self, word: &Word, unfinished: bool) -> Result<Matches, SearchError> {
        let surface = &word.surface;
        let (f, exact) = (self.inner.fields, self.inner.fields.title_exact);
        let term = |field, text: &str, weight| self.snapshot.postings.matches(field, text, weight);
        let stem = self.inner.analyzer.stem(surface);
        let mut choices = vec![
            term(exact, surface, 1.0)?,
            term(f.title, &stem, 1.0)?,
            term(f.title_parts, &stem, 0.5)?,
            term(f.keywords, &stem, 0.5)?,
        ];
        let mut known = self.known().holds(surface)?;
        if unfinished {
            let found = completion::of(surface, &self.snapshot.postings, exact)?;
            known |= !found.longer.is_empty();
            for longer in found.longer {
                choices.push(term(exact, &longer, MEANT)?);
            }
        }
        if !known {
            let speller = &self.snapshot.speller;
            let mut near = Vec::new();
            if unfinished {
                near = speller.complete(surface, MOST_COMPLETIONS);
            }
            near.extend(speller.correct(surface).map(|(word, _)| word));
            for meant in near {
                choices.push(term(exact, meant, MEANT)?);
                choices.push(term(f.title, &self.inner.analyzer.stem(meant), MEANT)?);
            }
        }
        Ok(Matches::best(&choices, 0.0))
    }

    fn suggestions(&self, matches: &Matches, most: usize) -> Result<Vec<Suggestion>, SearchError> {
        let blend = Blend::new(
            (None, Order::Relevance),
            &[],
            Mood::default(),
            (self.snapshot, self.ranking),
        );
        let collector = PageCollector {
            sieve: Arc::new(Sieve::new(
                &Filters::default(),
                None,
                &self.snapshot.names.groups,
            )),
            blend: Arc::new(blend),
            limit: most * SPARE,
        };
        let best = collector.best(matches, self.snapshot);
        let mut titles = HashSet::new();
        let mut suggestions = Vec::new();
        for (_, address) in &best {
            let columns = &self.snapshot.segments[address.segment_ord as usize];
            let shown = self.shown(*address)?;
            if suggestions.len() < most && titles.insert(shown.card.title.clone()) {
                suggestions.push(Suggestion {
                    kind: RecordKind::ALL[columns.kinds[address.doc_id as usize] as usize],
                    slug: shown.slug.clone(),
                    title: shown.card.title.clone(),
                });
            }
        }
        Ok(suggestions)
    }
}
