//! Organisation, zone and dossier on paper: what one needs, and no buttons.

use crate::browser::Browser;
use crate::kinds::{DOSSIER, ORGANISATION, ZONE};
use crate::{in_browser, no_faults};

const SHEET: &str = r"
const shown = css => [...document.querySelectorAll(css)].filter(e => e.checkVisibility({ contentVisibilityAuto: true }) && e.getClientRects().length);
const faults = [];
for (const css of ['.wijzer-nav', '.wijzer-menu', '.wijzer-header .wijzer-search', '.wijzer-exit', '.wijzer-breadcrumb',
    '.wijzer-footer__nav', '.wijzer-checked__actions', '.wijzer-skip'])
    if (shown(css).length) faults.push(`on paper: ${css}`);
for (const css of ['h1', '.wijzer-help a[href^=\'tel:\'], .wijzer-week__call', '.wijzer-print-only'])
    if (!shown(css).length) faults.push(`not on paper: ${css}`);
const hits = document.querySelectorAll('[data-hit]').length;
if (shown('[data-hit]').length !== hits) faults.push(`${shown('[data-hit]').length} of ${hits} records on paper`);
if (document.querySelector('.wijzer-contact') && !shown('.wijzer-contact a[href^=\'tel:\']').length) faults.push('no number on paper');
if (getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)') faults.push('not on white');
return faults;
";

#[test]
fn on_paper_there_is_no_navigation_and_nothing_is_missing() {
    in_browser(async |browser: Browser| {
        // The width of an A4 sheet between its margins; dark on the screen, white on paper.
        browser.width(680).await;
        browser
            .media("print", &[("prefers-color-scheme", "dark")])
            .await;
        let mut faults = Vec::new();
        for path in [
            ORGANISATION,
            ZONE,
            DOSSIER,
            "/agenda",
            "/wijken/bathmen/agenda/week",
            "/wijken/bathmen/agenda/week?groot=ja",
        ] {
            browser.go(path).await;
            let found = browser.words(SHEET).await;
            faults.extend(found.iter().map(|fault| format!("{path} {fault}")));
        }
        no_faults(&faults);
    });
}
