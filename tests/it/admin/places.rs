//! Where a place lies: outlines of zones, and names to choose from.

use wijzer::access::Role;

use super::entries::editor;
use super::records::two_organisations;
use crate::support::builders::PlaceBuilder;
use crate::support::run;
use crate::support::staff::{Browser, Filled, Staff, onward};

/// A square around the address of the test, with sides of so many degrees.
fn square(longitude: f64, latitude: f64, side: f64) -> String {
    let (east, north) = (longitude + side, latitude + side);
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[[{longitude},{latitude}],[{east},{latitude}],[{east},{north}],[{longitude},{north}],[{longitude},{latitude}]]]}}"
    )
}

async fn draw(browser: &mut Browser, zone: &str, outline: &str) {
    let path = format!("/beheer/wijken/{zone}");
    let form = browser.form(&path).await.with("grens", outline);
    let saved = browser.submit(&path, &form.with("doen", "bewaar")).await;
    onward(&saved);
}

#[test]
fn the_outline_of_a_zone_decides_before_the_postcode() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = editor(&portal).await;
        let path = "/beheer/wijken/voorstad";
        let form = anja.form(path).await;
        for wrong in [
            "grens",
            "{\"type\":\"Point\",\"coordinates\":[6.1,52.2]}",
            &square(207_000.0, 474_000.0, 500.0),
            &square(52.2, 6.1, 0.1),
            &"[".repeat(50_000),
        ] {
            let refused = anja.submit(path, &form.clone().with("grens", wrong)).await;
            assert_eq!(refused.status, 422);
            assert!(refused.has("#grens-fout"), "{}", &wrong[..5]);
            assert_eq!(
                refused.one("#grens").trim(),
                wrong.trim(),
                "nothing is lost"
            );
        }
        draw(&mut anja, "voorstad", &square(6.1, 52.2, 0.1)).await;
        draw(&mut anja, "centrum", &square(6.2, 52.2, 0.1)).await;
        let kept = anja.form(path).await;
        assert!(kept.value("grens").contains("MultiPolygon"));
        // Saved as it is nothing changes; what changed reads as words.
        let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
        assert!(history.html().contains("5 punten, vanaf 52.2, 6.1"));
        portal.turn().await;
        let new = "/beheer/plekken/nieuw";
        let form = anja
            .form(new)
            .await
            .with("naam", "Nieuwe zaal")
            .with("adres-0-stad", "Deventer")
            .with("doen", "online");
        let at = |form: &Filled, longitude: &str| {
            let form = form.clone().with("adres-0-breedte", "52.25");
            form.with("adres-0-lengte", longitude)
        };
        // Without a postcode.
        let saved = anja.submit(new, &at(&form, "6.25")).await;
        let place = onward(&saved).split('?').next().unwrap().to_owned();
        assert_eq!(anja.form(&place).await.value("wijk"), "centrum");
        // The postcode says one thing and the outline another: the person decides.
        draw_postcode(&mut anja, "voorstad", "7417").await;
        portal.turn().await;
        let far = at(&form, "6.35").with("adres-0-postcode", "7417 AB");
        let far = far
            .with("naam", "Verre zaal")
            .with("token", &uuid::Uuid::now_v7().to_string());
        let refused = anja.submit(new, &far).await;
        assert_eq!(refused.status, 422);
        assert!(refused.one(".beheer-errors").contains("buiten de grens"));
        onward(&anja.submit(new, &far.with("wijk", "voorstad")).await);
        // Two outlines over each other.
        draw(&mut anja, "centrum", &square(6.15, 52.2, 0.1)).await;
        let both = at(&form, "6.17")
            .with("naam", "Tussen")
            .with("token", &uuid::Uuid::now_v7().to_string());
        let refused = anja.submit(new, &both).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused
                .one(".beheer-errors")
                .contains("Centrum en Voorstad")
        );
    });
}

async fn draw_postcode(browser: &mut Browser, zone: &str, postcode: &str) {
    let path = format!("/beheer/wijken/{zone}");
    let form = browser.form(&path).await.with("postcodes", postcode);
    onward(&browser.submit(&path, &form.with("doen", "bewaar")).await);
}

#[test]
fn names_are_told_to_who_may_know_them() {
    run(async {
        let portal = two_organisations().await;
        portal.keep(&PlaceBuilder::new("Huis Geheim").draft()).await;
        portal
            .keep(&PlaceBuilder::new("Huis Weg").withdrawn())
            .await;
        let mut anja = editor(&portal).await;
        let id = Staff::new("Piet", Role::Provider)
            .organisation("eigen")
            .registered(&portal.pool)
            .await;
        let mut piet = Browser::of(&portal, id).await;
        for (kind, words, editors, providers) in [
            (
                "place",
                "huis",
                &["Huis Ander", "Huis Eigen", "Huis Geheim"][..],
                &["Huis Ander", "Huis Eigen"][..],
            ),
            ("organisation", "ei", &["Eigen"], &["Eigen"]),
            ("organisation", "and", &["Ander"], &[]),
            ("place", "eigen", &["Huis Eigen"], &["Huis Eigen"]),
            ("place", "h", &[], &[]),
            ("place", "%25%25", &[], &[]),
            ("place", "__", &[], &[]),
            ("place", "'%20or%20''='", &[], &[]),
        ] {
            let path = format!("/beheer/namen?soort={kind}&q={words}");
            for (browser, expected) in [(&mut anja, editors), (&mut piet, providers)] {
                let told: serde_json::Value =
                    serde_json::from_str(browser.get(&path).await.ok().html()).unwrap();
                assert_eq!(told, serde_json::json!({ "names": expected }), "{path}");
            }
        }
        // The form itself tells no more.
        let form = piet.get("/beheer/activiteiten/nieuw").await.ok();
        let told = form.attributes("datalist option", "value");
        assert!(told.contains(&"Huis Ander".to_owned()));
        assert!(!told.contains(&"Huis Geheim".to_owned()) && !told.contains(&"Ander".to_owned()));
        assert!(!form.has("datalist[data-vraag]"), "all names are there");
        for number in 0..11 {
            portal
                .keep(&PlaceBuilder::new(&format!("Zaal {number}")).published())
                .await;
        }
        let ten = anja.get("/beheer/namen?soort=place&q=zaal").await.ok();
        assert_eq!(ten.html().matches("Zaal").count(), 10);
        assert_eq!(
            anja.get("/beheer/namen?soort=mail&q=zaal").await.status,
            400
        );
    });
}

#[test]
fn more_names_than_a_page_carries_are_asked_for() {
    run(async {
        let portal = two_organisations().await;
        sqlx::query(
            "insert into places (id, slug, name, kind) select gen_random_uuid(), 'zaal-' || n, 'Zaal ' || n, 'other'
             from generate_series(1, 600) n",
        )
        .execute(&portal.pool)
        .await
        .unwrap();
        let mut anja = editor(&portal).await;
        let form = anja.get("/beheer/activiteiten/nieuw").await.ok();
        assert_eq!(
            form.attribute("#namen-place", "data-vraag"),
            "/beheer/namen?soort=place"
        );
        assert_eq!(form.elements("#namen-place option").len(), 500);
        assert!(!form.has("#namen-organisation[data-vraag]"));
    });
}
