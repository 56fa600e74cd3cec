use wijzer::catalogue::themes::Step;

use crate::support::builders::OrganisationBuilder;
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn a_theme_shows_its_records_in_the_order_of_the_steps() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        for (name, step) in [
            ("Aanvraagbalie", Step::Access),
            ("Buren", Step::Network),
            ("Cursus", Step::Own),
            ("Inloop", Step::Open),
        ] {
            portal
                .keep(&OrganisationBuilder::new(name).step(step).published())
                .await;
        }
        portal.turn().await;
        let page = portal.get("/themas/ontmoeten").await.ok();
        assert_eq!(page.one("h1"), "Ontmoeten");
        let order = [
            "organisation:cursus",
            "organisation:buren",
            "organisation:inloop",
            "organisation:aanvraagbalie",
        ];
        assert_eq!(page.hits(), order);
        let steps = page.texts(".wijzer-steps__title");
        assert_eq!(steps[0], "Stap 1: Wat u zelf kunt doen");
        assert_eq!(steps[3], "Stap 4: Hulp die u eerst aanvraagt");
    });
}

#[test]
fn a_main_theme_leads_to_its_parts_dossiers_and_questions() {
    run(async {
        let list = deventer().await.get("/themas").await.ok();
        assert_eq!(list.elements("main a[href^='/themas/']").len(), 69);
        let page = deventer().await.get("/themas/geld").await.ok();
        assert!(page.has(".wijzer-pills a[href='/themas/schulden']"));
        assert!(page.hits().iter().any(|hit| hit == "dossier:schulden"));
        assert!(page.hits().iter().any(|hit| hit.starts_with("faq:")));
        let part = deventer().await.get("/themas/schulden").await.ok();
        let trail = part.attributes(".wijzer-breadcrumb a", "href");
        assert_eq!(trail, ["/", "/themas", "/themas/geld"]);
    });
}

#[test]
fn an_empty_theme_is_no_dead_end() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let page = portal.get("/themas/geld").await.ok();
        assert!(
            page.has(".wijzer-empty a[href='/wijken']")
                && page.has(".wijzer-empty a[href^='tel:']")
        );
    });
}
