//! Records of every kind: their lists, forms, history and acts. The handlers are the same for
//! all; `sheet` is what a kind tells of itself, and there is one file a kind.

mod activities;
mod acts;
mod dates;
mod dossiers;
mod edit;
mod form;
mod history;
pub mod list;
mod many;
mod new;
mod organisations;
mod pictures;
mod places;
mod preview;
mod typed;
mod zones;

use super::Routes;
use super::links;
use super::sheet::Sheet;
use crate::base::Slug;
use crate::catalogue;

/// The routes of every kind.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes.get(links::EVERYTHING, list::all);
    let routes = of::<catalogue::activities::Draft>(routes)
        .get("/beheer/activiteiten/{slug}/keren", dates::list)
        .get("/beheer/activiteiten/{slug}/keren/{keer}", dates::show)
        .post("/beheer/activiteiten/{slug}/keren/{keer}", dates::keep);
    let routes = of::<catalogue::organisations::Draft>(routes);
    let routes = of::<catalogue::places::Draft>(routes);
    let routes = of::<catalogue::dossiers::Draft>(routes);
    let routes = of::<catalogue::dossiers::FaqDraft>(routes);
    of::<catalogue::zones::Draft>(routes)
}

fn of<K: Sheet>(routes: Routes) -> Routes {
    let list = format!("/beheer/{}", K::PATH);
    let new = format!("{list}/nieuw");
    let one = format!("{list}/{{slug}}");
    let act = |act: &str| format!("{one}/{act}");
    let routes = if K::PICTURED {
        routes
            .get(&act("foto"), pictures::show::<K>)
            .upload(&act("foto"), pictures::keep::<K>)
            .post(&act("foto/weg"), pictures::remove::<K>)
            .get(&act("foto/{naam}"), pictures::thumbnail::<K>)
    } else {
        routes
    };
    routes
        .get(&list, list::show::<K>)
        .get(&new, new::blank::<K>)
        .post(&new, new::register::<K>)
        .get(&one, edit::show::<K>)
        .post(&one, edit::revise::<K>)
        .get(&format!("{new}/voorbeeld"), preview::frames_of_new::<K>)
        .get(
            &format!("{new}/voorbeeld/pagina"),
            preview::page_of_new::<K>,
        )
        .get(&act("voorbeeld"), preview::frames::<K>)
        .get(&act("voorbeeld/pagina"), preview::page::<K>)
        .get(&act("geschiedenis"), history::show::<K>)
        .post(&act("terugzetten"), history::restore::<K>)
        .post(&format!("{list}/samen"), many::act::<K>)
        .post(&format!("{new}/onaf"), typed::keep_new::<K>)
        .post(&format!("{new}/onaf/weg"), typed::forget_new::<K>)
        .post(&act("onaf"), typed::keep::<K>)
        .post(&act("onaf/weg"), typed::forget::<K>)
        .post(&act("online"), acts::publish::<K>)
        .post(&act("offline"), acts::withdraw::<K>)
        .post(&act("plannen"), acts::plan::<K>)
        .post(&act("klopt"), acts::check::<K>)
        .post(&act("opmerkingen"), acts::remark::<K>)
        .post(&act("opmerkingen/klaar"), acts::settle::<K>)
        .post(&act("verwijderen"), acts::remove::<K>)
        .post(&act("voorstel/goedkeuren"), acts::approve::<K>)
        .post(&act("voorstel/weggooien"), acts::discard::<K>)
}

/// The form of a record.
fn path_of<K: Sheet>(slug: &Slug) -> String {
    format!("{}/{}/{slug}", links::DESK, K::PATH)
}
