//! A small generator of numbers: without a crate whose next version would change the corpus.

/// SplitMix64 of Steele, Lea and Flood: one word of state, good enough to draw words with.
pub struct Random(u64);

impl Random {
    /// The generator of one thing: the same seed, stream and number give the same draws,
    /// whatever was drawn before.
    pub fn of(seed: u64, stream: u64, number: u64) -> Self {
        let mut random = Self(seed ^ stream.rotate_left(32));
        let base = random.next();
        Self(base ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From 0 up to and without 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to and without `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.share() * end as f64) as usize
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// Like `below`, but the first are drawn more often, as in a Zipf-Mandelbrot law: what
    /// stands first in a list of words is a common word.
    pub fn skewed(&mut self, end: usize) -> usize {
        const FLAT_HEAD: f64 = 8.0;
        let ratio = (end as f64 + FLAT_HEAD) / FLAT_HEAD;
        let rank = (FLAT_HEAD * ratio.powf(self.share()) - FLAT_HEAD) as usize;
        rank.min(end.saturating_sub(1))
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    pub fn pick_skewed<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.skewed(list.len())]
    }

    /// Up to `count` different members of the list, in any order.
    pub fn several<T: Copy>(&mut self, list: &[T], count: usize) -> Vec<T> {
        let mut rest = list.to_vec();
        for place in 0..count.min(rest.len()) {
            let other = place + self.below(rest.len() - place);
            rest.swap(place, other);
        }
        rest.truncate(count);
        rest
    }
}
