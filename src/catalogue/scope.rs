//! What belongs on the map where the rules leave room: decisions with their day and reason, so
//! that the same question gets the same answer.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::acts::{self, Act, CommandError};
use super::editing::entries::Listed;
use crate::access::Actor;
use crate::base::Slug;
use crate::text_enum;

text_enum! {
    /// What was decided.
    Outcome {
        Listed = "listed", "staat op de kaart";
        NotListed = "not_listed", "staat niet op de kaart";
        OwnClass = "own_class", "staat erop, in een eigen groep";
    }
}

/// A decision on what belongs on the map.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    pub slug: Slug,
    /// What it is about.
    pub title: String,
    pub theme: Option<Slug>,
    pub outcome: Outcome,
    pub reason: String,
    pub decided_on: NaiveDate,
    /// A role or a meeting, never a person.
    pub decided_by: String,
    /// When it is looked at again.
    pub review_on: Option<NaiveDate>,
}

impl Listed for Decision {
    const SUBJECT: &'static str = "scope";

    fn key(&self) -> String {
        self.slug.to_string()
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        sqlx::query_as!(
            Self,
            r#"select d.slug as "slug!: Slug", d.title as "title!", t.slug as "theme?: Slug", d.outcome as "outcome!: Outcome",
                      d.reason as "reason!", d.decided_on as "decided_on!", d.decided_by as "decided_by!", d.review_on
               from scope_decisions d left join themes t on t.id = d.theme_id
               order by lower(d.title), d.slug"#
        )
        .fetch_all(conn)
        .await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        sqlx::query!(
            "insert into scope_decisions (slug, title, theme_id, outcome, reason, decided_on, decided_by, review_on)
             values ($1, $2, (select id from themes where slug = $3), $4, $5, $6, $7, $8)
             on conflict (slug) do update set title = excluded.title, theme_id = excluded.theme_id,
                 outcome = excluded.outcome, reason = excluded.reason, decided_on = excluded.decided_on,
                 decided_by = excluded.decided_by, review_on = excluded.review_on",
            entry.slug.as_str(),
            entry.title,
            entry.theme.as_ref().map(Slug::as_str),
            entry.outcome.as_str(),
            entry.reason,
            entry.decided_on,
            entry.decided_by,
            entry.review_on,
        )
        .execute(&mut *conn)
        .await?;
        let subject = (Self::SUBJECT, None, entry.slug.as_str());
        Ok(acts::note(conn, actor, act, subject, entry).await?)
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from scope_decisions where slug = $1",
            entry.slug.as_str()
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}

/// How many decisions are to be looked at again on a day.
///
/// # Errors
/// When the database does not answer.
pub async fn due(conn: &mut PgConnection, today: NaiveDate) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from scope_decisions where review_on <= $1"#,
        today
    )
    .fetch_one(conn)
    .await
}
