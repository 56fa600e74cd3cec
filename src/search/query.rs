//! The planner: from typed words to a tantivy query.
//!
//! Never tantivy's `QueryParser`: residents type brackets and minus signs without meaning
//! anything by them. Each word becomes one clause (the best of its fields), all clauses must
//! match, and [`Plan::query`] asks for fewer when the caller found nothing.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::analysis::{Analyzer, Word};
use super::completion;
use super::error::SearchError;
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::stored::Marker;

/// Longer queries are cut (quality.md trap 10).
const LONGEST_QUERY: usize = 300;
/// Content words beyond these are ignored.
const MOST_WORDS: usize = 12;

/// Weights per field. Values from `shared/search.md` section 5; issue 3 measures them on the
/// real records.
struct Weights {
    title_exact: f32,
    title: f32,
    keywords: f32,
    summary: f32,
    body: f32,
    words: f32,
    /// Share of the weaker fields that is added to the best one.
    tie: f32,
    /// A hyphenated word found as loose pieces.
    pieces: f32,
    /// Completion of a last word that no record holds, so it must be unfinished.
    finished: f32,
    /// Completion of a last word that is a word already.
    longer: f32,
}

const WEIGHTS: Weights = Weights {
    title_exact: 3.3,
    title: 3.0,
    keywords: 2.0,
    summary: 1.0,
    body: 0.6,
    words: 0.5,
    tie: 0.2,
    pieces: 0.9,
    finished: 0.95,
    longer: 0.3,
};

/// What a query means, ready to run with more or fewer words required.
pub struct Plan {
    clauses: Vec<Box<dyn Query>>,
    /// The terms to mark in hits.
    pub marker: Marker,
}

impl Plan {
    /// Plans any text, in bounded time.
    ///
    /// # Errors
    /// When the term dictionary cannot be read.
    pub fn read(
        text: &str,
        snapshot: &Snapshot,
        fields: &Fields,
        analyzer: &Analyzer,
    ) -> Result<Self, SearchError> {
        let short: String = text.chars().take(LONGEST_QUERY).collect();
        let (words, last_is_open) = content_words(&short, analyzer);
        let planner = Planner {
            snapshot,
            fields,
            analyzer,
        };
        let mut plan = Self {
            clauses: Vec::new(),
            marker: Marker::default(),
        };
        let count = words.len();
        for (index, word) in words.iter().enumerate() {
            let open = last_is_open && index + 1 == count;
            plan.clauses
                .push(planner.clause(word, open, count, &mut plan.marker)?);
        }
        Ok(plan)
    }

    /// Number of words that count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    /// The query that wants at least so many of the words.
    #[must_use]
    pub fn query(&self, required: usize) -> Box<dyn Query> {
        let mut clauses: Vec<Box<dyn Query>> = self
            .clauses
            .iter()
            .map(|clause| clause.box_clone())
            .collect();
        if clauses.len() < 2 {
            return clauses.pop().unwrap_or_else(|| Box::new(EmptyQuery));
        }
        if required >= clauses.len() {
            return Box::new(BooleanQuery::intersection(clauses));
        }
        Box::new(BooleanQuery::union_with_minimum_required_clauses(
            clauses, required,
        ))
    }
}

/// The words that carry a subject, each once, and whether the last typed word is among them:
/// only then may it be unfinished. Without any such word the small words are the subject.
fn content_words(text: &str, analyzer: &Analyzer) -> (Vec<Word>, bool) {
    let words = analyzer.words(text);
    let last = words.last().map(|word| word.surface.clone());
    let content: Vec<Word> = words
        .iter()
        .filter(|word| !analyzer.is_stopword(&word.surface))
        .cloned()
        .collect();
    let mut kept: Vec<Word> = Vec::new();
    for word in if content.is_empty() { words } else { content } {
        if kept.len() < MOST_WORDS && !kept.iter().any(|other| other.surface == word.surface) {
            kept.push(word);
        }
    }
    let open = kept.last().map(|word| &word.surface) == last.as_ref();
    (kept, open)
}

struct Planner<'a> {
    snapshot: &'a Snapshot,
    fields: &'a Fields,
    analyzer: &'a Analyzer,
}

impl Planner<'_> {
    fn clause(
        &self,
        word: &Word,
        open: bool,
        words: usize,
        marker: &mut Marker,
    ) -> Result<Box<dyn Query>, SearchError> {
        let mut choices = self.fields_of(&word.surface, marker);
        if open && completion::is_long_enough(&word.surface, words) {
            self.complete(&word.surface, &mut choices, marker)?;
        }
        if word.pieces.len() > 1 {
            let pieces = word
                .pieces
                .iter()
                .map(|piece| dismax(self.fields_of(piece, marker)));
            choices.push(boosted(
                Box::new(BooleanQuery::intersection(pieces.collect())),
                WEIGHTS.pieces,
            ));
        }
        Ok(dismax(choices))
    }

    /// The word and its inflections in every field.
    fn fields_of(&self, surface: &str, marker: &mut Marker) -> Vec<Box<dyn Query>> {
        let f = self.fields;
        let stem = self.analyzer.stem(surface);
        let choices = vec![
            term(f.title_exact, surface, WEIGHTS.title_exact),
            term(f.title, &stem, WEIGHTS.title),
            term(f.keywords, &stem, WEIGHTS.keywords),
            term(f.summary, &stem, WEIGHTS.summary),
            term(f.body, &stem, WEIGHTS.body),
            term(f.words, surface, WEIGHTS.words),
        ];
        marker.stems.insert(stem);
        choices
    }

    /// Adds the commonest words that start with an unfinished one.
    fn complete(
        &self,
        surface: &str,
        choices: &mut Vec<Box<dyn Query>>,
        marker: &mut Marker,
    ) -> Result<(), SearchError> {
        let f = self.fields;
        let completions = completion::of(surface, &self.snapshot.searcher, f.words)?;
        let weight = if completions.is_word {
            WEIGHTS.longer
        } else {
            WEIGHTS.finished
        };
        for word in completions.longer {
            choices.push(term(f.title_exact, &word, WEIGHTS.title_exact * weight));
            choices.push(term(f.words, &word, WEIGHTS.words * weight));
            marker.surfaces.insert(word);
        }
        Ok(())
    }
}

fn term(field: Field, text: &str, weight: f32) -> Box<dyn Query> {
    let term = Term::from_field_text(field, text);
    boosted(
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
        weight,
    )
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}

/// The best field decides, the others add a little: a word in title and body is no two words.
fn dismax(choices: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(DisjunctionMaxQuery::with_tie_breaker(choices, WEIGHTS.tie))
}
