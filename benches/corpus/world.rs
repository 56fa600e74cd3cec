//! The invented country behind the records: municipalities, zones, streets, organisations and
//! places, each computed from its number alone.
//!
//! Records come in cells of 200, each cell of one municipality. Cell `t` belongs to a
//! municipality as in Cantor's triangle, so that the number of municipalities grows with the
//! root of the number of records, the first ones are the largest, and an activity can name an
//! organisation of its own municipality that is surely a record of the same or an earlier cell.

use super::random::Random;
use super::tables::{PlaceKind, Subject, Tables, compound};
use super::text::{Scene, slugify};

const CELL: u64 = 200;
/// Mixes the kinds within a cell: `slot = position * MIX % CELL`, and back with `UNMIX`.
const MIX: u64 = 77;
const UNMIX: u64 = 13;
const ORGANISATIONS: u64 = 30;
const FIRST_PLACE: u64 = 170;
/// The kinds of the places of one cell, in order.
const PLACES: [&str; 16] = [
    "buurt", "bieb", "sport", "kerk", "buurt", "zorg", "bad", "buiten", "school", "buurt", "kerk",
    "sport", "buurt", "zorg", "buiten", "buurt",
];

const MUNICIPALITY: u64 = 1;
const ZONE: u64 = 2;
const STREET: u64 = 3;
const ORGANISATION: u64 = 4;
const PLACE: u64 = 5;

/// Where a record stands: its municipality, and how many cells of that municipality came before.
#[derive(Clone, Copy)]
pub struct Cell {
    pub municipality: u64,
    layer: u64,
}

impl Cell {
    pub fn of(number: u64) -> (Self, u64) {
        let (cell, position) = (number / CELL, number % CELL);
        let mut row = (((8.0 * cell as f64 + 1.0).sqrt() - 1.0) / 2.0) as u64;
        while row * (row + 1) / 2 > cell {
            row -= 1;
        }
        while (row + 1) * (row + 2) / 2 <= cell {
            row += 1;
        }
        let municipality = cell - row * (row + 1) / 2;
        let layer = row - municipality;
        let slot = position * MIX % CELL;
        (
            Self {
                municipality,
                layer,
            },
            slot,
        )
    }

    /// The number of the record in this cell's slot.
    fn number(self, slot: u64) -> u64 {
        let row = self.municipality + self.layer;
        (row * (row + 1) / 2 + self.municipality) * CELL + slot * UNMIX % CELL
    }

    /// This cell or an earlier one of the municipality: the earliest are the best known.
    fn earlier(self, random: &mut Random) -> Self {
        let layer = random.skewed(self.layer as usize + 1) as u64;
        Self { layer, ..self }
    }
}

#[derive(Clone)]
pub struct Zone {
    pub name: String,
    pub slug: String,
    article: &'static str,
    pub lat: f64,
    pub lon: f64,
}

impl Zone {
    /// As in "de Vogelbuurt", but "Elderloo".
    pub fn with_article(&self) -> String {
        [self.article, &self.name].concat()
    }
}

pub struct Organisation<'a> {
    pub number: u64,
    pub subject: &'a Subject,
    pub name: String,
    pub zone: Option<Zone>,
}

pub struct Place<'a> {
    pub number: u64,
    pub kind: &'a PlaceKind,
    pub name: String,
    pub zone: Zone,
    pub street: String,
    pub wheelchair: bool,
}

pub struct World {
    pub tables: Tables,
    seed: u64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let tables = Tables::read();
        Self { tables, seed }
    }

    pub fn random(&self, stream: u64, number: u64) -> Random {
        Random::of(self.seed, stream, number)
    }

    /// A name that no other municipality has, until all are given out.
    pub fn municipality(&self, number: u64) -> String {
        // A prime that divides no product of the lists, so that the steps pass all pairs.
        self.settlement(number.wrapping_mul(7919).wrapping_add(self.seed % 1000))
    }

    /// The name of some village, for sentences about the surroundings.
    pub fn village(&self, random: &mut Random) -> String {
        self.settlement(random.below(1 << 30) as u64)
    }

    fn settlement(&self, index: u64) -> String {
        let first = self.tables.list("gemeentevoor");
        let last = self.tables.list("gemeenteachter");
        let index = (index % (first.len() * last.len()) as u64) as usize;
        [&*first[index / last.len()], &*last[index % last.len()]].concat()
    }

    /// One of the municipality's zones; the centre is the most common.
    pub fn zone(&self, municipality: u64, random: &mut Random) -> Zone {
        let count = 6 + self.random(MUNICIPALITY, municipality).below(14);
        self.zone_at(municipality, random.skewed(count) as u64)
    }

    fn zone_at(&self, municipality: u64, index: u64) -> Zone {
        let mut random = self.random(ZONE, municipality * 100 + index);
        let (article, name) = match index {
            0 => ("het ", "Centrum".to_owned()),
            1 | 4 | 7 | 10 => ("", self.village(&mut random)),
            _ => self.quarter(municipality, index, &mut random),
        };
        let (lat, lon) = self.middle(municipality);
        Zone {
            slug: slugify(&format!("{name} {}", self.municipality(municipality))),
            name,
            article,
            lat: lat + (random.share() - 0.5) * 0.08,
            lon: lon + (random.share() - 0.5) * 0.12,
        }
    }

    fn quarter(
        &self,
        municipality: u64,
        index: u64,
        random: &mut Random,
    ) -> (&'static str, String) {
        let stems = self.tables.list("zonestem");
        let shift = self.random(MUNICIPALITY, municipality).below(stems.len());
        let stem = &stems[(shift + index as usize * 5) % stems.len()];
        let kind = random.pick_skewed(self.tables.list("zonetype"));
        let article = match kind.as_str() {
            "buurt" | "wijk" => "de ",
            _ => "het ",
        };
        (article, compound(stem, kind))
    }

    /// Somewhere on Dutch land, more or less.
    pub fn middle(&self, municipality: u64) -> (f64, f64) {
        let mut random = self.random(MUNICIPALITY, municipality + 1_000_000);
        (51.4 + random.share() * 1.8, 5.0 + random.share() * 1.7)
    }

    /// One of the municipality's streets.
    pub fn street(&self, municipality: u64, random: &mut Random) -> String {
        let index = random.below(600) as u64;
        let mut random = self.random(STREET, municipality * 1000 + index);
        let stem = random.pick_skewed(self.tables.list("straatstem"));
        let kind = random.pick_skewed(self.tables.list("straattype"));
        if random.chance(0.6) {
            return compound(stem, kind);
        }
        let middle = random.pick_skewed(self.tables.list("straatmidden"));
        let kind = if middle == kind { "straat" } else { kind };
        compound(&compound(stem, middle), kind)
    }

    /// An organisation of the municipality that works on the subject, on its theme, or else the
    /// general welfare organisation, which is a record too.
    pub fn organisation_for(
        &self,
        cell: Cell,
        subject: &Subject,
        random: &mut Random,
    ) -> Organisation<'_> {
        let mut of_theme = None;
        for _ in 0..3 {
            let at = cell.earlier(random);
            let first = random.below(ORGANISATIONS as usize) as u64;
            for step in 0..ORGANISATIONS {
                let number = at.number((first + step) % ORGANISATIONS);
                let other = self.subject_of(number);
                if std::ptr::eq(other, subject) {
                    return self.organisation(number);
                }
                if other.theme == subject.theme {
                    of_theme = of_theme.or(Some(number));
                }
            }
        }
        let welfare = Cell { layer: 0, ..cell }.number(0);
        self.organisation(of_theme.unwrap_or(welfare))
    }

    /// Any organisation of the municipality.
    pub fn some_organisation(&self, cell: Cell, random: &mut Random) -> String {
        let slot = random.below(ORGANISATIONS as usize) as u64;
        self.organisation(cell.earlier(random).number(slot)).name
    }

    fn subject_of(&self, number: u64) -> &Subject {
        let mut random = self.random(ORGANISATION, number);
        random.pick_skewed(&self.tables.subjects)
    }

    pub fn organisation(&self, number: u64) -> Organisation<'_> {
        let (cell, slot) = Cell::of(number);
        let mut random = self.random(ORGANISATION, number);
        let mut subject = random.pick_skewed(&self.tables.subjects);
        let mut pattern = *random.pick(&subject.names);
        if slot == 0 && cell.layer == 0 {
            pattern = "Stichting Welzijn {gemeente}";
            let welfare = |other: &&Subject| other.names.contains(&pattern);
            subject = (self.tables.subjects.iter())
                .find(welfare)
                .unwrap_or(subject);
        }
        let local = pattern.contains("{wijk}") || random.chance(0.4);
        let zone = local.then(|| self.zone(cell.municipality, &mut random));
        let scene = Scene::new(self, cell).with_zone(zone.clone());
        let mut name = scene.expand(pattern, &mut random);
        if pattern.contains("{club}") && random.chance(0.6) {
            name = format!("{name} {}", self.municipality(cell.municipality));
        }
        Organisation {
            number,
            subject,
            name,
            zone,
        }
    }

    /// A place of the municipality that is of one of the kinds; none where nothing fits.
    pub fn place_for(&self, cell: Cell, kinds: &[&str], random: &mut Random) -> Option<Place<'_>> {
        let at = cell.earlier(random);
        let first = random.below(PLACES.len());
        (0..PLACES.len())
            .map(|step| (first + step) % PLACES.len())
            .find(|&place| kinds.contains(&PLACES[place]))
            .map(|place| self.place(at.number(FIRST_PLACE + place as u64)))
    }

    pub fn place(&self, number: u64) -> Place<'_> {
        let (cell, slot) = Cell::of(number);
        let mut random = self.random(PLACE, number);
        let slug = PLACES[slot.saturating_sub(FIRST_PLACE) as usize % PLACES.len()];
        let known = self.tables.places.iter().find(|kind| kind.slug == slug);
        let kind = known.unwrap_or(&self.tables.places[0]);
        let zone = self.zone(cell.municipality, &mut random);
        let scene = Scene::new(self, cell).with_zone(Some(zone.clone()));
        let pattern = *random.pick(&kind.names);
        let name = scene.expand(pattern, &mut random);
        let house = random.below(180) + 1;
        Place {
            number,
            kind,
            name,
            zone,
            street: format!("{} {house}", self.street(cell.municipality, &mut random)),
            wheelchair: random.chance(0.75),
        }
    }
}
