//! Sources are followed when their time has come, each by one program.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use wijzer::app::Rounds;
use wijzer::catalogue::calendar_sources::Outcome;
use wijzer::fetch::{Fetcher, Guard, Limits};

use super::server::{Reply, Server, page, whole};
use super::{calendar, drafts, event, register, runs, source, town};
use crate::support::portal::{TUESDAY, TestPortal, config};
use crate::support::run;
use crate::support::server::open_folder;

fn rounds(portal: &TestPortal, server: &Server) -> Rounds {
    let folder = open_folder();
    let limits = Limits {
        time: Duration::from_secs(2),
        ..Limits::default()
    };
    let fetcher = Fetcher::new(Guard::allowing(&[server.address]))
        .unwrap()
        .within(limits);
    Rounds::new(&config(folder.path()), portal.pool.clone(), TUESDAY)
        .unwrap()
        .fetching_by(fetcher)
}

async fn due_again(portal: &TestPortal) {
    sqlx::query("update calendar_sources set next_run_at = now()")
        .execute(&portal.pool)
        .await
        .unwrap();
}

#[test]
fn a_source_is_followed_when_it_is_due_and_asked_again_politely() {
    run(async {
        let portal = town().await;
        let body = calendar(&[event("a", "Zingen")]);
        let server = Server::new(move |head| {
            if head.contains("if-none-match: \"1\"") {
                whole("HTTP/1.1 304 Not Modified\r\n\r\n")
            } else {
                whole(&format!(
                    "HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                ))
            }
        })
        .await;
        let rounds = rounds(&portal, &server);
        assert_eq!(
            rounds.once().await.unwrap(),
            0,
            "a source without an address is never due"
        );
        register(
            &portal.pool,
            Some(&format!("http://{}/agenda.ics", server.address)),
        )
        .await;
        assert_eq!(rounds.once().await.unwrap(), 1);
        assert_eq!(rounds.once().await.unwrap(), 0, "it is not due again yet");
        assert_eq!(drafts(&portal).await.len(), 1);
        let next = source(&portal.pool).await.next_run_at - chrono::Utc::now();
        assert!(
            (320..400).contains(&next.num_minutes()),
            "six hours, more or less: {next}"
        );
        due_again(&portal).await;
        assert_eq!(rounds.once().await.unwrap(), 1);
        let runs = runs(&portal).await;
        assert_eq!(
            (runs[0].outcome, runs[1].outcome),
            (Outcome::Unchanged, Outcome::Done)
        );
        assert_eq!(server.asked(), 2);
        // Whoever changes what a source stands for wants it read anew.
        register(
            &portal.pool,
            Some(&format!("http://{}/agenda.ics", server.address)),
        )
        .await;
        rounds.once().await.unwrap();
        assert_eq!(super::runs(&portal).await[0].unchanged, 1);
    });
}

#[test]
fn what_cannot_be_fetched_changes_nothing_and_is_reported() {
    run(async {
        let portal = town().await;
        let turn = Arc::new(AtomicUsize::new(0));
        let told = Arc::clone(&turn);
        let body = calendar(&[event("a", "Zingen")]);
        let server = Server::new(move |_| match told.fetch_add(1, Ordering::Relaxed) {
            0 => page(&body),
            1 => whole("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"),
            2 => page("<html>Onderhoud</html>"),
            3 => page("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
            4 => whole("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nBEGIN:VCALENDAR\r\n"),
            5 => Reply {
                parts: vec![
                    b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n".to_vec(),
                    Vec::new(),
                ],
                pause: Duration::from_secs(20),
            },
            _ => page(&"x".repeat(6_000_000)),
        })
        .await;
        register(
            &portal.pool,
            Some(&format!("http://{}/agenda.ics", server.address)),
        )
        .await;
        let rounds = rounds(&portal, &server);
        rounds.once().await.unwrap();
        let before = drafts(&portal).await;
        for why in [
            "status 500",
            "not a calendar",
            "none of the 1",
            "breaks off",
            "longer than 2",
            "larger than",
        ] {
            due_again(&portal).await;
            rounds.once().await.unwrap();
            let last = runs(&portal).await.remove(0);
            assert_eq!(last.outcome, Outcome::Refused, "{why}");
            assert!(
                last.remarks[0].text.contains(why),
                "{why}: {}",
                last.remarks[0]
            );
            assert_eq!(drafts(&portal).await, before, "{why}");
        }
    });
}

#[test]
fn of_many_programs_one_follows() {
    run(async {
        let portal = town().await;
        let body = calendar(&[event("a", "Zingen")]);
        let server = Server::new(move |_| page(&body)).await;
        register(
            &portal.pool,
            Some(&format!("http://{}/agenda.ics", server.address)),
        )
        .await;
        let (one, two, three) = (
            rounds(&portal, &server),
            rounds(&portal, &server),
            rounds(&portal, &server),
        );
        let (a, b, c) = tokio::join!(one.once(), two.once(), three.once());
        assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 1);
        assert_eq!((server.asked(), runs(&portal).await.len()), (1, 1));
    });
}
