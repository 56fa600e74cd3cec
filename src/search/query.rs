//! The planner: from typed words to a tantivy query.
//!
//! Never tantivy's `QueryParser`: residents type brackets and minus signs without meaning
//! anything by them. Each word becomes one clause (the best of its fields), all clauses must
//! match, and [`Plan::query`] asks for fewer when the caller found nothing.

use std::collections::HashSet;
use std::ops::Range;

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::analysis::{Analyzer, Word};
use super::completion;
use super::correction::Known;
use super::error::SearchError;
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::stored::Marker;
use super::thesaurus::{Phrase, Thesaurus};

/// Longer queries are cut (quality.md trap 10).
const LONGEST_QUERY: usize = 300;
/// Content words beyond these are ignored.
const MOST_WORDS: usize = 12;
/// Other words for one word beyond these are ignored; the largest group has ten.
const MOST_OTHERS: usize = 24;

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
    /// Another word for what was typed.
    other_word: f32,
    /// Several other words, all in one record.
    other_phrase: f32,
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
    other_word: 0.7,
    other_phrase: 0.5,
    finished: 0.95,
    longer: 0.3,
};

/// A word or a known phrase: with all its words, and with some of them.
struct Clause {
    all: Box<dyn Query>,
    some: Box<dyn Query>,
}

/// What a query means, ready to run with more or fewer words required.
#[derive(Default)]
pub struct Plan {
    clauses: Vec<Clause>,
    /// The terms to mark in hits.
    pub marker: Marker,
    /// A word was taken for a typing error: what was searched instead of the text.
    pub corrected: Option<String>,
    /// The stems of all words as they were read, small words included.
    pub stems: HashSet<String>,
}

impl Plan {
    /// Plans any text, in bounded time.
    ///
    /// # Errors
    /// When the term dictionary cannot be read.
    pub fn read(
        (text, literal): (&str, bool),
        snapshot: &Snapshot,
        fields: &Fields,
        (analyzer, thesaurus): (&Analyzer, &Thesaurus),
    ) -> Result<Self, SearchError> {
        let short: String = text.chars().take(LONGEST_QUERY).collect();
        let (words, last_is_open) = content_words(&short, analyzer);
        let known = Known {
            snapshot,
            fields,
            analyzer,
            thesaurus,
        };
        let mut words = known.join(&words)?;
        let corrected = !literal && known.correct(&mut words, last_is_open)?;
        let planner = Planner {
            snapshot,
            fields,
            analyzer,
            words: &words,
            last_is_open,
        };
        let mut plan = Self {
            clauses: Vec::new(),
            marker: Marker::default(),
            stems: stems(&short, &words, (analyzer, thesaurus)),
            corrected: corrected.then(|| replaced(&short, &words)),
        };
        let mut at = 0;
        while at < words.len() {
            let known = thesaurus.longest(&words[at..], analyzer);
            let (length, others) = known.unwrap_or((1, Vec::new()));
            let clause = planner.span(at..at + length, &others, &mut plan.marker)?;
            plan.clauses.push(clause);
            at += length;
        }
        Ok(plan)
    }

    /// Number of words and known phrases that count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    /// The query that wants at least so many of the words.
    #[must_use]
    pub fn query(&self, required: usize) -> Box<dyn Query> {
        let clauses = self.clauses.iter();
        if required >= self.clauses.len() {
            return all_of(clauses.map(|clause| clause.all.box_clone()).collect());
        }
        let clauses = clauses.map(|clause| clause.some.box_clone()).collect();
        Box::new(BooleanQuery::union_with_minimum_required_clauses(
            clauses, required,
        ))
    }
}

/// The words that carry a subject, each once, and whether the last typed word is among them:
/// only then may it be unfinished.
fn content_words(text: &str, analyzer: &Analyzer) -> (Vec<Word>, bool) {
    let words = analyzer.words(text);
    let last = words.last().map(|word| word.surface.clone());
    let mut kept: Vec<Word> = Vec::new();
    for word in analyzer.content(&words) {
        if kept.len() < MOST_WORDS && !kept.iter().any(|other| other.surface == word.surface) {
            kept.push(word);
        }
    }
    let open = kept.last().map(|word| &word.surface) == last.as_ref();
    (kept, open)
}

/// What the alarm listens to: everything that was typed, and how it was read.
fn stems(
    text: &str,
    read: &[Word],
    (analyzer, thesaurus): (&Analyzer, &Thesaurus),
) -> HashSet<String> {
    let typed = analyzer.words(text);
    let mut stems: HashSet<String> = typed
        .iter()
        .chain(read)
        .flat_map(|word| std::iter::once(&word.surface).chain(&word.pieces))
        .map(|surface| analyzer.stem(surface))
        .collect();
    thesaurus.righted(&mut stems, analyzer);
    stems
}

/// The text with the words that were read in place of those that were typed.
fn replaced(text: &str, words: &[Word]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for word in words {
        if word.range.start >= from {
            out.push_str(&text[from..word.range.start]);
            let typed = &text[word.range.clone()];
            let same = word.pieces.is_empty() && typed.to_lowercase() != word.surface;
            out.push_str(if same { &word.surface } else { typed });
            from = word.range.end;
        }
    }
    out.push_str(&text[from..]);
    out
}

struct Planner<'a> {
    snapshot: &'a Snapshot,
    fields: &'a Fields,
    analyzer: &'a Analyzer,
    words: &'a [Word],
    last_is_open: bool,
}

impl Planner<'_> {
    /// A word, or a phrase that the thesaurus knows, with the other words for it.
    fn span(
        &self,
        span: Range<usize>,
        others: &[&Phrase],
        marker: &mut Marker,
    ) -> Result<Clause, SearchError> {
        let own = span
            .map(|at| self.clause(at, marker))
            .collect::<Result<Vec<_>, _>>()?;
        let mut choices = Vec::new();
        for other in others.iter().take(MOST_OTHERS) {
            let words = other.words.iter();
            let all = all_of(
                words
                    .map(|word| dismax(self.fields_of(word, marker)))
                    .collect(),
            );
            let weight = if other.words.len() == 1 {
                WEIGHTS.other_word
            } else {
                WEIGHTS.other_phrase
            };
            choices.push(boosted(all, weight));
        }
        let with = |own: Box<dyn Query>| {
            let others = choices.iter().map(|choice| choice.box_clone());
            dismax(std::iter::once(own).chain(others).collect())
        };
        let copies = own.iter().map(|clause| clause.box_clone()).collect();
        Ok(Clause {
            all: with(all_of(copies)),
            some: with(any_of(own)),
        })
    }

    fn clause(&self, at: usize, marker: &mut Marker) -> Result<Box<dyn Query>, SearchError> {
        let word = &self.words[at];
        let open = self.last_is_open && at + 1 == self.words.len();
        let mut choices = self.fields_of(&word.surface, marker);
        if open && completion::is_long_enough(&word.surface, self.words.len()) {
            self.complete(&word.surface, &mut choices, marker)?;
        }
        if word.pieces.len() > 1 {
            let pieces = word
                .pieces
                .iter()
                .map(|piece| dismax(self.fields_of(piece, marker)));
            choices.push(boosted(all_of(pieces.collect()), WEIGHTS.pieces));
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

fn all_of(mut clauses: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match clauses.pop() {
        Some(only) if clauses.is_empty() => only,
        Some(last) => {
            clauses.push(last);
            Box::new(BooleanQuery::intersection(clauses))
        }
        None => Box::new(EmptyQuery),
    }
}

fn any_of(mut clauses: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if clauses.len() > 1 {
        return Box::new(BooleanQuery::union(clauses));
    }
    clauses.pop().unwrap_or_else(|| Box::new(EmptyQuery))
}

/// The best field decides, the others add a little: a word in title and body is no two words.
fn dismax(choices: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(DisjunctionMaxQuery::with_tie_breaker(choices, WEIGHTS.tie))
}
