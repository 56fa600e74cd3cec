//! A new record.

use axum::extract::State as Axum;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::form::{
    Asked, FormPage, May, add_block, done_word, going_on, has_times, parsed, shown_first, told,
};
use super::list::may_add;
use super::path_of;
use crate::access::Person;
use crate::admin::fields::Errors;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, begin, html, refused};
use crate::admin::sheet::common::CHECKED;
use crate::admin::sheet::schedules::{self};
use crate::admin::sheet::{
    Adviser, Fields, Ground, SUGGESTIONS, Section, Sheet, kinds_named, refusal,
};
use crate::base::Slug;
use crate::catalogue::State;
use crate::catalogue::editing::lists;
use crate::catalogue::editing::{self, Refusal, unfinished};
use crate::web::{Error, Form, Query};

pub async fn blank<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let sections = K::sections(&office.names());
    let mut conn = office.connection().await?;
    let mut fields = K::blank();
    if let Ok(slug) = Slug::parse(&asked.van) {
        let opened = editing::open::<K>(&mut conn, person, &slug)
            .await
            .map_err(refusal)?;
        let ground = Ground::read(
            &office,
            &mut conn,
            &opened.draft.named(),
            &[],
            has_times(&sections),
        )
        .await?;
        fields = opened.draft.fields(&ground.around());
        fields.remove("bron");
        fields.remove("bronjaar");
    }
    // Who writes it down now found it to be so.
    fields.flag(CHECKED, true);
    let typed = unfinished::of_new(&mut conn, person, K::KIND).await?;
    let (fields, typed) = going_on(fields, typed, &asked, &office);
    let mut page = new_page::<K>(
        &office,
        person,
        &mut conn,
        (sections, fields),
        Errors::default(),
    )
    .await?;
    page.typed = typed;
    html(&page)
}

async fn new_page<K: Sheet>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (sections, mut fields): (Vec<Section>, Fields),
    errors: Errors,
) -> Result<FormPage, Error> {
    let list = format!("{}/{}", links::DESK, K::PATH);
    let ground = Ground::read(office, conn, &[], &[], false).await?;
    let blocks = schedules::blocks(&fields, &[], &ground.around());
    let token = fields
        .text("token")
        .parse()
        .unwrap_or_else(|_| Uuid::now_v7());
    fields.remove("doen");
    let suggestions =
        lists::suggestions(conn, person, &kinds_named(&sections), SUGGESTIONS).await?;
    Ok(FormPage {
        keep_at: format!("{list}/nieuw/onaf"),
        typed: None,
        adviser: Adviser::new(&office.names()),
        page: office
            .page(Some(person), format!("{list}/nieuw"), K::NEW)
            .below(list, K::MANY)
            .wrong(!errors.is_empty()),
        may: May {
            remark: false,
            change: true,
            publish: person
                .role
                .is_some_and(|role| role != crate::access::Role::Provider),
            approve: false,
            delete: false,
        },
        sections,
        fields,
        blocks,
        errors,
        suggestions,
        standing: None,
        token,
        overtaken: Vec::new(),
        kind: K::KIND,
    })
}

pub async fn register<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let sections = K::sections(&office.names());
    let mut conn = office.connection().await?;
    if add_block(&mut fields) {
        let page = new_page::<K>(
            &office,
            person,
            &mut conn,
            (sections, fields),
            Errors::default(),
        )
        .await?;
        return html(&page);
    }
    let token: Uuid = fields
        .text("token")
        .parse()
        .map_err(|_| Error::BadRequest("form"))?;
    let (draft, mut errors) = parsed::<K>(&office, &mut conn, &fields, None).await?;
    if let Some(mut draft) = draft {
        if fields.text("doen") == "bekijk" {
            let to = format!("{}/{}/nieuw/voorbeeld", links::DESK, K::PATH);
            return shown_first(&mut conn, person, (K::KIND, ""), &fields, &to).await;
        }
        let publish = fields.text("doen") == "online";
        draft.set_state(if publish {
            State::Published
        } else {
            State::Draft
        });
        if fields.text("doen") == "stuur" {
            draft.set_state(State::InReview);
        }
        let mut tx = begin(&mut conn).await?;
        match add(&mut tx, person, &draft, token).await {
            Ok(path) => {
                unfinished::forget(&mut tx, person, (K::KIND, "")).await?;
                tx.commit().await?;
                return Ok(Redirect::to(&path).into_response());
            }
            Err(refused) => {
                drop(tx);
                // A second click may come before the first is through.
                if let Some(path) = editing::handled(&mut conn, token).await? {
                    return Ok(Redirect::to(&path).into_response());
                }
                told(refused, &mut errors)?;
            }
        }
    }
    refused(&new_page::<K>(&office, person, &mut conn, (sections, fields), errors).await?)
}

/// Registers once, however often the form is sent; answers with the page of the record.
async fn add<K: Sheet>(
    conn: &mut PgConnection,
    person: &Person,
    draft: &K,
    token: Uuid,
) -> Result<String, Refusal> {
    if let Some(path) = editing::handled(conn, token).await? {
        return Ok(path);
    }
    let slug = editing::register(conn, person, draft).await?;
    let path = links::done(&path_of::<K>(&slug), done_word(draft.state()));
    if editing::once(conn, token, &path).await? {
        return Ok(path);
    }
    Err(Refusal::Overtaken)
}
