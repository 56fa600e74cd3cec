//! The door for who keeps the map right: `/beheer`. In Dutch, complete without JavaScript, never
//! cached and never compressed.
//!
//! - `guard`: who is at the door; `office`: what its pages stand on
//! - `page`, `fields`: the parts that pages share
//! - one file a page family: `sign_in`, `openid`, `passwords`, `account` (one's own), `users`, `mails`,
//!   `log`, `tables`, `desk`, `handbook`, `names`, `index` (of search), `advice` (hints on language),
//!   `shortcuts`; `sheet` is what forms are made of, `records` holds those of all kinds of record,
//!   `entries` those of the lists that
//!   all records share

mod account;
mod advice;
mod desk;
mod entries;
mod errors;
mod fields;
mod guard;
mod handbook;
mod index;
mod kept;
pub mod links;
mod log;
mod mails;
mod names;
mod notices;
mod office;
mod openid;
mod page;
mod passwords;
mod records;
mod sheet;
mod shortcuts;
mod sign_in;
mod tables;
mod users;

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodRouter, any, get, post};

pub use office::{Office, Preview};
pub use page::House;
pub use users::invitation;

use crate::web::{Door, Error};

/// The admin area, closed with its own words for what goes wrong.
pub fn door(office: Office) -> Router {
    let dressing = office.clone();
    let Routes {
        router, uploads, ..
    } = routes();
    let routes = router
        .route("/beheer/{*rest}", any(nothing))
        .layer(middleware::from_fn_with_state(office.clone(), kept::keep));
    let door = Door::html("admin", move |fault, asked| {
        errors::page(&dressing, fault, asked)
    })
    .at(&office.house.base_url);
    let wide = door.clone().body_limit(UPLOAD).patience(UPLOADING);
    door.close(routes.layer(middleware::from_fn(private)))
        .merge(wide.close(uploads.layer(middleware::from_fn(private))))
        .with_state(office)
}

/// Bytes of a form with a photo. What is over the photo's own limit is still read, so that the
/// person gets a sentence and keeps what was typed; beyond this the door is shut.
const UPLOAD: usize = 24 * 1024 * 1024;
/// A photo takes a minute on a poor line.
const UPLOADING: Duration = Duration::from_mins(2);

/// Every address of this area, with its method: what a test of rights goes by.
#[must_use]
pub fn addresses() -> Vec<(Method, String)> {
    routes().listed
}

fn routes() -> Routes {
    let routes = Routes::default()
        .get(links::DESK, desk::show)
        .get(links::SIGN_IN, sign_in::show)
        .post(links::SIGN_IN, sign_in::enter)
        .get(links::CODE, sign_in::ask_code)
        .post(links::CODE, sign_in::give_code)
        .post(links::OPENID, openid::leave)
        .get(links::OPENID_BACK, openid::come_back)
        .post(links::OPENID_LINK, openid::link)
        .post(links::OPENID_UNLINK, openid::unlink)
        .post(links::SIGN_OUT, sign_in::leave)
        .get(links::FORGOTTEN, passwords::forgotten)
        .post(links::FORGOTTEN, passwords::send_link)
        .get("/beheer/welkom/{secret}", passwords::welcome)
        .post("/beheer/welkom/{secret}", passwords::choose)
        .get(links::ACCOUNT, account::show)
        .get(links::PASSWORD, account::ask_password)
        .post(links::PASSWORD, account::change_password)
        .get(links::SECOND_FACTOR, account::set_up)
        .post(links::SECOND_FACTOR, account::confirm)
        .post(links::SECOND_FACTOR_OFF, account::switch_off)
        .post(links::RECOVERY_CODES, account::new_codes)
        .post(links::SESSIONS, account::end_sessions)
        .get(links::SHORTCUTS, shortcuts::show)
        .post(links::SHORTCUTS, shortcuts::switch)
        .get(links::USERS, users::list)
        .get(links::NEW_USER, users::ask_new)
        .post(links::NEW_USER, users::invite)
        .get("/beheer/gebruikers/{id}", users::edit)
        .post("/beheer/gebruikers/{id}", users::revise)
        .post("/beheer/gebruikers/{id}/uitzetten", users::switch_off)
        .post("/beheer/gebruikers/{id}/aanzetten", users::switch_on)
        .post("/beheer/gebruikers/{id}/link", users::send_link)
        .post(
            "/beheer/gebruikers/{id}/tweede-stap-weg",
            users::drop_second_factor,
        )
        .get(links::MAIL, mails::show)
        .get(links::INDEX, index::show)
        .post(links::INDEX, index::rebuild)
        .get(links::LOG, log::show)
        .get(links::LOG_FILE, log::download)
        .post(links::ADVICE, advice::on)
        .get(links::HANDBOOK, handbook::show)
        .get(links::TABLES, tables::list)
        .upload(links::TABLES, tables::send)
        .get("/beheer/tabellen/bestand/{naam}", tables::download)
        .get("/beheer/tabellen/{id}", tables::show)
        .upload("/beheer/tabellen/{id}/inlezen", tables::carry_out)
        .upload("/beheer/tabellen/{id}/terug", tables::take_back)
        .post("/beheer/tabellen/{id}/weg", tables::discard)
        .get(links::NAMES, names::show);
    entries::add(records::add(routes))
}

/// Routes under construction, and a list of them.
#[derive(Default)]
struct Routes {
    router: Router<Office>,
    /// Those that take files, or long.
    uploads: Router<Office>,
    listed: Vec<(Method, String)>,
}

impl Routes {
    fn get<H: Handler<T, Office>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::GET, path, get(handler))
    }

    fn post<H: Handler<T, Office>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::POST, path, post(handler))
    }

    fn upload<H: Handler<T, Office>, T: 'static>(mut self, path: &str, handler: H) -> Self {
        self.uploads = self.uploads.route(path, post(handler));
        self.listed.push((Method::POST, path.to_owned()));
        self
    }

    fn add(mut self, method: Method, path: &str, way: MethodRouter<Office>) -> Self {
        self.router = self.router.route(path, way);
        self.listed.push((method, path.to_owned()));
        self
    }
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
