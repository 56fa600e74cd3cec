//! Search and pages follow the records: soon, whole, and in whatever order things are committed.

use std::time::{Duration, Instant};

use wijzer::indexing::Outcome;

use crate::support::builders::{
    ActivityBuilder, DossierBuilder, OrganisationBuilder, PlaceBuilder, Record, ZoneBuilder,
};
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;

async fn town() -> TestPortal {
    TestPortal::new(Template::SmallTown).await
}

#[test]
fn a_change_is_found_and_shown_at_once() {
    run(async {
        let mut portal = town().await;
        portal
            .publish(
                &OrganisationBuilder::new("Voedselbank")
                    .in_zone("voorstad")
                    .published(),
            )
            .await;
        assert_eq!(
            portal.search("voedselbank").await,
            ["organisation:voedselbank"]
        );
        assert_eq!(
            portal.get("/organisaties/voedselbank").await.ok().one("h1"),
            "Voedselbank"
        );
        let mut changed = OrganisationBuilder::new("Voedselbank")
            .in_zone("voorstad")
            .published();
        changed.name = "Weggeefwinkel".to_owned();
        portal.publish(&changed).await;
        assert_eq!(
            portal.get("/organisaties/voedselbank").await.ok().one("h1"),
            "Weggeefwinkel"
        );
        assert_eq!(
            portal.get("/organisaties").await.ok().texts("[data-hit] a")[0],
            "Weggeefwinkel"
        );
        assert_eq!(
            portal.search("weggeefwinkel").await,
            ["organisation:voedselbank"]
        );
    });
}

#[test]
fn what_is_withdrawn_is_gone_everywhere() {
    run(async {
        let mut portal = town().await;
        let club = || OrganisationBuilder::new("Kaartclub");
        portal.keep(&club().published()).await;
        portal
            .publish(
                &ActivityBuilder::new("Kaarten", "kaartclub")
                    .weekly("2026-11-24T14:00", None)
                    .published(),
            )
            .await;
        for path in [
            "/organisaties",
            "/agenda",
            "/zoeken?q=kaarten",
            "/sitemap.xml",
            "/themas/ontmoeten",
        ] {
            assert!(
                portal.get(path).await.ok().html().contains("/kaart"),
                "{path}"
            );
        }
        portal.publish(&club().withdrawn()).await;
        for path in [
            "/organisaties",
            "/agenda",
            "/zoeken",
            "/sitemap.xml",
            "/themas/ontmoeten",
            "/",
        ] {
            let page = portal.get(path).await.ok();
            assert!(
                !page.html().contains("kaartclub") && !page.html().contains("Kaarten"),
                "{path}"
            );
        }
        assert_eq!(portal.get("/organisaties/kaartclub").await.status, 404);
        assert_eq!(portal.get("/activiteiten/kaarten").await.status, 404);
        assert_eq!(
            portal.search("kaarten").await.len(),
            0,
            "its activities go with it"
        );
        portal.publish(&club().published()).await;
        assert_eq!(
            portal.search("kaarten").await,
            ["activity:kaarten", "organisation:kaartclub"],
            "and come back with it"
        );
    });
}

#[test]
fn a_new_name_reaches_all_that_shows_it() {
    run(async {
        let mut portal = town().await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        portal
            .keep(&OrganisationBuilder::new("Club").at("zaal").published())
            .await;
        portal
            .publish(
                &ActivityBuilder::new("Kaarten", "club")
                    .at("zaal")
                    .weekly("2026-11-24T14:00", None)
                    .published(),
            )
            .await;
        let mut renamed = PlaceBuilder::new("Zaal").published();
        renamed.name = "Huis van de Wijk".to_owned();
        portal.publish(&renamed).await;
        assert!(
            portal
                .search("huis van de wijk")
                .await
                .contains(&"activity:kaarten".to_owned())
        );
        let shown = portal.get("/zoeken?q=kaarten").await.ok();
        assert!(
            shown
                .one("ol [data-hit='activity:kaarten']")
                .contains("Huis van de Wijk")
        );
        assert!(
            portal
                .get("/activiteiten/kaarten")
                .await
                .ok()
                .html()
                .contains("Huis van de Wijk")
        );

        let mut zone = ZoneBuilder::new("Voorstad").beside("centrum").published();
        zone.name = "Nieuwstad".to_owned();
        portal.publish(&zone).await;
        assert!(
            portal
                .search("nieuwstad")
                .await
                .contains(&"activity:kaarten".to_owned())
        );
        assert!(
            portal
                .get("/")
                .await
                .ok()
                .texts(".wijzer-zones a")
                .contains(&"Nieuwstad".to_owned())
        );
    });
}

#[test]
fn a_dossier_is_a_topic_of_the_organisations_it_names_until_it_no_longer_does() {
    run(async {
        let mut portal = town().await;
        portal
            .publish(&OrganisationBuilder::new("Kassier").published())
            .await;
        let mut dossier = DossierBuilder::new("Schulden").published();
        portal.publish(&dossier).await;
        for organisations in [vec!["kassier".parse().unwrap()], Vec::new()] {
            dossier.organisations = organisations;
            portal.keep(&dossier).await;
            assert_eq!(portal.turn().await.put, 1, "the organisation, nothing else");
            assert_eq!(portal.keeper.compare().await.unwrap(), Outcome::default());
        }
    });
}

#[test]
fn nothing_new_is_nothing_to_do() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        assert_eq!(portal.turn().await, Outcome::default());
        assert_eq!(
            portal.keeper.compare().await.unwrap(),
            Outcome::default(),
            "index and records are equal"
        );
    });
}

#[test]
fn two_programs_beside_each_other_both_see_every_change() {
    run(async {
        let mut one = town().await;
        let mut two = one.twin();
        two.turn().await;
        for (number, name) in ["Eerste", "Tweede", "Derde"].into_iter().enumerate() {
            one.keep(&OrganisationBuilder::new(name).published()).await;
            if number != 1 {
                two.turn().await;
            }
            one.turn().await;
        }
        for portal in [&one, &two] {
            assert_eq!(portal.search("eerste tweede derde").await.len(), 3);
        }
        assert_eq!(one.engine.digests().unwrap(), two.engine.digests().unwrap());
    });
}

#[test]
fn a_transaction_that_commits_late_is_not_missed() {
    run(async {
        let mut portal = town().await;
        let mut late = portal.pool.begin().await.unwrap();
        OrganisationBuilder::new("Langzaam")
            .published()
            .keep(&mut late)
            .await
            .unwrap();
        portal
            .publish(&OrganisationBuilder::new("Vlug").published())
            .await;
        assert_eq!(portal.search("vlug").await.len(), 1);
        assert_eq!(
            portal.search("langzaam").await.len(),
            0,
            "not committed yet"
        );
        portal
            .publish(&OrganisationBuilder::new("Later").published())
            .await;
        late.commit().await.unwrap();
        portal.turn().await;
        assert_eq!(portal.search("langzaam").await[0], "organisation:langzaam");
    });
}

#[test]
fn what_is_rolled_back_was_never_there() {
    run(async {
        let mut portal = town().await;
        let mut transaction = portal.pool.begin().await.unwrap();
        OrganisationBuilder::new("Toch niet")
            .published()
            .keep(&mut transaction)
            .await
            .unwrap();
        transaction.rollback().await.unwrap();
        assert_eq!(portal.turn().await, Outcome::default());
        assert_eq!(
            (
                portal.count("outbox").await,
                portal.search("toch niet").await.len()
            ),
            (portal.count("audit_log").await, 0)
        );
    });
}

#[test]
fn an_outbox_that_was_swept_does_no_harm() {
    run(async {
        let mut portal = town().await;
        portal
            .keep(&OrganisationBuilder::new("Oud nieuws").published())
            .await;
        sqlx::query("update outbox set written_at = now() - interval '2 days'")
            .execute(&portal.pool)
            .await
            .unwrap();
        portal.keeper.compare().await.unwrap();
        assert_eq!(
            portal.count("outbox").await,
            0,
            "rows of two days ago are swept"
        );
        assert_eq!(portal.search("oud nieuws").await.len(), 1);
        sqlx::query("delete from outbox")
            .execute(&portal.pool)
            .await
            .unwrap();
        portal
            .publish(&OrganisationBuilder::new("Nieuws").published())
            .await;
        assert_eq!(portal.search("nieuws").await.len(), 2);
    });
}

#[test]
fn an_index_that_is_deleted_under_the_program_is_built_anew() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        let before = portal.engine.record_count();
        std::fs::remove_dir_all(portal.index_folder()).unwrap();
        assert!(
            portal.search("koersbal").await.len() > 1,
            "what was open goes on serving"
        );
        portal
            .keep(
                &OrganisationBuilder::new("Na de ramp")
                    .about("ontmoeten")
                    .published(),
            )
            .await;
        for _ in 0..3 {
            if portal.keeper.turn().await.is_ok() {
                break;
            }
        }
        assert_eq!(
            portal.search("na de ramp").await[0],
            "organisation:na-de-ramp"
        );
        assert_eq!(portal.engine.record_count(), before + 1);
        assert!(portal.index_folder().join("current.json").exists());
    });
}

#[test]
fn an_index_that_cannot_be_used_is_put_aside_and_built_anew() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        let before = portal.engine.digests().unwrap();
        for damage in ["gone", "pointer", "meta", "bytes"] {
            portal = portal
                .restarted(|folder| {
                    let index = std::fs::read_dir(folder)
                        .unwrap()
                        .flatten()
                        .map(|entry| entry.path());
                    let index = index
                        .filter(|path| path.to_string_lossy().contains("/index-"))
                        .max()
                        .unwrap();
                    match damage {
                        "gone" => std::fs::remove_dir_all(folder).unwrap(),
                        "pointer" => std::fs::write(folder.join("current.json"), "{").unwrap(),
                        "meta" => std::fs::write(index.join("meta.json"), "onzin").unwrap(),
                        _ => flip_a_byte(&index),
                    }
                })
                .await;
            assert!(
                !portal.engine.is_complete(),
                "{damage}: noticed at the start"
            );
            assert_eq!(portal.get("/readyz").await.status, 503);
            portal.turn().await;
            assert_eq!(portal.engine.digests().unwrap(), before, "{damage}");
            assert!(
                portal
                    .search("koersbal")
                    .await
                    .contains(&"activity:koersbal-braakhekke".to_owned())
            );
            assert_eq!(portal.get("/readyz").await.status, 200);
        }
    });
}

#[test]
fn damage_that_a_search_meets_while_running_is_mended_by_the_next_turn() {
    run(async {
        let mut portal = TestPortal::new(Template::Deventer).await;
        let before = portal.engine.digests().unwrap();
        for file in files_of(&portal.index_folder()) {
            spoil(&file);
        }
        let mut met = false;
        for words in ["taal", "buurt", "huisarts", "samen eten", "vervoer", "geld"] {
            let page = portal
                .get(&format!("/zoeken?q={}", words.replace(' ', "+")))
                .await;
            met |= page.status.is_server_error();
        }
        assert!(
            met && portal.engine.is_damaged(),
            "no search met the damage"
        );
        assert!(String::from_utf8_lossy(&portal.get("/readyz").await.bytes).contains("degraded"));

        portal.turn().await;
        assert!(!portal.engine.is_damaged());
        assert_eq!(portal.engine.digests().unwrap(), before);
        assert!(!portal.search("samen eten").await.is_empty());
    });
}

/// The files of every index in the engine's folder.
fn files_of(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let within =
        |path: std::path::PathBuf| std::fs::read_dir(path).unwrap().flatten().map(|e| e.path());
    within(folder.to_owned())
        .filter(|path| path.is_dir())
        .flat_map(within)
        .collect()
}

/// Overwrites the middle of a file in place: the program has it mapped, so it must not shrink.
fn spoil(file: &std::path::Path) {
    use std::io::{Seek, Write};
    let spoilt = ["idx", "term", "store", "pos"];
    if !file
        .extension()
        .is_some_and(|e| spoilt.iter().any(|s| e == *s))
    {
        return;
    }
    let length = std::fs::metadata(file).unwrap().len();
    let mut open = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    open.seek(std::io::SeekFrom::Start(length / 4)).unwrap();
    let half = usize::try_from(length / 2).unwrap();
    open.write_all(&vec![0xa5; half]).unwrap();
}

fn flip_a_byte(index: &std::path::Path) {
    let files = std::fs::read_dir(index)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let store = files
        .filter(|path| path.extension().is_some_and(|e| e == "store"))
        .max()
        .unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(store, bytes).unwrap();
}

#[test]
fn the_keeper_hears_the_bell() {
    run(async {
        let portal = town().await;
        let following = portal.twin();
        let (router, keeper) = following.split();
        let running = tokio::spawn(keeper.run());
        let begun = Instant::now();
        portal
            .keep(&OrganisationBuilder::new("Klokkenluiders").published())
            .await;
        while !router
            .get("/zoeken?q=klokkenluiders")
            .await
            .html()
            .contains("organisation:klokkenluiders")
        {
            assert!(begun.elapsed() < Duration::from_secs(20), "never heard");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        running.abort();
    });
}
