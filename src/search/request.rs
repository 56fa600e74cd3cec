//! A question to the engine and its answer.

use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use super::cues::Meaning;
use super::document::Card;
use crate::base::RecordKind;
use crate::base::geo::GeoPoint;

/// What a visitor asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchRequest {
    /// As typed; any text is fine. Blank: all records that pass the filters, by title.
    pub words: String,
    /// Take the words as they are typed: no typing error is mended, no word is a filter.
    pub literal: bool,
    /// Filters.
    pub filters: Filters,
    /// What comes first.
    pub order: Order,
    /// The wall clock in Europe/Amsterdam; without it no word names a day and nothing is fresh.
    pub now: Option<NaiveDateTime>,
    /// From 1; 0 counts as 1.
    pub page: usize,
    /// Hits per page; held to 1 … 100.
    pub per_page: usize,
}

/// What comes first in the results.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Order {
    /// What answers best.
    #[default]
    Relevance,
    /// By title.
    Name,
    /// The first coming date; records without one last.
    Date,
    /// The nearest to a point; records without a place last.
    Distance(GeoPoint),
}

/// Within a group one of the values is enough; between groups all must hold. An empty group
/// lets everything pass; an unknown slug lets nothing pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Theme slugs.
    pub themes: Vec<String>,
    /// Zone slugs.
    pub zones: Vec<String>,
    /// Audience slugs.
    pub audiences: Vec<String>,
    /// Sorts of activity.
    pub sorts: Vec<String>,
    /// Languages, as ISO 639-1 codes.
    pub languages: Vec<String>,
    /// Kinds of record.
    pub kinds: Vec<RecordKind>,
    /// Only what costs nothing.
    pub free_of_charge: bool,
    /// Only what can be used with a wheelchair.
    pub wheelchair: bool,
    /// Only what is on between these days, both included.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

impl Filters {
    /// These filters, and others where these say nothing.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        fn either<T: Clone>(one: &[T], other: &[T]) -> Vec<T> {
            if one.is_empty() { other } else { one }.to_vec()
        }
        Self {
            themes: either(&self.themes, &other.themes),
            zones: either(&self.zones, &other.zones),
            audiences: either(&self.audiences, &other.audiences),
            sorts: either(&self.sorts, &other.sorts),
            languages: either(&self.languages, &other.languages),
            kinds: either(&self.kinds, &other.kinds),
            free_of_charge: self.free_of_charge || other.free_of_charge,
            wheelchair: self.wheelchair || other.wheelchair,
            days: self.days.or(other.days),
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchResult {
    /// Exact number of hits on all pages.
    pub total: usize,
    /// So many of them hold the words; the others are only about the same.
    pub with_words: usize,
    /// The hits of this page, best first.
    pub hits: Vec<Hit>,
    /// The hit, by place on the first page, that answers what was asked: a question or dossier
    /// about all of it.
    pub answer: Option<usize>,
    /// Counts per filter.
    pub facets: Facets,
    /// No record holds all words, so fewer were required. Depends on the words alone, never
    /// on the filters: a count beside a filter is what a click on it gives.
    pub relaxed: bool,
    /// Words that were read as filters.
    pub cues: Vec<AppliedCue>,
    /// The text without the words of all of them.
    pub without_cues: String,
    /// The days that are shown, by a filter or by words; all without.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// A day was named on which there is nothing: all days are shown.
    pub other_days: bool,
    /// A zone was named in and around which there is nothing: all zones are shown.
    pub elsewhere: bool,
    /// Slugs of the zones around the named one that were searched too, because there is little.
    pub widened: Vec<String>,
    /// The text with other words that look like those that were typed, when nothing was found.
    pub near: Option<String>,
    /// What was searched when a word was taken for a typing error.
    pub corrected: Option<String>,
    /// The words are a cry for help: help lines stand above everything. What it is about, in the
    /// words of the language table; may be empty.
    pub emergency: Option<&'static str>,
}

/// Words of the query that are a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedCue {
    /// What they mean.
    pub meaning: Meaning,
    /// The query without them.
    pub without: String,
}

/// One record of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Kind of record.
    pub kind: RecordKind,
    /// Slug of its page.
    pub slug: String,
    /// What to show; shared with other searches.
    pub card: Arc<Card>,
    /// Relevance; only comparable within one answer. 0 when no words were asked.
    pub score: f32,
    /// It holds none of the words, but is about what the best hits are about.
    pub related: bool,
    /// Words of `card.title` that match: byte ranges, in order, never overlapping.
    pub title_marks: Vec<Range<usize>>,
    /// Words of `card.summary` that match.
    pub summary_marks: Vec<Range<usize>>,
}

/// How many hits each filter value has. A group's own filters do not count for its own
/// counts, those of the other groups do: beside each value stands what choosing it adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Per theme slug, most first; values that are chosen are always there, with 0 if need be.
    pub themes: Vec<FacetCount>,
    /// Per zone slug.
    pub zones: Vec<FacetCount>,
    /// Per audience slug.
    pub audiences: Vec<FacetCount>,
    /// Per sort of activity.
    pub sorts: Vec<FacetCount>,
    /// Per language.
    pub languages: Vec<FacetCount>,
    /// Per kind.
    pub kinds: Vec<FacetCount<RecordKind>>,
    /// Free of charge.
    pub free_of_charge: usize,
    /// Wheelchair.
    pub wheelchair: usize,
}

/// A filter value and its number of hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount<T = String> {
    /// Slug or kind.
    pub value: T,
    /// Hits.
    pub count: usize,
}
