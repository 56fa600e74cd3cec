//! The door for residents: every public page, in Dutch, complete without JavaScript.
//!
//! One file a page family, named as its templates; `page`, `items`, `days`, `record` and
//! `zone_map` are the parts that pages share.

mod about;
mod activities;
mod agenda;
mod calendars;
mod days;
mod dossiers;
pub mod errors;
mod feeds;
mod filters;
mod home;
mod items;
mod json_ld;
pub mod links;
mod machines;
mod opening_words;
mod organisations;
mod page;
mod photo;
mod places;
mod portal;
mod questions;
mod record;
mod search;
mod spell;
mod suggestions;
mod themes;
mod what_is_on;
mod zone_map;
mod zones;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use sqlx::PgConnection;

pub use page::Site;
pub use portal::Portal;

use crate::base::{RecordKind, Slug};
use crate::web::{Door, Error, PageCache};

/// The routes of the public site, closed with its own words for what goes wrong.
pub fn door(portal: Portal, pages: &PageCache, assets: Router<Portal>) -> Router {
    let dressing = portal.clone();
    let routes = Router::new()
        .route(links::HOME, pages.cached(get(home::show), home::CACHE))
        .route(
            links::SEARCH,
            pages.cached(get(search::show), search::CACHE),
        )
        .route(
            links::SUGGESTIONS,
            pages.cached(get(suggestions::show), suggestions::CACHE),
        )
        .route(links::THEMES, pages.cached(get(themes::list), themes::LIST))
        .route(
            "/themas/{slug}",
            pages.cached(get(themes::show), themes::CACHE),
        )
        .route(
            links::DOSSIERS,
            pages.cached(get(dossiers::list), dossiers::CACHE),
        )
        .route(
            "/dossiers/{slug}",
            pages.cached(get(dossiers::show), dossiers::CACHE),
        )
        .route(
            links::QUESTIONS,
            pages.cached(get(questions::list), questions::CACHE),
        )
        .route(
            "/vragen/{slug}",
            pages.cached(get(questions::show), questions::CACHE),
        )
        .route(links::ZONES, pages.cached(get(zones::list), zones::CACHE))
        .route(
            "/wijken/{slug}",
            pages.cached(get(zones::show), zones::CACHE),
        )
        .route(
            links::ORGANISATIONS,
            pages.cached(get(organisations::list), organisations::LIST),
        )
        .route(
            "/organisaties/{slug}",
            pages.cached(get(organisations::show), organisations::CACHE),
        )
        .route(
            "/activiteiten/{slug}",
            pages.cached(get(activities::show), activities::CACHE),
        )
        .route(links::ACTIVITIES, get(activities::list))
        .route(links::PLACES, pages.cached(get(places::list), places::LIST))
        .route(
            "/plekken/{slug}",
            pages.cached(get(places::show), places::CACHE),
        )
        .route("/foto/{name}", get(photo::show))
        .route(links::HELP, pages.cached(get(about::help), about::CACHE))
        .route(links::ABOUT, pages.cached(get(about::about), about::CACHE))
        .route(
            links::PRIVACY,
            pages.cached(get(about::privacy), about::CACHE),
        )
        .route(
            links::ACCESSIBILITY,
            pages.cached(get(about::accessibility), about::CACHE),
        )
        .merge(agendas(pages))
        .merge(machines::routes())
        .merge(assets);
    let routes = routes.layer(middleware::from_fn(tidy));
    Door::html("site", move |fault, asked| {
        errors::page(&dressing, fault, asked)
    })
    .close(routes)
    .with_state(portal)
}

/// The page of a record as residents would see it, read over a connection that may hold what is
/// not public yet.
///
/// # Errors
/// As the page itself: [`Error::NotFound`] for what would not be public.
pub async fn preview(
    portal: &Portal,
    conn: &mut PgConnection,
    kind: RecordKind,
    slug: &Slug,
) -> Result<Html<String>, Error> {
    match kind {
        RecordKind::Organisation => organisations::page(portal, conn, slug).await,
        RecordKind::Activity => activities::page(portal, conn, slug).await,
        RecordKind::Place => places::page(portal, conn, slug).await,
        RecordKind::Dossier => dossiers::page(portal, conn, slug).await,
        RecordKind::Faq => questions::page(portal, conn, slug).await,
        RecordKind::Zone => zones::page(portal, conn, slug).await,
        RecordKind::Theme => Err(Error::NotFound),
    }
}

/// The agenda in all its forms, of everything and of each zone.
fn agendas(pages: &PageCache) -> Router<Portal> {
    Router::new()
        .route(
            links::AGENDA,
            pages.cached(get(agenda::show), agenda::CACHE),
        )
        .route(
            "/wijken/{slug}/agenda",
            pages.cached(get(agenda::of_zone), agenda::CACHE),
        )
        .route(
            "/agenda/maand",
            pages.cached(get(agenda::month), agenda::MONTH_CACHE),
        )
        .route(
            "/wijken/{slug}/agenda/maand",
            pages.cached(get(agenda::month), agenda::MONTH_CACHE),
        )
        .route(
            "/agenda/week",
            pages.cached(get(agenda::week), agenda::WEEK_CACHE),
        )
        .route(
            "/wijken/{slug}/agenda/week",
            pages.cached(get(agenda::week), agenda::WEEK_CACHE),
        )
        .route(
            "/agenda.ics",
            pages.cached(get(calendars::all), calendars::CACHE),
        )
        .route(
            "/wijken/{slug}/agenda.ics",
            pages.cached(get(calendars::zone), calendars::CACHE),
        )
        .route("/agenda.atom", pages.cached(get(feeds::all), feeds::CACHE))
        .route(
            "/wijken/{slug}/agenda.atom",
            pages.cached(get(feeds::zone), feeds::CACHE),
        )
}

/// An address with capitals or a slash at its end, as phones and people write them, leads to the
/// one address of the page. Files and their hashes stay as they are.
async fn tidy(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let untidy =
        (path.len() > 1 && path.ends_with('/')) || path.bytes().any(|b| b.is_ascii_uppercase());
    let ours =
        !path.starts_with("/static/") && !path.starts_with("/.well-known/") && !path.contains("//");
    let plain = !path.contains('%');
    let asks = matches!(*request.method(), Method::GET | Method::HEAD);
    if !(untidy && ours && plain && asks) {
        return next.run(request).await;
    }
    let tidied = path.trim_end_matches('/').to_ascii_lowercase();
    let query = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    Error::Moved(format!("/{}{query}", tidied.trim_start_matches('/'))).into_response()
}
