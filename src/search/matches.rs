//! Records with their scores, and how they are combined.
//!
//! A query is not a tree that is walked for each record: each word gives its matches, and these
//! are put together. So a word is looked up once, however often the search is tried with fewer
//! words, and small lists, which nearly all are, cost nearly nothing.

use std::borrow::Borrow;

/// Records that are put together at a time: what is kept of them fits in the cache.
const WINDOW: usize = 4096;

/// A record by its number in the snapshot (see `Postings::address`), and its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    pub record: u32,
    pub score: f32,
}

/// Matches by ascending number, each record once.
#[derive(Clone, Default, Debug, PartialEq)]
pub struct Matches(Vec<Match>);

impl Matches {
    /// `matches` must ascend by record.
    #[must_use]
    pub fn new(matches: Vec<Match>) -> Self {
        debug_assert!(matches.is_sorted_by(|a, b| a.record < b.record));
        Self(matches)
    }

    /// So many records, each with a score of 1.
    #[must_use]
    pub fn all(records: u32) -> Self {
        let all = (0..records).map(|record| Match { record, score: 1.0 });
        Self(all.collect())
    }

    /// The best of the lists decides, the others add a share of their score: a word in title and
    /// body is no two words.
    #[must_use]
    pub fn best<M: Borrow<Self>>(lists: &[M], share: f32) -> Self {
        combine(lists, |slot| {
            Some(slot.best + (slot.sum - slot.best) * share)
        })
    }

    /// The records that at least so many of the lists hold, with the sum of their scores.
    #[must_use]
    pub fn sum<M: Borrow<Self>>(lists: &[M], least: usize) -> Self {
        let least = u32::try_from(least).unwrap_or(u32::MAX);
        let filled = lists.iter().filter(|list| !(*list).borrow().is_empty());
        if filled.count() < least as usize {
            return Self::default();
        }
        combine(lists, |slot| (slot.lists >= least).then_some(slot.sum))
    }

    /// The records that all of the lists hold.
    #[must_use]
    pub fn all_of<M: Borrow<Self>>(lists: &[M]) -> Self {
        Self::sum(lists, lists.len())
    }

    /// The records that any of the lists holds.
    #[must_use]
    pub fn any_of<M: Borrow<Self>>(lists: &[M]) -> Self {
        Self::sum(lists, 1)
    }

    /// The same records; those that another list holds score as much more.
    #[must_use]
    pub fn helped_by(mut self, other: &Self) -> Self {
        let mut others = other.0.iter().peekable();
        for hit in &mut self.0 {
            while others.next_if(|other| other.record < hit.record).is_some() {}
            if let Some(other) = others.next_if(|other| other.record == hit.record) {
                hit.score += other.score;
            }
        }
        self
    }

    /// The records that another list does not hold.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut others = other.0.iter().peekable();
        let missing = self.0.iter().filter(|hit| {
            while others.next_if(|other| other.record < hit.record).is_some() {}
            others.peek().is_none_or(|other| other.record > hit.record)
        });
        Self(missing.copied().collect())
    }

    /// The records that score at least so much.
    #[must_use]
    pub fn at_least(mut self, score: f32) -> Self {
        self.0.retain(|hit| hit.score >= score);
        self
    }

    /// All scores times a weight.
    #[must_use]
    pub fn times(mut self, weight: f32) -> Self {
        for hit in &mut self.0 {
            hit.score *= weight;
        }
        self
    }

    /// Scores between 0 and `importance`; a score of `half` (above 0) reaches half of it.
    ///
    /// BM25 sums words: a record with one of them in its title beats a record with both in its
    /// summary. With a limit on what a word can add, a second word is worth more than a better
    /// place for the first.
    #[must_use]
    pub fn saturated(mut self, importance: f32, half: f32) -> Self {
        for hit in &mut self.0 {
            hit.score = importance * hit.score / (hit.score + half);
        }
        self
    }

    /// The score of a record, if it is one of these.
    #[must_use]
    pub fn score(&self, record: u32) -> Option<f32> {
        let at = self
            .0
            .binary_search_by_key(&record, |hit| hit.record)
            .ok()?;
        Some(self.0[at].score)
    }

    /// The matches with a number from `start` up to `end`, exclusive.
    #[must_use]
    pub fn within(&self, start: u32, end: u32) -> &[Match] {
        let from = self.0.partition_point(|hit| hit.record < start);
        let to = self.0.partition_point(|hit| hit.record < end);
        &self.0[from..to.max(from)]
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What the lists say of one record.
#[derive(Clone, Copy, Default)]
struct Slot {
    best: f32,
    sum: f32,
    lists: u32,
}

/// Puts lists together, window by window; `value` is the score, or none when the record does not
/// belong to the whole.
fn combine<M: Borrow<Matches>>(lists: &[M], value: impl Fn(&Slot) -> Option<f32>) -> Matches {
    let lists = lists.iter().map(|list| &list.borrow().0[..]);
    let mut rest: Vec<&[Match]> = lists.filter(|list| !list.is_empty()).collect();
    if let [only] = rest[..] {
        return Matches(only.to_vec());
    }
    let first = rest
        .iter()
        .filter_map(|list| list.first())
        .map(|hit| hit.record);
    let last = rest
        .iter()
        .filter_map(|list| list.last())
        .map(|hit| hit.record);
    let (Some(mut start), Some(last)) = (first.min(), last.max()) else {
        return Matches::default();
    };
    let size = WINDOW.min((last - start) as usize + 1);
    let mut slots = vec![Slot::default(); size];
    let mut filled = vec![0_u64; size.div_ceil(64)];
    let most = rest.iter().map(|list| list.len()).max().unwrap_or_default();
    let mut whole = Vec::with_capacity(most);
    loop {
        for list in &mut rest {
            let mut taken = 0;
            for hit in *list {
                let at = (hit.record - start) as usize;
                let Some(slot) = slots.get_mut(at) else {
                    break;
                };
                slot.best = slot.best.max(hit.score);
                slot.sum += hit.score;
                slot.lists += 1;
                filled[at / 64] |= 1 << (at % 64);
                taken += 1;
            }
            *list = &list[taken..];
        }
        for (word, bits) in filled.iter_mut().enumerate() {
            while *bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                if let Some(score) = value(&slots[at]) {
                    let record = start + u32::try_from(at).unwrap_or_default();
                    whole.push(Match { record, score });
                }
                slots[at] = Slot::default();
            }
        }
        match rest
            .iter()
            .filter_map(|list| list.first())
            .map(|hit| hit.record)
            .min()
        {
            Some(next) => start = next,
            None => return Matches(whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn matches(list: &[(u32, f32)]) -> Matches {
        let list = list.iter().map(|&(record, score)| Match { record, score });
        Matches::new(list.collect())
    }

    #[test]
    fn the_best_list_decides_and_the_others_add_a_share() {
        let lists = [
            matches(&[(1, 2.0), (3, 1.0)]),
            Matches::default(),
            matches(&[(1, 4.0), (9, 1.0)]),
        ];
        let best = Matches::best(&lists, 0.5);
        assert_eq!(best, matches(&[(1, 5.0), (3, 1.0), (9, 1.0)]));
        let one = matches(&[(7, 3.0)]);
        assert_eq!(Matches::best(&[&one], 0.5), one);
        assert!(Matches::best::<Matches>(&[], 0.5).is_empty());
    }

    #[test]
    fn a_record_is_in_as_many_lists_as_are_asked_for() {
        let (a, b, c) = (
            matches(&[(1, 1.0), (2, 1.0), (3, 1.0)]),
            matches(&[(2, 2.0), (3, 2.0)]),
            matches(&[(3, 4.0)]),
        );
        let lists = [&a, &b, &c];
        assert_eq!(Matches::sum(&lists, 3), matches(&[(3, 7.0)]));
        assert_eq!(Matches::sum(&lists, 2), matches(&[(2, 3.0), (3, 7.0)]));
        assert_eq!(
            Matches::sum(&lists, 1),
            matches(&[(1, 1.0), (2, 3.0), (3, 7.0)])
        );
        // A word that no record holds is a list too.
        let nothing = Matches::default();
        assert!(Matches::sum(&[&c, &nothing], 2).is_empty());
        assert_eq!(Matches::sum(&[&c, &nothing], 1), c);
        assert!(Matches::sum::<Matches>(&[], 1).is_empty());
        assert_eq!(
            Matches::all_of(&[b.clone(), c.clone()]),
            matches(&[(3, 6.0)])
        );
        assert_eq!(Matches::any_of(&[c, b]), matches(&[(2, 2.0), (3, 6.0)]));
    }

    #[test]
    fn lists_longer_than_a_window_and_with_gaps_are_put_together_whole() {
        let every = |step: u32| {
            let records = (0..2_000).map(|n| (n * step, 1.0)).collect::<Vec<_>>();
            matches(&records)
        };
        let (a, b) = (every(7), every(35));
        let whole = Matches::sum(&[&a, &b], 1);
        let mut naive: BTreeMap<u32, f32> = BTreeMap::new();
        for hit in a.0.iter().chain(&b.0) {
            *naive.entry(hit.record).or_default() += hit.score;
        }
        let naive: Vec<(u32, f32)> = naive.into_iter().collect();
        assert_eq!(whole, matches(&naive));
        let far = matches(&[(0, 1.0), (4_000_000_000, 1.0)]);
        assert_eq!(Matches::all_of(&[far.clone(), far]).0.len(), 2);
    }

    #[test]
    fn help_changes_scores_and_no_records() {
        let helped =
            matches(&[(1, 1.0), (5, 1.0)]).helped_by(&matches(&[(0, 9.0), (5, 2.0), (6, 9.0)]));
        assert_eq!(helped, matches(&[(1, 1.0), (5, 3.0)]));
    }

    #[test]
    fn records_are_taken_away_by_number_and_by_score() {
        let list = matches(&[(1, 1.0), (3, 2.0), (5, 3.0)]);
        let rest = list.without(&matches(&[(0, 1.0), (3, 1.0), (9, 1.0)]));
        assert_eq!(rest, matches(&[(1, 1.0), (5, 3.0)]));
        assert_eq!(list.without(&Matches::default()), list);
        assert_eq!(list.at_least(2.0), matches(&[(3, 2.0), (5, 3.0)]));
    }

    #[test]
    fn a_score_grows_to_its_limit() {
        let list = matches(&[(1, 5.0), (2, 1e9)]).saturated(3.0, 5.0);
        assert!((list.score(1).unwrap() - 1.5).abs() < 1e-6);
        assert!((list.score(2).unwrap() - 3.0).abs() < 1e-6);
        assert_eq!(list.score(3), None);
        assert_eq!(list.clone().times(2.0).score(1), Some(3.0));
    }

    #[test]
    fn a_part_is_cut_out_by_number() {
        let list = matches(&[(1, 1.0), (5, 1.0), (9, 1.0)]);
        assert_eq!(list.within(2, 9).len(), 1);
        assert_eq!(list.within(0, 10).len(), 3);
        assert!(list.within(6, 6).is_empty());
        assert_eq!(Matches::all(3).within(1, 3).len(), 2);
    }
}
