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
use super::correction::Known;
use super::error::SearchError;
use super::inner::{Inner, Taught};
use super::language::Word;
use super::matches::Matches;
use super::ranking::Ranking;
use super::request::{Filters, Order};
use super::sieve::Sieve;
use super::snapshot::Snapshot;
use crate::base::RecordKind;

/// Nobody types more before looking.
const LONGEST: usize = 80;
/// More words say nothing more.
const MOST_WORDS: usize = 6;
/// Completions of an unfinished or misspelled word.
const MOST_COMPLETIONS: usize = 8;
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

/// Suggestions from one snapshot.
pub(super) struct Suggesting<'a> {
    pub inner: &'a Inner,
    pub taught: &'a Taught,
    pub ranking: &'a Ranking,
    pub snapshot: &'a Snapshot,
}

impl Suggesting<'_> {
    /// # Errors
    /// When the index on disk is damaged.
    pub fn run(&self, typed: &str, most: usize) -> Result<Vec<Suggestion>, SearchError> {
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
                clauses.push(self.clause(word, unfinished)?);
            }
        }
        if clauses.is_empty() {
            return Ok(Vec::new());
        }
        self.collect(&Matches::all_of(&clauses), most)
    }

    /// A word in titles: whole, or as the beginning of one; mended when no title has it.
    fn clause(&self, word: &Word, unfinished: bool) -> Result<Matches, SearchError> {
        let surface = &word.surface;
        let mut surfaces = vec![surface.clone()];
        let mut known = self.known().holds(surface)?;
        if unfinished {
            let exact = self.inner.fields.title_exact;
            let found = completion::of(surface, &self.snapshot.postings, exact)?;
            known |= !found.longer.is_empty();
            surfaces.extend(found.longer);
        }
        if !known {
            let speller = &self.snapshot.speller;
            if unfinished {
                let near = speller.complete(surface, MOST_COMPLETIONS);
                surfaces.extend(near.into_iter().map(str::to_owned));
            }
            let meant = speller.correct(surface);
            surfaces.extend(meant.map(|(word, _)| word.to_owned()));
        }
        let mut choices = Vec::new();
        let term = |field, text: &str, weight| self.snapshot.postings.matches(field, text, weight);
        for (place, surface) in surfaces.iter().enumerate() {
            // What was typed before what it may become.
            let weight = if place == 0 { 1.0 } else { 0.8 };
            let stem = self.inner.analyzer.stem(surface);
            let f = self.inner.fields;
            choices.push(term(f.title_exact, surface, weight)?);
            choices.push(term(f.title, &stem, weight)?);
            if place == 0 {
                choices.push(term(f.title_parts, &stem, weight / 2.0)?);
                choices.push(term(f.keywords, &stem, weight / 2.0)?);
            }
        }
        Ok(Matches::best(&choices, 0.0))
    }

    fn known(&self) -> Known<'_> {
        self.inner.known(self.taught, self.snapshot)
    }

    fn collect(&self, matches: &Matches, most: usize) -> Result<Vec<Suggestion>, SearchError> {
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
        let found = collector.collect(matches, self.snapshot);
        let mut titles = HashSet::new();
        let mut suggestions = Vec::new();
        for (_, address) in &found.best {
            let columns = &self.snapshot.segments[address.segment_ord as usize];
            let Inner {
                fields, analyzer, ..
            } = self.inner;
            let shown = self.snapshot.shown(*address, fields, analyzer)?;
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
