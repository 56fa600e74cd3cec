//! The outbox: what changed since an index last looked.
//!
//! A row is written in the transaction of the change. A reader keeps the snapshot of its last
//! reading and asks for the rows that this snapshot could not see: exact under any order of
//! commits, and any number of programs can read beside each other. Reading twice does no harm.

use sqlx::PgConnection;
use uuid::Uuid;

/// A record that changed. `id` is `None` for what has no page of its own (closures, words).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Changed {
    pub subject: String,
    pub id: Option<Uuid>,
}

/// What PostgreSQL could see at one moment (`pg_snapshot` as text).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot(String);

/// Writes that a record changed, in the transaction of the change itself.
///
/// # Errors
/// When the database refuses.
pub async fn announce(
    conn: &mut PgConnection,
    subject: &str,
    id: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into outbox (subject, record_id) values ($1, $2)",
        subject,
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What this transaction can see; take it in the transaction that reads the records.
///
/// # Errors
/// When the database does not answer.
pub async fn snapshot(conn: &mut PgConnection) -> Result<Snapshot, sqlx::Error> {
    let text = sqlx::query_scalar!(r#"select pg_current_snapshot()::text as "snapshot!""#)
        .fetch_one(conn)
        .await?;
    Ok(Snapshot(text))
}

/// The records that changed after `last` was taken, each once.
///
/// # Errors
/// When the database does not answer.
pub async fn changed_since(
    conn: &mut PgConnection,
    last: &Snapshot,
) -> Result<Vec<Changed>, sqlx::Error> {
    sqlx::query_as!(
        Changed,
        "select distinct subject, record_id as id from outbox
         where written_in >= pg_snapshot_xmin($1::text::pg_snapshot)
           and not pg_visible_in_snapshot(written_in, $1::text::pg_snapshot)",
        last.0,
    )
    .fetch_all(conn)
    .await
}

/// How many seconds the oldest row that `last` could not see has waited; 0 when there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn lag_seconds(conn: &mut PgConnection, last: &Snapshot) -> Result<f64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(extract(epoch from now() - min(written_at)), 0)::float8 as "lag!" from outbox
           where written_in >= pg_snapshot_xmin($1::text::pg_snapshot)
             and not pg_visible_in_snapshot(written_in, $1::text::pg_snapshot)"#,
        last.0,
    )
    .fetch_one(conn)
    .await
}

/// How many records changed after `last` was taken.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(conn: &mut PgConnection, last: &Snapshot) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(distinct (subject, record_id)) as "waiting!" from outbox
           where written_in >= pg_snapshot_xmin($1::text::pg_snapshot)
             and not pg_visible_in_snapshot(written_in, $1::text::pg_snapshot)"#,
        last.0,
    )
    .fetch_one(conn)
    .await
}

/// Forgets rows older than a day, and rows of transactions that are yet to come: those were
/// written by another server, before this database was restored from its dump. A program that was away for longer compares its whole index
/// with the records when it starts, so it misses nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut PgConnection) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from outbox where written_at < now() - interval '1 day'
            or written_in >= pg_snapshot_xmax(pg_current_snapshot())"
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
