//! One act on many records of a list; and whose work a record is.

use wijzer::access::Role;

use super::records::two_organisations;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::staff::{Browser, Staff, onward};

async fn signed_in(portal: &TestPortal, name: &str, role: Role) -> (uuid::Uuid, Browser) {
    let id = Staff::new(name, role).registered(&portal.pool).await;
    (id.0, Browser::of(portal, id).await)
}

#[test]
fn work_is_given_to_someone_and_stands_on_that_desk() {
    run(async {
        let portal = two_organisations().await;
        let (_, mut anja) = signed_in(&portal, "Anja", Role::Editor).await;
        let (bert_id, mut bert) = signed_in(&portal, "Bert", Role::Editor).await;
        let list = anja.get("/beheer/organisaties").await.ok();
        assert!(list.texts("#aan option").contains(&"Bert".to_owned()));
        let id = bert_id.to_string();
        let both = [
            ("slug", "eigen"),
            ("slug", "ander"),
            ("doen", "toewijzen"),
            ("aan", &*id),
        ];
        let done = anja.post("/beheer/organisaties/samen", &both).await.ok();
        assert_eq!(done.texts(".beheer-row"), ["Eigen", "Ander"]);

        let desk = bert.get("/beheer").await.ok();
        assert!(
            desk.texts(".beheer-work__row")
                .contains(&"2 Aan u toegewezen".to_owned())
        );
        let mine = bert.get("/beheer/alles?werk=mijn").await.ok();
        assert!(mine.html().contains("/beheer/organisaties/eigen"));
        let hers = anja.get("/beheer/alles?werk=mijn").await.ok();
        assert!(!hers.html().contains("/beheer/organisaties/eigen"));
        let form = bert.get("/beheer/organisaties/eigen").await.ok();
        assert!(
            form.one(".beheer-standing")
                .contains("Hiernaar kijkt Bert.")
        );

        let back = [("slug", "eigen"), ("doen", "toewijzen"), ("aan", "")];
        anja.post("/beheer/organisaties/samen", &back).await.ok();
        assert_eq!(portal.count("assignments").await, 1);
        assert_eq!(portal.count("audit_log where act = 'assign'").await, 3);

        // Nobody, or who may not do it.
        let nobody = uuid::Uuid::now_v7().to_string();
        let ghost = [("slug", "eigen"), ("doen", "toewijzen"), ("aan", &*nobody)];
        let said = anja.post("/beheer/organisaties/samen", &ghost).await.ok();
        assert_eq!(said.texts(".beheer-row"), Vec::<String>::new());
        let (_, mut reader) = signed_in(&portal, "Rik", Role::Reader).await;
        let said = reader.post("/beheer/organisaties/samen", &both).await.ok();
        assert!(said.html().contains("dit mag u niet met uw rol"));
        assert_eq!(portal.count("assignments").await, 1);
        assert!(!reader.get("/beheer/organisaties").await.ok().has("#aan"));
    });
}

#[test]
fn records_are_put_under_a_theme_together() {
    run(async {
        let mut portal = two_organisations().await;
        let (_, mut anja) = signed_in(&portal, "Anja", Role::Editor).await;
        let both = [
            ("slug", "koffie-eigen"),
            ("slug", "koffie-ander"),
            ("doen", "thema"),
            ("thema", "geld"),
        ];
        anja.post("/beheer/activiteiten/samen", &both).await.ok();
        portal.turn().await;
        let list = portal.get("/themas/geld").await.ok();
        for title in ["Koffie Eigen", "Koffie Ander"] {
            assert!(list.html().contains(title), "{title}");
        }
        let form = anja.get("/beheer/activiteiten/koffie-eigen").await.ok();
        let ticked = form.attributes("input[name=themas][checked]", "value");
        assert!(ticked.contains(&"geld".to_owned()), "{ticked:?}");
        // A theme that is none changes nothing; a place stands under none.
        let wrong = [
            ("slug", "koffie-eigen"),
            ("doen", "thema"),
            ("thema", "bestaat-niet"),
        ];
        let said = anja.post("/beheer/activiteiten/samen", &wrong).await;
        assert_eq!(said.status, 400);
        assert!(!anja.get("/beheer/plekken").await.ok().has("#thema"));
    });
}

#[test]
fn what_was_left_half_done_stands_on_ones_own_desk() {
    run(async {
        let portal = two_organisations().await;
        let (_, mut anja) = signed_in(&portal, "Anja", Role::Editor).await;
        let typed = [("naam", "Half")];
        anja.post("/beheer/organisaties/nieuw/onaf", &typed).await;
        anja.post("/beheer/organisaties/eigen/onaf", &typed).await;
        let desk = anja.get("/beheer").await.ok();
        let links = desk.attributes(".beheer-row a", "href");
        assert_eq!(
            links,
            [
                "/beheer/organisaties/eigen?verder=ja",
                "/beheer/organisaties/nieuw?verder=ja"
            ]
        );
        let form = anja.get(&links[1]).await.ok();
        assert_eq!(form.attribute("#naam", "value"), "Half");
        let (_, mut bert) = signed_in(&portal, "Bert", Role::Editor).await;
        assert!(!bert.get("/beheer").await.ok().has(".beheer-row"));
        onward(&anja.post("/beheer/organisaties/eigen/onaf/weg", &[]).await);
        assert_eq!(
            anja.get("/beheer").await.ok().texts(".beheer-row a"),
            ["Nieuw: organisatie"]
        );
    });
}
