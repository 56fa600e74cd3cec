//! What people propose for records that are public: the approved version stays online while the
//! new one is worked on. One for each record: who proposes later builds on what is there.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Kept, Opened, Refusal, keep_over};
use crate::access::{Person, Say};
use crate::base::id::AccountId;
use crate::catalogue::acts::{self, Act};
use crate::catalogue::upkeep::State;

/// A proposal for one record.
#[derive(Clone, PartialEq, Debug)]
pub struct Proposal<K> {
    pub draft: K,
    /// The version of the record that it was made of.
    pub seen: i32,
    pub author: AccountId,
    pub author_name: String,
    pub proposed_at: DateTime<Utc>,
}

/// Keeps a proposal for a public record, over the one that was there when it was opened.
///
/// # Errors
/// [`Refusal::Overtaken`] when someone proposed something since.
pub async fn put<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    (opened, seen): (&Opened<K>, i32),
    draft: &K,
) -> Result<(), Refusal> {
    let content =
        serde_json::to_value(draft).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let before = opened.proposal.as_ref().map(|before| before.proposed_at);
    let put = sqlx::query!(
        "insert into proposals (kind, record_id, content, seen, author_id)
         values ($1, $2, $3, $4, $5)
         on conflict (kind, record_id) do update set content = excluded.content, seen = excluded.seen,
             author_id = excluded.author_id, updated_at = now()
         where proposals.updated_at = $6",
        K::KIND.as_str(),
        opened.id,
        content,
        seen,
        person.id.0,
        before,
    )
    .execute(&mut *conn)
    .await?;
    if put.rows_affected() == 0 {
        return Err(Refusal::Overtaken);
    }
    let subject = (K::KIND.as_str(), Some(opened.id), draft.slug().as_str());
    acts::note_only(conn, &person.actor(), Act::Propose, subject, draft).await?;
    Ok(())
}

/// Makes a proposal public.
///
/// # Errors
/// [`Refusal::Overtaken`] when the record was changed since the proposal was made of it.
pub async fn approve<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
) -> Result<(), Refusal> {
    if !matches!(opened.say(person), Say::Publish | Say::Approve) {
        return Err(Refusal::NotYours);
    }
    let proposal = opened.proposal.as_ref().ok_or(Refusal::Unknown)?;
    let mut draft = proposal.draft.clone();
    *draft.slug_mut() = opened.draft.slug().clone();
    draft.set_state(State::Published);
    keep_over(conn, &person.actor(), proposal.seen, &draft, Act::Approve).await?;
    remove::<K>(conn, opened.id).await?;
    Ok(())
}

/// Throws a proposal away: by who may judge it, or by who made it.
///
/// # Errors
/// [`Refusal`].
pub async fn discard<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
) -> Result<(), Refusal> {
    let proposal = opened.proposal.as_ref().ok_or(Refusal::Unknown)?;
    let judges = matches!(opened.say(person), Say::Publish | Say::Approve);
    if !judges && proposal.author != person.id {
        return Err(Refusal::NotYours);
    }
    remove::<K>(conn, opened.id).await?;
    let subject = (
        K::KIND.as_str(),
        Some(opened.id),
        opened.draft.slug().as_str(),
    );
    acts::note_only(conn, &person.actor(), Act::Reject, subject, &proposal.draft).await?;
    Ok(())
}

pub(super) async fn remove<K: Kept>(
    conn: &mut PgConnection,
    record: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from proposals where kind = $1 and record_id = $2",
        K::KIND.as_str(),
        record
    )
    .execute(conn)
    .await?;
    Ok(())
}
