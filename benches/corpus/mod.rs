//! Records like those of a social map, as many as a benchmark asks for.
//!
//! Record `n` is computed from the seed and `n` alone: nothing is kept, so a million records
//! cost no memory, and any part can be made anew. Titles and sentences come from the tables
//! beside this module; municipalities, zones, streets, organisations and places are invented,
//! and no person has a name. The tables hold some sixty subjects from common to rare; compounds
//! made of parts (buurt + zang + middag) keep the vocabulary growing as it does in real text.

// A benchmark may take what it needs from a module that tests and other benchmarks share.
#![allow(dead_code)]
// Draws turn fractions into indexes; all are far below the limits of the types.
#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::match_bool,
    clippy::wildcard_imports
)]

mod compose;
mod moment;
mod random;
mod tables;
// A benchmark compiles these as well, and runs none.
#[cfg(test)]
#[allow(unused_imports)]
mod tests;
mod text;
mod world;

use world::World;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Organisation,
    Activity,
    Place,
    Faq,
    Dossier,
}

impl Kind {
    /// The kind of each of the 200 slots of a cell: 15, 70, 8, 4 and 3 percent.
    fn of_slot(slot: u64) -> Self {
        match slot {
            0..30 => Self::Organisation,
            30..170 => Self::Activity,
            170..186 => Self::Place,
            186..194 => Self::Faq,
            _ => Self::Dossier,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub number: u64,
    pub kind: Kind,
    /// Ends with the number, so it is unique.
    pub slug: String,
    pub title: String,
    /// Of 15 to 50 words.
    pub summary: String,
    /// Of at most 150 words; may be empty.
    pub body: String,
    pub keywords: Vec<String>,
    /// A slug of `themes.csv`, below `main_theme`.
    pub theme: &'static str,
    pub main_theme: &'static str,
    pub municipality: String,
    /// A slug that is unique among all municipalities; none for what serves all zones.
    pub zone: Option<String>,
    pub zone_name: Option<String>,
    /// Slugs of `audiences.csv`.
    pub audiences: Vec<&'static str>,
    /// `self`, `network`, `open` or `access`; only for organisations and activities.
    pub step: Option<&'static str>,
    /// The name of the organisation of an activity, which is record `organisation_number`:
    /// one of the same 200 records or earlier.
    pub organisation: Option<String>,
    pub organisation_number: Option<u64>,
    /// As with the organisation.
    pub place: Option<String>,
    pub place_number: Option<u64>,
    /// Street and house number of a place.
    pub street: Option<String>,
    pub cost_cents: Option<u32>,
    pub wheelchair: bool,
    pub lat: f64,
    pub lon: f64,
    pub checked_days_ago: u16,
    /// Days after the epoch, Monday 1 June 2026, below 365; and the minute of the day.
    pub start: Option<(u16, u16)>,
    /// Absent for what is held once. The start is always its first occurrence.
    pub rrule: Option<String>,
}

pub struct Corpus {
    world: World,
}

impl Corpus {
    pub fn new(seed: u64) -> Self {
        Self {
            world: World::new(seed),
        }
    }

    pub fn record(&self, number: u64) -> Record {
        compose::record(&self.world, number)
    }
}

/// What people type, from common to rare: words of residents and of the trade, typing errors,
/// compounds and their parts, whole questions, and words with a zone.
pub fn queries() -> &'static [&'static str] {
    &[
        "koffie",
        "wandelen",
        "taalles",
        "mantelzorg",
        "schulden",
        "samen eten",
        "eenzaam",
        "vrijwilliger worden",
        "sporten voor ouderen",
        "computer",
        "hulp bij formulieren",
        "huishoudelijke hulp",
        "taalcafé vogelbuurt",
        "kinderen",
        "dementie",
        "koor",
        "hulp in de tuin",
        "matelzorg",
        "voedselbank centrum",
        "ik kan mijn rekeningen niet betalen",
        "schuldhulpverlening",
        "steunkousen",
        "taalmaatje",
        "vervoer naar ziekenhuis",
        "repair cafe",
        "autisme ouders",
        "rolator lenen",
        "buurt moestuin",
        "wie helpt mij met digid",
        "rouwgroep bloemenwijk",
        "onafhankelijke cliëntondersteuner",
        "gokverslaving zoon",
        "scootmobiel aanvragen",
        "traplift",
        "ringleiding",
        "tolk tigrinya",
        "klaverjassen molenwijk",
        "persoonsgebonden budjet",
        "pompoensoep",
        "vrouwenfietscoach",
    ]
}
