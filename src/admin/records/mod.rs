//! Records of every kind: their lists, forms, history and acts. The handlers are the same for
//! all; `sheet` is what a kind tells of itself, and there is one file a kind.

mod activities;
mod addresses;
pub(super) mod common;
mod differences;
mod dossiers;
mod edit;
mod history;
mod list;
mod many;
mod organisations;
mod places;
mod schedules;
mod sheet;
mod zones;

use super::Routes;
use crate::access::{Person, Role};
use crate::catalogue;
pub use addresses::count as addresses_in;
pub use differences::told;
pub use edit::{Ground, mentioned, refusal};
pub use schedules::Block;
pub use schedules::{LEFT_OUT_NAMES, NTHS, REPEATS, WEEKDAY_NAMES};
use sheet::Sheet;
pub use sheet::{Choice, Field, Fields, Input, Section, Surroundings};

/// The routes of every kind.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes.get(super::links::EVERYTHING, list::all);
    let routes = of::<catalogue::activities::Draft>(routes);
    let routes = of::<catalogue::organisations::Draft>(routes);
    let routes = of::<catalogue::places::Draft>(routes);
    let routes = of::<catalogue::dossiers::Draft>(routes);
    let routes = of::<catalogue::dossiers::FaqDraft>(routes);
    of::<catalogue::zones::Draft>(routes)
}

/// The kinds in the menu: address and name. What belongs to all is not a provider's.
#[must_use]
pub fn menu(person: &Person) -> Vec<(&'static str, &'static str)> {
    let all = [
        ("/beheer/activiteiten", "Activiteiten"),
        ("/beheer/organisaties", "Organisaties"),
        ("/beheer/plekken", "Plekken"),
        ("/beheer/dossiers", "Dossiers"),
        ("/beheer/vragen", "Vragen"),
        ("/beheer/wijken", "Wijken"),
    ];
    let many = match person.role {
        None => 0,
        Some(Role::Provider) => 2,
        Some(_) => all.len(),
    };
    all.into_iter().take(many).collect()
}

fn of<K: Sheet>(routes: Routes) -> Routes {
    let list = format!("/beheer/{}", K::PATH);
    let new = format!("{list}/nieuw");
    let one = format!("{list}/{{slug}}");
    let act = |act: &str| format!("{one}/{act}");
    routes
        .get(&list, list::show::<K>)
        .get(&new, edit::blank::<K>)
        .post(&new, edit::register::<K>)
        .get(&one, edit::show::<K>)
        .post(&one, edit::revise::<K>)
        .get(&act("geschiedenis"), history::show::<K>)
        .post(&act("terugzetten"), history::restore::<K>)
        .post(&format!("{list}/samen"), many::act::<K>)
        .post(&format!("{new}/onaf"), edit::keep_new::<K>)
        .post(&format!("{new}/onaf/weg"), edit::forget_new::<K>)
        .post(&act("onaf"), edit::keep::<K>)
        .post(&act("onaf/weg"), edit::forget::<K>)
        .post(&act("online"), edit::publish::<K>)
        .post(&act("offline"), edit::withdraw::<K>)
        .post(&act("klopt"), edit::check::<K>)
        .post(&act("verwijderen"), edit::remove::<K>)
        .post(&act("voorstel/goedkeuren"), edit::approve::<K>)
        .post(&act("voorstel/weggooien"), edit::discard::<K>)
}
