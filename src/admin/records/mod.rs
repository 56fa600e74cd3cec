//! Records of every kind: their lists, forms, history and acts. The handlers are the same for
//! all; `sheet` is what a kind tells of itself, and there is one file a kind.

mod activities;
mod common;
mod differences;
mod edit;
mod history;
mod list;
mod organisations;
mod schedules;
mod sheet;

use axum::Router;
use axum::routing::{get, post};

use super::office::Office;
use crate::catalogue;
pub use differences::told;
pub use schedules::{LEFT_OUT_NAMES, NTHS, REPEATS, WEEKDAY_NAMES};
pub use sheet::Input;
use sheet::Sheet;

/// The routes of every kind.
pub fn routes() -> Router<Office> {
    Router::new()
        .merge(of::<catalogue::organisations::Draft>())
        .merge(of::<catalogue::activities::Draft>())
}

/// The kinds in the menu: address and name.
pub const MENU: [(&str, &str); 2] = [
    (
        "/beheer/activiteiten",
        <catalogue::activities::Draft as Sheet>::MANY,
    ),
    (
        "/beheer/organisaties",
        <catalogue::organisations::Draft as Sheet>::MANY,
    ),
];

fn of<K: Sheet>() -> Router<Office> {
    let base = format!("/beheer/{}", K::PATH);
    let one = format!("{base}/{{slug}}");
    Router::new()
        .route(&base, get(list::show::<K>))
        .route(
            &format!("{base}/nieuw"),
            get(edit::blank::<K>).post(edit::register::<K>),
        )
        .route(&one, get(edit::show::<K>).post(edit::revise::<K>))
        .route(&format!("{one}/geschiedenis"), get(history::show::<K>))
        .route(&format!("{one}/terugzetten"), post(history::restore::<K>))
        .route(&format!("{one}/online"), post(edit::publish::<K>))
        .route(&format!("{one}/offline"), post(edit::withdraw::<K>))
        .route(&format!("{one}/klopt"), post(edit::check::<K>))
        .route(
            &format!("{one}/voorstel/goedkeuren"),
            post(edit::approve::<K>),
        )
        .route(
            &format!("{one}/voorstel/weggooien"),
            post(edit::discard::<K>),
        )
}
