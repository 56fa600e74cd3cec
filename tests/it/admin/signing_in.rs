//! Signing in: the steps, and everything that may be tried against them.

use std::time::Instant;

use wijzer::access::Role;
use wijzer::accounts::sessions;

use crate::support::portal::{TUESDAY, TestPortal};
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, PASSWORD, Staff, code, onward, with_second_factor};

async fn empty() -> TestPortal {
    TestPortal::new(Template::Empty).await
}

#[test]
fn a_password_opens_the_desk_and_signing_out_closes_it() {
    run(async {
        let portal = empty().await;
        Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let mut browser = Browser::new(&portal);
        let sent = browser.get("/beheer/logboek?soort=activity").await;
        assert_eq!(
            onward(&sent),
            "/beheer/inloggen?naar=%2Fbeheer%2Flogboek%3Fsoort%3Dactivity"
        );
        let page = browser
            .get("/beheer/inloggen?naar=%2Fbeheer%2Flogboek")
            .await
            .ok();
        let naar = page.attribute("[name=naar]", "value");
        let fields = [
            ("email", " ANJA@wijzer.test "),
            ("wachtwoord", PASSWORD),
            ("naar", &naar),
        ];
        let signed_in = browser.post("/beheer/inloggen", &fields).await;
        assert_eq!(onward(&signed_in), "/beheer/logboek");
        let given = signed_in.header("set-cookie");
        for part in [
            "__Host-wijzer=",
            "Secure",
            "HttpOnly",
            "SameSite=Lax",
            "Path=/",
        ] {
            assert!(given.contains(part), "{given}");
        }
        assert!(!given.contains("Max-Age"), "{given}");
        let desk = browser.get("/beheer").await.ok();
        assert_eq!(desk.one("h1"), "Dag Anja");
        assert_eq!(desk.header("cache-control"), "private, no-store");
        assert_eq!(desk.header("content-encoding"), "", "BREACH");
        let stolen = browser.clone();
        let out = browser.post("/beheer/uitloggen", &[]).await;
        assert_eq!(onward(&out), "/beheer/inloggen?gedaan=uitgelogd");
        for mut gone in [browser, stolen] {
            assert_eq!(onward(&gone.get("/beheer").await), "/beheer/inloggen");
        }
    });
}

#[test]
fn what_is_wrong_is_told_the_same_for_everyone() {
    run(async {
        let portal = empty().await;
        Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let off = Staff::new("Bert", Role::Editor)
            .registered(&portal.pool)
            .await;
        sqlx::query("update accounts set enabled = false where id = $1")
            .bind(off.0)
            .execute(&portal.pool)
            .await
            .unwrap();
        let mut said = Vec::new();
        for (email, password) in [
            ("anja@wijzer.test", "een ander wachtwoord"),
            ("niemand@wijzer.test", "een ander wachtwoord"),
            ("bert@wijzer.test", PASSWORD),
            ("", ""),
            ("\"><script>", "\"><script>"),
            ("x\r\ny@wijzer.test", &"lang".repeat(10_000)),
        ] {
            let mut browser = Browser::new(&portal);
            let page = browser.sign_in(email, password).await;
            assert_eq!(page.status, 422, "{email}");
            assert!(browser.cookie.is_none());
            assert!(!page.html().contains(password) || password.is_empty());
            said.push(page.one(".beheer-errors"));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
    });
}

/// ASVS 6.3.8: the time of the answer tells nothing either. Held as a ratio, in one run.
#[test]
fn an_unknown_account_takes_as_long_as_a_known_one() {
    run(async {
        let portal = empty().await;
        Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..12 {
            for (of, email) in ["anja@wijzer.test", "niemand@wijzer.test"]
                .iter()
                .enumerate()
            {
                let mut browser = Browser::new(&portal);
                browser.from = format!("192.0.2.{round}");
                let begun = Instant::now();
                assert_eq!(
                    browser.sign_in(email, "een ander wachtwoord").await.status,
                    422
                );
                times[of].push(begun.elapsed().as_secs_f64());
            }
        }
        let [known, unknown] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        });
        let ratio = known / unknown;
        assert!(
            (0.6..1.67).contains(&ratio),
            "known {known}, unknown {unknown}"
        );
    });
}

#[test]
fn who_tries_too_often_waits_and_the_owner_enters_from_elsewhere() {
    run(async {
        let portal = empty().await;
        Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let mut attacker = Browser::new(&portal);
        let mut statuses = Vec::new();
        for _ in 0..7 {
            statuses.push(
                attacker
                    .sign_in("anja@wijzer.test", "raden maar")
                    .await
                    .status
                    .as_u16(),
            );
        }
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
        let even_if_right = attacker.sign_in("anja@wijzer.test", PASSWORD).await;
        assert_eq!(even_if_right.status, 429);
        assert_ne!(even_if_right.header("retry-after"), "");
        assert!(
            even_if_right
                .one("#wachtwoord-fout")
                .contains("Wacht een minuut")
        );
        // What an attacker makes up before the address that the proxy saw does not help.
        attacker.from = "203.0.113.9, 192.0.2.1".to_owned();
        assert_eq!(
            attacker.sign_in("anja@wijzer.test", "raden").await.status,
            429
        );
        let mut owner = Browser::new(&portal);
        owner.from = "198.51.100.7".to_owned();
        let entered = owner.sign_in("anja@wijzer.test", PASSWORD).await;
        assert_eq!(onward(&entered), "/beheer");
    });
}

/// ASVS 7.2.4: a cookie that somebody planted before is worth nothing after.
#[test]
fn a_planted_cookie_is_replaced_at_every_step() {
    run(async {
        let portal = empty().await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let (app, _) = with_second_factor(&portal.pool, id).await;
        let planted = "ab".repeat(32);
        let mut browser = Browser::new(&portal);
        browser.cookie = Some(planted.clone());
        let half = browser.sign_in("anja@wijzer.test", PASSWORD).await;
        assert_eq!(onward(&half), "/beheer/inloggen/code");
        let half_way = browser.cookie.clone().unwrap();
        assert_ne!(half_way, planted);
        // Half way is nowhere: every page leads back to the code.
        for path in [
            "/beheer",
            "/beheer/mijn-account",
            "/beheer/mijn-account/tweede-stap",
        ] {
            assert_eq!(
                onward(&browser.get(path).await),
                "/beheer/inloggen/code",
                "{path}"
            );
        }
        let done = browser
            .post("/beheer/inloggen/code", &[("code", &code(&app))])
            .await;
        assert_eq!(onward(&done), "/beheer");
        let full = browser.cookie.clone().unwrap();
        for old in [planted, half_way] {
            let mut thief = Browser::new(&portal);
            thief.cookie = Some(old);
            assert_eq!(onward(&thief.get("/beheer").await), "/beheer/inloggen");
        }
        // Another account in the same browser ends the session before it.
        Staff::new("Bert", Role::Reader)
            .registered(&portal.pool)
            .await;
        browser.sign_in("bert@wijzer.test", PASSWORD).await;
        let mut before = Browser::new(&portal);
        before.cookie = Some(full);
        assert_eq!(onward(&before.get("/beheer").await), "/beheer/inloggen");
    });
}

#[test]
fn a_code_works_once_and_a_paper_code_too() {
    run(async {
        let portal = empty().await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let (app, paper) = with_second_factor(&portal.pool, id).await;
        let code = code(&app);
        let mut outcomes = Vec::new();
        for (i, given) in ["000000", &code, &code, "", &paper[3], &paper[3]]
            .iter()
            .enumerate()
        {
            let mut browser = Browser::new(&portal);
            browser.from = format!("192.0.2.{i}");
            browser.sign_in("anja@wijzer.test", PASSWORD).await;
            let page = browser
                .post("/beheer/inloggen/code", &[("code", given)])
                .await;
            outcomes.push(page.status.as_u16());
        }
        assert_eq!(outcomes, [422, 303, 422, 422, 303, 422]);
        assert_eq!(portal.count("recovery_codes").await, 9);
        // Guessing codes is counted too.
        let mut browser = Browser::new(&portal);
        browser.sign_in("anja@wijzer.test", PASSWORD).await;
        let mut last = 0;
        for _ in 0..6 {
            last = browser
                .post("/beheer/inloggen/code", &[("code", "123456")])
                .await
                .status
                .as_u16();
        }
        assert_eq!(last, 429);
    });
}

#[test]
fn an_administrator_sets_up_a_second_factor_first() {
    run(async {
        let portal = empty().await;
        Staff::new("Anja", Role::Administrator)
            .registered(&portal.pool)
            .await;
        let mut browser = Browser::new(&portal);
        let sent = browser.sign_in("anja@wijzer.test", PASSWORD).await;
        assert_eq!(onward(&sent), "/beheer/mijn-account/tweede-stap");
        for path in ["/beheer", "/beheer/gebruikers", "/beheer/mijn-account"] {
            let page = browser.get(path).await;
            assert_eq!(onward(&page), "/beheer/mijn-account/tweede-stap", "{path}");
        }
        let page = browser.get("/beheer/mijn-account/tweede-stap").await.ok();
        assert!(page.has(".beheer-qr path") && !page.has("[name=huidig]"));
        let key = page.one(".beheer-key").replace(' ', "");
        let again = browser.get("/beheer/mijn-account/tweede-stap").await.ok();
        let same = again.one(".beheer-key").replace(' ', "");
        assert_eq!(same, key, "it may be in the app already");
        let address = format!("otpauth://totp/a?secret={key}");
        let app = totp_rs::Totp::from_url(address).unwrap();
        let seconds = u64::try_from(TUESDAY.now().timestamp()).unwrap();
        let wrong = browser
            .post("/beheer/mijn-account/tweede-stap", &[("code", "1")])
            .await;
        assert_eq!(wrong.status, 422);
        assert_eq!(
            wrong.one(".beheer-key").replace(' ', ""),
            key,
            "the same key comes back"
        );
        let code = app.generate(seconds).to_string();
        let done = browser
            .post("/beheer/mijn-account/tweede-stap", &[("code", &code)])
            .await
            .ok();
        assert_eq!(done.texts(".beheer-codes code").len(), 10);
        assert_eq!(
            browser.get("/beheer/gebruikers").await.ok().one("h1"),
            "Gebruikers"
        );
        // And cannot do without it any more.
        let off = [("huidig", PASSWORD)];
        let page = browser
            .post("/beheer/mijn-account/tweede-stap/uit", &off)
            .await;
        assert_eq!(page.status, 403);
    });
}

#[test]
fn a_session_ends_by_idleness_and_by_age() {
    run(async {
        let portal = empty().await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        for (seen, created, status) in [
            ("29 minutes", "29 minutes", 200),
            ("31 minutes", "31 minutes", 303),
            ("1 minute", "11 hours 59 minutes", 200),
            ("1 minute", "12 hours 1 minute", 303),
        ] {
            let mut browser = Browser::of(&portal, id).await;
            sqlx::query(
                "update sessions set seen_at = $1::timestamptz - $2::text::interval,
                                     created_at = $1::timestamptz - $3::text::interval",
            )
            .bind(TUESDAY.now().to_utc())
            .bind(seen)
            .bind(created)
            .execute(&portal.pool)
            .await
            .unwrap();
            let page = browser.get("/beheer").await;
            assert_eq!(page.status, status, "seen {seen} ago, made {created} ago");
        }
        let mut conn = portal.pool.acquire().await.unwrap();
        wijzer::accounts::sweep(&mut conn, TUESDAY.now().to_utc())
            .await
            .unwrap();
        let left = sessions::of(&mut conn, id, TUESDAY.now().to_utc())
            .await
            .unwrap();
        assert_eq!(
            portal.count("sessions").await,
            i64::try_from(left.len()).unwrap()
        );
    });
}

#[test]
fn the_way_on_after_signing_in_stays_here() {
    run(async {
        let portal = empty().await;
        Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        for (i, evil) in [
            "//evil.test",
            "https:evil.test",
            "/\\evil.test",
            "%2F%2Fevil.test",
            "/beheer/../x",
        ]
        .iter()
        .enumerate()
        {
            let mut browser = Browser::new(&portal);
            browser.from = format!("192.0.2.{i}");
            let fields = [
                ("email", "anja@wijzer.test"),
                ("wachtwoord", PASSWORD),
                ("naar", evil),
            ];
            let page = browser.post("/beheer/inloggen", &fields).await;
            let onward = onward(&page);
            assert!(
                onward == "/beheer" || onward.starts_with("/beheer/"),
                "{evil}: {onward}"
            );
        }
    });
}

/// Trap 4: without a bound, signing in is the cheapest attack on memory.
#[test]
fn a_crowd_that_signs_in_leaves_the_site_quick() {
    run(async {
        let portal = empty().await;
        let crowd = (0..80).map(|i| {
            let mut browser = Browser::new(&portal);
            browser.from = format!("192.0.2.{i}");
            async move {
                browser
                    .sign_in("niemand@wijzer.test", "raden maar")
                    .await
                    .status
                    .as_u16()
            }
        });
        let crowd = futures_util::future::join_all(crowd);
        let reader = async {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            portal.get("/zoeken?q=koffie").await.status.as_u16()
        };
        let (statuses, read) = tokio::join!(crowd, reader);
        assert_eq!(read, 200);
        let of = |status| statuses.iter().filter(|one| **one == status).count();
        assert!(of(503) > 0, "some are sent away: {statuses:?}");
        assert!(of(422) > 0, "some had their turn: {statuses:?}");
        assert_eq!(of(422) + of(503) + of(429), 80, "{statuses:?}");
    });
}
