use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use sqlx::{Acquire, PgConnection, PgPool};

use super::merge::{Merged, merge};
use super::surroundings::{Surroundings, free_slug};
use super::{Item, Reading, Unreadable, items};
use crate::access::Actor;
use crate::base::{Clock, RecordKind, Slug};
use crate::catalogue::activities::{self, Draft};
use crate::catalogue::calendar_sources::{
    self as sources, Outcome, Remark, RemarkKind, Run, Source, Validators,
};
use crate::catalogue::{Act, CommandError, State, agenda, former_slugs};

/// What a run may do.
#[derive(Clone, Copy, Default, Debug)]
pub struct Consent {
    /// Say what would change, and write nothing.
    pub dry_run: bool,
    /// Everything that was still to come may be gone.
    pub all_gone: bool,
}

/// A file of a source, and what to ask with the next time.
pub struct Given {
    pub bytes: Vec<u8>,
    pub validators: Validators,
}

/// Follows a source: what is new in its file is registered, what changed is revised, what is gone
/// is withdrawn, and the run is written down, all in one transaction. A file that is broken, or
/// has lost everything that is still to come, changes nothing and is reported in the run.
///
/// # Errors
/// When the database does not answer; then nothing was changed, and no run is written down.
pub async fn follow(
    pool: &PgPool,
    source: &Source,
    given: Given,
    clock: Clock,
    consent: Consent,
) -> Result<Run, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    // No limit of the kind that guards visitors, and beside no other import.
    sqlx::query!("set local statement_timeout = '2min'")
        .execute(&mut *transaction)
        .await?;
    let surroundings = Surroundings::read(&mut transaction).await?;
    let now = clock.local();
    let bytes = given.bytes;
    let read = tokio::task::spawn_blocking(move || {
        let reading = items::read(&bytes, &surroundings.places, now)?;
        Ok::<_, Unreadable>((reading, surroundings))
    });
    let at = clock.now().to_utc();
    let run = match read
        .await
        .map_err(|fault| sqlx::Error::Io(std::io::Error::other(fault)))?
    {
        Err(unreadable) => Run::refused(at, unreadable.to_string()),
        Ok((reading, surroundings)) => {
            sqlx::query!("select pg_advisory_xact_lock(hashtext('wijzer import'))")
                .execute(&mut *transaction)
                .await?;
            let mut savepoint = transaction.begin().await?;
            let following = Following {
                source,
                actor: Actor::Calendar(source.draft.slug.to_string()),
                surroundings,
                now,
                run: Run::new(at, Outcome::Done),
            };
            let run = following.run(&mut savepoint, reading, consent).await?;
            if run.outcome == Outcome::Done {
                savepoint.commit().await?;
            } else {
                savepoint.rollback().await?;
            }
            run
        }
    };
    let validators = match run.outcome {
        Outcome::Refused => Validators::default(),
        _ => given.validators,
    };
    sources::commands::note_run(&mut transaction, source.id, &run, &validators).await?;
    if consent.dry_run {
        transaction.rollback().await?;
    } else {
        transaction.commit().await?;
    }
    Ok(run)
}

/// One run under way.
struct Following<'a> {
    source: &'a Source,
    actor: Actor,
    surroundings: Surroundings,
    now: NaiveDateTime,
    run: Run,
}

impl Following<'_> {
    async fn run(
        mut self,
        conn: &mut PgConnection,
        reading: Reading,
        consent: Consent,
    ) -> Result<Run, sqlx::Error> {
        let known = sources::store::items(conn, self.source.id).await?;
        let drafts = activities::store::drafts(conn).await?;
        let mut taken: HashSet<Slug> = drafts.iter().map(|draft| draft.slug.clone()).collect();
        let former = former_slugs::all(conn).await?;
        let former = former
            .into_iter()
            .filter(|redirect| redirect.kind == RecordKind::Activity);
        taken.extend(former.map(|redirect| redirect.former));
        let drafts: HashMap<Slug, Draft> =
            drafts.into_iter().map(|d| (d.slug.clone(), d)).collect();
        let ours = known
            .iter()
            .filter_map(|item| Some((item, drafts.get(&item.slug)?)));
        let to_come: Vec<_> = ours
            .clone()
            .filter(|(item, draft)| item.gone.is_none() && self.is_to_come(draft))
            .collect();
        let remain = to_come
            .iter()
            .filter(|(item, _)| reading.seen.contains(&item.uid))
            .count();
        if !to_come.is_empty() && remain == 0 && !consent.all_gone {
            let why = format!(
                "none of the {} activities that are still to come is in the calendar any more; \
                 when that is right, run it once with --all-gone",
                to_come.len()
            );
            return Ok(Run::refused(self.run.at, why));
        }
        self.run.remarks = reading.remarks;
        let refused = self
            .run
            .remarks
            .iter()
            .filter(|r| r.kind == RemarkKind::Refused);
        self.run.refused = i32::try_from(refused.count()).unwrap_or(i32::MAX);
        let by_uid: HashMap<&str, _> = ours
            .clone()
            .map(|(item, draft)| (item.uid.as_str(), (item, draft)))
            .collect();
        for item in &reading.items {
            let kept = match by_uid.get(item.uid.as_str()) {
                Some((known, draft)) => self.again(conn, item, known, draft).await,
                None => self.anew(conn, item, &mut taken).await,
            };
            self.allow(item, kept)?;
        }
        for (item, draft) in ours.filter(|(item, _)| !reading.seen.contains(&item.uid)) {
            if item.gone.is_none() {
                self.withdraw(conn, item, draft).await?;
            }
        }
        Ok(self.run)
    }

    /// One item that the database refuses is a remark; without an answer there is no run.
    fn allow(&mut self, item: &Item, kept: Result<(), CommandError>) -> Result<(), sqlx::Error> {
        match kept {
            Ok(()) => Ok(()),
            Err(CommandError::Database(error)) => Err(error),
            Err(refusal) => {
                self.run.refused += 1;
                self.remark(RemarkKind::Refused, &item.uid, refusal.to_string());
                Ok(())
            }
        }
    }

    fn remark(&mut self, kind: RemarkKind, uid: &str, text: String) {
        self.run.remarks.push(Remark {
            kind,
            uid: uid.to_owned(),
            line: None,
            text,
        });
    }

    /// What is over or called off is not registered any more.
    async fn anew(
        &mut self,
        conn: &mut PgConnection,
        item: &Item,
        taken: &mut HashSet<Slug>,
    ) -> Result<(), CommandError> {
        if item.over || item.cancelled {
            return Ok(());
        }
        let Some(slug) = free_slug(&item.title, taken) else {
            return Err(CommandError::Unknown);
        };
        let draft = self
            .surroundings
            .draft(&self.source.draft, item, slug.clone());
        self.keep(conn, Act::Register, &draft, (&item.uid, &draft, None))
            .await?;
        taken.insert(slug);
        self.run.registered += 1;
        Ok(())
    }

    async fn again(
        &mut self,
        conn: &mut PgConnection,
        item: &Item,
        known: &sources::Item,
        ours: &Draft,
    ) -> Result<(), CommandError> {
        let theirs = self
            .surroundings
            .draft(&self.source.draft, item, ours.slug.clone());
        let merged = merge(known.given.as_ref(), ours, &theirs);
        let Merged {
            mut draft,
            mut kept,
        } = merged.map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
        // Back in the source: as it was before, unless somebody has changed it here since.
        if let Some(gone) = known.gone {
            if gone.version == known.version {
                draft.upkeep.state = gone.state;
            } else if draft.upkeep.state == State::Withdrawn {
                kept.push("upkeep.state".to_owned());
            }
        }
        if draft == *ours {
            self.run.unchanged += 1;
            if known.given.as_ref() != Some(&theirs) || known.gone.is_some() {
                sources::commands::keep_item(conn, self.source.id, &item.uid, &theirs, None)
                    .await?;
            }
        } else {
            self.keep(conn, Act::Revise, &draft, (&item.uid, &theirs, None))
                .await?;
            self.run.revised += 1;
        }
        if !kept.is_empty() {
            self.run.kept += 1;
            let text = format!(
                "{} was edited here and stays: {}",
                ours.slug,
                kept.join(", ")
            );
            self.remark(RemarkKind::Kept, &item.uid, text);
        }
        Ok(())
    }

    async fn withdraw(
        &mut self,
        conn: &mut PgConnection,
        item: &sources::Item,
        ours: &Draft,
    ) -> Result<(), sqlx::Error> {
        let given = item.given.as_ref().unwrap_or(ours);
        let given = Draft {
            slug: ours.slug.clone(),
            ..given.clone()
        };
        let state = ours.upkeep.state;
        if state == State::Withdrawn {
            return sources::commands::keep_item(
                conn,
                self.source.id,
                &item.uid,
                &given,
                Some(state),
            )
            .await;
        }
        let mut draft = ours.clone();
        draft.upkeep.state = State::Withdrawn;
        let done = self
            .keep(
                conn,
                Act::Withdraw,
                &draft,
                (&item.uid, &given, Some(state)),
            )
            .await;
        match done {
            Ok(()) => self.run.withdrawn += 1,
            Err(CommandError::Database(error)) => return Err(error),
            Err(refusal) => self.remark(RemarkKind::Refused, &item.uid, refusal.to_string()),
        }
        Ok(())
    }

    /// Keeps an activity and what the source gave for it, behind a savepoint.
    async fn keep(
        &self,
        conn: &mut PgConnection,
        act: Act,
        draft: &Draft,
        (uid, given, gone): (&str, &Draft, Option<State>),
    ) -> Result<(), CommandError> {
        let mut savepoint = conn.begin().await?;
        activities::commands::keep(&mut savepoint, &self.actor, act, draft).await?;
        sources::commands::keep_item(&mut savepoint, self.source.id, uid, given, gone).await?;
        savepoint.commit().await?;
        Ok(())
    }

    fn is_to_come(&self, draft: &Draft) -> bool {
        let ahead = |s| !agenda::coming(s, &[], self.now, NaiveDate::MAX, 1).is_empty();
        draft.upkeep.state != State::Withdrawn && draft.schedules.iter().any(ahead)
    }
}

/// Writes down a run that could not begin, such as of a calendar that cannot be fetched.
///
/// # Errors
/// When the database does not answer.
pub async fn note(
    pool: &PgPool,
    source: &Source,
    run: &Run,
    validators: &Validators,
) -> Result<(), sqlx::Error> {
    let mut conn = pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    sources::commands::note_run(&mut transaction, source.id, run, validators).await?;
    transaction.commit().await
}
