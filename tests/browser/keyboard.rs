//! Everything by keyboard alone, and always to be seen where one is.

use crate::browser::{Browser, ENTER, SPACE, TAB};
use crate::in_browser;
use crate::kinds::DOSSIER;

/// Whether the focus shows: a ring on the part itself, or on what covers its row.
const RING: &str = r"
const e = document.activeElement;
if (e === document.body) return null;
const ring = pseudo => { const s = getComputedStyle(e, pseudo); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; };
const inner = e.querySelector('.wijzer-map__tile');
const stroke = inner && parseFloat(getComputedStyle(inner).strokeWidth) >= 3;
const box = e.getBoundingClientRect();
const bar = document.querySelector('.wijzer-exit');
const hidden = bar && !bar.contains(e) && !e.matches('.wijzer-skip') && box.bottom <= bar.getBoundingClientRect().bottom;
return [ring() || ring('::after') || stroke ? '' : 'no ring', hidden ? 'behind the bar' : '',
    box.bottom > 0 && box.top < innerHeight ? '' : 'out of the window', e.textContent.trim().slice(0, 40)].map(String);
";

#[test]
fn a_search_from_home_to_a_filtered_result() {
    in_browser(async |browser: Browser| {
        browser.go("/hulp").await;
        browser.press(TAB).await;
        assert!(
            browser.holds("document.activeElement.matches('.wijzer-skip') && document.activeElement.getBoundingClientRect().top >= 0").await,
            "the first stop is the link to the content, and it shows"
        );
        browser.press(ENTER).await;
        browser.until("location.hash === '#inhoud'").await;
        browser.go("/").await;
        assert!(
            browser.holds("document.activeElement.name === 'q'").await,
            "at home the search field has the focus at once"
        );
        browser.press("koffie drinken").await;
        browser.press(ENTER).await;
        browser.until("location.pathname === '/zoeken'").await;
        browser
            .until("document.querySelectorAll('.wijzer-hits [data-hit]').length > 3")
            .await;

        // Filter: the first zone that has results, and free of charge only.
        browser
            .tab_to("e.matches('summary') && e.textContent.includes('Wijk of dorp')")
            .await;
        browser.press(ENTER).await;
        browser
            .tab_to("e.name === 'wijk' && !e.closest('label').textContent.includes(' 0 ')")
            .await;
        browser.press(SPACE).await;
        browser
            .tab_to("e.name === 'gratis' && e.type === 'checkbox'")
            .await;
        browser.press(SPACE).await;
        browser.tab_to("e.matches('.wijzer-filter button')").await;
        browser.press(ENTER).await;
        browser
            .until("document.querySelectorAll('.wijzer-chips .wijzer-chip').length === 3")
            .await;
        assert!(browser.path().await.contains("gratis=ja"));

        // A chip is taken off, and the first result opened.
        browser
            .tab_to("e.matches('.wijzer-chip') && e.textContent.includes('Gratis')")
            .await;
        browser.press(ENTER).await;
        browser
            .until("!location.search.includes('gratis') && location.search.includes('wijk=')")
            .await;
        browser.tab_to("e.closest('[data-hit]')").await;
        browser.press(ENTER).await;
        browser.until("location.pathname !== '/zoeken'").await;
    });
}

#[test]
fn the_focus_is_always_seen() {
    in_browser(async |browser: Browser| {
        for (path, width) in [
            ("/", 1280),
            ("/zoeken?q=koffie&gratis=ja", 360),
            (DOSSIER, 360),
            ("/agenda", 1280),
            ("/plekken/cultuurhuus-braakhekke", 1280),
        ] {
            browser.width(width).await;
            browser.go(path).await;
            let mut stops = 0;
            for _ in 0..30 {
                browser.press(TAB).await;
                let seen = browser.run(RING).await;
                let Some(seen) = seen.as_array() else { break };
                let faults: Vec<&str> = seen[..3]
                    .iter()
                    .filter_map(|fault| fault.as_str())
                    .filter(|fault| !fault.is_empty())
                    .collect();
                assert!(faults.is_empty(), "{path}: {faults:?} at {}", seen[3]);
                stops += 1;
            }
            assert!(stops > 15, "{path}: only {stops} stops");
        }
    });
}
