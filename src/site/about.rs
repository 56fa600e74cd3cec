use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::links;
use super::page::Page;
use super::portal::{Portal, html};
use crate::catalogue::words::HelpLine;
use crate::web::{Error, Policy};

pub const CACHE: Policy = Policy::page(&[]);

#[derive(Template)]
#[template(path = "site/about/help.html")]
struct Help {
    page: Page,
    help_lines: Vec<HelpLine>,
}

#[derive(Template)]
#[template(path = "site/about/about.html")]
struct About {
    page: Page,
}

#[derive(Template)]
#[template(path = "site/about/privacy.html")]
struct Privacy {
    page: Page,
}

#[derive(Template)]
#[template(path = "site/about/accessibility.html")]
struct Accessibility {
    page: Page,
}

/// Other ways to get help. Needs no database: it must be there when all else is away.
pub async fn help(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    html(&Help {
        page: portal
            .page(links::HELP, "Hulp nodig?")
            .describe("Bel, mail of loop binnen. En nummers voor als het niet kan wachten."),
        help_lines: portal.names().help_lines.clone(),
    })
}

pub async fn about(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    let name = portal.site().name.clone();
    html(&About {
        page: portal.page(links::ABOUT, format!("Over {name}")).describe(
            "Wat deze site is, wat erop staat en wat niet, en waar de gegevens vandaan komen.",
        ),
    })
}

pub async fn privacy(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    html(&Privacy {
        page: portal
            .page(links::PRIVACY, "Privacy")
            .describe("Deze site gebruikt geen cookies en bewaart niet wie u bent."),
    })
}

pub async fn accessibility(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    html(&Accessibility {
        page: portal
            .page(links::ACCESSIBILITY, "Toegankelijkheid")
            .describe("Hoe wij zorgen dat iedereen deze site kan gebruiken, en wat u kunt doen als iets niet lukt."),
    })
}
