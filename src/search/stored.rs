//! What the index stores of a record in order to show it, and the marks on its words.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
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
    /// Stems of the summary.
    summary_words: Vec<String>,
    /// The words of the title, small ones included.
    title_words: Vec<String>,
}

/// A word of a shown text with its terms, so that marking a hit needs no analysis.
struct ShownWord {
    range: Range<usize>,
    /// Of its surface, its stem, and the stems of its parts.
    terms: Vec<Term>,
}

/// A term that is only compared: 64 bits of a hash, and never two words of one text alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Term(u64);

impl Term {
    fn stem(stem: &str) -> Self {
        Self::new("stem", stem)
    }

    fn surface(surface: &str) -> Self {
        Self::new("surface", surface)
    }

    fn new(role: &str, word: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (role, word).hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// The terms of a query that are marked in hits.
pub struct Marker(Vec<Term>);

impl Shown {
    /// # Errors
    /// When the bytes are not what [`Stored::write`] made.
    pub fn read(bytes: &[u8], analyzer: &Analyzer) -> serde_json::Result<Self> {
        let Stored {
            slug,
            keywords,
            card,
        } = serde_json::from_slice(bytes)?;
        let content = |text: &str| {
            let words = analyzer.words(text).into_iter();
            let content = words.filter(|word| !analyzer.is_stopword(&word.surface));
            content.collect::<Vec<_>>()
        };
        let stems = |words: &[Word]| {
            words
                .iter()
                .map(|word| analyzer.stem(&word.surface))
                .collect()
        };
        let (title, summary) = (content(&card.title), content(&card.summary));
        let about = [&title[..], &content(&keywords.join("\n"))].concat();
        let mut subject_words: Vec<String> = stems(&about);
        let parts = about.iter().flat_map(|word| analyzer.parts(&word.surface));
        let subject = parts.chain(subject_words.clone()).collect();
        subject_words.sort_unstable();
        subject_words.dedup();
        Ok(Self {
            subject,
            subject_words,
            summary_words: stems(&summary),
            title_words: analyzer
                .words(&card.title)
                .into_iter()
                .map(|w| w.surface)
                .collect(),
            slug,
            card: Arc::new(card),
            title: shown_words(&title, analyzer),
            summary: shown_words(&summary, analyzer),
        })
    }

    /// Whether title or search words hold a stem, be it as a part of a word.
    #[must_use]
    pub fn is_about(&self, stem: &str) -> bool {
        self.subject.contains(stem)
    }

    /// Whether title or search words hold a word with this stem.
    #[must_use]
    pub fn names(&self, stem: &str) -> bool {
        self.subject_words
            .binary_search_by(|word| word.as_str().cmp(stem))
            .is_ok()
    }

    /// Whether the title is just these words.
    #[must_use]
    pub fn is_titled(&self, words: &[Word]) -> bool {
        let same = |(title, word): (&String, &Word)| *title == word.surface;
        self.title_words.len() == words.len() && self.title_words.iter().zip(words).all(same)
    }

    /// Stems of the summary.
    pub fn summary_words(&self) -> impl Iterator<Item = &str> {
        self.summary_words.iter().map(String::as_str)
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

fn shown_words(words: &[Word], analyzer: &Analyzer) -> Vec<ShownWord> {
    let words = words.iter().map(|word| {
        let stems = std::iter::once(analyzer.stem(&word.surface));
        let stems = stems.chain(analyzer.parts(&word.surface));
        let stems = stems.map(|stem| Term::stem(&stem));
        ShownWord {
            range: word.range.clone(),
            terms: stems.chain([Term::surface(&word.surface)]).collect(),
        }
    });
    words.collect()
}

impl Marker {
    /// Marks words with one of the stems, and the completions of the last word. Nothing when no
    /// word was searched.
    #[must_use]
    pub fn new(stems: &HashSet<String>, completions: &HashSet<String>) -> Self {
        if stems.is_empty() {
            return Self(Vec::new());
        }
        let surfaces = completions.iter().map(|word| Term::surface(word));
        let mut terms: Vec<Term> = surfaces
            .chain(stems.iter().map(|s| Term::stem(s)))
            .collect();
        terms.sort_unstable();
        Self(terms)
    }

    fn mark(&self, words: &[ShownWord]) -> Vec<Range<usize>> {
        let marked = |term: &Term| self.0.binary_search(term).is_ok();
        let hits = words.iter().filter(|word| word.terms.iter().any(marked));
        hits.map(|word| word.range.clone()).collect()
    }
}
