//! `kill -9` at any moment while records are published by people and by import. What was
//! acknowledged is there, what was not is there whole or not at all, search has what the database
//! has, and every act stands in the log (quality: F6).
//!
//! A dozen rounds each time; `WIJZER_KILLS=200` makes it two hundred.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wijzer::database::private_server::{Options, PrivateServer};

use crate::support::program::{House, Program, one_organisation};
use crate::support::run;
use crate::support::server::open_folder;
use crate::support::staff::PASSWORD;

/// From the start of the program to search that has everything.
const IN_STEP: Duration = Duration::from_secs(5);

fn rounds() -> u32 {
    std::env::var("WIJZER_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(12)
}

/// One form; `None` when the program is gone before it answers. Status, cookie, where it leads.
pub(super) fn post(
    address: SocketAddr,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> Option<(u16, String, String)> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: wijzer.test\r\norigin: http://wijzer.test\r\ncookie: wijzer={cookie}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let header = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().to_owned()
    };
    let cookie = header("set-cookie: wijzer=");
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    Some((status, cookie, header("location: ")))
}

/// Follows the link that making an account printed.
pub(super) fn choose_password(program: &Program, made: Output) {
    let said = String::from_utf8(made.stdout).unwrap();
    let link = said
        .split_whitespace()
        .find(|word| word.starts_with("http"))
        .unwrap();
    let path = link.splitn(4, '/').nth(3).unwrap();
    let chosen = post(
        program.address,
        "",
        &format!("/{path}"),
        &[("wachtwoord", PASSWORD)],
    )
    .unwrap();
    assert_eq!(chosen.0, 303);
}

/// Signs an editor in; the session outlives the program.
pub(super) fn sign_in(house: &House, program: &Program) -> String {
    let made = house.run(&[
        "user",
        "create",
        "anja@wijzer.test",
        "--name",
        "Anja",
        "--role",
        "editor",
    ]);
    choose_password(program, made);
    let fields = [("email", "anja@wijzer.test"), ("wachtwoord", PASSWORD)];
    let (status, cookie, _) = post(program.address, "", "/beheer/inloggen", &fields).unwrap();
    assert_eq!(status, 303);
    cookie
}

/// Publishes until the program is gone; the addresses of what was acknowledged.
fn publish(address: SocketAddr, cookie: &str, round: u32, gone: &AtomicBool) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        if gone.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("Proefclub {round} nummer {number}");
        let token = uuid::Uuid::now_v7().to_string();
        let fields = [
            ("naam", name.as_str()),
            ("samenvatting", "Wij doen een proef."),
            ("soort", "voluntary"),
            ("stap", "open"),
            ("themas", "ontmoeten-en-meedoen"),
            ("token", &token),
            ("doen", "online"),
        ];
        match post(address, cookie, "/beheer/organisaties/nieuw", &fields) {
            Some((303, _, to)) => {
                let slug = to.strip_prefix("/beheer/organisaties/").unwrap();
                acknowledged.push(slug.split('?').next().unwrap().to_owned());
            }
            Some((status, ..)) if status != 503 => panic!("{status}"),
            _ => {}
        }
    }
    acknowledged
}

#[test]
fn nothing_acknowledged_is_lost() {
    let house = House::furnished();
    let mut program = house.start(&[]);
    let cookie = sign_in(&house, &program);
    let (mut published, mut imported) = (Vec::new(), Vec::new());
    // Chance enough: the moments of the kills differ by what the machine does meanwhile.
    for round in 0..rounds() {
        let gone = Arc::new(AtomicBool::new(false));
        let people = {
            let (gone, cookie, address) = (Arc::clone(&gone), cookie.clone(), program.address);
            std::thread::spawn(move || publish(address, &cookie, round, &gone))
        };
        let folder = open_folder();
        let slug = format!("proefimport-{round}");
        one_organisation(folder.path(), &slug, &slug);
        let mut import = house
            .command(&[])
            .args(["import", folder.path().to_str().unwrap()])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 + u64::from(round * 37 % 400)));
        if round % 2 == 0 {
            // The import is killed too, or was done.
            let _ = import.kill();
        }
        program.kill();
        gone.store(true, Ordering::Relaxed);
        if import.wait().unwrap().success() {
            imported.push(slug);
        }
        published.extend(people.join().unwrap());

        program = house.start(&[]);
        let begun = Instant::now();
        let last = published.iter().chain(&imported).next_back().cloned();
        program.wait_until("in step", |program| {
            last.as_ref().is_none_or(|slug| {
                program.finds(&slug.replace('-', "+"), &format!("organisation:{slug}"))
            })
        });
        assert!(
            begun.elapsed() < IN_STEP,
            "round {round}: {:?}",
            begun.elapsed()
        );
    }
    assert!(published.len() > 10, "{} were published", published.len());
    for slug in published.iter().chain(&imported) {
        assert_eq!(
            program.get(&format!("/organisaties/{slug}")).status,
            200,
            "{slug}"
        );
        let words = slug.replace('-', "+");
        assert!(
            program.finds(&words, &format!("organisation:{slug}")),
            "{slug} is not found"
        );
    }
    assert_the_log_is_whole(&house, published.len() + imported.len());
}

/// Each record has one line that registers it, with all that it is; each line has its record.
fn assert_the_log_is_whole(house: &House, at_least: usize) {
    let server = PrivateServer::start_or_join(&Options {
        directory: house.path(),
        binaries: None,
        durable: true,
        max_connections: 10,
    })
    .unwrap();
    run(async {
        let pool = wijzer::database::pool(server.url().parse().unwrap(), 1);
        let (records, lines, matching): (i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from organisations where slug like 'proef%'),
                    (select count(*) from audit_log where subject = 'organisation' and key like 'proef%' and act = 'register'),
                    (select count(*) from audit_log l join organisations o on o.slug = l.key
                     where l.key like 'proef%' and l.act = 'register' and l.record_id = o.id
                       and l.content->>'name' = o.name)",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert!(
            usize::try_from(records).unwrap() >= at_least,
            "{records} of {at_least}"
        );
        assert_eq!((lines, matching), (records, records));
        let halves: i64 = sqlx::query_scalar(
            "select count(*) from organisations o where o.slug like 'proefclub%'
             and not exists (select from organisation_themes t where t.organisation_id = o.id)",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(halves, 0, "half records");
        pool.close().await;
    });
}
