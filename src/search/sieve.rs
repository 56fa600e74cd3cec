//! The filters of a request, made ready to judge records by number.

use chrono::NaiveDateTime;
use tantivy::DocId;

use super::columns::{Columns, FREE, GROUPS, Group, Names, WHEELCHAIR};
use super::moments::{midnight, minute};
use super::request::Filters;
use super::schema::kind_index;
use crate::base::RecordKind;

/// A group of filters, as far as counting is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FilterGroup {
    /// One of those whose values are slugs.
    Slugs(Group),
    /// Kind of record.
    Kinds,
    /// Free of charge.
    Free,
    /// Wheelchair.
    Wheelchair,
}

/// What the filters say of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is a hit.
    Passes,
    /// It would be a hit without this group's filter, so it counts for that group.
    FailsOnly(FilterGroup),
    /// It fails two groups or more.
    Fails,
}

/// Filters with slugs replaced by their numbers in one snapshot.
pub struct Sieve {
    /// By [`Group::ALL`]: the wanted numbers, `None` when the group is not filtered.
    wanted: [Option<Vec<bool>>; GROUPS],
    /// Bit per kind; 0 when not filtered.
    kinds: u32,
    free: bool,
    wheelchair: bool,
    /// First minute, and the first that is too late.
    minutes: Option<(u32, u32)>,
    zone_kind: u8,
    open: bool,
    sizes: [usize; GROUPS],
}

impl Sieve {
    /// Reads the filters against a clock and the names of a snapshot.
    #[must_use]
    pub fn new(filters: &Filters, now: Option<NaiveDateTime>, names: &[Names; GROUPS]) -> Self {
        let wanted = |slugs: &[String], names: &Names| {
            (!slugs.is_empty()).then(|| {
                let mut wanted = vec![false; names.slugs().len()];
                for number in slugs.iter().filter_map(|slug| names.find(slug)) {
                    wanted[number] = true;
                }
                wanted
            })
        };
        let [themes, zones, audiences, sorts, languages] = names;
        let kinds = filters
            .kinds
            .iter()
            .fold(0, |bits, kind| bits | 1 << kind_index(*kind));
        Self {
            wanted: [
                wanted(&filters.themes, themes),
                wanted(&filters.zones, zones),
                wanted(&filters.audiences, audiences),
                wanted(&filters.sorts, sorts),
                wanted(&filters.languages, languages),
            ],
            kinds,
            free: filters.free_of_charge,
            wheelchair: filters.wheelchair,
            minutes: filters.days.map(|(from, to)| {
                let number = |minute: i64| u32::try_from(minute).unwrap_or_default();
                let after = to.succ_opt().unwrap_or(to);
                // What began already is over for who looks for something to do.
                let soonest = now.map_or(0, |now| number(minute(now)) + 1);
                (number(midnight(from)).max(soonest), number(midnight(after)))
            }),
            zone_kind: u8::try_from(kind_index(RecordKind::Zone)).unwrap_or(u8::MAX),
            open: *filters == Filters::default(),
            sizes: std::array::from_fn(|group| names[group].slugs().len()),
        }
    }

    /// Number of slugs per group.
    #[must_use]
    pub fn sizes(&self) -> [usize; GROUPS] {
        self.sizes
    }

    /// Judges a record.
    #[must_use]
    pub fn judge(&self, columns: &Columns, doc: DocId) -> Verdict {
        if self.open {
            return Verdict::Passes;
        }
        if let Some((from, after)) = self.minutes {
            let mut coming = columns.coming.of(doc).iter();
            // The page of a zone shows its days.
            let shows_days = columns.kinds[doc as usize] == self.zone_kind;
            if !shows_days && !coming.any(|minute| (from..after).contains(minute)) {
                return Verdict::Fails;
            }
        }
        let mut verdict = Verdict::Passes;
        let mut fail = |group| {
            verdict = match verdict {
                Verdict::Passes => Verdict::FailsOnly(group),
                _ => Verdict::Fails,
            };
        };
        for (index, group) in Group::ALL.into_iter().enumerate() {
            if let Some(wanted) = &self.wanted[index] {
                let values = columns.lists[index].of(doc);
                if !values.iter().any(|number| wanted[*number as usize]) {
                    fail(FilterGroup::Slugs(group));
                }
            }
        }
        let flags = columns.flags[doc as usize];
        if self.kinds != 0 && self.kinds & (1 << columns.kinds[doc as usize]) == 0 {
            fail(FilterGroup::Kinds);
        }
        if self.free && flags & FREE == 0 {
            fail(FilterGroup::Free);
        }
        if self.wheelchair && flags & WHEELCHAIR == 0 {
            fail(FilterGroup::Wheelchair);
        }
        verdict
    }
}
