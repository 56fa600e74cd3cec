//! Choosing a password by a mailed link, and asking for such a link.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::fields::Errors;
use super::links;
use super::notices::{Changed, tell};
use super::office::{Office, begin, hashing, html, refused, too_often};
use super::page::Page;
use super::sign_in::patience;
use crate::access::Actor;
use crate::accounts::commands::{self, LinkFor};
use crate::accounts::{Account, AccountError, NewPassword, Secret, Weakness, password, store};
use crate::base::id::AccountId;
use crate::mail::{self, Letter};
use crate::web::{Client, Error, Form, Segment};

#[derive(Template)]
#[template(path = "admin/sign_in/forgotten.html")]
struct ForgottenPage {
    page: Page,
    asked: Forgotten,
    sent: bool,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "admin/sign_in/welcome.html")]
struct WelcomePage {
    page: Page,
    /// `None`: the link does not hold.
    account: Option<Account>,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "mail/reset.txt")]
struct ResetLetter<'a> {
    name: &'a str,
    portal: &'a str,
    link: String,
}

#[derive(Default, Deserialize)]
pub struct Forgotten {
    #[serde(default)]
    email: String,
}

#[derive(Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    wachtwoord: String,
}

const FORGOTTEN: &str = "Wachtwoord vergeten";

pub async fn forgotten(State(office): State<Office>) -> Result<Response, Error> {
    html(&ForgottenPage {
        page: office
            .page(None, links::FORGOTTEN, FORGOTTEN)
            .below(links::SIGN_IN, "Inloggen"),
        asked: Forgotten::default(),
        sent: false,
        errors: Errors::default(),
    })
}

/// The answer is the same, and comes as quickly, whether the account exists or not.
pub async fn send_link(
    State(office): State<Office>,
    Client(from): Client,
    Form(asked): Form<Forgotten>,
) -> Result<Response, Error> {
    let mut errors = Errors::default();
    let counted = office
        .throttle
        .attempt(from, &format!("link {}", asked.email));
    if let Err(wait) = counted {
        errors.add("email", patience(wait));
    } else {
        let (office, email) = (office.clone(), asked.email.clone());
        tokio::spawn(async move {
            if let Err(error) = mail_link(&office, &email).await {
                tracing::error!(%error, "a link for a new password could not be made");
            }
        });
    }
    let page = ForgottenPage {
        page: office
            .page(None, links::FORGOTTEN, FORGOTTEN)
            .below(links::SIGN_IN, "Inloggen")
            .wrong(!errors.is_empty()),
        asked,
        sent: errors.is_empty(),
        errors,
    };
    match counted {
        Err(wait) => too_often(&page, wait),
        Ok(()) => html(&page),
    }
}

async fn mail_link(office: &Office, email: &str) -> anyhow::Result<()> {
    let mut conn = office.database.pool().acquire().await?;
    let Some((id, name, to)) = store::by_email(&mut conn, email).await? else {
        return Ok(());
    };
    let mut tx = sqlx::Acquire::begin(&mut *conn).await?;
    let now = office.clock.now().to_utc();
    let by = Actor::Account(id);
    let secret = commands::make_link(&mut tx, &by, id, LinkFor::Reset, now).await?;
    let letter = ResetLetter {
        name: &name,
        portal: &office.house.name,
        link: absolute(office, &secret),
    };
    let letter = Letter {
        to,
        subject: format!("Nieuw wachtwoord voor {}", office.house.name),
        text: letter.render()?,
    };
    mail::put(&mut tx, &letter).await?;
    tx.commit().await?;
    Ok(())
}

/// From the settings, never from what a request says (ASVS 4.1.3: a poisoned Host header).
pub fn absolute(office: &Office, secret: &Secret) -> String {
    format!(
        "{}{}",
        office.house.base_url,
        links::welcome(secret.as_str())
    )
}

const WELCOME: &str = "Kies een wachtwoord";

/// Looking does not use the link up: mail programs look too.
pub async fn welcome(
    State(office): State<Office>,
    Segment(secret): Segment<String>,
) -> Result<Response, Error> {
    let account = holder(&office, &secret).await?;
    welcome_page(&office, account, Errors::default())
}

fn welcome_page(
    office: &Office,
    account: Option<Account>,
    errors: Errors,
) -> Result<Response, Error> {
    let title = if account.is_some() {
        WELCOME
    } else {
        "Deze link werkt niet meer"
    };
    let wrong = !errors.is_empty();
    let page = WelcomePage {
        page: office.page(None, links::SIGN_IN, title).wrong(wrong),
        account,
        errors,
    };
    if wrong { refused(&page) } else { html(&page) }
}

async fn holder(office: &Office, secret: &str) -> Result<Option<Account>, Error> {
    let Some(secret) = Secret::parse(secret) else {
        return Ok(None);
    };
    let mut conn = office.connection().await?;
    let now = office.clock.now().to_utc();
    Ok(store::link(&mut conn, &secret.digest(), now).await?)
}

pub async fn choose(
    State(office): State<Office>,
    Segment(secret): Segment<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Error> {
    let (Some(account), Some(link)) = (holder(&office, &secret).await?, Secret::parse(&secret))
    else {
        return welcome_page(&office, None, Errors::default());
    };
    let about = [account.name.as_str(), &account.email];
    let new = match acceptable(&office, &chosen.wachtwoord, &about) {
        Ok(new) => new,
        Err(errors) => return welcome_page(&office, Some(account), errors),
    };
    let hash = office.passwords.hash(new).await.map_err(hashing)?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let now = office.clock.now().to_utc();
    match commands::choose_password(&mut tx, &link, &hash, now).await {
        Ok(AccountId(_)) => {
            // Who is new needs no warning.
            if account.has_password || account.signed_in_at.is_some() {
                let whom = (account.name.as_str(), account.email.as_str());
                tell(&office, &mut tx, whom, Changed::Password).await?;
            }
            tx.commit().await?;
        }
        Err(AccountError::Unknown) => return welcome_page(&office, None, Errors::default()),
        Err(other) => return Err(Error::from(anyhow::Error::from(other))),
    }
    Ok(Redirect::to(&links::done(links::SIGN_IN, "welkom")).into_response())
}

/// A password that may be kept, or what is wrong with it.
///
/// # Errors
/// The fault at the field `wachtwoord`.
pub fn acceptable(office: &Office, text: &str, about: &[&str]) -> Result<NewPassword, Errors> {
    let house = &office.house;
    let mut words = vec![house.name.as_str(), house.municipality.as_str()];
    words.extend(about);
    NewPassword::parse(text, &words).map_err(|weakness| {
        let mut errors = Errors::default();
        errors.add("wachtwoord", weakness_words(weakness));
        errors
    })
}

fn weakness_words(weakness: Weakness) -> String {
    match weakness {
        Weakness::TooShort => format!(
            "Gebruik minstens {} tekens. Een zin van vier woorden is goed.",
            password::SHORTEST
        ),
        Weakness::TooLong => format!("Gebruik hoogstens {} tekens.", password::LONGEST),
        Weakness::Guessable => {
            "Dit wachtwoord is makkelijk te raden. Kies vier woorden die niets met elkaar te maken hebben."
                .to_owned()
        }
    }
}
