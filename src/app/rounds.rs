//! Follows the calendars of organisations, each when its time has come.

use std::time::Duration;

use sqlx::PgPool;

use crate::base::Clock;
use crate::base::contact::WebAddress;
use crate::catalogue::calendar_sources::{self as sources, Outcome, Run, Source, Validators};
use crate::config::Config;
use crate::fetch::{self, Answer, Fetcher, Guard, Link};
use crate::interchange::calendars::{self, Consent, Given};
use crate::telemetry;
use anyhow::Context;

/// Due sources are looked for this often.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Follows what is due, one source after the other.
pub struct Rounds {
    pool: PgPool,
    clock: Clock,
    fetcher: Fetcher,
}

impl Rounds {
    /// # Errors
    /// When the cryptography is not there.
    pub fn new(config: &Config, pool: PgPool, clock: Clock) -> anyhow::Result<Self> {
        let guard = Guard::allowing(&config.fetch.allow);
        Ok(Self {
            pool,
            clock,
            fetcher: Fetcher::new(guard)?,
        })
    }

    /// With other limits or names than those of a running portal.
    #[must_use]
    pub fn fetching_by(self, fetcher: Fetcher) -> Self {
        Self { fetcher, ..self }
    }

    /// For ever. While the database is away it waits.
    pub async fn go(self) {
        loop {
            if let Err(error) = self.once().await {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "calendars could not be followed yet"
                );
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Follows what is due; returns the number of runs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn once(&self) -> anyhow::Result<usize> {
        let mut runs = 0;
        loop {
            let mut conn = self.pool.acquire().await?;
            let Some(slug) = sources::commands::claim(&mut conn).await? else {
                return Ok(runs);
            };
            let source = sources::store::source(&mut conn, &slug).await?;
            drop(conn);
            let source = source.context("a source is gone")?;
            self.follow(&source, &source.validators, Consent::default())
                .await?;
            runs += 1;
        }
    }

    /// Fetches and follows one source; what cannot be fetched is a run that changed nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn follow(
        &self,
        source: &Source,
        known: &Validators,
        consent: Consent,
    ) -> anyhow::Result<Run> {
        let known = fetch::Validators {
            etag: known.etag.clone(),
            last_modified: known.last_modified.clone(),
        };
        let url = source.draft.url.as_ref().map_or("", WebAddress::as_str);
        let answer = match Link::parse(url) {
            Ok(link) => self.fetcher.get(&link, &known).await,
            Err(fault) => Err(fault),
        };
        let now = self.clock.now().to_utc();
        let run = match answer {
            Ok(Answer::Body(bytes, validators)) => {
                let validators = Validators {
                    etag: validators.etag,
                    last_modified: validators.last_modified,
                };
                let given = Given { bytes, validators };
                calendars::follow(&self.pool, source, given, self.clock, consent).await?
            }
            Ok(Answer::Unchanged) => {
                self.note(source, Run::new(now, Outcome::Unchanged), consent)
                    .await?
            }
            Err(fault) => {
                self.note(source, Run::refused(now, fault.to_string()), consent)
                    .await?
            }
        };
        report(source, &run);
        Ok(run)
    }

    /// Writes down a run that had nothing to follow.
    async fn note(&self, source: &Source, run: Run, consent: Consent) -> anyhow::Result<Run> {
        if !consent.dry_run {
            calendars::note(&self.pool, source, &run, &source.validators).await?;
        }
        Ok(run)
    }
}

/// A line for the operator. Never the address: it may hold a key.
fn report(source: &Source, run: &Run) {
    let source = source.draft.slug.as_str();
    telemetry::calendar_run(run.outcome.as_str());
    if run.outcome == Outcome::Refused {
        let why = run
            .remarks
            .first()
            .map_or("", |remark| remark.text.as_str());
        tracing::warn!(
            source,
            why,
            "a calendar was not followed, and nothing was changed"
        );
        return;
    }
    tracing::info!(
        source,
        registered = run.registered,
        revised = run.revised,
        unchanged = run.unchanged,
        withdrawn = run.withdrawn,
        kept = run.kept,
        refused = run.refused,
        "a calendar was followed"
    );
}
