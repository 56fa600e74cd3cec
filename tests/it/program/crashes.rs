use std::time::{Duration, Instant};

use wijzer::database::private_server::{Options, PrivateServer};

use crate::support::program::{House, one_organisation, signal};
use crate::support::run;
use crate::support::server::open_folder;

/// Generous: it takes a second or two in a debug build.
const QUICK: Duration = Duration::from_secs(20);

/// Keeps a record, as the last thing before a crash.
fn keep(house: &House, slug: &str) {
    let folder = open_folder();
    one_organisation(folder.path(), slug, slug);
    let output = house.run(&["import", folder.path().to_str().unwrap()]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn assert_whole(house: &House, slug: &str) {
    let begun = Instant::now();
    let mut program = house.start(&[]);
    assert!(begun.elapsed() < QUICK, "{:?}", begun.elapsed());
    program.wait_until("found", |program| {
        program.finds(slug, &format!("organisation:{slug}"))
    });
    assert_eq!(program.get(&format!("/organisaties/{slug}")).status, 200);
    assert!(program.finds("koersbal", "activity:koersbal-braakhekke"));
}

#[test]
fn nothing_is_lost_when_the_program_is_killed() {
    let house = House::furnished();
    let mut program = house.start(&[]);
    keep(&house, "stroomstoring");
    program.kill();
    assert_whole(&house, "stroomstoring");
}

#[test]
fn nothing_is_lost_when_program_and_postgres_are_killed() {
    let house = House::furnished();
    let mut program = house.start(&[]);
    keep(&house, "kortsluiting");
    let postgres = house.postgres();
    signal("-KILL", postgres);
    program.kill();
    assert_whole(&house, "kortsluiting");
}

#[test]
fn a_postgres_that_dies_is_started_again_under_the_portal() {
    let house = House::furnished();
    let mut program = house.start(&[]);
    let before = house.postgres();
    signal("-KILL", before);
    program.wait_until("well again", |program| {
        program
            .ask("/organisaties/wijdeventer")
            .is_some_and(|answer| {
                answer.status == 200 && !answer.text.contains("wijzer-bar--warning")
            })
            && program.get("/plekken/stadhuis-deventer").status == 200
    });
    assert!(program.finds("koersbal", "activity:koersbal-braakhekke"));
}

#[test]
fn a_second_program_on_the_same_data_is_refused() {
    let house = House::furnished();
    let first = house.start(&[]);
    let mut second = house.launch(&[]);
    assert!(!second.wait().success());
    let said = second.log();
    assert!(
        said.contains("already in use by another program") && said.contains("WIJZER_DATA_DIR"),
        "{said}"
    );
    assert_eq!(first.get("/").status, 200, "the first does not notice");
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let house = House::furnished();
    let options = Options {
        directory: house.path(),
        binaries: None,
        durable: true,
        max_connections: 10,
    };
    let server = PrivateServer::start(&options).unwrap();
    run(async {
        let pool = wijzer::database::pool(server.url().parse().unwrap(), 1);
        sqlx::query(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (29990101000000, 'from the future', true, '', 0)",
        )
        .execute(&pool)
        .await
        .unwrap();
        pool.close().await;
    });
    drop(server);
    let mut program = house.launch(&[]);
    assert!(!program.wait().success());
    assert!(
        program.log().contains("newer version of Wijzer"),
        "{}",
        program.log()
    );
    assert!(
        program.log().contains("29990101000000"),
        "{}",
        program.log()
    );
}

#[test]
fn a_taken_port_is_named() {
    let house = House::furnished();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = house
        .command(&[("WIJZER_LISTEN", &address.to_string())])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains(&format!("Port {} is taken", address.port()))
            && said.contains("WIJZER_LISTEN"),
        "{said}"
    );
}
