//! What lifts or lowers a hit beside its words: kind, step of the ladder, check, dates, place.
//!
//! All of it is a factor near 1 on the text score, so that relevance decides and the rest
//! chooses among equals: a strict order by step would cost a tenth of the nDCG.

use chrono::NaiveDateTime;
use tantivy::DocId;

use super::columns::{Columns, EVERYWHERE, Group, MAIN, PAST, STEPS};
use super::moments;
use super::ranking::Ranking;
use super::request::Order;
use super::schema::kind_index;
use super::snapshot::Snapshot;
use crate::base::RecordKind;
use crate::base::geo::GeoPoint;

/// Kilometres per degree of latitude.
const KM_PER_DEGREE: f32 = 111.2;
/// A score holds whole minutes since this day until 2051.
const FIRST_YEAR: i32 = 2020;

/// How the records of one search are put in order.
pub struct Blend {
    order: Order,
    kinds: [f32; RecordKind::ALL.len()],
    main_theme: f32,
    past: f32,
    steps: [f32; STEPS.len() + 1],
    fresh: f32,
    soon: f32,
    /// Days and minutes since 1970; 0 when the time is unknown: then nothing is fresh or soon.
    today: u32,
    now: u32,
    zones: Option<Zones>,
}

/// How something is asked.
#[derive(Clone, Copy, Default, Debug)]
pub struct Mood {
    /// For something to do.
    pub agenda: bool,
    /// In a whole sentence.
    pub sentence: bool,
    /// By nothing but a place.
    pub place_only: bool,
}

/// The zones of a search, by number.
struct Zones {
    own: Vec<usize>,
    everywhere: f32,
    neighbour: f32,
}

impl Blend {
    /// For a time and an order, and a search whose zones are `own`; records of other zones that
    /// pass the filter are from around it.
    #[must_use]
    pub fn new(
        (clock, order): (Option<NaiveDateTime>, Order),
        own: &[String],
        mood: Mood,
        (snapshot, r): (&Snapshot, &Ranking),
    ) -> Self {
        let agenda = if mood.agenda { r.agenda } else { 1.0 };
        let zone_page = if mood.place_only { r.zone_page } else { 1.0 };
        let sentence = if mood.sentence { r.sentence } else { 1.0 };
        let mut kinds = [1.0; RecordKind::ALL.len()];
        for (kind, weight) in [
            (RecordKind::Organisation, r.kind_organisation),
            (RecordKind::Activity, r.kind_activity * agenda),
            (RecordKind::Place, r.kind_place),
            (RecordKind::Dossier, r.kind_dossier * sentence),
            (RecordKind::Faq, r.kind_faq * sentence),
            (RecordKind::Theme, r.kind_theme),
            (RecordKind::Zone, r.kind_zone * zone_page),
        ] {
            kinds[kind_index(kind)] = weight;
        }
        let names = &snapshot.names.groups[Group::Zones as usize];
        let number = |minute: i64| u32::try_from(minute).unwrap_or_default();
        Self {
            order,
            kinds,
            main_theme: r.main_theme,
            past: r.past,
            steps: [r.step_self, r.step_network, r.step_open, 0.0, 0.0],
            fresh: r.fresh,
            soon: r.soon,
            today: clock.map_or(0, |now| number(moments::day(now.date()))),
            now: clock.map_or(0, |now| number(moments::minute(now))),
            zones: (!own.is_empty()).then(|| Zones {
                own: own.iter().filter_map(|zone| names.find(zone)).collect(),
                everywhere: r.everywhere,
                neighbour: r.neighbour,
            }),
        }
    }

    /// The text score alone.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            order: Order::Relevance,
            kinds: [1.0; RecordKind::ALL.len()],
            main_theme: 1.0,
            past: 1.0,
            steps: [0.0; STEPS.len() + 1],
            fresh: 0.0,
            soon: 0.0,
            today: 0,
            now: 0,
            zones: None,
        }
    }

    /// The value by which a record stands in its place: higher first.
    #[must_use]
    pub fn value(&self, columns: &Columns, doc: DocId, score: f32) -> f32 {
        match self.order {
            Order::Relevance => score * self.factor(columns, doc),
            Order::Name => 0.0,
            Order::Date => -self.minutes_until(columns, doc),
            Order::Distance(from) => -distance(columns, doc, from),
        }
    }

    fn factor(&self, columns: &Columns, doc: DocId) -> f32 {
        let at = doc as usize;
        let mut more = self.steps[columns.steps[at] as usize];
        let checked = columns.checked[at];
        if checked > 0 && self.today > 0 {
            more += self.fresh / (1.0 + years(self.today.saturating_sub(checked)));
        }
        if self.now > 0
            && let Some(next) = self.next(columns, doc)
        {
            more += self.soon / (1.0 + weeks(next - self.now));
        }
        let kind = if columns.flags[at] & MAIN == 0 {
            self.kinds[columns.kinds[at] as usize]
        } else {
            self.main_theme
        };
        let past = if columns.flags[at] & PAST == 0 {
            1.0
        } else {
            self.past
        };
        kind * past * (1.0 + more) * self.zone(columns, doc)
    }

    fn zone(&self, columns: &Columns, doc: DocId) -> f32 {
        let Some(zones) = &self.zones else {
            return 1.0;
        };
        let of = columns.lists[Group::Zones as usize].of(doc);
        if !of.iter().any(|zone| zones.own.contains(&(*zone as usize))) {
            zones.neighbour
        } else if columns.flags[doc as usize] & EVERYWHERE != 0 {
            zones.everywhere
        } else {
            1.0
        }
    }

    fn next(&self, columns: &Columns, doc: DocId) -> Option<u32> {
        let mut coming = columns.coming.of(doc).iter().copied();
        coming.find(|minute| *minute > self.now)
    }

    /// Records without a coming date stand last.
    #[allow(clippy::cast_precision_loss)] // exact until 2051, see FIRST_YEAR
    fn minutes_until(&self, columns: &Columns, doc: DocId) -> f32 {
        let since = chrono::NaiveDate::from_yo_opt(FIRST_YEAR, 1).map_or(0, moments::midnight);
        self.next(columns, doc)
            .map_or(f32::MAX, |minute| (i64::from(minute) - since) as f32)
    }
}

#[allow(clippy::cast_precision_loss)]
fn years(days: u32) -> f32 {
    days as f32 / 365.0
}

#[allow(clippy::cast_precision_loss)]
fn weeks(minutes: u32) -> f32 {
    minutes as f32 / (7.0 * 24.0 * 60.0)
}

/// Kilometres as the crow flies, good to a percent within a country; records without a point
/// stand last.
#[allow(clippy::cast_possible_truncation)]
fn distance(columns: &Columns, doc: DocId, from: GeoPoint) -> f32 {
    let [latitude, longitude] = columns.points[doc as usize];
    let north = (latitude - from.latitude as f32) * KM_PER_DEGREE;
    let east = (longitude - from.longitude as f32)
        * KM_PER_DEGREE
        * (from.latitude.to_radians().cos() as f32);
    let km = north.hypot(east);
    if km.is_nan() { f32::MAX } else { km }
}
