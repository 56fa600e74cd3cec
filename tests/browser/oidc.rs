//! Signing in with a provider elsewhere: cookies, policies and the way there and back as a real
//! browser takes them.

use serde_json::json;

use crate::accessibility;
use crate::browser::Browser;
use crate::{in_browser, no_faults};

#[test]
fn someone_new_comes_in_by_the_provider_and_without_scripts() {
    in_browser(async |browser: Browser| {
        let Some(provider) = &browser.stage().provider else {
            return;
        };
        let someone = json!({
            "sub": "browser-1", "email": "iemand@wijzer.example", "email_verified": true, "name": "Iemand"
        });
        provider.present(someone).await;
        browser.width(360).await;
        browser.without_scripts().await;
        browser.go("/beheer/handleiding").await;
        browser.click("#oidc").await;
        browser
            .until("location.pathname === '/beheer/handleiding'")
            .await;
        browser.go("/beheer").await;
        assert!(
            browser
                .holds("document.body.textContent.includes('nog geen rol')")
                .await
        );
    });
}

#[test]
fn axe_finds_nothing_where_the_provider_is_offered() {
    let Some(axe) = accessibility::axe() else {
        return crate::stage::skipped("no axe-core (AXE_JS is not set)");
    };
    in_browser(async move |browser: Browser| {
        let Some(provider) = &browser.stage().provider else {
            return;
        };
        let load = json!({ "source": axe });
        browser
            .tools("Page.addScriptToEvaluateOnNewDocument", load)
            .await;
        // Who comes back from nowhere is told so.
        let mut faults = accessibility::faults(&browser, "/beheer/inloggen/oidc/terug").await;
        let someone = json!({
            "sub": "browser-2", "email": "ander@wijzer.example", "email_verified": true, "name": "Ander"
        });
        provider.present(someone).await;
        browser.go("/beheer/inloggen").await;
        browser.click("#oidc").await;
        browser.until("location.pathname === '/beheer'").await;
        faults.extend(accessibility::faults(&browser, "/beheer/mijn-account").await);
        no_faults(&faults);
    });
}
