//! Who may sign in: invitations, passwords, rights, and one's own account.

use sqlx::PgPool;
use wijzer::access::Role;

use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, PASSWORD, Staff, onward, with_second_factor};

async fn letters(pool: &PgPool) -> Vec<(String, String, String)> {
    sqlx::query_as("select recipient, subject, body from mails order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

/// The path of the link in a letter.
fn link(letter: &str) -> &str {
    let at = letter
        .find("https://wijzer.test/")
        .expect("a link to this portal");
    let rest = &letter[at + "https://wijzer.test".len()..];
    rest.split_whitespace().next().unwrap()
}

async fn administrator(portal: &TestPortal) -> Browser {
    let id = Staff::new("Beheer", Role::Administrator)
        .registered(&portal.pool)
        .await;
    Browser::of(portal, id).await
}

#[test]
fn an_invitation_leads_to_a_password_and_a_desk() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let mut admin = administrator(&portal).await;
        let fields = [
            ("naam", "Anja Jansen"),
            ("email", "anja@wijzer.test"),
            ("rol", "editor"),
        ];
        let done = admin.post("/beheer/gebruikers/nieuw", &fields).await;
        assert_eq!(onward(&done), "/beheer/gebruikers?gedaan=uitgenodigd");
        let letters = letters(&portal.pool).await;
        let [(to, subject, text)] = &letters[..] else {
            panic!("{letters:?}")
        };
        assert_eq!(
            (to.as_str(), subject.as_str()),
            ("anja@wijzer.test", "Uw account voor DeventerWijzer")
        );
        assert!(
            text.starts_with("Dag Anja Jansen,\n\nBeheer heeft een account"),
            "{text}"
        );
        let path = link(text);
        let mut anja = Browser::new(&portal);
        // Before there is a password nobody signs in, not even without one.
        assert_eq!(anja.sign_in("anja@wijzer.test", "").await.status, 422);
        for _ in 0..2 {
            let page = anja.get(path).await.ok();
            assert!(
                page.one(".beheer-lead").contains("anja@wijzer.test"),
                "looking uses nothing up"
            );
        }
        for (weak, said) in [
            ("kort", "minstens 12 tekens"),
            ("123456789012", "makkelijk te raden"),
            ("deventerwijzer", "makkelijk te raden"),
        ] {
            let page = anja.post(path, &[("wachtwoord", weak)]).await;
            assert_eq!(page.status, 422, "{weak}");
            assert!(page.one("#wachtwoord-fout").contains(said), "{weak}");
        }
        let chosen = anja
            .post(path, &[("wachtwoord", "vier losse woorden hier")])
            .await;
        assert_eq!(onward(&chosen), "/beheer/inloggen?gedaan=welkom");
        let again = anja
            .post(path, &[("wachtwoord", "een tweede keer proberen")])
            .await
            .ok();
        assert_eq!(again.one("h1"), "Deze link werkt niet meer");
        let entered = anja
            .sign_in("anja@wijzer.test", "vier losse woorden hier")
            .await;
        assert_eq!(onward(&entered), "/beheer");
        assert_eq!(portal.count("mails").await, 1, "who is new is not warned");
        let list = admin.get("/beheer/gebruikers").await.ok();
        assert!(
            list.texts("tbody tr")
                .iter()
                .any(|row| row.contains("Anja Jansen")
                    && row.contains("redacteur")
                    && row.contains("vandaag"))
        );
    });
}

#[test]
fn forgetting_a_password_tells_nobody_who_has_an_account() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let mut elsewhere = Browser::of(&portal, id).await;
        let mut pages = Vec::new();
        for email in [
            "anja@wijzer.test",
            "niemand@wijzer.test",
            "x@y.nl\r\nBcc: z@y.nl",
        ] {
            let mut browser = Browser::new(&portal);
            // A poisoned Host must not come back in the letter.
            let page = browser
                .post("/beheer/wachtwoord-vergeten", &[("email", email)])
                .await
                .ok();
            pages.push(
                page.one("main")
                    .replace(email, "…")
                    .replace("x@y.nl Bcc: z@y.nl", "…"),
            );
        }
        pages.dedup();
        assert_eq!(pages.len(), 1, "{pages:?}");
        let mut found = letters(&portal.pool).await;
        for _ in 0..100 {
            if !found.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            found = letters(&portal.pool).await;
        }
        assert_eq!(found.len(), 1, "{found:?}");
        let mut browser = Browser::new(&portal);
        let path = link(&found[0].2).to_owned();
        let chosen = browser
            .post(&path, &[("wachtwoord", "een heel nieuwe zin")])
            .await;
        assert_eq!(onward(&chosen), "/beheer/inloggen?gedaan=welkom");
        assert_eq!(
            onward(&elsewhere.get("/beheer").await),
            "/beheer/inloggen",
            "signed out everywhere"
        );
        assert_eq!(
            browser.sign_in("anja@wijzer.test", PASSWORD).await.status,
            422
        );
        let found = letters(&portal.pool).await;
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[1]
                .2
                .contains("Uw wachtwoord voor DeventerWijzer is veranderd.")
        );
        assert!(found[1].2.contains("/beheer/wachtwoord-vergeten\n"));
        // Nobody fills somebody's mailbox.
        let mut last = 0;
        for _ in 0..6 {
            let asked = [("email", "anja@wijzer.test")];
            last = browser
                .post("/beheer/wachtwoord-vergeten", &asked)
                .await
                .status
                .as_u16();
        }
        assert_eq!(last, 429);
    });
}

#[test]
fn links_end_in_time() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let mut admin = administrator(&portal).await;
        let fields = [
            ("naam", "Anja"),
            ("email", "anja@wijzer.test"),
            ("rol", "reader"),
        ];
        admin.post("/beheer/gebruikers/nieuw", &fields).await;
        let letters = letters(&portal.pool).await;
        let path = link(&letters[0].2);
        sqlx::query("update account_links set expires_at = expires_at - interval '7 days'")
            .execute(&portal.pool)
            .await
            .unwrap();
        let mut anja = Browser::new(&portal);
        let made_up = format!("/beheer/welkom/{}", "0".repeat(64));
        for path in [path, &made_up, "/beheer/welkom/x"] {
            let page = anja.get(path).await.ok();
            assert_eq!(page.one("h1"), "Deze link werkt niet meer", "{path}");
            let page = anja
                .post(path, &[("wachtwoord", "vier losse woorden hier")])
                .await
                .ok();
            assert_eq!(page.one("h1"), "Deze link werkt niet meer", "{path}");
        }
    });
}

#[test]
fn rights_that_are_taken_are_gone_at_once() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let mut admin = administrator(&portal).await;
        let id = Staff::new("Anja", Role::Administrator)
            .registered(&portal.pool)
            .await;
        let mut anja = Browser::of(&portal, id).await;
        let user = format!("/beheer/gebruikers/{}", id.0);
        anja.get("/beheer/gebruikers").await.ok();
        let form = admin.get(&user).await.ok();
        let version = form.attribute("[name=versie]", "value");
        assert_eq!(
            form.attribute("[name=rol][checked]", "value"),
            "administrator"
        );
        let fields = [
            ("naam", "Anja"),
            ("email", "anders@wijzer.test"),
            ("rol", "reader"),
            ("versie", &version),
        ];
        let saved = admin.post(&user, &fields).await;
        assert_eq!(onward(&saved), format!("{user}?gedaan=bewaard"));
        let told = letters(&portal.pool).await;
        let [(to, _, text)] = &told[..] else {
            panic!("{told:?}")
        };
        assert_eq!(to, "anja@wijzer.test", "the address that it was");
        assert!(text.contains("met een ander e-mailadres"), "{text}");
        assert_eq!(
            onward(&anja.get("/beheer").await),
            "/beheer/inloggen",
            "a new cookie is asked"
        );
        let overtaken = admin.post(&user, &fields).await;
        assert_eq!(overtaken.status, 422);
        assert!(overtaken.one(".beheer-errors").contains("Iemand anders"));
        let mut anja = Browser::of(&portal, id).await;
        assert_eq!(anja.get("/beheer/gebruikers").await.status, 403);
        let off = admin.post(&format!("{user}/uitzetten"), &[]).await;
        assert_eq!(onward(&off), format!("{user}?gedaan=uitgezet"));
        assert_eq!(onward(&anja.get("/beheer").await), "/beheer/inloggen");
        assert_eq!(
            Browser::new(&portal)
                .sign_in("anders@wijzer.test", PASSWORD)
                .await
                .status,
            422
        );
        let on = admin.post(&format!("{user}/aanzetten"), &[]).await;
        assert_eq!(onward(&on), format!("{user}?gedaan=aangezet"));
        let entered = Browser::new(&portal)
            .sign_in("anders@wijzer.test", PASSWORD)
            .await;
        assert_eq!(onward(&entered), "/beheer");
    });
}

#[test]
fn somebody_always_remains_to_let_others_in() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let id = Staff::new("Beheer", Role::Administrator)
            .registered(&portal.pool)
            .await;
        let mut admin = Browser::of(&portal, id).await;
        let user = format!("/beheer/gebruikers/{}", id.0);
        let version = admin
            .get(&user)
            .await
            .ok()
            .attribute("[name=versie]", "value");
        let fields = [
            ("naam", "Beheer"),
            ("email", "beheer@wijzer.test"),
            ("rol", "editor"),
            ("versie", &version),
        ];
        let refused = admin.post(&user, &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.one("#rol-fout").contains("enige beheerder"));
        for act in ["uitzetten", "tweede-stap-weg"] {
            assert_eq!(
                admin.post(&format!("{user}/{act}"), &[]).await.status,
                403,
                "{act}"
            );
        }
        assert_eq!(
            admin.post(&format!("{user}/iets-anders"), &[]).await.status,
            404
        );
        admin.get("/beheer/gebruikers").await.ok();
        // The operator is held to it too.
        let mut tx = portal.pool.begin().await.unwrap();
        let outcome = wijzer::accounts::commands::enable(
            &mut tx,
            &wijzer::access::Actor::Operator,
            id,
            false,
        )
        .await;
        assert!(outcome.is_err());
    });
}

#[test]
fn a_form_that_is_wrong_comes_back_as_it_was() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let mut admin = administrator(&portal).await;
        for (fields, wrong) in [
            (
                vec![("naam", ""), ("email", "geen adres"), ("rol", "koning")],
                vec!["naam", "email", "rol"],
            ),
            (
                vec![
                    ("naam", "A"),
                    ("email", "a@wijzer.test"),
                    ("rol", "agenda_editor"),
                ],
                vec!["wijk"],
            ),
            (
                vec![
                    ("naam", "A"),
                    ("email", "a@wijzer.test"),
                    ("rol", "reviewer"),
                ],
                vec!["thema"],
            ),
            (
                vec![
                    ("naam", "A"),
                    ("email", "a@wijzer.test"),
                    ("rol", "provider"),
                ],
                vec!["erbij"],
            ),
            (
                vec![
                    ("naam", "A"),
                    ("email", "a@wijzer.test"),
                    ("rol", "provider"),
                    ("erbij", "Wie?"),
                ],
                vec!["erbij"],
            ),
            (
                vec![
                    ("naam", "A"),
                    ("email", "BEHEER@wijzer.test"),
                    ("rol", "reader"),
                ],
                vec!["email"],
            ),
            (
                vec![
                    ("naam", "\"><script>"),
                    ("email", "b@wijzer.test\r\nBcc: x@y.nl"),
                    ("rol", "reader"),
                ],
                vec!["email"],
            ),
        ] {
            let page = admin.post("/beheer/gebruikers/nieuw", &fields).await;
            assert_eq!(page.status, 422, "{fields:?}");
            let links = page.attributes(".beheer-errors a", "href");
            let expected: Vec<String> = wrong.iter().map(|field| format!("#{field}")).collect();
            assert_eq!(links, expected, "{fields:?}");
            for link in links {
                assert!(page.has(&link), "{link} leads to a field");
            }
            assert!(page.one("title").starts_with("Fout: "));
            assert_eq!(page.attribute("#naam", "value"), fields[0].1);
            assert!(!page.html().contains("\"><script>"));
        }
        assert_eq!(portal.count("accounts").await, 1);
        assert_eq!(portal.count("mails").await, 0);
    });
}

#[test]
fn ones_own_account_asks_for_the_password_first() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        with_second_factor(&portal.pool, id).await;
        let mut here = Browser::of(&portal, id).await;
        let mut there = Browser::of(&portal, id).await;
        let page = here.get("/beheer/mijn-account").await.ok();
        assert_eq!(page.texts(".beheer-row").len(), 2);
        assert!(page.one("main").contains("nog 10 herstelcodes"));
        for path in [
            "/beheer/mijn-account/tweede-stap/uit",
            "/beheer/mijn-account/herstelcodes",
        ] {
            let page = here.post(path, &[("huidig", "niet dit")]).await;
            assert_eq!(page.status, 422, "{path}");
        }
        here.from = "192.0.2.2".to_owned();
        let new = [
            ("huidig", "niet dit"),
            ("wachtwoord", "een heel nieuwe zin"),
        ];
        assert_eq!(
            here.post("/beheer/mijn-account/wachtwoord", &new)
                .await
                .status,
            422
        );
        let new = [("huidig", PASSWORD), ("wachtwoord", "kort")];
        assert_eq!(
            here.post("/beheer/mijn-account/wachtwoord", &new)
                .await
                .status,
            422
        );
        let new = [("huidig", PASSWORD), ("wachtwoord", "een heel nieuwe zin")];
        let done = here.post("/beheer/mijn-account/wachtwoord", &new).await;
        assert_eq!(onward(&done), "/beheer/mijn-account?gedaan=wachtwoord");
        assert_eq!(onward(&there.get("/beheer").await), "/beheer/inloggen");
        here.get("/beheer").await.ok();
        let off = here
            .post(
                "/beheer/mijn-account/tweede-stap/uit",
                &[("huidig", "een heel nieuwe zin")],
            )
            .await;
        assert_eq!(onward(&off), "/beheer/mijn-account?gedaan=tweede-stap-uit");
        assert_eq!(portal.count("recovery_codes").await, 0);
        // Whose account it is learns of both, and of nothing that was refused.
        let told = letters(&portal.pool).await;
        let told: Vec<&str> = told.iter().filter_map(|it| it.2.lines().nth(2)).collect();
        let [password, second_step] = told[..] else {
            panic!("{told:?}")
        };
        assert!(password.starts_with("Uw wachtwoord voor"), "{password}");
        assert!(password.contains(" is veranderd. Dat was "), "{password}");
        assert!(second_step.contains("is uitgezet"), "{second_step}");
        // One device, another's session, everywhere.
        let mut there = Browser::of(&portal, id).await;
        let stranger = Staff::new("Bert", Role::Reader)
            .registered(&portal.pool)
            .await;
        let mut bert = Browser::of(&portal, stranger).await;
        let page = here.get("/beheer/mijn-account").await.ok();
        let session = page.attribute(".beheer-row [name=sessie]", "value");
        let theirs = bert
            .post("/beheer/mijn-account/sessies", &[("sessie", &session)])
            .await;
        assert_eq!(
            theirs.status, 404,
            "another account's session does not exist"
        );
        there.get("/beheer").await.ok();
        let ended = here
            .post("/beheer/mijn-account/sessies", &[("sessie", &session)])
            .await;
        assert_eq!(onward(&ended), "/beheer/mijn-account?gedaan=sessie-weg");
        assert_eq!(onward(&there.get("/beheer").await), "/beheer/inloggen");
        here.post("/beheer/mijn-account/sessies", &[]).await;
        assert_eq!(onward(&here.get("/beheer").await), "/beheer/inloggen");
        bert.get("/beheer").await.ok();
    });
}

/// The log says who did what, never a secret, and no name or address of who works here.
#[test]
fn the_log_holds_the_acts_and_nothing_personal() {
    run(async {
        let portal = TestPortal::new(Template::Empty).await;
        let mut admin = administrator(&portal).await;
        let fields = [
            ("naam", "Anja Jansen"),
            ("email", "anja@wijzer.test"),
            ("rol", "editor"),
        ];
        admin.post("/beheer/gebruikers/nieuw", &fields).await;
        let log = admin
            .get("/beheer/logboek?soort=account&mensen=ja")
            .await
            .ok();
        let rows = log.texts("tbody tr");
        assert!(
            rows[0].contains("Beheer") && rows[0].contains("gebruiker uitgenodigd"),
            "{rows:?}"
        );
        assert!(rows[1].contains("gebruiker toegevoegd"), "{rows:?}");
        let kept: Vec<(String, String)> =
            sqlx::query_as("select actor, content::text from audit_log")
                .fetch_all(&portal.pool)
                .await
                .unwrap();
        for (actor, content) in kept {
            for personal in ["anja", "Anja", "argon2"] {
                assert!(
                    !content.contains(personal) && !actor.contains(personal),
                    "{actor}: {content}"
                );
            }
        }
    });
}
