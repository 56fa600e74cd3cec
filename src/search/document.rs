//! What of a record enters the index: slices make it, the engine holds it.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::base::RecordKind;

/// The searchable projection of one record.
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
    /// Search words of editors, and names that belong to the record (organiser, place).
    pub keywords: Vec<String>,
    /// Theme slugs, parents included.
    pub themes: Vec<String>,
    /// Zone slugs.
    pub zones: Vec<String>,
    /// Audience slugs.
    pub audiences: Vec<String>,
    /// Step of the ladder: `self`, `network`, `open` or `access`.
    pub step: Option<String>,
    /// Costs nothing.
    pub free_of_charge: bool,
    /// Can be reached and used with a wheelchair.
    pub wheelchair: bool,
    /// What a list shows of it.
    pub card: Card,
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
    /// Next dates, wall clock in Europe/Amsterdam.
    pub coming: Vec<NaiveDateTime>,
}

impl Document {
    /// A hash of the whole content: equal content gives an equal digest on every run and
    /// machine, so that the index can be compared with the database without reading it all.
    #[must_use]
    pub fn digest(&self) -> u64 {
        // Plain strings, numbers and lists: serialising them cannot fail.
        let content = serde_json::to_vec(self).unwrap_or_default();
        let hash = Sha256::digest(&content);
        hash.iter()
            .take(8)
            .fold(0, |digest, byte| (digest << 8) | u64::from(*byte))
    }
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
