use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::database::outbox::Snapshot;

/// What a keeper does, for who looks after it, and a wish to it. Cheap to clone; all clones are
/// of the same keeper. It is of this program alone: another program on the same records keeps an
/// index of its own.
#[derive(Clone, Default)]
pub struct Watch(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    bell: Notify,
}

/// How a keeper stands.
#[derive(Clone, Default, Debug)]
pub struct State {
    /// What its index holds of the outbox; `None` before the first comparison.
    pub seen: Option<Snapshot>,
    /// Somebody asked to build the index anew, and that is not done yet.
    pub wished: bool,
    /// A new index is being built: so many records are in it, of so many.
    pub building: Option<(usize, usize)>,
    /// The last turn failed; the next is soon.
    pub failed: bool,
}

impl Watch {
    #[must_use]
    pub fn state(&self) -> State {
        self.lock().clone()
    }

    /// Asks to build the index anew. The present one goes on serving until that is done; while the
    /// database is away the wish waits.
    pub fn ask_rebuild(&self) {
        self.lock().wished = true;
        self.0.bell.notify_one();
    }

    /// Waits for a wish.
    pub(super) async fn wish(&self) {
        self.0.bell.notified().await;
    }

    pub(super) fn turned(&self, seen: Option<Snapshot>, failed: bool) {
        let mut state = self.lock();
        state.seen = seen.or_else(|| state.seen.take());
        state.failed = failed;
    }

    /// Counts the records that go into a new index.
    pub(super) fn count<T>(&self, records: Vec<T>) -> impl Iterator<Item = T> {
        let total = records.len();
        records.into_iter().enumerate().map(move |(done, record)| {
            self.lock().building = Some((done, total));
            record
        })
    }

    pub(super) fn built(&self, well: bool) {
        let mut state = self.lock();
        state.building = None;
        state.wished &= !well;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_seen_and_a_wish_stays_until_it_is_done() {
        let watch = Watch::default();
        watch.ask_rebuild();
        let mut records = watch.count(vec!["a", "b"]);
        records.next();
        assert_eq!(watch.state().building, Some((0, 2)));
        records.next();
        assert_eq!(watch.state().building, Some((1, 2)));
        watch.built(false);
        let state = watch.state();
        assert!(state.wished && state.building.is_none(), "once more");
        watch.built(true);
        assert!(!watch.state().wished);
    }
}
