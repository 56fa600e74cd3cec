//! The named acts by which people change records, the same for every kind: who may, what must be
//! so, what is written, all in the caller's transaction. A slice tells how its records are read
//! and kept ([`Kept`]); history comes from the log, where every version stands whole.

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acts::{self, Act, CommandError};
use super::agenda::Schedule;
use super::former_slugs;
use super::pictures::{self, Picture};
use super::upkeep::State;
use crate::access::{Actor, Person, Reach, Right, Say};
use crate::audit;
use crate::base::id::AccountId;
use crate::base::{RecordKind, Slug};
use crate::database::Violation;

pub mod assigned;
pub mod entries;
mod kinds;
pub mod lists;
pub mod merge;
pub mod planned;
pub mod proposals;
pub mod remarks;
pub mod unfinished;
pub mod work;

pub use planned::Plan;
pub use proposals::Proposal;
pub use remarks::Remark;
pub use unfinished::Unfinished;

/// A kind of record that people keep, as tables and forms hold it.
pub trait Kept: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    const KIND: RecordKind;

    fn slug(&self) -> &Slug;
    fn slug_mut(&mut self) -> &mut Slug;
    /// What people call it.
    fn title(&self) -> &str;
    fn state(&self) -> State;
    fn set_state(&mut self, state: State);
    /// The day on which it was last found right.
    fn checked_at(&self) -> Option<NaiveDate>;
    fn set_checked(&mut self, on: NaiveDate);
    /// What it touches; `zone` is where it is held.
    fn reach<'a>(&'a self, zone: Option<&'a Slug>) -> Reach<'a>;
    /// The place that says in which zone it is held.
    fn place(&self) -> Option<&Slug> {
        None
    }
    /// Its picture, for kinds that have one.
    fn picture(&self) -> Option<&Picture> {
        None
    }
    fn set_picture(&mut self, _picture: Option<Picture>) {}
    /// When it is, for what has times.
    fn schedules(&self) -> &[Schedule] {
        &[]
    }

    fn read(
        conn: &mut PgConnection,
        slug: &Slug,
    ) -> impl Future<Output = Result<Option<Self>, sqlx::Error>> + Send;

    /// The id of the record in this version, its row held for this transaction.
    fn hold(
        conn: &mut PgConnection,
        slug: &Slug,
        version: i32,
    ) -> impl Future<Output = Result<Option<Uuid>, sqlx::Error>> + Send;

    fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        draft: &Self,
    ) -> impl Future<Output = Result<(), CommandError>> + Send;

    /// Puts it under a theme, first of all; `false`: this kind stands under none.
    fn put_under(&mut self, _theme: &Slug) -> bool {
        false
    }

    /// Takes its row away; the database refuses when others stand on it.
    fn delete(
        conn: &mut PgConnection,
        id: Uuid,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// A record that was opened to be changed.
#[derive(Clone, PartialEq, Debug)]
pub struct Opened<K> {
    pub id: Uuid,
    /// Who saves names the version that they saw.
    pub version: i32,
    /// Where it is held.
    pub zone: Option<Slug>,
    pub draft: K,
    pub proposal: Option<Proposal<K>>,
    /// What this person typed into its form before and did not save.
    pub unfinished: Option<Unfinished>,
    /// What happens to it by itself.
    pub plan: Plan,
    /// Whose work it is, by name.
    pub assigned: Option<String>,
    /// What is said about it and not settled, the oldest first.
    pub remarks: Vec<Remark>,
}

/// Why an act was not carried out; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such record, or none that this person may know of")]
    Unknown,
    #[error("this person may not do this")]
    NotYours,
    #[error("someone else changed this record in the meantime")]
    Overtaken,
    #[error("another record has this address")]
    Taken,
    #[error(transparent)]
    Violation(Violation),
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<CommandError> for Refusal {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(violation) => Self::Violation(violation),
            CommandError::Unknown => Self::Unknown,
            CommandError::Database(error) => Self::Database(error),
        }
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        CommandError::from(error).into()
    }
}

impl<K: Kept> Opened<K> {
    /// What someone has to say about this record.
    #[must_use]
    pub fn say(&self, person: &Person) -> Say {
        person.say(self.draft.reach(self.zone.as_ref()))
    }

    /// Brings a proposal up to the record as it is now. One that does not go together with it
    /// stays as it was made, and cannot be approved.
    async fn bring_up(&mut self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        let stale = self.proposal.as_mut().filter(|it| it.seen != self.version);
        let Some(proposal) = stale else {
            return Ok(());
        };
        let base = merge::as_it_was(conn, (self.id, self.version), proposal.seen).await?;
        let merged = base.and_then(|base| merge::onto(&base, &proposal.draft, &self.draft));
        if let Some(merged) = merged {
            proposal.draft = merged;
            proposal.seen = self.version;
        }
        Ok(())
    }

    /// Whether what this person changes waits beside the public record.
    fn proposes(&self, person: &Person) -> bool {
        self.say(person) == Say::Propose && self.draft.state() == State::Published
    }

    /// What this person goes on from: who proposes builds on what is proposed already, and then on
    /// the version that this was made of.
    #[must_use]
    pub fn basis(&self, person: &Person) -> (K, Option<i32>) {
        let Some(proposal) = self.proposal_for(person) else {
            return (self.draft.clone(), None);
        };
        let mut draft = proposal.draft.clone();
        draft.slug_mut().clone_from(self.draft.slug());
        draft.set_state(self.draft.state());
        (draft, Some(proposal.seen))
    }

    /// The picture that this person sees as that of the record: who proposes, what was proposed.
    #[must_use]
    pub fn picture_for(&self, person: &Person) -> Option<&Picture> {
        self.proposal_for(person)
            .map_or(&self.draft, |proposal| &proposal.draft)
            .picture()
    }

    fn proposal_for(&self, person: &Person) -> Option<&Proposal<K>> {
        self.proposal.as_ref().filter(|_| self.proposes(person))
    }

    /// Names the proposal that is there; empty without one.
    #[must_use]
    pub fn proposal_stamp(&self) -> String {
        self.proposal.as_ref().map_or_else(String::new, |proposal| {
            proposal.proposed_at.timestamp_micros().to_string()
        })
    }

    /// Whether who proposes began with something else than what is there: another version of the
    /// record, or before someone else proposed something.
    #[must_use]
    pub fn overtook(&self, person: &Person, version: i32, stamp: &str) -> bool {
        let others = self
            .proposal_for(person)
            .is_some_and(|proposal| proposal.author != person.id && self.proposal_stamp() != stamp);
        self.proposes(person) && (version != self.version || others)
    }
}

/// Opens a record for someone who may read it.
///
/// # Errors
/// [`Refusal::Unknown`], also for what this person may not know of (404, not 403).
pub async fn open<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    slug: &Slug,
) -> Result<Opened<K>, Refusal> {
    let draft = K::read(conn, slug).await?.ok_or(Refusal::Unknown)?;
    let standing = sqlx::query!(
        r#"select r.id as "id!", r.version as "version!", z.slug as "zone?: Slug",
                  p.content as "content?", p.seen as "seen?", p.author_id as "author?: AccountId",
                  a.name as "author_name?", p.updated_at as "proposed_at?",
                  u.fields as "typed?", u.saved_at as "typed_at?",
                  online.at as "publish_at?", offline.at as "withdraw_at?",
                  (select c.name from assignments s join accounts c on c.id = s.account_id
                   where s.kind = r.kind and s.record_id = r.id) as "assigned?",
                  (select jsonb_agg(jsonb_build_object('id', m.id, 'account', m.account_id, 'by', c.name,
                                                       'at', m.said_at, 'text', m.body) order by m.said_at, m.id)
                   from remarks m join accounts c on c.id = m.account_id
                   where m.kind = r.kind and m.record_id = r.id and m.settled_at is null) as "remarks?: Json<Vec<Remark>>"
           from records r
           left join zones z on z.id = r.zone_id
           left join proposals p on p.kind = r.kind and p.record_id = r.id
           left join accounts a on a.id = p.author_id
           left join unfinished_forms u on u.account_id = $3 and u.kind = r.kind and u.slug = r.slug
           left join planned_acts online on online.kind = r.kind and online.record_id = r.id and online.act = 'publish'
           left join planned_acts offline on offline.kind = r.kind and offline.record_id = r.id and offline.act = 'withdraw'
           where r.kind = $1 and r.slug = $2"#,
        K::KIND.as_str(),
        slug.as_str(),
        person.id.0,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Refusal::Unknown)?;
    let mut opened = Opened {
        id: standing.id,
        version: standing.version,
        zone: standing.zone,
        draft,
        assigned: standing.assigned,
        remarks: standing.remarks.map_or_else(Vec::new, |remarks| remarks.0),
        plan: Plan {
            publish_at: standing.publish_at,
            withdraw_at: standing.withdraw_at,
        },
        unfinished: standing
            .typed
            .zip(standing.typed_at)
            .map(|(fields, saved_at)| Unfinished { fields, saved_at }),
        proposal: standing.content.and_then(|content| {
            Some(Proposal {
                draft: serde_json::from_value(content).ok()?,
                seen: standing.seen?,
                author: standing.author?,
                author_name: standing.author_name?,
                proposed_at: standing.proposed_at?,
            })
        }),
    };
    if opened.say(person) == Say::Nothing {
        return Err(Refusal::Unknown);
    }
    opened.bring_up(conn).await?;
    Ok(opened)
}

/// Gives a record another picture, or none.
///
/// # Errors
/// As [`revise`].
pub async fn set_picture<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    (opened, version): (&Opened<K>, i32),
    picture: Option<Picture>,
) -> Result<Outcome, Refusal> {
    let (mut draft, made_of) = opened.basis(person);
    draft.set_picture(picture);
    revise(conn, person, (opened, made_of.unwrap_or(version)), &draft).await
}

/// What someone may say about a record as it would be. A record that is moved into or out of
/// what is theirs counts on both sides.
async fn say_of<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    draft: &K,
) -> Result<Say, Refusal> {
    let zone = match draft.place() {
        Some(place) => zone_of(conn, place).await?,
        None => None,
    };
    Ok(person.say(draft.reach(zone.as_ref())))
}

async fn zone_of(conn: &mut PgConnection, place: &Slug) -> Result<Option<Slug>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select z.slug as "slug: Slug" from places p join zones z on z.id = p.zone_id where p.slug = $1"#,
        place.as_str()
    )
    .fetch_optional(conn)
    .await
}

/// Registers a new record, in the state that its maker may give it: who may only propose leaves
/// it for review. When its address is taken, a number is added. Answers with the address.
///
/// # Errors
/// [`Refusal`].
pub async fn register<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    draft: &K,
) -> Result<Slug, Refusal> {
    let mut draft = draft.clone();
    match say_of(conn, person, &draft).await? {
        Say::Publish => {}
        Say::Propose => draft.set_state(not_public(draft.state())),
        _ => return Err(Refusal::NotYours),
    }
    let wanted = draft.slug().clone();
    for number in 1..=50 {
        if number > 1 {
            let numbered = Slug::parse(&format!("{wanted}-{number}"));
            *draft.slug_mut() = numbered.map_err(|_| Refusal::Taken)?;
        }
        if claim(conn, K::KIND, draft.slug()).await? {
            K::keep(conn, &person.actor(), Act::Register, &draft).await?;
            return Ok(draft.slug().clone());
        }
    }
    Err(Refusal::Taken)
}

/// Whether an address is free. Until the end of the transaction nobody else gets it.
async fn claim(
    conn: &mut PgConnection,
    kind: RecordKind,
    slug: &Slug,
) -> Result<bool, sqlx::Error> {
    let key = format!("{kind} {slug}");
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", key)
        .execute(&mut *conn)
        .await?;
    sqlx::query_scalar!(
        r#"select not exists (select from records where kind = $1 and slug = $2)
              and not exists (select from former_slugs where kind = $1 and slug = $2) as "free!""#,
        kind.as_str(),
        slug.as_str()
    )
    .fetch_one(conn)
    .await
}

/// What came of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is as the form said.
    Kept,
    /// The record is public, and who changed it may not change what is public: it waits.
    Proposed,
}

/// Revises a record as it was seen at `version`.
///
/// # Errors
/// [`Refusal::Overtaken`] when someone else was first.
pub async fn revise<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    (opened, version): (&Opened<K>, i32),
    draft: &K,
) -> Result<Outcome, Refusal> {
    let say = opened.say(person).min(say_of(conn, person, draft).await?);
    let public = opened.draft.state() == State::Published;
    match say {
        Say::Publish => {}
        Say::Propose if public => {
            proposals::put(conn, person, (opened, version), draft).await?;
            return Ok(Outcome::Proposed);
        }
        Say::Propose => {
            let mut draft = draft.clone();
            draft.set_state(not_public(draft.state()));
            keep_over(conn, &person.actor(), version, &draft, Act::Revise).await?;
            return Ok(Outcome::Kept);
        }
        _ => return Err(Refusal::NotYours),
    }
    let act = act_of(opened.draft.state(), draft.state());
    keep_over(conn, &person.actor(), version, draft, act).await?;
    Ok(Outcome::Kept)
}

/// A state that is not public: what a proposal may have.
fn not_public(state: State) -> State {
    match state {
        State::Draft => State::Draft,
        _ => State::InReview,
    }
}

/// What a change of state is called.
fn act_of(before: State, after: State) -> Act {
    match (before, after) {
        (State::Published, State::Published) => Act::Revise,
        (_, State::Published) => Act::Publish,
        (State::Published, _) => Act::Withdraw,
        _ => Act::Revise,
    }
}

/// Keeps a record over the version that was seen. What is done so by hand need not happen by
/// itself any more.
async fn keep_over<K: Kept>(
    conn: &mut PgConnection,
    actor: &Actor,
    seen: i32,
    draft: &K,
    act: Act,
) -> Result<(), Refusal> {
    let held = K::hold(conn, draft.slug(), seen).await?;
    let id = held.ok_or(Refusal::Overtaken)?;
    if matches!(act, Act::Publish | Act::Withdraw) {
        planned::forget(conn, K::KIND, id, Some(act)).await?;
    }
    Ok(K::keep(conn, actor, act, draft).await?)
}

/// Gives a record another state.
///
/// # Errors
/// [`Refusal`].
pub async fn set_state<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    state: State,
) -> Result<(), Refusal> {
    let say = opened.say(person);
    let public =
        [opened.draft.state(), state].contains(&State::Published) || state == State::Withdrawn;
    let needed = if public { Say::Publish } else { Say::Propose };
    let approves = say == Say::Approve && state == State::Published;
    let acts = matches!(say, Say::Propose | Say::Publish) && say >= needed;
    if !acts && !approves {
        return Err(Refusal::NotYours);
    }
    let mut draft = opened.draft.clone();
    draft.set_state(state);
    let act = act_of(opened.draft.state(), state);
    keep_over(conn, &person.actor(), opened.version, &draft, act).await
}

/// Says that a record was found right today.
///
/// # Errors
/// [`Refusal`].
pub async fn check<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if !matches!(opened.say(person), Say::Publish | Say::Propose) {
        return Err(Refusal::NotYours);
    }
    let mut draft = opened.draft.clone();
    draft.set_checked(today);
    keep_over(conn, &person.actor(), opened.version, &draft, Act::Check).await
}

/// Takes a record off the site. Who still has its address is led to `instead`, when that is given.
///
/// # Errors
/// [`Refusal::Unknown`] when there is nothing at `instead`.
pub async fn withdraw<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    instead: Option<&Slug>,
) -> Result<(), Refusal> {
    set_state(conn, person, opened, State::Withdrawn).await?;
    if let Some(instead) = instead {
        let (actor, slug) = (person.actor(), opened.draft.slug());
        former_slugs::remember(conn, &actor, K::KIND, slug, instead).await?;
    }
    Ok(())
}

/// Removes a record for good, with a reason. The log keeps what it was.
///
/// # Errors
/// [`Refusal::Violation`] when other records stand on it.
pub async fn remove<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    reason: &str,
) -> Result<(), Refusal> {
    if !person.holds(Right::Delete) {
        return Err(Refusal::NotYours);
    }
    let held = K::hold(conn, opened.draft.slug(), opened.version).await?;
    held.ok_or(Refusal::Overtaken)?;
    Ok(take_away(conn, &person.actor(), &opened.draft, reason).await?)
}

/// Takes a record away, whoever asks it.
///
/// # Errors
/// When other records stand on it.
pub async fn take_away<K: Kept>(
    conn: &mut PgConnection,
    actor: &Actor,
    draft: &K,
    reason: &str,
) -> Result<(), CommandError> {
    let (kind, slug) = (K::KIND.as_str(), draft.slug().as_str());
    let id = sqlx::query_scalar!(
        r#"select id as "id!" from records where kind = $1 and slug = $2"#,
        kind,
        slug
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(CommandError::Unknown)?;
    K::delete(conn, id).await?;
    proposals::remove::<K>(conn, id).await?;
    planned::forget(conn, K::KIND, id, None).await?;
    assigned::forget(conn, K::KIND, id).await?;
    remarks::forget(conn, K::KIND, id).await?;
    let content = serde_json::json!({ "reason": reason, "record": draft });
    let subject = (kind, Some(id), slug);
    acts::note(conn, actor, Act::Remove, subject, &content).await?;
    Ok(())
}

/// An earlier state of a record.
#[derive(Clone, PartialEq, Debug)]
pub struct Version {
    /// The line of the log.
    pub id: i64,
    pub entry: audit::Entry,
    /// `None`: the line holds no whole record of this kind, such as a change of address.
    pub content: Option<Value>,
}

/// The versions of a record, the newest first.
pub async fn history<K: Kept>(
    conn: &mut PgConnection,
    opened: &Opened<K>,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<Version>, sqlx::Error> {
    let only = audit::Selection {
        subject: Some(K::KIND.as_str()),
        record: Some(opened.id),
        before,
        ..audit::Selection::default()
    };
    let entries = audit::latest(conn, only, most).await?;
    Ok(entries
        .into_iter()
        .map(|entry| Version {
            id: entry.id,
            content: entry.content.clone().filter(whole::<K>),
            entry,
        })
        .collect())
}

fn whole<K: Kept>(content: &Value) -> bool {
    serde_json::from_value::<K>(content.clone()).is_ok()
}

/// Puts an earlier version back, as it was at a line of the log; the address and the state stay.
///
/// # Errors
/// [`Refusal::Unknown`] when that line is not of this record.
pub async fn restore<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    (opened, version): (&Opened<K>, i32),
    line: i64,
) -> Result<Outcome, Refusal> {
    let only = audit::Selection {
        subject: Some(K::KIND.as_str()),
        record: Some(opened.id),
        before: line.checked_add(1),
        ..audit::Selection::default()
    };
    let found = audit::latest(conn, only, 1).await?.pop();
    let content = found
        .filter(|entry| entry.id == line)
        .and_then(|entry| entry.content)
        .ok_or(Refusal::Unknown)?;
    let mut draft: K = serde_json::from_value(content).map_err(|_| Refusal::Unknown)?;
    *draft.slug_mut() = opened.draft.slug().clone();
    draft.set_state(opened.draft.state());
    if let Some(picture) = draft.picture().cloned()
        && pictures::store::while_kept(conn, picture.id)
            .await?
            .is_none()
    {
        draft.set_picture(None);
    }
    revise(conn, person, (opened, version), &draft).await
}

/// Handles a form once: false when one with this token was handled before, and then `path` is
/// where that led. Call in the transaction of the act.
pub async fn once(conn: &mut PgConnection, token: Uuid, path: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into forms_handled (token, path) values ($1, $2) on conflict (token) do nothing",
        token,
        path
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Where a form led that was handled before.
pub async fn handled(conn: &mut PgConnection, token: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select path from forms_handled where token = $1", token)
        .fetch_optional(conn)
        .await
}
