//! What is not public is nowhere: a hidden address, a draft, the text of an attacker.

use crate::support::builders::{
    ActivityBuilder, DossierBuilder, OrganisationBuilder, PlaceBuilder, QuestionBuilder,
    ZoneBuilder,
};
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::{Template, open_folder};

/// Pages that show records of others, and those that list everything.
const SHOWING: [&str; 15] = [
    "/",
    "/zoeken",
    "/zoeken?q=geheim",
    "/zoeken?q=Verborgenlaan",
    "/organisaties",
    "/organisaties/opvang",
    "/activiteiten/praatgroep",
    "/plekken",
    "/wijken/voorstad",
    "/wijken/centrum",
    "/agenda",
    "/themas/ontmoeten",
    "/dossiers",
    "/vragen",
    "/sitemap.xml",
];

#[test]
fn a_hidden_address_is_in_no_page_search_sitemap_or_export() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(
                &PlaceBuilder::new("Veilig huis")
                    .address("Verborgenlaan")
                    .hidden()
                    .published(),
            )
            .await;
        portal
            .keep(
                &OrganisationBuilder::new("Opvang")
                    .at("veilig-huis")
                    .published(),
            )
            .await;
        let group = ActivityBuilder::new("Praatgroep", "opvang").at("veilig-huis");
        portal
            .keep(&group.weekly("2026-11-24T18:00", None).published())
            .await;
        portal.turn().await;
        for path in SHOWING.into_iter().chain(["/plekken/veilig-huis"]) {
            let page = portal.get(path).await.ok();
            let leaks = ["7411", "52.25", "6.16"]
                .iter()
                .any(|part| page.html().contains(part));
            assert!(
                !leaks
                    && (!page.html().contains("Verborgenlaan") || path.contains("Verborgenlaan")),
                "{path}"
            );
            assert!(
                !path.contains("Verborgenlaan") || page.hits().is_empty(),
                "found by its address"
            );
        }
        assert!(
            portal
                .get("/plekken/veilig-huis")
                .await
                .one("section.wijzer-contact")
                .contains("Het adres is geheim")
        );
        let folder = open_folder();
        wijzer::interchange::export(&mut portal.pool.acquire().await.unwrap(), folder.path())
            .await
            .unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap();
            assert!(
                !text.contains("Verborgenlaan") && !text.contains("7411"),
                "{:?}",
                file.path()
            );
        }
    });
}

#[test]
fn drafts_are_in_no_page_search_or_sitemap() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        portal
            .keep(&OrganisationBuilder::new("Opvang").at("zaal").published())
            .await;
        portal
            .keep(
                &ActivityBuilder::new("Praatgroep", "opvang")
                    .weekly("2026-11-24T18:00", None)
                    .published(),
            )
            .await;
        portal
            .keep(&OrganisationBuilder::new("Geheim bureau").at("zaal").draft())
            .await;
        portal.keep(&PlaceBuilder::new("Geheim honk").draft()).await;
        portal
            .keep(
                &ActivityBuilder::new("Geheim overleg", "opvang")
                    .once("2026-11-25T10:00")
                    .draft(),
            )
            .await;
        portal
            .keep(
                &ActivityBuilder::new("Geheim feest", "geheim-bureau")
                    .once("2026-11-25T10:00")
                    .published(),
            )
            .await;
        portal
            .keep(&ZoneBuilder::new("Geheim dorp").beside("voorstad").draft())
            .await;
        portal
            .keep(
                &ZoneBuilder::new("Voorstad")
                    .beside("geheim-dorp")
                    .published(),
            )
            .await;
        portal
            .keep(&DossierBuilder::new("Geheim dossier").draft())
            .await;
        portal
            .keep(&QuestionBuilder::new("Geheim houden?").draft())
            .await;
        portal.turn().await;
        for path in SHOWING.into_iter().chain(["/plekken/zaal"]) {
            let page = portal.get(path).await.ok();
            // The page says what was searched for; nothing else may know of the word.
            let told = page
                .html()
                .replace("q=geheim", "")
                .to_lowercase()
                .contains("geheim-");
            assert!(
                !told && !page.hits().iter().any(|hit| hit.contains("geheim")),
                "{path}: {:?}",
                page.hits()
            );
            assert!(
                path.contains("geheim") || !page.html().contains("Geheim"),
                "{path}"
            );
        }
        for path in [
            "/organisaties/geheim-bureau",
            "/plekken/geheim-honk",
            "/activiteiten/geheim-overleg",
            "/activiteiten/geheim-feest",
            "/wijken/geheim-dorp",
            "/dossiers/geheim-dossier",
            "/vragen/geheim-houden",
        ] {
            assert_eq!(portal.get(path).await.status, 404, "{path}");
        }
    });
}

#[test]
fn a_place_in_a_zone_that_is_not_public_does_not_name_it() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal.keep(&ZoneBuilder::new("Geheim dorp").draft()).await;
        portal
            .keep(&PlaceBuilder::new("Zaal").in_zone("geheim-dorp").published())
            .await;
        portal
            .keep(
                &OrganisationBuilder::new("Opvang")
                    .in_zone("geheim-dorp")
                    .in_zone("centrum")
                    .at("zaal")
                    .published(),
            )
            .await;
        portal
            .keep(
                &ActivityBuilder::new("Praatgroep", "opvang")
                    .at("zaal")
                    .once("2026-11-25T10:00")
                    .published(),
            )
            .await;
        portal.turn().await;
        for path in SHOWING
            .into_iter()
            .chain(["/plekken/zaal", "/zoeken?q=praatgroep"])
        {
            let page = portal.get(path).await.ok();
            assert!(
                !page.html().contains("geheim-dorp") && !page.html().contains("Geheim dorp"),
                "{path}"
            );
        }
    });
}

#[test]
fn markup_in_any_text_is_inert() {
    const EVIL: &str = "</script><svg onload=alert(1)>\"'><b>{{7*7}}";
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        let mut place = PlaceBuilder::new("Zaal").address("Straat").published();
        let mut organisation = OrganisationBuilder::new("Opvang").at("zaal").published();
        let mut activity = ActivityBuilder::new("Praatgroep", "opvang")
            .at("zaal")
            .weekly("2026-11-24T18:00", None)
            .published();
        let mut question = QuestionBuilder::new("Waarom").published();
        let mut dossier = DossierBuilder::new("Dossier").published();
        for text in [
            &mut place.name,
            &mut place.summary,
            &mut place.accessibility,
            &mut place.addresses[0].address.street,
            &mut organisation.name,
            &mut organisation.summary,
            &mut organisation.upkeep.source_url,
            &mut activity.title,
            &mut activity.summary,
            &mut activity.cost_text,
            &mut activity.signup_text,
            &mut activity.status_note,
            &mut question.question,
            &mut question.answer,
            &mut dossier.title,
            &mut dossier.intro,
            &mut dossier.own,
            &mut dossier.urgent,
        ] {
            EVIL.clone_into(text);
        }
        portal.keep(&place).await;
        portal.keep(&organisation).await;
        portal.keep(&activity).await;
        portal.keep(&question).await;
        portal.keep(&dossier).await;
        portal.turn().await;
        let own = [
            "/plekken/zaal",
            "/vragen/waarom",
            "/dossiers/dossier",
            "/zoeken?q=onload",
        ];
        for path in SHOWING
            .into_iter()
            .chain(own)
            .filter(|path| *path != "/sitemap.xml")
        {
            let page = portal.get(path).await.ok();
            assert!(
                !page.html().contains("<svg onload") && !page.html().contains("</script><svg"),
                "{path}"
            );
            assert!(!page.has("[onload]") && !page.has("main b"), "{path}");
            page.json_ld();
        }
        let page = portal.get("/activiteiten/praatgroep").await;
        assert_eq!(page.one("h1"), EVIL, "shown as it was written");
        assert_eq!(page.data_of("Event")["name"], EVIL);
    });
}
