//! Calendars by the command line, and followed by the running program.

use std::process::Output;

use super::server::{Server, page};
use super::{calendar, event};
use crate::support::program::House;
use crate::support::run;

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_calendar_is_added_followed_listed_and_removed() {
    let house = House::furnished();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        calendar(&[event("a", "Zingen bij de wijkagenda")]),
    )
    .unwrap();
    let file = file.path().to_str().unwrap();
    let calendar = |rest: &[&str]| house.run(&[&["calendar"], rest].concat());
    let refused = calendar(&["add", "wijk", "--organisation", "bestaat-niet"]);
    assert!(
        !refused.status.success() && out(&refused).contains("no organisation bestaat-niet"),
        "{}",
        out(&refused)
    );
    for wrong in [
        ["--url", "file:///etc/passwd"],
        ["--theme", "bestaat-niet"],
        ["--kind", "feest"],
        ["--every", "0"],
    ] {
        let refused = calendar(
            &[
                &["add", "wijk", "--organisation", "gemeente-deventer"],
                &wrong[..],
            ]
            .concat(),
        );
        assert!(!refused.status.success(), "{wrong:?}");
    }
    let added = calendar(&[
        "add",
        "wijk",
        "--organisation",
        "gemeente-deventer",
        "--publish",
    ]);
    assert!(
        out(&added).contains("wijk is registered"),
        "{}",
        out(&added)
    );
    let dry = calendar(&["run", "wijk", "--file", file, "--dry-run"]);
    assert!(
        out(&dry).contains("nothing written: 1 registered"),
        "{}",
        out(&dry)
    );
    let done = calendar(&["run", "wijk", "--file", file]);
    assert!(
        out(&done).contains("1 registered, 0 revised"),
        "{}",
        out(&done)
    );
    std::fs::write(file, "geen agenda").unwrap();
    let broken = calendar(&["run", "wijk", "--file", file]);
    assert!(
        !broken.status.success() && out(&broken).contains("not a calendar"),
        "{}",
        out(&broken)
    );
    let listed = out(&calendar(&["list"]));
    assert!(
        listed.contains("wijk\tgemeente-deventer\ton\t") && listed.contains("refused"),
        "{listed}"
    );
    let log = out(&calendar(&["log", "wijk"]));
    assert!(
        log.contains("1 registered") && log.contains("this is not a calendar"),
        "{log}"
    );
    assert!(out(&calendar(&["remove", "wijk"])).contains("not followed any more"));
    assert!(!calendar(&["run", "wijk"]).status.success());
}

#[test]
fn the_running_program_follows_what_is_due() {
    let body = calendar(&[event("a", "Zingen bij de wijkagenda")]);
    let server = run(Server::new(move |_| page(&body)));
    let house = House::furnished();
    let url = format!("http://{}/agenda.ics?sleutel=geheim", server.address);
    let added = house.run(&[
        "calendar",
        "add",
        "wijk",
        "--organisation",
        "gemeente-deventer",
        "--publish",
        "--url",
        &url,
    ]);
    assert!(added.status.success(), "{}", out(&added));
    let allow = server.address.to_string();
    let mut program = house.start(&[("WIJZER_FETCH_ALLOW", &allow)]);
    program.wait_until("found", |program| {
        program.finds("wijkagenda", "activity:zingen-bij-de-wijkagenda")
    });
    let log = program.log();
    assert!(
        log.contains("a calendar was followed") && !log.contains("geheim"),
        "{log}"
    );
    assert!(program.terminate().success());
}
