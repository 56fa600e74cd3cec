//! A word that is found well counts once, however well it is found.
//!
//! BM25 sums words: a record with one of them in its title beats a record with both in its
//! summary. Here the score of a word grows to a limit, its importance, so that a second word is
//! worth more than a better place for the first.

use std::fmt;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, Term};

/// The records of a query with scores between 0 and `importance`.
pub struct Saturated {
    query: Box<dyn Query>,
    curve: Curve,
}

#[derive(Clone, Copy, Debug)]
struct Curve {
    importance: Score,
    /// The score at which half of the importance is reached.
    half: Score,
}

impl Curve {
    fn of(self, score: Score) -> Score {
        self.importance * score / (score + self.half)
    }
}

impl Saturated {
    /// `half`: the score at which half of the importance is reached; above 0.
    #[must_use]
    pub fn new(query: Box<dyn Query>, importance: Score, half: Score) -> Self {
        let curve = Curve { importance, half };
        Self { query, curve }
    }
}

impl Clone for Saturated {
    fn clone(&self) -> Self {
        Self {
            query: self.query.box_clone(),
            curve: self.curve,
        }
    }
}

impl fmt::Debug for Saturated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Saturated({:?}, {:?})", self.query, self.curve)
    }
}

impl Query for Saturated {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let inner = self.query.weight(scoring)?;
        if !scoring.is_scoring_enabled() {
            return Ok(inner);
        }
        Ok(Box::new(SaturatedWeight {
            inner,
            curve: self.curve,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

struct SaturatedWeight {
    inner: Box<dyn Weight>,
    curve: Curve,
}

impl Weight for SaturatedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let curve = Curve {
            importance: self.curve.importance * boost,
            ..self.curve
        };
        let inner = self.inner.scorer(reader, 1.0)?;
        Ok(Box::new(SaturatedScorer { inner, curve }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let inner = self.inner.explain(reader, doc)?;
        let mut explanation = Explanation::new("saturated", self.curve.of(inner.value()));
        explanation.add_detail(inner);
        Ok(explanation)
    }
}

struct SaturatedScorer {
    inner: Box<dyn Scorer>,
    curve: Curve,
}

impl DocSet for SaturatedScorer {
    fn advance(&mut self) -> DocId {
        self.inner.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.inner.seek(target)
    }

    fn doc(&self) -> DocId {
        self.inner.doc()
    }

    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }

    fn cost(&self) -> u64 {
        self.inner.cost()
    }
}

impl Scorer for SaturatedScorer {
    fn score(&mut self) -> Score {
        self.curve.of(self.inner.score())
    }
}
