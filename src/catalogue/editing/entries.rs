//! The lists that all records share: themes, audiences, closures, words, numbers to call. Their
//! entries have no versions: who changes one names what they saw by its digest.

use std::fmt::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::Refusal;
use crate::access::{Actor, Person, Right};
use crate::catalogue::acts::{self, Act, CommandError};
use crate::catalogue::agenda::{Closure, closures};
use crate::catalogue::themes::{self, Audience, StepLabel};
use crate::catalogue::words::{self, HelpLine, Synonym};

/// A kind of entry in a list that all records share.
pub trait Listed: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// As the log calls it.
    const SUBJECT: &'static str;

    /// By what the log knows it.
    fn key(&self) -> String;
    fn all(conn: &mut PgConnection) -> impl Future<Output = Result<Vec<Self>, sqlx::Error>> + Send;
    fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> impl Future<Output = Result<(), CommandError>> + Send;
    /// Takes it away; the database refuses when records stand on it.
    fn delete(
        conn: &mut PgConnection,
        entry: &Self,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
    /// What the log keeps of it.
    #[must_use]
    fn noted(&self) -> Self {
        self.clone()
    }
    /// Whether two are one entry, before and after a change: the same place in the list.
    fn is_same(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

/// What an entry is, in sixteen letters: changes with every change of it.
#[must_use]
pub fn digest<E: Listed>(entry: &E) -> String {
    let text = serde_json::to_vec(entry).unwrap_or_default();
    let digest = Sha256::digest(text);
    let mut letters = String::new();
    for byte in digest.iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(letters, "{byte:02x}");
    }
    letters
}

/// The entry with a digest, as it is now.
///
/// # Errors
/// When the database does not answer.
pub async fn find<E: Listed>(
    conn: &mut PgConnection,
    seen: &str,
) -> Result<Option<E>, sqlx::Error> {
    Ok(E::all(conn)
        .await?
        .into_iter()
        .find(|entry| digest(entry) == seen))
}

fn may(person: &Person) -> Result<(), Refusal> {
    if person.holds(Right::EditVocabulary) {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

/// One change of a list at a time: a digest names what nobody else changes meanwhile.
async fn alone<E: Listed>(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended($1, 1))",
        E::SUBJECT
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds an entry.
///
/// # Errors
/// [`Refusal::Taken`] when there is one of that name.
pub async fn add<E: Listed>(
    conn: &mut PgConnection,
    person: &Person,
    entry: &E,
) -> Result<(), Refusal> {
    may(person)?;
    alone::<E>(conn).await?;
    if E::all(conn).await?.iter().any(|other| other.is_same(entry)) {
        return Err(Refusal::Taken);
    }
    Ok(E::keep(conn, &person.actor(), Act::Register, entry).await?)
}

/// Changes the entry that was seen.
///
/// # Errors
/// [`Refusal::Overtaken`] when it is no longer as it was seen.
pub async fn change<E: Listed>(
    conn: &mut PgConnection,
    person: &Person,
    seen: &str,
    entry: &E,
) -> Result<(), Refusal> {
    may(person)?;
    alone::<E>(conn).await?;
    let all = E::all(conn).await?;
    let before = all.iter().find(|other| digest(*other) == seen);
    let before = before.ok_or(Refusal::Overtaken)?;
    if !before.is_same(entry) {
        if all.iter().any(|other| other.is_same(entry)) {
            return Err(Refusal::Taken);
        }
        E::delete(conn, before).await?;
    }
    Ok(E::keep(conn, &person.actor(), Act::Revise, entry).await?)
}

/// Takes the entry that was seen away.
///
/// # Errors
/// [`Refusal::Overtaken`] when it is no longer as it was seen; [`Refusal::Violation`] when records
/// stand on it.
pub async fn remove<E: Listed>(
    conn: &mut PgConnection,
    person: &Person,
    seen: &str,
) -> Result<(), Refusal> {
    may(person)?;
    alone::<E>(conn).await?;
    let entry = find::<E>(conn, seen).await?.ok_or(Refusal::Overtaken)?;
    Ok(take_away(conn, &person.actor(), &entry).await?)
}

/// Takes an entry away, whoever asks it.
///
/// # Errors
/// When records stand on it.
pub async fn take_away<E: Listed>(
    conn: &mut PgConnection,
    actor: &Actor,
    entry: &E,
) -> Result<(), CommandError> {
    E::delete(conn, entry).await?;
    let key = entry.key();
    let subject = (E::SUBJECT, None, key.as_str());
    acts::note(conn, actor, Act::Remove, subject, &entry.noted()).await?;
    Ok(())
}

impl Listed for themes::Draft {
    const SUBJECT: &'static str = "theme";

    fn key(&self) -> String {
        self.slug.to_string()
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        themes::store::drafts(conn).await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        themes::commands::keep(conn, actor, act, entry).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from themes where slug = $1", entry.slug.as_str())
            .execute(conn)
            .await?;
        Ok(())
    }
}

impl Listed for Audience {
    const SUBJECT: &'static str = "audience";

    fn key(&self) -> String {
        self.slug.to_string()
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        themes::store::audiences(conn).await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        themes::commands::keep_audience(conn, actor, act, entry).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from audiences where slug = $1", entry.slug.as_str())
            .execute(conn)
            .await?;
        Ok(())
    }
}

impl Listed for StepLabel {
    const SUBJECT: &'static str = "step";

    fn key(&self) -> String {
        self.step.as_str().to_owned()
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        themes::store::steps(conn).await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        themes::commands::keep_step(conn, actor, act, entry).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from steps where slug = $1", entry.step.as_str())
            .execute(conn)
            .await?;
        Ok(())
    }
}

impl Listed for Closure {
    const SUBJECT: &'static str = "closure";

    fn key(&self) -> String {
        self.name.clone()
    }
    fn is_same(&self, other: &Self) -> bool {
        (&self.name, &self.place) == (&other.name, &other.place)
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        closures::all(conn).await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        closures::keep(conn, actor, act, entry).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from closures where name = $1
             and place_id is not distinct from (select id from places where slug = $2)",
            entry.name,
            entry.place.as_ref().map(crate::base::Slug::as_str),
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}

impl Listed for Synonym {
    const SUBJECT: &'static str = "synonym";

    fn key(&self) -> String {
        self.headword().to_owned()
    }
    fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.headword()) == (other.kind, other.headword())
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        words::store::synonyms(conn).await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        words::commands::keep_synonym(conn, actor, act, entry).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from synonyms where kind = $1 and headword = $2",
            entry.kind.as_str(),
            entry.headword()
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}

impl Listed for HelpLine {
    const SUBJECT: &'static str = "help_line";

    fn key(&self) -> String {
        self.slug.to_string()
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        words::store::help_lines(conn).await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        words::commands::keep_help_line(conn, actor, act, entry).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from help_lines where slug = $1",
            entry.slug.as_str()
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}
