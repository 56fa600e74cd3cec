//! What people come to do, with scripts and without.

use crate::browser::{Browser, ENTER};
use crate::in_browser;

#[test]
fn search_and_filter_on_a_wide_screen() {
    in_browser(async |browser: Browser| search_and_filter(&browser, 1280).await);
}

#[test]
fn search_filter_and_menu_on_a_phone() {
    in_browser(async |browser: Browser| {
        search_and_filter(&browser, 360).await;
        menu(&browser).await;
    });
}

#[test]
fn the_same_without_scripts() {
    in_browser(async |browser: Browser| {
        browser.without_scripts().await;
        search_and_filter(&browser, 1280).await;
        search_and_filter(&browser, 360).await;
        menu(&browser).await;
    });
}

async fn search_and_filter(browser: &Browser, width: u32) {
    const HITS: &str = "document.querySelectorAll('.wijzer-hits [data-hit]').length";
    browser.width(width).await;
    browser.go("/").await;
    browser.click("main input[name=q]").await;
    browser.press("bewegen").await;
    browser.press(ENTER).await;
    browser
        .until("location.search === '?q=bewegen' && document.querySelector('h1').textContent.includes('bewegen')")
        .await;
    browser.until(&format!("{HITS} > 5")).await;
    assert!(
        browser
            .holds("document.querySelector('.wijzer-header input[name=q]').value === 'bewegen'")
            .await,
        "the words stay in the field"
    );

    if width < 600 {
        assert!(
            !browser
                .holds("document.querySelector('.wijzer-filter__body').checkVisibility()")
                .await,
            "on a phone the filters are folded away"
        );
        browser.click(".wijzer-filter summary").await;
    }
    browser
        .point(".wijzer-filter__more:has(input[name=wijk]) > summary")
        .await;
    browser.point("input[name=wijk][value=borgele]").await;
    browser.point("input[name=gratis]").await;
    browser.point(".wijzer-filter button[type=submit]").await;
    browser
        .until("location.search.includes('wijk=borgele') && location.search.includes('gratis=ja')")
        .await;
    assert_eq!(
        browser
            .words("return [...document.querySelectorAll('.wijzer-chip:not(.wijzer-chip--clear)')].map(e => e.lastChild.previousSibling.textContent)")
            .await,
        ["Borgele", "Gratis"]
    );
    browser.until(&format!("{HITS} > 0")).await;

    // To a result and back: the filters are still on.
    let filtered = browser.path().await;
    browser.click(".wijzer-hits [data-hit] a").await;
    browser.until("location.pathname !== '/zoeken'").await;
    browser.back().await;
    browser.until("location.pathname === '/zoeken'").await;
    assert_eq!(browser.path().await, filtered);
    assert!(
        browser
            .holds("document.querySelector('input[name=wijk][value=borgele]').checked && document.querySelector('input[name=gratis]').checked")
            .await
    );

    browser.click(".wijzer-chip").await;
    browser
        .until("!location.search.includes('wijk=borgele') && location.search.includes('gratis=ja')")
        .await;
    browser.back().await;
    browser
        .until("location.search.includes('wijk=borgele')")
        .await;
    browser.click(".wijzer-chip--clear").await;
    browser
        .until("location.search === '?q=bewegen' && !document.querySelector('.wijzer-chip')")
        .await;
}

async fn menu(browser: &Browser) {
    const OPEN: &str = "document.querySelector('.wijzer-menu__link').checkVisibility()";
    browser.width(360).await;
    browser.go("/hulp").await;
    assert!(!browser.holds(OPEN).await, "the menu begins closed");
    browser.click(".wijzer-menu summary").await;
    browser.until(OPEN).await;
    browser.click(".wijzer-menu a[href='/wijken']").await;
    browser.until("location.pathname === '/wijken'").await;
}

/// Product rule: a telephone number or a date within two clicks from home.
#[test]
fn a_number_or_a_date_within_two_clicks() {
    // Of the page itself: "Hulp nodig?" and the header, which every page has, do not count.
    const CALL: &str = "document.querySelector('main a[href^=\"tel:\"]')";
    const DATE: &str = "document.querySelector('main time[datetime*=T]')";
    in_browser(async |browser: Browser| {
        browser.width(360).await;
        for (need, clicks, answer) in [
            (
                "help with debts",
                [
                    "main a[href='/themas/geld']",
                    ".wijzer-steps a[href^='/organisaties/']",
                ],
                CALL,
            ),
            (
                "something to do in my village",
                [".wijzer-zones a[href='/wijken/bathmen']", ""],
                DATE,
            ),
            (
                "eating together",
                [
                    "main a[href='/zoeken?q=samen%20eten']",
                    "[data-hit^='activity:'] a",
                ],
                DATE,
            ),
        ] {
            browser.go("/").await;
            for click in clicks.into_iter().filter(|click| !click.is_empty()) {
                let before = browser.path().await;
                browser.click(click).await;
                browser
                    .until(&format!(
                        "location.pathname + location.search !== {before:?}"
                    ))
                    .await;
            }
            assert!(
                browser.holds(answer).await,
                "{need}: not on {}",
                browser.path().await
            );
        }
    });
}

/// Who is not safe leaves with one press, and the page tells no other site where from.
#[test]
fn the_quick_exit_is_always_in_reach() {
    in_browser(async |browser: Browser| {
        browser.width(360).await;
        browser.go(crate::kinds::DOSSIER).await;
        browser
            .run("document.querySelector('footer').scrollIntoView()")
            .await;
        browser
            .until("scrollY > 500 && document.querySelector('.wijzer-exit__link').getBoundingClientRect().top >= 0 && document.querySelector('.wijzer-exit__link').getBoundingClientRect().top < 60")
            .await;
        assert!(
            browser
                .holds("document.querySelector('.wijzer-exit__link').rel.includes('noreferrer')")
                .await
        );
    });
}

/// A typing error is mended, said, and undone; a filter that was read in the words is taken off.
async fn mended_and_undone(browser: &Browser, width: u32) {
    browser.width(width).await;
    browser.go("/zoeken?q=eensaam").await;
    browser
        .until("document.querySelector('.wijzer-corrected b').textContent === 'eenzaam'")
        .await;
    browser.click(".wijzer-corrected a").await;
    browser
        .until("location.search === '?q=eensaam&letterlijk=ja' && !document.querySelector('.wijzer-corrected')")
        .await;
    browser.back().await;
    browser.until("location.search === '?q=eensaam'").await;

    browser.go("/zoeken?q=koffie+bathmen").await;
    browser
        .until("document.querySelector('.wijzer-chip').textContent.includes('Bathmen')")
        .await;
    browser.click(".wijzer-chip").await;
    browser
        .until("location.search === '?q=koffie' && !document.querySelector('.wijzer-chip')")
        .await;
}

#[test]
fn what_was_read_otherwise_can_be_undone() {
    in_browser(async |browser: Browser| {
        mended_and_undone(&browser, 360).await;
        mended_and_undone(&browser, 1280).await;
    });
}

#[test]
fn what_was_read_otherwise_can_be_undone_without_scripts() {
    in_browser(async |browser: Browser| {
        browser.without_scripts().await;
        mended_and_undone(&browser, 360).await;
    });
}
