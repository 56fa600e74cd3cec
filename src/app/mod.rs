//! Puts the house together, and holds the commands of the program.

pub mod calendars;
mod measure;
mod rounds;
mod run;
pub mod users;

use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};

use crate::access::Actor;
use crate::base::Clock;
use crate::catalogue::words;
use crate::config::{self, Config};
use crate::database;
use crate::database::private_server::{Options, PrivateServer};
use crate::indexing::{self, Keeper};
use crate::interchange::{self, ImportError};
use crate::search::{Analyzer, Engine, Lexicon, Opening};
use crate::telemetry;

pub use measure::{ablation, evaluate, search, weigh};
pub use rounds::Rounds;
pub use run::{Grounds, house};

/// Connections for work in the background, beside those for pages.
const WORKERS: u32 = 4;
/// In the data directory: the search index.
const INDEX: &str = "index";
/// In the data directory: what was read of the Dutch dictionary.
const LEXICON: &str = "lexicon";

/// Serves the portal until it is asked to stop.
///
/// # Errors
/// One sentence on what keeps it from starting.
pub fn serve() -> anyhow::Result<()> {
    let config = Config::load()?;
    telemetry::init(&config.log)?;
    let records = Records::open(&config, true)?;
    block_on(run::run(&config, &records))
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

/// Prints. A reader that has seen enough (`head`) closes its end: then there is nothing to say.
fn say(text: impl Display) -> anyhow::Result<()> {
    match write!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output is closed"),
    }
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
