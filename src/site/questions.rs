use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::items::{Item, Tile};
use super::page::Page;
use super::portal::{Conn, Portal, html};
use super::record::Checked;
use super::{dossiers::crumbs, json_ld, links};
use crate::access::Viewer;
use crate::base::{RecordKind, Slug};
use crate::catalogue::dossiers::{Faq, faq_store};
use crate::catalogue::words::HelpLine;
use crate::prose;
use crate::web::{Error, Policy, Segment};

pub const CACHE: Policy = Policy::page(&[]);

/// Far more than a person asks; the list is by theme.
const ALL: i64 = 1_000;
const RELATED: usize = 6;

/// The questions about one main theme.
struct Group {
    theme: Tile,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "site/questions/list.html")]
struct List {
    page: Page,
    groups: Vec<Group>,
}

pub async fn list(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    let mut conn = portal.connection().await?;
    let cards = faq_store::cards(&mut conn, Viewer::Public, None, None, ALL).await?;
    drop(conn);
    let names = portal.names();
    let main_of = |slug: &str| {
        names
            .theme(slug)
            .and_then(|t| t.parent.clone())
            .unwrap_or_else(|| slug.to_owned())
    };
    let groups = names.top_themes().into_iter().map(|theme| Group {
        theme: Tile::theme(theme),
        items: cards
            .iter()
            .filter(|card| main_of(&card.theme.slug) == theme.slug)
            .map(Item::question)
            .collect(),
    });
    html(&List {
        page: portal
            .page(links::QUESTIONS, "Veelgestelde vragen")
            .describe("Vragen die mensen vaak stellen over wonen, zorg, geld, werk en opvoeden, met een kort antwoord."),
        groups: groups.filter(|group| !group.items.is_empty()).collect(),
    })
}

#[derive(Template)]
#[template(path = "site/questions/show.html")]
struct Show {
    page: Page,
    /// Numbers for when it cannot wait.
    help_lines: Vec<HelpLine>,
    faq: Faq,
    dossier: Option<(String, String)>,
    related: Vec<Item>,
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
    let Some(faq) = faq_store::profile(&mut conn, Viewer::Public, slug).await? else {
        return Err(portal.missing(&mut conn, RecordKind::Faq, slug).await);
    };
    let cards = faq_store::cards(&mut conn, Viewer::Public, None, None, ALL).await?;
    drop(conn);
    let names = portal.names();
    let answer = prose::plain(&faq.answer);
    let same = cards
        .iter()
        .filter(|card| card.theme == faq.theme && card.slug != faq.slug);
    html(&Show {
        page: portal
            .page(links::record(RecordKind::Faq, &faq.slug), &faq.question)
            .describe(&answer)
            .below(crumbs(&faq.main_theme, &faq.theme))
            .delicate(names.is_delicate(&faq.theme.slug))
            .data(&json_ld::question(&faq.question, &answer)),
        help_lines: names.help_lines_for(&answer, names.is_delicate(&faq.theme.slug)),
        dossier: faq
            .dossier
            .as_ref()
            .map(|d| (links::record(RecordKind::Dossier, &d.slug), d.name.clone())),
        related: same.take(RELATED).map(Item::question).collect(),
        checked: Checked::own(
            &portal.site(),
            faq.checked_at,
            (RecordKind::Faq, &faq.slug, &faq.question),
        ),
        faq,
    })
}
