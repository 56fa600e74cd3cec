use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::days;
use super::filters::QueryString;
use super::items::{Item, Tile, theme_icon};
use super::links;
use super::page::{Crumb, Page};
use super::portal::{Portal, html};
use crate::access::Viewer;
use crate::base::{RecordKind, Slug};
use crate::catalogue::themes::{Profile, Step, store};
use crate::catalogue::words::HelpLine;
use crate::catalogue::{activities, dossiers, organisations};
use crate::web::{Error, Policy, Segment};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);
pub const LIST: Policy = Policy::page(&[]);

/// As many records a step as can be looked over; the rest is a search away.
const PER_STEP: usize = 6;
const QUESTIONS: i64 = 12;

/// A main theme with its sub-themes.
struct Row {
    tile: Tile,
    children: Vec<Tile>,
}

#[derive(Template)]
#[template(path = "site/themes/list.html")]
struct List {
    page: Page,
    rows: Vec<Row>,
}

pub async fn list(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    let names = portal.names();
    if names.themes.is_empty() {
        // Nothing was ever read: say so rather than show an empty page.
        portal.connection().await?;
    }
    html(&List {
        page: portal
            .page(links::THEMES, "Alle thema’s")
            .describe("Kies waar uw vraag over gaat: wonen, zorg, geld, werk, ontmoeten, opvoeden, vervoer of veiligheid."),
        rows: names
            .top_themes()
            .into_iter()
            .map(|theme| Row {
                tile: Tile::theme(theme),
                children: names.sub_themes(&theme.slug).into_iter().map(Tile::theme).collect(),
            })
            .collect(),
    })
}

/// One of the four steps with what belongs to it.
struct StepBlock {
    number: usize,
    label: String,
    meaning: String,
    items: Vec<Item>,
    /// Where the rest is, when not all of it is shown.
    more: bool,
}

#[derive(Template)]
#[template(path = "site/themes/show.html")]
struct Show {
    page: Page,
    /// Numbers for when it cannot wait.
    help_lines: Vec<HelpLine>,
    theme: Profile,
    icon: String,
    children: Vec<Tile>,
    dossiers: Vec<Item>,
    questions: Vec<Item>,
    steps: Vec<StepBlock>,
    all: String,
    empty: bool,
}

pub async fn show(
    State(portal): State<Portal>,
    Segment(slug): Segment<Slug>,
) -> Result<Html<String>, Error> {
    let mut conn = portal.connection().await?;
    let Some(theme) = store::profile(&mut conn, &slug).await? else {
        return Err(portal.missing(&mut conn, RecordKind::Theme, &slug).await);
    };
    let only = organisations::store::Selection {
        theme: Some(theme.id),
        ..Default::default()
    };
    let organisations = organisations::store::cards(&mut conn, Viewer::Public, &only).await?;
    let only = activities::store::Selection {
        theme: Some(theme.id),
        ..Default::default()
    };
    let activities = activities::store::cards(&mut conn, Viewer::Public, &only).await?;
    let dossiers = dossiers::store::cards(&mut conn, Viewer::Public, Some(theme.id), None).await?;
    let questions =
        dossiers::faq_store::cards(&mut conn, Viewer::Public, Some(theme.id), None, QUESTIONS)
            .await?;
    drop(conn);

    let steps = blocks(&portal, &organisations, &activities);
    let names = portal.names();
    let main = theme
        .parent
        .as_ref()
        .map_or(theme.slug.as_str(), |parent| parent.slug.as_str());
    let mut crumbs = vec![Crumb::new(links::THEMES, "Thema’s")];
    crumbs.extend(
        theme
            .parent
            .as_ref()
            .map(|parent| Crumb::new(links::theme(&parent.slug), &parent.name)),
    );
    let title = match &theme.parent {
        Some(parent) => format!("{} (thema {})", theme.name, parent.name),
        None => format!("{} (thema)", theme.name),
    };
    html(&Show {
        page: portal
            .page(links::theme(&theme.slug), title)
            .describe(&theme.summary)
            .below(crumbs)
            .delicate(names.is_delicate(&theme.slug)),
        help_lines: names.help_lines_for("", names.is_delicate(&theme.slug)),
        icon: theme_icon(main),
        children: names
            .sub_themes(&theme.slug)
            .into_iter()
            .map(Tile::theme)
            .collect(),
        empty: steps.is_empty() && dossiers.is_empty() && questions.is_empty(),
        dossiers: dossiers.iter().map(Item::dossier).collect(),
        questions: questions.iter().map(Item::question).collect(),
        steps,
        all: QueryString::default()
            .with("thema", &theme.slug)
            .on(links::SEARCH),
        theme,
    })
}

/// Activities and organisations in the order of the steps; activities that come soonest first.
fn blocks(
    portal: &Portal,
    organisations: &[organisations::Card],
    activities: &[activities::Card],
) -> Vec<StepBlock> {
    let now = portal.clock.local();
    let everywhere = format!("Heel {}", portal.site().municipality);
    let items_of = |step: Step| {
        let mut soon: Vec<(Option<chrono::NaiveDateTime>, Item)> = activities
            .iter()
            .filter(|card| card.step == step && !card.is_over(now))
            .map(|card| {
                let next = card
                    .coming(now, chrono::NaiveDate::MAX, 1)
                    .first()
                    .map(|date| date.start);
                (next, Item::activity(card, now))
            })
            .collect();
        soon.sort_by_key(|(next, _)| (next.is_none(), *next));
        let mut fixed: Vec<&organisations::Card> = organisations
            .iter()
            .filter(|card| card.step == step)
            .collect();
        // Whom one can call stands before whom one cannot.
        fixed.sort_by_key(|card| card.phone.is_none());
        let fixed = fixed
            .into_iter()
            .map(|card| Item::organisation(card, &everywhere));
        interleave(
            soon.into_iter().map(|(_, item)| item).collect(),
            fixed.collect(),
        )
    };
    let names = portal.names();
    let blocks = names.steps.iter().map(|step| {
        let mut items = items_of(step.step);
        let more = items.len() > PER_STEP;
        items.truncate(PER_STEP);
        (step, items, more)
    });
    blocks
        .filter(|(_, items, _)| !items.is_empty())
        .enumerate()
        .map(|(i, (step, items, more))| StepBlock {
            number: i + 1,
            label: step.label.clone(),
            meaning: step.meaning.clone(),
            items,
            more,
        })
        .collect()
}

/// One of each in turn, so that a long list of activities does not hide who helps.
fn interleave(a: Vec<Item>, b: Vec<Item>) -> Vec<Item> {
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    let mut items = Vec::new();
    loop {
        match (a.next(), b.next()) {
            (None, None) => return items,
            (x, y) => items.extend(x.into_iter().chain(y)),
        }
    }
}
