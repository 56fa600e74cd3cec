//! The running portal: from the start to the stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arc_swap::ArcSwap;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::rounds::Rounds;
use super::{Records, measure, open_index, users};
use crate::access::Actor;
use crate::accounts::{self, Passwords, Throttle};
use crate::admin::{self, Office, Preview, links};
use crate::base::Clock;
use crate::catalogue::Vocabulary;
use crate::catalogue::editing::{planned, unfinished};
use crate::catalogue::pictures;
use crate::catalogue::words::Unanswered;
use crate::config::Config;
use crate::darkroom::Darkroom;
use crate::database::{self, NotMigrated};
use crate::indexing::{self, Keeper, Watch};
use crate::interchange::{self, ImportError};
use crate::mail::Carrier;
use crate::openid::Provider;
use crate::search::evaluation::Judged;
use crate::search::{Engine, Opening};
use crate::site::{self, Portal, Site};
use crate::telemetry;
use crate::web::{self, Assets, Database, Generation, HostCookie, House, Limits, PageCache};

/// While PostgreSQL is away at the start, try again this often.
const RETRY: Duration = Duration::from_millis(500);
/// Searches without results are written down this often.
const UNANSWERED_EVERY: Duration = Duration::from_mins(1);
/// In the data directory: the names for menus and filters.
const VOCABULARY: &str = "vocabulary.json";
/// Database connections of the admin area.
const ADMIN_CONNECTIONS: u32 = 5;
/// A planned moment comes at most so much too late.
const PLANS_EVERY: Duration = Duration::from_secs(10);
/// Sessions and links whose time is over are removed this often.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// Serves until it is asked to stop.
///
/// # Errors
/// What keeps it from starting.
pub(super) async fn run(config: &Config, records: &Records) -> anyhow::Result<()> {
    let listener = web::serve::listen(config.server.listen, "WIJZER_LISTEN").await?;
    let handle = telemetry::install_metrics()?;
    tokio::spawn(telemetry::metrics_upkeep(handle.clone()));
    let (engine, opening) = open_index(config)?;
    let names = config.storage.data_dir.join(VOCABULARY);
    let vocabulary = Arc::new(ArcSwap::from_pointee(
        Vocabulary::load(&names).unwrap_or_default(),
    ));
    indexing::teach(&engine, &vocabulary.load());
    let generation = Generation::default();
    let unanswered = Unanswered::default();
    let grounds = Grounds {
        site: Database::lazy(records.options.clone(), config.storage.connections),
        // Its own: whatever happens in the admin area, residents read on.
        admin: Database::lazy(records.options.clone(), ADMIN_CONNECTIONS),
        engine: engine.clone(),
        watch: Watch::default(),
    };
    let watch = grounds.watch.clone();
    let house = house(
        config,
        grounds,
        &vocabulary,
        &generation,
        &unanswered,
        Clock::System,
    )?;
    tokio::spawn(keep_unanswered(unanswered.clone(), records.pool()));
    let pool = records.pool();
    let keeper = Keeper::new(pool.clone(), engine, Clock::System, move |read| {
        if let Err(error) = read.save(&names) {
            tracing::warn!(%error, "the names for menus could not be kept in a file");
        }
        vocabulary.store(Arc::new(read));
        generation.bump();
    })
    .watched(watch);
    let (stop, stopped) = watch::channel(());
    let background = follow(config, &pool, keeper, opening, stopped).await?;
    if let Some(address) = config.server.metrics_listen {
        let listener = web::serve::listen(address, "WIJZER_METRICS_LISTEN").await?;
        let router = telemetry::metrics_router(handle);
        tokio::spawn(web::serve(
            listener,
            router,
            Limits::new(16),
            std::future::pending(),
        ));
    }
    announce(config, records, &pool).await;
    web::serve(
        listener,
        house,
        Limits::new(config.server.connections),
        asked_to_stop(),
    )
    .await;
    tracing::info!("stopping");
    drop(stop);
    background.await.context("the index keeper ended early")?;
    write_unanswered(&unanswered, &pool).await;
    pool.close().await;
    Ok(())
}

/// Writes down every minute which searches found nothing; what fails waits for the next time.
async fn keep_unanswered(unanswered: Unanswered, pool: PgPool) {
    loop {
        tokio::time::sleep(UNANSWERED_EVERY).await;
        write_unanswered(&unanswered, &pool).await;
    }
}

async fn write_unanswered(unanswered: &Unanswered, pool: &PgPool) {
    let written = async {
        let mut conn = pool.acquire().await?;
        unanswered.write(&mut conn, Clock::System.today()).await
    };
    if let Err(error) = written.await {
        tracing::warn!(%error, "searches without results could not be counted yet");
    }
}

/// What the doors stand on.
pub struct Grounds {
    pub site: Database,
    pub admin: Database,
    pub engine: Engine,
    /// Of the keeper of that engine.
    pub watch: Watch,
}

/// The whole site; also what tests drive.
///
/// # Errors
/// When the theme file or the table of graded queries cannot be read.
pub fn house(
    config: &Config,
    grounds: Grounds,
    vocabulary: &Arc<ArcSwap<Vocabulary>>,
    generation: &Generation,
    unanswered: &Unanswered,
    clock: Clock,
) -> anyhow::Result<House> {
    let assets = Assets::load(config.site.theme.as_deref())?;
    // Compressing takes a while; until it is done the files go out as they are.
    let files = assets.clone();
    std::thread::spawn(move || files.compress());
    let portal = Portal {
        database: grounds.site,
        engine: grounds.engine.clone(),
        clock,
        setup: Arc::new(Site::new(config, &assets)),
        vocabulary: Arc::clone(vocabulary),
        unanswered: unanswered.clone(),
    };
    let office = Office {
        database: grounds.admin,
        engine: grounds.engine,
        watch: grounds.watch,
        clock,
        house: Arc::new(admin::House::new(config, &assets)),
        vocabulary: Arc::clone(vocabulary),
        passwords: Passwords::default(),
        darkroom: Darkroom::default(),
        throttle: Throttle::default(),
        cookie: HostCookie::session(&config.server.base_url),
        under_way: HostCookie::under_way(&config.server.base_url),
        provider: provider(config)?,
        preview: preview(portal.clone()),
        graded: Arc::new(graded(config)?),
    };
    let pages = PageCache::new(
        config.server.cache_mb,
        generation.clone(),
        site::errors::stale_note,
    );
    // The site last: what no door knows is answered in its words.
    let doors = admin::door(office).merge(site::door(portal, &pages, assets.routes()));
    let server = &config.server;
    Ok(House::new(
        &server.base_url,
        &server.trusted_proxies,
        pages,
        doors,
    ))
}

/// Pages of the site for who keeps them: the doors do not know each other.
fn preview(portal: Portal) -> Preview {
    Arc::new(move |conn, kind, slug| {
        let portal = portal.clone();
        Box::pin(async move { site::preview(&portal, conn, kind, slug).await })
    })
}

/// The provider that people may sign in with, when there is one.
fn provider(config: &Config) -> anyhow::Result<Option<Arc<Provider>>> {
    let Some(openid) = config.openid.clone() else {
        return Ok(None);
    };
    let back = config.server.base_url.join(links::OPENID_BACK)?;
    Ok(Some(Arc::new(Provider::new(openid, back)?)))
}

/// The graded queries of this installation.
fn graded(config: &Config) -> anyhow::Result<Vec<Judged>> {
    let path = config.storage.graded_queries.as_deref();
    path.map_or_else(|| Ok(Vec::new()), measure::judgments)
}

/// Prepares the database and sets the keeper to work. A program that has no index yet waits for
/// its first records; one that has, answers at once, also while PostgreSQL is away.
async fn follow(
    config: &Config,
    pool: &PgPool,
    mut keeper: Keeper,
    opening: Opening,
    mut stopped: watch::Receiver<()>,
) -> anyhow::Result<JoinHandle<()>> {
    let prepared = match prepare(config, pool).await {
        Ok(()) => true,
        Err(error) if error.downcast_ref().is_some_and(NotMigrated::is_away) => {
            tracing::error!(
                "PostgreSQL cannot be reached; search answers from its index until it can"
            );
            false
        }
        Err(error) => return Err(error),
    };
    if prepared && !matches!(opening, Opening::Existing) {
        keeper.turn().await?;
    }
    let (config, pool) = (config.clone(), pool.clone());
    let rounds = Rounds::new(&config, pool.clone(), Clock::System)?;
    let carrier = carrier(&config)?;
    Ok(tokio::spawn(async move {
        let work = async {
            if !prepared {
                while let Err(error) = prepare(&config, &pool).await {
                    tracing::warn!(error = format!("{error:#}"), "still waiting for PostgreSQL");
                    tokio::time::sleep(RETRY).await;
                }
            }
            tokio::join!(
                keeper.run(),
                rounds.go(),
                carry(carrier, pool.clone()),
                sweep(pool.clone()),
                carry_out_plans(pool)
            );
        };
        tokio::select! {
            _ = stopped.changed() => {}
            () = work => {}
        }
    }))
}

/// Who brings mail to the mail server, when there is one.
fn carrier(config: &Config) -> anyhow::Result<Option<Carrier>> {
    let (Some(server), Some(from)) = (&config.mail.server, &config.mail.from) else {
        return Ok(None);
    };
    Carrier::new(server, &config.site.name, from).map(Some)
}

async fn carry(carrier: Option<Carrier>, pool: PgPool) {
    match carrier {
        Some(carrier) => carrier.go(pool).await,
        None => std::future::pending().await,
    }
}

async fn sweep(pool: PgPool) {
    loop {
        let swept = async {
            let mut conn = pool.acquire().await?;
            accounts::sweep(&mut conn, Clock::System.now().to_utc()).await?;
            interchange::ledger::sweep(&mut conn).await?;
            unfinished::sweep(&mut conn).await?;
            pictures::store::sweep(&mut conn).await
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "sessions that are over could not be removed yet");
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Puts records online and takes them off at the moments that were planned.
async fn carry_out_plans(pool: PgPool) {
    loop {
        let carried = async {
            let mut conn = pool.acquire().await?;
            planned::carry_out(&mut conn, Clock::System.now().to_utc()).await
        };
        if let Err(error) = carried.await {
            tracing::warn!(%error, "what was planned could not be done yet");
        }
        tokio::time::sleep(PLANS_EVERY).await;
    }
}

/// Brings the schema up to date and fills an empty database with the demonstration set.
async fn prepare(config: &Config, pool: &PgPool) -> anyhow::Result<()> {
    database::migrate(pool).await?;
    let Some(directory) = &config.storage.demo_data else {
        return Ok(());
    };
    if !database::is_empty(pool).await? {
        return Ok(());
    }
    tracing::info!(directory = %directory.display(), "loading the demonstration set");
    match interchange::import(pool, &Actor::Demonstration, directory, false).await {
        Ok(report) => tracing::info!("{report}"),
        Err(ImportError::Faults(faults)) => {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            anyhow::bail!("the demonstration set has faults:\n{}", lines.join("\n"));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// What the person who started it wants to know.
async fn announce(config: &Config, records: &Records, pool: &PgPool) {
    if let Some(server) = &records.private {
        tracing::info!(
            version = server.version(),
            "PostgreSQL runs privately, in the data directory"
        );
    }
    let address = config.server.listen;
    println!(
        "{} is ready: http://{address}  (stop with Ctrl+C)",
        config.site.name
    );
    match users::first(config, pool).await {
        Ok(Some(line)) => println!("{line}"),
        Ok(None) => {}
        Err(error) => tracing::debug!(error = format!("{error:#}"), "nobody looked who signs in"),
    }
}

async fn asked_to_stop() {
    if let Err(error) = web::serve::stop_signal().await {
        tracing::error!(
            error = format!("{error:#}"),
            "signals cannot be heard; stop with kill -9"
        );
        std::future::pending::<()>().await;
    }
}
