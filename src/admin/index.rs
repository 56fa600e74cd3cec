//! How the search index of this program stands, and a button to build it anew.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, begin, html};
use super::page::Page;
use crate::access::Right;
use crate::audit;
use crate::database::outbox;
use crate::indexing;
use crate::web::{Error, Query};

#[derive(Template)]
#[template(path = "admin/index.html")]
struct IndexPage {
    page: Page,
    state: indexing::State,
    /// Changes that search does not know yet; `None` before the first comparison.
    waiting: Option<i64>,
    written: String,
    records: usize,
    generation: u64,
    health: &'static str,
}

#[derive(Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    gedaan: String,
}

pub async fn show(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::KeepIndex)?;
    let state = office.watch.state();
    let waiting = match &state.seen {
        Some(seen) => Some(outbox::waiting(&mut *office.connection().await?, seen).await?),
        None => None,
    };
    let engine = &office.engine;
    let written = engine.committed_at().map(DateTime::<Utc>::from);
    html(&IndexPage {
        page: office
            .page(Some(person), links::INDEX, "Zoekmachine")
            .after(&done.gedaan),
        waiting,
        written: written.map_or("niet bekend".to_owned(), |at| office.moment(at)),
        records: engine.record_count(),
        generation: engine.generation(),
        health: health(&office, &state),
        state,
    })
}

fn health(office: &Office, state: &indexing::State) -> &'static str {
    match () {
        () if office.engine.is_damaged() => {
            "beschadigd: zij wordt vanzelf opnieuw opgebouwd, en de oude blijft zo lang werken"
        }
        () if !office.engine.is_complete() => {
            "nog niet compleet: zij wordt voor het eerst opgebouwd"
        }
        () if state.failed => {
            "bijwerken lukte net niet: de database of de schijf werkt niet mee. Het wordt steeds opnieuw geprobeerd"
        }
        () => "in orde",
    }
}

/// Asks for a new index, and writes down who did.
pub async fn rebuild(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    let person = signed_in.holding(Right::KeepIndex)?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    audit::record(
        &mut tx,
        &person.actor(),
        "rebuild",
        ("index", None, ""),
        &(),
    )
    .await?;
    tx.commit().await?;
    office.watch.ask_rebuild();
    Ok(Redirect::to(&links::done(links::INDEX, "index")).into_response())
}
