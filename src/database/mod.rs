//! The record store: connections, migrations, the outbox, and the private server for who has none.

pub mod outbox;
pub mod private_server;
pub mod violation;

use std::time::Duration;

use sqlx::PgPool;
use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

pub use violation::Violation;

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// A pool for work in the background, which may wait some seconds; connects when first used.
#[must_use]
pub fn pool(options: PgConnectOptions, connections: u32) -> PgPool {
    let options = options.application_name("wijzer").options([
        ("statement_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "60s"),
        ("timezone", "UTC"),
    ]);
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(3))
        .connect_lazy_with(options)
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum NotMigrated {
    #[error("PostgreSQL cannot be reached")]
    Away(#[source] sqlx::Error),
    #[error(
        "this database was used by a newer version of Wijzer (migration {0}): install that version, or restore a back-up from before it"
    )]
    Newer(i64),
    #[error("the database schema could not be brought up to date")]
    Failed(#[source] MigrateError),
}

impl NotMigrated {
    /// Trying again later may help.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Away(_))
    }
}

/// Brings the schema up to date; each migration in its own transaction.
///
/// # Errors
/// [`NotMigrated`]; a migration that failed has left nothing behind.
pub async fn migrate(pool: &PgPool) -> Result<(), NotMigrated> {
    // A probe first: it tells a server that is away from a migration that fails.
    drop(pool.acquire().await.map_err(NotMigrated::Away)?);
    MIGRATOR.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) => NotMigrated::Newer(version),
        MigrateError::Execute(cause)
            if matches!(cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) =>
        {
            NotMigrated::Away(cause)
        }
        other => NotMigrated::Failed(other),
    })
}

/// Whether nothing was ever loaded.
///
/// # Errors
/// When the database does not answer.
pub async fn is_empty(pool: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select not exists (select from zones) and not exists (select from organisations)
               and not exists (select from activities) and not exists (select from themes) as "empty!""#
    )
    .fetch_one(pool)
    .await
}
