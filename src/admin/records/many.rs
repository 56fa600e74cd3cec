//! One act on many records of a list. Each for itself: what cannot be done is told, the rest is
//! done.

use askama::Template;
use axum::extract::State as Axum;
use axum::response::Response;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::access::Person;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, begin, html};
use crate::admin::page::Page;
use crate::admin::sheet::Sheet;
use crate::base::Slug;
use crate::base::id::AccountId;
use crate::catalogue::editing::{self, Refusal, assigned};
use crate::catalogue::{State, Vocabulary};
use crate::web::{Error, Form};

#[derive(Template)]
#[template(path = "admin/records/many.html")]
struct ManyPage {
    page: Page,
    what: &'static str,
    done: Vec<(String, String)>,
    /// Address, name and why not.
    not_done: Vec<(String, String, &'static str)>,
    back: String,
}

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    slug: Vec<String>,
    #[serde(default)]
    doen: String,
    /// Whose work it becomes; empty: nobody's.
    #[serde(default)]
    aan: String,
    /// Under which theme it is put.
    #[serde(default)]
    thema: String,
}

/// As many as a page of a list holds.
const MOST: usize = 50;

enum Act {
    Publish,
    Withdraw,
    Check,
    Assign(Option<AccountId>),
    PutUnder(Slug),
}

impl Asked {
    /// What is to be done, and what that is called when it is done.
    fn act(&self, names: &Vocabulary) -> Option<(Act, &'static str)> {
        Some(match self.doen.as_str() {
            "online" => (Act::Publish, "Op de website gezet"),
            "offline" => (Act::Withdraw, "Van de website gehaald"),
            "klopt" => (Act::Check, "Nagekeken"),
            "toewijzen" if self.aan.is_empty() => (Act::Assign(None), "Aan niemand toegewezen"),
            "toewijzen" => (
                Act::Assign(Some(AccountId(self.aan.parse().ok()?))),
                "Toegewezen",
            ),
            "thema" => {
                let theme = names.themes.iter().find(|one| one.slug == self.thema)?;
                (
                    Act::PutUnder(Slug::parse(&theme.slug).ok()?),
                    "Van thema veranderd",
                )
            }
            _ => return None,
        })
    }
}

pub async fn act<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    super::list::limited(person)?;
    let (act, what) = asked
        .act(&office.names())
        .ok_or(Error::BadRequest("form"))?;
    let (mut done, mut not_done) = (Vec::new(), Vec::new());
    let mut conn = office.connection().await?;
    let back = format!("{}/{}", links::DESK, K::PATH);
    for slug in asked.slug.iter().take(MOST) {
        let Ok(slug) = Slug::parse(slug) else {
            continue;
        };
        let href = format!("{back}/{slug}");
        let mut tx = begin(&mut conn).await?;
        match one::<K>(&mut tx, person, &slug, &act, &office).await {
            Ok(title) => {
                tx.commit().await?;
                done.push((href, title));
            }
            Err(Refusal::Database(error)) => return Err(error.into()),
            Err(refused) => not_done.push((href, slug.to_string(), why(&refused))),
        }
    }
    html(&ManyPage {
        page: office
            .page(Some(person), format!("{back}/samen"), what)
            .below(&back, K::MANY),
        what,
        done,
        not_done,
        back,
    })
}

async fn one<K: Sheet>(
    conn: &mut PgConnection,
    person: &Person,
    slug: &Slug,
    act: &Act,
    office: &Office,
) -> Result<String, Refusal> {
    let opened = editing::open::<K>(conn, person, slug).await?;
    match act {
        Act::Publish => editing::set_state(conn, person, &opened, State::Published).await?,
        Act::Withdraw => editing::set_state(conn, person, &opened, State::Withdrawn).await?,
        Act::Check => editing::check(conn, person, &opened, office.clock.today()).await?,
        Act::Assign(to) => assigned::put(conn, person, &opened, *to).await?,
        Act::PutUnder(theme) => {
            let (mut draft, made_of) = opened.basis(person);
            if draft.put_under(theme) {
                let seen = (&opened, made_of.unwrap_or(opened.version));
                editing::revise(conn, person, seen, &draft).await?;
            }
        }
    }
    Ok(opened.draft.title().to_owned())
}

fn why(refused: &Refusal) -> &'static str {
    match refused {
        Refusal::Unknown => "dit is er niet",
        Refusal::NotYours => "dit mag u niet met uw rol",
        Refusal::Overtaken => "iemand anders paste dit net aan",
        _ => "dit kan zo niet",
    }
}
