use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::days::{self, Day};
use super::filters::QueryString;
use super::items::Item;
use super::page::{Crumb, Page};
use super::portal::{Conn, Portal, html};
use super::record::Checked;
use super::{links, what_is_on};
use crate::access::Viewer;
use crate::base::{Label, RecordKind, Slug};
use crate::catalogue::dossiers::{Profile, faq_store, store};
use crate::catalogue::themes::Step;
use crate::catalogue::words::HelpLine;
use crate::prose;
use crate::web::{Error, Policy, Segment};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);

const QUESTIONS: i64 = 8;
/// Enough to see that there is something to go to; the search has the rest.
const DATES: usize = 5;

#[derive(Template)]
#[template(path = "site/dossiers/list.html")]
struct List {
    page: Page,
    items: Vec<Item>,
}

pub async fn list(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    let mut conn = portal.connection().await?;
    let cards = store::cards(&mut conn, Viewer::Public, None, None).await?;
    html(&List {
        page: portal
            .page(links::DOSSIERS, "Dossiers")
            .describe("Korte uitleg over onderwerpen waar veel bij komt kijken, zoals dementie, schulden en eenzaamheid."),
        items: cards.iter().map(Item::dossier).collect(),
    })
}

/// A step of the dossier, in its words.
struct StepText {
    number: usize,
    label: String,
    meaning: String,
    text: String,
}

#[derive(Template)]
#[template(path = "site/dossiers/show.html")]
struct Show {
    page: Page,
    dossier: Profile,
    help_lines: Vec<HelpLine>,
    steps: Vec<StepText>,
    organisations: Vec<Item>,
    days: Vec<Day>,
    /// All that one can go to about it.
    more: String,
    questions: Vec<Item>,
    checked: Checked,
}

pub async fn show(
    State(portal): State<Portal>,
    Segment(slug): Segment<Slug>,
) -> Result<Html<String>, Error> {
    page(&portal, portal.connection().await?, &slug).await
}

/// The page of a record, read over any connection.
pub(super) async fn page(
    portal: &Portal,
    mut conn: impl Conn,
    slug: &Slug,
) -> Result<Html<String>, Error> {
    let Some(dossier) = store::profile(&mut conn, Viewer::Public, slug).await? else {
        return Err(portal.missing(&mut conn, RecordKind::Dossier, slug).await);
    };
    let questions =
        faq_store::cards(&mut conn, Viewer::Public, None, Some(dossier.id), QUESTIONS).await?;
    drop(conn);
    let dates = what_is_on::about(portal, (&dossier.title, &dossier.theme.slug), DATES)?;
    let names = portal.names();
    let delicate = names.is_delicate(&dossier.theme.slug);
    html(&Show {
        page: portal
            .page(
                links::record(RecordKind::Dossier, &dossier.slug),
                format!("{} (dossier)", dossier.title),
            )
            .describe(&dossier.intro)
            .below(crumbs(&dossier.main_theme, &dossier.theme))
            .delicate(delicate),
        help_lines: names.help_lines_for(&prose::plain(&dossier.urgent), delicate),
        steps: names
            .steps
            .iter()
            .map(|step| (step, text(&dossier, step.step)))
            .filter(|(_, text)| !text.is_empty())
            .enumerate()
            .map(|(i, (step, text))| StepText {
                number: i + 1,
                label: step.label.clone(),
                meaning: step.meaning.clone(),
                text: text.to_owned(),
            })
            .collect(),
        organisations: dossier
            .organisations
            .iter()
            .map(|card| Item::organisation(card, ""))
            .collect(),
        days: days::of_index(&dates, true, portal.clock.local()),
        more: QueryString::default()
            .with("q", &dossier.title)
            .with("soort", "activiteit")
            .with("thema", &dossier.theme.slug)
            .on(links::SEARCH),
        questions: questions.iter().map(Item::question).collect(),
        checked: Checked::own(
            &portal.site(),
            dossier.checked_at,
            (RecordKind::Dossier, &dossier.slug, &dossier.title),
        ),
        dossier,
    })
}

/// The way back over the main theme to the theme itself.
pub fn crumbs(main: &Label, theme: &Label) -> Vec<Crumb> {
    let mut crumbs = vec![
        Crumb::new(links::THEMES, "Thema’s"),
        Crumb::new(links::theme(&main.slug), &main.name),
    ];
    if main.slug != theme.slug {
        crumbs.push(Crumb::new(links::theme(&theme.slug), &theme.name));
    }
    crumbs
}

fn text(dossier: &Profile, step: Step) -> &str {
    match step {
        Step::Own => &dossier.own,
        Step::Network => &dossier.network,
        Step::Open => &dossier.open,
        Step::Access => &dossier.access,
    }
}
