//! The search field while someone types: with the keyboard, with a finger, and when it fails.

use crate::browser::{Browser, DOWN, ENTER, ESCAPE};
use crate::in_browser;

const FIELD: &str = "main input[name=q]";
const OPEN: &str =
    "document.querySelector('main input[name=q]').getAttribute('aria-expanded') === 'true'";
const CLOSED: &str =
    "document.querySelector('main input[name=q]').getAttribute('aria-expanded') === 'false'";
const ACTIVE: &str = "document.getElementById(document.querySelector('main input[name=q]').getAttribute('aria-activedescendant'))";

async fn type_in(browser: &Browser, words: &str) {
    browser.go("/").await;
    browser
        .until("document.querySelector('main input[name=q]').getAttribute('role') === 'combobox'")
        .await;
    browser.click(FIELD).await;
    browser.press(words).await;
}

#[test]
fn a_suggestion_is_chosen_with_the_keyboard() {
    in_browser(async |browser: Browser| {
        browser.width(1280).await;
        type_in(&browser, "mantelz").await;
        browser.until(OPEN).await;
        assert!(
            browser
                .holds("document.activeElement.name === 'q' && !document.activeElement.getAttribute('aria-activedescendant')")
                .await,
            "nothing is chosen yet, and the field keeps the focus"
        );
        browser.press(DOWN).await;
        browser
            .until(&format!("{ACTIVE}.textContent.includes('Mantelzorg') && {ACTIVE}.getAttribute('aria-selected') === 'true'"))
            .await;
        assert!(
            browser
                .holds("document.activeElement.value === 'mantelz'")
                .await
        );
        browser.press(ENTER).await;
        browser
            .until("location.pathname === '/themas/mantelzorg'")
            .await;
    });
}

#[test]
fn enter_searches_and_escape_closes() {
    in_browser(async |browser: Browser| {
        browser.width(360).await;
        type_in(&browser, "schuld").await;
        browser.until(OPEN).await;
        browser.press(ESCAPE).await;
        browser.until(CLOSED).await;
        browser.press(ENTER).await;
        browser
            .until("location.pathname === '/zoeken' && location.search === '?q=schuld'")
            .await;
    });
}

#[test]
fn a_suggestion_is_chosen_with_a_finger_and_fits_a_phone() {
    in_browser(async |browser: Browser| {
        browser.width(360).await;
        type_in(&browser, "voedselb").await;
        browser.until(OPEN).await;
        assert!(
            browser
                .holds("document.documentElement.scrollWidth <= 360 && [...document.querySelectorAll('[role=option]')].every(o => o.getBoundingClientRect().height >= 44)")
                .await
        );
        browser
            .click("[role=option][href='/organisaties/voedselbank-deventer']")
            .await;
        browser
            .until("location.pathname === '/organisaties/voedselbank-deventer'")
            .await;
    });
}
