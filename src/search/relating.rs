//! Which records belong together: what the best hits are about lifts others that are about it,
//! and a record stands beside another kind, not beside its own double.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::DocAddress;

use super::blend::Blend;
use super::collector::{Found, PageCollector};
use super::error::SearchError;
use super::feedback;
use super::inner::View;
use super::language::Word;
use super::matches::Matches;
use super::query::Plan;
use super::topics::Topics;
use crate::base::RecordKind;

/// So many of the best hits are put in order by what they are about; nobody reads further.
pub(super) const WINDOW: usize = 200;
/// Among so many first hits is the record whose title was typed.
const TITLES: usize = 30;
/// So many first results are varied.
const VARIED: usize = 10;

/// What records that hold none of the words may have in common with those that do.
pub(super) struct Related {
    pub topics: Topics,
    /// The records that hold the other words, with a share of them: 0 to 1.
    feedback: Matches,
    /// The best score by words.
    pub best: f32,
    /// Few records hold the words: others join them.
    few: bool,
}

impl View<'_> {
    /// What the best hits are about, and in which other words.
    pub(super) fn related(&self, found: &Found, plan: &Plan) -> Result<Related, SearchError> {
        let best = found.best.first().filter(|_| !plan.is_empty());
        let best = best.map_or(0.0, |(score, _)| *score);
        let sound = best >= self.ranking.sound * plan.best_possible();
        let few = sound && found.tally.matched < self.ranking.topic_few;
        Ok(Related {
            topics: if plan.is_empty() {
                Topics::default()
            } else {
                Topics::of(&found.best, self.snapshot, self.ranking)
            },
            feedback: if few {
                self.feedback(found, plan)?
            } else {
                Matches::default()
            },
            best,
            few,
        })
    }

    /// Lifts the best hits that are about what most of them are about. When there are few hits, the
    /// other records of these topics join them, and records that hold what the very best call
    /// themselves.
    pub(super) fn relate(
        &self,
        found: &mut Found,
        matches: &Matches,
        related: &Related,
        collector: &PageCollector,
    ) -> Result<(), SearchError> {
        if related.best <= 0.0 {
            return Ok(());
        }
        if related.few {
            let of_topics = self.of_topics(&related.topics)?.without(matches);
            let by_words = related.feedback.without(matches).without(&of_topics);
            // Without words of the query, the score is still to come.
            let mut join = |others: Found| {
                found.tally.add(&others.tally);
                let others = others.best.into_iter().map(|(_, address)| (0.0, address));
                found.best.extend(others);
            };
            join(collector.collect(&of_topics, self.snapshot));
            let plain = PageCollector {
                blend: Arc::new(Blend::plain()),
                ..collector.clone()
            };
            let by_words = by_words.at_least(self.ranking.feedback_join);
            let others = plain.collect(&by_words, self.snapshot);
            // More than can be put in order would be a flood, and no help.
            if others.tally.matched <= WINDOW {
                join(others);
            }
        }
        // Nothing joined many hits: those beyond the window keep their order on every page.
        let most = if related.few { usize::MAX } else { WINDOW };
        for (score, address) in found.best.iter_mut().take(most) {
            let (topics, words) = self.lifts(related, *address);
            let columns = &self.snapshot.segments[address.segment_ord as usize];
            *score += collector
                .blend
                .value(columns, address.doc_id, topics + words);
        }
        PageCollector::sort(&mut found.best, self.snapshot);
        Ok(())
    }

    /// What a record gets for its topics, and for the other words it holds.
    pub(super) fn lifts(&self, related: &Related, address: DocAddress) -> (f32, f32) {
        let r = self.ranking;
        let topics = r.topic * self.share(&related.topics, address);
        let held = related
            .feedback
            .score(self.snapshot.postings.number(address));
        let words = r.feedback * held.unwrap_or_default();
        (related.best * topics, related.best * words)
    }

    /// The records of topics that are shared enough, no more than can be put in order.
    fn of_topics(&self, topics: &Topics) -> Result<Matches, SearchError> {
        let names = self.snapshot.names.topics.slugs();
        let mut room = WINDOW;
        let fits = |topic: &u32| {
            let records = self.snapshot.topic_counts[*topic as usize] as usize;
            let fits = records <= room;
            room -= if fits { records } else { 0 };
            fits
        };
        let least = self.ranking.topic_join;
        let topics = topics.shares().filter(|(_, share)| *share >= least);
        let topics = topics.map(|(topic, _)| topic);
        let field = self.inner.fields.topics;
        let mut by_topic = Vec::new();
        for topic in topics.filter(fits) {
            let records = &self.snapshot.postings;
            by_topic.push(records.matches(field, &names[topic as usize], 1.0)?);
        }
        Ok(Matches::any_of(&by_topic))
    }

    /// Who types a whole title looks for that record.
    pub(super) fn lift_titles(&self, found: &mut Found, typed: &[Word]) -> Result<(), SearchError> {
        if typed.is_empty() {
            return Ok(());
        }
        let mut lifted = false;
        for (score, address) in found.best.iter_mut().take(TITLES) {
            let factor = self.title_factor(*address, typed)?;
            lifted |= factor > 1.0;
            *score *= factor;
        }
        if lifted {
            PageCollector::sort(&mut found.best, self.snapshot);
        }
        Ok(())
    }

    pub(super) fn title_factor(
        &self,
        address: DocAddress,
        typed: &[Word],
    ) -> Result<f32, SearchError> {
        let titled = self.shown(address)?.is_titled(typed);
        Ok(if titled {
            self.ranking.whole_title
        } else {
            1.0
        })
    }

    /// Puts different things among the first results: another kind of record, and one record of a
    /// series.
    pub(super) fn vary(&self, hits: &mut [(f32, DocAddress)]) {
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

    /// The records that hold what the very best hits call themselves.
    fn feedback(&self, found: &Found, plan: &Plan) -> Result<Matches, SearchError> {
        let r = self.ranking;
        let Some(best) = found.best.first().map(|(score, _)| *score) else {
            return Ok(Matches::default());
        };
        if r.feedback <= 0.0 || plan.is_empty() {
            return Ok(Matches::default());
        }
        let mut hits = Vec::new();
        for (score, address) in found.best.iter().take(r.feedback_hits) {
            if *score >= r.feedback_least * best {
                hits.push((score / best, self.shown(*address)?));
            }
        }
        feedback::matches(&hits, plan, &self.known(), r)
    }

    /// How much a record is about the topics; the page of a topic itself is so all the more.
    fn share(&self, topics: &Topics, address: DocAddress) -> f32 {
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
}
