use std::time::{Duration, Instant};

use proptest::prelude::*;
use scraper::{ElementRef, Html};

use super::{html, plain};

/// What is on a page that may not be there.
fn fault(html: &str) -> Option<String> {
    let page = Html::parse_fragment(html);
    let elements = page.root_element().descendants();
    elements.filter_map(ElementRef::wrap).find_map(|element| {
        let (tag, mut attributes) = (element.value().name(), element.value().attrs());
        let fits = match tag {
            "html" | "p" | "ul" | "li" | "strong" | "em" | "br" => attributes.next().is_none(),
            "ol" => attributes
                .all(|(name, value)| name == "start" && value.bytes().all(|b| b.is_ascii_digit())),
            "a" => {
                attributes.all(|(name, value)| name == "href" && leads_well(value))
                    && !element.ancestors().any(|one| {
                        ElementRef::wrap(one).is_some_and(|one| one.value().name() == "a")
                    })
            }
            _ => false,
        };
        (!fits).then(|| element.html().chars().take(200).collect())
    })
}

/// As a browser reads it.
fn leads_well(address: &str) -> bool {
    url::Url::parse(address)
        .is_ok_and(|url| matches!(url.scheme(), "https" | "http" | "mailto" | "tel"))
}

fn links(text: &str) -> Vec<(String, String)> {
    let html = html(text);
    assert_eq!(fault(&html), None, "{text:?}: {html}");
    let page = Html::parse_fragment(&html);
    let anchors = scraper::Selector::parse("a").unwrap();
    let links = page.select(&anchors);
    links
        .map(|link| {
            let address = link.value().attr("href").unwrap_or_default();
            (address.to_owned(), link.text().collect())
        })
        .collect()
}

#[test]
fn what_counts_is_shown() {
    for (text, shown) in [
        ("", ""),
        (" \n ", ""),
        ("Eén.", "<p>Eén.</p>\n"),
        ("Eén.\n\nTwee.", "<p>Eén.</p>\n<p>Twee.</p>\n"),
        (
            "**Vet** en *schuin*",
            "<p><strong>Vet</strong> en <em>schuin</em></p>\n",
        ),
        (
            "- een\n- twee",
            "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>\n",
        ),
        (
            "1. een\n2. twee",
            "<ol>\n<li>een</li>\n<li>twee</li>\n</ol>\n",
        ),
        ("3. drie", "<ol start=\"3\">\n<li>drie</li>\n</ol>\n"),
        (
            "- een\n  - in\n- twee",
            "<ul>\n<li>een\n<ul>\n<li>in</li>\n</ul>\n</li>\n<li>twee</li>\n</ul>\n",
        ),
        ("een  \ntwee\ndrie", "<p>een<br />\ntwee\ndrie</p>\n"),
        (
            "Lees [dit](https://voorbeeld.nl/?a=1&b=2)",
            "<p>Lees <a href=\"https://voorbeeld.nl/?a=1&amp;b=2\">dit</a></p>\n",
        ),
        (
            "Bel **0570 695399**.",
            "<p>Bel <strong><a href=\"tel:0570695399\">0570 695399</a></strong>.</p>\n",
        ),
        (
            "Van 10.00 tot 12.00 uur, € 2,50",
            "<p>Van 10.00 tot 12.00 uur, € 2,50</p>\n",
        ),
        ("Wmo & jeugd: 5 < 6", "<p>Wmo &amp; jeugd: 5 &lt; 6</p>\n"),
    ] {
        assert_eq!(html(text), shown, "{text:?}");
    }
}

#[test]
fn what_does_not_count_is_text() {
    for (text, shown) in [
        ("# Kop", "<p>Kop</p>\n"),
        ("Kop\n===", "<p>Kop</p>\n"),
        ("> gezegd", "<p>gezegd</p>\n"),
        ("`code`", "<p>code</p>\n"),
        ("```sh\nrm *\n```", "<p>rm *\n</p>\n"),
        ("een\n\n---\n\ntwee", "<p>een</p>\n<p>twee</p>\n"),
        (
            "![foto van ons](https://voorbeeld.nl/a.png)",
            "<p>foto van ons</p>\n",
        ),
        ("een ~~twee~~ [^1]", "<p>een ~~twee~~ [^1]</p>\n"),
        ("- [ ] doen", "<ul>\n<li>[ ] doen</li>\n</ul>\n"),
        ("#Meedoen", "<p>#Meedoen</p>\n"),
        ("<b>vet</b>", "<p>&lt;b&gt;vet&lt;/b&gt;</p>\n"),
        ("<div onclick=x>", "<p>&lt;div onclick=x&gt;</p>\n"),
    ] {
        assert_eq!(html(text), shown, "{text:?}");
    }
    let table = html("| a | b |\n|---|---|\n| 1 | 2 |");
    assert!(table.starts_with("<p>| a | b |"), "{table}");
}

#[test]
fn no_html_passes() {
    for text in [
        "<script>alert(1)</script>",
        "<ScRiPt src=//x.nl></sCrIpT>",
        "<img src=x onerror=alert(1)>",
        "tekst <svg/onload=alert(1)> tekst",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<!-- --><iframe src=x>",
        "<![CDATA[<script>x</script>]]>",
        "<?php x ?>",
        "<!DOCTYPE html>",
        "</p></div></main><h1>weg</h1>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;&#x3c;b&#x3e;",
        "```\n</p><script>x</script>\n```",
        "    <script>x</script>",
        "`<script>`",
        "\\<script>",
        "![<script>](https://x.nl \"<script>\")",
        "[<img src=x onerror=x>](https://x.nl \"\\\" onmouseover=\\\"x\")",
        "[a](https://x.nl/\"onmouseover=\"x)",
        "[a](<https://x.nl/\" onmouseover=\"x>)",
        "<style>*{display:none}</style>",
        "<textarea><p>",
        "- <li>\n- </ul><script>",
        "\u{0}<scr\u{0}ipt>",
        "**<b>",
    ] {
        let html = html(text);
        assert_eq!(fault(&html), None, "{text:?}: {html}");
    }
    // The judge can say no.
    for bad in [
        "<script>x</script>",
        "<p onclick=x>",
        "<img src=x>",
        "<a href='javascript:x'>x</a>",
        "<h2>x</h2>",
        "<a href=x>x</a>",
    ] {
        assert!(fault(bad).is_some(), "{bad}");
    }
}

#[test]
fn links_lead_to_the_web_to_mail_and_to_telephones() {
    for (text, address) in [
        ("[x](https://voorbeeld.nl)", "https://voorbeeld.nl"),
        ("[x](HTTP://voorbeeld.nl/a)", "HTTP://voorbeeld.nl/a"),
        ("[x](mailto:info@voorbeeld.nl)", "mailto:info@voorbeeld.nl"),
        ("[x](tel:0570-123456)", "tel:0570123456"),
        ("[x](tel:+31570123456)", "tel:+31570123456"),
        (
            "[x][1]\n\n[1]: https://voorbeeld.nl",
            "https://voorbeeld.nl",
        ),
        ("<https://voorbeeld.nl>", "https://voorbeeld.nl"),
        ("<info@voorbeeld.nl>", "mailto:info@voorbeeld.nl"),
        ("Bel 0570 695399", "tel:0570695399"),
    ] {
        assert_eq!(links(text)[0].0, address, "{text}");
    }
    // One link in another is none, and no number in it leads elsewhere.
    let both = links("[Bel 0570 695399](https://voorbeeld.nl) of 112");
    assert_eq!(both.len(), 2, "{both:?}");
    assert_eq!(both[0].1, "Bel 0570 695399");
}

#[test]
fn other_links_are_text() {
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;&#x61;vascript:alert(1)",
        "java&#10;script:alert(1)",
        "java&Tab;script:alert(1)",
        "&#1;javascript:alert(1)",
        "<javascript:alert(1)>",
        "< javascript:alert(1)>",
        "<java\tscript:alert(1)>",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "DATA&#58;text/html,x",
        "file:///etc/passwd",
        "blob:https://x.nl/1",
        "view-source:https://x.nl",
        "//kwaad.nl",
        "/beheer",
        "\\\\kwaad.nl",
        "https:kwaad",
        "https://voorbeeld.nl@kwaad.nl",
        "https://naam:wachtwoord@kwaad.nl",
        "mailto:a@b.nl?bcc=c@d.nl",
        "mailto:a@b.nl%0d%0abcc",
        "tel:*21*0900#",
        "tel:javascript",
        "#boven",
        "",
    ] {
        for text in [
            format!("[klik hier]({address})"),
            format!("[klik hier][1]\n\n[1]: {address}"),
            format!("[klik hier][1]\n\n[1]: <{address}>"),
        ] {
            assert_eq!(links(&text), [], "{text}");
            assert!(html(&text).contains("klik hier"), "{text}");
        }
    }
    for text in [
        "<javascript:alert(1)>",
        "<data:text/html,x>",
        "<x@y>",
        "<a@b.nl?x>",
    ] {
        assert_eq!(links(text), [], "{text}");
    }
    // A picture that is a link, a link in a picture.
    assert_eq!(links("[![x](javascript:x)](javascript:y)"), []);
    assert_eq!(links("![[x](javascript:x)](https://x.nl/a.png)"), []);
}

#[test]
fn deep_and_long_texts_take_no_time() {
    let deep = 10_000;
    for (what, text) in [
        ("quotes", ">".repeat(deep) + " x"),
        ("lists on a line", "- ".repeat(deep) + "x"),
        ("numbered lists", "1. ".repeat(deep) + "x"),
        ("quotes and lists", "> - ".repeat(deep) + "x"),
        ("brackets", "[".repeat(deep) + "x" + &"]".repeat(deep)),
        (
            "links",
            "[".repeat(deep) + "x" + &"](https://x.nl)".repeat(deep),
        ),
        (
            "pictures",
            "![".repeat(deep) + "x" + &"](https://x.nl)".repeat(deep),
        ),
        ("stars", "*".repeat(deep) + "x" + &"*".repeat(deep)),
        ("stars and lines", "*a_ ".repeat(deep)),
        ("backticks", (1..300).map(|n| "`".repeat(n) + " ").collect()),
        ("a long line", "woord ".repeat(20_000)),
        ("a long word", "x".repeat(100_000)),
        ("digits", "0570 ".repeat(20_000)),
        ("entities", "&amp;".repeat(20_000)),
        ("tags", "<b>".repeat(20_000)),
        ("open tags", "<a ".repeat(20_000)),
        ("comments", "<!--".repeat(20_000)),
        ("lines", "\n".repeat(100_000)),
        (
            "stairs",
            (0..100).map(|n| " ".repeat(2 * n) + "- x\n").collect(),
        ),
    ] {
        let start = Instant::now();
        let (html, plain) = (html(&text), plain(&text));
        let took = start.elapsed();
        assert!(took < Duration::from_secs(2), "{what} took {took:?}");
        assert!(
            html.len() <= 50 * text.len() + 100,
            "{what}: {}",
            html.len()
        );
        assert!(plain.len() <= text.len() + 1, "{what}");
        assert!(
            html.matches("<ul>").count() + html.matches("<ol>").count() < 110,
            "{what}"
        );
    }
    let nested = html(&("- ".repeat(10) + "diep"));
    assert_eq!(nested.matches("<ul>").count(), super::DEEPEST, "{nested}");
    assert!(nested.contains("diep"));
}

#[test]
fn without_marks_it_is_plain() {
    for (text, without) in [
        ("", ""),
        ("Gewoon.\nZo.", "Gewoon.\nZo."),
        (
            "**Bel** [ons](https://x.nl)\n\n- een\n- *twee*\n\n# Drie",
            "Bel ons\neen\ntwee\nDrie",
        ),
        ("Wmo & <jeugd> &amp; meer", "Wmo & <jeugd> & meer"),
        ("![foto](https://x.nl/a.png) `x`", "foto x"),
        ("> gezegd\n> is", "gezegd\nis"),
    ] {
        assert_eq!(plain(text), without, "{text:?}");
    }
}

/// Stretches of what Markdown is made of, and of anything.
fn anything() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "*",
        "**",
        "_",
        "- ",
        "1. ",
        "> ",
        "\n",
        "\n\n",
        "    ",
        "[",
        "]",
        "(",
        ")",
        "](",
        "][",
        "]: ",
        "!",
        "<",
        ">",
        "`",
        "```",
        "~~~",
        "&",
        "&lt;",
        "&#58;",
        "\\",
        "\"",
        "'",
        "javascript:",
        "data:",
        "https://x.nl",
        "mailto:a@b.nl",
        "tel:112",
        "<script>",
        "<a href=",
        "</p>",
        "<!--",
        "-->",
        "onclick=x",
        "112",
        "0570 695399",
        "#",
        "|",
        "---",
        "\u{0}",
        "\t",
        "\r\n",
        "é",
        "woord ",
    ]);
    let marks = marks.prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![4 => marks, 1 => ".{0,8}"], 0..40)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn only_what_may_be_there_is_there(text in anything()) {
        let html = html(&text);
        prop_assert_eq!(fault(&html), None, "{}", html);
        prop_assert_eq!(html.find('\0'), None);
    }

    /// Letters are never lost: those of the plain text stand on the page too.
    #[test]
    fn the_page_says_what_the_plain_text_says(text in anything()) {
        let letters = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
        let page: String = Html::parse_fragment(&html(&text)).root_element().text().collect();
        prop_assert_eq!(letters(&page), letters(&plain(&text)));
    }
}
