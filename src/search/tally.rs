//! The counts beside the filters.

use tantivy::DocId;

use super::columns::{Columns, EVERYWHERE, FREE, GROUPS, Group, Names, WHEELCHAIR};
use super::request::{FacetCount, Facets, Filters};
use super::schema::kind_index;
use super::sieve::{FilterGroup, Verdict};
use crate::base::RecordKind;

const KINDS: usize = RecordKind::ALL.len();

/// Counts by number; becomes [`Facets`] at the end.
#[derive(Clone, Default)]
pub struct Tally {
    /// Records that hold the words, whatever the filters say.
    pub matched: usize,
    /// Records that also pass the filters.
    pub total: usize,
    slugs: [Vec<u32>; GROUPS],
    kinds: [u32; KINDS],
    free: u32,
    wheelchair: u32,
    /// What is there for everywhere counts for no zone.
    local: bool,
}

impl Tally {
    /// All zero, with room for so many slugs per group.
    #[must_use]
    pub fn new(sizes: [usize; GROUPS]) -> Self {
        Self {
            slugs: sizes.map(|size| vec![0; size]),
            ..Self::default()
        }
    }

    /// The same, where what is there for everywhere counts for no zone.
    #[must_use]
    pub fn local(self) -> Self {
        Self {
            local: true,
            ..self
        }
    }

    /// Counts a record that holds the words, by what the filters say of it.
    pub fn count(&mut self, verdict: Verdict, columns: &Columns, doc: DocId) {
        self.matched += 1;
        match verdict {
            Verdict::Passes => self.count_all(columns, doc),
            Verdict::FailsOnly(FilterGroup::Slugs(group)) => self.count_slugs(group, columns, doc),
            Verdict::FailsOnly(FilterGroup::Kinds) => self.count_kind(columns, doc),
            // It fails just because it has not the property that these count.
            Verdict::FailsOnly(FilterGroup::Free | FilterGroup::Wheelchair) | Verdict::Fails => {}
        }
    }

    fn count_all(&mut self, columns: &Columns, doc: DocId) {
        self.total += 1;
        for group in Group::ALL {
            self.count_slugs(group, columns, doc);
        }
        self.count_kind(columns, doc);
        let flags = columns.flags[doc as usize];
        self.free += u32::from(flags & FREE != 0);
        self.wheelchair += u32::from(flags & WHEELCHAIR != 0);
    }

    fn count_kind(&mut self, columns: &Columns, doc: DocId) {
        self.kinds[columns.kinds[doc as usize] as usize] += 1;
    }

    fn count_slugs(&mut self, group: Group, columns: &Columns, doc: DocId) {
        let everywhere = columns.flags[doc as usize] & EVERYWHERE != 0;
        if self.local && everywhere && group == Group::Zones {
            return;
        }
        let counts = &mut self.slugs[group as usize];
        for number in columns.lists[group as usize].of(doc) {
            counts[*number as usize] += 1;
        }
    }

    /// Adds the counts of another segment.
    pub fn add(&mut self, other: &Self) {
        self.matched += other.matched;
        self.total += other.total;
        for (mine, theirs) in self.slugs.iter_mut().zip(&other.slugs) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        }
        for (mine, theirs) in self.kinds.iter_mut().zip(other.kinds) {
            *mine += theirs;
        }
        self.free += other.free;
        self.wheelchair += other.wheelchair;
    }

    /// The counts with their slugs, most first.
    #[must_use]
    pub fn facets(&self, names: &[Names; GROUPS], filters: &Filters) -> Facets {
        let slugs = |group: Group, chosen: &[String]| {
            slug_counts(
                names[group as usize].slugs(),
                &self.slugs[group as usize],
                chosen,
            )
        };
        let kinds = RecordKind::ALL.into_iter().map(|kind| FacetCount {
            value: kind,
            count: self.kinds[kind_index(kind)] as usize,
        });
        Facets {
            themes: slugs(Group::Themes, &filters.themes),
            zones: slugs(Group::Zones, &filters.zones),
            audiences: slugs(Group::Audiences, &filters.audiences),
            sorts: slugs(Group::Sorts, &filters.sorts),
            languages: slugs(Group::Languages, &filters.languages),
            kinds: kinds
                .filter(|k| k.count > 0 || filters.kinds.contains(&k.value))
                .collect(),
            free_of_charge: self.free as usize,
            wheelchair: self.wheelchair as usize,
        }
    }
}

fn slug_counts(slugs: &[String], counts: &[u32], chosen: &[String]) -> Vec<FacetCount> {
    let present = slugs.iter().zip(counts).filter(|(_, count)| **count > 0);
    let mut facets: Vec<FacetCount> = present
        .map(|(slug, count)| FacetCount {
            value: slug.clone(),
            count: *count as usize,
        })
        .collect();
    for slug in chosen {
        if !facets.iter().any(|facet| facet.value == *slug) {
            facets.push(FacetCount {
                value: slug.clone(),
                count: 0,
            });
        }
    }
    facets.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    facets
}
