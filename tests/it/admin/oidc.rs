//! Signing in with a real provider of OpenID Connect.

use serde_json::{Value, json};
use wijzer::access::Role;

use crate::support::openid::Provider;
use crate::support::page::TestPage;
use crate::support::portal::{BASE, TestPortal};
use crate::support::server::Template;
use crate::support::staff::{Browser, COOKIE, PASSWORD, Staff, code, onward, with_second_factor};

const LEAVE: &str = "/beheer/inloggen/oidc";
const LINK: &str = "/beheer/mijn-account/oidc";
const UNLINK: &str = "/beheer/mijn-account/oidc/weg";
const ACCOUNT: &str = "/beheer/mijn-account";

struct Scene {
    portal: TestPortal,
    provider: Provider,
    /// Owns the database.
    _before: TestPortal,
}

async fn scene() -> Option<Scene> {
    let provider = Provider::start(BASE)?;
    let before = TestPortal::new(Template::Empty).await;
    let portal = before.twin_with(&provider.settings());
    Some(Scene {
        portal,
        provider,
        _before: before,
    })
}

fn person(name: &str) -> Value {
    let email = format!("{}@wijzer.test", name.to_lowercase());
    json!({ "sub": format!("sub-{name}"), "email": email, "email_verified": true, "name": name })
}

fn address(page: &TestPage) -> String {
    assert_eq!(page.status, 200, "{}", page.html());
    let address = page.attribute(".beheer-actions a", "href");
    assert_eq!(page.header("refresh"), format!("0; url={address}"));
    address
}

impl Scene {
    /// Leaves from the sign-in page, signs in there, and gives the way back.
    async fn way_back(&self, browser: &mut Browser, naar: &str) -> String {
        let page = browser.post(LEAVE, &[("naar", naar)]).await;
        self.provider.visit(&address(&page)).await
    }

    async fn sign_in(&self, browser: &mut Browser) -> TestPage {
        let back = self.way_back(browser, "").await;
        browser.get(&back).await
    }

    /// Links the provider to the account of a browser.
    async fn link(&self, browser: &mut Browser) -> TestPage {
        let page = browser.post(LINK, &[("wachtwoord", PASSWORD)]).await;
        let back = self.provider.visit(&address(&page)).await;
        browser.get(&back).await
    }

    async fn accounts(&self) -> i64 {
        self.portal.count("accounts").await
    }
}

fn said(page: &TestPage) -> String {
    assert_eq!(page.status, 422, "{}", page.path);
    page.texts(".beheer-errors a, .wijzer-alert a").join(" ")
}

#[tokio::test]
async fn the_first_sign_in_gives_an_account_without_rights() {
    let Some(scene) = scene().await else { return };
    scene.provider.present(person("Nieuw")).await;
    let mut browser = Browser::new(&scene.portal);
    let page = browser.get("/beheer/inloggen").await.ok();
    assert!(page.html().contains("Inloggen met Testplein"));
    let back = scene.way_back(&mut browser, "/beheer/mail").await;
    let page = browser.get(&back).await;
    assert_eq!(onward(&page), "/beheer/mail");
    assert!(browser.under_way.is_none(), "that cookie is taken away");
    assert_eq!(browser.get("/beheer/mail").await.status, 403);
    assert_eq!(browser.get("/beheer/gebruikers").await.status, 403);
    let own = browser.get(ACCOUNT).await.ok();
    assert!(own.html().contains("nog geen") && own.html().contains("nieuw@wijzer.test"));
    // Without a password there is none to give, so the way in cannot be lost by mistake.
    assert_eq!(
        own.fact("Wachtwoord"),
        "nog geen. Kies er een met een link per mail"
    );
    let page = browser.post(UNLINK, &[("wachtwoord", "")]).await;
    assert!(said(&page).contains("nog geen wachtwoord"));
    assert_eq!(page.attribute("[role=alert] a", "href"), "#kies-wachtwoord");
    assert_eq!(page.texts("#kies-wachtwoord").len(), 1);
    let page = browser.get("/beheer/mijn-account/wachtwoord").await;
    assert_eq!(onward(&page), "/beheer/wachtwoord-vergeten");
    let page = browser.get("/beheer/mijn-account/tweede-stap").await;
    assert_eq!(onward(&page), ACCOUNT);
    let chief = Staff::new("Chef", Role::Administrator)
        .registered(&scene.portal.pool)
        .await;
    let mut chief = Browser::of(&scene.portal, chief).await;
    let desk = chief.get("/beheer").await.ok();
    assert!(desk.html().contains("Gebruikers zonder rol"));
    // A second time it is the same account.
    assert_eq!(
        onward(&scene.sign_in(&mut Browser::new(&scene.portal)).await),
        "/beheer"
    );
    assert_eq!(scene.accounts().await, 2);
    assert_eq!(scene.portal.count("identities").await, 1);
}

#[tokio::test]
async fn an_account_is_linked_by_who_signed_in_to_it() {
    let Some(scene) = scene().await else { return };
    let id = Staff::new("Anna", Role::Editor)
        .registered(&scene.portal.pool)
        .await;
    scene.provider.present(person("Anna")).await;
    // The same mail address is no proof: it can be given out again.
    let mut stranger = Browser::new(&scene.portal);
    let refused = scene.sign_in(&mut stranger).await;
    assert!(
        refused.html().contains("al een account"),
        "{}",
        said(&refused)
    );
    assert!(stranger.cookie.is_none());
    let mut anna = Browser::of(&scene.portal, id).await;
    assert_eq!(
        anna.post(LINK, &[("wachtwoord", "iets anders")])
            .await
            .status,
        422
    );
    assert_eq!(
        onward(&scene.link(&mut anna).await),
        "/beheer/mijn-account?gedaan=gekoppeld"
    );
    let mut elsewhere = Browser::new(&scene.portal);
    assert_eq!(onward(&scene.sign_in(&mut elsewhere).await), "/beheer");
    assert!(
        elsewhere
            .get(ACCOUNT)
            .await
            .ok()
            .html()
            .contains("Koppel Testplein los")
    );
    // Someone else cannot link the same person over there.
    let other = Staff::new("Bob", Role::Editor)
        .registered(&scene.portal.pool)
        .await;
    let mut bob = Browser::of(&scene.portal, other).await;
    let refused = scene.link(&mut bob).await;
    assert!(
        refused.html().contains("al iemand anders mee in"),
        "{}",
        said(&refused)
    );
    let done = anna.post(UNLINK, &[("wachtwoord", PASSWORD)]).await;
    assert_eq!(onward(&done), "/beheer/mijn-account?gedaan=losgekoppeld");
    let told: Vec<String> = sqlx::query_scalar("select body from mails order by id")
        .fetch_all(&scene.portal.pool)
        .await
        .unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("nu ook inloggen met Testplein"),
        "{told:?}"
    );
    assert!(
        told[1].contains("niet meer inloggen met Testplein"),
        "{told:?}"
    );
    let refused = scene.sign_in(&mut Browser::new(&scene.portal)).await;
    assert_eq!(refused.status, 422);
    let acts: Vec<String> =
        sqlx::query_scalar("select act from audit_log where act like '%provider' order by id")
            .fetch_all(&scene.portal.pool)
            .await
            .unwrap();
    assert_eq!(acts, ["link provider", "unlink provider"]);
}

#[tokio::test]
async fn a_second_factor_is_still_asked() {
    let Some(scene) = scene().await else { return };
    let pool = &scene.portal.pool;
    let id = Staff::new("Anna", Role::Administrator)
        .registered(pool)
        .await;
    scene.provider.present(person("Anna")).await;
    scene.link(&mut Browser::of(&scene.portal, id).await).await;
    // An administrator without one sets it up first.
    let mut browser = Browser::new(&scene.portal);
    let page = scene.sign_in(&mut browser).await;
    assert_eq!(onward(&page), "/beheer/mijn-account/tweede-stap");
    assert_eq!(browser.get("/beheer/gebruikers").await.status, 303);
    let (secret, _) = with_second_factor(pool, id).await;
    let back = scene.way_back(&mut browser, "/beheer/gebruikers").await;
    let page = browser.get(&back).await;
    assert!(onward(&page).starts_with("/beheer/inloggen/code?naar="));
    assert_eq!(browser.get("/beheer/gebruikers").await.status, 303);
    let fields = [
        ("code", code(&secret)),
        ("naar", "/beheer/gebruikers".to_owned()),
    ];
    let fields = fields.each_ref().map(|(n, v)| (*n, v.as_str()));
    browser.post("/beheer/inloggen/code", &fields).await;
    assert_eq!(browser.get("/beheer/gebruikers").await.status, 200);
}

#[tokio::test]
async fn who_was_disabled_does_not_come_in() {
    let Some(scene) = scene().await else { return };
    scene.provider.present(person("Weg")).await;
    let mut browser = Browser::new(&scene.portal);
    scene.sign_in(&mut browser).await;
    sqlx::query("update accounts set enabled = false")
        .execute(&scene.portal.pool)
        .await
        .unwrap();
    let mut again = Browser::new(&scene.portal);
    let page = scene.sign_in(&mut again).await;
    assert!(page.html().contains("staat uit"), "{}", said(&page));
    assert!(again.cookie.is_none());
}

#[tokio::test]
async fn an_address_that_nobody_checked_gives_no_account() {
    let Some(scene) = scene().await else { return };
    let mut unchecked = person("Nep");
    unchecked["email_verified"] = json!(false);
    let mut silent = person("Stil");
    silent.as_object_mut().unwrap().remove("email");
    silent.as_object_mut().unwrap().remove("email_verified");
    let mut odd = person("Raar");
    odd["email"] = json!("geen adres");
    for person in [unchecked, silent, odd] {
        scene.provider.present(person).await;
        let page = scene.sign_in(&mut Browser::new(&scene.portal)).await;
        assert!(page.html().contains("uitnodiging"), "{}", said(&page));
    }
    assert_eq!(scene.accounts().await, 0);
}

#[tokio::test]
async fn a_hostile_name_stays_text() {
    let Some(scene) = scene().await else { return };
    let mut hostile = person("Boef");
    hostile["name"] = json!("<script>alert(1)</script>");
    scene.provider.present(hostile).await;
    let mut browser = Browser::new(&scene.portal);
    scene.sign_in(&mut browser).await;
    let page = browser.get(ACCOUNT).await.ok();
    assert!(!page.html().contains("<script>alert"));
    assert_eq!(page.fact("Naam"), "<script>alert(1)</script>");
}

#[tokio::test]
async fn who_says_no_over_there_is_told_so() {
    let Some(scene) = scene().await else { return };
    scene.provider.present(Value::Null).await;
    let mut browser = Browser::new(&scene.portal);
    let page = scene.sign_in(&mut browser).await;
    assert!(page.html().contains("niet gelukt"), "{}", said(&page));
    assert!(browser.cookie.is_none());
}

/// Attacks on the way back: each is refused, and none leaves a session.
#[tokio::test]
async fn only_the_browser_that_left_comes_back_and_once() {
    let Some(scene) = scene().await else { return };
    scene.provider.present(person("Eerlijk")).await;
    let refused = async |browser: &mut Browser, back: &str| {
        let page = browser.get(back).await;
        assert_eq!(page.status, 422, "{back}");
        assert!(browser.cookie.is_none(), "{back}");
    };
    // Another browser: a code that was planted (login CSRF) or stolen.
    let mut honest = Browser::new(&scene.portal);
    let back = scene.way_back(&mut honest, "").await;
    refused(&mut Browser::new(&scene.portal), &back).await;
    let mut other = Browser::new(&scene.portal);
    scene.way_back(&mut other, "").await;
    refused(&mut other, &back).await;
    // Another state, none at all, or nothing but noise.
    let state = "0".repeat(64);
    for odd in [
        format!("{LEAVE}/terug?code=abc&state={state}"),
        format!("{LEAVE}/terug?code=abc"),
        format!("{LEAVE}/terug"),
        format!("{LEAVE}/terug?state=%20&code=%0d%0a"),
    ] {
        let mut browser = Browser::new(&scene.portal);
        scene.way_back(&mut browser, "").await;
        refused(&mut browser, &odd).await;
    }
    // Another issuer, or one that is silent though it said it would name itself (RFC 9207).
    for iss in ["", "&iss=https%3A%2F%2Fboef.test"] {
        let mut browser = Browser::new(&scene.portal);
        let back = scene.way_back(&mut browser, "").await;
        let named = back.find("&iss=").expect("the provider names itself");
        refused(&mut browser, &format!("{}{iss}", &back[..named])).await;
    }
    // A return is good once, also in the right browser.
    let mut right = Browser::new(&scene.portal);
    let back = scene.way_back(&mut right, "").await;
    let kept = right.under_way.clone();
    assert_eq!(onward(&right.get(&back).await), "/beheer");
    let mut replay = Browser::new(&scene.portal);
    replay.under_way = kept;
    refused(&mut replay, &back).await;
    assert_eq!(scene.accounts().await, 1);
}

/// What was kept here binds the answer: PKCE and the nonce.
#[tokio::test]
async fn an_answer_to_another_question_is_refused() {
    let Some(scene) = scene().await else { return };
    scene.provider.present(person("Eerlijk")).await;
    for change in [
        "update openid_attempts set verifier = repeat('a', 43)",
        "update openid_attempts set nonce = 'een andere'",
        "update openid_attempts set expires_at = '2026-11-24 07:59:59Z'",
    ] {
        let mut browser = Browser::new(&scene.portal);
        let back = scene.way_back(&mut browser, "").await;
        sqlx::query(change)
            .execute(&scene.portal.pool)
            .await
            .unwrap();
        assert_eq!(browser.get(&back).await.status, 422, "{change}");
        assert!(browser.cookie.is_none(), "{change}");
    }
    assert_eq!(scene.accounts().await, 0);
}

#[tokio::test]
async fn a_session_that_came_along_ends_and_the_way_on_stays_here() {
    let Some(scene) = scene().await else { return };
    scene.provider.present(person("Nieuw")).await;
    let mut browser = Browser::new(&scene.portal);
    scene.sign_in(&mut browser).await;
    let planted = browser.cookie.clone();
    for evil in ["https://boef.test", "//boef.test", "/beheer/\\boef.test"] {
        let back = scene.way_back(&mut browser, evil).await;
        assert_eq!(onward(&browser.get(&back).await), "/beheer");
    }
    assert_ne!(browser.cookie, planted);
    let mut victim = Browser::new(&scene.portal);
    victim.cookie = planted;
    assert_eq!(
        onward(&victim.get(ACCOUNT).await).split('?').next(),
        Some("/beheer/inloggen")
    );
    // Leaving is an act: another site cannot make anyone do it.
    let page = browser.post_from("https://boef.test", LEAVE, &[]).await;
    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn who_was_signed_out_meanwhile_links_nothing() {
    let Some(scene) = scene().await else { return };
    let id = Staff::new("Anna", Role::Editor)
        .registered(&scene.portal.pool)
        .await;
    scene.provider.present(person("Anna")).await;
    let mut anna = Browser::of(&scene.portal, id).await;
    let page = anna.post(LINK, &[("wachtwoord", PASSWORD)]).await;
    let back = scene.provider.visit(&address(&page)).await;
    anna.cookie = None;
    let page = anna.get(&back).await;
    assert!(
        page.html().contains("intussen uitgelogd"),
        "{}",
        said(&page)
    );
    assert_eq!(scene.portal.count("identities").await, 0);
}

#[tokio::test]
async fn a_provider_that_is_away_keeps_nobody_from_a_password() {
    let before = TestPortal::new(Template::Empty).await;
    // Nothing listens there.
    let portal = before.twin_with(&[
        ("WIJZER_OIDC_ISSUER", "http://127.0.0.1:9".to_owned()),
        ("WIJZER_OIDC_CLIENT_ID", "wijzer".to_owned()),
        ("WIJZER_OIDC_CLIENT_SECRET", "geheim".to_owned()),
    ]);
    Staff::new("Anna", Role::Editor)
        .registered(&portal.pool)
        .await;
    let mut browser = Browser::new(&portal);
    let page = browser.post(LEAVE, &[("naar", "/beheer/alles")]).await;
    assert!(page.html().contains("kan nu even niet"), "{}", said(&page));
    let form = page.form("form[action='/beheer/inloggen']");
    assert!(
        form.contains(&("naar".to_owned(), "/beheer/alles".to_owned())),
        "{form:?}"
    );
    assert_eq!(
        onward(&browser.sign_in("anna@wijzer.test", PASSWORD).await),
        "/beheer"
    );
    let cookie = page.headers.get_all("set-cookie").iter().count();
    assert_eq!(cookie, 0, "{COOKIE} comes with a session only");
}

/// It takes what comes and never says a word: everyone still hears what to do, also who waits
/// behind another.
#[tokio::test]
async fn a_provider_that_hangs_is_told_as_one_that_is_away() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let before = TestPortal::new(Template::Empty).await;
    let portal = before.twin_with(&[
        (
            "WIJZER_OIDC_ISSUER",
            format!("http://{}", silent.local_addr().unwrap()),
        ),
        ("WIJZER_OIDC_CLIENT_ID", "wijzer".to_owned()),
        ("WIJZER_OIDC_CLIENT_SECRET", "geheim".to_owned()),
    ]);
    let (mut one, mut other) = (Browser::new(&portal), Browser::new(&portal));
    let pages = tokio::join!(one.post(LEAVE, &[]), other.post(LEAVE, &[]));
    for page in [pages.0, pages.1] {
        assert!(page.html().contains("kan nu even niet"), "{}", said(&page));
    }
}
