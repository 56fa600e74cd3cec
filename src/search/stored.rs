//! What the index stores of a record in order to show it, and the marks on its words.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::{Card, Document};
use super::language::Analyzer;

/// The stored form: JSON in the document store.
#[derive(Deserialize)]
pub struct Stored {
    slug: String,
    card: Card,
}

#[derive(Serialize)]
struct StoredRef<'a> {
    slug: &'a str,
    card: &'a Card,
}

impl Stored {
    /// # Errors
    /// When the card cannot be written as JSON, which no card causes.
    pub fn write(document: &Document) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&StoredRef {
            slug: &document.slug,
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
}

/// A word of a shown text with its terms, so that marking a hit needs no analysis.
struct ShownWord {
    range: Range<usize>,
    surface: String,
    stem: String,
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
        let Stored { slug, card } = serde_json::from_slice(bytes)?;
        let title = shown_words(&card.title, analyzer);
        let summary = shown_words(&card.summary, analyzer);
        Ok(Self {
            slug,
            card: Arc::new(card),
            title,
            summary,
        })
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
            stem: analyzer.stem(&word.surface),
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
            self.stems.contains(&word.stem) || self.surfaces.contains(&word.surface)
        };
        words
            .iter()
            .filter(hit)
            .map(|word| word.range.clone())
            .collect()
    }
}
