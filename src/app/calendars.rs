//! Commands that manage the calendars of organisations.

use std::path::Path;

use anyhow::Context;
use sqlx::{PgConnection, PgPool};

use super::rounds::Rounds;
use super::{Records, block_on, say};
use crate::access::Actor;
use crate::base::contact::WebAddress;
use crate::base::{Clock, Slug};
use crate::catalogue::calendar_sources::{
    self as sources, Managed, Outcome, Run, Source, Validators,
};
use crate::catalogue::editing::entries::{self, Listed};
use crate::catalogue::{Act, State, organisations, places, themes};
use crate::config::Config;
use crate::database;
use crate::fetch::Link;
use crate::interchange::calendars::{self, Consent, Given};

/// What somebody typed to register or revise a source.
pub struct Wanted {
    pub slug: String,
    pub organisation: String,
    pub name: Option<String>,
    pub url: Option<String>,
    pub kind: String,
    pub step: String,
    pub place: Option<String>,
    pub themes: Vec<String>,
    pub audiences: Vec<String>,
    pub publish: bool,
    pub every_hours: u32,
    pub paused: bool,
}

/// Registers a source, or revises the one of that slug.
///
/// # Errors
/// One sentence on what cannot be: a name that is not there, an address that cannot be followed.
pub fn add(wanted: &Wanted) -> anyhow::Result<()> {
    let draft = wanted.draft()?;
    with_records(async |_, pool| {
        let mut transaction = pool.begin().await?;
        check_names(&mut transaction, &draft).await?;
        let present = sources::store::sources(&mut transaction, Some(&draft.slug)).await?;
        let act = if present.is_empty() {
            Act::Register
        } else {
            Act::Revise
        };
        sources::commands::keep(&mut transaction, &Actor::Operator, act, &draft).await?;
        transaction.commit().await?;
        let done = if act == Act::Register {
            "registered"
        } else {
            "revised"
        };
        say(format_args!("{} is {done}.\n", draft.slug))
    })
}

impl Wanted {
    fn draft(&self) -> anyhow::Result<sources::Draft> {
        let slug = |text: &String| Ok(Slug::parse(text)?);
        let slugs = |texts: &[String]| texts.iter().map(slug).collect::<anyhow::Result<Vec<_>>>();
        let url = self.url.as_deref().map(|url| {
            let link = Link::parse(url)?;
            Ok::<_, anyhow::Error>(WebAddress::parse(&link.to_string())?)
        });
        let known = |what: &'static str| move |fault: String| anyhow::anyhow!("{what}: {fault}");
        Ok(sources::Draft {
            slug: slug(&self.slug)?,
            name: self.name.clone().unwrap_or_else(|| self.slug.clone()),
            organisation: slug(&self.organisation)?,
            url: url.transpose()?,
            kind: self.kind.parse().map_err(known("--kind"))?,
            step: self.step.parse().map_err(known("--step"))?,
            place: self.place.as_ref().map(slug).transpose()?,
            themes: slugs(&self.themes)?,
            audiences: slugs(&self.audiences)?,
            new_state: if self.publish {
                State::Published
            } else {
                State::Draft
            },
            every_minutes: i32::try_from(self.every_hours)?.saturating_mul(60),
            enabled: !self.paused,
        })
    }
}

/// What a source refers to must be there: the database would leave out what is not.
async fn check_names(conn: &mut PgConnection, draft: &sources::Draft) -> anyhow::Result<()> {
    let organisations = organisations::store::drafts(conn).await?;
    let there = organisations.iter().any(|o| o.slug == draft.organisation);
    anyhow::ensure!(there, "there is no organisation {}", draft.organisation);
    let places = places::store::drafts(conn).await?;
    let themes = themes::store::drafts(conn).await?;
    let audiences = themes::store::audiences(conn).await?;
    let no_place = |slug: &&Slug| !places.iter().any(|place| place.slug == **slug);
    let no_theme = |slug: &&Slug| !themes.iter().any(|theme| theme.slug == **slug);
    let no_audience = |slug: &&Slug| !audiences.iter().any(|audience| audience.slug == **slug);
    let places = draft.place.iter().filter(no_place);
    let themes = draft.themes.iter().filter(no_theme);
    let audiences = draft.audiences.iter().filter(no_audience);
    let wrong: Vec<&str> = places
        .chain(themes)
        .chain(audiences)
        .map(Slug::as_str)
        .collect();
    anyhow::ensure!(wrong.is_empty(), "not known: {}", wrong.join(", "));
    Ok(())
}

/// Lists the sources: slug, organisation, state, last outcome, address.
///
/// # Errors
/// When the database cannot be reached, or standard output is closed.
pub fn list() -> anyhow::Result<()> {
    with_records(async |_, pool| {
        let mut conn = pool.acquire().await?;
        for Managed { draft, last } in Managed::all(&mut conn).await? {
            let last = last.as_ref().map_or("no run yet".to_owned(), told);
            let state = if draft.enabled { "on" } else { "paused" };
            let url = draft.url.as_ref().map_or("by file", WebAddress::as_str);
            say(format_args!(
                "{}\t{}\t{state}\t{last}\t{url}\n",
                draft.slug, draft.organisation
            ))?;
        }
        Ok(())
    })
}

/// Prints the last runs of a source with their remarks, the newest first.
///
/// # Errors
/// As [`list`]; or when there is no such source.
pub fn log(slug: &str) -> anyhow::Result<()> {
    with_records(async |_, pool| {
        let mut conn = pool.acquire().await?;
        let source = find(&mut conn, slug).await?;
        for run in sources::store::runs(&mut conn, source.id, 20).await? {
            say(format_args!("{}\n", told(&run)))?;
            remarks(&run)?;
        }
        Ok(())
    })
}

/// Follows a source no more; its activities stay.
///
/// # Errors
/// When there is no such source, or the database cannot be reached.
pub fn remove(slug: &str) -> anyhow::Result<()> {
    with_records(async |_, pool| {
        let mut transaction = pool.begin().await?;
        let source = find(&mut transaction, slug).await?;
        let managed = Managed {
            draft: source.draft,
            last: None,
        };
        entries::take_away(&mut transaction, &Actor::Operator, &managed).await?;
        transaction.commit().await?;
        say(format_args!(
            "{slug} is not followed any more; its activities stay as they are.\n"
        ))
    })
}

/// Follows a source now, from its address or from a file, and prints what came of it.
///
/// # Errors
/// When the run is refused, or could not be written down.
pub fn run(slug: &str, file: Option<&Path>, consent: Consent) -> anyhow::Result<()> {
    with_records(async |config, pool| {
        let mut conn = pool.acquire().await?;
        let source = find(&mut conn, slug).await?;
        drop(conn);
        let run = if let Some(file) = file {
            let bytes = read_file(file)?;
            let validators = Validators::default();
            calendars::follow(
                &pool,
                &source,
                Given { bytes, validators },
                Clock::System,
                consent,
            )
            .await?
        } else {
            anyhow::ensure!(
                source.draft.url.is_some(),
                "{slug} has no address: give a --file"
            );
            let rounds = Rounds::new(&config, pool.clone(), Clock::System)?;
            // Asked by hand, it is read again also when nothing changed.
            rounds
                .follow(&source, &Validators::default(), consent)
                .await?
        };
        let dry = if consent.dry_run {
            "Dry run, nothing written: "
        } else {
            ""
        };
        say(format_args!("{dry}{run}.\n"))?;
        remarks(&run)?;
        anyhow::ensure!(
            run.outcome != Outcome::Refused,
            "the calendar was not followed"
        );
        Ok(())
    })
}

/// A file may be larger than any calendar: what is too large is not read whole.
fn read_file(file: &Path) -> anyhow::Result<Vec<u8>> {
    use std::io::Read;
    let most = calendars::items::LARGEST as u64 + 1;
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(bytes)
}

fn told(run: &Run) -> String {
    format!("{}: {run}", run.at.format("%Y-%m-%d %H:%MZ"))
}

fn remarks(run: &Run) -> anyhow::Result<()> {
    run.remarks
        .iter()
        .try_for_each(|remark| say(format_args!("  {remark}\n")))
}

async fn find(conn: &mut PgConnection, slug: &str) -> anyhow::Result<Source> {
    let slug = Slug::parse(slug)?;
    let found = sources::store::source(conn, &slug).await?;
    found.with_context(|| format!("there is no source {slug}"))
}

fn with_records(
    work: impl AsyncFnOnce(Config, PgPool) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = Config::load()?;
    let records = Records::open(&config, false)?;
    block_on(async {
        let pool = records.pool();
        database::migrate(&pool).await?;
        work(config, pool.clone()).await?;
        pool.close().await;
        Ok(())
    })
}
