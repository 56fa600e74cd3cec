//! The search page: hits, filters with their counts, pages, and what strangers type.

use axum::body::Body;
use axum::http::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use scraper::Selector;

use crate::support::page::{TestPage, text};
use crate::support::portal::deventer;
use crate::support::run;

/// The hits in the list of results.
fn results(page: &TestPage) -> Vec<String> {
    page.attributes("main [data-hit]", "data-hit")
}

fn total(page: &TestPage) -> usize {
    page.one("#resultaten")
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// The filter choices with their counts: name, value, count.
fn choices(page: &TestPage) -> Vec<(String, String, usize)> {
    let number = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .unwrap()
    };
    let span = Selector::parse("span").unwrap();
    assert_eq!(page.elements("form.wijzer-filter__body select").len(), 1);
    let mut choices = Vec::new();
    for label in page.elements("form.wijzer-filter__body label.wijzer-check") {
        let input = label
            .select(&Selector::parse("input").unwrap())
            .next()
            .unwrap();
        let count = number(&text(label.select(&span).nth(1).unwrap()));
        choices.push((
            input.attr("name").unwrap().to_owned(),
            input.attr("value").unwrap().to_owned(),
            count,
        ));
    }
    choices
}

async fn ask(query: &str) -> TestPage {
    deventer().await.get(&format!("/zoeken?{query}")).await.ok()
}

fn encoded(words: &str) -> String {
    utf8_percent_encode(words, NON_ALPHANUMERIC).to_string()
}

#[test]
fn a_search_finds_records_of_every_kind() {
    run(async {
        for (words, expected) in [
            ("voedselbank", "organisation:voedselbank-deventer"),
            ("koersbal bathmen", "activity:koersbal-braakhekke"),
            ("cultuurhuus", "place:cultuurhuus-braakhekke"),
            ("dementie", "dossier:dementie"),
            (
                "huishoudelijke hulp aanvragen",
                "faq:huishoudelijke-hulp-aanvragen",
            ),
            ("schulden", "theme:schulden"),
            ("bathmen", "zone:bathmen"),
        ] {
            let page = ask(&format!("q={}", encoded(words))).await;
            assert!(
                results(&page).contains(&expected.to_owned()),
                "{words}: {:?}",
                results(&page)
            );
            assert_eq!(page.attribute("header input[name=q]", "value"), words);
        }
    });
}

#[test]
fn what_stands_beside_a_filter_is_what_a_click_gives() {
    run(async {
        let page = ask("q=ouderen").await;
        let offered = choices(&page);
        assert!(offered.len() > 30, "{offered:?}");
        for (name, value, count) in offered {
            let narrowed = ask(&format!("q=ouderen&{name}={value}")).await;
            let found = if count == 0 {
                results(&narrowed).len()
            } else {
                total(&narrowed)
            };
            assert_eq!(found, count, "{name}={value}");
        }
        // With filters of other groups on, too.
        let page = ask("q=&wijk=bathmen&gratis=ja").await;
        for (name, value, count) in choices(&page)
            .into_iter()
            .filter(|(name, ..)| name == "thema" || name == "soort")
        {
            let narrowed = ask(&format!("q=&wijk=bathmen&gratis=ja&{name}={value}")).await;
            let found = if count == 0 {
                results(&narrowed).len()
            } else {
                total(&narrowed)
            };
            assert_eq!(found, count, "{name}={value}");
        }
    });
}

#[test]
fn filters_stand_in_the_address_and_can_be_taken_off() {
    run(async {
        let page = ask("q=koffie&wijk=bathmen&wijk=lettele&soort=activiteit&rolstoel=ja").await;
        assert!(
            results(&page)
                .iter()
                .all(|hit| hit.starts_with("activity:"))
        );
        let chips = page.texts(".wijzer-chips a");
        assert_eq!(chips.len(), 5, "{chips:?}");
        let without = &page.attributes(".wijzer-chips a", "href")[0];
        assert!(
            !without.contains("wijk=bathmen") && without.contains("wijk=lettele"),
            "{without}"
        );
        let clear = page.attributes(".wijzer-chips a", "href").pop().unwrap();
        assert_eq!(clear, "/zoeken?q=koffie");
        assert_eq!(
            page.attributes("input[name=soort][checked]", "value"),
            ["activiteit"]
        );
        assert_eq!(
            page.attributes("input[name=rolstoel][checked]", "value"),
            ["ja"]
        );
    });
}

#[test]
fn the_pages_of_a_search_hold_every_hit_once() {
    run(async {
        let mut page = ask("q=&soort=organisatie").await;
        let total = total(&page);
        assert_eq!(total, 202);
        let mut all = results(&page);
        for _ in 0..20 {
            let Some(next) = page.attributes("a[rel=next]", "href").pop() else {
                break;
            };
            page = deventer().await.get(&next).await.ok();
            assert!(results(&page).len() <= 20);
            all.extend(results(&page));
        }
        assert!(page.has("a[rel=prev]"));
        assert_eq!(all.len(), total);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), total, "a hit on two pages");
        for far in ["99", "-1", "0", "18446744073709551616", "x"] {
            ask(&format!("q=&pagina={far}")).await;
        }
    });
}

#[test]
fn nothing_found_is_no_dead_end() {
    run(async {
        let page = ask("q=xqzvw&wijk=bathmen").await;
        assert_eq!(page.one("h1"), "Niets gevonden voor “xqzvw”");
        assert!(page.has("main a[href^='tel:']") && page.has("main a[href='/zoeken?q=xqzvw']"));
        assert!(page.elements("main .wijzer-theme-tile").len() > 10);
        let strange = ask("q=koffie&wijk=atlantis&thema=%3Cb%3E&soort=vliegtuig").await;
        let plain = ask("q=koffie").await;
        assert_eq!(
            results(&strange).len(),
            results(&plain).len(),
            "an unknown value is no filter"
        );
        let beyond = ask("q=koffie&pagina=49").await;
        assert!(
            !results(&beyond).is_empty(),
            "past the end stands the last page"
        );
    });
}

#[test]
fn what_strangers_type_never_breaks_a_search() {
    run(async {
        let long = "a".repeat(10_000);
        let words = "de het een van ".repeat(700);
        let open = "(".repeat(5_000);
        for typed in [
            long.as_str(),
            &words,
            &open,
            "de het een van in",
            "[",
            "\\",
            "\"",
            "\"koffie",
            "AND OR NOT",
            "+-~*?:^",
            "title:x",
            "/.*/",
            "😀🦄",
            "مرحبا بالعالم",
            "\u{202e}eiffok",
            "\u{feff}",
            "a\u{0301}",
            "ﬁ",
            "\t\n",
            "'; drop table x; --",
            "<script>alert(1)</script>",
            "{{7*7}}",
            "${jndi:ldap://x}",
            "..%2f..",
            "%00",
        ] {
            let page = deventer()
                .await
                .get(&format!("/zoeken?q={}", encoded(typed)))
                .await
                .ok();
            assert_eq!(page.elements("h1").len(), 1);
            assert!(
                !page.html().contains("<script>alert")
                    && page.elements("script:not([src])").is_empty()
            );
            assert!(
                page.attributes("header input[name=q]", "value")[0]
                    .chars()
                    .count()
                    <= 300
            );
        }
        let page =
            ask("q=%22%3E%3Csvg%20onload%3Dalert(1)%3E&thema=%22%3E%3Cimg%20src%3Dx%3E").await;
        assert!(!page.has("[onload]") && !page.has("img"));
        assert_eq!(
            page.attributes("header input[name=q]", "value"),
            ["\"><svg onload=alert(1)>"]
        );
    });
}

#[test]
fn malformed_addresses_and_headers_get_a_kind_page() {
    run(async {
        for path in [
            "/%ff",
            "/%",
            "/zoeken?q=%ff",
            "/zoeken?q=%",
            "/zoeken?q=%00",
            "/organisaties/%C3",
            "/agenda?wijk=%zz",
        ] {
            let page = deventer().await.get(path).await;
            assert_eq!(page.status, 400, "{path}");
            assert_eq!(page.one("h1"), "Dit begrijpen wij niet");
            assert!(page.has("main input[name=q]"));
        }
        for path in [
            "/organisaties/..%2f..%2fetc",
            "/wijken/%F0%9F%98%80",
            "/vragen/a%20b",
            "/themas/' or 1=1",
        ] {
            let path = path.replace(' ', "%20");
            assert_eq!(deventer().await.get(&path).await.status, 404, "{path}");
        }
        for (name, value) in [
            ("accept-encoding", &b"\xff\xfe"[..]),
            ("if-none-match", b"\xff\""),
            ("cookie", b"a=\xc3\x28; b"),
            ("accept-language", b"\xe9"),
            ("x-forwarded-host", b"evil.nl"),
            ("host", b"evil.nl"),
            ("content-length", b"99999999999"),
        ] {
            let request = Request::get("/organisaties")
                .header(name, value)
                .body(Body::empty())
                .unwrap();
            let page = deventer().await.send(request).await;
            assert!(page.status.as_u16() < 500, "{name}: {}", page.status);
            assert!(!page.html().contains("evil.nl"), "{name}");
        }
    });
}
