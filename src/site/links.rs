//! Every address of the site, written once: routes, cards, redirects and the sitemap use these.

use crate::base::RecordKind;
use crate::catalogue::pictures::SizeName;

pub const HOME: &str = "/";
pub const SEARCH: &str = "/zoeken";
pub const SUGGESTIONS: &str = "/zoeken/suggesties";
pub const THEMES: &str = "/themas";
pub const ZONES: &str = "/wijken";
pub const AGENDA: &str = "/agenda";
pub const ORGANISATIONS: &str = "/organisaties";
pub const ACTIVITIES: &str = "/activiteiten";
pub const PLACES: &str = "/plekken";
pub const DOSSIERS: &str = "/dossiers";
pub const QUESTIONS: &str = "/vragen";
pub const HELP: &str = "/hulp";
pub const ABOUT: &str = "/over";
pub const PRIVACY: &str = "/privacy";
pub const ACCESSIBILITY: &str = "/toegankelijkheid";
pub const OPENSEARCH: &str = "/opensearch.xml";
pub const SITEMAP: &str = "/sitemap.xml";

/// The main navigation, in order.
pub const MAIN: [(&str, &str); 5] = [
    (THEMES, "Thema’s"),
    (ZONES, "Wijken en dorpen"),
    (AGENDA, "Agenda"),
    (ORGANISATIONS, "Organisaties"),
    (QUESTIONS, "Veelgestelde vragen"),
];

/// Ways to find something, in the footer.
pub const FIND: [(&str, &str); 7] = [
    (THEMES, "Thema’s"),
    (DOSSIERS, "Dossiers"),
    (ZONES, "Wijken en dorpen"),
    (AGENDA, "Agenda"),
    (PLACES, "Plekken"),
    (ORGANISATIONS, "Organisaties"),
    (QUESTIONS, "Veelgestelde vragen"),
];

/// About the site itself, in the footer.
pub const ABOUT_US: [(&str, &str); 4] = [
    (ABOUT, "Over deze site"),
    (HELP, "Hulp nodig?"),
    (PRIVACY, "Privacy"),
    (ACCESSIBILITY, "Toegankelijkheid"),
];

/// One size of a photo.
#[must_use]
pub fn photo(size: &SizeName) -> String {
    format!("/foto/{size}")
}

/// The page of a record.
#[must_use]
pub fn record(kind: RecordKind, slug: &str) -> String {
    format!("{}/{slug}", family(kind))
}

/// The first part of the address of a kind of record.
#[must_use]
pub fn family(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Organisation => ORGANISATIONS,
        RecordKind::Activity => ACTIVITIES,
        RecordKind::Place => PLACES,
        RecordKind::Dossier => DOSSIERS,
        RecordKind::Faq => QUESTIONS,
        RecordKind::Theme => THEMES,
        RecordKind::Zone => ZONES,
    }
}

/// What an address ends with that gives a calendar instead of a page.
pub const CALENDAR: &str = ".ics";

/// The calendar of an activity.
#[must_use]
pub fn calendar_of(activity: &str) -> String {
    format!("{}{CALENDAR}", record(RecordKind::Activity, activity))
}

/// The address by which a calendar is followed instead of copied once, so that what changes here
/// changes there: programs for calendars know it by its scheme. `base` is that of the site.
#[must_use]
pub fn subscription(base: &str, calendar: &str) -> String {
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    format!("webcal://{host}{calendar}")
}

/// What an address ends with that gives news of an agenda instead of a page.
pub const FEED: &str = ".atom";
/// The month of an agenda, behind its address.
pub const MONTH: &str = "/maand";
/// The week of an agenda on paper, behind its address.
pub const WEEK: &str = "/week";

/// The agenda of everything, or of one zone.
#[must_use]
pub fn agenda(zone: Option<&str>) -> String {
    match zone {
        Some(zone) => format!("{ZONES}/{zone}{AGENDA}"),
        None => AGENDA.to_owned(),
    }
}

/// The page of a zone.
#[must_use]
pub fn zone(slug: &str) -> String {
    record(RecordKind::Zone, slug)
}

/// The page of a theme.
#[must_use]
pub fn theme(slug: &str) -> String {
    record(RecordKind::Theme, slug)
}
