//! What search would find with a group of words as it is filled in, before it is saved.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;

use crate::admin::office::Office;
use crate::catalogue::Vocabulary;
use crate::catalogue::words::{Synonym, store};
use crate::indexing;
use crate::search::evaluation::{self, Answer, DEPTH, Judged};
use crate::search::{Engine, Rehearsal, SearchError, SearchResult};
use crate::web::Error;

/// Whoever waits for longer goes and saves. What was not tried by then is told.
const PATIENCE: Duration = Duration::from_secs(3);
/// Searches that found nothing and are tried.
const UNANSWERED: usize = 50;
/// Rows that are shown.
const SHOWN: usize = 40;
/// Hits of a search that are shown.
const HITS: usize = 3;

/// What changes.
pub struct Effect {
    /// How many searches were tried, of how many.
    pub tried: usize,
    pub of: usize,
    /// What changes, the worst first; no more than are shown.
    pub changes: Vec<Change>,
    pub changed: usize,
    /// How well the graded queries find, before and after; `None`: there are none that these
    /// records answer.
    pub total: Option<(String, String)>,
}

/// A search that finds something else.
pub struct Change {
    pub query: String,
    /// Why it was tried.
    pub why: &'static str,
    /// By how much, in words.
    pub verdict: String,
    /// Of a graded query: points won, or lost.
    gain: f64,
    /// The titles of the first hits.
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// A search to try.
struct Trial {
    why: &'static str,
    judged: Judged,
}

/// Tries the words of a group, searches that found nothing, and the graded queries, in this order.
/// `names` are those that would hold.
///
/// # Errors
/// When the database does not answer, or the index is damaged.
pub async fn of(
    office: &Office,
    conn: &mut sqlx::PgConnection,
    group: &Synonym,
    names: Vocabulary,
) -> Result<Effect, Error> {
    let unanswered = store::often_unanswered(conn).await?;
    let plain = |why, query: &str| Trial {
        why,
        judged: Judged {
            id: String::new(),
            query: query.to_owned(),
            kind: String::new(),
            emergency: false,
            relevant: HashMap::new(),
        },
    };
    let own = group
        .terms
        .iter()
        .map(|term| plain("woord uit deze groep", term));
    let asked = unanswered.iter().take(UNANSWERED);
    let asked = asked.map(|asked| plain("vaak gezocht, niets gevonden", &asked.words));
    let graded = office.graded.iter().map(|judged| Trial {
        why: "testvraag",
        judged: judged.clone(),
    });
    // What is graded says more: it is not tried a second time.
    let known: HashSet<&str> = office.graded.iter().map(|one| one.query.as_str()).collect();
    let plain = own
        .chain(asked)
        .filter(|trial| !known.contains(trial.judged.query.as_str()));
    let trials: Vec<Trial> = plain.chain(graded).collect();
    let (engine, now) = (office.engine.clone(), office.clock.local());
    let tried = tokio::task::spawn_blocking(move || {
        let rehearsal = indexing::rehearse(&engine, &names);
        try_all(&engine, &rehearsal, trials, now)
    });
    tried
        .await
        .map_err(|error| Error::Internal(error.into()))?
        .map_err(|error| Error::Internal(error.into()))
}

fn try_all(
    engine: &Engine,
    rehearsal: &Rehearsal,
    trials: Vec<Trial>,
    now: NaiveDateTime,
) -> Result<Effect, SearchError> {
    let begun = Instant::now();
    let of = trials.len();
    let (mut tried, mut graded, mut sums, mut changes) = (0, 0, (0.0, 0.0), Vec::new());
    for trial in trials {
        if begun.elapsed() > PATIENCE {
            break;
        }
        tried += 1;
        let request = evaluation::request(&trial.judged.query, now);
        let (before, after) = (engine.search(&request)?, rehearsal.search(&request)?);
        let (was, is) = (Answer::from(&before), Answer::from(&after));
        let points = |answer| evaluation::weigh(&trial.judged, answer).ndcg * 100.0;
        let (was_worth, is_worth) = (points(&was), points(&is));
        if !trial.judged.relevant.is_empty() {
            graded += 1;
            sums = (sums.0 + was_worth, sums.1 + is_worth);
        }
        if was != is {
            changes.push(Change {
                verdict: verdict(&trial.judged, (&was, was_worth), (&is, is_worth)),
                gain: is_worth - was_worth,
                query: trial.judged.query,
                why: trial.why,
                before: titles(&before),
                after: titles(&after),
            });
        }
    }
    // What gets worse is what one must see; the others in the order in which they were tried.
    changes.sort_by(|one, other| one.gain.total_cmp(&other.gain));
    let count = changes.len();
    changes.truncate(SHOWN);
    let mean = |sum: f64| format!("{:.1}", sum / f64::from(graded.max(1))).replace('.', ",");
    let answered = sums.0 > 0.0 || sums.1 > 0.0;
    Ok(Effect {
        tried,
        of,
        changes,
        changed: count,
        total: answered.then(|| (mean(sums.0), mean(sums.1))),
    })
}

fn titles(found: &SearchResult) -> Vec<String> {
    let first = found.hits.iter().take(HITS);
    first.map(|hit| hit.card.title.clone()).collect()
}

/// By how much it changes, in words.
fn verdict(
    judged: &Judged,
    (was, was_worth): (&Answer, f64),
    (is, is_worth): (&Answer, f64),
) -> String {
    if judged.relevant.is_empty() {
        return match (was.hits.len(), is.hits.len()) {
            (0, found) => format!("eerst niets, nu {found}{}", more(found)),
            (found, 0) => format!("eerst {found}{}, nu niets", more(found)),
            (before, after) if before != after => {
                format!("eerst {before}{}, nu {after}{}", more(before), more(after))
            }
            _ => "andere volgorde".to_owned(),
        };
    }
    let points = format!("van {was_worth:.0} naar {is_worth:.0} punten");
    match is_worth - was_worth {
        gain if gain > 0.0 => format!("beter: {points}"),
        gain if gain < 0.0 => format!("slechter: {points}"),
        _ => "anders, even goed".to_owned(),
    }
}

/// Only the first page is counted.
fn more(found: usize) -> &'static str {
    if found >= DEPTH { " of meer" } else { "" }
}
