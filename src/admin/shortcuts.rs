//! Keys that lead somewhere: a page that lists them, and the switch. The same list stands in a
//! dialog of every page, for the script; who switched them off gets neither.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, html};
use super::page::Page;
use crate::accounts::store;
use crate::web::{Error, Form, Query};

#[derive(Template)]
#[template(path = "admin/shortcuts.html")]
struct ShortcutsPage {
    page: Page,
    on: bool,
}

/// Keys and what they do.
pub struct Shortcut {
    /// Pressed one after the other: "g o".
    pub keys: &'static str,
    pub name: &'static str,
    /// Where they lead; `None`: it depends on the page.
    pub href: Option<&'static str>,
}

impl Page {
    /// The keys of who is signed in: of every page in the menu, and what works everywhere.
    #[must_use]
    pub fn shortcuts(&self) -> Vec<Shortcut> {
        let shortcut = |keys, name, href| Shortcut { keys, name, href };
        let mut all = Vec::new();
        if self
            .person
            .as_ref()
            .is_some_and(|person| person.role.is_some())
        {
            all.push(shortcut("/", "Zoek op naam in alles", Some(links::SEARCH)));
            all.push(shortcut("n", "Nieuw, in een lijst", None));
        }
        let menu = self.navigation().into_iter();
        all.extend(menu.map(|item| shortcut(item.keys, item.name, Some(item.href))));
        all
    }
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
    let person = signed_in.person();
    html(&ShortcutsPage {
        page: office
            .page(Some(person), links::SHORTCUTS, "Sneltoetsen")
            .below(links::ACCOUNT, "Mijn account")
            .after(&done.gedaan),
        on: person.shortcuts,
    })
}

#[derive(Default, Deserialize)]
pub struct Switch {
    /// Empty: off.
    #[serde(default)]
    aan: String,
}

pub async fn switch(
    State(office): State<Office>,
    signed_in: SignedIn,
    Form(switch): Form<Switch>,
) -> Result<Response, Error> {
    let mut conn = office.connection().await?;
    store::set_shortcuts(&mut conn, signed_in.person().id, !switch.aan.is_empty()).await?;
    Ok(Redirect::to(&links::done(links::SHORTCUTS, "bewaard")).into_response())
}
