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
                ("name", &"n".repeat(151)),
                ("summary", "a\u{0}b"),
                ("source_year", "20x6"),
                ("checked_at", "31-11-2026"),
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
                ("opening_hours", "altijd"),
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
            (
                "organisations.csv, regel 3, kolom slug: ",
                "kan niet in een adres",
            ),
            (
                "organisations.csv, regel 3, kolom phone: ",
                "geen telefoonnummer",
            ),
            (
                "organisations.csv, regel 3, kolom email: ",
                "geen e-mailadres",
            ),
            (
                "organisations.csv, regel 4, kolom website: ",
                "geen webadres",
            ),
            (
                "organisations.csv, regel 4, kolom opening_hours: ",
                "de stand van de zon",
            ),
            (
                "organisations.csv, regel 4, kolom kind: ",
                "geen bekende waarde",
            ),
            (
                "organisations.csv, regel 5, kolom slug: ",
                "staat al op regel 2",
            ),
            (
                "organisations.csv, regel 5, kolom place: ",
                "“nergens” staat niet in places.csv",
            ),
            (
                "organisations.csv, regel 6, kolom name: ",
                "mag niet leeg zijn",
            ),
            (
                "organisations.csv, regel 6, kolom themes: ",
                "staat er twee keer",
            ),
            ("organisations.csv, regel 7, kolom summary: ", "langer dan"),
            (
                "organisations.csv, regel 8, kolom summary: ",
                "niet te tonen",
            ),
            (
                "organisations.csv, regel 8, kolom name: ",
                "dit zijn 151 tekens, en er passen er 150",
            ),
            (
                "organisations.csv, regel 8, kolom source_year: ",
                "geen jaar",
            ),
            (
                "organisations.csv, regel 8, kolom checked_at: ",
                "31-11-2026",
            ),
            ("places.csv, regel 2, kolom postcode: ", "geen postcode"),
            ("places.csv, regel 3, kolom lat: ", "geen punt op aarde"),
            ("places.csv, regel 4, kolom lat: ", "lat en lon allebei"),
            (
                "places.csv, regel 4, kolom opening_hours: ",
                "geen openingstijden",
            ),
            (
                "places.csv, regel 5, kolom city: ",
                "bij een adres hoort een plaats",
            ),
            (
                "places.csv, regel 5, kolom zone: ",
                "“atlantis” staat niet in zones.csv",
            ),
            ("places.csv, regel 5, kolom meeting_place: ", "ja"),
            ("activities.csv, regel 2, kolom rrule: ", "geen herhaling"),
            ("activities.csv, regel 3, kolom dtstart: ", "geen tijdstip"),
            (
                "activities.csv, regel 3, kolom organisation: ",
                "“weg” staat niet in organisations.csv",
            ),
            (
                "activities.csv, regel 4, kolom rrule: ",
                "vaker dan elke dag",
            ),
            ("activities.csv, regel 5, kolom ", "voor de eerste"),
            ("activities.csv, regel 6, kolom cost_cents: ", "eurocenten"),
            (
                "activities.csv, regel 6, kolom step: ",
                "geen bekende waarde",
            ),
            ("closures.csv, regel 2, kolom hours: ", "tijden van een dag"),
            ("closures.csv, regel 3, kolom hours: ", "bij de soort place"),
            ("zones.csv, regel 2: ", "geen UTF-8"),
            ("themes.csv, regel 1, kolom name: ", "twee keer"),
            (
                "themes.csv, regel 1, kolom kleur: ",
                "hoort niet in deze tabel",
            ),
            ("themes.csv, regel 1, kolom parent: ", "ontbreekt"),
            (
                "audiences.csv, regel 2: ",
                "3 cellen, en de eerste regel heeft er 2",
            ),
            (
                "audiences.csv, regel 3: ",
                "1 cellen, en de eerste regel heeft er 2",
            ),
            (
                "help_lines.csv, regel 2: ",
                "aanhalingsteken wordt niet gesloten",
            ),
            ("synonyms.csv: ", "dit bestand is leeg"),
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
        said(&told, "places.csv, regel 3", "heeft al een belangrijkste");
        said(&told, "places.csv, regel 4", "twee adressen van een plek");
        said(&told, "places.csv, regel 5", "is een ontmoetingsplek");
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(written(&pool).await, 0);
    });
}

#[test]
fn a_folder_without_tables_is_a_fault() {
    run(async {
        let database = TestDatabase::new(Template::Empty).await;
        let folder = open_folder();
        assert!(faults(&database.pool(), folder.path()).await[0].contains("geen tabel gevonden"));
        let nowhere = Path::new("/bestaat/niet");
        assert!(faults(&database.pool(), nowhere).await[0].contains("geen tabel gevonden"));
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

/// What a spreadsheet in Dutch makes of a table that is opened and saved.
#[test]
fn days_and_truths_as_a_spreadsheet_writes_them_are_read() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let pool = database.pool();
        let folder = open_folder();
        let text = "Name;Start;End;Certain\r\n\r\nFeest;31-12-2026;1-1-2027;WAAR\r\n;;;\r\nVrij;5-5-2027;5-5-2027;ONWAAR\r\n;;;\r\n";
        fs::write(folder.path().join("closures.csv"), text).unwrap();
        let report = super::import(&pool, folder.path(), false).await.unwrap();
        assert_eq!(report.registered, 2);
        let told: Vec<(String, String, bool)> = sqlx::query_as(
            "select name, starts_on::text, certain from closures where name in ('Feest', 'Vrij') order by name",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        let expected = [("Feest", "2026-12-31", true), ("Vrij", "2027-05-05", false)];
        let expected = expected.map(|(name, day, certain)| (name.into(), day.into(), certain));
        assert_eq!(told, expected);
        let text = "Dit is een brief;zonder kolommen;met;van;alles;en;nog;wat\n";
        fs::write(folder.path().join("closures.csv"), text).unwrap();
        let told = faults(&pool, folder.path()).await;
        assert_eq!(told.len(), 1, "{told:?}");
        said(
            &told,
            "closures.csv, regel 1: ",
            "dit lijkt een andere tabel",
        );
        fs::write(
            folder.path().join("closures.csv"),
            "name,start,end,certain\n",
        )
        .unwrap();
        said(
            &faults(&pool, folder.path()).await,
            "er staat geen enkele rij in",
            "",
        );
    });
}

#[test]
fn a_longer_text_that_does_not_fit_is_told_and_nothing_is_written() {
    run(async {
        let database = TestDatabase::new(Template::SmallTown).await;
        let (pool, folder) = (database.pool(), open_folder());
        let before = written(&pool).await;
        let long = "x".repeat(4_001);
        table(
            folder.path(),
            "organisations.csv",
            &[&[("slug", "lang"), ("zones_served", "all"), ("detail", &long)]],
        );
        let faults = faults(&pool, folder.path()).await;
        said(&faults, "organisations.csv", "deze tekst is te lang");
        assert_eq!(written(&pool).await, before);
    });
}
