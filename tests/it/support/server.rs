//! One PostgreSQL for the whole run: private and fast, or the one that `DATABASE_URL_TEST` names.
//! Each test gets a clone of a template database (30 ms), dropped at its end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwapOption;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, PgPool};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use wijzer::access::Actor;
use wijzer::catalogue::Vocabulary;
use wijzer::database;
use wijzer::database::private_server::{Options, PrivateServer};
use wijzer::indexing::Keeper;
use wijzer::interchange;
use wijzer::search::Engine;

use super::builders::small_town;
use super::portal::{TUESDAY, language};

/// The demonstration set of the project.
pub const DEVENTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/deventer");

/// What a test begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Template {
    /// The schema, and no row.
    Empty,
    /// Four steps, a few themes and audiences, two zones that are neighbours.
    SmallTown,
    /// The whole demonstration set.
    Deventer,
}

impl Template {
    fn database(self) -> String {
        format!(
            "it_{}_{}",
            std::process::id(),
            format!("{self:?}").to_lowercase()
        )
    }
}

struct Server {
    /// Kept alive: the server stops when this process ends, because its pipe closes.
    _private: Option<PrivateServer>,
    options: PgConnectOptions,
    folder: PathBuf,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();

async fn server() -> &'static Server {
    SERVER.get_or_init(Server::start).await
}

impl Server {
    async fn start() -> Self {
        sweep_folders();
        let folder = folder_of(std::process::id());
        std::fs::create_dir_all(&folder).unwrap();
        let given = std::env::var("DATABASE_URL_TEST").ok();
        let private = given
            .is_none()
            .then(|| PrivateServer::start(&quick(&folder)).unwrap());
        let url = given.or(private.as_ref().map(PrivateServer::url)).unwrap();
        let server = Self {
            _private: private,
            options: url.parse().unwrap(),
            folder,
        };
        server.sweep_databases().await;
        server.make_templates().await;
        server
    }

    async fn execute(&self, statement: String) {
        let mut admin = self.options.connect().await.unwrap();
        let done = sqlx::query(AssertSqlSafe(statement.clone()))
            .execute(&mut admin)
            .await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    async fn make_templates(&self) {
        self.execute(format!("create database {}", Template::Empty.database()))
            .await;
        self.fill(Template::Empty, async |pool| {
            database::migrate(&pool).await.unwrap();
        })
        .await;
        self.copy(Template::Empty, &Template::SmallTown.database())
            .await;
        self.fill(Template::SmallTown, async |pool| small_town(&pool).await)
            .await;
        self.copy(Template::Empty, &Template::Deventer.database())
            .await;
        self.fill(Template::Deventer, async |pool| {
            interchange::import(&pool, &Actor::Demonstration, Path::new(DEVENTER), false)
                .await
                .unwrap();
            self.index(&pool).await;
        })
        .await;
    }

    async fn fill(&self, template: Template, work: impl AsyncFnOnce(PgPool)) {
        let pool = database::pool(self.options.clone().database(&template.database()), 2);
        work(pool.clone()).await;
        pool.close().await;
    }

    async fn copy(&self, template: Template, name: &str) {
        let from = template.database();
        self.execute(format!(
            "create database {name} template {from} strategy file_copy"
        ))
        .await;
    }

    /// The search index of the Deventer set, made once; tests copy it.
    async fn index(&self, pool: &PgPool) {
        let (engine, _) = Engine::open(&self.folder.join("index"), language()).unwrap();
        let names = Arc::new(ArcSwapOption::<Vocabulary>::empty());
        let told = Arc::clone(&names);
        let mut keeper = Keeper::new(pool.clone(), engine, TUESDAY, move |read| {
            told.store(Some(Arc::new(read)));
        });
        keeper.turn().await.unwrap();
    }

    /// Databases of runs that are over, on a server that outlives us.
    async fn sweep_databases(&self) {
        let mut admin = self.options.connect().await.unwrap();
        let names: Vec<String> =
            sqlx::query_scalar("select datname::text from pg_database where datname like 'it\\_%'")
                .fetch_all(&mut admin)
                .await
                .unwrap();
        for name in names {
            let pid = name.split('_').nth(1).and_then(|pid| pid.parse().ok());
            if pid.is_some_and(|pid| !lives(pid)) {
                self.execute(format!("drop database {name} with (force)"))
                    .await;
            }
        }
    }
}

/// A private server that need not survive a power cut.
pub fn quick(directory: &Path) -> Options {
    Options {
        directory: directory.to_owned(),
        binaries: None,
        durable: false,
        max_connections: 200,
    }
}

/// A database for one test.
pub struct TestDatabase {
    name: String,
    options: PgConnectOptions,
}

impl TestDatabase {
    pub async fn new(template: Template) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let server = server().await;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("it_{}_test{number}", std::process::id());
        server.copy(template, &name).await;
        Self {
            options: server.options.clone().database(&name),
            name,
        }
    }

    pub fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    pub fn pool(&self) -> PgPool {
        database::pool(self.options(), 4)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let statement = format!("drop database {} with (force)", self.name);
        // Not on the runtime of the test: dropping may not wait there.
        let dropping = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async { server().await.execute(statement).await });
        });
        let dropped = dropping.join().is_ok();
        assert!(
            dropped || std::thread::panicking(),
            "the database of a test could not be dropped"
        );
    }
}

/// A copy of the search index of the Deventer set.
pub async fn copy_index(to: &Path) {
    let from = server().await.folder.join("index");
    copy_folder(&from, to);
}

pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A folder that the server's own user can reach, removed at the end of the test.
pub fn open_folder() -> TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::Builder::new()
        .prefix(&folder_name(std::process::id()))
        .tempdir()
        .unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn folder_name(pid: u32) -> String {
    format!("wijzer-it-{pid}-")
}

fn folder_of(pid: u32) -> PathBuf {
    std::env::temp_dir().join(format!("{}server", folder_name(pid)))
}

/// Folders of runs that are over: a run that ends has nobody left to clean up after it.
fn sweep_folders() {
    for entry in std::fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let pid = name
            .strip_prefix("wijzer-it-")
            .and_then(|rest| rest.split('-').next()?.parse().ok());
        if pid.is_some_and(|pid| !lives(pid)) {
            // Best effort: a server that is still stopping may hold it.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

pub fn lives(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
