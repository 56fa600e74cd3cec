//! How to work with the admin area, for who keeps the map right.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, html};
use super::page::Page;
use crate::web::Error;

#[derive(Template)]
#[template(path = "admin/handbook.html")]
struct Handbook {
    page: Page,
}

pub async fn show(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    html(&Handbook {
        page: office.page(Some(signed_in.person()), links::HANDBOOK, "Handleiding"),
    })
}
