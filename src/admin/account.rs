//! One's own account: password, second step, and where one is signed in.

use std::fmt::Write;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;
use uuid::Uuid;

use super::fields::Errors;
use super::guard::{Enrolling, SignedIn};
use super::links;
use super::notices::{Changed, tell};
use super::office::{Office, begin, hashing, html, refused, too_often};
use super::page::Page;
use super::passwords::acceptable;
use super::sign_in::{go, patience};
use crate::access::{Person, Role};
use crate::accounts::second_factor::{RecoveryCode, TotpSecret};
use crate::accounts::sessions::{self, Open};
use crate::accounts::{Session, Stage, commands, identities, store};
use crate::base::dutch;
use crate::web::{Client, Error, Form, Query};

#[derive(Template)]
#[template(path = "admin/account/show.html")]
pub(super) struct AccountPage {
    page: Page,
    person: Person,
    role: &'static str,
    limits: String,
    sessions: Vec<OpenSession>,
    codes_left: i64,
    may_switch_off: bool,
    has_password: bool,
    provider: Option<Linked>,
    errors: Errors,
}

/// The provider that one may sign in with.
struct Linked {
    name: String,
    /// In words; `None`: not linked to this account.
    since: Option<String>,
}

struct OpenSession {
    id: Uuid,
    browser: String,
    since: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "admin/account/password.html")]
struct PasswordPage {
    page: Page,
    person: Person,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "admin/account/second_factor.html")]
struct SecondFactorPage {
    page: Page,
    /// Nothing else can be done before it is there.
    required: bool,
    qr: Qr,
    words: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "admin/account/recovery_codes.html")]
struct CodesPage {
    page: Page,
    codes: Vec<String>,
}

/// A QR code as one SVG path.
struct Qr {
    size: i32,
    path: String,
}

#[derive(Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    gedaan: String,
}

#[derive(Default, Deserialize)]
pub struct NewPasswordForm {
    #[serde(default)]
    huidig: String,
    #[serde(default)]
    wachtwoord: String,
}

#[derive(Default, Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    huidig: String,
    #[serde(default)]
    code: String,
}

#[derive(Default, Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    huidig: String,
}

#[derive(Default, Deserialize)]
pub struct EndForm {
    /// Empty: all of them, this one too.
    #[serde(default)]
    sessie: String,
}

const TITLE: &str = "Mijn account";

pub async fn show(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    html(&account_page(&office, &session, &done.gedaan, Errors::default()).await?)
}

pub(super) async fn account_page(
    office: &Office,
    session: &Session,
    done: &str,
    errors: Errors,
) -> Result<AccountPage, Error> {
    let person = &session.person;
    let now = office.clock.now().to_utc();
    let mut conn = office.connection().await?;
    let open = sessions::of(&mut conn, person.id, now).await?;
    let codes_left = store::recovery_codes_left(&mut conn, person.id).await?;
    let provider = match office.provider.as_deref() {
        Some(provider) => Some(Linked {
            name: provider.name().to_owned(),
            since: identities::linked_at(&mut conn, person.id, provider.issuer())
                .await?
                .map(|at| office.moment(at)),
        }),
        None => None,
    };
    let has_password = store::has_password(&mut conn, person.id).await?;
    let wrong = !errors.is_empty();
    Ok(AccountPage {
        page: office
            .page(Some(person), links::ACCOUNT, TITLE)
            .after(done)
            .wrong(wrong),
        role: person.role.map_or("nog geen", Role::dutch),
        limits: limits(office, person),
        sessions: open
            .into_iter()
            .map(|open| open_session(open, session, office))
            .collect(),
        codes_left,
        may_switch_off: !person.role.is_some_and(Role::needs_second_factor),
        person: person.clone(),
        has_password,
        provider,
        errors,
    })
}

fn open_session(open: Open, session: &Session, office: &Office) -> OpenSession {
    let at = open.created_at.with_timezone(&chrono_tz::Europe::Amsterdam);
    let day = dutch::relative_day(at.date_naive(), office.clock.today());
    OpenSession {
        id: open.id,
        browser: open.browser,
        since: format!("{day} om {} uur", dutch::time(at.time())),
        current: open.id == session.id,
    }
}

/// To what a role is limited, in names.
fn limits(office: &Office, person: &Person) -> String {
    let names = office.names();
    let all: Vec<String> = match person.role {
        Some(Role::AgendaEditor) => person
            .zones
            .iter()
            .filter_map(|slug| names.zone(slug.as_str()).map(|zone| zone.name.clone()))
            .collect(),
        Some(Role::Reviewer) => person
            .themes
            .iter()
            .filter_map(|slug| names.theme(slug.as_str()).map(|theme| theme.name.clone()))
            .collect(),
        Some(Role::Provider) => person
            .organisations
            .iter()
            .map(ToString::to_string)
            .collect(),
        _ => Vec::new(),
    };
    dutch::list(&all)
}

const PASSWORD: &str = "Wachtwoord veranderen";

pub async fn ask_password(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
) -> Result<Response, Error> {
    if !has_password(&office, &session.person).await? {
        return Ok(Redirect::to(links::FORGOTTEN).into_response());
    }
    html(&password_page(&office, &session.person, Errors::default()))
}

fn password_page(office: &Office, person: &Person, errors: Errors) -> PasswordPage {
    PasswordPage {
        page: office
            .page(Some(person), links::PASSWORD, PASSWORD)
            .below(links::ACCOUNT, TITLE)
            .wrong(!errors.is_empty()),
        person: person.clone(),
        errors,
    }
}

pub async fn change_password(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
    Client(from): Client,
    Form(form): Form<NewPasswordForm>,
) -> Result<Response, Error> {
    let person = &session.person;
    if let Err(answer) = check_present(&office, person, from, ("huidig", &form.huidig)).await? {
        return match answer {
            Wrong::TooOften(errors, wait) => {
                too_often(&password_page(&office, person, errors), wait)
            }
            Wrong::Password(errors) => refused(&password_page(&office, person, errors)),
        };
    }
    let about = [person.name.as_str(), &person.email];
    let new = match acceptable(&office, &form.wachtwoord, &about) {
        Ok(new) => new,
        Err(errors) => return refused(&password_page(&office, person, errors)),
    };
    let hash = office.passwords.hash(new).await.map_err(hashing)?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    commands::change_password(&mut tx, person.id, &hash)
        .await
        .map_err(anyhow::Error::from)?;
    session.end_others(&mut tx).await?;
    let whom = (person.name.as_str(), person.email.as_str());
    tell(&office, &mut tx, whom, Changed::Password).await?;
    tx.commit().await?;
    Ok(Redirect::to(&links::done(links::ACCOUNT, "wachtwoord")).into_response())
}

async fn has_password(office: &Office, person: &Person) -> Result<bool, Error> {
    let mut conn = office.connection().await?;
    Ok(store::has_password(&mut conn, person.id).await?)
}

/// Where someone without a password is told how to choose one.
const NO_PASSWORD: &str = "kies-wachtwoord";

pub(super) enum Wrong {
    TooOften(Errors, std::time::Duration),
    Password(Errors),
}

/// Who changes how they sign in proves once more who they are (ASVS 7.5.1).
pub(super) async fn check_present(
    office: &Office,
    person: &Person,
    from: std::net::IpAddr,
    (field, password): (&str, &str),
) -> Result<Result<(), Wrong>, Error> {
    let mut errors = Errors::default();
    if let Err(wait) = office.throttle.attempt(from, &person.email) {
        errors.add(field, patience(wait));
        return Ok(Err(Wrong::TooOften(errors, wait)));
    }
    let found = {
        let mut conn = office.connection().await?;
        store::credentials(&mut conn, &person.email).await?
    };
    let hash = found.and_then(|known| known.password_hash);
    if office.fits(password, hash.as_deref()).await? {
        return Ok(Ok(()));
    }
    if hash.is_none() {
        errors.add(
            NO_PASSWORD,
            "U hebt hier nog geen wachtwoord. Kies er eerst een.",
        );
    } else {
        errors.add(field, "Dit is niet uw wachtwoord van nu.");
    }
    Ok(Err(Wrong::Password(errors)))
}

const SECOND_FACTOR: &str = "Tweede stap instellen";

pub async fn set_up(
    State(office): State<Office>,
    Enrolling(session): Enrolling,
) -> Result<Response, Error> {
    if session.stage == Stage::Full && !has_password(&office, &session.person).await? {
        // There it is said that a password comes first.
        return Ok(Redirect::to(links::ACCOUNT).into_response());
    }
    let new;
    // Who looks again may have put it in the app already.
    let secret = if let Some(pending) = &session.pending {
        pending
    } else {
        new = TotpSecret::new();
        let mut conn = office.connection().await?;
        session.hold(&mut conn, &new).await?;
        &new
    };
    html(&second_factor_page(
        &office,
        &session,
        secret,
        Errors::default(),
    )?)
}

fn second_factor_page(
    office: &Office,
    session: &Session,
    secret: &TotpSecret,
    errors: Errors,
) -> Result<SecondFactorPage, Error> {
    let person = &session.person;
    let required = session.stage == Stage::Enrolment;
    let page = if required {
        office.page(None, links::SECOND_FACTOR, SECOND_FACTOR)
    } else {
        office
            .page(Some(person), links::SECOND_FACTOR, SECOND_FACTOR)
            .below(links::ACCOUNT, TITLE)
    };
    let address = secret.address(&office.house.name, &person.email)?;
    Ok(SecondFactorPage {
        page: page.wrong(!errors.is_empty()),
        required,
        qr: Qr::of(&address)?,
        words: secret.words()?,
        errors,
    })
}

pub async fn confirm(
    State(office): State<Office>,
    Enrolling(session): Enrolling,
    Client(from): Client,
    Form(form): Form<CodeForm>,
) -> Result<Response, Error> {
    let Some(secret) = &session.pending else {
        return Ok(Redirect::to(links::SECOND_FACTOR).into_response());
    };
    // Who is kept from the rest gave the password a moment ago.
    if session.stage == Stage::Full
        && let Err(wrong) =
            check_present(&office, &session.person, from, ("huidig", &form.huidig)).await?
    {
        return match wrong {
            Wrong::TooOften(errors, wait) => too_often(
                &second_factor_page(&office, &session, secret, errors)?,
                wait,
            ),
            Wrong::Password(errors) => {
                refused(&second_factor_page(&office, &session, secret, errors)?)
            }
        };
    }
    let now = office.clock.now().to_utc();
    let id = session.person.id;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let codes = commands::set_second_factor(&mut tx, id, (secret, &form.code), now)
        .await
        .map_err(anyhow::Error::from)?;
    let Some(codes) = codes else {
        let mut errors = Errors::default();
        errors.add(
            "code",
            "Deze code klopt niet. Kijk in uw app en vul de code in die er nu staat.",
        );
        return refused(&second_factor_page(&office, &session, secret, errors)?);
    };
    // Other devices signed in without it.
    session.end_others(&mut tx).await?;
    let secret = session.step_up(&mut tx, Stage::Full, now).await?;
    let whom = (session.person.name.as_str(), session.person.email.as_str());
    tell(&office, &mut tx, whom, Changed::SecondFactor).await?;
    tx.commit().await?;
    let Some(secret) = secret else {
        return Ok(Redirect::to(links::SIGN_IN).into_response());
    };
    let mut response = codes_page(&office, &session.person, &codes)?;
    let cookie = go(&office, &secret, links::DESK).headers().clone();
    response.headers_mut().extend(
        cookie
            .get("set-cookie")
            .map(|value| (axum::http::header::SET_COOKIE, value.clone())),
    );
    Ok(response)
}

fn codes_page(office: &Office, person: &Person, codes: &[RecoveryCode]) -> Result<Response, Error> {
    html(&CodesPage {
        page: office
            .page(
                Some(person),
                links::RECOVERY_CODES,
                "Bewaar deze herstelcodes",
            )
            .below(links::ACCOUNT, TITLE),
        codes: codes.iter().map(RecoveryCode::shown).collect(),
    })
}

pub async fn switch_off(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
    Client(from): Client,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Error> {
    let person = &session.person;
    if person.role.is_some_and(Role::needs_second_factor) {
        return Err(Error::Forbidden);
    }
    if let Err(wrong) = check_present(&office, person, from, ("huidig", &form.huidig)).await? {
        return refuse_on_account(&office, &session, wrong).await;
    }
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    commands::drop_second_factor(&mut tx, &person.actor(), person.id)
        .await
        .map_err(anyhow::Error::from)?;
    if person.has_second_factor {
        let whom = (person.name.as_str(), person.email.as_str());
        tell(&office, &mut tx, whom, Changed::NoSecondFactor).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&links::done(links::ACCOUNT, "tweede-stap-uit")).into_response())
}

pub async fn new_codes(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
    Client(from): Client,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Error> {
    let person = &session.person;
    if !person.has_second_factor {
        return Ok(Redirect::to(links::SECOND_FACTOR).into_response());
    }
    if let Err(wrong) = check_present(&office, person, from, ("huidig", &form.huidig)).await? {
        return refuse_on_account(&office, &session, wrong).await;
    }
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let codes = commands::new_recovery_codes(&mut tx, person.id)
        .await
        .map_err(anyhow::Error::from)?;
    let whom = (person.name.as_str(), person.email.as_str());
    tell(&office, &mut tx, whom, Changed::RecoveryCodes).await?;
    tx.commit().await?;
    codes_page(&office, person, &codes)
}

pub(super) async fn refuse_on_account(
    office: &Office,
    session: &Session,
    wrong: Wrong,
) -> Result<Response, Error> {
    match wrong {
        Wrong::TooOften(errors, wait) => {
            too_often(&account_page(office, session, "", errors).await?, wait)
        }
        Wrong::Password(errors) => refused(&account_page(office, session, "", errors).await?),
    }
}

pub async fn end_sessions(
    State(office): State<Office>,
    SignedIn(session): SignedIn,
    Form(form): Form<EndForm>,
) -> Result<Response, Error> {
    let id = session.person.id;
    let mut conn = office.connection().await?;
    if form.sessie.is_empty() {
        sessions::end_all(&mut conn, id).await?;
        return Ok(Redirect::to(&links::done(links::SIGN_IN, "uitgelogd")).into_response());
    }
    let other: Uuid = form.sessie.parse().map_err(|_| Error::BadRequest("form"))?;
    if sessions::end_one(&mut conn, id, other).await? {
        Ok(Redirect::to(&links::done(links::ACCOUNT, "sessie-weg")).into_response())
    } else {
        Err(Error::NotFound)
    }
}

impl Qr {
    /// # Errors
    /// Never for an address of ours: it is far shorter than a QR code can hold.
    fn of(text: &str) -> Result<Self, Error> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium)
            .map_err(|error| Error::Internal(anyhow::anyhow!("{error:?}")))?;
        let size = code.size();
        let mut path = String::new();
        for (y, x) in (0..size).flat_map(|y| (0..size).map(move |x| (y, x))) {
            if code.get_module(x, y) {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Ok(Self { size, path })
    }
}
