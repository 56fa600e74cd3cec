//! One pass over the matching records: best hits, exact total and the counts of all filters.

use std::cmp::Ordering;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::columns::Columns;
use super::sieve::{Sieve, Verdict};
use super::tally::Tally;

/// Collects the best `limit` records that pass the sieve.
pub struct PageCollector {
    /// The columns of the searcher, by segment.
    pub segments: Vec<Arc<Columns>>,
    /// The filters.
    pub sieve: Arc<Sieve>,
    /// Number of hits to keep: all pages up to the asked one.
    pub limit: usize,
    /// False: reading order only.
    pub scoring: bool,
}

/// What one pass finds.
#[derive(Default)]
pub struct Found {
    /// Counts.
    pub tally: Tally,
    /// Best first.
    pub best: Vec<(Score, DocAddress)>,
}

/// A possible hit. Higher score first, then reading order: never document numbers, which
/// move when segments merge and would shuffle the pages.
#[derive(Clone, Copy)]
pub struct Candidate {
    score: Score,
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
pub struct SegmentPage {
    ordinal: SegmentOrdinal,
    columns: Arc<Columns>,
    sieve: Arc<Sieve>,
    limit: usize,
    tally: Tally,
    best: Vec<Candidate>,
    /// The worst candidate that was kept at the last pruning.
    bar: Option<Candidate>,
}

impl SegmentPage {
    fn offer(&mut self, candidate: Candidate) {
        if self.limit == 0 || self.bar.is_some_and(|bar| candidate.compare(&bar).is_gt()) {
            return;
        }
        self.best.push(candidate);
        // Pruning at twice the limit keeps the cost per record constant.
        if self.best.len() >= self.limit.saturating_mul(2).max(64) {
            self.prune();
        }
    }

    fn prune(&mut self) {
        if self.best.len() > self.limit {
            self.best
                .select_nth_unstable_by(self.limit - 1, Candidate::compare);
            self.best.truncate(self.limit);
            self.bar = self.best.last().copied();
        }
    }
}

impl SegmentCollector for SegmentPage {
    type Fruit = (SegmentOrdinal, Tally, Vec<Candidate>);

    fn collect(&mut self, doc: DocId, score: Score) {
        let columns = &*self.columns;
        self.tally.matched += 1;
        match self.sieve.judge(columns, doc) {
            Verdict::Passes => {
                self.tally.count_all(columns, doc);
                let rank = columns.ranks[doc as usize];
                self.offer(Candidate { score, rank, doc });
            }
            Verdict::FailsOnly(group) => self.tally.count_group(group, columns, doc),
            Verdict::Fails => {}
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.prune();
        (self.ordinal, self.tally, self.best)
    }
}

impl Collector for PageCollector {
    type Fruit = Found;
    type Child = SegmentPage;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<SegmentPage> {
        Ok(SegmentPage {
            ordinal,
            columns: Arc::clone(&self.segments[ordinal as usize]),
            sieve: Arc::clone(&self.sieve),
            limit: self.limit,
            tally: Tally::new(self.sieve.sizes()),
            best: Vec::new(),
            bar: None,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scoring
    }

    fn merge_fruits(
        &self,
        fruits: Vec<(SegmentOrdinal, Tally, Vec<Candidate>)>,
    ) -> tantivy::Result<Found> {
        let mut tally = Tally::new(self.sieve.sizes());
        let mut best = Vec::new();
        for (ordinal, part, candidates) in fruits {
            tally.add(&part);
            best.extend(candidates.into_iter().map(|candidate| (ordinal, candidate)));
        }
        let key = |(ordinal, candidate): &(SegmentOrdinal, Candidate)| {
            self.segments[*ordinal as usize].key(candidate.rank)
        };
        best.sort_unstable_by(|a, b| {
            b.1.score
                .total_cmp(&a.1.score)
                .then_with(|| key(a).cmp(key(b)))
        });
        best.truncate(self.limit);
        let address =
            |(ordinal, c): (SegmentOrdinal, Candidate)| (c.score, DocAddress::new(ordinal, c.doc));
        Ok(Found {
            tally,
            best: best.into_iter().map(address).collect(),
        })
    }
}
