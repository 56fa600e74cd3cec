//! What editors write at length: marks that count, and nothing else.

use scraper::{Html, Selector};
use wijzer::prose;

use crate::support::builders::{
    ActivityBuilder, DossierBuilder, OrganisationBuilder, PlaceBuilder, QuestionBuilder,
};
use crate::support::page::text;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;

const LONG: &str = "Wij zijn er **altijd**. Bel 0570 123456.\n\n- koffie\n- [folder](https://voorbeeld.nl/folder)\n\n<script>alert('zuurkool')</script> [klik](javascript:alert(1))";

/// Without marks a text is one paragraph of exactly its words, with links to call.
#[test]
fn the_texts_of_deventer_look_as_they_are_written() {
    let mut seen = 0;
    let link = Selector::parse("a").unwrap();
    for (file, columns) in [
        (
            "dossiers.csv",
            &["self", "network", "open", "access", "urgent"][..],
        ),
        ("faqs.csv", &["answer"]),
        ("organisations.csv", &["summary"]),
        ("activities.csv", &["summary"]),
        ("places.csv", &["summary"]),
    ] {
        let path = std::path::Path::new("data/deventer").join(file);
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader.headers().unwrap().clone();
        for row in reader.records().map(Result::unwrap) {
            for column in columns {
                let at = header.iter().position(|name| name == *column).unwrap();
                let written = row[at].trim();
                if written.is_empty() {
                    continue;
                }
                seen += 1;
                let html = prose::html(written);
                let page = Html::parse_fragment(&html);
                assert_eq!(text(page.root_element()), words(written), "{html}");
                assert_eq!(prose::plain(written), written);
                let bare = html.trim_end().strip_prefix("<p>").unwrap();
                let bare = bare.strip_suffix("</p>").unwrap();
                assert_eq!(bare.matches('<').count(), 2 * page.select(&link).count());
                for link in page.select(&link) {
                    let shown = text(link);
                    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
                    assert_eq!(link.value().attr("href"), Some(&*format!("tel:{digits}")));
                }
            }
        }
    }
    assert!(seen > 800, "{seen}");
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_record_tells_more_below_its_summary_and_is_found_by_it() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        let organisation = OrganisationBuilder::new("Buurtsoep").detail(LONG);
        portal.keep(&organisation.published()).await;
        portal
            .keep(
                &PlaceBuilder::new("Soephuis")
                    .in_zone("voorstad")
                    .detail(LONG)
                    .published(),
            )
            .await;
        let activity = ActivityBuilder::new("Soep eten", "buurtsoep").detail(LONG);
        portal
            .keep(&activity.weekly("2026-11-03T18:00", None).published())
            .await;
        portal
            .keep(&OrganisationBuilder::new("Kort").published())
            .await;
        portal.turn().await;
        for path in [
            "/organisaties/buurtsoep",
            "/plekken/soephuis",
            "/activiteiten/soep-eten",
        ] {
            let page = portal.get(path).await.ok();
            assert_eq!(page.one(".wijzer-detail strong"), "altijd", "{path}");
            assert_eq!(page.texts(".wijzer-detail li"), ["koffie", "folder"]);
            assert_eq!(
                page.attributes(".wijzer-detail a", "href"),
                ["tel:0570123456", "https://voorbeeld.nl/folder"]
            );
            assert!(page.html().contains("&lt;script&gt;alert("), "{path}");
            assert!(
                !page
                    .attribute("meta[name=description]", "content")
                    .contains("altijd")
            );
            assert!(
                page.json_ld()
                    .iter()
                    .all(|block| !block.to_string().contains("altijd"))
            );
        }
        assert!(
            !portal
                .get("/organisaties/kort")
                .await
                .ok()
                .has(".wijzer-detail")
        );
        let mut found = portal.search("zuurkool").await;
        found.sort();
        assert_eq!(
            found,
            [
                "activity:soep-eten",
                "organisation:buurtsoep",
                "place:soephuis"
            ]
        );
        let hits = portal.get("/zoeken?q=zuurkool").await.ok();
        assert!(
            !hits.html().contains("altijd"),
            "a card holds the summary alone"
        );
    });
}

#[test]
fn dossiers_and_answers_have_lists_and_links_and_no_marks_elsewhere() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        let mut dossier = DossierBuilder::new("Brieven").published();
        dossier.own = LONG.to_owned();
        dossier.urgent = "Bel **nu** 112.\n\n- of ga naar huis".to_owned();
        portal.keep(&dossier).await;
        let mut question = QuestionBuilder::new("Wie helpt").published();
        question.answer = LONG.to_owned();
        portal.keep(&question).await;
        portal.turn().await;
        let page = portal.get("/dossiers/brieven").await.ok();
        assert_eq!(page.one(".wijzer-emergency__text strong"), "nu");
        assert_eq!(
            page.attributes(".wijzer-emergency__text a", "href"),
            ["tel:112"]
        );
        assert_eq!(page.texts(".wijzer-steps__body li"), ["koffie", "folder"]);
        let page = portal.get("/vragen/wie-helpt").await.ok();
        assert_eq!(page.texts(".wijzer-prose li"), ["koffie", "folder"]);
        let told = page.attribute("meta[name=description]", "content");
        assert!(
            told.starts_with("Wij zijn er altijd. Bel 0570 123456."),
            "{told}"
        );
        let answer = page.data_of("FAQPage").to_string();
        assert!(
            !answer.contains("**") && !answer.contains("https://voorbeeld"),
            "{answer}"
        );
        let hits = portal.get("/zoeken?q=koffie").await.ok();
        assert!(
            hits.hits().contains(&"faq:wie-helpt".to_owned()),
            "{:?}",
            hits.hits()
        );
        assert!(!hits.html().contains("**"), "a card holds no marks");
    });
}
