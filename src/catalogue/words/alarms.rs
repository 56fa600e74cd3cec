//! Words that raise the alarm: those that the program brings, and what editors add to them or
//! silence of them.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::access::Actor;
use crate::catalogue::acts::{self, Act, CommandError};
use crate::catalogue::editing::entries::Listed;
use crate::database::Violation;
use crate::search::built_in_alarms;

/// So many rules of the program can be silent at once: who silences more takes the alarm away.
const MOST_SILENCED: usize = 10;

/// Words for which the numbers to call stand above everything.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Trigger {
    /// The words, all of which must be there; of the program's own, a rule as its table has it.
    pub rule: String,
    /// What they are about.
    pub concept: String,
    /// The program brings it: it can be silenced and not be taken away.
    pub built_in: bool,
    pub silenced: bool,
    pub note: String,
}

/// What editors added and silenced.
///
/// # Errors
/// When the database does not answer.
pub async fn changed(conn: &mut PgConnection) -> Result<Vec<Trigger>, sqlx::Error> {
    sqlx::query_as!(
        Trigger,
        r#"select rule, coalesce(concept, '') as "concept!", concept is null as "built_in!",
                  concept is null as "silenced!", note
           from alarms order by rule"#
    )
    .fetch_all(conn)
    .await
}

impl Listed for Trigger {
    const SUBJECT: &'static str = "alarm";

    fn key(&self) -> String {
        self.rule.clone()
    }
    /// Those of editors first, then those of the program in the order of its table.
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        let (silenced, mut all): (Vec<_>, Vec<_>) = changed(conn)
            .await?
            .into_iter()
            .partition(|trigger| trigger.built_in);
        all.extend(built_in_alarms().map(|(concept, rule)| {
            let silent = silenced.iter().find(|trigger| trigger.rule == rule);
            Self {
                rule: rule.to_owned(),
                concept: concept.to_owned(),
                built_in: true,
                silenced: silent.is_some(),
                note: silent.map_or_else(String::new, |trigger| trigger.note.clone()),
            }
        }));
        Ok(all)
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        if entry.built_in && !entry.silenced {
            Self::delete(conn, entry).await?;
        } else {
            if entry.silenced {
                refuse_too_many(conn, &entry.rule).await?;
            }
            sqlx::query!(
                "insert into alarms (rule, concept, note) values ($1, $2, $3)
                 on conflict (rule) do update set concept = excluded.concept, note = excluded.note",
                entry.rule,
                (!entry.built_in).then_some(&entry.concept),
                entry.note,
            )
            .execute(&mut *conn)
            .await?;
        }
        let subject = (Self::SUBJECT, None, entry.rule.as_str());
        Ok(acts::note(conn, actor, act, subject, entry).await?)
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from alarms where rule = $1", entry.rule)
            .execute(conn)
            .await?;
        Ok(())
    }
}

async fn refuse_too_many(conn: &mut PgConnection, rule: &str) -> Result<(), CommandError> {
    let changed = changed(conn).await?;
    let silenced = |other: &&Trigger| other.silenced && other.rule != rule;
    if changed.iter().filter(silenced).count() < MOST_SILENCED {
        return Ok(());
    }
    Err(CommandError::Refused(Violation {
        constraint: "alarms_silenced".to_owned(),
        field: "silenced".to_owned(),
        sentence: "er staan er al tien uit; zet er eerst een weer aan",
    }))
}
