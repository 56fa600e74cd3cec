//! Mails that tell someone what was done: to the owner of an account when something changes in how
//! they sign in (ASVS 6.3.7), so that who did not do it themselves learns of it; to who proposed
//! something, what became of it.

use askama::Template;
use sqlx::PgConnection;

use super::links;
use super::office::Office;
use crate::base::contact::Email;
use crate::base::dutch;
use crate::mail::{self, Letter};

#[derive(Template)]
#[template(path = "mail/changed.txt")]
struct ChangedLetter<'a> {
    name: &'a str,
    portal: &'a str,
    what: String,
    when: String,
    link: String,
}

/// What changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed<'a> {
    Password,
    SecondFactor,
    NoSecondFactor,
    RecoveryCodes,
    /// The account signs in with another address from now on.
    Email,
    /// The provider of this name was linked.
    Linked(&'a str),
    Unlinked(&'a str),
}

impl Changed<'_> {
    fn words(self, portal: &str) -> String {
        match self {
            Self::Password => format!("Uw wachtwoord voor {portal} is veranderd."),
            Self::SecondFactor => {
                format!("De tweede stap om in te loggen bij {portal} is ingesteld.")
            }
            Self::NoSecondFactor => {
                format!("De tweede stap om in te loggen bij {portal} is uitgezet.")
            }
            Self::RecoveryCodes => {
                format!("U hebt nieuwe herstelcodes voor {portal}. De oude werken niet meer.")
            }
            Self::Email => format!("U logt bij {portal} voortaan in met een ander e-mailadres."),
            Self::Linked(provider) => {
                format!("U kunt bij {portal} nu ook inloggen met {provider}.")
            }
            Self::Unlinked(provider) => {
                format!("U kunt bij {portal} niet meer inloggen met {provider}.")
            }
        }
    }
}

/// Puts the mail in the queue, in the caller's transaction.
///
/// # Errors
/// When the database refuses.
pub async fn tell(
    office: &Office,
    conn: &mut PgConnection,
    (name, email): (&str, &str),
    changed: Changed<'_>,
) -> Result<(), sqlx::Error> {
    let house = &office.house;
    let at = office.clock.now();
    let letter = ChangedLetter {
        name,
        portal: &house.name,
        what: changed.words(&house.name),
        when: format!(
            "{} om {} uur",
            dutch::date(at.date_naive()),
            dutch::time(at.time())
        ),
        link: format!("{}{}", house.base_url, links::FORGOTTEN),
    };
    let subject = format!("Uw account voor {} is veranderd", house.name);
    send(conn, email, subject, &letter).await
}

/// What became of a proposal.
pub struct Answer<'a> {
    pub approved: bool,
    /// Of the record.
    pub title: &'a str,
    /// Where it is now.
    pub page: &'a str,
    /// Who judged it.
    pub by: &'a str,
    /// Empty: nothing was said.
    pub why: &'a str,
}

#[derive(Template)]
#[template(path = "mail/answer.txt")]
struct AnswerLetter<'a> {
    name: &'a str,
    answer: &'a Answer<'a>,
    link: String,
}

/// The same about a proposal.
///
/// # Errors
/// When the database refuses.
pub async fn answer(
    office: &Office,
    conn: &mut PgConnection,
    (name, email): (&str, &str),
    answer: &Answer<'_>,
) -> Result<(), sqlx::Error> {
    let letter = AnswerLetter {
        name,
        answer,
        link: format!("{}{}", office.house.base_url, answer.page),
    };
    let subject = format!("Uw voorstel voor {}", answer.title);
    send(conn, email, subject, &letter).await
}

async fn send(
    conn: &mut PgConnection,
    email: &str,
    subject: String,
    letter: &impl Template,
) -> Result<(), sqlx::Error> {
    let Ok(to) = Email::parse(email) else {
        tracing::error!("an account has an address to which nothing can be mailed");
        return Ok(());
    };
    let text = letter
        .render()
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    mail::put(conn, &Letter { to, subject, text }).await
}
