//! A portal around a database of its own, on a Tuesday morning in November.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::body::Body;
use axum::http::Request;
use chrono::DateTime;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt;
use wijzer::app;
use wijzer::base::Clock;
use wijzer::catalogue::Vocabulary;
use wijzer::catalogue::words::Unanswered;
use wijzer::config::Config;
use wijzer::database;
use wijzer::indexing::{Keeper, Outcome, Watch};
use wijzer::search::{Analyzer, Engine, Lexicon};
use wijzer::web::{Database, Generation, House};

use super::builders::Record;
use super::page::TestPage;
use super::server::{Template, TestDatabase, copy_index, open_folder};

/// Tuesday 24 November 2026, nine in the morning in Amsterdam.
pub const TUESDAY: Clock = Clock::Fixed(DateTime::from_timestamp(1_795_507_200, 0).unwrap());

pub const BASE: &str = "https://wijzer.test";

pub struct TestPortal {
    pub pool: PgPool,
    pub engine: Engine,
    /// Searches that found nothing.
    pub unanswered: Unanswered,
    pub keeper: Keeper,
    visitor: Visitor,
    options: PgConnectOptions,
    folder: TempDir,
    /// Last, so that it is dropped when nothing uses it any more.
    database: Option<TestDatabase>,
}

/// Somebody who reads pages.
#[derive(Clone)]
pub struct Visitor(House);

impl Visitor {
    pub async fn get(&self, path: &str) -> TestPage {
        let request = Request::get(path)
            .header("host", "wijzer.test")
            .body(Body::empty());
        self.send(request.unwrap_or_else(|error| panic!("{path}: {error}")))
            .await
    }

    pub async fn send(&self, request: Request<Body>) -> TestPage {
        let path = request.uri().to_string();
        let response = self.0.clone().oneshot(request).await.unwrap();
        TestPage::read(&path, response).await
    }
}

impl TestPortal {
    /// A portal whose index holds what its database holds.
    pub async fn new(template: Template) -> Self {
        let database = TestDatabase::new(template).await;
        let folder = open_folder();
        if template == Template::Deventer {
            copy_index(&folder.path().join("index")).await;
        }
        let mut portal = Self::patient(&database.options(), folder, TUESDAY);
        portal.database = Some(database);
        portal.turn().await;
        portal
    }

    /// A portal on a given server, with the connections of the real program; its keeper has not
    /// turned yet.
    pub fn on(options: &PgConnectOptions) -> Self {
        let reading = Database::lazy(options.clone(), 4);
        Self::around(reading, options, open_folder(), TUESDAY)
    }

    /// Only the tests about a database that is away want to fail fast.
    fn patient(options: &PgConnectOptions, folder: TempDir, clock: Clock) -> Self {
        let pool = PgPoolOptions::new()
            .acquire_timeout(Duration::from_secs(20))
            .connect_lazy_with(options.clone());
        Self::around(Database::new(pool), options, folder, clock)
    }

    fn around(
        reading: Database,
        options: &PgConnectOptions,
        folder: TempDir,
        clock: Clock,
    ) -> Self {
        let pool = database::pool(options.clone(), 4);
        let (engine, _) = Engine::open(&folder.path().join("index"), language()).unwrap();
        let vocabulary = Arc::new(ArcSwap::from_pointee(Vocabulary::default()));
        let generation = Generation::default();
        let unanswered = Unanswered::default();
        let config = config(folder.path());
        let watch = Watch::default();
        let house = app::house(
            &config,
            app::Grounds {
                site: reading.clone(),
                admin: reading,
                engine: engine.clone(),
                watch: watch.clone(),
            },
            &vocabulary,
            &generation,
            &unanswered,
            clock,
        )
        .unwrap();
        let keeper = Keeper::new(pool.clone(), engine.clone(), clock, move |read| {
            vocabulary.store(Arc::new(read));
            generation.bump();
        })
        .watched(watch);
        let visitor = Visitor(house);
        Self {
            pool,
            engine,
            unanswered,
            keeper,
            visitor,
            options: options.clone(),
            folder,
            database: None,
        }
    }

    /// A second program on the same records, with an index of its own; its keeper has not turned
    /// yet.
    pub fn twin(&self) -> Self {
        self.twin_at(TUESDAY)
    }

    /// A twin whose clock stands elsewhere.
    /// As [`TestPortal::twin`], with more in its settings file.
    pub fn twin_with(&self, settings: &[(&str, String)]) -> Self {
        let folder = open_folder();
        let lines: Vec<String> = settings
            .iter()
            .map(|(name, value)| format!("{name} = \"{value}\""))
            .collect();
        std::fs::write(folder.path().join("wijzer.toml"), lines.join("\n")).unwrap();
        Self::patient(&self.options, folder, TUESDAY)
    }

    pub fn twin_at(&self, clock: Clock) -> Self {
        Self::patient(&self.options, open_folder(), clock)
    }

    /// Stops, lets something be done to the index folder, and starts again; its keeper has not
    /// turned yet.
    pub async fn restarted(self, meanwhile: impl FnOnce(&Path)) -> Self {
        self.restarted_at(TUESDAY, meanwhile).await
    }

    /// The same on another day.
    pub async fn restarted_at(self, clock: Clock, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self {
            pool,
            engine,
            unanswered: _,
            keeper,
            visitor,
            options,
            folder,
            database,
        } = self;
        drop((engine, keeper, visitor));
        pool.close().await;
        meanwhile(&folder.path().join("index"));
        let mut portal = Self::patient(&options, folder, clock);
        portal.database = database;
        portal
    }

    pub fn visitor(&self) -> Visitor {
        self.visitor.clone()
    }

    /// The pages and the keeper apart, so that the keeper can run by itself.
    pub fn split(self) -> (Visitor, Keeper) {
        (self.visitor, self.keeper)
    }

    pub fn index_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("index")
    }

    pub async fn get(&self, path: &str) -> TestPage {
        self.visitor.get(path).await
    }

    pub async fn send(&self, request: Request<Body>) -> TestPage {
        self.visitor.send(request).await
    }

    /// What a resident finds, as `organisation:voedselbank`.
    pub async fn search(&self, words: &str) -> Vec<String> {
        let words =
            percent_encoding::utf8_percent_encode(words, percent_encoding::NON_ALPHANUMERIC);
        self.get(&format!("/zoeken?q={words}"))
            .await
            .ok()
            .attributes("main [data-hit]", "data-hit")
    }

    /// Registers or revises a record; search follows at the next turn of the keeper.
    pub async fn keep(&self, record: &impl Record) {
        let mut transaction = self.pool.begin().await.unwrap();
        record.keep(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// The keeper reads what changed.
    pub async fn turn(&mut self) -> Outcome {
        self.keeper.turn().await.unwrap()
    }

    /// Registers or revises a record, and lets search follow.
    pub async fn publish(&mut self, record: &impl Record) {
        self.keep(record).await;
        self.turn().await;
    }

    pub async fn count(&self, table: &'static str) -> i64 {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        sqlx::query_scalar(query)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}

/// The portal with the Deventer set that tests share as long as they only read.
pub async fn deventer() -> &'static TestPortal {
    static PORTAL: OnceCell<TestPortal> = OnceCell::const_new();
    PORTAL
        .get_or_init(|| TestPortal::new(Template::Deventer))
        .await
}

pub fn config(folder: &Path) -> Config {
    let none = folder.join("wijzer.toml");
    if !none.exists() {
        std::fs::write(&none, "").unwrap();
    }
    let settings = [
        ("WIJZER_CONFIG", none.to_str().unwrap()),
        ("WIJZER_BASE_URL", BASE),
        ("WIJZER_DATA_DIR", folder.to_str().unwrap()),
        ("WIJZER_CONTACT_EMAIL", "redactie@wijzer.test"),
        ("WIJZER_CONTACT_ADDRESS", "Bibliotheek Deventer"),
        // Requests without a connection: what they say of their address is believed.
        ("WIJZER_TRUSTED_PROXIES", "0.0.0.0"),
        (
            "WIJZER_GRADED_QUERIES",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/findability/public.tsv"),
        ),
    ];
    let settings: BTreeMap<String, String> = settings
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    Config::read(settings).unwrap()
}

/// What is known of Dutch on this machine, read once; `scripts/test` installs the dictionary.
pub fn language() -> Arc<Analyzer> {
    static LANGUAGE: OnceLock<Arc<Analyzer>> = OnceLock::new();
    let read = || {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lexicon");
        let lexicon = Lexicon::load(Path::new("/usr/share/hunspell"), Some(&kept));
        Arc::new(Analyzer::new(Arc::new(lexicon)))
    };
    Arc::clone(LANGUAGE.get_or_init(read))
}
