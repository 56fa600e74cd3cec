//! A mail to the owner of an account when something changes in how they sign in (ASVS 6.3.7):
//! who did not do it themselves learns of it.

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
    let Ok(to) = Email::parse(email) else {
        tracing::error!("an account has an address to which nothing can be mailed");
        return Ok(());
    };
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
    let text = letter
        .render()
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    let letter = Letter {
        to,
        subject: format!("Uw account voor {} is veranderd", house.name),
        text,
    };
    mail::put(conn, &letter).await
}
