//! What of a record enters the index: slices make it, the engine holds it.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::base::RecordKind;
use crate::base::geo::GeoPoint;

/// The searchable projection of one record.
#[allow(clippy::struct_excessive_bools)] // facts that have nothing to do with each other
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Document {
    /// Identity of the record; a later `Put` with the same id replaces this one.
    pub id: Uuid,
    /// Kind of record.
    pub kind: RecordKind,
    /// Slug of its page; unique within the kind.
    pub slug: String,
    /// Name or question; weighs most.
    pub title: String,
    /// The short text below the title.
    pub summary: String,
    /// All other text; weighs least.
    pub body: String,
    /// Search words of editors, and other names of the record itself.
    pub keywords: Vec<String>,
    /// Names of what it belongs to: organiser, place, zone.
    pub names: Vec<String>,
    /// In words: its kind, themes and audiences.
    pub labels: Vec<String>,
    /// Theme slugs, parents included: what filters count.
    pub themes: Vec<String>,
    /// What it is about, as narrow as the editors said: [`topic::theme`] without main themes,
    /// [`topic::dossier`].
    pub topics: Vec<String>,
    /// Zone slugs.
    pub zones: Vec<String>,
    /// It is there for the whole municipality; `zones` then holds all.
    pub everywhere: bool,
    /// It is no more; kept for who remembers it.
    pub past: bool,
    /// Audience slugs.
    pub audiences: Vec<String>,
    /// Slug of what sort of activity it is.
    pub sort: Option<String>,
    /// The languages that are spoken, as ISO 639-1 codes.
    pub languages: Vec<String>,
    /// Step of the ladder: `self`, `network`, `open` or `access`.
    pub step: Option<String>,
    /// Names what is nearly the same record: the same thing by the same people at other places or
    /// times. Of such only one stands among the first results.
    pub series: Option<String>,
    /// Day of the last check by a person.
    pub checked: Option<NaiveDate>,
    /// Where it is.
    pub point: Option<GeoPoint>,
    /// Costs nothing.
    pub free_of_charge: bool,
    /// Can be reached and used with a wheelchair.
    pub wheelchair: bool,
    /// What a list shows of it.
    pub card: Card,
}

/// The names of topics, by which records are related.
pub mod topic {
    /// A theme.
    #[must_use]
    pub fn theme(slug: &str) -> String {
        format!("theme:{slug}")
    }

    /// A dossier.
    #[must_use]
    pub fn dossier(slug: &str) -> String {
        format!("dossier:{slug}")
    }
}

/// A record as it stands in a list of results: everything the page needs, so that a search
/// never asks the database.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Card {
    /// Title as shown.
    pub title: String,
    /// Summary as shown.
    pub summary: String,
    /// Name of the place, if any.
    pub place: Option<String>,
    /// Names of zones to show.
    pub zones: Vec<String>,
    /// Telephone number as shown.
    pub phone: Option<String>,
    /// Cost in words.
    pub cost: Option<String>,
    /// Wheelchair sign.
    pub wheelchair: bool,
    /// When, in words: "elke dinsdag".
    pub rhythm: Option<String>,
    /// What is to be known beside the dates: "Alleen als het vriest".
    pub note: Option<String>,
    /// Next dates in order, also those that do not go on.
    pub coming: Vec<Moment>,
}

/// A date on a card, on the wall clock of Europe/Amsterdam.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Moment {
    /// When it starts.
    pub start: NaiveDateTime,
    /// When it ends, where that is known; of whole days the midnight after the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<NaiveDateTime>,
    /// Whole days: the hours say nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_day: bool,
    /// It does not go on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// What is different this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Moment {
    /// A date without an end, that goes on as always.
    #[must_use]
    pub fn at(start: NaiveDateTime) -> Self {
        Self {
            start,
            end: None,
            all_day: false,
            off: false,
            note: None,
        }
    }
}

impl Document {
    /// A record with a title and a text, and a card of both; the rest is to be added.
    #[must_use]
    pub fn new(id: Uuid, kind: RecordKind, slug: String, title: String, summary: String) -> Self {
        Self {
            id,
            kind,
            slug,
            card: Card::plain(title.clone(), summary.clone()),
            title,
            summary,
            body: String::new(),
            keywords: Vec::new(),
            names: Vec::new(),
            labels: Vec::new(),
            themes: Vec::new(),
            topics: Vec::new(),
            zones: Vec::new(),
            everywhere: false,
            past: false,
            audiences: Vec::new(),
            sort: None,
            languages: Vec::new(),
            step: None,
            series: None,
            checked: None,
            point: None,
            free_of_charge: false,
            wheelchair: false,
        }
    }

    /// A hash of the whole content: equal content gives an equal digest on every run and
    /// machine, so that the index can be compared with the database without reading it all.
    #[must_use]
    pub fn digest(&self) -> u64 {
        // Plain strings, numbers and lists: serialising them cannot fail.
        let content = serde_json::to_vec(self).unwrap_or_default();
        digest(&content)
    }
}

/// Eight bytes of a SHA-256 as a number: the same on every run and machine.
#[must_use]
pub(super) fn digest(content: &[u8]) -> u64 {
    let hash = Sha256::digest(content);
    hash.iter()
        .take(8)
        .fold(0, |digest, byte| (digest << 8) | u64::from(*byte))
}

impl Card {
    /// A card of a title and a text, for records that have no place or date.
    #[must_use]
    pub fn plain(title: String, summary: String) -> Self {
        Self {
            title,
            summary,
            place: None,
            zones: Vec::new(),
            phone: None,
            cost: None,
            wheelchair: false,
            rhythm: None,
            note: None,
            coming: Vec::new(),
        }
    }
}
