//! The commands that try the search on a fresh index of the records; a running portal goes on.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::NaiveDateTime;

use super::{Records, block_on, language, say};
use crate::base::Clock;
use crate::config::Config;
use crate::database;
use crate::indexing::Keeper;
use crate::search::evaluation::{self, Figures, Judged};
use crate::search::ranking::PARTS;
use crate::search::{Engine, SearchRequest};

/// Searches a fresh index of the records and prints the hits. A running portal may go on.
///
/// # Errors
/// When a weight is unknown, or the database cannot be reached.
pub fn search(words: &str, explain: bool, weights: &[String]) -> anyhow::Result<()> {
    with_fresh_index(weights, |engine, now| {
        let request = SearchRequest {
            words: words.to_owned(),
            now: Some(now),
            per_page: 20,
            ..SearchRequest::default()
        };
        if explain {
            say(engine.explain(&request)?)?;
        } else {
            let found = engine.search(&request)?;
            say(format_args!("{} found\n", found.total))?;
            for hit in &found.hits {
                say(format_args!(
                    "{:>7.2}  {}:{}  {}\n",
                    hit.score,
                    hit.kind.as_str(),
                    hit.slug,
                    hit.card.title
                ))?;
            }
        }
        Ok(())
    })
}

/// Asks graded queries on a fresh index of the records, and prints the figures. A running portal
/// may go on.
///
/// # Errors
/// When the table has a fault, a weight is unknown, or the database cannot be reached.
pub fn evaluate(
    file: &Path,
    weights: &[String],
    write: Option<&Path>,
    rounds: u32,
) -> anyhow::Result<()> {
    let judgments = judgments(file)?;
    with_fresh_index(weights, |engine, now| {
        let answer = |query: &str| engine.answer(query, now);
        say(evaluation::evaluate(&judgments, answer)?)?;
        if let Some(path) = write {
            let run = evaluation::run(&judgments, answer)?;
            std::fs::write(path, run)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        if rounds > 0 {
            say(latency(engine, &judgments, now, rounds)?)?;
        }
        Ok(())
    })
}

/// How long a page of twenty takes in the process: the best of some rounds per query, percentiles
/// over the queries.
fn latency(
    engine: &Engine,
    judgments: &[Judged],
    now: NaiveDateTime,
    rounds: u32,
) -> anyhow::Result<String> {
    let mut best = Vec::with_capacity(judgments.len());
    for judged in judgments {
        let request = SearchRequest {
            words: judged.query.clone(),
            now: Some(now),
            per_page: 20,
            ..SearchRequest::default()
        };
        let mut quickest = Duration::MAX;
        for _ in 0..rounds {
            let begun = Instant::now();
            engine.search(&request)?;
            quickest = quickest.min(begun.elapsed());
        }
        best.push(quickest.as_micros());
    }
    best.sort_unstable();
    let at = |percent: usize| best.get((best.len() - 1) * percent / 100).copied();
    let [p50, p95, p99] = [50, 95, 99].map(|percent| at(percent).unwrap_or_default());
    Ok(format!(
        "a page of 20: p50 {p50} us, p95 {p95} us, p99 {p99} us\n"
    ))
}

/// Prints the figures of answers that stand in a table, from whatever engine.
///
/// # Errors
/// When a table has a fault.
pub fn weigh(file: &Path, answers: &Path) -> anyhow::Result<()> {
    let judgments = judgments(file)?;
    let table = read(answers)?;
    let answers = evaluation::answers(&judgments, &table)
        .map_err(|fault| anyhow::anyhow!("{}, {fault}", answers.display()))?;
    let answer =
        |query: &str| Ok::<_, anyhow::Error>(answers.get(query).cloned().unwrap_or_default());
    say(evaluation::evaluate(&judgments, answer)?.figures())
}

/// Prints what each part of search is worth: the figures without it, as a Markdown table.
///
/// # Errors
/// As [`evaluate`].
pub fn ablation(file: &Path, weights: &[String]) -> anyhow::Result<()> {
    let judgments = judgments(file)?;
    with_fresh_index(weights, |engine, now| {
        let full = engine.ranking();
        let figures = |changes: &[&str]| {
            let ranking = changes
                .iter()
                .try_fold(full.clone(), |r, change| r.with(change));
            engine.rank_by(ranking.map_err(anyhow::Error::msg)?);
            anyhow::Ok(evaluation::evaluate(&judgments, |query| engine.answer(query, now))?.total)
        };
        let all = figures(&[])?;
        say("| without | success@1 | success@3 | nDCG@10 | change |\n|---|---|---|---|---|\n")?;
        let line = |name: &str, f: Figures| {
            say(format_args!(
                "| {name} | {:.3} | {:.3} | {:.3} | {:+.3} |\n",
                f.success_1,
                f.success_3,
                f.ndcg,
                f.ndcg - all.ndcg
            ))
        };
        line("nothing: all parts", all)?;
        for (part, changes) in PARTS {
            line(part, figures(changes)?)?;
        }
        Ok(())
    })
}

pub(super) fn judgments(file: &Path) -> anyhow::Result<Vec<Judged>> {
    evaluation::read(&read(file)?).map_err(|fault| anyhow::anyhow!("{}, {fault}", file.display()))
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// Builds an index of the records in a temporary folder and does something with it.
fn with_fresh_index(
    weights: &[String],
    act: impl FnOnce(&Engine, NaiveDateTime) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = Config::load()?;
    let records = Records::open(&config, false)?;
    let folder = tempfile::tempdir().context("there is no place for temporary files")?;
    block_on(async {
        let pool = records.pool();
        database::migrate(&pool).await?;
        let (engine, _) = Engine::open(folder.path(), language(&config))?;
        let mut ranking = engine.ranking();
        for change in weights {
            ranking = ranking.with(change).map_err(anyhow::Error::msg)?;
        }
        engine.rank_by(ranking);
        Keeper::new(pool.clone(), engine.clone(), Clock::System, |_| ())
            .rebuild()
            .await?;
        pool.close().await;
        anyhow::ensure!(
            engine.record_count() > 0,
            "there are no public records in this database: import them, or look at WIJZER_DATA_DIR and DATABASE_URL"
        );
        act(&engine, Clock::System.local())
    })
}
