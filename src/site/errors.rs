//! What a visitor sees when something goes wrong: one kind sentence and a way on.

use askama::Template;
use chrono::{DateTime, Timelike};
use chrono_tz::Tz;

use super::items::Tile;
use super::page::Page;
use super::portal::Portal;
use crate::base::dutch;
use crate::catalogue::words::HelpLine;
use crate::web::{Asked, Fault, FaultKind};

#[derive(Template)]
#[template(path = "errors/fault.html")]
struct FaultPage {
    page: Page,
    heading: &'static str,
    text: &'static str,
    reference: Option<String>,
    /// What was asked for, as words to search with.
    words: String,
    themes: Vec<Tile>,
    help_lines: Vec<HelpLine>,
}

/// The page for a fault.
#[must_use]
pub fn page(portal: &Portal, fault: &Fault, asked: &Asked) -> String {
    let (heading, text) = words(fault);
    let names = portal.names();
    let mut page = portal.page(asked.uri.path(), heading);
    page.hidden = true;
    page.search_in_header = false;
    let away = fault.kind == FaultKind::DatabaseAway;
    FaultPage {
        page,
        heading,
        text,
        reference: fault.reference.clone(),
        words: if fault.status.as_u16() == 404 {
            guess(asked.uri.path())
        } else {
            String::new()
        },
        themes: names.top_themes().into_iter().map(Tile::theme).collect(),
        help_lines: if away {
            names.help_lines.clone()
        } else {
            Vec::new()
        },
    }
    .render()
    .unwrap_or_else(|_| format!("{heading}. {text}"))
}

fn words(fault: &Fault) -> (&'static str, &'static str) {
    match (fault.kind, fault.status.as_u16()) {
        (FaultKind::DatabaseAway, _) => (
            "Deze pagina is er nu even niet",
            "Wij kunnen de gegevens nu niet ophalen. Probeer het over een paar minuten opnieuw, of bel.",
        ),
        (FaultKind::Overloaded, _) => (
            "Het is nu te druk",
            "Veel mensen kijken tegelijk. Probeer het over een minuut opnieuw, of bel.",
        ),
        (_, 404 | 410) => (
            "Deze pagina bestaat niet",
            "Misschien is de pagina verhuisd, of is het adres niet goed getypt. Zoek hieronder wat u nodig hebt.",
        ),
        (_, 400..=499) => (
            "Dit begrijpen wij niet",
            "Er klopt iets niet aan het adres van deze pagina. Zoek hieronder wat u nodig hebt.",
        ),
        _ => (
            "Er ging bij ons iets mis",
            "Dit ligt niet aan u. Probeer het opnieuw, of bel. Noem dan het nummer hieronder.",
        ),
    }
}

/// The last part of an unknown address as words: an old link often still says what it was about.
fn guess(path: &str) -> String {
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let last = last.split('.').next().unwrap_or_default();
    let words: Vec<&str> = last
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2 && word.chars().all(char::is_alphabetic))
        .take(4)
        .collect();
    words.join(" ")
}

/// The line above a page that is from before the database went away.
#[must_use]
pub fn stale_note(at: DateTime<Tz>) -> String {
    let day = dutch::day(at.date_naive());
    format!(
        "<div class=\"wijzer-bar wijzer-bar--warning\" role=\"status\"><div class=\"wijzer-container\">\
         <p>Wij kunnen nu geen nieuwe gegevens ophalen. U ziet de gegevens van {day}, {}.{:02} uur.</p></div></div>",
        at.hour(),
        at.minute()
    )
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn an_old_address_becomes_a_search() {
        assert_eq!(
            guess("/dossier/hulp-bij-schulden.html"),
            "hulp bij schulden"
        );
        assert_eq!(guess("/wp-login.php"), "login");
        assert_eq!(guess("/a/12345"), "");
        assert_eq!(guess("/"), "");
    }
}
