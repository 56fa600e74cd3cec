//! What someone in the admin area sees when something goes wrong.

use askama::Template;

use super::links;
use super::office::Office;
use super::page::Page;
use crate::web::{Asked, Fault, FaultKind};

#[derive(Template)]
#[template(path = "admin/fault.html")]
struct FaultPage {
    page: Page,
    text: &'static str,
    reference: Option<String>,
    back: &'static str,
}

/// The page for a fault. Who asks is not looked up: the database may be what is wrong.
#[must_use]
pub fn page(office: &Office, fault: &Fault, asked: &Asked) -> String {
    let (heading, text) = words(fault);
    FaultPage {
        page: office.page(None, asked.uri.path(), heading),
        text,
        reference: fault.reference.clone(),
        back: links::DESK,
    }
    .render()
    .unwrap_or_else(|_| format!("{heading}. {text}"))
}

fn words(fault: &Fault) -> (&'static str, &'static str) {
    match (fault.kind, fault.status.as_u16()) {
        (FaultKind::DatabaseAway, _) => (
            "Het beheer is nu even niet bereikbaar",
            "De gegevens zijn nu niet bereikbaar. Vulde u net iets in? Ga dan met de terugknop van uw browser terug. Wacht een minuut en probeer het opnieuw.",
        ),
        (FaultKind::Overloaded, _) => ("Het is nu te druk", "Probeer het over een minuut opnieuw."),
        (_, 403) => (
            "Dit mag u niet",
            "Met uw rol kunt u deze pagina niet gebruiken. Klopt dat niet? Vraag het aan een beheerder.",
        ),
        (_, 404 | 405 | 410) => (
            "Deze pagina bestaat niet",
            "Misschien is wat u zoekt verwijderd of verplaatst.",
        ),
        (_, 413) => (
            "Dit is te groot",
            "Een foto mag 10 MB groot zijn, een tabel 8 MB. Ga met de terugknop van uw browser terug en kies een kleiner bestand.",
        ),
        (_, 400..=499) => (
            "Dit begrijpen wij niet",
            "Er klopt iets niet aan wat uw browser stuurde. Ga terug en probeer het opnieuw.",
        ),
        _ => (
            "Er ging iets mis",
            "Dit ligt niet aan u. Probeer het opnieuw. Gebeurt het weer? Geef dan het nummer hieronder door aan de beheerder.",
        ),
    }
}
