//! Where someone begins: what waits for them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, html};
use super::page::Page;
use crate::access::Person;
use crate::web::Error;

#[derive(Template)]
#[template(path = "admin/desk.html")]
struct DeskPage {
    page: Page,
    person: Person,
}

pub async fn show(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    let person = signed_in.person();
    html(&DeskPage {
        page: office.page(Some(person), links::DESK, "Start"),
        person: person.clone(),
    })
}
