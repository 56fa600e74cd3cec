//! A record as residents would see it, before it is saved or public.

use wijzer::access::Role;

use super::records::two_organisations;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::staff::{Browser, Staff, onward};

async fn signed_in(portal: &TestPortal, staff: Staff) -> Browser {
    let id = staff.registered(&portal.pool).await;
    Browser::of(portal, id).await
}

#[test]
fn what_is_typed_is_shown_as_it_would_be_and_nothing_is_written() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, Staff::new("Anja", Role::Editor)).await;
        let path = "/beheer/activiteiten/koffie-eigen";
        let lines = portal.count("audit_log").await;
        let form = anja
            .form(path)
            .await
            .with("titel", "Thee met koek")
            .with("doen", "bekijk");
        let to = anja.submit(path, &form).await;
        assert_eq!(onward(&to), format!("{path}/voorbeeld"));
        let frames = anja.get(&format!("{path}/voorbeeld")).await.ok();
        let src = format!("{path}/voorbeeld/pagina");
        assert_eq!(frames.attributes("iframe", "src"), [&*src, &*src]);
        assert_eq!(
            frames.attributes("iframe", "sandbox"),
            ["allow-same-origin"; 2]
        );
        let page = anja.get(&src).await.ok();
        assert_eq!(page.one("h1"), "Thee met koek");
        assert!(page.has("time[datetime]"), "with its dates");
        // As it is for residents, but for the name.
        let public = portal.get("/activiteiten/koffie-eigen").await.ok();
        let body = |html: &str| {
            let body = html[html.find("<body").unwrap()..].replace("%20", " ");
            body.replace("Thee met koek", "Koffie Eigen")
        };
        assert!(body(page.html()) == body(public.html()), "{}", page.html());

        portal.turn().await;
        assert_eq!(portal.count("audit_log").await, lines);
        assert_eq!(
            portal
                .count("activities where title = 'Thee met koek'")
                .await,
            0
        );
        assert_eq!(
            portal.get("/zoeken?q=koek").await.ok().hits(),
            Vec::<String>::new()
        );
        // And the form goes on where it was.
        let back = anja.get(&format!("{path}?verder=ja")).await.ok();
        assert_eq!(back.attribute("#titel", "value"), "Thee met koek");
        // Only pages of ours may frame it; all others stay as they are.
        for framed in [&frames, &page] {
            assert_eq!(framed.header("x-frame-options"), "SAMEORIGIN");
            let policy = framed.header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
        }
        assert_eq!(public.header("x-frame-options"), "DENY");
    });
}

#[test]
fn a_new_record_and_a_draft_are_shown_before_they_are_public() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, Staff::new("Anja", Role::Editor)).await;
        let new = "/beheer/organisaties/nieuw";
        let empty = anja.get(&format!("{new}/voorbeeld/pagina")).await.ok();
        assert_eq!(empty.one("h1"), "Nog niet te zien");
        let form = anja
            .form(new)
            .await
            .with("naam", "Eigen")
            .with("samenvatting", "Wij zijn nieuw.")
            .with("themas", "geld")
            .with("doen", "bekijk");
        let to = anja.submit(new, &form).await;
        assert_eq!(onward(&to), format!("{new}/voorbeeld"));
        anja.get(&format!("{new}/voorbeeld")).await.ok();
        let page = anja.get(&format!("{new}/voorbeeld/pagina")).await.ok();
        assert!(page.html().contains("Wij zijn nieuw."));
        assert_eq!(portal.count("organisations").await, 2);
        // What is wrong in the form is told there.
        let wrong = form.clone().with("naam", "");
        assert_eq!(anja.submit(new, &wrong).await.status, 422);

        let saved = anja.submit(new, &form.with("doen", "bewaar")).await;
        assert_eq!(
            onward(&saved),
            "/beheer/organisaties/eigen-2?gedaan=bewaard"
        );
        assert_eq!(portal.get("/organisaties/eigen-2").await.status, 404);
        let draft = anja
            .get("/beheer/organisaties/eigen-2/voorbeeld/pagina")
            .await
            .ok();
        assert!(draft.html().contains("Wij zijn nieuw."));
        // An activity of what is not public has no page yet.
        let form = anja
            .form("/beheer/activiteiten/nieuw")
            .await
            .with("titel", "Iets")
            .with("samenvatting", "Doe mee.")
            .with("organisatie", "Eigen [eigen-2]")
            .with("themas", "geld")
            .with("moment-0-dag", "2026-12-03")
            .with("moment-0-van", "10:00")
            .with("doen", "bekijk");
        onward(&anja.submit("/beheer/activiteiten/nieuw", &form).await);
        let page = anja
            .get("/beheer/activiteiten/nieuw/voorbeeld/pagina")
            .await
            .ok();
        assert_eq!(page.one("h1"), "Nog niet te zien");
    });
}

#[test]
fn a_proposal_is_shown_to_who_judges_it() {
    run(async {
        let portal = two_organisations().await;
        let staff = Staff::new("Pia", Role::Provider).organisation("eigen");
        let mut pia = signed_in(&portal, staff).await;
        let path = "/beheer/organisaties/eigen";
        let form = pia
            .form(path)
            .await
            .with("samenvatting", "Wat Pia voorstelt.")
            .with("doen", "stuur");
        onward(&pia.submit(path, &form).await);
        let mut anja = signed_in(&portal, Staff::new("Anja", Role::Editor)).await;
        let own = anja.get(&format!("{path}/voorbeeld/pagina")).await.ok();
        assert!(!own.html().contains("Wat Pia voorstelt."));
        let src = &anja
            .get(&format!("{path}/voorbeeld?van=voorstel"))
            .await
            .ok()
            .attributes("iframe", "src")[0];
        assert!(
            anja.get(src)
                .await
                .ok()
                .html()
                .contains("Wat Pia voorstelt.")
        );
        // What is another's stays unknown to a provider.
        let other = "/beheer/organisaties/ander/voorbeeld/pagina";
        assert_eq!(pia.get(other).await.status, 404);
        let none = anja
            .get("/beheer/organisaties/ander/voorbeeld/pagina?van=voorstel")
            .await;
        assert_eq!(none.status, 404);
    });
}
