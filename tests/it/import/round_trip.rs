use wijzer::base::RecordKind;
use wijzer::catalogue::agenda::{Change, ChangeKind};
use wijzer::catalogue::former_slugs;

use super::{export, files, import};
use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder, closed, slug};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::{Template, open_folder};

#[test]
fn what_is_exported_gives_the_same_portal_elsewhere() {
    run(async {
        let (folder, again) = (open_folder(), open_folder());
        export(&deventer().await.pool, folder.path()).await;
        let mut portal = TestPortal::new(Template::Empty).await;
        let report = import(&portal.pool, folder.path(), false).await.unwrap();
        assert_eq!(report.revised + report.unchanged, 0);
        export(&portal.pool, again.path()).await;
        assert!(
            files(folder.path()) == files(again.path()),
            "the tables differ"
        );
        portal.turn().await;
        for path in [
            "/",
            "/organisaties",
            "/organisaties/team-toegang-wmo",
            "/activiteiten/koersbal-braakhekke",
            "/plekken",
            "/plekken/cultuurhuus-braakhekke",
            "/themas",
            "/themas/geld",
            "/dossiers/huiselijk-geweld",
            "/vragen",
            "/wijken/bathmen",
            "/agenda",
            "/zoeken?q=ouderen",
            "/zoeken?q=&wijk=voorstad&pagina=2",
        ] {
            let (there, here) = (
                portal.get(path).await.ok(),
                deventer().await.get(path).await.ok(),
            );
            let differs = there.html().lines().zip(here.html().lines());
            let differs = differs.into_iter().find(|(there, here)| there != here);
            assert_eq!(differs, None, "{path}");
        }
    });
}

/// A town with what the Deventer set lacks: moves, two schedules, drafts, redirects, odd texts, hours.
async fn odd_town() -> TestPortal {
    let portal = TestPortal::new(Template::SmallTown).await;
    let place = PlaceBuilder::new("Zaal")
        .address_between("Oudestraat", None, Some("2026-12-31"))
        .address_between("Nieuwstraat", Some("2027-01-01"), None);
    let place = place.open("24/7; PH off").detail("=1+1 is **twee**");
    portal.keep(&place.published()).await;
    portal
        .keep(&closed("Feest", "2026-12-31", "zaal", Some("10:00-15:00")))
        .await;
    let mut organisation = OrganisationBuilder::new("Club")
        .in_zone("voorstad")
        .at("zaal")
        .open("Mo-Fr 09:00-17:00; Sa \"op afspraak\"")
        .detail("- een\n- \"twee\", [drie](https://voorbeeld.nl)")
        .draft();
    "Regel een\n\"regel; twee\", drie\ttab".clone_into(&mut organisation.summary);
    portal.keep(&organisation).await;
    let twice = ActivityBuilder::new("Kaarten", "club")
        .detail("Eén.\n\nTwee.")
        .weekly("2026-11-03T14:00", Some("2027-06-01"));
    portal
        .keep(&twice.once("2026-12-05T10:00").withdrawn())
        .await;
    let mut conn = portal.pool.acquire().await.unwrap();
    let (former, present) = (slug("de-club"), slug("club"));
    let actor = wijzer::access::Actor::Import;
    former_slugs::remember(
        &mut conn,
        &actor,
        RecordKind::Organisation,
        &former,
        &present,
    )
    .await
    .unwrap();
    drop(conn);
    portal
}

#[test]
fn moves_schedules_states_and_redirects_survive() {
    run(async {
        let (folder, again) = (open_folder(), open_folder());
        export(&odd_town().await.pool, folder.path()).await;
        let portal = TestPortal::new(Template::Empty).await;
        import(&portal.pool, folder.path(), false).await.unwrap();
        export(&portal.pool, again.path()).await;
        assert_eq!(files(folder.path()), files(again.path()));
        assert_eq!(
            (
                portal.count("place_addresses").await,
                portal.count("schedules").await
            ),
            (2, 2)
        );
        assert_eq!(
            portal.count("closures where hours = '10:00-15:00'").await,
            1
        );
        assert_eq!(
            portal
                .count("organisations where opening_hours like '%afspraak%'")
                .await,
            1
        );
        for told in [
            "places where detail = '=1+1 is **twee**'",
            "organisations where detail like '- een%voorbeeld.nl)'",
            "activities where detail <> ''",
        ] {
            assert_eq!(portal.count(told).await, 1, "{told}");
        }
        assert_eq!(portal.count("former_slugs").await, 1);
        assert_eq!(
            portal.get("/organisaties/club").await.status,
            404,
            "still a draft"
        );
    });
}

/// What a file leaves out says nothing: a record that is there keeps it.
#[test]
fn columns_and_tables_that_are_left_out_change_nothing() {
    run(async {
        let portal = odd_town().await;
        let mut twice = ActivityBuilder::new("Zingen", "club")
            .weekly("2026-11-03T14:00", Some("2027-06-01"))
            .once("2026-12-05T10:00")
            .published();
        twice.schedules[0].changes.push(Change {
            recurrence: "2026-11-24T14:00:00".parse().unwrap(),
            kind: ChangeKind::Cancelled,
            starts_at: None,
            duration_minutes: None,
            place: None,
            reason: "Vakantie".to_owned(),
        });
        portal.keep(&twice).await;
        let whole = open_folder();
        export(&portal.pool, whole.path()).await;
        // Each alone, and without any column that may be left out.
        for (name, columns) in [
            ("organisations.csv", 15),
            ("activities.csv", 24),
            ("places.csv", 19),
        ] {
            let alone = open_folder();
            let mut reader = csv::Reader::from_path(whole.path().join(name)).unwrap();
            let header = reader.headers().unwrap().clone();
            assert_eq!(&header[columns - 1], "source_year", "{name}");
            let mut writer = csv::Writer::from_path(alone.path().join(name)).unwrap();
            writer.write_record(header.iter().take(columns)).unwrap();
            for record in reader.records() {
                let record = record.unwrap();
                writer.write_record(record.iter().take(columns)).unwrap();
            }
            writer.flush().unwrap();
            drop(writer);
            let report = import(&portal.pool, alone.path(), false).await.unwrap();
            assert_eq!(report.changed(), 0, "{name}: {report}");
        }
        let again = open_folder();
        export(&portal.pool, again.path()).await;
        assert_eq!(files(whole.path()), files(again.path()));
        // A table that came says all there is.
        let none = open_folder();
        for name in ["activities.csv", "activity_schedules.csv"] {
            let text = std::fs::read_to_string(whole.path().join(name)).unwrap();
            let header = text.lines().next().unwrap();
            let kept = if name == "activities.csv" {
                &text
            } else {
                header
            };
            std::fs::write(none.path().join(name), format!("{kept}\n")).unwrap();
        }
        let before = portal.count("schedules").await;
        import(&portal.pool, none.path(), false).await.unwrap();
        assert_eq!(portal.count("schedules").await, before - 2);
    });
}

#[test]
fn an_export_read_back_changes_nothing() {
    run(async {
        let portal = odd_town().await;
        portal
            .keep(
                &PlaceBuilder::new("Veilig huis")
                    .address("Verborgenlaan")
                    .hidden()
                    .published(),
            )
            .await;
        let folder = open_folder();
        export(&portal.pool, folder.path()).await;
        let report = import(&portal.pool, folder.path(), false).await.unwrap();
        assert_eq!(report.changed(), 0, "{report}");
        assert_eq!(
            portal.count("place_addresses").await,
            3,
            "the hidden address was never exported, and stays"
        );
    });
}
