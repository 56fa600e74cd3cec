//! Every address of the admin area, for every role, on what is one's own and what is another's.
//! What is expected stands here as a table; an address that is in no table fails.

#![expect(clippy::match_same_arms, reason = "tables, read line by line")]

use wijzer::access::{Actor, Role};
use wijzer::accounts::commands;
use wijzer::admin;

use super::records::two_organisations;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::staff::{Browser, Staff};

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Nobody,
    /// Signed in, without a role.
    Newcomer,
    With(Role),
}

/// What someone has to say about a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Level {
    Nothing,
    Read,
    Propose,
    Approve,
    Publish,
}

use Level::{Approve, Nothing, Propose, Publish, Read};
use Role::{Administrator, AgendaEditor, Editor, Provider, Reader, Reviewer};
use Who::{Newcomer, Nobody, With};

const EVERYONE: [Who; 8] = [
    Nobody,
    Newcomer,
    With(Administrator),
    With(Editor),
    With(AgendaEditor),
    With(Reviewer),
    With(Provider),
    With(Reader),
];

/// To the page where one signs in; a form that was sent comes back, to be sent again.
fn sign_in(method: &str) -> u16 {
    if method == "GET" { 303 } else { 422 }
}

/// For pages apart from records: who gets what. A post carries the password of who
/// sends it and nothing else that counts.
fn of_page(method: &str, path: &str, who: Who) -> u16 {
    let only = |roles: &[Role], yes: u16| match who {
        Nobody => sign_in(method),
        With(role) if roles.contains(&role) => yes,
        _ => 403,
    };
    match (method, path) {
        // Open to all: signing in, and links that are mailed.
        ("GET", "/beheer/inloggen") if who == Nobody => 200,
        ("GET", "/beheer/inloggen") => 303,
        ("POST", "/beheer/inloggen") => 422,
        ("POST", "/beheer/uitloggen") => 303,
        // No provider was set up; `oidc` has the tests with one.
        (_, "/beheer/inloggen/oidc" | "/beheer/inloggen/oidc/terug") => 404,
        (_, "/beheer/mijn-account/oidc" | "/beheer/mijn-account/oidc/weg") if who != Nobody => 404,
        ("GET" | "POST", "/beheer/wachtwoord-vergeten" | "/beheer/welkom/{secret}") => 200,
        ("POST", path)
            if who == Nobody && path.starts_with("/beheer/tabellen") && !path.ends_with("/weg") =>
        {
            303
        }
        _ if who == Nobody => sign_in(method),
        // Half way only: who is through is sent on.
        (_, "/beheer/inloggen/code") => 303,
        // Of no kind.
        ("GET", "/beheer/namen") if who == Newcomer => 403,
        ("GET", "/beheer/namen") => 400,
        ("GET", "/beheer/alles") => {
            if who == Newcomer {
                403
            } else {
                200
            }
        }
        ("GET", "/beheer" | "/beheer/mijn-account" | "/beheer/mijn-account/wachtwoord") => 200,
        (
            "GET",
            "/beheer/mijn-account/tweede-stap"
            | "/beheer/mijn-account/sneltoetsen"
            | "/beheer/handleiding",
        ) => 200,
        ("POST", "/beheer/mijn-account/sneltoetsen") => 303,
        ("POST", "/beheer/mijn-account/wachtwoord") => 422,
        // Nothing was set up; administrators cannot do without.
        ("POST", "/beheer/mijn-account/tweede-stap") => 303,
        ("POST", "/beheer/mijn-account/tweede-stap/uit") if who == With(Administrator) => 403,
        ("POST", "/beheer/mijn-account/tweede-stap/uit") => 303,
        ("POST", "/beheer/mijn-account/herstelcodes" | "/beheer/mijn-account/sessies") => 303,
        (
            "GET",
            "/beheer/gebruikers"
            | "/beheer/gebruikers/nieuw"
            | "/beheer/gebruikers/{id}"
            | "/beheer/mail",
        ) => only(&[Administrator], 200),
        ("POST", "/beheer/gebruikers/nieuw" | "/beheer/gebruikers/{id}") => {
            only(&[Administrator], 422)
        }
        ("POST", path) if path.starts_with("/beheer/gebruikers/{id}/") => {
            only(&[Administrator], 303)
        }
        ("GET", "/beheer/logboek" | "/beheer/tabellen") => only(&[Administrator, Editor], 200),
        // No import has the number that is asked, and no table the name.
        ("GET", "/beheer/tabellen/{id}" | "/beheer/tabellen/bestand/{naam}") => {
            only(&[Administrator, Editor], 404)
        }
        ("POST", "/beheer/tabellen/{id}/weg") => only(&[Administrator, Editor], 303),
        // A form without a file is none that this takes; a file does not come back.
        ("POST", "/beheer/tabellen") => only(&[Administrator, Editor], 400),
        ("POST", path) if path.starts_with("/beheer/tabellen/{id}/") => {
            only(&[Administrator, Editor], 303)
        }
        ("GET", "/beheer/zoekmachine") => only(&[Administrator], 200),
        ("POST", "/beheer/zoekmachine") => only(&[Administrator], 303),
        ("GET", "/beheer/logboek/export") => only(&[Administrator], 200),
        ("POST", "/beheer/taal") if who == Newcomer => 403,
        ("POST", "/beheer/taal") => 200,
        (_, path) if path.starts_with("/beheer/lijsten") => of_lists(method, path, who),
        _ => panic!("{method} {path} is in no table: who may do this?"),
    }
}

/// For the lists that all records share: editors keep them, and some are for others to read. No entry has the digest that is asked.
fn of_lists(method: &str, path: &str, who: Who) -> u16 {
    let browses = !matches!(who, Newcomer | With(Provider));
    if !matches!(who, With(Administrator | Editor)) {
        return match (method, path) {
            ("GET", "/beheer/lijsten" | "/beheer/lijsten/afspraken") if browses => 200,
            ("GET", "/beheer/lijsten/afspraken/{kenmerk}") if browses => 404,
            _ => 403,
        };
    }
    match (method, path) {
        ("GET", path) if path.ends_with("{kenmerk}") => 404,
        ("GET", _) => 200,
        ("POST", path) if path.ends_with("/weg") => 404,
        _ => 422,
    }
}

/// For the list of a kind and its form for a new record.
fn of_list(method: &str, path: &str, activity: bool, who: Who) -> u16 {
    let adds = match who {
        With(Administrator | Editor) => true,
        With(AgendaEditor | Provider) => activity,
        _ => false,
    };
    match (method, path, who) {
        (_, _, Nobody) => sign_in(method),
        ("GET", "", Newcomer) => 403,
        ("GET", "", _) => 200,
        ("GET", "/nieuw" | "/nieuw/voorbeeld" | "/nieuw/voorbeeld/pagina", _) => {
            if adds {
                200
            } else {
                403
            }
        }
        // An act that is none.
        ("POST", "/samen", Newcomer) => 403,
        ("POST", "/samen", _) => 400,
        ("POST", "/nieuw/onaf", _) => {
            if adds {
                204
            } else {
                403
            }
        }
        ("POST", "/nieuw/onaf/weg", _) => {
            if adds {
                303
            } else {
                403
            }
        }
        // Without the token of a form.
        ("POST", "/nieuw", _) => {
            if adds {
                400
            } else {
                403
            }
        }
        _ => panic!("{method} {path} of a list is in no table"),
    }
}

/// For one record, by what someone has to say about it.
fn of_record(method: &str, act: &str, level: Level, who: Who) -> u16 {
    let from = |levels: &[Level], yes: u16| match level {
        Nothing => 404,
        level if levels.contains(&level) => yes,
        _ => 403,
    };
    match (method, act) {
        ("GET", "" | "/keren" | "/geschiedenis" | "/voorbeeld" | "/voorbeeld/pagina") => {
            from(&[Read, Propose, Approve, Publish], 200)
        }
        // A form without fields comes back.
        ("POST", "") => from(&[Propose, Publish], 422),
        // A line of the log that is none of this record.
        ("POST", "/terugzetten") => from(&[Read, Propose, Approve, Publish], 404),
        ("POST", "/online") => from(&[Approve, Publish], 303),
        ("POST", "/offline" | "/plannen") => from(&[Publish], 303),
        ("POST", "/onaf") => from(&[Propose, Publish], 204),
        ("POST", "/onaf/weg") => from(&[Propose, Publish], 303),
        // Without a reason nothing is removed.
        ("POST", "/verwijderen") if who == With(Administrator) => 303,
        ("POST", "/verwijderen") => from(&[], 303),
        ("POST", "/klopt") => from(&[Propose, Publish], 303),
        ("POST", "/opmerkingen" | "/opmerkingen/klaar") => from(&[Propose, Approve, Publish], 303),
        ("POST", "/voorstel/goedkeuren" | "/voorstel/weggooien") => from(&[Approve, Publish], 303),
        ("GET", "/keren/{keer}") => from(&[Propose, Publish], 200),
        // Without a choice the form comes back.
        ("POST", "/keren/{keer}") => from(&[Propose, Publish], 422),
        ("GET", "/foto") => from(&[Propose, Publish], 200),
        // A form without a file is none that this takes.
        ("POST", "/foto") => from(&[Propose, Publish], 400),
        ("POST", "/foto/weg") => from(&[Propose, Publish], 303),
        // No record here has a photo.
        ("GET", "/foto/{naam}") => 404,
        _ => panic!("{method} {act} of a record is in no table"),
    }
}

/// What each has to say about the records of the two organisations.
fn level(who: Who, kind: &str, own: bool) -> Level {
    match (who, kind, own) {
        (Nobody | Newcomer, ..) => Nothing,
        (With(Administrator | Editor), ..) => Publish,
        (With(AgendaEditor), "activiteiten", true) => Publish,
        // Its theme is that of everything here that has one.
        (With(Reviewer), "activiteiten" | "organisaties" | "dossiers" | "vragen", _) => Approve,
        (With(Provider), "activiteiten" | "organisaties", true) => Propose,
        (With(Provider), ..) => Nothing,
        (With(AgendaEditor | Reviewer | Reader), ..) => Read,
    }
}

/// One record of each kind: its own, and another's.
fn slug(kind: &str, own: bool) -> &'static str {
    match (kind, own) {
        ("activiteiten", true) => "koffie-eigen",
        ("activiteiten", false) => "koffie-ander",
        ("organisaties", true) => "eigen",
        ("organisaties", false) => "ander",
        ("plekken", true) => "huis-eigen",
        ("plekken", false) => "huis-ander",
        ("wijken", true) => "voorstad",
        ("wijken", false) => "centrum",
        ("dossiers", _) => "brieven",
        ("vragen", _) => "wie-helpt",
        _ => panic!("no record of {kind}"),
    }
}

async fn browser(portal: &TestPortal, who: Who) -> Browser {
    let staff = match who {
        Nobody => return Browser::new(portal),
        Newcomer => Staff::new("Nieuw", None),
        With(role) => {
            let staff = Staff::new(role.as_str(), role);
            match role {
                AgendaEditor => staff.zone("voorstad"),
                Reviewer => staff.theme("ontmoeten"),
                Provider => staff.organisation("eigen"),
                _ => staff,
            }
        }
    };
    let id = match wijzer::accounts::store::by_email(
        &mut portal.pool.acquire().await.unwrap(),
        &format!(
            "{}@wijzer.test",
            if who == Newcomer {
                "nieuw"
            } else {
                staff_name(who)
            }
        ),
    )
    .await
    .unwrap()
    {
        Some((id, ..)) => id,
        None => staff.registered(&portal.pool).await,
    };
    Browser::of(portal, id).await
}

fn staff_name(who: Who) -> &'static str {
    match who {
        With(role) => role.as_str(),
        _ => "nieuw",
    }
}

/// Everything public, and a proposal for each: whatever was done before.
async fn as_before(portal: &TestPortal, judge: uuid::Uuid) {
    for table in [
        "organisations",
        "activities",
        "places",
        "zones",
        "dossiers",
        "faqs",
    ] {
        let update = format!("update {table} set state = 'published', version = 1");
        sqlx::query(sqlx::AssertSqlSafe(update))
            .execute(&portal.pool)
            .await
            .unwrap();
    }
    sqlx::query(
        "insert into proposals (kind, record_id, content, seen, author_id)
         select r.kind, r.id, (select l.content from audit_log l where l.record_id = r.id order by l.id limit 1), 1, $1
         from records r on conflict do nothing",
    )
    .bind(judge)
    .execute(&portal.pool)
    .await
    .unwrap();
}

#[test]
fn everyone_may_do_what_the_table_says_and_nothing_else() {
    run(async {
        let portal = two_organisations().await;
        portal.keep(&super::records::a_dossier()).await;
        portal.keep(&super::records::a_question()).await;
        let other = Staff::new("Ander mens", Role::Reader)
            .registered(&portal.pool)
            .await;
        let mut asked = 0;
        let mut wrong = Vec::new();
        for who in EVERYONE {
            for (method, route) in admin::addresses() {
                let method = method.as_str();
                for own in [true, false] {
                    let (path, expected) = expectation(method, &route, who, own, other.0);
                    as_before(&portal, other.0).await;
                    let mut browser = browser(&portal, who).await;
                    browser.from = format!("2001:db8:{asked:x}::1");
                    let page = match method {
                        "GET" => browser.get(&path).await,
                        _ => {
                            browser
                                .post(
                                    &path,
                                    &[
                                        ("versie", "1"),
                                        ("regel", "0"),
                                        ("huidig", crate::support::staff::PASSWORD),
                                    ],
                                )
                                .await
                        }
                    };
                    asked += 1;
                    if page.status != expected {
                        wrong.push(format!(
                            "{who:?} {method} {path}: {} and not {expected}",
                            page.status
                        ));
                    }
                    if path.contains("uitzetten") {
                        let mut tx = portal.pool.begin().await.unwrap();
                        commands::enable(&mut tx, &Actor::Operator, other, true)
                            .await
                            .unwrap();
                        tx.commit().await.unwrap();
                    }
                }
            }
        }
        assert!(asked > 1000, "{asked}");
        assert!(
            wrong.is_empty(),
            "{} of {asked}:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    });
}

fn expectation(method: &str, route: &str, who: Who, own: bool, other: uuid::Uuid) -> (String, u16) {
    let kinds = [
        "activiteiten",
        "organisaties",
        "plekken",
        "dossiers",
        "vragen",
        "wijken",
    ];
    let kind = kinds
        .into_iter()
        .find(|kind| route.starts_with(&format!("/beheer/{kind}")));
    let Some(kind) = kind else {
        let path = route
            .replace("{id}", &other.to_string())
            .replace("{secret}", &"0".repeat(64))
            .replace("{kenmerk}", "0000000000000000");
        return (path, of_page(method, route, who));
    };
    let rest = route.strip_prefix(&format!("/beheer/{kind}")).unwrap();
    let Some(act) = rest.strip_prefix("/{slug}") else {
        return (
            route.to_owned(),
            of_list(method, rest, kind == "activiteiten", who),
        );
    };
    let path = route.replace("{slug}", slug(kind, own));
    let path = path.replace("{keer}", "0-20261201T1000");
    let expected = match who {
        // A file does not come back.
        Nobody if act == "/foto" => 303,
        Nobody => sign_in(method),
        who => of_record(method, act, level(who, kind, own), who),
    };
    (path, expected)
}

/// F19: what one may not know of answers as what is not there.
#[test]
fn what_is_anothers_looks_like_what_is_not_there() {
    run(async {
        let portal = two_organisations().await;
        let mut provider = browser(&portal, With(Provider)).await;
        let mut said = Vec::new();
        for slug in ["ander", "nergens"] {
            let page = provider.get(&format!("/beheer/organisaties/{slug}")).await;
            said.push((page.status, page.one("main")));
        }
        assert_eq!(said[0], said[1]);
        assert_eq!(said[0].0, 404);
        let list = provider.get("/beheer/activiteiten?q=koffie").await.ok();
        assert_eq!(list.texts("tbody th a"), ["Koffie Eigen"]);
        let copy = provider
            .get("/beheer/activiteiten/nieuw?van=koffie-ander")
            .await;
        assert_eq!(copy.status, 404, "not by way of a copy either");
    });
}
