//! One search: read, plan, collect, relax, relate, show.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use super::blend::{Blend, Mood};
use super::collector::{Found, PageCollector, ScoresOf};
use super::correction::Known;
use super::cues::{Cue, Meaning};
use super::engine::{Inner, Taught};
use super::error::SearchError;
use super::feedback;
use super::language::Word;
use super::query::Plan;
use super::ranking::Ranking;
use super::reading::Reading;
use super::request::{AppliedCue, Filters, Hit, Order, SearchRequest, SearchResult};
use super::schema::kind_index;
use super::sieve::Sieve;
use super::snapshot::Snapshot;
use super::stored::Shown;
use super::topics::Topics;
use crate::base::RecordKind;

/// Hits per page at most.
const LARGEST_PAGE: usize = 100;
/// With fewer in a zone, the zones around it are searched too: a page can be filled.
const ENOUGH: usize = 10;
/// The share of the best score that makes a hit one of these.
const GOOD: f32 = 0.5;
/// Words that begin alike are offered when nothing was found: so many letters, so many words.
const NEAR_LETTERS: usize = 5;
const MOST_NEAR: usize = 4;
/// Among so many first hits is the record whose title was typed.
const TITLES: usize = 30;
/// So many first results are varied.
const VARIED: usize = 10;
/// An answer is among so many first hits, or there is none.
const ANSWERS: usize = 3;
/// So many of the best hits are put in order by what they are about; nobody reads further.
const WINDOW: usize = 200;

/// Two of five words make a sentence still find its subject: `shared/search.md` section 5.
fn fewer(words: usize) -> usize {
    (words * 2).div_ceil(5).min(words - 1)
}

/// One search on one snapshot.
pub(super) struct Search<'a> {
    pub inner: &'a Inner,
    pub taught: &'a Taught,
    pub ranking: &'a Ranking,
    pub snapshot: &'a Snapshot,
    pub request: &'a SearchRequest,
}

/// What records that hold none of the words may have in common with those that do.
struct Related {
    topics: Topics,
    /// The other words, as a query.
    feedback: Option<Box<dyn Query>>,
    /// The best score by words.
    best: f32,
    /// Few records hold the words: others join them.
    few: bool,
}

/// What was found with some cues as filters.
pub(super) struct Attempt {
    pub found: Found,
    /// The best hits by their words alone, whatever filters are chosen.
    pub by_words: Vec<(f32, DocAddress)>,
    pub plan: Plan,
    filters: Filters,
    relaxed: bool,
    /// The zones around the named one that were searched too.
    widened: Vec<String>,
}

impl Attempt {
    /// Hits that are not far behind the best.
    fn good_hits(&self) -> usize {
        let least = self.best() * GOOD;
        self.by_words
            .iter()
            .filter(|(score, _)| *score >= least)
            .count()
    }

    fn best(&self) -> f32 {
        self.by_words.first().map_or(0.0, |(score, _)| *score)
    }
}

impl<'a> Search<'a> {
    /// # Errors
    /// When the index on disk is damaged.
    pub fn run(&self) -> Result<SearchResult, SearchError> {
        let known = self.known();
        let literal = self.request.literal;
        let read = |dutch_too| {
            let words = &self.request.words;
            Reading::of(words, (literal, dutch_too), &known, self.ranking)
        };
        let mut reading = read(false)?;
        let bolder;
        let (mut attempt, mut applied) = self.attempt(&reading, &known)?;
        if attempt.found.tally.matched == 0 && !literal {
            bolder = read(true)?;
            if bolder.corrected {
                (attempt, applied) = self.attempt(&bolder, &known)?;
                reading = bolder.clone();
            }
        }
        let on_days = |cue: &&Cue| matches!(cue.meaning, Meaning::When(_));
        let other_days = self.usable(&reading).iter().any(|cue| on_days(&cue))
            && attempt.filters.days.is_none()
            && applied.iter().all(|cue| !on_days(cue));
        let cues = applied.iter().filter(|cue| cue.meaning != Meaning::Agenda);
        let answer = self.answer(&attempt)?;
        let corrected = if reading.corrected {
            Some(reading.mended(&known)?)
        } else {
            None
        };
        Ok(SearchResult {
            total: attempt.found.tally.total,
            hits: self.hits(&attempt)?,
            answer,
            facets: attempt
                .found
                .tally
                .facets(&self.snapshot.names.groups, &self.request.filters),
            relaxed: attempt.relaxed,
            cues: cues
                .map(|cue| AppliedCue {
                    meaning: cue.meaning.clone(),
                    without: reading.without(cue),
                })
                .collect(),
            other_days,
            widened: attempt.widened,
            days: attempt.filters.days,
            near: if attempt.found.tally.matched == 0 {
                self.near(&reading)
            } else {
                Vec::new()
            },
            emergency: reading.alarm.is_some(),
            corrected,
        })
    }

    pub(super) fn known(&self) -> Known<'a> {
        Known {
            snapshot: self.snapshot,
            fields: &self.inner.fields,
            analyzer: &self.inner.analyzer,
            thesaurus: &self.taught.thesaurus,
            cues: &self.taught.cues,
            alarm: &self.inner.alarm,
        }
    }

    /// The cues that can be filters: a filter that was chosen goes before a word.
    fn usable<'r>(&self, reading: &'r Reading) -> Vec<&'r Cue> {
        let chosen = &self.request.filters;
        let usable = reading.cues.iter().filter(|cue| match cue.meaning {
            Meaning::Zones(_) => chosen.zones.is_empty(),
            Meaning::When(_) => chosen.days.is_none() && self.request.now.is_some(),
            Meaning::Free => !chosen.free_of_charge,
            Meaning::Wheelchair => !chosen.wheelchair,
            Meaning::Agenda => true,
        });
        usable.collect()
    }

    /// The search with as many cues as filters as there is something to find with.
    pub(super) fn attempt<'r>(
        &self,
        reading: &'r Reading,
        known: &Known,
    ) -> Result<(Attempt, Vec<&'r Cue>), SearchError> {
        let mut kept = self.usable(reading);
        let mut attempt = self.with(reading, &kept, &kept, known)?;
        if kept.iter().any(|cue| !cue.certain) {
            let certain = |cue: &&&Cue| cue.certain;
            let filters: Vec<&Cue> = kept.iter().filter(certain).copied().collect();
            let without = self.with(reading, &kept, &filters, known)?;
            if !self.is_sure(&attempt, &without, &kept) {
                // They mean something else: their words are words as all others.
                kept = filters;
                attempt = self.with(reading, &kept, &kept, known)?;
            }
        }
        if !attempt.by_words.is_empty() || attempt.filters.days.is_none() {
            return Ok((attempt, kept));
        }
        // Nothing on that day: other days are better than nothing.
        let mut any_day = kept.clone();
        any_day.retain(|cue| !matches!(cue.meaning, Meaning::When(_)));
        Ok((self.with(reading, &kept, &any_day, known)?, any_day))
    }

    /// Whether words that may mean something else are filters after all: what is found with them
    /// is nearly as good as without, and it is of the kind that days and prices belong to.
    fn is_sure(&self, with: &Attempt, without: &Attempt, cues: &[&Cue]) -> bool {
        let first = without.by_words.iter().take(ENOUGH);
        let activity = |(_, at): &&(f32, DocAddress)| {
            let kinds = &self.snapshot.segments[at.segment_ord as usize].kinds;
            kinds[at.doc_id as usize] as usize == kind_index(RecordKind::Activity)
        };
        let activities = first.clone().filter(activity).count();
        let of_activities = cues
            .iter()
            .any(|cue| !cue.certain && matches!(cue.meaning, Meaning::When(_) | Meaning::Free));
        let fits = without.plan.is_empty() || !of_activities || activities * 2 >= first.len();
        fits && (without.plan.is_empty() || with.best() >= self.ranking.sure * without.best())
    }

    /// The search without the words of `cues`, of which `filters` are filters.
    fn with(
        &self,
        reading: &Reading,
        cues: &[&Cue],
        filtering: &[&Cue],
        known: &Known,
    ) -> Result<Attempt, SearchError> {
        let plan = Plan::of(reading, cues, known, self.ranking)?;
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
        let (mut mood, own) = self.asked(reading, filtering, known);
        mood.place_only = plan.is_empty() && !own.is_empty();
        let mut attempt = self.find(plan, filters.clone(), (&own, mood), &reading.words)?;
        if !own.is_empty() && attempt.good_hits() < ENOUGH {
            let around = self.taught.cues.around(&own);
            filters.zones.extend(around.iter().cloned());
            let own_only = attempt.by_words.len();
            attempt = self.find(attempt.plan, filters, (&own, mood), &reading.words)?;
            if attempt.by_words.len() > own_only {
                attempt.widened = around;
            }
        }
        Ok(attempt)
    }

    /// How it is asked, and the zones that words name.
    pub(super) fn asked(
        &self,
        reading: &Reading,
        cues: &[&Cue],
        known: &Known,
    ) -> (Mood, Vec<String>) {
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
    fn find(
        &self,
        plan: Plan,
        cues: Filters,
        (own, mood): (&[String], Mood),
        typed: &[Word],
    ) -> Result<Attempt, SearchError> {
        let blend = |order| {
            Blend::new(
                (self.request.now, order),
                own,
                mood,
                (self.snapshot, self.ranking),
            )
        };
        let collector = self.collector(&cues, blend(Order::Relevance));
        let within = cues != Filters::default();
        let mut found;
        let mut required = plan.len();
        let mut relaxed = false;
        loop {
            found = self.collect(&*plan.query(required), &collector)?;
            if plan.is_empty() {
                break;
            }
            let all = required == plan.len();
            let with_words = if within {
                found.tally.total
            } else {
                found.tally.matched
            };
            relaxed |= all && with_words == 0;
            if with_words >= if all { self.ranking.enough } else { 1 } || required <= 1 {
                break;
            }
            required = if all { fewer(required) } else { required - 1 };
        }
        relaxed &= found.tally.matched > 0;
        let by_words = found.best.clone();
        let related = self.related(&found, &plan)?;
        let filters = self.request.filters.and(&cues);
        let mut collector = collector;
        if filters != cues || self.request.order != Order::Relevance {
            collector = self.collector(&filters, blend(self.request.order));
            found = self.collect(&*plan.query(required), &collector)?;
        }
        self.relate(&mut found, &related, &collector)?;
        self.lift_titles(&mut found, typed, &collector)?;
        if self.request.order == Order::Relevance {
            self.vary(&mut found.best);
        }
        Ok(Attempt {
            found,
            by_words,
            plan,
            filters,
            relaxed,
            widened: Vec::new(),
        })
    }

    fn collector(&self, filters: &Filters, blend: Blend) -> PageCollector {
        PageCollector {
            segments: self.snapshot.segments.clone(),
            sieve: Arc::new(Sieve::new(
                filters,
                self.request.now,
                &self.snapshot.names.groups,
            )),
            blend: Arc::new(blend),
            limit: self.start().saturating_add(self.per_page()).max(WINDOW),
            skip: Arc::default(),
            least: 0.0,
        }
    }

    fn collect(&self, query: &dyn Query, collector: &PageCollector) -> Result<Found, SearchError> {
        Ok(self.snapshot.searcher.search(query, collector)?)
    }

    /// What the best hits are about, and in which other words.
    fn related(&self, found: &Found, plan: &Plan) -> Result<Related, SearchError> {
        let few = found.tally.matched < self.ranking.topic_few;
        let best = found.best.first().filter(|_| !plan.is_empty());
        Ok(Related {
            topics: if plan.is_empty() {
                Topics::default()
            } else {
                Topics::of(&found.best, self.snapshot, self.ranking)
            },
            feedback: if few {
                self.feedback(found, plan)?
            } else {
                None
            },
            best: best.map_or(0.0, |(score, _)| *score),
            few,
        })
    }

    /// Lifts the best hits that are about what most of them are about. When there are few hits, the
    /// other records of these topics join them, and records that hold what the very best call
    /// themselves. In another order than by relevance nothing joins.
    fn relate(
        &self,
        found: &mut Found,
        related: &Related,
        collector: &PageCollector,
    ) -> Result<(), SearchError> {
        // By name or date, what is only about the same would stand between what was asked for.
        if related.best <= 0.0 || self.request.order != Order::Relevance {
            return Ok(());
        }
        let lift = |address: DocAddress, other_words: f32| {
            let columns = &self.snapshot.segments[address.segment_ord as usize];
            let r = self.ranking;
            let share = r.topic * self.share(&related.topics, address) + r.feedback * other_words;
            collector
                .blend
                .value(columns, address.doc_id, related.best * share)
        };
        let mut known: HashSet<DocAddress> = found.seen.iter().copied().collect();
        if related.few {
            let others = self.collect(
                &*self.of_topics(&related.topics),
                &collector.without(&known),
            )?;
            known.extend(&others.seen);
            found.tally.add(&others.tally);
            // Without words of the query its score is still to come.
            let others = others.best.iter();
            found
                .best
                .extend(others.map(|(_, address)| (0.0, *address)));
        }
        let mut other_words = HashMap::new();
        if let Some(query) = &related.feedback {
            let mut others = collector.without(&known);
            others.least = self.ranking.feedback_join;
            others.blend = Arc::new(Blend::plain());
            let others = self.collect(&**query, &others)?;
            // More than can be put in order would be a flood, and no help.
            if others.tally.matched <= WINDOW {
                found.tally.add(&others.tally);
                for (score, address) in others.best {
                    found.best.push((0.0, address));
                    other_words.insert(address, score);
                }
            }
            other_words.extend(self.snapshot.searcher.search(&**query, &ScoresOf(known))?);
        }
        // Nothing joined many hits: those beyond the window keep their order on every page.
        let most = if related.few { usize::MAX } else { WINDOW };
        for (score, address) in found.best.iter_mut().take(most) {
            let other_words = other_words.get(address).copied().unwrap_or_default();
            *score += lift(*address, other_words);
        }
        collector.sort(&mut found.best);
        Ok(())
    }

    /// The records of topics that are shared enough, no more than can be put in order.
    fn of_topics(&self, topics: &Topics) -> Box<dyn Query> {
        let names = self.snapshot.names.topics.slugs();
        let mut room = WINDOW;
        let fits = |topic: &u32| {
            let records = self.snapshot.topic_counts[*topic as usize] as usize;
            let fits = records <= room;
            room -= if fits { records } else { 0 };
            fits
        };
        let above = topics.above(self.ranking.topic_join);
        let terms = above.filter(fits).map(|topic| {
            let term = Term::from_field_text(self.inner.fields.topics, &names[topic as usize]);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>
        });
        Box::new(BooleanQuery::union(terms.collect()))
    }

    /// Who types a whole title looks for that record.
    fn lift_titles(
        &self,
        found: &mut Found,
        typed: &[Word],
        collector: &PageCollector,
    ) -> Result<(), SearchError> {
        if self.request.order != Order::Relevance || typed.is_empty() {
            return Ok(());
        }
        for (score, address) in found.best.iter_mut().take(TITLES) {
            if self.shown(*address)?.is_titled(typed) {
                *score *= self.ranking.whole_title;
            }
        }
        collector.sort(&mut found.best);
        Ok(())
    }

    /// Puts different things among the first results: another kind of record, and one record of a
    /// series.
    fn vary(&self, hits: &mut [(f32, DocAddress)]) {
        let r = self.ranking;
        let about = |address: DocAddress| {
            let columns = &self.snapshot.segments[address.segment_ord as usize];
            let doc = address.doc_id as usize;
            (columns.kinds[doc], columns.series[doc])
        };
        let mut kinds = [0_i32; RecordKind::ALL.len()];
        let mut series: HashMap<u64, i32> = HashMap::new();
        for place in 0..hits.len().min(VARIED) {
            let window = place..hits.len().min(VARIED * 3);
            let value = |at: &usize| {
                let (score, address) = hits[*at];
                let (kind, of_series) = about(address);
                let before = series.get(&of_series).copied().unwrap_or_default();
                score * r.variety.powi(kinds[kind as usize]) * r.series.powi(before)
            };
            // The first of equals, so that nothing moves without a reason.
            let best = window.rev().max_by(|a, b| value(a).total_cmp(&value(b)));
            let best = best.unwrap_or(place);
            let (kind, of_series) = about(hits[best].1);
            kinds[kind as usize] += 1;
            if of_series > 0 {
                *series.entry(of_series).or_default() += 1;
            }
            hits[place..=best].rotate_right(1);
        }
    }

    /// A query for what the very best hits call themselves.
    fn feedback(&self, found: &Found, plan: &Plan) -> Result<Option<Box<dyn Query>>, SearchError> {
        let r = self.ranking;
        let Some(best) = found.best.first().map(|(score, _)| *score) else {
            return Ok(None);
        };
        if r.feedback <= 0.0 || plan.is_empty() {
            return Ok(None);
        }
        let mut hits = Vec::new();
        for (score, address) in found.best.iter().take(r.feedback_hits) {
            if *score >= r.feedback_least * best {
                hits.push((score / best, self.shown(*address)?));
            }
        }
        feedback::query(&hits, plan, &self.known(), r)
    }

    /// The question or dossier among the very first hits whose title and search words say all
    /// that was asked.
    fn answer(&self, attempt: &Attempt) -> Result<Option<usize>, SearchError> {
        let asked = attempt.plan.subject_stems();
        if self.start() > 0 || self.request.order != Order::Relevance {
            return Ok(None);
        }
        let best = attempt.found.best.first().map_or(0.0, |(score, _)| *score);
        let least = best * self.ranking.answer;
        for (at, (score, address)) in attempt.found.best.iter().take(ANSWERS).enumerate() {
            let columns = &self.snapshot.segments[address.segment_ord as usize];
            let kind = RecordKind::ALL[columns.kinds[address.doc_id as usize] as usize];
            let answers = matches!(kind, RecordKind::Faq | RecordKind::Dossier);
            if answers && *score >= least && self.shown(*address)?.is_about(&asked) {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Words of records that begin as the words that were typed, or nearly.
    fn near(&self, reading: &Reading) -> Vec<String> {
        let mut near: Vec<String> = Vec::new();
        for word in &reading.words {
            let beginning: String = word.surface.chars().take(NEAR_LETTERS).collect();
            let found = self.snapshot.speller.complete(&beginning, MOST_NEAR);
            near.extend(found.into_iter().map(str::to_owned));
        }
        near.sort_unstable();
        near.dedup();
        near.truncate(MOST_NEAR);
        near
    }

    fn shown(&self, address: DocAddress) -> Result<Arc<Shown>, SearchError> {
        let Inner {
            fields, analyzer, ..
        } = self.inner;
        self.snapshot.shown(address, fields, analyzer)
    }

    /// How much a record is about the topics; the page of a topic itself is so all the more.
    pub(super) fn share(&self, topics: &Topics, address: DocAddress) -> f32 {
        let columns = &self.snapshot.segments[address.segment_ord as usize];
        let own = match RecordKind::ALL[columns.kinds[address.doc_id as usize] as usize] {
            RecordKind::Theme => self.ranking.topic_theme,
            RecordKind::Dossier => self.ranking.topic_dossier,
            RecordKind::Faq => self.ranking.topic_faq,
            RecordKind::Organisation => self.ranking.topic_organisation,
            _ => 1.0,
        };
        own * topics.share(columns.topics.of(address.doc_id))
    }

    fn hits(&self, attempt: &Attempt) -> Result<Vec<Hit>, SearchError> {
        let marker = &attempt.plan.marker;
        let with_words: HashSet<&DocAddress> = attempt.by_words.iter().map(|(_, at)| at).collect();
        let page = attempt
            .found
            .best
            .iter()
            .skip(self.start())
            .take(self.per_page());
        page.map(|(score, address)| {
            let segment = &self.snapshot.segments[address.segment_ord as usize];
            let shown = self.shown(*address)?;
            Ok(Hit {
                related: !with_words.contains(address),
                kind: RecordKind::ALL[segment.kinds[address.doc_id as usize] as usize],
                slug: shown.slug.clone(),
                title_marks: shown.title_marks(marker),
                summary_marks: shown.summary_marks(marker),
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
        before.min(self.snapshot.record_count())
    }
}
