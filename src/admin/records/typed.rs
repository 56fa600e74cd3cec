//! What is typed into a form and not saved yet: kept by a script now and then, offered when the
//! person comes back.

use axum::extract::State as Axum;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;

use super::list::{changes, may_add};
use super::path_of;
use crate::access::Person;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::Office;
use crate::admin::sheet::{Fields, Sheet, refusal};
use crate::base::{RecordKind, Slug};
use crate::catalogue::editing::{self, unfinished};
use crate::database::Violation;
use crate::web::{Error, Form, Segment};

/// Keeps what is typed into the form of a new record; a script asks it now and then.
pub async fn keep_new<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Form(fields): Form<Fields>,
) -> Result<StatusCode, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let mut conn = office.connection().await?;
    keep_typed(&mut conn, person, (K::KIND, ""), &fields).await
}

/// The same for a record that is there.
pub async fn keep<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(fields): Form<Fields>,
) -> Result<StatusCode, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let opened = editing::open::<K>(&mut conn, person, &slug)
        .await
        .map_err(refusal)?;
    if !changes(opened.say(person)) {
        return Err(Error::Forbidden);
    }
    keep_typed(&mut conn, person, (K::KIND, slug.as_str()), &fields).await
}

pub async fn keep_typed(
    conn: &mut PgConnection,
    person: &Person,
    of: (RecordKind, &str),
    fields: &Fields,
) -> Result<StatusCode, Error> {
    let typed = serde_json::to_value(fields).map_err(|error| Error::Internal(error.into()))?;
    match unfinished::put(conn, person, of, &typed).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) if Violation::of(&error).is_some() => Err(Error::TooLarge),
        Err(error) => Err(error.into()),
    }
}

/// Throws away what was typed and not saved.
pub async fn forget_new<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let mut conn = office.connection().await?;
    unfinished::forget(&mut conn, person, (K::KIND, "")).await?;
    let path = format!("{}/{}/nieuw", links::DESK, K::PATH);
    Ok(Redirect::to(&path).into_response())
}

/// The same for a record that is there.
pub async fn forget<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let opened = editing::open::<K>(&mut conn, person, &slug)
        .await
        .map_err(refusal)?;
    if !changes(opened.say(person)) {
        return Err(Error::Forbidden);
    }
    unfinished::forget(&mut conn, person, (K::KIND, slug.as_str())).await?;
    Ok(Redirect::to(&path_of::<K>(&slug)).into_response())
}
