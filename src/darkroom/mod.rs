//! Pictures from outside: read within bounds, and made anew in the sizes of our pages. Nothing of
//! the file itself goes on: no place where it was taken, no text, no bytes behind its end.

mod develop;

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use develop::{Fault, Print, develop};

/// Bytes of a picture as it comes in, at most.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;

/// Widths in pixels, the smallest first. A picture is never made larger than it came.
pub const WIDTHS: [u32; 4] = [320, 640, 960, 1280];

/// Pictures that come in at one time, each of [`MOST_BYTES`] at most. One of them is developed.
const AT_ONCE: usize = 4;
/// Further ones that wait their turn; more are sent away.
const IN_LINE: usize = 12;

/// Too many pictures come in at the same time.
#[derive(Debug, thiserror::Error)]
#[error("too many pictures come in at the same time")]
pub struct Busy;

/// Develops pictures, one at a time: that takes up to 300 MB. Cheap to clone.
#[derive(Clone)]
pub struct Darkroom {
    line: Arc<Semaphore>,
    places: Arc<Semaphore>,
    bench: Arc<Semaphore>,
}

impl Default for Darkroom {
    fn default() -> Self {
        Self {
            line: Arc::new(Semaphore::new(AT_ONCE + IN_LINE)),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            bench: Arc::new(Semaphore::new(1)),
        }
    }
}

/// A place inside. Who has one may hold a picture in memory.
pub struct Visit {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
    bench: Arc<Semaphore>,
}

impl Darkroom {
    /// Waits for a place: ask for one before the picture is read.
    ///
    /// # Errors
    /// [`Busy`], at once.
    pub async fn enter(&self) -> Result<Visit, Busy> {
        let turn = Arc::clone(&self.line).try_acquire_owned();
        let turn = turn.map_err(|_| Busy)?;
        let place = Arc::clone(&self.places).acquire_owned().await;
        Ok(Visit {
            _turn: turn,
            _place: place.map_err(|_| Busy)?,
            bench: Arc::clone(&self.bench),
        })
    }
}

impl Visit {
    /// The picture in our sizes, the smallest first; see [`develop()`].
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn develop(&self, bytes: Vec<u8>) -> Result<Vec<Print>, Fault> {
        let bench = Arc::clone(&self.bench).acquire_owned().await;
        let work = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, also when nobody waits for it any more.
            let _bench = bench;
            develop(&bytes)
        });
        // A panic is told by the hook of `telemetry`.
        work.await.unwrap_or(Err(Fault::Damaged))
    }
}
