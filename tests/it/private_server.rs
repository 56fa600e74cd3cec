//! The private PostgreSQL server: what an earlier run left behind, odd places, two programs.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::{ConnectOptions, Connection};
use wijzer::database::private_server::{PrivateServer, PrivateServerError};

use crate::support::program::signal;
use crate::support::run;
use crate::support::server::{lives, open_folder, quick};

fn start(folder: &Path) -> Result<PrivateServer, PrivateServerError> {
    PrivateServer::start(&quick(folder))
}

/// The answer of the server to a simple question.
fn ask(server: &PrivateServer, question: &'static str) -> i32 {
    run(async {
        let options: sqlx::postgres::PgConnectOptions = server.url().parse().unwrap();
        let mut conn = options.connect().await.unwrap();
        let answer = sqlx::query_scalar(question)
            .fetch_one(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
        answer
    })
}

/// The folder of the records, such as `pg15`.
fn cluster(folder: &Path) -> PathBuf {
    let inside = fs::read_dir(folder.join("postgres"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    inside
        .into_iter()
        .find(|path| path.join("PG_VERSION").exists())
        .unwrap()
}

fn postmaster(folder: &Path) -> u32 {
    let papers = fs::read_to_string(cluster(folder).join("postmaster.pid")).unwrap();
    papers.lines().next().unwrap().trim().parse().unwrap()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

#[test]
fn records_stay_between_starts_and_nothing_runs_after_a_stop() {
    let folder = open_folder();
    let server = start(folder.path()).unwrap();
    ask(&server, "with made as (select 1) select 1 from made");
    run(async {
        let options: sqlx::postgres::PgConnectOptions = server.url().parse().unwrap();
        let mut conn = options.connect().await.unwrap();
        sqlx::query("create table kept as select 42 as number")
            .execute(&mut conn)
            .await
            .unwrap();
    });
    let pid = postmaster(folder.path());
    drop(server);
    assert!(!lives(pid), "it stops when it is dropped");
    let server = start(folder.path()).unwrap();
    assert_eq!(ask(&server, "select number from kept"), 42);
    assert_eq!(
        ask(
            &server,
            "select count(*)::int from pg_settings where name = 'listen_addresses' and setting = ''"
        ),
        1
    );
}

#[test]
fn a_second_owner_is_refused_and_a_guest_joins() {
    let folder = open_folder();
    let server = start(folder.path()).unwrap();
    let refused = start(folder.path()).unwrap_err();
    assert!(
        matches!(refused, PrivateServerError::InUse { .. }),
        "{refused}"
    );
    assert!(refused.to_string().contains("WIJZER_DATA_DIR"), "{refused}");
    let guest = PrivateServer::start_or_join(&quick(folder.path())).unwrap();
    assert!(guest.is_joined());
    assert_eq!(ask(&guest, "select 1"), 1);
    drop(guest);
    assert_eq!(
        ask(&server, "select 2"),
        2,
        "a guest that leaves stops nothing"
    );
}

#[test]
fn half_a_database_of_a_broken_start_is_made_anew() {
    let folder = open_folder();
    drop(start(folder.path()).unwrap());
    let whole = cluster(folder.path());
    // A crash in the middle of making it: some files, not the last ones.
    for file in ["PG_VERSION", "postgresql.conf", "pg_hba.conf"] {
        fs::remove_file(whole.join(file)).unwrap();
    }
    for half in ["pg15.new", "pg15.making", "pg15.tmp"] {
        fs::create_dir_all(folder.path().join("postgres").join(half)).unwrap();
    }
    match start(folder.path()) {
        Ok(server) => assert_eq!(ask(&server, "select 1"), 1),
        // Refusing is right too, where the folder may hold records; never an empty one unasked.
        Err(error) => assert!(
            error.to_string().contains(&whole.display().to_string()),
            "{error}"
        ),
    }
}

#[test]
fn an_unfinished_first_start_is_taken_up_again() {
    let folder = open_folder();
    // A program that is killed while it makes its database.
    let mut first = Command::new(env!("CARGO_BIN_EXE_wijzer"))
        .env("WIJZER_DATA_DIR", folder.path())
        .env("WIJZER_LISTEN", "127.0.0.1:1")
        .env_remove("DATABASE_URL")
        .current_dir(folder.path())
        .arg("export")
        .arg(folder.path().join("tables"))
        .spawn()
        .unwrap();
    let begun = std::time::Instant::now();
    let making = || {
        fs::read_dir(folder.path().join("postgres")).is_ok_and(|entries| {
            entries
                .flatten()
                .any(|e| e.file_name().to_string_lossy().starts_with("pg"))
        })
    };
    while !making() {
        assert!(begun.elapsed().as_secs() < 30, "never began");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let server = start(folder.path()).unwrap();
    assert_eq!(ask(&server, "select 1"), 1);
}

#[test]
fn a_path_too_long_for_a_socket_works_all_the_same() {
    let folder = open_folder();
    let long = folder
        .path()
        .join("een-heel-lange-naam".repeat(6))
        .join("met spaties en 'tekens'");
    fs::create_dir_all(&long).unwrap();
    let server = start(&long).unwrap();
    assert_eq!(ask(&server, "select 1"), 1);
}

#[test]
fn a_folder_that_postgres_may_not_enter_has_its_records_elsewhere() {
    if !is_root() {
        crate::support::skipped("only root runs PostgreSQL as another user");
        return;
    }
    let folder = open_folder();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    let server = start(&closed).unwrap();
    assert_eq!(ask(&server, "select 1"), 1);
    let real = server.directory().to_owned();
    assert!(!real.starts_with(&closed), "{}", real.display());
    drop(server);
    let note = fs::read_to_string(closed.join("postgres/location")).unwrap();
    assert!(
        note.contains(&real.display().to_string()),
        "a note tells where: {note}"
    );
    let again = start(&closed).unwrap();
    assert_eq!(again.directory(), real);
    drop(again);
    fs::remove_dir_all(real).unwrap();
}

#[test]
fn records_of_another_version_are_not_touched() {
    let folder = open_folder();
    drop(start(folder.path()).unwrap());
    let other = folder.path().join("postgres/pg99");
    fs::rename(cluster(folder.path()), &other).unwrap();
    fs::write(other.join("PG_VERSION"), "99\n").unwrap();
    let refused = start(folder.path()).unwrap_err().to_string();
    assert!(
        refused.contains("PostgreSQL 99") && refused.contains("not installed"),
        "{refused}"
    );
    let databases = fs::read_dir(folder.path().join("postgres"))
        .unwrap()
        .flatten();
    let databases = databases.filter(|entry| entry.path().join("PG_VERSION").exists());
    assert_eq!(databases.count(), 1, "no empty one is made beside it");
}

#[test]
fn a_folder_without_programs_is_named() {
    let folder = open_folder();
    let mut options = quick(folder.path());
    options.binaries = Some(folder.path().to_owned());
    let refused = PrivateServer::start(&options).unwrap_err().to_string();
    assert!(refused.contains("WIJZER_PG_BIN"), "{refused}");
}

#[test]
fn a_server_without_its_program_is_stopped_and_its_records_are_whole() {
    let folder = open_folder();
    let server = start(folder.path()).unwrap();
    let options = quick(folder.path());
    drop(server);
    // An orphan: started by hand, as if its program had been killed together with its guard.
    let orphan = orphaned(folder.path());
    assert!(lives(orphan));
    let server = PrivateServer::start(&options).unwrap();
    assert!(
        !lives(orphan) || postmaster(folder.path()) == orphan,
        "two servers on one folder"
    );
    assert_eq!(ask(&server, "select 1"), 1);
}

#[test]
fn papers_of_a_dead_server_are_cleared() {
    let folder = open_folder();
    drop(start(folder.path()).unwrap());
    let orphan = orphaned(folder.path());
    signal("-KILL", orphan);
    while lives(orphan) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(
        cluster(folder.path()).join("postmaster.pid").exists(),
        "it left its papers"
    );
    let server = start(folder.path()).unwrap();
    assert_eq!(ask(&server, "select 1"), 1);
}

/// Starts a server on the records as nobody's child.
fn orphaned(folder: &Path) -> u32 {
    let cluster = cluster(folder);
    let owner = fs::metadata(&cluster).unwrap();
    let version = fs::read_to_string(cluster.join("PG_VERSION")).unwrap();
    let binaries = PathBuf::from(format!("/usr/lib/postgresql/{}/bin", version.trim()));
    let started = Command::new(binaries.join("pg_ctl"))
        .args(["start", "-w", "-D"])
        .arg(&cluster)
        .arg("-l")
        .arg(cluster.join("orphan.log"))
        .args(["-o", &format!("-k {}", cluster.display())])
        .uid(owner.uid())
        .gid(owner.gid())
        .current_dir("/")
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    let log = fs::read_to_string(cluster.join("orphan.log")).unwrap_or_default();
    assert!(started.success(), "{log}");
    postmaster(folder)
}
