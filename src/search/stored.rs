//! What the index stores of a record in order to show it, and the marks on its words.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::{Card, Document};
use super::language::{Analyzer, Word};

/// The stored form: JSON in the document store.
#[derive(Deserialize)]
pub struct Stored {
    slug: String,
    keywords: Vec<String>,
    card: Card,
}

#[derive(Serialize)]
struct StoredRef<'a> {
    slug: &'a str,
    keywords: &'a [String],
    card: &'a Card,
}

impl Stored {
    /// # Errors
    /// When the card cannot be written as JSON, which no card causes.
    pub fn write(document: &Document) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&StoredRef {
            slug: &document.slug,
            keywords: &document.keywords,
            card: &document.card,
        })
    }
}

/// A stored record made ready to show: decoded once, when it first becomes a hit.
pub struct Shown {
    /// Slug of its page.
    pub slug: String,
    /// Its card.
    pub card: Arc<Card>,
    title: Vec<ShownWord>,
    summary: Vec<ShownWord>,
    /// Stems and parts of title and search words: what it is an answer to.
    subject: HashSet<String>,
    /// Stems of title and search words, each once.
    subject_words: Vec<String>,
    /// The words of the title, small ones included.
    title_words: Vec<String>,
}

/// A word of a shown text with its terms, so that marking a hit needs no analysis.
struct ShownWord {
    range: Range<usize>,
    surface: String,
    /// Its stem, and the stems of its parts.
    stems: Vec<String>,
}

/// The terms of a query that are marked in hits.
#[derive(Default)]
pub struct Marker {
    /// Stems of the query words.
    pub stems: HashSet<String>,
    /// Surface words: the completions of the last word.
    pub surfaces: HashSet<String>,
}

impl Shown {
    /// # Errors
    /// When the bytes are not what [`Stored::write`] made.
    pub fn read(bytes: &[u8], analyzer: &Analyzer) -> serde_json::Result<Self> {
        let Stored {
            slug,
            keywords,
            card,
        } = serde_json::from_slice(bytes)?;
        let title = shown_words(&card.title, analyzer);
        let summary = shown_words(&card.summary, analyzer);
        let keywords = shown_words(&keywords.join("\n"), analyzer);
        let subject = title.iter().chain(&keywords).flat_map(|w| w.stems.clone());
        let first = title
            .iter()
            .chain(&keywords)
            .filter_map(|w| w.stems.first());
        let mut subject_words: Vec<String> = first.cloned().collect();
        subject_words.sort_unstable();
        subject_words.dedup();
        Ok(Self {
            subject: subject.collect(),
            subject_words,
            title_words: analyzer
                .words(&card.title)
                .into_iter()
                .map(|w| w.surface)
                .collect(),
            slug,
            card: Arc::new(card),
            title,
            summary,
        })
    }

    /// Whether title and search words hold a word of each group.
    #[must_use]
    pub fn is_about(&self, groups: &[HashSet<String>]) -> bool {
        let holds = |group: &HashSet<String>| !group.is_disjoint(&self.subject);
        !groups.is_empty() && groups.iter().all(holds)
    }

    /// Whether the title is just these words.
    #[must_use]
    pub fn is_titled(&self, words: &[Word]) -> bool {
        let same = |(title, word): (&String, &Word)| *title == word.surface;
        self.title_words.len() == words.len() && self.title_words.iter().zip(words).all(same)
    }

    /// Stems of the summary.
    pub fn summary_words(&self) -> impl Iterator<Item = &str> {
        let first = self.summary.iter().filter_map(|word| word.stems.first());
        first.map(String::as_str)
    }

    /// Stems of title and search words, each once.
    pub fn subject_words(&self) -> impl Iterator<Item = &str> {
        self.subject_words.iter().map(String::as_str)
    }

    /// Byte ranges in the title of the card that match the query, in order.
    #[must_use]
    pub fn title_marks(&self, marker: &Marker) -> Vec<Range<usize>> {
        marker.mark(&self.title)
    }

    /// Byte ranges in the summary of the card that match the query, in order.
    #[must_use]
    pub fn summary_marks(&self, marker: &Marker) -> Vec<Range<usize>> {
        marker.mark(&self.summary)
    }
}

fn shown_words(text: &str, analyzer: &Analyzer) -> Vec<ShownWord> {
    let words = analyzer
        .words(text)
        .into_iter()
        .filter(|w| !analyzer.is_stopword(&w.surface));
    words
        .map(|word| ShownWord {
            range: word.range,
            stems: std::iter::once(analyzer.stem(&word.surface))
                .chain(analyzer.parts(&word.surface))
                .collect(),
            surface: word.surface,
        })
        .collect()
}

impl Marker {
    fn mark(&self, words: &[ShownWord]) -> Vec<Range<usize>> {
        if self.stems.is_empty() {
            return Vec::new();
        }
        let hit = |word: &&ShownWord| {
            word.stems.iter().any(|stem| self.stems.contains(stem))
                || self.surfaces.contains(&word.surface)
        };
        words
            .iter()
            .filter(hit)
            .map(|word| word.range.clone())
            .collect()
    }
}
