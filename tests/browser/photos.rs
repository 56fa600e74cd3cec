//! A photo from the disk of an editor to the page of a resident.

use image::{Rgb, RgbImage};
use serde_json::json;

use crate::accessibility;
use crate::admin::{enter, fill};
use crate::browser::Browser;
use crate::{in_browser, no_faults};

const RECORD: &str = "/beheer/organisaties/woonbond";

/// What moved while the page came in; layout shifts are summed up by the browser.
const SHIFTS: &str = "new PerformanceObserver((list, observer) => { observer.disconnect(); \
    arguments[0](list.getEntries().reduce((sum, entry) => sum + entry.value, 0)); }) \
    .observe({ type: 'layout-shift', buffered: true }); setTimeout(() => arguments[0](0), 500)";

#[test]
fn an_editor_puts_a_photo_on_a_page() {
    in_browser(async |browser: Browser| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("Foto <van> \"ons\".jpg");
        RgbImage::from_fn(1500, 1000, |x, y| {
            Rgb([
                (x % 200).try_into().unwrap(),
                (y % 200).try_into().unwrap(),
                90,
            ])
        })
        .save_with_format(&file, image::ImageFormat::Jpeg)
        .unwrap();
        browser.width(360).await;
        if let Some(axe) = accessibility::axe() {
            let load = json!({ "source": axe });
            let command = "Page.addScriptToEvaluateOnNewDocument";
            browser.tools(command, load).await;
        }
        enter(&browser, "foto@wijzer.example", "Fotograaf", "editor").await;
        browser.go(RECORD).await;
        browser.click("a[href$='/foto']").await;
        browser.until("document.getElementById('foto')").await;
        let save = "main form[enctype] button";
        // Words first: what is missing is told, and the words stay.
        fill(&browser, "beschrijving", "Een vlak in twee kleuren.").await;
        browser.click(save).await;
        browser.until("document.getElementById('foto-fout')").await;
        assert!(
            browser
                .holds(
                    "document.getElementById('beschrijving').value === 'Een vlak in twee kleuren.'"
                )
                .await
        );
        let node = |name: &'static str, parameters| browser.tools(name, parameters);
        let root = node("DOM.getDocument", json!({})).await["root"]["nodeId"].clone();
        let asked = json!({ "nodeId": root, "selector": "#foto" });
        let input = node("DOM.querySelector", asked).await["nodeId"].clone();
        let chosen = json!({ "nodeId": input, "files": [file] });
        node("DOM.setFileInputFiles", chosen).await;
        browser.click(save).await;
        browser
            .until("document.querySelector('.beheer-notice')")
            .await;

        for _ in 0..50 {
            browser.go("/organisaties/woonbond").await;
            if browser.holds("document.querySelector('img')").await {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        browser
            .run("document.querySelector('img').scrollIntoView()")
            .await;
        browser
            .until("document.querySelector('img').complete")
            .await;
        assert!(
            browser
                .holds("document.querySelector('img').naturalWidth > 300 && document.querySelector('img').currentSrc.endsWith('-640.jpg')")
                .await
        );
        assert_eq!(browser.run_long(SHIFTS).await, 0, "nothing moves");
        if accessibility::axe().is_some() {
            let mut faults = Vec::new();
            for path in [RECORD, &format!("{RECORD}/foto"), "/organisaties/woonbond"] {
                faults.extend(accessibility::faults(&browser, path).await);
            }
            no_faults(&faults);
        }
        browser.go(&format!("{RECORD}/foto")).await;
        browser.click("form[action$='/weg'] button").await;
        browser
            .until("document.querySelector('.beheer-notice')")
            .await;
        assert!(!browser.holds("document.querySelector('img')").await);
    });
}
