//! What the best hits call themselves: their titles and the editors' search words say in other
//! words what was asked, and find records that use those.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::query::{BooleanQuery, Query};

use super::correction::Known;
use super::error::SearchError;
use super::query::{Plan, dismax, term};
use super::ranking::Ranking;
use super::saturated::Saturated;
use super::stored::Shown;

/// The words of the best hits, as a query with scores from 0 to 1.
///
/// # Errors
/// When the index is damaged.
pub fn query(
    best: &[(f32, Arc<Shown>)],
    plan: &Plan,
    known: &Known,
    ranking: &Ranking,
) -> Result<Option<Box<dyn Query>>, SearchError> {
    let mut weights: HashMap<&str, f32> = HashMap::new();
    for (share, shown) in best {
        let subject = shown.subject_words().map(|stem| (stem, *share));
        let summary = shown
            .summary_words()
            .map(|stem| (stem, share * ranking.feedback_summary));
        for (stem, share) in subject.chain(summary) {
            if !plan.marker.stems.contains(stem) && !known.analyzer.is_weak(stem) {
                *weights.entry(stem).or_default() += share;
            }
        }
    }
    let mut words = Vec::with_capacity(weights.len());
    for (stem, weight) in weights {
        words.push((weight * known.rarity_of_stem(stem)?, stem));
    }
    words.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    words.truncate(ranking.feedback_words);
    let total: f32 = words.iter().map(|(weight, _)| weight).sum();
    if total <= 0.0 {
        return Ok(None);
    }
    let queries = words.iter().map(|(weight, stem)| {
        let (f, r) = (known.fields, ranking);
        let fields = [
            (f.title, r.title),
            (f.keywords, r.keywords),
            (f.title_parts, r.title_parts),
            (f.labels, r.labels),
            (f.summary, r.summary),
        ];
        let fields = fields.map(|(field, boost)| term(field, stem, boost));
        let any = dismax(fields.into(), r.tie);
        Box::new(Saturated::new(any, weight / total, r.half)) as Box<dyn Query>
    });
    Ok(Some(Box::new(BooleanQuery::union(queries.collect()))))
}
