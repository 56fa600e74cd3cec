//! Which content a page was made of.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Counts content changes. Whoever changes what pages show (the index worker) bumps it; every
/// page rendered before is then old.
#[derive(Clone, Debug, Default)]
pub struct Generation(Arc<AtomicU64>);

impl Generation {
    /// Everything rendered so far is old.
    pub fn bump(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }

    /// The number of the present content.
    #[must_use]
    pub fn current(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}
