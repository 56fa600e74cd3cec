//! Hints on language: told beside a text, never in the way of saving.

use wijzer::access::Role;

use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Staff, onward};

const HARD: &str = "Onze cliëntondersteuners adviseren onafhankelijk over maatwerkvoorzieningen en over gemeentelijke toegangsprocedures binnen de maatschappelijke ondersteuning en over participatiewetgeving voor vergunninghouders en voor hun naasten.";

#[test]
fn a_text_comes_back_with_hints_and_is_saved_all_the_same() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let id = Staff::new("Anja", Role::Editor)
            .registered(&portal.pool)
            .await;
        let mut anja = Browser::of(&portal, id).await;
        let path = "/beheer/organisaties/voedselbank-deventer";
        let form = anja.form(path).await.with("samenvatting", HARD);
        // Refused for another reason: what is typed comes back, with the hints.
        let refused = anja.submit(path, &form.clone().with("naam", "")).await;
        assert_eq!(refused.status, 422);
        let hints = refused.texts("#samenvatting-taal li");
        assert!(
            hints[0].starts_with("Deze zin heeft 23 woorden: “Onze"),
            "{hints:?}"
        );
        assert!(
            hints.contains(
                &"“maatwerkvoorziening” is een vakwoord. Bewoners zeggen: “hulp op maat”."
                    .to_owned()
            ),
            "{hints:?}"
        );
        assert_eq!(
            hints.last().unwrap(),
            "Deze tekst is moeilijk te lezen: 0 van de 100 punten."
        );
        assert!(
            refused
                .attribute("#samenvatting", "aria-describedby")
                .ends_with("samenvatting-teller")
        );
        assert_eq!(
            onward(&anja.submit(path, &form).await),
            format!("{path}?gedaan=bewaard").replace("bewaard", "online")
        );
        let opened = anja.get(path).await.ok();
        assert_eq!(
            opened.texts("#samenvatting-taal li"),
            hints,
            "and when it is opened again"
        );

        // Too many words are counted, and pass.
        let long = "Kom. ".repeat(61);
        let form = anja.form(path).await.with("samenvatting", &long);
        assert_eq!(anja.submit(path, &form).await.status, 303);
        let counted = anja.get(path).await.ok().one("#samenvatting-teller");
        assert_eq!(counted, "61 van 60 woorden. Dat zijn er 1 te veel.");
    });
}

#[test]
fn a_script_asks_for_the_same_hints() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let id = Staff::new("Anja", Role::Provider)
            .registered(&portal.pool)
            .await;
        let mut anja = Browser::of(&portal, id).await;
        let ask = async |browser: &mut Browser, text: &str| {
            let answer = browser.post("/beheer/taal", &[("tekst", text)]).await;
            assert_eq!(answer.status, 200, "{text:.40}");
            assert_eq!(
                answer.header("content-type"),
                "application/json; charset=utf-8"
            );
            serde_json::from_str::<Vec<String>>(answer.html()).unwrap()
        };
        assert_eq!(ask(&mut anja, HARD).await.len(), 4);
        assert!(ask(&mut anja, "").await.is_empty());
        let hostile = "<script>alert(1)</script> ".repeat(2000);
        for hint in ask(&mut anja, &hostile).await {
            assert!(hint.len() < 400, "{hint}");
        }
        let twice = ask(&mut anja, &"a".repeat(200_000)).await;
        assert!(twice.is_empty(), "one word is no sentence");
        let foreign = anja
            .post_from("https://evil.example", "/beheer/taal", &[("tekst", HARD)])
            .await;
        assert_eq!(foreign.status, 403);
    });
}
