//! Mail, brought to a real mail server (aiosmtpd) that keeps what it gets.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tempfile::TempDir;
use wijzer::mail::{self, Carrier, Letter};

use crate::support::portal::TestPortal;
use crate::support::server::Template;
use crate::support::{run, skipped};

/// That of the system: it knows the packages of the system.
const PYTHON: &str = "/usr/bin/python3";

/// A mail server on a port of its own.
struct Server {
    process: Child,
    port: u16,
    folder: TempDir,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Server {
    /// `None`, said aloud, where there is no aiosmtpd; `scripts/test` installs it.
    fn start(port: u16) -> Option<Self> {
        let known = Command::new(PYTHON)
            .args(["-c", "import aiosmtpd"])
            .stderr(Stdio::null())
            .status();
        if !known.is_ok_and(|status| status.success()) {
            skipped("no mail server to test with (python3-aiosmtpd)");
            return None;
        }
        let folder = TempDir::new().unwrap();
        let process = Command::new(PYTHON)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("box"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the mail server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(Self {
            process,
            port,
            folder,
        })
    }

    /// What it got, each as Python's own reader of mail tells it: to, from, subject, text.
    fn letters(&self) -> Vec<[String; 4]> {
        const READ: &str = "import sys, json, mailbox, email, email.policy\n\
            out = []\n\
            for path in sorted(sys.argv[1:]):\n    \
                m = email.message_from_binary_file(open(path, 'rb'), policy=email.policy.default)\n    \
                out.append([m['x-rcptto'], m['from'], m['subject'], m.get_content()])\n\
            print(json.dumps(out))";
        let paths: Vec<PathBuf> = std::fs::read_dir(self.folder.path().join("box/new"))
            .map(|files| files.map(|file| file.unwrap().path()).collect())
            .unwrap_or_default();
        let read = Command::new(PYTHON)
            .args(["-c", READ])
            .args(paths)
            .output()
            .unwrap();
        serde_json::from_slice(&read.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&read.stderr)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn carrier(port: u16) -> Carrier {
    Carrier::new(
        &format!("smtp://127.0.0.1:{port}"),
        "DeventerWijzer",
        "redactie@wijzer.test",
    )
    .unwrap()
}

async fn put(pool: &PgPool, to: &str, subject: &str) {
    let letter = Letter {
        to: to.to_owned().try_into().unwrap(),
        subject: subject.to_owned(),
        text: "Dag Zoë,\n\nEen lange regel met “tekens” — en een link: https://wijzer.test/beheer/welkom/0123456789abcdef0123456789abcdef\n.\nNa een punt alleen.\n".to_owned(),
    };
    mail::put(&mut pool.acquire().await.unwrap(), &letter)
        .await
        .unwrap();
}

#[test]
fn a_letter_arrives_as_it_was_written_and_once() {
    run(async {
        let Some(server) = Server::start(free_port()) else {
            return;
        };
        let portal = TestPortal::new(Template::Empty).await;
        put(
            &portal.pool,
            "zoe@wijzer.test",
            "Nieuw wachtwoord voor één café",
        )
        .await;
        put(
            &portal.pool,
            "anja@wijzer.test",
            "Hallo\r\nBcc: kwaad@evil.test",
        )
        .await;
        let (one, other) = (carrier(server.port), carrier(server.port));
        // Two programs on one queue: nothing goes out twice.
        let (first, second) = tokio::join!(one.once(&portal.pool), other.once(&portal.pool));
        assert_eq!(first.unwrap() + second.unwrap(), 2);
        assert_eq!(one.once(&portal.pool).await.unwrap(), 0);
        let mut letters = server.letters();
        letters.sort();
        assert_eq!(letters.len(), 2);
        let [anja, zoe] = &letters[..] else {
            panic!("{letters:?}")
        };
        // A subject cannot add a line to the head, or a reader (ASVS 1.3.11).
        assert_eq!(anja[0], "anja@wijzer.test");
        assert!(anja[2].starts_with("Hallo") && anja[2].contains("Bcc: kwaad@evil.test"));
        assert_eq!(zoe[0], "zoe@wijzer.test");
        assert_eq!(zoe[1], "DeventerWijzer <redactie@wijzer.test>");
        assert_eq!(zoe[2], "Nieuw wachtwoord voor één café");
        assert!(
            zoe[3].contains("Dag Zoë,") && zoe[3].contains("\n.\nNa een punt alleen."),
            "{}",
            zoe[3]
        );
        let kept: Vec<Option<String>> = sqlx::query_scalar("select body from mails")
            .fetch_all(&portal.pool)
            .await
            .unwrap();
        assert_eq!(kept, [None, None], "what was sent loses its text");
    });
}

/// F27: the mail server is down; nothing is lost, and who manages the portal sees why.
#[test]
fn a_mail_server_that_is_down_loses_nothing() {
    run(async {
        let port = free_port();
        let portal = TestPortal::new(Template::Empty).await;
        put(&portal.pool, "zoe@wijzer.test", "Straks").await;
        let carrier = carrier(port);
        assert_eq!(carrier.once(&portal.pool).await.unwrap(), 0);
        let waiting = mail::latest(&mut portal.pool.acquire().await.unwrap(), 10)
            .await
            .unwrap();
        assert_eq!((waiting[0].tries, waiting[0].sent_at), (1, None));
        assert!(!waiting[0].fault.is_empty() && waiting[0].text.is_some());
        assert!(
            waiting[0].next_try_at > waiting[0].queued_at,
            "not at once again"
        );
        assert_eq!(carrier.once(&portal.pool).await.unwrap(), 0);
        let Some(server) = Server::start(port) else {
            return;
        };
        sqlx::query("update mails set next_try_at = now()")
            .execute(&portal.pool)
            .await
            .unwrap();
        assert_eq!(carrier.once(&portal.pool).await.unwrap(), 1);
        assert_eq!(server.letters().len(), 1);
    });
}

#[test]
fn an_address_that_is_none_is_refused_and_not_repeated() {
    for server in [
        "",
        "mail.wijzer.test",
        "http://user:geheim@mail.test",
        "smtp://",
    ] {
        let refused = Carrier::new(server, "Wijzer", "redactie@wijzer.test").err();
        assert!(
            !refused.is_some_and(|error| format!("{error:#}").contains("geheim")),
            "{server}"
        );
    }
    assert!(Carrier::new("smtp://mail.test", "Wijzer", "niemand").is_err());
}
