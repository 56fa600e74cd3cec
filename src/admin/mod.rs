//! The door for who keeps the map right: `/beheer`. In Dutch, complete without JavaScript, never
//! cached and never compressed.
//!
//! - `guard`: who is at the door; `office`: what its pages stand on
//! - `page`, `fields`: the parts that pages share
//! - one file a page family: `sign_in`, `passwords`, `account` (one's own), `users`, `mails`,
//!   `log`, `desk`; `records` holds those of all kinds of record

mod account;
mod desk;
mod errors;
mod fields;
mod guard;
pub mod links;
mod log;
mod mails;
mod office;
mod page;
mod passwords;
mod records;
mod sign_in;
mod users;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, post};

pub use office::Office;
pub use page::House;
pub use users::invitation;

use crate::web::{Door, Error};

/// The routes of the admin area, closed with its own words for what goes wrong.
pub fn door(office: Office) -> Router {
    let dressing = office.clone();
    let routes = Router::new()
        .route(links::DESK, get(desk::show))
        .merge(entrance())
        .merge(own_account())
        .merge(users())
        .merge(records::routes())
        .route(links::MAIL, get(mails::show))
        .route(links::LOG, get(log::show))
        .route("/beheer/{*rest}", any(nothing))
        .layer(middleware::from_fn(private));
    Door::html("admin", move |fault, asked| {
        errors::page(&dressing, fault, asked)
    })
    .close(routes)
    .with_state(office)
}

fn entrance() -> Router<Office> {
    Router::new()
        .route(links::SIGN_IN, get(sign_in::show).post(sign_in::enter))
        .route(links::CODE, get(sign_in::ask_code).post(sign_in::give_code))
        .route(links::SIGN_OUT, post(sign_in::leave))
        .route(
            links::FORGOTTEN,
            get(passwords::forgotten).post(passwords::send_link),
        )
        .route(
            "/beheer/welkom/{secret}",
            get(passwords::welcome).post(passwords::choose),
        )
}

fn own_account() -> Router<Office> {
    Router::new()
        .route(links::ACCOUNT, get(account::show))
        .route(
            links::PASSWORD,
            get(account::ask_password).post(account::change_password),
        )
        .route(
            links::SECOND_FACTOR,
            get(account::set_up).post(account::confirm),
        )
        .route(links::SECOND_FACTOR_OFF, post(account::switch_off))
        .route(links::RECOVERY_CODES, post(account::new_codes))
        .route(links::SESSIONS, post(account::end_sessions))
}

fn users() -> Router<Office> {
    Router::new()
        .route(links::USERS, get(users::list))
        .route(links::NEW_USER, get(users::ask_new).post(users::invite))
        .route(
            "/beheer/gebruikers/{id}",
            get(users::edit).post(users::revise),
        )
        .route("/beheer/gebruikers/{id}/uitzetten", post(users::switch_off))
        .route("/beheer/gebruikers/{id}/aanzetten", post(users::switch_on))
        .route("/beheer/gebruikers/{id}/link", post(users::send_link))
        .route(
            "/beheer/gebruikers/{id}/tweede-stap-weg",
            post(users::drop_second_factor),
        )
}

async fn nothing() -> Error {
    Error::NotFound
}

/// Nothing of this area is kept by a browser or a proxy, or compressed beside what was typed
/// (ASVS 14.3.2; BREACH).
async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    response
}
