//! What a query is about: the topics that its best hits share.
//!
//! The editors said of every record which theme and dossier it belongs to. When most of the best
//! hits belong to one, the other records of that topic are what the visitor is looking for too,
//! whether or not they use the words: the theme page, the organisation behind an activity, the
//! question that says "loophulp" where another says "rollator".

use std::collections::HashMap;

use tantivy::DocAddress;

use super::ranking::Ranking;
use super::snapshot::Snapshot;

/// Topics by number, with how much of the best hits each covers (0 to 1).
#[derive(Clone, Default, Debug)]
pub struct Topics(Vec<(u32, f32)>);

impl Topics {
    /// The topics of the best hits. A topic that many records have says less.
    #[must_use]
    pub fn of(hits: &[(f32, DocAddress)], snapshot: &Snapshot, ranking: &Ranking) -> Self {
        let Some(best) = hits.first().map(|(score, _)| *score) else {
            return Self::default();
        };
        if best <= 0.0 || ranking.topic <= 0.0 {
            return Self::default();
        }
        let mut votes: HashMap<u32, f32> = HashMap::new();
        let mut total = 0.0;
        for (score, address) in hits.iter().take(ranking.topic_hits) {
            let weight = (score / best).powf(ranking.topic_power);
            let columns = &snapshot.segments[address.segment_ord as usize];
            let topics = columns.topics.of(address.doc_id);
            if topics.is_empty() {
                continue;
            }
            total += weight;
            for topic in topics {
                *votes.entry(*topic).or_default() += weight;
            }
        }
        let mut topics: Vec<(u32, f32)> = votes
            .into_iter()
            .map(|(topic, votes)| {
                let share = votes / (total + ranking.topic_doubt);
                (topic, share * snapshot.rarity_of_topic(topic))
            })
            .filter(|(_, share)| *share >= ranking.topic_least)
            .collect();
        topics.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Self(topics)
    }

    /// The topics with the share of the best hits that each covers, most shared first.
    pub fn shares(&self) -> impl Iterator<Item = (u32, f32)> {
        self.0.iter().copied()
    }

    /// How much a record with these topics is about what was asked: 0 to 1.
    #[must_use]
    pub fn share(&self, topics: &[u32]) -> f32 {
        let missed = self
            .0
            .iter()
            .filter(|(topic, _)| topics.contains(topic))
            .fold(1.0, |missed, (_, share)| missed * (1.0 - share));
        1.0 - missed
    }
}
