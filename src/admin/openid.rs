//! Signing in with a provider elsewhere, and linking it to one's account.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::account::{account_page, check_present, refuse_on_account};
use super::fields::Errors;
use super::guard::{self, SignedIn};
use super::links;
use super::notices::{Changed, tell};
use super::office::{Office, begin, html, refused, too_often};
use super::page::Page;
use super::sign_in::{self, Onward, patience};
use crate::access::Person;
use crate::accounts::identities::{self, Attempt, Identity};
use crate::accounts::{AccountError, Credentials, Draft, Secret, Session, Stage};
use crate::base::contact::Email;
use crate::openid::{Kept, Known, OpenidError, Provider, Returned};
use crate::web::{Client, Error, Form, Query};

#[derive(Template)]
#[template(path = "admin/sign_in/away.html")]
struct AwayPage {
    page: Page,
    provider: String,
    address: String,
}

/// What the provider sends back (RFC 6749, 4.1.2; RFC 9207).
#[derive(Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    iss: String,
    #[serde(default)]
    error: String,
}

/// The password of who links or unlinks.
#[derive(Default, Deserialize)]
pub struct Present {
    #[serde(default)]
    wachtwoord: String,
}

/// The field that what goes wrong is told at.
const FIELD: &str = "oidc";

/// The provider; without one these pages are not there.
fn provider(office: &Office) -> Result<&Provider, Error> {
    office.provider.as_deref().ok_or(Error::NotFound)
}

pub async fn leave(
    State(office): State<Office>,
    Client(from): Client,
    Form(onward): Form<Onward>,
) -> Result<Response, Error> {
    let provider = provider(&office)?;
    if let Err(wait) = office.throttle.departure(from) {
        let page = sign_in::page_with(&office, &onward.naar, wrong(patience(wait)));
        return too_often(&page, wait);
    }
    match depart(&office, provider, links::local(&onward.naar), None).await? {
        Ok(page) => Ok(page),
        Err(errors) => refused(&sign_in::page_with(&office, &onward.naar, errors)),
    }
}

pub async fn link(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
    Client(from): Client,
    Form(form): Form<Present>,
) -> Result<Response, Error> {
    let provider = provider(&office)?;
    if let Err(wrong) = check_present(
        &office,
        &session.person,
        from,
        ("wachtwoord", &form.wachtwoord),
    )
    .await?
    {
        return refuse_on_account(&office, &session, wrong).await;
    }
    match depart(&office, provider, links::ACCOUNT, Some(&session.person)).await? {
        Ok(page) => Ok(page),
        Err(errors) => refused(&account_page(&office, &session, "", errors).await?),
    }
}

pub async fn unlink(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
    Client(from): Client,
    Form(form): Form<Present>,
) -> Result<Response, Error> {
    let provider = provider(&office)?;
    // Who has no password would shut themselves out; no password fits theirs.
    if let Err(wrong) = check_present(
        &office,
        &session.person,
        from,
        ("wachtwoord", &form.wachtwoord),
    )
    .await?
    {
        return refuse_on_account(&office, &session, wrong).await;
    }
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let gone = identities::unlink(&mut tx, provider.issuer(), session.person.id)
        .await
        .map_err(anyhow::Error::from)?;
    if gone {
        let whom = (session.person.name.as_str(), session.person.email.as_str());
        tell(&office, &mut tx, whom, Changed::Unlinked(provider.name())).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&links::done(links::ACCOUNT, "losgekoppeld")).into_response())
}

/// A page that leads to the provider by itself. Not a redirect: browsers hold those of a form to
/// `form-action`, which names nobody but us.
async fn depart(
    office: &Office,
    provider: &Provider,
    onward: &str,
    who: Option<&Person>,
) -> Result<Result<Response, Errors>, Error> {
    let (browser, state) = (Secret::new(), Secret::new());
    let (address, kept) = match provider.departure(state.as_str()).await {
        Ok(departure) => departure,
        Err(error) => return Ok(Err(told(provider, &error))),
    };
    let attempt = Attempt {
        nonce: kept.nonce,
        verifier: kept.verifier,
        onward: onward.to_owned(),
        account: who.map(|person| person.id),
    };
    let mut conn = office.connection().await?;
    let now = office.clock.now().to_utc();
    identities::keep_attempt(&mut conn, (&browser, &state), &attempt, now).await?;
    let refresh =
        HeaderValue::try_from(format!("0; url={address}")).map_err(anyhow::Error::from)?;
    let mut response = html(&AwayPage {
        page: office.page(
            who,
            links::OPENID,
            format!("U gaat naar {}", provider.name()),
        ),
        provider: provider.name().to_owned(),
        address: address.into(),
    })?;
    let heads = response.headers_mut();
    heads.insert(header::REFRESH, refresh);
    heads.append(header::SET_COOKIE, office.under_way.give(browser.as_str()));
    Ok(Ok(response))
}

pub async fn come_back(
    State(office): State<Office>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, Error> {
    let provider = provider(&office)?;
    let mut response = arrive(&office, provider, &headers, &back).await?;
    let heads = response.headers_mut();
    heads.append(header::SET_COOKIE, office.under_way.take());
    Ok(response)
}

async fn arrive(
    office: &Office,
    provider: &Provider,
    headers: &HeaderMap,
    back: &Back,
) -> Result<Response, Error> {
    let browser = office.under_way.read(headers);
    let browser = browser.as_deref().and_then(Secret::parse);
    let now = office.clock.now().to_utc();
    let attempt = match (browser, Secret::parse(&back.state)) {
        (Some(browser), Some(state)) => {
            let mut conn = office.connection().await?;
            identities::take_attempt(&mut conn, (&browser, &state), now).await?
        }
        _ => None,
    };
    let session = guard::session(office, headers).await?;
    let session = session.filter(|session| session.stage == Stage::Full);
    let Some(attempt) = attempt else {
        let errors =
            wrong("Dit duurde te lang, of het begon in een ander venster. Probeer het opnieuw.");
        return refuse(office, session.as_ref(), links::DESK, errors).await;
    };
    // Who links is still the one who asked for it.
    let session = session.filter(|session| attempt.account == Some(session.person.id));
    if attempt.account.is_some() && session.is_none() {
        let errors = wrong("U bent intussen uitgelogd. Log in en probeer het opnieuw.");
        return refuse(office, None, links::DESK, errors).await;
    }
    let onward = attempt.onward.clone();
    if !back.error.is_empty() || back.code.is_empty() {
        let errors = wrong(format!(
            "Inloggen met {} is niet gelukt. Probeer het opnieuw.",
            provider.name()
        ));
        return refuse(office, session.as_ref(), &onward, errors).await;
    }
    let returned = Returned {
        code: &back.code,
        issuer: &back.iss,
    };
    let kept = Kept {
        nonce: attempt.nonce,
        verifier: attempt.verifier,
    };
    let known = match provider.arrival(&returned, kept).await {
        Ok(known) => known,
        Err(error) => {
            return refuse(office, session.as_ref(), &onward, told(provider, &error)).await;
        }
    };
    match session {
        Some(session) => finish_link(office, provider, &session, &known).await,
        None => match account_of(office, provider, &known).await? {
            Ok(account) => sign_in::open(office, &account, headers, &onward).await,
            Err(errors) => refuse(office, None, &onward, errors).await,
        },
    }
}

async fn finish_link(
    office: &Office,
    provider: &Provider,
    session: &Session,
    known: &Known,
) -> Result<Response, Error> {
    let linked = {
        let mut conn = office.connection().await?;
        let mut tx = begin(&mut conn).await?;
        let linked = identities::link(&mut tx, identity(known), session.person.id)
            .await
            .map_err(anyhow::Error::from)?;
        if linked {
            let whom = (session.person.name.as_str(), session.person.email.as_str());
            tell(office, &mut tx, whom, Changed::Linked(provider.name())).await?;
        }
        tx.commit().await?;
        linked
    };
    if linked {
        return Ok(Redirect::to(&links::done(links::ACCOUNT, "gekoppeld")).into_response());
    }
    let errors =
        wrong("Daar logt hier al iemand anders mee in, of u koppelde al een ander account.");
    refuse(office, Some(session), links::ACCOUNT, errors).await
}

fn identity(known: &Known) -> Identity<'_> {
    Identity {
        issuer: &known.issuer,
        subject: &known.subject,
    }
}

/// The account of who comes from the provider; made without a role when they are new. An account
/// that is here already is never taken over by a mail address: its owner links it themselves.
async fn account_of(
    office: &Office,
    provider: &Provider,
    known: &Known,
) -> Result<Result<Credentials, Errors>, Error> {
    let mut conn = office.connection().await?;
    match identities::owner(&mut conn, identity(known)).await? {
        Some((account, true)) => return Ok(Ok(account)),
        Some((_, false)) => {
            return Ok(Err(wrong(
                "Dit account staat uit. Vraag een beheerder om het aan te zetten.",
            )));
        }
        None => {}
    }
    let email = known
        .email
        .as_deref()
        .and_then(|email| Email::parse(email).ok());
    let Some(email) = email else {
        return Ok(Err(wrong(format!(
            "Van {} kregen wij geen e-mailadres dat gecontroleerd is. Vraag een beheerder om een uitnodiging. Daarna koppelt u {0} zelf, bij Mijn account.",
            provider.name()
        ))));
    };
    let draft = Draft {
        name: known
            .name
            .clone()
            .unwrap_or_else(|| email.as_str().to_owned()),
        email,
        role: None,
        zones: Vec::new(),
        themes: Vec::new(),
        organisations: Vec::new(),
    };
    let mut tx = begin(&mut conn).await?;
    let id = match identities::register(&mut tx, identity(known), &draft).await {
        Ok(id) => id,
        Err(AccountError::Refused(_)) => {
            return Ok(Err(wrong(format!(
                "Er is hier al een account met uw e-mailadres. Log in met uw wachtwoord. Daarna koppelt u {} bij Mijn account.",
                provider.name()
            ))));
        }
        Err(error) => return Err(anyhow::Error::from(error).into()),
    };
    tx.commit().await?;
    tracing::info!(account = %id.0, "someone came from the provider for the first time");
    Ok(Ok(Credentials {
        id,
        name: draft.name,
        role: None,
        password_hash: None,
        has_second_factor: false,
    }))
}

/// Back where they came from, with what went wrong.
async fn refuse(
    office: &Office,
    session: Option<&Session>,
    onward: &str,
    errors: Errors,
) -> Result<Response, Error> {
    tracing::warn!("a sign-in by the provider was refused");
    match session {
        Some(session) => refused(&account_page(office, session, "", errors).await?),
        None => refused(&sign_in::page_with(office, onward, errors)),
    }
}

fn wrong(text: impl Into<String>) -> Errors {
    let mut errors = Errors::default();
    errors.add(FIELD, text);
    errors
}

fn told(provider: &Provider, error: &OpenidError) -> Errors {
    tracing::warn!(%error, "signing in with the provider failed");
    let name = provider.name();
    wrong(match error {
        OpenidError::Away(_) => format!(
            "Inloggen met {name} kan nu even niet. Probeer het later, of log in met uw wachtwoord."
        ),
        OpenidError::Answer(_) => format!(
            "Inloggen met {name} is niet gelukt. Probeer het opnieuw. Lukt het weer niet? Vraag een beheerder."
        ),
    })
}
