//! axe-core finds nothing to object to, on any kind of page.

use serde_json::json;

use crate::browser::Browser;
use crate::kinds::KINDS;
use crate::stage::skipped;
use crate::{in_browser, no_faults};

/// Everything that axe-core can judge of WCAG 2.2 A and AA, and what it calls best practice.
const RUN: &str = r"
const done = arguments[0];
document.querySelectorAll('.wijzer-menu, .wijzer-filter').forEach(fold => fold.open = true);
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
axe.run({ runOnly: tags, resultTypes: ['violations'] }).then(
    result => done(result.violations.flatMap(rule => rule.nodes.slice(0, 4).map(node =>
        `${rule.id}: ${node.html.slice(0, 200)} (${[...node.any, ...node.all, ...node.none].map(c => c.message).join('; ').slice(0, 200)})`))),
    error => done([`axe failed: ${error}`]));
";

#[test]
fn light_on_a_phone() {
    check(360, "light", |_| true);
}

#[test]
fn light_on_a_wide_screen() {
    check(1280, "light", |_| true);
}

#[test]
fn dark() {
    check(1280, "dark", |main| main);
}

/// The checker, where there is one.
pub fn axe() -> Option<String> {
    let path = std::env::var_os("AXE_JS").filter(|path| !path.is_empty())?;
    Some(std::fs::read_to_string(&path).expect("AXE_JS cannot be read"))
}

/// What the checker, loaded before, objects to on a page.
pub async fn faults(browser: &Browser, path: &str) -> Vec<String> {
    browser.go(path).await;
    let found = browser.run_long(RUN).await;
    let found: Vec<String> = serde_json::from_value(found).unwrap();
    found
        .iter()
        .map(|fault| format!("{path} {fault}"))
        .collect()
}

fn check(width: u32, scheme: &'static str, wanted: fn(bool) -> bool) {
    let Some(axe) = axe() else {
        return skipped("no axe-core (AXE_JS is not set)");
    };
    in_browser(async move |browser: Browser| {
        browser.width(width).await;
        browser
            .media("screen", &[("prefers-color-scheme", scheme)])
            .await;
        let load = json!({ "source": axe });
        browser
            .tools("Page.addScriptToEvaluateOnNewDocument", load)
            .await;
        let mut faults = Vec::new();
        for kind in KINDS.iter().filter(|kind| wanted(kind.main)) {
            faults.extend(self::faults(&browser, kind.path).await);
        }
        no_faults(&faults);
    });
}
