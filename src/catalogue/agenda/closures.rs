use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::access::Actor;
use crate::catalogue::acts::{self, Act, CommandError};

/// Days on which much is closed: public holidays and school holidays. Both days inclusive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Closure {
    pub name: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    /// False: the date is still to be checked.
    pub certain: bool,
}

/// Every closure, by date.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Closure>, sqlx::Error> {
    sqlx::query_as!(
        Closure,
        r#"select name, starts_on as "start", ends_on as "end", certain from closures
           order by starts_on, ends_on, name"#
    )
    .fetch_all(conn)
    .await
}

/// Keeps a closure; its name is its key.
///
/// # Errors
/// When the end lies before the beginning, or the database does not answer.
pub async fn keep(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    closure: &Closure,
) -> Result<(), CommandError> {
    sqlx::query!(
        "insert into closures (name, starts_on, ends_on, certain) values ($1, $2, $3, $4)
         on conflict (name) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on,
             certain = excluded.certain",
        closure.name,
        closure.start,
        closure.end,
        closure.certain,
    )
    .execute(&mut *conn)
    .await?;
    acts::note(conn, actor, act, ("closure", None, &closure.name), closure).await?;
    Ok(())
}
