//! One pass over the matching records: best hits, exact total and the counts of all filters.

use std::cmp::Ordering;
use std::sync::Arc;

use tantivy::{DocAddress, DocId};

use super::blend::Blend;
use super::columns::Columns;
use super::matches::Matches;
use super::sieve::{Sieve, Verdict};
use super::snapshot::Snapshot;
use super::tally::Tally;

/// Collects the best `limit` records that pass the sieve.
#[derive(Clone)]
pub struct PageCollector {
    /// The filters.
    pub sieve: Arc<Sieve>,
    /// Number of hits to keep: all pages up to the asked one.
    pub limit: usize,
    /// What orders the records.
    pub blend: Arc<Blend>,
}

/// What one pass finds.
#[derive(Clone, Default)]
pub struct Found {
    /// Counts.
    pub tally: Tally,
    /// Best first.
    pub best: Vec<(f32, DocAddress)>,
}

/// A possible hit. Higher score first, then reading order: never document numbers, which
/// move when segments merge and would shuffle the pages.
#[derive(Clone, Copy)]
struct Candidate {
    score: f32,
    rank: u32,
    doc: DocId,
}

impl Candidate {
    fn compare(&self, other: &Self) -> Ordering {
        other
            .score
            .total_cmp(&self.score)
            .then(self.rank.cmp(&other.rank))
    }
}

/// The part of the pass within one segment.
struct SegmentPage<'a> {
    pass: &'a PageCollector,
    columns: &'a Columns,
    tally: Option<&'a mut Tally>,
    best: Vec<Candidate>,
    /// The worst candidate that was kept at the last pruning.
    bar: Option<Candidate>,
}

impl SegmentPage<'_> {
    fn judge(&mut self, doc: DocId, score: f32) {
        let columns = self.columns;
        let verdict = self.pass.sieve.judge(columns, doc);
        if let Some(tally) = &mut self.tally {
            tally.count(verdict, columns, doc);
        }
        if matches!(verdict, Verdict::Passes) {
            let rank = columns.ranks[doc as usize];
            let score = self.pass.blend.value(columns, doc, score);
            self.offer(Candidate { score, rank, doc });
        }
    }

    fn offer(&mut self, candidate: Candidate) {
        if self.pass.limit == 0 || self.bar.is_some_and(|bar| candidate.compare(&bar).is_gt()) {
            return;
        }
        self.best.push(candidate);
        // Pruning at twice the limit keeps the cost per record constant.
        if self.best.len() >= self.pass.limit.saturating_mul(2).max(64) {
            self.prune();
        }
    }

    fn prune(&mut self) {
        if self.best.len() > self.pass.limit {
            self.best
                .select_nth_unstable_by(self.pass.limit - 1, Candidate::compare);
            self.best.truncate(self.pass.limit);
            self.bar = self.best.last().copied();
        }
    }
}

impl PageCollector {
    /// The best of the matches, and all counts.
    #[must_use]
    pub fn collect(&self, matches: &Matches, snapshot: &Snapshot) -> Found {
        let mut tally = Tally::new(self.sieve.sizes());
        let best = self.pass(matches, snapshot, Some(&mut tally));
        Found { tally, best }
    }

    /// The best of the matches.
    #[must_use]
    pub fn best(&self, matches: &Matches, snapshot: &Snapshot) -> Vec<(f32, DocAddress)> {
        self.pass(matches, snapshot, None)
    }

    fn pass(
        &self,
        matches: &Matches,
        snapshot: &Snapshot,
        mut tally: Option<&mut Tally>,
    ) -> Vec<(f32, DocAddress)> {
        let mut best = Vec::new();
        for (ordinal, columns) in (0..).zip(&snapshot.segments) {
            let alive = snapshot.searcher.segment_reader(ordinal).alive_bitset();
            let (start, end) = snapshot.postings.segment(ordinal as usize);
            let mut page = SegmentPage {
                pass: self,
                columns,
                tally: tally.as_deref_mut(),
                best: Vec::new(),
                bar: None,
            };
            for hit in matches.within(start, end) {
                let doc = hit.record - start;
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    page.judge(doc, hit.score);
                }
            }
            page.prune();
            let address = |c: Candidate| (c.score, DocAddress::new(ordinal, c.doc));
            best.extend(page.best.into_iter().map(address));
        }
        Self::sort(&mut best, snapshot);
        best.truncate(self.limit);
        best
    }

    /// Higher score first, then reading order.
    pub fn sort(hits: &mut [(f32, DocAddress)], snapshot: &Snapshot) {
        let key = |address: &DocAddress| {
            let columns = &snapshot.segments[address.segment_ord as usize];
            columns.key(columns.ranks[address.doc_id as usize])
        };
        hits.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| key(&a.1).cmp(key(&b.1))));
    }
}
