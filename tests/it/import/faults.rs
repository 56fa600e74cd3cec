use std::fs;
use std::path::Path;

use sqlx::PgPool;
use tempfile::TempDir;

use super::{faults, table};
use crate::support::run;
use crate::support::server::{Template, TestDatabase, open_folder};

/// Whether some line begins so and says so.
#[track_caller]
fn said(faults: &[String], begin: &str, part: &str) {
    let found = faults
        .iter()
        .any(|fault| fault.starts_with(begin) && fault.contains(part));
    assert!(
        found,
        "no {begin:?} with {part:?} in:\n{}",
        faults.join("\n")
    );
}

async fn written(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select (select count(*) from places) + (select count(*) from organisations) + (select count(*) from activities)")
        .fetch_one(pool)
        .await
        .unwrap()
}

#[expect(clippy::too_many_lines, reason = "a table of faults")]
fn bad_folder() -> TempDir {
    let folder = open_folder();
    let at = folder.path();
    table(
        at,
        "organisations.csv",
        &[
            &[("slug", "goed"), ("zones_served", "all")],
            &[
                ("slug", "Hoofd Letters"),
                ("phone", "bel ons"),
                ("email", "a@b.nl\r\nBcc: x@y.nl"),
            ],
            &[
                ("slug", "schema"),
                ("website", "javascript:alert(1)"),
                ("opening_hours", "sunrise-sunset"),
                ("kind", "circus"),
            ],
            &[
                ("slug", "goed"),
                ("themes", "ontmoeten;bestaat-niet"),
                ("place", "nergens"),
            ],
            &[("slug", "leeg"), ("name", ""), ("themes", "geld;geld")],
            &[("slug", "lang"), ("summary", &"x".repeat(1_000_000))],
            &[
                ("slug", "nul"),
                ("summary", "a\u{0}b"),
                ("source_year", "20x6"),
                ("checked_at", "24-11-2026"),
            ],
        ],
    );
    table(
        at,
        "places.csv",
        &[
            &[
                ("slug", "zaal"),
                ("city", "Deventer"),
                ("postcode", "0411 KS"),
            ],
            &[
                ("slug", "ver"),
                ("city", "Deventer"),
                ("lat", "252.2"),
                ("lon", "6.1"),
            ],
            &[
                ("slug", "half"),
                ("city", "Deventer"),
                ("lat", "52.2"),
                ("opening_hours", "Mo 9-12"),
            ],
            &[
                ("slug", "stad"),
                ("street", "Brink"),
                ("zone", "atlantis"),
                ("meeting_place", "ja"),
            ],
        ],
    );
    table(
        at,
        "activities.csv",
        &[
            &[
                ("slug", "a"),
                ("organisation", "goed"),
                ("dtstart", "2026-11-24T10:00"),
                ("rrule", "FREQ=SOMETIMES"),
            ],
            &[
                ("slug", "b"),
                ("organisation", "weg"),
                ("dtstart", "24 november"),
            ],
            &[
                ("slug", "c"),
                ("organisation", "goed"),
                ("dtstart", "2026-11-24T10:00"),
                ("rrule", "FREQ=SECONDLY"),
            ],
            &[
                ("slug", "d"),
                ("organisation", "goed"),
                ("dtstart", "2026-11-24T10:00"),
                ("rrule", "FREQ=DAILY"),
                ("until", "2026-01-01"),
            ],
            &[
                ("slug", "e"),
                ("organisation", "goed"),
                ("cost_cents", "-5"),
                ("step", "zesde"),
            ],
        ],
    );
    fs::write(
        at.join("closures.csv"),
        "name,start,end,certain,place,hours\n\
         Feest,2026-12-31,2026-12-31,,zaal,Mo 10:00-12:00\n\
         Kerst,2026-12-25,2026-12-25,,,10:00-12:00\n",
    )
    .unwrap();
    fs::write(
        at.join("zones.csv"),
        b"slug,name,kind,postcodes,lat,lon,neighbours,summary\nx,Caf\xe9,wijk,,,,,\n",
    )
    .unwrap();
    fs::write(at.join("themes.csv"), "slug,name,name,kleur\nx,X,X,rood\n").unwrap();
    fs::write(at.join("audiences.csv"), "slug,name\na,A,te veel\nb\nc,C\n").unwrap();
    fs::write(
        at.join("help_lines.csv"),
        "slug,name,phone,summary\nx,X,112,\"niet gesloten\n",
    )
    .unwrap();
    fs::write(at.join("synonyms.csv"), "").unwrap();
    folder
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of faults")]
fn every_fault_is_told_at_once_with_file_line_and_column_and_nothing_is_written() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let pool = database.pool();
        let folder = bad_folder();
        let told = faults(&pool, folder.path()).await;
        for (begin, part) in [
            ("organisations.csv, line 3, column slug: ", "is not a slug"),
            (
                "organisations.csv, line 3, column phone: ",
                "not a telephone number",
            ),
            (
                "organisations.csv, line 3, column email: ",
                "not an e-mail address",
            ),
            (
                "organisations.csv, line 5, column website: ",
                "not a web address",
            ),
            (
                "organisations.csv, line 5, column opening_hours: ",
                "follow the sun",
            ),
            (
                "organisations.csv, line 5, column kind: ",
                "not a known value",
            ),
            (
                "organisations.csv, line 6, column slug: ",
                "stands on line 2 already",
            ),
            (
                "organisations.csv, line 6, column place: ",
                "places.csv has no \"nergens\"",
            ),
            (
                "organisations.csv, line 7, column name: ",
                "must not be empty",
            ),
            ("organisations.csv, line 7, column themes: ", "given twice"),
            ("organisations.csv, line 8, column summary: ", "longer than"),
            (
                "organisations.csv, line 9, column summary: ",
                "cannot be shown",
            ),
            (
                "organisations.csv, line 9, column source_year: ",
                "not a year",
            ),
            (
                "organisations.csv, line 9, column checked_at: ",
                "24-11-2026",
            ),
            (
                "places.csv, line 2, column postcode: ",
                "not a Dutch postcode",
            ),
            ("places.csv, line 3, column lat: ", "not a point on earth"),
            (
                "places.csv, line 4, column lat: ",
                "both latitude and longitude",
            ),
            (
                "places.csv, line 4, column opening_hours: ",
                "wrong from character 4 on",
            ),
            (
                "places.csv, line 5, column city: ",
                "an address needs a town",
            ),
            (
                "places.csv, line 5, column zone: ",
                "zones.csv has no \"atlantis\"",
            ),
            ("places.csv, line 5, column meeting_place: ", "ja"),
            (
                "activities.csv, line 2, column rrule: ",
                "not a recurrence rule",
            ),
            (
                "activities.csv, line 3, column dtstart: ",
                "not a local time",
            ),
            (
                "activities.csv, line 3, column organisation: ",
                "organisations.csv has no \"weg\"",
            ),
            (
                "activities.csv, line 4, column rrule: ",
                "more often than daily",
            ),
            ("activities.csv, line 5, column ", "before the first"),
            ("activities.csv, line 6, column cost_cents: ", "euro cents"),
            ("activities.csv, line 6, column step: ", "not a known value"),
            (
                "closures.csv, line 2, column hours: ",
                "hours of one day only",
            ),
            (
                "closures.csv, line 3, column hours: ",
                "go with the kind place",
            ),
            ("zones.csv, line 2: ", "not UTF-8"),
            ("themes.csv, line 1, column name: ", "there twice"),
            ("themes.csv, line 1, column kleur: ", "no such column"),
            ("themes.csv, line 1, column parent: ", "missing"),
            ("audiences.csv, line 2: ", "3 cells where the header has 2"),
            ("audiences.csv, line 3: ", "1 cells where the header has 2"),
            ("help_lines.csv", "quotation mark is not closed"),
            ("synonyms.csv, line 1, column terms: ", "missing"),
        ] {
            said(&told, begin, part);
        }
        assert_eq!(written(&pool).await, 0);
        assert!(
            told.iter().all(|fault| fault.len() < 400),
            "a fault quotes a whole cell"
        );
    });
}

#[test]
fn what_only_the_database_knows_is_told_at_its_line_too() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let pool = database.pool();
        let folder = open_folder();
        let main = [("meeting_place", "true"), ("main_meeting_place", "true")];
        table(
            folder.path(),
            "places.csv",
            &[
                &[("slug", "een"), main[0], main[1]],
                &[("slug", "twee"), main[0], main[1]],
                &[
                    ("slug", "drie"),
                    ("street", "A"),
                    ("city", "Deventer"),
                    ("address_until", "2026-12-31"),
                ],
                &[
                    ("slug", "vier"),
                    ("main_meeting_place", "true"),
                    ("zone", "centrum"),
                ],
            ],
        );
        let addresses = "place,from,until,street,house_number,postcode,city,lat,lon\ndrie,2026-12-01,,B,1,,Deventer,,\n";
        fs::write(folder.path().join("place_addresses.csv"), addresses).unwrap();
        let told = faults(&pool, folder.path()).await;
        said(
            &told,
            "places.csv, line 3",
            "already has a main meeting place",
        );
        said(&told, "places.csv, line 4", "two addresses of one place");
        said(&told, "places.csv, line 5", "must be a meeting place");
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(written(&pool).await, 0);
    });
}

#[test]
fn a_folder_without_tables_is_a_fault() {
    run(async {
        let database = TestDatabase::new(Template::Empty).await;
        let folder = open_folder();
        assert!(faults(&database.pool(), folder.path()).await[0].contains("no table found"));
        assert!(
            faults(&database.pool(), Path::new("/bestaat/niet")).await[0]
                .contains("no table found")
        );
    });
}

#[test]
fn any_encoding_and_line_end_of_a_good_file_is_read() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let folder = open_folder();
        let text = "\u{feff}slug,name\r\ntieners,\"Tie\"\"ners\"\r\nvaders,  Vaders \r\n\r\n";
        fs::write(folder.path().join("audiences.csv"), text).unwrap();
        let report = super::import(&database.pool(), folder.path(), false)
            .await
            .unwrap();
        assert_eq!(report.registered, 2);
        let names: Vec<String> =
            sqlx::query_scalar("select name from audiences where slug <> 'iedereen' order by slug")
                .fetch_all(&database.pool())
                .await
                .unwrap();
        assert_eq!(names, ["Tie\"ners", "Vaders"]);
    });
}
