//! Mail that waits or went out. Where no mail server is set, this is where it is read.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, html};
use super::page::Page;
use crate::access::Right;
use crate::mail::{self, Queued};
use crate::web::Error;

#[derive(Template)]
#[template(path = "admin/mails.html")]
struct MailPage {
    page: Page,
    letters: Vec<Row>,
    waiting: i64,
}

struct Row {
    letter: Queued,
    queued: String,
    state: String,
}

/// Letters on the page; older ones are in the database.
const LATEST: i64 = 50;

pub async fn show(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    let person = signed_in.holding(Right::SeeMail)?;
    let mut conn = office.connection().await?;
    let letters = mail::latest(&mut conn, LATEST).await?;
    let waiting = mail::waiting(&mut conn).await?;
    html(&MailPage {
        page: office.page(Some(person), links::MAIL, "Mail"),
        letters: letters
            .into_iter()
            .map(|letter| row(letter, &office))
            .collect(),
        waiting,
    })
}

fn row(letter: Queued, office: &Office) -> Row {
    let state = match (letter.sent_at, letter.tries) {
        (Some(at), _) => format!("Verstuurd, {}", office.moment(at)),
        (None, 0) => "Wacht".to_owned(),
        (None, tries) => {
            let times = if tries == 1 {
                "1 keer"
            } else {
                &format!("{tries} keer")
            };
            let next = office.moment(letter.next_try_at);
            format!("{times} geprobeerd, opnieuw {next}")
        }
    };
    Row {
        queued: office.moment(letter.queued_at),
        state,
        letter,
    }
}
