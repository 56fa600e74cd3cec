//! One search: plan, collect, relax, show.

use std::sync::Arc;

use tantivy::query::{AllQuery, Query};

use super::collector::{Found, PageCollector};
use super::engine::Inner;
use super::error::SearchError;
use super::query::Plan;
use super::request::{Hit, SearchRequest, SearchResult};
use super::sieve::Sieve;
use super::snapshot::Snapshot;
use super::stored::Marker;
use crate::base::RecordKind;

/// Hits per page at most.
const LARGEST_PAGE: usize = 100;

/// With fewer records that hold all words, those with most of the words stand behind them.
const ENOUGH: usize = 10;

/// Two of five words make a sentence still find its subject: `shared/search.md` section 5.
fn fewer(words: usize) -> usize {
    (words * 2).div_ceil(5).min(words - 1)
}

/// One search on one snapshot.
pub(super) struct Search<'a> {
    pub inner: &'a Inner,
    pub snapshot: &'a Snapshot,
    pub request: &'a SearchRequest,
}

impl Search<'_> {
    /// # Errors
    /// When the index on disk is damaged.
    pub fn run(&self) -> Result<SearchResult, SearchError> {
        let (found, plan, relaxed) = self.find()?;
        let names = &self.snapshot.names;
        Ok(SearchResult {
            total: found.tally.total,
            hits: self.hits(&found, &plan.marker)?,
            facets: found.tally.facets(names, &self.request.filters),
            relaxed,
            emergency: self.inner.alarm.sounds(&plan.stems),
            corrected: plan.corrected,
        })
    }

    /// All words; when few records have them all, two of five, and at last a single one.
    fn find(&self) -> Result<(Found, Plan, bool), SearchError> {
        let words = &self.request.words;
        if words.trim().is_empty() {
            return Ok((self.collect(&AllQuery, false)?, Plan::default(), false));
        }
        let Inner {
            fields, analyzer, ..
        } = self.inner;
        let thesaurus = self.inner.thesaurus.load();
        let plan = Plan::read(
            (words, self.request.literal),
            self.snapshot,
            fields,
            (analyzer, &thesaurus),
        )?;
        let mut found = Found::default();
        let mut required = plan.len();
        let mut relaxed = false;
        while required > 0 {
            found = self.collect(&*plan.query(required), true)?;
            let all = required == plan.len();
            relaxed |= all && found.tally.matched == 0;
            if found.tally.matched >= if all { ENOUGH } else { 1 } {
                break;
            }
            required = if required == plan.len() {
                fewer(required)
            } else {
                required - 1
            };
        }
        relaxed &= found.tally.matched > 0;
        Ok((found, plan, relaxed))
    }

    fn collect(&self, query: &dyn Query, scoring: bool) -> Result<Found, SearchError> {
        let collector = PageCollector {
            segments: self.snapshot.segments.clone(),
            sieve: Arc::new(Sieve::new(&self.request.filters, &self.snapshot.names)),
            limit: self.start().saturating_add(self.per_page()),
            scoring,
        };
        Ok(self.snapshot.searcher.search(query, &collector)?)
    }

    fn hits(&self, found: &Found, marker: &Marker) -> Result<Vec<Hit>, SearchError> {
        let page = found.best.iter().skip(self.start()).take(self.per_page());
        page.map(|(score, address)| {
            let segment = &self.snapshot.segments[address.segment_ord as usize];
            let Inner {
                fields, analyzer, ..
            } = self.inner;
            let shown = self.snapshot.shown(*address, fields, analyzer)?;
            Ok(Hit {
                kind: RecordKind::ALL[segment.kinds[address.doc_id as usize] as usize],
                slug: shown.slug.clone(),
                title_marks: shown.title_marks(marker),
                summary_marks: shown.summary_marks(marker),
                card: Arc::clone(&shown.card),
                score: *score,
            })
        })
        .collect()
    }

    fn per_page(&self) -> usize {
        self.request.per_page.clamp(1, LARGEST_PAGE)
    }

    /// Number of hits before this page; a page beyond the last is empty, whatever its number.
    fn start(&self) -> usize {
        let before = self
            .request
            .page
            .saturating_sub(1)
            .saturating_mul(self.per_page());
        before.min(self.snapshot.record_count())
    }
}
