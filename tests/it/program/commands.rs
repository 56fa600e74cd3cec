use std::process::Output;

use super::kills::choose_password;
use crate::support::program::{House, ask, free_address, one_organisation};
use crate::support::server::{DEVENTER, open_folder};

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_first_start_loads_the_demonstration_set_and_the_second_keeps_it() {
    let house = House::empty();
    let mut program = house.start(&[("WIJZER_DEMO_DATA", DEVENTER)]);
    assert!(
        program
            .get("/")
            .text
            .contains("Vind hulp, gezelschap en iets te doen in Deventer")
    );
    assert!(program.finds("koersbal", "activity:koersbal-braakhekke"));
    assert!(
        program
            .log()
            .contains(&format!("http://{}", program.address)),
        "{}",
        program.log()
    );
    assert!(program.terminate().success());
    let program = house.start(&[("WIJZER_DEMO_DATA", DEVENTER)]);
    assert!(program.finds("koersbal", "activity:koersbal-braakhekke"));
    assert_eq!(
        program.log().matches("rows registered").count(),
        1,
        "loaded once:\n{}",
        program.log()
    );
}

#[test]
fn import_and_export_work_beside_the_running_portal() {
    let house = House::furnished();
    let mut program = house.start(&[]);
    let folder = open_folder();
    one_organisation(folder.path(), "nieuwe-buren", "Nieuwe Buren");
    let path = folder.path().to_str().unwrap();

    let dry = house.run(&["import", path, "--dry-run"]);
    assert!(dry.status.success(), "{}", err(&dry));
    assert!(
        out(&dry).contains("Dry run, nothing written: 1 rows would be new"),
        "{}",
        out(&dry)
    );
    let real = house.run(&["import", path]);
    assert!(
        out(&real).contains("1 rows registered, 0 revised, 0 unchanged."),
        "{}",
        out(&real)
    );
    program.wait_until("found", |program| {
        program.finds("nieuwe+buren", "organisation:nieuwe-buren")
    });
    let again = house.run(&["import", path]);
    assert!(
        out(&again).contains("Nothing to change: all 1 rows are there already."),
        "{}",
        out(&again)
    );

    let tables = open_folder();
    let export = house.run(&["export", tables.path().to_str().unwrap()]);
    assert!(export.status.success(), "{}", err(&export));
    assert!(
        std::fs::read_to_string(tables.path().join("organisations.csv"))
            .unwrap()
            .contains("Nieuwe Buren")
    );

    std::fs::write(folder.path().join("audiences.csv"), "slug,name\nX,\n").unwrap();
    let bad = house.run(&["import", path]);
    assert!(!bad.status.success());
    for part in [
        "audiences.csv, regel 2, kolom slug",
        "audiences.csv, regel 2, kolom name",
        "nothing was written",
    ] {
        assert!(err(&bad).contains(part), "{part}: {}", err(&bad));
    }
}

#[test]
fn only_the_first_account_is_an_administrator_by_itself() {
    let house = House::empty();
    let program = house.start(&[]);
    let create = |who: &str, more: &[&str]| {
        let email = format!("{who}@wijzer.test");
        let words = ["user", "create", &email, "--name", who];
        house.run(&[&words, more].concat())
    };
    assert!(program.log().contains("No administrator can sign in"));
    // An editor with a password does not stand in for an administrator.
    choose_password(&program, create("editor", &["--role", "editor"]));
    choose_password(&program, create("first", &[]));

    let second = create("second", &[]);
    assert!(!second.status.success());
    assert!(err(&second).contains("--role"), "{}", err(&second));
    assert!(create("second", &["--role", "reader"]).status.success());
}

#[test]
fn health_asks_the_running_portal() {
    let house = House::furnished();
    let down = house
        .command(&[("WIJZER_LISTEN", &free_address().to_string())])
        .arg("health")
        .output()
        .unwrap();
    assert!(!down.status.success());
    assert!(err(&down).contains("does not answer"), "{}", err(&down));
    let program = house.start(&[]);
    let listen = program.address.to_string();
    let up = house
        .command(&[("WIJZER_LISTEN", &listen)])
        .arg("health")
        .output()
        .unwrap();
    assert!(up.status.success(), "{}", err(&up));
}

#[test]
fn wrong_settings_stop_the_start_with_a_sentence_for_each() {
    let house = House::empty();
    let settings = [
        ("WIJZER_LISTEN", "tachtig"),
        ("WIJZER_CACHE_MB", "veel"),
        ("WIJZER_NAAM", "x"),
        ("DATABASE_URL", "geheim"),
    ];
    let output = house.command(&settings).output().unwrap();
    assert!(!output.status.success());
    for (name, _) in settings {
        assert!(err(&output).contains(name), "{name}: {}", err(&output));
    }
    assert!(
        !err(&output).contains("geheim") && !house.path().exists(),
        "nothing was begun"
    );
}

#[test]
fn settings_and_help_are_told() {
    let house = House::empty();
    let table = out(&house.run(&["settings"]));
    for setting in wijzer::config::SETTINGS {
        assert!(
            table.contains(&format!("| `{}` |", setting.name)),
            "{}",
            setting.name
        );
    }
    let help = out(&house.run(&["--help"]));
    for command in ["serve", "import", "export", "reindex", "settings", "health"] {
        assert!(help.contains(command), "{command}");
    }
    assert!(!house.run(&["dans"]).status.success());
}

#[test]
fn the_figures_stand_on_an_address_of_their_own() {
    let house = House::furnished();
    let metrics = free_address();
    let program = house.start(&[("WIJZER_METRICS_LISTEN", &metrics.to_string())]);
    program.get("/zoeken?q=geheimwoord");
    program.get("/organisaties/gemeente-deventer");
    let figures = ask(metrics, "/metrics").unwrap().text;
    assert!(figures.contains("/organisaties/{slug}"), "{figures}");
    assert!(
        !figures.contains("geheimwoord") && !program.log().contains("geheimwoord"),
        "a visitor's words"
    );
    assert_eq!(program.get("/metrics").status, 404);
}

#[test]
fn reindex_builds_the_index_anew() {
    let house = House::furnished();
    let output = house.run(&["reindex"]);
    assert!(
        out(&output).contains("records in the search index"),
        "{}{}",
        out(&output),
        err(&output)
    );
    let program = house.start(&[]);
    let busy = house.run(&["reindex"]);
    assert!(!busy.status.success(), "not beside a running portal");
    assert!(program.finds("koersbal", "activity:koersbal-braakhekke"));
}
