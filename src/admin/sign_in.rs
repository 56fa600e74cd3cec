//! Signing in, in one step or two, and out.

use std::net::IpAddr;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::fields::Errors;
use super::guard::{self, HalfWay};
use super::links;
use super::office::{Office, begin, html, refused, too_often};
use super::page::Page;
use crate::access::Role;
use crate::accounts::{Credentials, Secret, Stage, commands, sessions, store};
use crate::web::{Client, Error, Form, Query};

#[derive(Template)]
#[template(path = "admin/sign_in/password.html")]
struct PasswordPage {
    page: Page,
    /// What one may sign in with beside a password.
    provider: Option<String>,
    asked: Asked,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "admin/sign_in/code.html")]
struct CodePage {
    page: Page,
    onward: String,
    errors: Errors,
}

/// What is filled in to sign in.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    email: String,
    #[serde(default)]
    wachtwoord: String,
    /// Where to go on to.
    #[serde(default)]
    naar: String,
}

#[derive(Default, Deserialize)]
pub struct Onward {
    #[serde(default)]
    pub naar: String,
    #[serde(default)]
    gedaan: String,
}

#[derive(Default, Deserialize)]
pub struct Code {
    #[serde(default)]
    code: String,
    #[serde(default)]
    naar: String,
}

const TITLE: &str = "Inloggen";

pub async fn show(
    State(office): State<Office>,
    headers: HeaderMap,
    Query(onward): Query<Onward>,
) -> Result<Response, Error> {
    if let Some(session) = guard::session(&office, &headers).await?
        && session.stage == Stage::Full
    {
        return Ok(Redirect::to(links::local(&onward.naar)).into_response());
    }
    let asked = Asked {
        naar: onward.naar,
        ..Asked::default()
    };
    html(&PasswordPage {
        page: office
            .page(None, links::SIGN_IN, TITLE)
            .after(&onward.gedaan),
        provider: provider(&office),
        asked,
        errors: Errors::default(),
    })
}

pub async fn enter(
    State(office): State<Office>,
    Client(from): Client,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response, Error> {
    if let Err(wait) = office.throttle.attempt(from, &asked.email) {
        tracing::warn!("someone tries to sign in too often");
        let mut errors = Errors::default();
        errors.add("wachtwoord", patience(wait));
        return too_often(&password_page(&office, asked, errors), wait);
    }
    let found = credentials(&office, &asked.email).await?;
    let hash = found
        .as_ref()
        .and_then(|known| known.password_hash.as_deref());
    let fits = office.fits(&asked.wachtwoord, hash).await?;
    let Some(account) = found.filter(|_| fits) else {
        tracing::warn!("a sign-in was refused");
        let mut errors = Errors::default();
        errors.add(
            "wachtwoord",
            "Dit e-mailadres en wachtwoord horen niet bij elkaar.",
        );
        return refused(&password_page(&office, asked, errors));
    };
    open(&office, &account, &headers, &asked.naar).await
}

/// On its own connection: hashing must not hold one.
async fn credentials(office: &Office, email: &str) -> Result<Option<Credentials>, Error> {
    let mut conn = office.connection().await?;
    Ok(store::credentials(&mut conn, email).await?)
}

fn provider(office: &Office) -> Option<String> {
    let provider = office.provider.as_deref();
    provider.map(|provider| provider.name().to_owned())
}

/// The page to sign in, with what went wrong elsewhere.
pub fn page_with(office: &Office, onward: &str, errors: Errors) -> impl Template {
    let asked = Asked {
        naar: onward.to_owned(),
        ..Asked::default()
    };
    password_page(office, asked, errors)
}

fn password_page(office: &Office, asked: Asked, errors: Errors) -> PasswordPage {
    PasswordPage {
        provider: provider(office),
        page: office.page(None, links::SIGN_IN, TITLE).wrong(true),
        asked: Asked {
            wachtwoord: String::new(),
            ..asked
        },
        errors,
    }
}

/// Opens a session for who gave the right password, or came from the provider, and ends the one that came along: it may
/// have been planted (ASVS 7.2.4).
pub async fn open(
    office: &Office,
    account: &Credentials,
    headers: &HeaderMap,
    onward: &str,
) -> Result<Response, Error> {
    let stage = if account.has_second_factor {
        Stage::Code
    } else if account.role.is_some_and(Role::needs_second_factor) {
        Stage::Enrolment
    } else {
        Stage::Full
    };
    let before = guard::session(office, headers).await?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    if let Some(before) = before {
        before.end(&mut tx).await?;
    }
    let now = office.clock.now().to_utc();
    let secret = sessions::open(&mut tx, account.id, stage, &guard::browser(headers), now).await?;
    tx.commit().await?;
    tracing::info!(account = %account.id.0, stage = stage.as_str(), "someone signed in");
    let onward = links::local(onward);
    Ok(go(
        office,
        &secret,
        &match stage {
            Stage::Code => with_onward(links::CODE, onward),
            Stage::Enrolment => links::SECOND_FACTOR.to_owned(),
            Stage::Full => onward.to_owned(),
        },
    ))
}

fn with_onward(path: &str, onward: &str) -> String {
    if onward == links::DESK {
        return path.to_owned();
    }
    let onward: String = url::form_urlencoded::byte_serialize(onward.as_bytes()).collect();
    format!("{path}?naar={onward}")
}

/// On to a page, with the cookie of a new session.
pub fn go(office: &Office, secret: &Secret, path: &str) -> Response {
    let cookie = office.cookie.give(secret.as_str());
    ([(header::SET_COOKIE, cookie)], Redirect::to(path)).into_response()
}

const CODE_TITLE: &str = "Vul uw code in";

pub async fn ask_code(
    State(office): State<Office>,
    HalfWay(_): HalfWay,
    Query(onward): Query<Onward>,
) -> Result<Response, Error> {
    html(&CodePage {
        page: office.page(None, links::CODE, CODE_TITLE),
        onward: onward.naar,
        errors: Errors::default(),
    })
}

pub async fn give_code(
    State(office): State<Office>,
    HalfWay(session): HalfWay,
    Client(from): Client,
    Form(asked): Form<Code>,
) -> Result<Response, Error> {
    let page = |text: String| {
        let mut errors = Errors::default();
        errors.add("code", text);
        CodePage {
            page: office.page(None, links::CODE, CODE_TITLE).wrong(true),
            onward: asked.naar.clone(),
            errors,
        }
    };
    let id = session.person.id;
    if let Err(wait) = attempt_code(&office, from, id.0) {
        return too_often(&page(patience(wait)), wait);
    }
    let now = office.clock.now().to_utc();
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let right = commands::use_code(&mut tx, id, &asked.code, now)
        .await
        .map_err(anyhow::Error::from)?;
    if !right {
        tracing::warn!(account = %id.0, "a second factor was refused");
        return refused(&page(
            "Deze code klopt niet. Kijk of er een nieuwe code in uw app staat. Elke code werkt één keer."
                .to_owned(),
        ));
    }
    let stepped = session.step_up(&mut tx, Stage::Full, now).await?;
    tx.commit().await?;
    Ok(match stepped {
        Some(secret) => go(&office, &secret, links::local(&asked.naar)),
        None => Redirect::to(links::SIGN_IN).into_response(),
    })
}

/// Codes are six digits: they are counted apart from passwords, on the account.
fn attempt_code(office: &Office, from: IpAddr, account: uuid::Uuid) -> Result<(), Duration> {
    office.throttle.attempt(from, &format!("code {account}"))
}

/// How long to wait, in words.
pub fn patience(wait: Duration) -> String {
    let wait = match wait.as_secs() {
        0..60 => "een minuut".to_owned(),
        seconds => format!("{} minuten", seconds.div_ceil(60)),
    };
    format!("U hebt dit te vaak geprobeerd. Wacht {wait} en probeer het dan opnieuw.")
}

pub async fn leave(State(office): State<Office>, headers: HeaderMap) -> Result<Response, Error> {
    if let Some(session) = guard::session(&office, &headers).await? {
        let mut conn = office.connection().await?;
        session.end(&mut conn).await?;
    }
    let cookie = office.cookie.take();
    let onward = Redirect::to(&links::done(links::SIGN_IN, "uitgelogd"));
    Ok(([(header::SET_COOKIE, cookie)], onward).into_response())
}
