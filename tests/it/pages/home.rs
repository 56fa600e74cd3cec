use crate::support::portal::deventer;
use crate::support::run;

#[test]
fn home_leads_everywhere() {
    run(async {
        let page = deventer().await.get("/").await.ok();
        assert_eq!(
            page.one("h1"),
            "Vind hulp, gezelschap en iets te doen in Deventer"
        );
        assert!(page.has("main form[action='/zoeken'] input[name=q]"));
        assert_eq!(
            page.elements("header input[name=q]").len(),
            0,
            "one search field, not two"
        );
        assert_eq!(
            page.elements("main .wijzer-theme-tile").len(),
            12,
            "eleven main themes and all of them"
        );
        assert_eq!(page.elements("svg.wijzer-map a[aria-label]").len(), 14);
        assert_eq!(
            page.elements(".wijzer-zones a").len(),
            14,
            "the list beside the map"
        );
        let days = page.attributes(".wijzer-agenda__date time", "datetime");
        assert_eq!(days, ["2026-11-24", "2026-11-25"]);
        assert!(
            page.hits()
                .iter()
                .filter(|hit| hit.starts_with("faq:"))
                .count()
                >= 5
        );
        assert!(page.one(".wijzer-hero__call").contains("14 0570"));
    });
}

#[test]
fn what_is_made_up_is_said_on_every_page() {
    run(async {
        for path in ["/", "/zoeken?q=koffie", "/organisaties", "/geen-pagina"] {
            let page = deventer().await.get(path).await;
            assert!(
                page.one("aside[aria-label=Demonstratie]")
                    .starts_with("Demonstratie"),
                "{path}"
            );
        }
    });
}

#[test]
fn other_ways_to_get_help_and_honest_statements() {
    run(async {
        for (path, heading) in [
            ("/hulp", "Hulp nodig?"),
            ("/over", "Over DeventerWijzer"),
            ("/privacy", "Privacy"),
            ("/toegankelijkheid", "Toegankelijkheid"),
        ] {
            let page = deventer().await.get(path).await.ok();
            assert_eq!(page.one("h1"), heading);
            assert!(
                page.one("main").chars().count() > 300,
                "{path} says something"
            );
        }
        let help = deventer().await.get("/hulp").await;
        assert_eq!(help.attributes(".wijzer-emergency a", "href")[0], "tel:112");
        assert!(help.has("main a[href='tel:140570']"));
    });
}

#[test]
fn hulp_nodig_stands_at_the_same_place_on_every_page() {
    run(async {
        for path in [
            "/",
            "/zoeken",
            "/wijken/voorstad",
            "/dossiers/huiselijk-geweld",
            "/privacy",
            "/nergens",
        ] {
            let page = deventer().await.get(path).await;
            assert_eq!(
                page.one("main + section.wijzer-help h2"),
                "Hulp nodig?",
                "{path}"
            );
            assert_eq!(
                page.attribute(".wijzer-help__item--call a", "href"),
                "tel:140570"
            );
        }
    });
}
