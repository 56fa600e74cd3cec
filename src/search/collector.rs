//! One pass over the matching records: best hits, exact total and the counts of all filters.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::blend::Blend;
use super::columns::Columns;
use super::sieve::{Sieve, Verdict};
use super::tally::Tally;

/// Collects the best `limit` records that pass the sieve.
#[derive(Clone)]
pub struct PageCollector {
    /// The columns of the searcher, by segment.
    pub segments: Vec<Arc<Columns>>,
    /// The filters.
    pub sieve: Arc<Sieve>,
    /// Number of hits to keep: all pages up to the asked one.
    pub limit: usize,
    /// Records that count for nothing.
    pub skip: Arc<HashSet<DocAddress>>,
    /// Records with a lower text score count for nothing either.
    pub least: Score,
    /// What orders the records.
    pub blend: Arc<Blend>,
}

/// What one pass finds.
#[derive(Default)]
pub struct Found {
    /// Counts.
    pub tally: Tally,
    /// Best first.
    pub best: Vec<(Score, DocAddress)>,
    /// The first records that hold the words, whatever the filters say, in no order.
    pub seen: Vec<DocAddress>,
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
    blend: Arc<Blend>,
    limit: usize,
    skip: Arc<HashSet<DocAddress>>,
    least: Score,
    tally: Tally,
    best: Vec<Candidate>,
    seen: Vec<DocAddress>,
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

/// What one segment gives.
pub struct Fruit {
    ordinal: SegmentOrdinal,
    tally: Tally,
    best: Vec<Candidate>,
    seen: Vec<DocAddress>,
}

/// More need not be told apart from records of the same topic: see `Ranking::topic_few`.
const MOST_SEEN: usize = 1_000;

impl SegmentCollector for SegmentPage {
    type Fruit = Fruit;

    fn collect(&mut self, doc: DocId, score: Score) {
        let address = DocAddress::new(self.ordinal, doc);
        if score < self.least || (!self.skip.is_empty() && self.skip.contains(&address)) {
            return;
        }
        let columns = &*self.columns;
        self.tally.matched += 1;
        if self.seen.len() < MOST_SEEN {
            self.seen.push(address);
        }
        match self.sieve.judge(columns, doc) {
            Verdict::Passes => {
                self.tally.count_all(columns, doc);
                let rank = columns.ranks[doc as usize];
                let score = self.blend.value(columns, doc, score);
                self.offer(Candidate { score, rank, doc });
            }
            Verdict::FailsOnly(group) => self.tally.count_group(group, columns, doc),
            Verdict::Fails => {}
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.prune();
        Fruit {
            ordinal: self.ordinal,
            tally: self.tally,
            best: self.best,
            seen: self.seen,
        }
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
            blend: Arc::clone(&self.blend),
            limit: self.limit,
            skip: Arc::clone(&self.skip),
            least: self.least,
            seen: Vec::new(),
            tally: Tally::new(self.sieve.sizes()),
            best: Vec::new(),
            bar: None,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.least > 0.0 || self.blend.needs_scores()
    }

    fn merge_fruits(&self, fruits: Vec<Fruit>) -> tantivy::Result<Found> {
        let mut found = Found {
            tally: Tally::new(self.sieve.sizes()),
            ..Found::default()
        };
        for fruit in fruits {
            found.tally.add(&fruit.tally);
            found.seen.extend(fruit.seen);
            let address = |c: Candidate| (c.score, DocAddress::new(fruit.ordinal, c.doc));
            found.best.extend(fruit.best.into_iter().map(address));
        }
        self.sort(&mut found.best);
        found.best.truncate(self.limit);
        Ok(found)
    }
}

impl PageCollector {
    /// The same, but for some records.
    #[must_use]
    pub fn without(&self, skip: &HashSet<DocAddress>) -> Self {
        Self {
            skip: Arc::new(skip.clone()),
            ..self.clone()
        }
    }

    /// Higher score first, then reading order.
    pub fn sort(&self, hits: &mut [(Score, DocAddress)]) {
        let key = |address: &DocAddress| {
            let columns = &self.segments[address.segment_ord as usize];
            columns.key(columns.ranks[address.doc_id as usize])
        };
        hits.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| key(&a.1).cmp(key(&b.1))));
    }
}

/// The scores of some records, to explain them.
pub struct ScoresOf(pub HashSet<DocAddress>);

/// The part of it within one segment.
pub struct SegmentScores {
    ordinal: SegmentOrdinal,
    wanted: HashSet<DocId>,
    found: HashMap<DocAddress, Score>,
}

impl Collector for ScoresOf {
    type Fruit = HashMap<DocAddress, Score>;
    type Child = SegmentScores;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<SegmentScores> {
        let here = self.0.iter().filter(|at| at.segment_ord == ordinal);
        Ok(SegmentScores {
            ordinal,
            wanted: here.map(|at| at.doc_id).collect(),
            found: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for SegmentScores {
    type Fruit = HashMap<DocAddress, Score>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.wanted.contains(&doc) {
            self.found.insert(DocAddress::new(self.ordinal, doc), score);
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}
