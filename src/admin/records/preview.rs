//! A record as residents would see it, before it is saved or public. It is kept in a transaction
//! that is never committed, and the page of the site is read in there: what is shown is the page
//! itself.

use askama::Template;
use axum::extract::State as Axum;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlx::PgConnection;

use super::acts::open;
use super::form::parsed;
use super::list::may_add;
use super::path_of;
use crate::access::{Person, Say};
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, begin, html};
use crate::admin::page::Page;
use crate::admin::sheet::{Fields, Sheet, refusal};
use crate::base::Slug;
use crate::catalogue::editing::{self, Unfinished, unfinished};
use crate::catalogue::{Act, CommandError, State};
use crate::web::{Error, OwnFrame, Query, Segment};

/// The page on a phone and on a desk, side by side.
#[derive(Template)]
#[template(path = "admin/records/preview.html")]
struct Frames {
    page: Page,
    /// Where the page itself is.
    src: String,
    /// Where one goes on.
    back: String,
    /// What it is that is shown.
    what: &'static str,
}

/// Why there is nothing to see.
#[derive(Template)]
#[template(path = "admin/records/unseen.html")]
struct Unseen {
    page: Page,
}

#[derive(Default, Deserialize)]
pub struct Asked {
    /// `voorstel`: what someone proposes, not what is there.
    #[serde(default)]
    van: String,
}

impl Asked {
    fn of_proposal(&self) -> bool {
        self.van == "voorstel"
    }
}

pub async fn frames_of_new<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let list = format!("{}/{}", links::DESK, K::PATH);
    let new = format!("{list}/nieuw");
    framed(&Frames {
        page: office
            .page(
                Some(person),
                format!("{new}/voorbeeld"),
                "Zo ziet het eruit",
            )
            .below(list, K::MANY),
        src: format!("{new}/voorbeeld/pagina"),
        back: format!("{new}?verder=ja"),
        what: TYPED,
    })
}

pub async fn frames<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (_, opened) = open::<K>(&mut conn, person, &slug).await?;
    let path = path_of::<K>(&slug);
    let (query, what, back) = match (asked.of_proposal(), &opened.unfinished) {
        (true, _) => ("?van=voorstel", PROPOSED, path.clone()),
        (false, Some(_)) => ("", TYPED, format!("{path}?verder=ja")),
        (false, None) => ("", SAVED, path.clone()),
    };
    framed(&Frames {
        page: office
            .page(
                Some(person),
                format!("{path}/voorbeeld"),
                "Zo ziet het eruit",
            )
            .below(format!("{}/{}", links::DESK, K::PATH), K::MANY)
            .below(&path, opened.draft.title()),
        src: format!("{path}/voorbeeld/pagina{query}"),
        back,
        what,
    })
}

const TYPED: &str = "Dit is wat u typte. Het is nog niet bewaard.";
const SAVED: &str = "Dit is wat er bewaard is.";
const PROPOSED: &str = "Dit is het voorstel. Het staat nog niet op de website.";

pub async fn page_of_new<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let typed = unfinished::of_new(&mut tx, person, K::KIND).await?;
    let Some(mut draft) = typed_draft::<K>(&office, &mut tx, typed, None).await? else {
        return unseen(&office, person);
    };
    let slug = editing::register(&mut tx, person, &draft).await;
    *draft.slug_mut() = slug.map_err(refusal)?;
    as_resident(&office, person, &mut tx, draft).await
}

pub async fn page<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<K>(&mut conn, person, &slug).await?;
    if opened.say(person) == Say::Nothing {
        return Err(Error::NotFound);
    }
    let draft = if asked.of_proposal() {
        opened.proposal.map(|proposal| proposal.draft)
    } else {
        let (basis, _) = opened.basis(person);
        let unfinished = opened.unfinished.clone();
        let mut typed = typed_draft(&office, &mut tx, unfinished, Some(&basis)).await?;
        if let Some(typed) = &mut typed {
            typed.set_picture(opened.picture_for(person).cloned());
        }
        Some(typed.unwrap_or_else(|| opened.draft.clone()))
    };
    let Some(mut draft) = draft else {
        return Err(Error::NotFound);
    };
    *draft.slug_mut() = slug;
    as_resident(&office, person, &mut tx, draft).await
}

/// What was typed, where it can be read as a record.
async fn typed_draft<K: Sheet>(
    office: &Office,
    conn: &mut PgConnection,
    typed: Option<Unfinished>,
    base: Option<&K>,
) -> Result<Option<K>, Error> {
    let fields = typed.and_then(|typed| serde_json::from_value::<Fields>(typed.fields).ok());
    let Some(fields) = fields else {
        return Ok(None);
    };
    Ok(parsed(office, conn, &fields, base).await?.0)
}

/// The page, in a transaction that nobody commits.
async fn as_resident<K: Sheet>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    mut draft: K,
) -> Result<Response, Error> {
    draft.set_state(State::Published);
    match K::keep(conn, &person.actor(), Act::Revise, &draft).await {
        Ok(()) => {}
        Err(CommandError::Database(error)) => return Err(error.into()),
        Err(_) => return unseen(office, person),
    }
    let page = match (office.preview)(conn, K::KIND, draft.slug()).await {
        Ok(page) => page,
        Err(Error::NotFound | Error::Moved(_)) => return unseen(office, person),
        Err(error) => return Err(error),
    };
    let mut response = page.into_response();
    response.extensions_mut().insert(OwnFrame);
    Ok(response)
}

fn unseen(office: &Office, person: &Person) -> Result<Response, Error> {
    let page = office.page(Some(person), "", "Nog niet te zien");
    framed(&Unseen { page })
}

fn framed(template: &impl Template) -> Result<Response, Error> {
    let mut response = html(template)?;
    response.extensions_mut().insert(OwnFrame);
    Ok(response)
}
