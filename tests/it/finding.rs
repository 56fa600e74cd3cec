//! How a search understands what people type: places, days, answers, orders, other words.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use wijzer::base::Clock;
use wijzer::catalogue::words::store;
use wijzer::search::SearchRequest;

use crate::support::page::TestPage;
use crate::support::portal::{TUESDAY, TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

async fn ask(words: &str) -> TestPage {
    let words = utf8_percent_encode(words, NON_ALPHANUMERIC);
    deventer()
        .await
        .get(&format!("/zoeken?q={words}"))
        .await
        .ok()
}

fn chips(page: &TestPage) -> Vec<String> {
    page.texts(".wijzer-chip:not(.wijzer-chip--clear)")
        .iter()
        .map(|chip| chip.replace("Verwijder filter: ", "").trim().to_owned())
        .collect()
}

#[test]
fn a_place_in_the_words_is_a_filter_that_can_be_taken_off() {
    run(async {
        for (words, zone) in [
            ("koffie bathmen", "Bathmen"),
            ("koffie in de hoven", "De Hoven"),
            ("platvoet koffie", "Borgele"),
            ("7431 wandelen", "Diepenveen"),
            ("koffie 7437AB", "Bathmen"),
            ("koffie colmschatte", "Colmschate"),
        ] {
            let page = ask(words).await;
            assert_eq!(chips(&page), [zone], "{words}");
            let without = page.attribute(".wijzer-chip", "href");
            assert!(
                without == "/zoeken?q=koffie" || without == "/zoeken?q=wandelen",
                "{words}: {without}"
            );
            let anywhere = deventer().await.get(&without).await.ok();
            assert!(chips(&anywhere).is_empty() && anywhere.hits().len() > 3);
        }
        let literal = deventer()
            .await
            .get("/zoeken?q=koffie+bathmen&letterlijk=ja")
            .await
            .ok();
        assert!(chips(&literal).is_empty());
        let chosen = deventer()
            .await
            .get("/zoeken?q=koffie+bathmen&wijk=borgele")
            .await
            .ok();
        assert_eq!(
            chips(&chosen),
            ["Borgele"],
            "what is chosen goes before what is read"
        );
    });
}

#[test]
fn little_in_a_zone_is_made_up_for_around_it_and_said() {
    run(async {
        let page = ask("wandelen schalkhaar").await;
        assert_eq!(
            page.hits()[0],
            "activity:wandelen-brinkgreven",
            "the own zone first"
        );
        assert!(page.one(".wijzer-widened").contains("Diepenveen"));
        assert!(page.hits().len() > 3);
    });
}

#[test]
fn a_day_in_the_words_shows_what_is_on_that_day() {
    run(async {
        // The clock of these tests stands on a Tuesday.
        let page = ask("koffie dinsdag").await;
        assert_eq!(chips(&page), ["Dinsdag"]);
        let today = TUESDAY.today().to_string();
        let moments = page.attributes("main time[datetime]", "datetime");
        assert!(!moments.is_empty());
        assert!(
            moments.iter().all(|moment| moment.starts_with(&today)),
            "{moments:?}"
        );
        // A word that only sounds like a day filters nothing.
        let page = ask("morgen uit het ziekenhuis").await;
        assert!(chips(&page).is_empty());
        assert!(page.hits().contains(&"faq:thuis-na-ziekenhuis".to_owned()));
    });
}

#[test]
fn a_clear_question_is_answered_above_the_results() {
    run(async {
        let page = ask("hoe vraag ik huishoudelijke hulp aan").await;
        assert_eq!(
            page.attribute(".wijzer-answer", "data-hit"),
            "faq:huishoudelijke-hulp-aanvragen"
        );
        assert!(page.one(".wijzer-answer__text").contains("14 0570"));
        assert!(
            !page
                .attributes("ol [data-hit]", "data-hit")
                .contains(&"faq:huishoudelijke-hulp-aanvragen".to_owned())
        );
        assert!(!ask("stichting leergeld").await.has(".wijzer-answer"));
        // A part of a word is no subject: swindle at the bank, a bed for the night.
        // Nor is a lone cry, or a word that is denied.
        for vague in [
            "bankhangen",
            "slaapproblemen",
            "help",
            "niet slapen",
            "pasen",
        ] {
            assert!(!ask(vague).await.has(".wijzer-answer"), "{vague}");
        }
    });
}

#[test]
fn what_is_no_more_stands_last() {
    run(async {
        let hits = ask("spreekuur colmschate").await.hits();
        assert_ne!(hits[0], "place:wijkwinkel-colmschate");
    });
}

#[test]
fn a_cry_for_help_is_heard_however_it_is_read() {
    run(async {
        let portal = deventer().await;
        for path in [
            "/zoeken?q=ik+will+niet+meer+leven&letterlijk=ja",
            "/zoeken?q=hij+slaad+mij&letterlijk=ja",
            "/zoeken?q=verkracth",
            "/zoeken?q=help",
        ] {
            assert!(portal.get(path).await.has(".wijzer-emergency"), "{path}");
        }
        // Who says no more may mean any of them.
        let page = portal.get("/zoeken?q=help").await;
        let called = page.attributes(".wijzer-emergency a", "href");
        for number in ["tel:112", "tel:08000113", "tel:08002000"] {
            assert!(
                called.contains(&number.to_owned()),
                "{number} in {called:?}"
            );
        }
    });
}

#[test]
fn a_word_in_passing_brings_no_company() {
    run(async {
        // Found by a part of it only, and said so.
        let page = ask("vechtscheiding").await;
        assert!(
            page.one(".wijzer-results__part")
                .contains("bij een deel van uw woorden")
        );
        // Two records say it: in a list of causes, and as the chemotherapy someone travels for.
        let page = ask("kanker").await;
        assert_eq!(page.hits().len(), 2);
        assert!(!page.html().contains("over hetzelfde onderwerp"));
    });
}

#[test]
fn words_that_were_searched_for_are_marked() {
    run(async {
        let page = ask("wandelen").await;
        let marks = page.texts("main mark");
        assert!(marks.iter().any(|mark| mark == "Wandelen"), "{marks:?}");
        assert!(
            marks
                .iter()
                .any(|mark| mark.to_lowercase().starts_with("wandelgroep")),
            "{marks:?}"
        );
        assert!(!page.html().contains("<mark></mark>"));
    });
}

#[test]
fn results_stand_in_the_order_that_was_asked() {
    run(async {
        let get = async |query: &str| {
            deventer()
                .await
                .get(&format!("/zoeken?q=koffie&{query}"))
                .await
                .ok()
        };
        let by_name = get("sorteer=naam").await;
        let titles = by_name.texts("ol .wijzer-hit__title");
        let mut sorted = titles.clone();
        sorted.sort_by_key(|title| wijzer::base::dutch::sort_key(title));
        assert_eq!(titles, sorted);

        let by_date = get("sorteer=datum").await;
        let moments = by_date.attributes("main time[datetime]", "datetime");
        assert!(moments.len() > 5 && moments.is_sorted(), "{moments:?}");

        let near = get("sorteer=afstand&vanaf=7437").await;
        assert!(near.texts("ol [data-hit]")[0].contains("Bathmen"));
        let hoven = get("sorteer=afstand&vanaf=de+hoven").await;
        assert!(hoven.texts("ol [data-hit]")[0].contains("Hoven"));
        assert!(!near.has(".wijzer-field__error"));
        for unknown in [
            "sorteer=afstand",
            "sorteer=afstand&vanaf=atlantis",
            "sorteer=afstand&vanaf=%00%00",
        ] {
            let page = deventer()
                .await
                .get(&format!("/zoeken?q=koffie&{unknown}"))
                .await;
            assert!(
                page.status == 400 || page.has(".wijzer-field__error"),
                "{unknown}"
            );
        }
        // What is only about the same subject does not stand between.
        assert!(!by_name.html().contains("over hetzelfde onderwerp"));
        assert!(near.has("select[name=sorteer] option[value=afstand][selected]"));
    });
}

#[test]
fn a_correct_word_that_no_record_holds_is_no_typing_error() {
    run(async {
        let page = ask("tandarts").await;
        assert!(!page.has(".wijzer-corrected"));
        let page = ask("vrijwilliggers").await;
        assert!(page.one(".wijzer-corrected").contains("vrijwilligers"));
    });
}

#[test]
fn old_and_hurtful_words_find_and_are_never_shown() {
    run(async {
        for word in ["invalide", "bejaarden", "zwakbegaafd"] {
            let page = ask(word).await;
            assert!(!page.hits().is_empty(), "{word}");
            let shown = page.texts("ol [data-hit]").join(" ").to_lowercase();
            assert!(!shown.contains(word), "{word}");
        }
        let page = ask("zwakbegaavd").await;
        assert!(
            !page.one("main").contains("zwakbegaafd"),
            "not as a correction either"
        );
    });
}

#[test]
fn searches_without_results_are_counted_and_say_nothing_of_who_asked() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let mut conn = portal.pool.acquire().await.unwrap();
        for path in [
            "/zoeken?q=xqzwv+vqx",
            "/zoeken?q=XQZWV++vqx",
            "/zoeken?q=xqzwv+vqx+0612345678",
            "/zoeken?q=zqxwv",
            "/zoeken?q=zqxwv&wijk=bathmen",
            "/zoeken?q=koffie",
        ] {
            portal.get(path).await.ok();
        }
        let today = Clock::System.today();
        portal.unanswered.write(&mut conn, today).await.unwrap();
        let often = store::often_unanswered(&mut conn).await.unwrap();
        let often: Vec<_> = often
            .iter()
            .map(|asked| (asked.words.as_str(), asked.times))
            .collect();
        assert_eq!(
            often,
            [("xqzwv vqx", 3)],
            "the word that was asked once is not kept"
        );
        assert_eq!(portal.count("unanswered_searches").await, 2);

        // Counted together over time, forgotten after a while.
        for _ in 0..2 {
            portal.get("/zoeken?q=zqxwv").await.ok();
        }
        portal.unanswered.write(&mut conn, today).await.unwrap();
        assert_eq!(store::often_unanswered(&mut conn).await.unwrap().len(), 2);
        let later = today.checked_add_days(chrono::Days::new(91)).unwrap();
        portal.unanswered.write(&mut conn, later).await.unwrap();
        assert_eq!(portal.count("unanswered_searches").await, 0);

        // However many strangers make up, the table stays small and what is asked often stays.
        sqlx::query(
            "insert into unanswered_searches (digest, words, times, first_on, last_on)
             select sha256(n::text::bytea), case when n = 1 then 'vaak gevraagd' end,
                 case when n = 1 then 9 else 1 end, $1, $1 from generate_series(1, 20100) n",
        )
        .bind(later)
        .execute(&mut *conn)
        .await
        .unwrap();
        portal.unanswered.write(&mut conn, later).await.unwrap();
        assert_eq!(portal.count("unanswered_searches").await, 20_000);
        assert_eq!(store::often_unanswered(&mut conn).await.unwrap().len(), 1);
    });
}

#[test]
fn what_is_right_is_not_put_right() {
    run(async {
        for words in [
            "uitkering",
            "schuldhulpverlening",
            "cliëntondersteuner",
            "ik heb niemand om mee te praten",
            "moeite om rond te komen",
        ] {
            let page = ask(words).await;
            assert!(!page.has(".wijzer-corrected"), "{words}");
        }
        let alone = ask("ik heb niemand om mee te praten").await;
        assert!(!alone.hits()[0].contains("raad"), "{:?}", alone.hits());
    });
}

#[test]
fn only_what_joined_is_said_to_be_about_the_same() {
    run(async {
        // More hits than are put in order by what they have in common, and a filter besides.
        let page = deventer().await.get("/zoeken?q=deventer&soort=vraag").await;
        let page = page.ok();
        assert!(page.hits().len() > 10);
        assert!(!page.html().contains("over hetzelfde onderwerp"));
        let page = ask("loophulp").await;
        assert!(page.html().contains("over hetzelfde onderwerp"));
        let labelled = page
            .texts("[data-hit]")
            .iter()
            .filter(|hit| hit.contains("over hetzelfde"))
            .count();
        let said = page.one(".wijzer-results__part");
        let with_words: usize = said.split(' ').next().unwrap().parse().unwrap();
        assert!(
            with_words > 0 && labelled >= page.hits().len() - with_words,
            "{said}"
        );
    });
}

#[test]
fn a_place_without_results_is_no_dead_end() {
    run(async {
        let page = ask("schaken bathmen").await;
        assert!(!page.hits().is_empty());
        assert!(
            page.html()
                .contains("Op die plek vonden wij niets met deze woorden.")
        );
        assert!(chips(&page).is_empty());
    });
}

#[test]
fn a_day_that_is_no_filter_is_not_said_to_be_empty() {
    run(async {
        let page = ask("deurwaarder komt vandaag").await;
        assert!(chips(&page).is_empty());
        assert!(!page.html().contains("Op die dag vonden wij niets"));
    });
}

#[test]
fn a_right_word_without_results_is_offered_another_and_never_replaced() {
    run(async {
        for (words, other) in [("vissen", "missen"), ("trouwen", "vrouwen")] {
            let page = ask(words).await;
            assert!(page.hits().is_empty(), "{words}");
            let near = page.attributes(".wijzer-empty a", "href");
            assert_eq!(near[0], format!("/zoeken?q={other}"));
        }
    });
}

#[test]
fn all_filters_go_at_once_those_in_words_too() {
    run(async {
        let path = "/zoeken?q=koffie+Bathmen+in+bathmen+gratis&thema=ontmoeten";
        let page = deventer().await.get(path).await.ok();
        assert_eq!(chips(&page), ["Bathmen", "Gratis", "Ontmoeten"]);
        let clear = page.attribute(".wijzer-chip--clear", "href");
        assert_eq!(clear, "/zoeken?q=koffie");
        let bathmen = page.attributes(".wijzer-chip", "href");
        assert_eq!(bathmen[0], "/zoeken?q=koffie%20gratis&thema=ontmoeten");
    });
}

#[test]
fn whatever_stands_around_words_that_are_filters_they_come_out_whole() {
    run(async {
        for (words, rest) in [
            ("   bathmen gratis", ""),
            ("  koffie  in bathmen, gratis  ", "koffie ,"),
            (
                "koffie\u{a0}in de bathmen op bathmen koffié gratis",
                "koffie koffié",
            ),
        ] {
            let request = SearchRequest {
                words: words.to_owned(),
                now: Some(TUESDAY.local()),
                per_page: 20,
                ..SearchRequest::default()
            };
            let found = deventer().await.engine.search(&request).unwrap();
            assert_eq!(found.without_cues, rest, "{words:?}");
        }
    });
}

#[test]
fn from_where_means_near() {
    run(async {
        let portal = deventer().await;
        let near = portal.get("/zoeken?q=koffie&vanaf=bathmen").await.ok();
        let asked = "/zoeken?q=koffie&vanaf=bathmen&sorteer=afstand";
        assert_eq!(near.hits(), portal.get(asked).await.ok().hits());
        let unknown = portal.get("/zoeken?q=koffie&vanaf=parijs").await.ok();
        assert!(unknown.has(".wijzer-filter[open] .wijzer-field__error"));
        for path in ["/zoeken?q=koffie&gratis=nee", "/zoeken?q=koffie&rolstoel="] {
            assert!(chips(&portal.get(path).await.ok()).is_empty(), "{path}");
        }
    });
}

#[test]
fn the_count_beside_a_place_holds_when_words_name_another() {
    run(async {
        let portal = deventer().await;
        for words in [
            "7417",
            "wandelen+bathmen",
            "gratis",
            "activiteiten+voorstad",
        ] {
            let page = portal.get(&format!("/zoeken?q={words}")).await.ok();
            for (key, value) in [
                ("wijk", "bathmen"),
                ("wijk", "diepenveen"),
                ("gratis", "ja"),
            ] {
                let label = format!("label:has(input[name={key}][value={value}])");
                let counted: String = page
                    .one(&label)
                    .chars()
                    .filter(char::is_ascii_digit)
                    .collect();
                let click = format!("/zoeken?q={words}&{key}={value}");
                let found = portal.get(&click).await.ok().one("#resultaten");
                let found: String = found.chars().filter(char::is_ascii_digit).collect();
                assert_eq!(counted, found, "{click}");
            }
        }
    });
}

#[test]
fn an_explanation_adds_up() {
    run(async {
        for words in [
            "koffie bathmen",
            "bathmen",
            "eenzaam",
            "rollator",
            "uitkering aanvragen",
            "ik kan mijn huur niet betalen",
            "voedselbank",
            "ruimtevaardt",
        ] {
            let request = SearchRequest {
                words: words.to_owned(),
                now: Some(TUESDAY.local()),
                per_page: 20,
                ..SearchRequest::default()
            };
            let explained = deventer().await.engine.explain(&request).unwrap();
            assert_eq!(explained.parts.len(), explained.result.hits.len());
            for (hit, parts) in explained.result.hits.iter().zip(&explained.parts) {
                let sum = (parts.text + parts.topics + parts.other_words) * parts.title;
                assert!(
                    (sum - hit.score).abs() <= hit.score * 0.01,
                    "{words}, {}: {} is no {sum}: {parts:?}",
                    hit.slug,
                    hit.score
                );
            }
        }
    });
}

async fn suggested(typed: &str) -> Vec<(String, String)> {
    let typed = utf8_percent_encode(typed, NON_ALPHANUMERIC);
    let page = deventer()
        .await
        .get(&format!("/zoeken/suggesties?q={typed}"))
        .await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(page.header("cache-control"), "private, no-store");
    let answer: serde_json::Value = serde_json::from_str(page.html()).unwrap();
    let lines = answer["suggestions"].as_array().unwrap().clone();
    assert!(lines.len() <= 8);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    lines
        .iter()
        .map(|line| (text(&line["label"]), text(&line["href"])))
        .collect()
}

#[test]
fn the_search_field_suggests_records_that_are_there() {
    run(async {
        for (typed, expected) in [
            ("mantelz", "/themas/mantelzorg"),
            ("schuld", "/themas/schulden"),
            ("bath", "/wijken/bathmen"),
            ("voedselb", "/organisaties/voedselbank-deventer"),
            ("wat is de wmo", "/vragen/wmo-wat-is-dat"),
            ("alzheimer caf", "/organisaties/alzheimer-cafe-deventer"),
            ("voedslbank", "/organisaties/voedselbank-deventer"),
            ("mantelsor", "/themas/mantelzorg"),
        ] {
            let found = suggested(typed).await;
            assert!(
                found.iter().any(|(_, href)| href == expected),
                "{typed}: {found:?}"
            );
        }
        for (label, href) in suggested("taal").await {
            let page = deventer().await.get(&href).await.ok();
            assert!(!label.is_empty() && page.has("h1"), "{href}");
        }
    });
}

#[test]
fn what_strangers_type_suggests_nothing_harmful() {
    run(async {
        let long = "a".repeat(10_000);
        for typed in [
            "",
            " ",
            "a",
            "((((",
            "<script>",
            "\u{202e}",
            "%",
            "\\",
            "🦄",
            "de het een",
            long.as_str(),
        ] {
            for (label, _) in suggested(typed).await {
                assert!(!label.contains('<'), "{typed}");
            }
        }
        let page = deventer().await.get("/zoeken/suggesties?q=%ff").await;
        assert_eq!(page.status, 400);
        assert_eq!(deventer().await.get("/zoeken/suggesties").await.status, 200);
    });
}
