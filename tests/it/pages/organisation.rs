use wijzer::catalogue::themes::Step;

use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder, closed};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn an_organisation_begins_with_how_to_reach_it() {
    run(async {
        let page = deventer()
            .await
            .get("/organisaties/team-toegang-wmo")
            .await
            .ok();
        assert_eq!(page.one("h1"), "Team Toegang Wmo");
        let links = page.attributes("section.wijzer-contact a", "href");
        assert_eq!(links[0], "tel:0570695399", "calling comes first: {links:?}");
        assert!(
            links.contains(&"mailto:toegangwmo@deventer.nl".to_owned()),
            "{links:?}"
        );
        assert!(
            links.contains(&"https://www.deventer.nl".to_owned()),
            "{links:?}"
        );
        assert!(
            links.contains(&"/plekken/stadhuis-deventer".to_owned()),
            "{links:?}"
        );
        assert_eq!(
            page.fact("Voor wie"),
            "Ouderen, mensen met een beperking en mantelzorgers"
        );
        assert_eq!(page.fact("Soort hulp"), "Hulp die u eerst aanvraagt");
        assert_eq!(page.fact("Waar"), "Heel Deventer");
        let report = page.attribute(".wijzer-checked__actions a", "href");
        assert!(
            report.starts_with("mailto:redactie@wijzer.test?subject=Wijziging"),
            "{report}"
        );
        assert!(
            report.contains("organisaties%2Fteam%2Dtoegang%2Dwmo"),
            "{report}"
        );
    });
}

#[test]
fn an_organisation_shows_its_activities_and_when_it_was_checked() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(
                &OrganisationBuilder::new("Buurtsoep")
                    .in_zone("voorstad")
                    .step(Step::Own)
                    .published(),
            )
            .await;
        portal
            .keep(
                &ActivityBuilder::new("Soep eten", "buurtsoep")
                    .weekly("2026-11-03T18:00", None)
                    .published(),
            )
            .await;
        portal
            .keep(
                &ActivityBuilder::new("Oude soep", "buurtsoep")
                    .once("2026-11-03T18:00")
                    .published(),
            )
            .await;
        portal.turn().await;
        let page = portal.get("/organisaties/buurtsoep").await.ok();
        assert_eq!(
            page.hits(),
            ["activity:soep-eten"],
            "what is over is not shown"
        );
        assert_eq!(
            page.attribute("[data-hit] time", "datetime"),
            "2026-11-24T18:00"
        );
        assert_eq!(
            page.attribute(".wijzer-checked time", "datetime"),
            "2026-11-01"
        );
        assert!(page.one(".wijzer-checked").contains("1 november 2026"));
        assert_eq!(page.fact("Soort hulp"), "Wat u zelf kunt doen");
        assert!(page.has("dl.wijzer-facts a[href='/wijken/voorstad']"));
    });
}

#[test]
fn an_organisation_without_a_number_gives_one_that_helps() {
    run(async {
        let page = deventer().await.get("/organisaties/wijdeventer").await.ok();
        assert_eq!(
            page.attributes("section.wijzer-contact a", "href")[0],
            "tel:140570"
        );
        assert!(
            page.one(".wijzer-contact__note")
                .contains("geen eigen nummer")
        );
    });
}

#[test]
fn the_list_runs_from_a_to_z_and_can_be_narrowed() {
    run(async {
        let all = deventer().await.get("/organisaties").await.ok();
        assert_eq!(all.hits().len(), 202);
        assert!(
            all.one(".wijzer-lead")
                .starts_with("202 organisaties en groepen")
        );
        let letters = all.texts("section.wijzer-letter h2");
        assert!(letters.is_sorted(), "{letters:?}");
        let few = deventer()
            .await
            .get("/organisaties?thema=schulden&wijk=bathmen")
            .await
            .ok();
        assert!((1..100).contains(&few.hits().len()), "{}", few.hits().len());
        assert_eq!(
            few.attributes("select[name=wijk] option[selected]", "value"),
            ["bathmen"]
        );
        assert_eq!(
            few.attributes("select[name=thema] option[selected]", "value"),
            ["schulden"]
        );
        let narrower = deventer()
            .await
            .get("/organisaties?thema=schulden")
            .await
            .ok();
        assert!(few.hits().iter().all(|hit| narrower.hits().contains(hit)));
        let none = deventer()
            .await
            .get("/organisaties?thema=bestaat-niet")
            .await
            .ok();
        assert_eq!(
            none.hits().len(),
            202,
            "a theme that is not there does not narrow"
        );
    });
}

#[test]
fn an_organisation_is_open_at_its_hours_and_closed_with_its_building() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        portal
            .keep(&closed("Verbouwing", "2026-11-24", "zaal", None))
            .await;
        let open = |name: &str| OrganisationBuilder::new(name).open("Tu 08:00-17:00");
        portal.keep(&open("Bakker").published()).await;
        portal.keep(&open("Club").at("zaal").published()).await;
        portal
            .keep(&OrganisationBuilder::new("Zonder").published())
            .await;
        let said = async |path: &str| {
            let page = portal.get(path).await.ok();
            page.texts(".wijzer-contact__item > div")
        };
        assert!(said("/organisaties/bakker").await[0].starts_with("Nu open, tot 17.00 uur"));
        assert!(said("/organisaties/club").await[1].starts_with(
            "Vandaag gesloten: Verbouwing. Weer open op dinsdag 1 december, 8.00 uur"
        ));
        assert_eq!(said("/organisaties/zonder").await, ["Bel voor tijden"]);
        let page = portal.get("/organisaties?nu=ja").await.ok();
        assert_eq!(page.hits(), ["organisation:bakker", "organisation:zonder"]);
        assert_eq!(page.texts("main h2"), ["B", "Bel voor tijden"]);
        let all = portal.get("/organisaties").await.ok();
        assert_eq!(all.hits().len(), 3);
        assert_eq!(
            all.texts("[data-hit='organisation:bakker'] time"),
            ["Nu open, tot 17.00 uur"]
        );
    });
}
