//! The agenda: dates instead of records, by the same filters and counts as a search.
//!
//! The coming dates of every record stand in its columns, so an agenda never asks the database
//! and never works out a rule. One pass over the activities finds the dates, counts the filters
//! and counts the days.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveDateTime, Timelike};
use tantivy::{DocAddress, DocId};

use super::columns::{Columns, EVERYWHERE};
use super::document::{Card, Moment};
use super::engine::Engine;
use super::error::SearchError;
use super::inner::View;
use super::moments::{midnight, minute, moment};
use super::request::{Facets, Filters};
use super::schema::kind_index;
use super::sieve::{Sieve, Verdict};
use super::tally::Tally;
use crate::base::RecordKind;

/// The dates in the index reach so many days ahead.
pub const HORIZON: u64 = 92;
/// The dates of so many days are counted, from today and from the first day that is asked.
pub const COUNTED: u64 = 14;
const MINUTES_OF_DAY: u32 = 24 * 60;

/// A part of the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayPart {
    /// Starts before noon.
    Morning,
    /// Starts before six.
    Afternoon,
    /// Starts later.
    Evening,
}

impl DayPart {
    /// All, in the order of [`Agenda::parts`].
    pub const ALL: [Self; 3] = [Self::Morning, Self::Afternoon, Self::Evening];

    /// The part that a time of the day falls in.
    #[must_use]
    pub fn of(at: NaiveDateTime) -> Self {
        Self::of_hour(at.hour())
    }

    fn of_hour(hour: u32) -> Self {
        match hour {
            0..12 => Self::Morning,
            12..18 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// What a visitor asks of the agenda.
#[derive(Clone, Debug)]
pub struct AgendaRequest {
    /// As in a search; kinds of record are ignored. What is there for everywhere stands in no
    /// zone. Without days: everything that is known.
    pub filters: Filters,
    /// Only what starts in one of these; empty: the whole day.
    pub parts: Vec<DayPart>,
    /// The wall clock in Europe/Amsterdam. What is over by then is nowhere.
    pub now: NaiveDateTime,
    /// Whether a record stands once, at its first date.
    pub folded: bool,
    /// So many dates are left out from the beginning.
    pub skip: usize,
    /// At most so many dates.
    pub most: usize,
}

/// What is on.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    /// Number of activities with a date that fits.
    pub activities: usize,
    /// Number of dates on all pages.
    pub listed: usize,
    /// The dates of this page, by time and then title.
    pub dates: Vec<Dated>,
    /// What lasts longer than a day, by time; on every page.
    pub going_on: Vec<Dated>,
    /// How many dates each day has from today on, whichever days are asked; see [`COUNTED`].
    pub days: Vec<u32>,
    /// Counts per filter: numbers of activities.
    pub facets: Facets,
    /// Counts per part of the day, by [`DayPart::ALL`].
    pub parts: [usize; 3],
}

/// An activity on one of its dates.
#[derive(Clone, Debug)]
pub struct Dated {
    /// When.
    pub at: Moment,
    /// Slug of its page.
    pub slug: String,
    /// What to show.
    pub card: Arc<Card>,
}

impl Agenda {
    /// How many dates a day has.
    #[must_use]
    pub fn on(&self, day: NaiveDate, today: NaiveDate) -> usize {
        let ahead = usize::try_from((day - today).num_days()).ok();
        let count = ahead.and_then(|ahead| self.days.get(ahead)).copied();
        count.unwrap_or_default() as usize
    }
}

impl Engine {
    /// What is on. Never waits for a writer, never asks the database.
    ///
    /// # Errors
    /// When the index on disk is damaged.
    pub fn agenda(&self, request: &AgendaRequest) -> Result<Agenda, SearchError> {
        self.look(|view| Pass::new(view, request).run())
    }

    /// The slugs of all activities that the filters let through, whenever they are.
    ///
    /// # Errors
    /// As [`Engine::agenda`].
    pub fn activities(&self, request: &AgendaRequest) -> Result<Vec<String>, SearchError> {
        self.look(|view| Pass::new(view, request).all())
    }
}

/// A date that fits.
#[derive(Clone, Copy)]
struct Found {
    start: u32,
    address: DocAddress,
}

/// One pass over the activities.
struct Pass<'a> {
    view: View<'a>,
    request: &'a AgendaRequest,
    sieve: Sieve,
    kind: u8,
    now: u32,
    /// The midnight of today.
    today: u32,
    /// The asked days: first minute, and the first that is too late.
    window: (u32, u32),
    /// The first minute that is too late for all that is asked and counted.
    too_late: u32,
    tally: Tally,
    agenda: Agenda,
    found: Vec<Found>,
    long: Vec<Found>,
}

impl<'a> Pass<'a> {
    fn new(view: View<'a>, request: &'a AgendaRequest) -> Self {
        let number = |minute: i64| u32::try_from(minute).unwrap_or_default();
        let today = number(midnight(request.now.date()));
        let window = request
            .filters
            .days
            .map_or((today, u32::MAX), |(from, to)| {
                let after = to.checked_add_days(Days::new(1)).unwrap_or(to);
                (number(midnight(from)).max(today), number(midnight(after)))
            });
        let counted = u32::try_from(COUNTED).unwrap_or_default() * MINUTES_OF_DAY;
        let too_late = window.1.max(window.0.saturating_add(counted));
        let filters = Filters {
            kinds: Vec::new(),
            days: None,
            ..request.filters.clone()
        };
        let sieve = Sieve::new(&filters, None, &view.snapshot.names.groups);
        let tally = Tally::new(sieve.sizes()).local();
        Self {
            view,
            request,
            sieve,
            kind: u8::try_from(kind_index(RecordKind::Activity)).unwrap_or_default(),
            now: number(minute(request.now)),
            today,
            window,
            too_late,
            tally,
            agenda: Agenda {
                days: vec![0; usize::try_from(HORIZON).unwrap_or_default()],
                ..Agenda::default()
            },
            found: Vec::new(),
            long: Vec::new(),
        }
    }

    /// Every activity.
    fn each(&mut self, mut visit: impl FnMut(&mut Self, &Columns, DocAddress)) {
        let snapshot = self.view.snapshot;
        for (ordinal, columns) in (0..).zip(&snapshot.segments) {
            let alive = snapshot.searcher.segment_reader(ordinal).alive_bitset();
            for (doc, kind) in (0..).zip(&columns.kinds) {
                if *kind == self.kind && alive.is_none_or(|alive| alive.is_alive(doc)) {
                    visit(self, columns, DocAddress::new(ordinal, doc));
                }
            }
        }
    }

    fn all(mut self) -> Result<Vec<String>, SearchError> {
        let mut addresses = Vec::new();
        self.each(|pass, columns, address| {
            if pass.verdict(columns, address.doc_id) == Verdict::Passes {
                addresses.push(address);
            }
        });
        let slug = |address| Ok(self.view.shown(address)?.slug.clone());
        addresses.into_iter().map(slug).collect()
    }

    fn run(mut self) -> Result<Agenda, SearchError> {
        let snapshot = self.view.snapshot;
        self.each(Self::judge);
        self.agenda.activities = self.tally.total;
        self.agenda.listed = self.found.len();
        self.agenda.facets = self
            .tally
            .facets(&snapshot.names.groups, &self.request.filters);
        let upto = self.request.skip.saturating_add(self.request.most);
        let mut found = std::mem::take(&mut self.found);
        if upto < found.len() {
            found.select_nth_unstable_by(upto, |a, b| self.compare(a, b));
            found.truncate(upto);
        }
        found.sort_unstable_by(|a, b| self.compare(a, b));
        let mut long = std::mem::take(&mut self.long);
        long.sort_unstable_by(|a, b| self.compare(a, b));
        long.truncate(self.request.most);
        let page = found.into_iter().skip(self.request.skip);
        self.agenda.dates = page.map(|f| self.show(f)).collect::<Result<_, _>>()?;
        self.agenda.going_on = long
            .into_iter()
            .map(|f| self.show(f))
            .collect::<Result<_, _>>()?;
        Ok(self.agenda)
    }

    fn judge(&mut self, columns: &Columns, address: DocAddress) {
        let doc = address.doc_id;
        let verdict = self.verdict(columns, doc);
        if verdict == Verdict::Fails {
            return;
        }
        let passes = verdict == Verdict::Passes;
        let (mut fits, mut parts) = (false, [false; 3]);
        let now = self.now;
        for (start, end) in columns.spells(doc).filter(|(_, end)| *end > now) {
            // Dates stand in order; and what counts for one filter only is known at the first.
            if start >= self.too_late || (fits && !passes) {
                break;
            }
            let long = end - start > MINUTES_OF_DAY;
            let part = DayPart::of_hour(start % MINUTES_OF_DAY / 60);
            let wanted = self.request.parts.is_empty() || self.request.parts.contains(&part);
            if passes && wanted {
                self.count_days(start, if long { end } else { start + 1 });
            }
            if !self.is_in_window(start, end, long) {
                continue;
            }
            parts[part as usize] = true;
            if wanted {
                let once = fits && self.request.folded;
                fits = true;
                let list = if long {
                    &mut self.long
                } else {
                    &mut self.found
                };
                if passes && !once {
                    list.push(Found { start, address });
                }
            }
        }
        if fits {
            self.tally.count(verdict, columns, doc);
        }
        if passes {
            for (count, has) in self.agenda.parts.iter_mut().zip(parts) {
                *count += usize::from(has);
            }
        }
    }

    fn verdict(&self, columns: &Columns, doc: DocId) -> Verdict {
        let everywhere = columns.flags[doc as usize] & EVERYWHERE != 0;
        if everywhere && !self.request.filters.zones.is_empty() {
            return Verdict::Fails;
        }
        self.sieve.judge(columns, doc)
    }

    /// A date counts on the day it starts, what lasts for days on each of them. What began
    /// earlier counts today.
    fn count_days(&mut self, start: u32, end: u32) {
        let day = |minute: u32| (minute.saturating_sub(self.today) / MINUTES_OF_DAY) as usize;
        for day in day(start)..=day(end.saturating_sub(1)) {
            if let Some(count) = self.agenda.days.get_mut(day) {
                *count += 1;
            }
        }
    }

    fn is_in_window(&self, start: u32, end: u32, long: bool) -> bool {
        let (from, after) = self.window;
        // What goes on at this moment belongs to today; the night of yesterday to no later day.
        let goes_on = long || from <= self.now;
        start < after && (start >= from || (goes_on && end > from))
    }

    /// By time, then in reading order.
    fn compare(&self, a: &Found, b: &Found) -> Ordering {
        let key = |found: &Found| {
            let columns = &self.view.snapshot.segments[found.address.segment_ord as usize];
            columns.key(columns.ranks[found.address.doc_id as usize])
        };
        a.start.cmp(&b.start).then_with(|| key(a).cmp(key(b)))
    }

    fn show(&self, found: Found) -> Result<Dated, SearchError> {
        let shown = self.view.shown(found.address)?;
        let start = moment(found.start);
        let at = shown
            .card
            .coming
            .iter()
            .find(|at| !at.off && at.start == start);
        Ok(Dated {
            at: at.cloned().unwrap_or_else(|| Moment::at(start)),
            slug: shown.slug.clone(),
            card: Arc::clone(&shown.card),
        })
    }
}
