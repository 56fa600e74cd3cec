//! One search: read, plan, collect, relax, relate, show.

use std::sync::Arc;

use tantivy::DocAddress;

use super::blend::{Blend, Mood};
use super::collector::{Found, PageCollector};
use super::correction::Known;
use super::cues::{Cue, Meaning, When};
use super::error::SearchError;
use super::inner::View;
use super::matches::Matches;
use super::query::Plan;
use super::reading::Reading;
use super::relating::{Related, WINDOW};
use super::request::{AppliedCue, Filters, Hit, Order, SearchRequest, SearchResult};
use super::schema::kind_index;
use super::sieve::Sieve;
use crate::base::RecordKind;

/// Hits per page at most.
const LARGEST_PAGE: usize = 100;
/// With fewer in a zone, the zones around it are searched too: a page can be filled.
const ENOUGH: usize = 10;
/// The share of the best score that makes a hit one of these.
const GOOD: f32 = 0.5;
/// An answer is among so many first hits, or there is none.
const ANSWERS: usize = 3;

/// One search on one snapshot.
pub(super) struct Search<'a> {
    pub view: View<'a>,
    pub request: &'a SearchRequest,
}

/// What the words find, with some cues as filters.
pub(super) struct Attempt {
    pub plan: Plan,
    /// The records that hold enough of the words.
    pub matches: Matches,
    /// These by relevance, whatever filters are chosen.
    found: Found,
    collector: PageCollector,
    /// The filters that were read in the words.
    cues: Filters,
    /// The zones that words name, and how it is asked.
    asked: (Vec<String>, Mood),
    /// No record holds all words.
    relaxed: bool,
    /// The zones around the named one that were searched too.
    widened: Vec<String>,
    /// Nothing was found on the days that were named.
    other_days: bool,
    /// Nothing was found in or around the zone that was named.
    elsewhere: bool,
}

/// What is shown: with the filters that were chosen, in order, and with what belongs to it.
pub(super) struct Outcome {
    pub found: Found,
    /// What the best hits have in common.
    pub company: Related,
    /// How kind, step, check, dates and zone count.
    pub blend: Arc<Blend>,
    /// Number of hits by the words.
    with_words: usize,
    filters: Filters,
}

impl Attempt {
    /// Hits that are not far behind the best.
    fn good_hits(&self) -> usize {
        let least = self.best() * GOOD;
        self.found
            .best
            .iter()
            .filter(|(score, _)| *score >= least)
            .count()
    }

    fn best(&self) -> f32 {
        self.found.best.first().map_or(0.0, |(score, _)| *score)
    }
}

impl<'a> Search<'a> {
    pub fn new(view: View<'a>, request: &'a SearchRequest) -> Self {
        Self { view, request }
    }

    /// # Errors
    /// When the index on disk is damaged.
    pub fn run(&self) -> Result<SearchResult, SearchError> {
        let known = self.view.known();
        let reading = self.reading(false, &known)?;
        let (attempt, applied) = self.attempt(&reading, &known)?;
        let outcome = self.outcome(&attempt, &reading)?;
        self.result(&known, &reading, &attempt, &outcome, &applied)
    }

    pub(super) fn reading(&self, dutch_too: bool, known: &Known) -> Result<Reading, SearchError> {
        let SearchRequest { words, literal, .. } = self.request;
        Reading::of(words, (*literal, dutch_too), known, self.view.ranking)
    }

    fn result(
        &self,
        known: &Known,
        reading: &Reading,
        attempt: &Attempt,
        outcome: &Outcome,
        applied: &[&Cue],
    ) -> Result<SearchResult, SearchError> {
        let shown = |cue: &&&Cue| cue.meaning != Meaning::Agenda && !self.is_chosen(cue);
        let mut cues: Vec<AppliedCue> = Vec::new();
        for cue in applied.iter().filter(shown) {
            if cues.iter().all(|known| known.meaning != cue.meaning) {
                let same = |other: &&&Cue| other.meaning == cue.meaning;
                cues.push(AppliedCue {
                    meaning: cue.meaning.clone(),
                    without: reading.without(applied.iter().copied().filter(|c| same(&c))),
                });
            }
        }
        let corrected = if reading.corrected {
            Some(reading.mended(known)?)
        } else {
            None
        };
        let tally = &outcome.found.tally;
        let chosen = &self.request.filters;
        Ok(SearchResult {
            total: tally.total,
            with_words: outcome.with_words,
            hits: self.hits(attempt, outcome)?,
            answer: self.answer(&attempt.plan, &outcome.found)?,
            facets: tally.facets(&self.view.snapshot.names.groups, chosen),
            relaxed: attempt.relaxed,
            cues,
            without_cues: reading.without(applied.iter().copied().filter(|cue| shown(&cue))),
            other_days: attempt.other_days && chosen.days.is_none(),
            elsewhere: attempt.elsewhere && chosen.zones.is_empty(),
            widened: if chosen.zones.is_empty() {
                attempt.widened.clone()
            } else {
                Vec::new()
            },
            near: if tally.matched == 0 {
                self.near(reading, known)?
            } else {
                None
            },
            days: outcome.filters.days,
            emergency: reading.alarm,
            corrected,
        })
    }

    /// Whether a filter was chosen that goes before a word.
    fn is_chosen(&self, cue: &Cue) -> bool {
        let chosen = &self.request.filters;
        match cue.meaning {
            Meaning::Zones(_) => !chosen.zones.is_empty(),
            Meaning::When(_) => chosen.days.is_some(),
            Meaning::Free => chosen.free_of_charge,
            Meaning::Wheelchair => chosen.wheelchair,
            Meaning::Agenda => false,
        }
    }

    /// The search with as many cues as filters as there is something to find with.
    pub(super) fn attempt<'r>(
        &self,
        reading: &'r Reading,
        known: &Known,
    ) -> Result<(Attempt, Vec<&'r Cue>), SearchError> {
        let dated = self.request.now.is_some();
        let usable = |cue: &&Cue| dated || !matches!(cue.meaning, Meaning::When(_));
        let mut kept: Vec<&Cue> = reading.cues.iter().filter(usable).collect();
        let mut attempt = self.with(reading, &kept, &kept, known)?;
        // A day of the week beside a place is that day: where nothing is on, that is said.
        let placed = kept
            .iter()
            .any(|cue| matches!(cue.meaning, Meaning::Zones(_)));
        let weekday = |cue: &Cue| placed && matches!(cue.meaning, Meaning::When(When::On(_)));
        let sure = |cue: &Cue| cue.certain || weekday(cue);
        if kept.iter().any(|cue| !sure(cue)) {
            let certain = |cue: &&&Cue| sure(cue);
            let filters: Vec<&Cue> = kept.iter().filter(certain).copied().collect();
            let without = self.with(reading, &kept, &filters, known)?;
            if !self.is_sure(&attempt, &without, &kept) {
                // They mean something else: their words are words as all others.
                kept = filters;
                attempt = self.with(reading, &kept, &kept, known)?;
            }
        }
        // Nothing on that day, or nothing there: other days and places are better than nothing.
        let (mut other_days, mut elsewhere) = (false, false);
        let on_days = |cue: &Cue| matches!(cue.meaning, Meaning::When(_));
        let somewhere = |cue: &Cue| matches!(cue.meaning, Meaning::Zones(_));
        let mut filters = kept.clone();
        if attempt.found.best.is_empty() && kept.iter().any(|cue| on_days(cue)) {
            filters.retain(|cue| !on_days(cue));
            attempt = self.with(reading, &kept, &filters, known)?;
            other_days = true;
        }
        if attempt.found.best.is_empty() && kept.iter().any(|cue| somewhere(cue)) {
            filters.retain(|cue| !somewhere(cue));
            attempt = self.with(reading, &kept, &filters, known)?;
            elsewhere = true;
        }
        attempt.other_days = other_days && !attempt.found.best.is_empty();
        attempt.elsewhere = elsewhere && !attempt.found.best.is_empty();
        Ok((attempt, filters))
    }

    /// Whether words that may mean something else are filters after all: what is found with them
    /// is nearly as good as without, and it is of the kind that days and prices belong to.
    fn is_sure(&self, with: &Attempt, without: &Attempt, cues: &[&Cue]) -> bool {
        let first = without.found.best.iter().take(ENOUGH);
        let activity = |(_, at): &&(f32, DocAddress)| {
            let kinds = &self.view.snapshot.segments[at.segment_ord as usize].kinds;
            kinds[at.doc_id as usize] as usize == kind_index(RecordKind::Activity)
        };
        let activities = first.clone().filter(activity).count();
        let of_activities = cues
            .iter()
            .any(|cue| !cue.certain && matches!(cue.meaning, Meaning::When(_) | Meaning::Free));
        let fits = without.plan.is_empty() || !of_activities || activities * 2 >= first.len();
        fits && (without.plan.is_empty() || with.best() >= self.view.ranking.sure * without.best())
    }

    /// The search without the words of `cues`, of which `filters` are filters.
    fn with(
        &self,
        reading: &Reading,
        cues: &[&Cue],
        filtering: &[&Cue],
        known: &Known,
    ) -> Result<Attempt, SearchError> {
        let plan = Plan::of(reading, cues, known, self.view.ranking)?;
        let mut filters = Filters::default();
        for cue in filtering {
            match &cue.meaning {
                Meaning::Zones(zones) => filters.zones.extend(zones.iter().cloned()),
                Meaning::When(when) => {
                    filters.days = self.request.now.map(|now| when.days(now.date()));
                }
                Meaning::Free => filters.free_of_charge = true,
                Meaning::Wheelchair => filters.wheelchair = true,
                Meaning::Agenda => {}
            }
        }
        let (mut mood, own) = Self::asked(reading, filtering, known);
        mood.place_only = plan.is_empty() && !own.is_empty();
        let around = self.view.taught.cues.around(&own);
        if plan.is_empty() && own.is_empty() && filters.days.is_some() {
            // Days alone: what is on, and not the places where it could be.
            filters.kinds = vec![RecordKind::Activity];
        }
        let mut attempt = self.find(plan, filters, (own, mood));
        if !around.is_empty() && attempt.good_hits() < ENOUGH {
            let own_only = attempt.found.best.len();
            let mut filters = attempt.cues;
            filters.zones.extend(around.iter().cloned());
            attempt = self.find(attempt.plan, filters, attempt.asked);
            if attempt.found.best.len() > own_only {
                attempt.widened = around;
            }
        }
        Ok(attempt)
    }

    /// How it is asked, and the zones that words name.
    fn asked(reading: &Reading, cues: &[&Cue], known: &Known) -> (Mood, Vec<String>) {
        let agenda = cues.iter().any(|cue| cue.meaning == Meaning::Agenda);
        let mut own = Vec::new();
        for cue in cues {
            if let Meaning::Zones(zones) = &cue.meaning {
                own.extend(zones.iter().cloned());
            }
        }
        let mood = Mood {
            agenda,
            sentence: reading.is_sentence(known),
            place_only: false,
        };
        (mood, own)
    }

    /// All words; when few records have them all, two of five, and at last a single one. What the
    /// words alone find decides how many are asked for and what the search is about: chosen
    /// filters and another order have no say in this, so that the count beside a filter is what
    /// it gives. Filters that were read in the words (`cues`) have.
    fn find(&self, plan: Plan, cues: Filters, asked: (Vec<String>, Mood)) -> Attempt {
        let collector = self.collector(&cues, self.blend(&asked, Order::Relevance));
        let within = cues != Filters::default();
        let mut matches = plan.all(self.view.snapshot.postings.records());
        let mut found = collector.collect(&matches, self.view.snapshot);
        let with_words = |found: &Found| {
            if within {
                found.tally.total
            } else {
                found.tally.matched
            }
        };
        let relaxed = with_words(&found) == 0;
        let mut enough = if plan.len() > 1 {
            self.view.ranking.enough
        } else {
            1
        };
        for required in plan.fewer() {
            if with_words(&found) >= enough {
                break;
            }
            matches = plan.some(required);
            found = collector.collect(&matches, self.view.snapshot);
            enough = 1;
        }
        Attempt {
            relaxed: relaxed && !plan.is_empty() && found.tally.matched > 0,
            plan,
            matches,
            found,
            collector,
            cues,
            asked,
            widened: Vec::new(),
            other_days: false,
            elsewhere: false,
        }
    }

    /// What the chosen filters leave, in the order that was asked for, with what belongs to it.
    pub(super) fn outcome(
        &self,
        attempt: &Attempt,
        reading: &Reading,
    ) -> Result<Outcome, SearchError> {
        let Attempt { plan, matches, .. } = attempt;
        let company = self.view.related(&attempt.found, plan)?;
        let filters = self.request.filters.or(&attempt.cues);
        let order = self.request.order;
        let (collector, mut found);
        if filters == attempt.cues && order == Order::Relevance {
            collector = attempt.collector.clone();
            found = attempt.found.clone();
        } else {
            collector = self.collector(&filters, self.blend(&attempt.asked, order));
            found = collector.collect(matches, self.view.snapshot);
        }
        let with_words = found.tally.total;
        // By name or date, what is only about the same would stand between what was asked for.
        if order == Order::Relevance {
            let view = &self.view;
            view.relate(&mut found, matches, &company, &collector)?;
            view.lift_titles(&mut found, &reading.words)?;
            view.vary(&mut found.best);
        }
        Ok(Outcome {
            found,
            company,
            blend: collector.blend,
            with_words,
            filters,
        })
    }

    fn blend(&self, (own, mood): &(Vec<String>, Mood), order: Order) -> Blend {
        let clock = (self.request.now, order);
        Blend::new(clock, own, *mood, (self.view.snapshot, self.view.ranking))
    }

    fn collector(&self, filters: &Filters, blend: Blend) -> PageCollector {
        PageCollector {
            sieve: Arc::new(Sieve::new(
                filters,
                self.request.now,
                &self.view.snapshot.names.groups,
            )),
            blend: Arc::new(blend),
            limit: self.start().saturating_add(self.per_page()).max(WINDOW),
        }
    }

    /// The question or dossier among the very first hits whose title and search words say all
    /// that was asked.
    fn answer(&self, plan: &Plan, found: &Found) -> Result<Option<usize>, SearchError> {
        if self.start() > 0 || self.request.order != Order::Relevance {
            return Ok(None);
        }
        let best = found.best.first().map_or(0.0, |(score, _)| *score);
        let least = best * self.view.ranking.answer;
        for (at, (score, address)) in found.best.iter().take(ANSWERS).enumerate() {
            let columns = &self.view.snapshot.segments[address.segment_ord as usize];
            let kind = RecordKind::ALL[columns.kinds[address.doc_id as usize] as usize];
            let answers = matches!(kind, RecordKind::Faq | RecordKind::Dossier);
            if answers
                && *score >= least
                && plan.is_said_by(&*self.view.shown(*address)?, &self.view.inner.analyzer)
            {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// What may have been meant by right words that no record holds: to be offered, for whoever
    /// writes "vissen" mostly means it.
    fn near(&self, reading: &Reading, known: &Known) -> Result<Option<String>, SearchError> {
        let bolder = self.reading(true, known)?;
        let text = bolder.mended(known)?;
        Ok((bolder.corrected && text != reading.mended(known)?).then_some(text))
    }

    fn hits(&self, attempt: &Attempt, outcome: &Outcome) -> Result<Vec<Hit>, SearchError> {
        let marker = attempt.plan.marker();
        let best = outcome.found.best.iter();
        let page = best.skip(self.start()).take(self.per_page());
        page.map(|(score, address)| {
            let segment = &self.view.snapshot.segments[address.segment_ord as usize];
            let number = self.view.snapshot.postings.number(*address);
            let shown = self.view.shown(*address)?;
            Ok(Hit {
                related: attempt.matches.score(number).is_none(),
                kind: RecordKind::ALL[segment.kinds[address.doc_id as usize] as usize],
                slug: shown.slug.clone(),
                title_marks: shown.title_marks(&marker),
                summary_marks: shown.summary_marks(&marker),
                card: Arc::clone(&shown.card),
                score: *score,
            })
        })
        .collect()
    }

    pub(super) fn per_page(&self) -> usize {
        self.request.per_page.clamp(1, LARGEST_PAGE)
    }

    /// Number of hits before this page; a page beyond the last is empty, whatever its number.
    pub(super) fn start(&self) -> usize {
        let before = self
            .request
            .page
            .saturating_sub(1)
            .saturating_mul(self.per_page());
        before.min(self.view.snapshot.record_count())
    }
}
