//! What is done with a record by one press: online, offline, checked, gone, and what becomes of
//! a proposal.

use axum::extract::State as Axum;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use serde::Deserialize;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Transaction};

use super::path_of;
use crate::access::{Person, Right, Say};
use crate::accounts::store;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::notices::{self, Answer};
use crate::admin::office::{Office, begin};
use crate::admin::sheet::{Ground, Sheet, address_in, refusal};
use crate::base::Slug;
use crate::base::written;
use crate::catalogue::State;
use crate::catalogue::editing::{self, Opened, Plan, Refusal, planned, proposals, remarks};
use crate::web::{Error, Form, Segment};

/// When something planned for a day happens, when no time was given.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).unwrap();

/// The record of an address in a transaction, for who may see it.
pub async fn open<'c, K: Sheet>(
    conn: &'c mut PoolConnection<Postgres>,
    person: &Person,
    slug: &Slug,
) -> Result<(Transaction<'c, Postgres>, Opened<K>), Error> {
    let mut tx = begin(conn).await?;
    let opened = editing::open(&mut tx, person, slug).await;
    Ok((tx, opened.map_err(refusal)?))
}

/// To the form of the record, which says what came of it.
fn back<K: Sheet>(slug: &Slug, word: &str) -> Response {
    Redirect::to(&links::done(&path_of::<K>(slug), word)).into_response()
}

/// What was on the page on which someone pressed.
#[derive(Default, Deserialize)]
pub struct Seen {
    #[serde(default)]
    versie: String,
    #[serde(default)]
    voorstel: String,
}

impl Seen {
    /// Whether it is what is there now.
    fn is_now<K: Sheet>(&self, opened: &Opened<K>) -> bool {
        self.versie == opened.version.to_string() && self.voorstel == opened.proposal_stamp()
    }
}

/// Makes public what is kept, as it was seen.
pub async fn publish<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(seen): Form<Seen>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    if opened.say(person) >= Say::Approve && !seen.is_now(&opened) {
        return Ok(back::<K>(&slug, "ingehaald"));
    }
    editing::set_state(&mut tx, person, &opened, State::Published)
        .await
        .map_err(refusal)?;
    tx.commit().await?;
    Ok(back::<K>(&slug, "online"))
}

#[derive(Default, Deserialize)]
pub struct Instead {
    /// The name of the record to which visitors are led from now on; empty: none.
    #[serde(default)]
    naar: String,
}

pub async fn withdraw<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(instead): Form<Instead>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    let name = instead.naar.trim();
    let instead = if name.is_empty() {
        None
    } else {
        let slugs: Vec<_> = address_in(name)
            .into_iter()
            .map(|slug| (K::KIND, slug))
            .collect();
        let titles = [(K::KIND, name.to_owned())];
        let ground = Ground::read(&office, &mut tx, &slugs, &titles, false).await?;
        let found = ground.around().named(K::KIND, name);
        let Some(found) = found.filter(|found| *found != slug) else {
            return Ok(back::<K>(&slug, "onbekende-naam"));
        };
        Some(found)
    };
    editing::withdraw(&mut tx, person, &opened, instead.as_ref())
        .await
        .map_err(refusal)?;
    tx.commit().await?;
    Ok(back::<K>(&slug, "offline"))
}

#[derive(Default, Deserialize)]
pub struct Said {
    #[serde(default)]
    opmerking: String,
}

/// Says something to who works on the record.
pub async fn remark<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(said): Form<Said>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    let text = said.opmerking.trim().replace("\r\n", "\n");
    match remarks::put(&mut tx, person, &opened, &text).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(back::<K>(&slug, "opmerking"))
        }
        Err(Refusal::Violation(_)) => Ok(back::<K>(&slug, "geen-opmerking")),
        Err(other) => Err(refusal(other)),
    }
}

#[derive(Default, Deserialize)]
pub struct Settled {
    #[serde(default)]
    nummer: String,
}

pub async fn settle<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(settled): Form<Settled>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    // What is no number settles nothing; whether this person may is asked all the same.
    let id = settled.nummer.parse().unwrap_or_default();
    remarks::settle(&mut tx, person, &opened, id)
        .await
        .map_err(refusal)?;
    tx.commit().await?;
    Ok(back::<K>(&slug, "afgehandeld"))
}

#[derive(Default, Deserialize)]
pub struct Reason {
    #[serde(default)]
    reden: String,
}

/// For good; for administrators alone.
pub async fn remove<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(reason): Form<Reason>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    if !person.holds(Right::Delete) {
        return Err(Error::Forbidden);
    }
    let reason = reason.reden.trim();
    if reason.is_empty() || reason.chars().count() > 300 {
        return Ok(back::<K>(&slug, "reden"));
    }
    match editing::remove(&mut tx, person, &opened, reason).await {
        Ok(()) => {
            tx.commit().await?;
            let list = format!("{}/{}", links::DESK, K::PATH);
            Ok(Redirect::to(&links::done(&list, "weg")).into_response())
        }
        Err(Refusal::Violation(_)) => Ok(back::<K>(&slug, "in-gebruik")),
        Err(other) => Err(refusal(other)),
    }
}

/// When a record goes online and off by itself: days, and times of the clock in Amsterdam.
#[derive(Default, Deserialize)]
pub struct Moments {
    #[serde(default)]
    online_dag: String,
    #[serde(default)]
    online_tijd: String,
    #[serde(default)]
    offline_dag: String,
    #[serde(default)]
    offline_tijd: String,
}

pub async fn plan<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(moments): Form<Moments>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    let now = office.clock.now().to_utc();
    let read = |day: &str, time: &str| match day.trim() {
        "" => Some(None),
        day => moment(day, time).filter(|at| *at > now).map(Some),
    };
    let online = read(&moments.online_dag, &moments.online_tijd);
    let offline = read(&moments.offline_dag, &moments.offline_tijd);
    let (Some(publish_at), Some(withdraw_at)) = (online, offline) else {
        return Ok(back::<K>(&slug, "geen-moment"));
    };
    if publish_at
        .zip(withdraw_at)
        .is_some_and(|(on, off)| off <= on)
    {
        return Ok(back::<K>(&slug, "eerst-online"));
    }
    let plan = Plan {
        publish_at,
        withdraw_at,
    };
    planned::put(&mut tx, person, &opened, plan)
        .await
        .map_err(refusal)?;
    tx.commit().await?;
    Ok(back::<K>(
        &slug,
        if plan.is_empty() {
            "geen-planning"
        } else {
            "gepland"
        },
    ))
}

/// A moment that was filled in. An hour that the clock skips becomes the next one.
fn moment(day: &str, time: &str) -> Option<DateTime<Utc>> {
    let day = written::day(day).ok()?;
    let time = match time.trim() {
        "" => MORNING,
        time => written::time(time).ok()?,
    };
    let local = day.and_time(time);
    let there = |local: NaiveDateTime| Amsterdam.from_local_datetime(&local).earliest();
    let at = there(local).or_else(|| there(local + TimeDelta::hours(1)))?;
    Some(at.to_utc())
}

pub async fn check<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    editing::check(&mut tx, person, &opened, office.clock.today())
        .await
        .map_err(refusal)?;
    tx.commit().await?;
    Ok(back::<K>(&slug, "klopt"))
}

/// Makes public what is proposed, as it was seen.
pub async fn approve<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(seen): Form<Seen>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    if opened.say(person) >= Say::Approve && !seen.is_now(&opened) {
        return Ok(back::<K>(&slug, "ingehaald"));
    }
    match proposals::approve(&mut tx, person, &opened).await {
        Ok(()) => {
            answer(&office, &mut tx, person, (&opened, true), "").await?;
            tx.commit().await?;
            Ok(back::<K>(&slug, "goedgekeurd"))
        }
        Err(Refusal::Overtaken) => Ok(back::<K>(&slug, "ingehaald")),
        Err(other) => Err(refusal(other)),
    }
}

/// Throws away what is proposed. Why, when that is told, becomes a remark and goes by mail.
pub async fn discard<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(reason): Form<Reason>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    proposals::discard(&mut tx, person, &opened)
        .await
        .map_err(refusal)?;
    let why = reason.reden.trim().replace("\r\n", "\n");
    if why.chars().count() > remarks::LONGEST {
        return Ok(back::<K>(&slug, "geen-opmerking"));
    }
    if !why.is_empty() {
        remarks::put(&mut tx, person, &opened, &why)
            .await
            .map_err(refusal)?;
    }
    answer(&office, &mut tx, person, (&opened, false), &why).await?;
    tx.commit().await?;
    Ok(back::<K>(&slug, "weggegooid"))
}

/// Mails who proposed something what became of it, unless they did it themselves.
async fn answer<K: Sheet>(
    office: &Office,
    conn: &mut PgConnection,
    person: &Person,
    (opened, approved): (&Opened<K>, bool),
    why: &str,
) -> Result<(), Error> {
    let Some(proposal) = opened.proposal.as_ref() else {
        return Ok(());
    };
    if proposal.author == person.id {
        return Ok(());
    }
    let Some(account) = store::one(conn, proposal.author).await? else {
        return Ok(());
    };
    let slug = opened.draft.slug();
    let page = if approved {
        K::page(slug.as_str())
    } else {
        path_of::<K>(slug)
    };
    let answer = Answer {
        approved,
        title: proposal.draft.title(),
        page: &page,
        by: &person.name,
        why,
    };
    let whom = (account.name.as_str(), account.email.as_str());
    Ok(notices::answer(office, conn, whom, &answer).await?)
}
