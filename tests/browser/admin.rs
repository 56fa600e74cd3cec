//! The admin area as its people use it: a new editor who is guided by the screens alone, by mouse
//! and by keyboard, with scripts and without.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde_json::json;

use crate::accessibility;
use crate::browser::{Browser, ENTER, ESCAPE, SPACE, TAB};
use crate::stage::skipped;
use crate::{in_browser, no_faults};

const PASSWORD: &str = "paarse olifant zingt";

/// Every kind of page of the admin area, for who may see all.
const PAGES: [&str; 51] = [
    "/beheer",
    "/beheer/alles?q=koffie",
    "/beheer/alles?werk=nakijken",
    "/beheer/activiteiten",
    "/beheer/activiteiten?q=bestaatniet",
    "/beheer/activiteiten/nieuw",
    "/beheer/activiteiten/koersbal-braakhekke",
    "/beheer/activiteiten/koersbal-braakhekke/geschiedenis",
    "/beheer/organisaties",
    "/beheer/organisaties/nieuw",
    "/beheer/organisaties/voedselbank-deventer",
    "/beheer/organisaties/voedselbank-deventer/foto",
    "/beheer/plekken/nieuw",
    "/beheer/plekken/cultuurhuus-braakhekke",
    "/beheer/dossiers/nieuw",
    "/beheer/dossiers/dementie",
    "/beheer/vragen/nieuw",
    "/beheer/vragen",
    "/beheer/wijken/bathmen",
    "/beheer/lijsten",
    "/beheer/lijsten/synoniemen",
    "/beheer/lijsten/synoniemen/nieuw",
    "/beheer/lijsten/agendas",
    "/beheer/lijsten/agendas/nieuw",
    "/beheer/lijsten/sluitingen/nieuw",
    "/beheer/lijsten/themas/nieuw",
    "/beheer/lijsten/hulplijnen/nieuw",
    "/beheer/lijsten/afspraken/nieuw",
    "/beheer/lijsten/teksten",
    "/beheer/lijsten/noodwoorden",
    "/beheer/lijsten/noodwoorden/nieuw",
    "/beheer/lijsten/oude-adressen",
    "/beheer/lijsten/oude-adressen/nieuw",
    "/beheer/gebruikers",
    "/beheer/gebruikers/nieuw",
    "/beheer/mail",
    "/beheer/logboek",
    "/beheer/handleiding",
    "/beheer/tabellen",
    "/beheer/organisaties/voedselbank-deventer/voorbeeld",
    "/beheer/organisaties/nieuw/voorbeeld",
    "/beheer/organisaties/nieuw/voorbeeld/pagina",
    "/beheer/activiteiten/koersbal-braakhekke/keren",
    "/beheer/alles?werk=mijn",
    "/beheer/zoekmachine",
    "/beheer/mijn-account",
    "/beheer/mijn-account/sneltoetsen",
    "/beheer/mijn-account/wachtwoord",
    "/beheer/mijn-account/tweede-stap",
    "/beheer/bestaat-niet",
    "/beheer/organisaties/bestaat-niet",
];

/// Before one is signed in.
const ENTRANCE: [&str; 3] = [
    "/beheer/inloggen",
    "/beheer/wachtwoord-vergeten",
    "/beheer/welkom/x",
];

/// Types into a field.
pub async fn fill(browser: &Browser, field: &str, text: &str) {
    browser
        .run(&format!("const e = document.getElementById('{field}'); e.focus(); e.select?.(); e.scrollIntoView({{block: 'center'}})"))
        .await;
    browser.press(text).await;
}

/// Sets a day or a time: how these are typed differs by the language of the browser.
async fn set(browser: &Browser, field: &str, value: &str) {
    browser
        .run(&format!(
            "document.getElementById('{field}').value = '{value}'"
        ))
        .await;
}

/// Chooses in a list or ticks a box.
async fn choose(browser: &Browser, css: &str) {
    browser
        .run(&format!(
            "document.querySelector(`{css}`).scrollIntoView({{block: 'center'}})"
        ))
        .await;
    browser.click(css).await;
}

/// From the link in an invitation to the desk.
pub async fn enter(browser: &Browser, email: &str, name: &str, role: &str) {
    let link = browser.stage().user(email, name, role);
    browser.go(&link).await;
    fill(browser, "wachtwoord", PASSWORD).await;
    browser.press(ENTER).await;
    browser
        .until("location.pathname === '/beheer/inloggen'")
        .await;
    fill(browser, "email", email).await;
    browser.press(TAB).await;
    browser.press(PASSWORD).await;
    browser.press(ENTER).await;
    if role == "administrator" {
        browser.until("document.querySelector('.beheer-key')").await;
        let key = browser
            .words("return [document.querySelector('.beheer-key').textContent]")
            .await;
        let address = format!("otpauth://totp/a?secret={}", key[0].replace(' ', ""));
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let code = totp_rs::Totp::from_url(address)
            .unwrap()
            .generate(now)
            .to_string();
        fill(browser, "code", &code).await;
        browser.press(ENTER).await;
        browser
            .until("document.querySelectorAll('.beheer-codes code').length === 10")
            .await;
        browser.go("/beheer").await;
    }
    browser
        .until("location.pathname === '/beheer' && document.querySelector('h1')")
        .await;
}

/// "Done means" of the admin area, from invitation to the old version put back.
async fn a_day_as_editor(browser: &Browser, number: u32) {
    let email = format!("nieuw{number}@wijzer.example");
    enter(browser, &email, "Nieuwe Redacteur", "editor").await;
    let name = format!("Wandelclub Proef {number}");
    let title = format!("Rondje Proef {number}");

    add_organisation(browser, &name).await;
    let form = add_activity(browser, (&name, &title, number)).await;
    correct(browser, &form).await;

    // And off the website again: other tests look at it too.
    for path in [
        form.clone(),
        format!("/beheer/organisaties/wandelclub-proef-{number}"),
    ] {
        browser.go(&path).await;
        choose(browser, ".beheer-danger").await;
        browser.until("document.querySelector('.beheer-notice')?.textContent.includes('niet meer op de website')").await;
    }
    browser.click(".beheer-who__out").await;
    browser
        .until("location.pathname === '/beheer/inloggen'")
        .await;
}

async fn add_organisation(browser: &Browser, name: &str) {
    browser.click("a[href='/beheer/organisaties/nieuw']").await;
    browser.until("document.getElementById('naam')").await;
    fill(browser, "naam", name).await;
    fill(
        browser,
        "samenvatting",
        "Wij wandelen samen. U hoeft niet hard te lopen.",
    )
    .await;
    fill(browser, "telefoon", "0570 123456").await;
    choose(browser, "input[name=themas]").await;
    choose(
        browser,
        "button[name=doen][value=online]:not(.wijzer-sr-only)",
    )
    .await;
    browser
        .until("document.querySelector('.beheer-notice')?.textContent.includes('op de website')")
        .await;
}

/// An activity every third Thursday; the first try forgets the organisation. Answers with the
/// address of its form.
async fn add_activity(browser: &Browser, (name, title, number): (&str, &str, u32)) -> String {
    browser.go("/beheer").await;
    browser.click("a[href='/beheer/activiteiten/nieuw']").await;
    browser.until("document.getElementById('titel')").await;
    fill(browser, "titel", title).await;
    fill(
        browser,
        "samenvatting",
        "Wandel een uur mee. Daarna is er koffie.",
    )
    .await;
    fill(browser, "plek", "Cultuurhuus Braakhekke").await;
    let day = third_thursday();
    set(browser, "moment-0-dag", &day).await;
    set(browser, "moment-0-van", "10:00").await;
    set(browser, "moment-0-tot", "11:00").await;
    choose(browser, "#moment-0-herhaal option[value=maand]").await;
    choose(browser, "input[name=themas]").await;
    choose(
        browser,
        "button[name=doen][value=online]:not(.wijzer-sr-only)",
    )
    .await;
    browser
        .until("document.querySelector('.beheer-errors a')")
        .await;
    browser.click(".beheer-errors a").await;
    browser.until("location.hash === '#organisatie'").await;
    fill(browser, "organisatie", name).await;
    choose(
        browser,
        "button[name=doen][value=online]:not(.wijzer-sr-only)",
    )
    .await;
    browser
        .until("document.querySelector('.beheer-notice')?.textContent.includes('op de website')")
        .await;
    let form = browser.path().await;
    let form = form.split('?').next().unwrap().to_owned();

    // It is on its page, in the agenda of its zone and in search.
    let page = form.replace("/beheer", "");
    appears(browser, &page, "lke 3e donderdag van de maand").await;
    appears(browser, &format!("/wijken/bathmen/agenda?dag={day}"), title).await;
    appears(browser, &format!("/zoeken?q=rondje+proef+{number}"), title).await;
    form
}

/// A correction, and the old version put back.
async fn correct(browser: &Browser, form: &str) {
    browser.go(form).await;
    fill(browser, "samenvatting", "Dit is een fout.").await;
    choose(
        browser,
        "button[name=doen][value=bewaar]:not(.wijzer-sr-only)",
    )
    .await;
    browser
        .until("document.querySelector('.beheer-notice')")
        .await;
    browser
        .click(&format!("a[href='{form}/geschiedenis']"))
        .await;
    browser
        .until("document.querySelector('.beheer-history del')")
        .await;
    browser
        .click(".beheer-history li:nth-child(2) button")
        .await;
    browser
        .until("document.querySelector('.beheer-notice')?.textContent.includes('teruggezet')")
        .await;
    assert!(
        browser
            .holds("document.getElementById('samenvatting').value.startsWith('Wandel een uur mee')")
            .await
    );
}

/// Looks until a page says it; the index follows within a second or so.
async fn appears(browser: &Browser, path: &str, text: &str) {
    for _ in 0..50 {
        browser.go(path).await;
        if browser
            .holds(&format!(
                "document.querySelector('main').textContent.includes('{text}')"
            ))
            .await
        {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{path} does not say {text}");
}

/// The next third Thursday that is at least a day away, as a browser sends a day.
fn third_thursday() -> String {
    use chrono::{Datelike, Days, Utc, Weekday};
    let tomorrow = Utc::now().date_naive() + Days::new(2);
    let mut days = (0..40).map(|ahead| tomorrow + Days::new(ahead));
    let third = days.find(|day| day.weekday() == Weekday::Thu && day.day0() / 7 == 2);
    third.unwrap().to_string()
}

#[test]
fn a_new_editor_finds_the_way() {
    in_browser(async |browser: Browser| a_day_as_editor(&browser, 1).await);
}

#[test]
fn a_new_editor_finds_the_way_on_a_phone_without_scripts() {
    in_browser(async |browser: Browser| {
        browser.width(360).await;
        browser.without_scripts().await;
        a_day_as_editor(&browser, 2).await;
    });
}

#[test]
fn axe_finds_nothing_on_a_phone() {
    check(360, "light");
}

#[test]
fn axe_finds_nothing_on_a_wide_screen_in_the_dark() {
    check(1280, "dark");
}

fn check(width: u32, scheme: &'static str) {
    let Some(axe) = accessibility::axe() else {
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
        for path in ENTRANCE {
            faults.extend(accessibility::faults(&browser, path).await);
        }
        enter(
            &browser,
            &format!("axe{width}@wijzer.example"),
            "Axe",
            "administrator",
        )
        .await;
        for path in PAGES {
            faults.extend(accessibility::faults(&browser, path).await);
            // A wide table scrolls for nobody.
            if browser
                .holds("document.documentElement.scrollWidth > innerWidth")
                .await
            {
                faults.push(format!("{path} scrolls sideways at {width}"));
            }
        }
        no_faults(&faults);
    });
}

#[test]
fn everything_is_in_reach_of_the_keyboard() {
    in_browser(async |browser: Browser| {
        enter(&browser, "toetsen@wijzer.example", "Toetsen", "editor").await;
        browser.tab_to("e.matches('.wijzer-skip')").await;
        browser.tab_to("e.id === 'q'").await;
        browser.press("koersbal in bathmen").await;
        browser.press(ENTER).await;
        browser.until("location.pathname === '/beheer/alles'").await;
        browser.tab_to("e.closest('tbody')").await;
        browser.press(ENTER).await;
        browser
            .until("location.pathname === '/beheer/activiteiten/koersbal-braakhekke'")
            .await;
        browser.tab_to("e.id === 'kosten'").await;
        let before = browser
            .words("return [document.getElementById('samenvatting').value]")
            .await;
        browser.tab_to("e.id === 'nagekeken'").await;
        browser.press(SPACE).await;
        browser
            .tab_to("e.matches('button[name=doen][value=bewaar]')")
            .await;
        assert!(
            browser.holds("document.activeElement.checkVisibility() && !document.activeElement.matches('.wijzer-sr-only')").await,
            "what has the focus is seen"
        );
        browser.press(ENTER).await;
        browser
            .until("document.querySelector('.beheer-notice')")
            .await;
        assert!(
            browser
                .holds("document.querySelector('.beheer-standing').textContent.includes('vandaag')")
                .await
        );
        let after = browser
            .words("return [document.getElementById('samenvatting').value]")
            .await;
        assert_eq!(before, after);
    });
}

#[test]
fn single_keys_lead_somewhere_and_can_be_switched_off() {
    let Some(axe) = accessibility::axe() else {
        return skipped("no axe-core (AXE_JS is not set)");
    };
    in_browser(async move |browser: Browser| {
        enter(&browser, "snel@wijzer.example", "Snel", "editor").await;
        let open = "document.getElementById('sneltoetsen')?.open === true";
        browser.press("go").await;
        browser
            .until("location.pathname === '/beheer/organisaties'")
            .await;
        browser.press("n").await;
        browser
            .until("location.pathname === '/beheer/organisaties/nieuw'")
            .await;
        // In a field they are letters.
        fill(&browser, "naam", "go n/?ga").await;
        assert!(
            browser
                .holds("document.getElementById('naam').value === 'go n/?ga'")
                .await
        );
        assert!(!browser.holds(open).await);
        assert_eq!(browser.path().await, "/beheer/organisaties/nieuw");
        browser.run("document.activeElement.blur()").await;
        browser.press("/").await;
        browser
            .until("location.pathname === '/beheer/alles' && document.activeElement.id === 'q'")
            .await;
        browser.press("/").await;
        assert!(
            browser
                .holds("document.getElementById('q').value === '/'")
                .await
        );
        browser.run("document.activeElement.blur()").await;
        browser.press("/").await;
        assert!(
            browser.holds("document.activeElement.id === 'q' && document.getElementById('q').value === '/'").await,
            "the field gets the focus and not the letter"
        );
        browser.run("document.activeElement.blur()").await;
        browser.press("?").await;
        browser.until(open).await;
        browser.run(&axe).await;
        let faults = browser
            .run_long("const done = arguments[0]; axe.run('#sneltoetsen').then((found) => done(found.violations.map((one) => one.id)))")
            .await;
        assert_eq!(faults, json!([]));
        browser.press("g").await;
        browser.press("a").await;
        assert!(browser.holds(open).await, "the dialog keeps its keys");
        browser.press(ESCAPE).await;
        browser.until(&format!("!({open})")).await;

        browser.press("?").await;
        browser.until(open).await;
        browser.click("#sneltoetsen .beheer-dialog__end a").await;
        browser
            .until("location.pathname === '/beheer/mijn-account/sneltoetsen'")
            .await;
        browser.click("main form button").await;
        browser
            .until("document.querySelector('.beheer-notice')")
            .await;
        assert!(browser.holds("!document.getElementById('sneltoetsen') && document.querySelectorAll('main kbd').length > 8").await);
        browser.press("ga").await;
        browser.press("?").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(
            browser.path().await,
            "/beheer/mijn-account/sneltoetsen?gedaan=bewaard"
        );
    });
}

#[test]
fn hints_follow_what_is_typed_and_progress_follows_a_rebuild() {
    in_browser(async |browser: Browser| {
        enter(&browser, "vlot@wijzer.example", "Vlot", "administrator").await;
        browser.go("/beheer/organisaties/nieuw").await;
        assert!(
            browser
                .holds("document.getElementById('samenvatting-taal').hidden")
                .await
        );
        let long = "Wij lopen met u mee naar het loket van de Wmo en wij helpen u daar om alles goed te vragen wat u wilt weten.";
        fill(&browser, "samenvatting", long).await;
        assert!(
            browser
                .holds("document.getElementById('samenvatting-teller').textContent === '25 van 60 woorden.'")
                .await
        );
        browser
            .until("document.querySelector('#samenvatting-taal li')?.textContent.startsWith('Deze zin heeft 25 woorden')")
            .await;
        assert!(
            browser
                .holds(
                    "document.getElementById('samenvatting-taal').textContent.includes('te lezen:')"
                )
                .await
        );
        fill(&browser, "samenvatting", "Kom langs.").await;
        browser
            .until("document.getElementById('samenvatting-taal').hidden")
            .await;

        let generation =
            "Number(/Generatie(\\d+)/.exec(document.getElementById('stand').textContent)[1])";
        browser.go("/beheer/zoekmachine").await;
        let before = browser.run(&format!("return {generation}")).await;
        browser.click("#stand form button").await;
        browser
            .until(&format!("location.search && document.querySelector('#stand form') && {generation} > {before}"))
            .await;
    });
}

/// The pictures of the handbook: where, what is done first, and what of it comes on top.
const PICTURES: [(&str, &str, &str, &str); 7] = [
    ("start", "/beheer", "", ""),
    ("organisatie", "/beheer/organisaties/nieuw", "", ""),
    (
        "tijden",
        "/beheer/activiteiten/koersbal-braakhekke",
        "",
        ".beheer-moment",
    ),
    (
        "voorbeeld",
        "/beheer/activiteiten/koersbal-braakhekke/voorbeeld",
        "",
        "",
    ),
    (
        "lijst",
        "/beheer/organisaties?q=stichting&volgorde=naam",
        "document.querySelectorAll('.beheer-tick').forEach((tick, at) => { tick.checked = at % 2 === 0; })",
        "",
    ),
    (
        "geschiedenis",
        "/beheer/organisaties/voedselbank-deventer/geschiedenis",
        "",
        "",
    ),
    ("tabellen", "/beheer/tabellen", "", ""),
];

/// Draws the handbook's pictures anew, from the real screens. By hand, when these look different:
/// `LANGUAGE=nl cargo test --test browser -- --ignored the_handbook`, with `chromium-l10n` for fields in
/// Dutch.
#[test]
#[ignore = "writes into static/"]
fn the_handbook_gets_its_pictures() {
    in_browser(async |browser| {
        enter(&browser, "plaatjes@wijzer.test", "Anja", "editor").await;
        browser
            .go("/beheer/organisaties/voedselbank-deventer")
            .await;
        fill(
            &browser,
            "samenvatting",
            "Elke week een pakket eten voor wie te weinig geld heeft.",
        )
        .await;
        choose(&browser, "#form [value=bewaar].wijzer-button").await;
        browser
            .until("document.querySelector('.beheer-notice')")
            .await;
        browser
            .tools(
                "Emulation.setDeviceMetricsOverride",
                json!({
                    "width": 1000, "height": 700, "deviceScaleFactor": 1, "mobile": false,
                }),
            )
            .await;
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static/admin/handleiding");
        std::fs::create_dir_all(folder).unwrap();
        for (name, path, first, top) in PICTURES {
            browser.go(path).await;
            browser.run(first).await;
            if !top.is_empty() {
                browser
                    .run(&format!("document.querySelector('{top}').scrollIntoView()"))
                    .await;
            }
            let drawn = browser
                .tools(
                    "Page.captureScreenshot",
                    json!({ "format": "webp", "quality": 70 }),
                )
                .await;
            let bytes = BASE64.decode(drawn["data"].as_str().unwrap()).unwrap();
            std::fs::write(format!("{folder}/{name}.webp"), bytes).unwrap();
        }
    });
}
