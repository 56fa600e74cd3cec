//! What the best hits call themselves: their titles and the editors' search words say in other
//! words what was asked, and find records that use those.

use std::collections::HashMap;
use std::sync::Arc;

use super::correction::Known;
use super::error::SearchError;
use super::matches::Matches;
use super::query::Plan;
use super::ranking::Ranking;
use super::stored::Shown;

/// The records that hold words of the best hits, with scores from 0 to 1.
///
/// # Errors
/// When the index is damaged.
pub fn matches(
    best: &[(f32, Arc<Shown>)],
    plan: &Plan,
    known: &Known,
    ranking: &Ranking,
) -> Result<Matches, SearchError> {
    let mut weights: HashMap<&str, f32> = HashMap::new();
    for (share, shown) in best {
        let subject = shown.subject_words().map(|stem| (stem, *share));
        let summary = shown
            .summary_words()
            .map(|stem| (stem, share * ranking.feedback_summary));
        for (stem, share) in subject.chain(summary) {
            if !plan.stems.contains(stem) && !known.analyzer.is_weak(stem) {
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
        return Ok(Matches::default());
    }
    let (f, r) = (known.fields, ranking);
    let fields = [
        (f.title, r.title),
        (f.keywords, r.keywords),
        (f.title_parts, r.title_parts),
        (f.labels, r.labels),
        (f.summary, r.summary),
    ];
    let mut by_word = Vec::with_capacity(words.len());
    for (weight, stem) in words {
        let mut choices = Vec::with_capacity(fields.len());
        for (field, boost) in fields {
            choices.push(known.snapshot.postings.matches(field, stem, boost)?);
        }
        by_word.push(Matches::best(&choices, r.tie).saturated(weight / total, r.half));
    }
    Ok(Matches::any_of(&by_word))
}
