//! The agenda on a phone and on a wide screen: filter, days, month.

use crate::browser::Browser;
use crate::in_browser;

const ITEMS: &str = "document.querySelectorAll('.wijzer-agenda [data-hit]').length";

#[test]
fn filter_and_days_on_a_wide_screen() {
    in_browser(async |browser: Browser| {
        filter(&browser, 1280).await;
        days(&browser, 1280).await;
    });
}

#[test]
fn filter_and_days_on_a_phone() {
    in_browser(async |browser: Browser| {
        filter(&browser, 360).await;
        days(&browser, 360).await;
    });
}

#[test]
fn filter_and_days_without_scripts() {
    in_browser(async |browser: Browser| {
        browser.without_scripts().await;
        filter(&browser, 360).await;
        days(&browser, 1280).await;
    });
}

async fn filter(browser: &Browser, width: u32) {
    browser.width(width).await;
    browser.go("/agenda").await;
    browser.until(&format!("{ITEMS} > 20")).await;
    if width < 600 {
        assert!(
            !browser
                .holds("document.querySelector('.wijzer-filter__body').checkVisibility()")
                .await,
            "on a phone the filters are folded away"
        );
        browser.click(".wijzer-filter summary").await;
    }
    browser.point("input[name=gratis]").await;
    browser.point("input[name=deel][value=ochtend]").await;
    browser.point(".wijzer-filter button[type=submit]").await;
    browser
        .until("location.search.includes('gratis=ja') && location.search.includes('deel=ochtend')")
        .await;
    let hours = "[...document.querySelectorAll('.wijzer-agenda__time time')]";
    assert!(
        browser
            .holds(&format!(
                "{hours}.every(t => t.dateTime.slice(11) < '12:00')"
            ))
            .await
    );
    assert!(
        browser
            .holds("document.title.includes(document.querySelector('#resultaten').firstChild.data.trim())")
            .await,
        "a screen reader says the number first"
    );
    browser.click(".wijzer-chip").await;
    browser
        .until("!location.search.includes('deel') && location.search.includes('gratis=ja')")
        .await;
    browser.click(".wijzer-chip").await;
    browser.until("location.search === ''").await;
}

async fn days(browser: &Browser, width: u32) {
    browser.width(width).await;
    browser.go("/agenda").await;
    let inside = "document.documentElement.scrollWidth <= innerWidth";
    assert!(browser.holds(inside).await, "only the strip scrolls");
    browser.click(".wijzer-strip__day:nth-child(3) a").await;
    browser
        .until("document.querySelector('.wijzer-strip [aria-current=date] time')")
        .await;
    let same = "[...document.querySelectorAll('.wijzer-agenda__time time')]
        .every(t => t.dateTime.startsWith(new URLSearchParams(location.search).get('dag')))";
    browser.until(&format!("{ITEMS} > 0")).await;
    assert!(browser.holds(same).await);
    browser.back().await;
    browser.until("location.search === ''").await;
    // The heading of a day stays in sight, in one low line.
    let stays = "(() => { scrollTo(0, document.querySelector('.wijzer-agenda__item:nth-child(4)').offsetTop
        + document.querySelector('.wijzer-agenda').getBoundingClientRect().top + scrollY);
        const tops = [...document.querySelectorAll('.wijzer-agenda__date')].map(d => d.getBoundingClientRect());
        return tops.some(d => d.top >= -1 && d.top <= 1 && d.height < 90) })()";
    assert!(browser.holds(stays).await, "at {width}");
}

#[test]
fn a_month_is_a_table_on_a_wide_screen_and_a_list_on_a_phone() {
    in_browser(async |browser: Browser| {
        let display = "getComputedStyle(document.querySelector('.wijzer-month__day:not(.wijzer-month__day--outside):not(.wijzer-month__day--empty)')).display";
        browser.width(1280).await;
        browser.go("/agenda").await;
        browser.click(".wijzer-when__names a[href$='/maand']").await;
        browser.until("location.pathname === '/agenda/maand'").await;
        assert!(browser.holds(&format!("{display} === 'table-cell'")).await);
        browser.click("a[rel=next]").await;
        browser.until("location.search.includes('maand=')").await;
        browser.width(360).await;
        assert!(browser.holds(&format!("{display} === 'block'")).await);
        assert!(
            browser
                .holds("document.documentElement.scrollWidth <= innerWidth")
                .await
        );
        assert!(
            !browser
                .holds("document.querySelector('.wijzer-month thead').checkVisibility()")
                .await,
            "a list needs no names of columns"
        );
        browser.click("a.wijzer-month__date").await;
        browser.until("location.search.includes('dag=')").await;
        browser.until(&format!("{ITEMS} > 0")).await;
    });
}
