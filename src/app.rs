//! Puts the house together, and holds the commands of the program.

use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use arc_swap::ArcSwap;
use chrono::NaiveDateTime;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::access::Actor;
use crate::base::Clock;
use crate::catalogue::Vocabulary;
use crate::catalogue::words::{self, Unanswered};
use crate::config::{self, Config};
use crate::database::private_server::{Options, PrivateServer};
use crate::database::{self, NotMigrated};
use crate::indexing::{self, Keeper};
use crate::interchange::{self, ImportError};
use crate::search::evaluation::{self, Figures, Judged};
use crate::search::ranking::PARTS;
use crate::search::{Analyzer, Engine, Lexicon, Opening, SearchRequest};
use crate::site::{self, Portal, Site};
use crate::telemetry;
use crate::web::{self, Assets, Database, Generation, House, Limits, PageCache};

/// While PostgreSQL is away at the start, try again this often.
const RETRY: Duration = Duration::from_millis(500);
/// Searches without results are written down this often.
const UNANSWERED_EVERY: Duration = Duration::from_mins(1);
/// Connections for work in the background, beside those for pages.
const WORKERS: u32 = 4;
/// In the data directory: the search index, and the names for menus and filters.
const INDEX: &str = "index";
/// In the data directory: what was read of the Dutch dictionary.
const LEXICON: &str = "lexicon";
const VOCABULARY: &str = "vocabulary.json";

/// Serves the portal until it is asked to stop.
///
/// # Errors
/// One sentence on what keeps it from starting.
pub fn serve() -> anyhow::Result<()> {
    let config = Config::load()?;
    telemetry::init(&config.log)?;
    let records = Records::open(&config, true)?;
    block_on(run(&config, &records))
}

/// Loads CSV tables; prints every fault, or what changed.
///
/// # Errors
/// When there are faults, or the database cannot be reached.
pub fn import(directory: &Path, dry_run: bool) -> anyhow::Result<()> {
    anyhow::ensure!(
        directory.is_dir(),
        "{} is not a folder",
        directory.display()
    );
    let config = Config::load()?;
    let records = Records::open(&config, false)?;
    block_on(async {
        let pool = records.pool();
        database::migrate(&pool).await?;
        match interchange::import(&pool, &Actor::Import, directory, dry_run).await {
            Ok(report) => println!("{report}"),
            Err(ImportError::Faults(faults)) => {
                let mut out = std::io::stderr().lock();
                for fault in &faults {
                    writeln!(out, "{fault}")?;
                }
                anyhow::bail!(
                    "{}; nothing was written",
                    ImportError::counted(faults.len())
                );
            }
            Err(error) => return Err(error.into()),
        }
        pool.close().await;
        Ok(())
    })
}

/// Writes every record to CSV tables.
///
/// # Errors
/// When a file cannot be written, or the database cannot be reached.
pub fn export(directory: &Path) -> anyhow::Result<()> {
    let rows = from_records(async |conn| {
        interchange::export(conn, directory)
            .await
            .with_context(|| format!("the tables cannot be written to {}", directory.display()))
    })?;
    say(format_args!(
        "{rows} rows written to {}.\n",
        directory.display()
    ))
}

/// Reads something from the records.
fn from_records<T>(
    read: impl AsyncFnOnce(&mut PgConnection) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let config = Config::load()?;
    let records = Records::open(&config, false)?;
    block_on(async {
        let pool = records.pool();
        database::migrate(&pool).await?;
        let mut conn = pool.acquire().await?;
        let found = read(&mut conn).await?;
        drop(conn);
        pool.close().await;
        Ok(found)
    })
}

/// Builds the search index anew.
///
/// # Errors
/// When a portal holds the index, or the database cannot be reached.
pub fn reindex() -> anyhow::Result<()> {
    let config = Config::load()?;
    let records = Records::open(&config, false)?;
    block_on(async {
        let pool = records.pool();
        database::migrate(&pool).await?;
        let (engine, _) = open_index(&config)?;
        let count = Keeper::new(pool.clone(), engine, Clock::System, |_| ())
            .rebuild()
            .await?;
        pool.close().await;
        println!("{count} records in the search index.");
        Ok(())
    })
}

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

/// Prints which words visitors often searched for and found nothing.
///
/// # Errors
/// When the database cannot be reached, or standard output is closed.
pub fn unanswered() -> anyhow::Result<()> {
    let often = from_records(async |conn| Ok(words::store::often_unanswered(conn).await?))?;
    for asked in often {
        say(format_args!(
            "{}\t{}\t{}\n",
            asked.times, asked.last_on, asked.words
        ))?;
    }
    Ok(())
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

/// Prints. A reader that has seen enough (`head`) closes its end: then there is nothing to say.
fn say(text: impl Display) -> anyhow::Result<()> {
    match write!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output is closed"),
    }
}

fn judgments(file: &Path) -> anyhow::Result<Vec<Judged>> {
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
    let folder = std::env::temp_dir().join(format!("wijzer-search-{}", std::process::id()));
    let done = block_on(async {
        let pool = records.pool();
        database::migrate(&pool).await?;
        let (engine, _) = Engine::open(&folder, language(&config))?;
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
    });
    let _ = std::fs::remove_dir_all(&folder);
    done
}

/// Prints the search documents of every public record as JSON lines.
///
/// # Errors
/// When the database cannot be reached, or standard output is closed.
pub fn documents() -> anyhow::Result<()> {
    let documents =
        from_records(async |conn| Ok(indexing::all(conn, Clock::System.local()).await?))?;
    for document in &documents {
        say(format_args!("{}\n", serde_json::to_string(document)?))?;
    }
    Ok(())
}

/// Prints every setting as a Markdown table.
///
/// # Errors
/// When standard output is closed.
pub fn settings() -> anyhow::Result<()> {
    say(config::table())
}

/// Asks the portal at the configured address whether it is ready.
///
/// # Errors
/// When it does not answer, or is not ready.
pub fn health() -> anyhow::Result<()> {
    use std::io::Read;
    use std::net::{Ipv4Addr, SocketAddr, TcpStream};
    let listen = Config::load()?.server.listen;
    let address = if listen.ip().is_unspecified() {
        SocketAddr::from((Ipv4Addr::LOCALHOST, listen.port()))
    } else {
        listen
    };
    let patience = Duration::from_secs(3);
    let mut stream =
        TcpStream::connect_timeout(&address, patience).context("the portal does not answer")?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(
        format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    anyhow::ensure!(status == "200", "the portal is not ready (status {status})");
    Ok(())
}

/// Where the records are: a given server, or the private one, which stops when this is dropped.
struct Records {
    options: PgConnectOptions,
    private: Option<PrivateServer>,
}

impl Records {
    /// `alone`: refuse when another program of ours runs the private server.
    fn open(config: &Config, alone: bool) -> anyhow::Result<Self> {
        if let Some(options) = &config.storage.database {
            return Ok(Self {
                options: options.clone(),
                private: None,
            });
        }
        let options = Options {
            directory: config.storage.data_dir.clone(),
            binaries: config.storage.pg_bin.clone(),
            durable: true,
            max_connections: 50,
        };
        let server = if alone {
            PrivateServer::start(&options)?
        } else {
            PrivateServer::start_or_join(&options)?
        };
        Ok(Self {
            options: server
                .url()
                .parse()
                .context("the private server has no address")?,
            private: Some(server),
        })
    }

    /// For work that may wait a little.
    fn pool(&self) -> PgPool {
        database::pool(self.options.clone(), WORKERS)
    }
}

/// Runs to the end on a runtime of our own.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime could not start")?
        .block_on(work)
}

async fn run(config: &Config, records: &Records) -> anyhow::Result<()> {
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
    let database = Database::lazy(records.options.clone(), config.storage.connections);
    let house = house(
        config,
        (database, engine.clone()),
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
    });
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
    announce(config, records);
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

/// The whole site; also what tests drive.
///
/// # Errors
/// When the theme file cannot be read.
pub fn house(
    config: &Config,
    (database, engine): (Database, Engine),
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
        database,
        engine,
        clock,
        site: Arc::new(Site::new(config, &assets)),
        vocabulary: Arc::clone(vocabulary),
        unanswered: unanswered.clone(),
    };
    let pages = PageCache::new(
        config.server.cache_mb,
        generation.clone(),
        site::errors::stale_note,
    );
    let doors = site::door(portal, &pages, assets.routes());
    Ok(House::new(&config.server.base_url, pages, doors))
}

/// What is known of Dutch on this machine.
fn language(config: &Config) -> Arc<Analyzer> {
    let folder = &config.storage.dictionary;
    let lexicon = Lexicon::load(folder, Some(&config.storage.data_dir.join(LEXICON)));
    if !lexicon.has_dictionary() {
        tracing::warn!(
            folder = %folder.display(),
            "no Dutch dictionary (hunspell-nl): search knows fewer inflections and compounds"
        );
    }
    Arc::new(Analyzer::new(Arc::new(lexicon)))
}

fn open_index(config: &Config) -> anyhow::Result<(Engine, Opening)> {
    let directory = config.storage.data_dir.join(INDEX);
    let (engine, opening) = Engine::open(&directory, language(config))?;
    if let Opening::Rebuilding { reason } = &opening {
        tracing::error!(
            reason,
            "the search index could not be used and is built anew"
        );
    }
    Ok((engine, opening))
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
    Ok(tokio::spawn(async move {
        let work = async {
            if !prepared {
                while let Err(error) = prepare(&config, &pool).await {
                    tracing::warn!(error = format!("{error:#}"), "still waiting for PostgreSQL");
                    tokio::time::sleep(RETRY).await;
                }
            }
            keeper.run().await;
        };
        tokio::select! {
            _ = stopped.changed() => {}
            () = work => {}
        }
    }))
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
fn announce(config: &Config, records: &Records) {
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
