//! Reaching `PostgreSQL`, or knowing at once that it is away.
//!
//! After a failure every read fails immediately for half a second; then one caller tries, while
//! the others still fail at once. So waiting never piles up, and service is back within a second
//! of the database.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
};

use super::{Error, error::is_away};
use crate::telemetry;

/// A page must fail within 500 ms; this is the wait for a connection.
const ACQUIRE: Duration = Duration::from_millis(300);

/// How long failures are assumed before one caller tries again.
const PAUSE: Duration = Duration::from_millis(500);

/// The reading side of the database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pool: PgPool,
    breaker: Arc<Breaker>,
}

impl Database {
    /// A pool for page reads; connects at the first read, so the program starts without
    /// `PostgreSQL`. Statements are ended by the server after a second: a page needs milliseconds.
    #[must_use]
    pub fn lazy(options: PgConnectOptions, connections: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE)
            .connect_lazy_with(options.options([("statement_timeout", "1000")]));
        Self::new(pool)
    }

    /// Guards a pool made elsewhere; its `acquire_timeout` should be some 300 ms.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            breaker: Arc::new(Breaker::new(PAUSE)),
        }
    }

    /// A connection, or the knowledge that there is none, within the pool's time.
    ///
    /// # Errors
    /// [`Error::DatabaseAway`], or [`Error::Internal`] when the settings are wrong.
    pub async fn acquire(&self) -> Result<PoolConnection<Postgres>, Error> {
        if !self.breaker.may_try() {
            return Err(Error::DatabaseAway);
        }
        let acquired = self.pool.acquire().await;
        match &acquired {
            Ok(_) => self.breaker.succeeded(),
            Err(error) if is_away(error) => self.breaker.failed(),
            Err(_) => {}
        }
        Ok(acquired?)
    }

    /// Whether the last attempt succeeded; true before the first.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.breaker.retry_at.load(Ordering::Relaxed) == CLOSED
    }

    /// The pool itself, for work that may wait.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

const CLOSED: u64 = 0;

/// Closed (all may try) while `retry_at` is zero; else nobody may before that moment, and then
/// whoever moves the moment on tries for all. A try that never ends is followed by another.
struct Breaker {
    started: Instant,
    pause: Duration,
    /// Milliseconds since `started`.
    retry_at: AtomicU64,
}

impl Breaker {
    fn new(pause: Duration) -> Self {
        Self {
            started: Instant::now(),
            pause,
            retry_at: AtomicU64::new(CLOSED),
        }
    }

    fn may_try(&self) -> bool {
        self.may_try_at(self.started.elapsed())
    }

    fn may_try_at(&self, now: Duration) -> bool {
        let retry_at = self.retry_at.load(Ordering::Acquire);
        if retry_at == CLOSED {
            return true;
        }
        let claim = |seen| {
            self.retry_at.compare_exchange(
                seen,
                self.after(now),
                Ordering::AcqRel,
                Ordering::Relaxed,
            )
        };
        millis(now) >= retry_at && claim(retry_at).is_ok()
    }

    fn succeeded(&self) {
        if self.retry_at.swap(CLOSED, Ordering::AcqRel) != CLOSED {
            tracing::info!("the database is back");
        }
        telemetry::database_up(true);
    }

    fn failed(&self) {
        self.failed_at(self.started.elapsed());
    }

    fn failed_at(&self, now: Duration) {
        if self.retry_at.swap(self.after(now), Ordering::AcqRel) == CLOSED {
            tracing::warn!("the database does not answer; pages come from the cache");
        }
        telemetry::database_up(false);
    }

    fn after(&self, now: Duration) -> u64 {
        millis(now + self.pause).max(CLOSED + 1)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
