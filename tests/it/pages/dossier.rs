use crate::support::portal::deventer;
use crate::support::run;

#[test]
fn a_dossier_has_the_four_steps_and_what_cannot_wait_comes_first() {
    run(async {
        let page = deventer()
            .await
            .get("/dossiers/huiselijk-geweld")
            .await
            .ok();
        assert_eq!(page.one("h1"), "Huiselijk geweld en onveiligheid thuis");
        let steps = page.texts(".wijzer-steps__title");
        assert_eq!(steps.len(), 4);
        assert!(
            steps[0].starts_with("Stap 1: Wat u zelf kunt doen"),
            "{steps:?}"
        );
        assert!(
            page.texts(".wijzer-steps__body")
                .iter()
                .all(|text| text.len() > 40)
        );
        let urgent = page.html().find("class=\"wijzer-emergency\"").unwrap();
        assert!(
            urgent < page.html().find("<h1>").unwrap(),
            "above the heading"
        );
        assert_eq!(page.attributes(".wijzer-emergency a", "href")[0], "tel:112");
        assert!(
            page.attributes(".wijzer-emergency a", "href")
                .contains(&"tel:08002000".to_owned())
        );
        assert!(
            page.hits()
                .iter()
                .any(|hit| hit.starts_with("organisation:"))
        );
    });
}

#[test]
fn every_dossier_has_four_steps_and_somebody_who_helps() {
    run(async {
        let list = deventer().await.get("/dossiers").await.ok();
        assert_eq!(list.hits().len(), 26);
        for hit in list.hits() {
            let page = deventer()
                .await
                .get(&hit.replace("dossier:", "/dossiers/"))
                .await
                .ok();
            assert_eq!(page.elements(".wijzer-steps__item").len(), 4, "{hit}");
            assert!(
                page.hits()
                    .iter()
                    .any(|hit| hit.starts_with("organisation:")),
                "{hit}"
            );
        }
    });
}

#[test]
fn the_quick_exit_stands_on_pages_about_safety_and_nowhere_else() {
    run(async {
        for path in [
            "/dossiers/huiselijk-geweld",
            "/themas/veiligheid",
            "/themas/huiselijk-geweld",
            "/organisaties/veilig-thuis-ijsselland",
        ] {
            let page = deventer().await.get(path).await.ok();
            assert_eq!(
                page.attribute("section.wijzer-exit a", "href"),
                "https://www.buienradar.nl/",
                "{path}"
            );
            assert_eq!(page.attribute("section.wijzer-exit a", "rel"), "noreferrer");
        }
        for path in [
            "/",
            "/dossiers",
            "/dossiers/dementie",
            "/themas/geld",
            "/zoeken?q=geweld",
            "/hulp",
            "/nergens",
        ] {
            assert!(
                !deventer().await.get(path).await.has(".wijzer-exit"),
                "{path}"
            );
        }
    });
}

#[test]
fn a_question_has_its_answer_and_leads_on() {
    run(async {
        let page = deventer()
            .await
            .get("/vragen/huishoudelijke-hulp-aanvragen")
            .await
            .ok();
        assert_eq!(page.one("h1"), "Hoe vraag ik huishoudelijke hulp aan?");
        assert!(page.one(".wijzer-prose").contains("14 0570"));
        assert!(page.hits().len() > 2, "{:?}", page.hits());
        assert_eq!(
            page.data_of("FAQPage")["mainEntity"][0]["name"],
            page.one("h1")
        );
        let list = deventer().await.get("/vragen").await.ok();
        assert_eq!(list.hits().len(), 117);
    });
}

#[test]
fn a_dossier_shows_what_one_can_go_to() {
    run(async {
        let page = deventer().await.get("/dossiers/dementie").await.ok();
        let dates = page.attributes(".wijzer-agenda time", "datetime");
        assert!((2..=10).contains(&dates.len()), "{dates:?}");
        let hits = page.hits();
        assert!(
            hits.contains(&"activity:alzheimer-cafe-humanitas".to_owned()),
            "{hits:?}"
        );
        let all = page
            .attributes(".wijzer-section:has(.wijzer-agenda) .wijzer-more", "href")
            .remove(0);
        let all = deventer().await.get(&all).await.ok();
        for hit in hits.iter().filter(|hit| hit.starts_with("activity:")) {
            assert!(all.hits().contains(hit), "{hit}");
        }
    });
}
