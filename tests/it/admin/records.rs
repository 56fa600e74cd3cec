//! What people do with records: adding, changing, proposing, approving, putting back.

use std::cell::Cell;

use tracing::span;
use wijzer::access::Role;

use crate::support::builders::{
    ActivityBuilder, DossierBuilder, OrganisationBuilder, PlaceBuilder, QuestionBuilder,
};
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Filled, Staff, onward};

/// Two organisations, each with an activity in its own zone.
pub async fn two_organisations() -> TestPortal {
    let mut portal = TestPortal::new(Template::SmallTown).await;
    for (name, zone) in [("Eigen", "voorstad"), ("Ander", "centrum")] {
        portal
            .keep(
                &PlaceBuilder::new(&format!("Huis {name}"))
                    .in_zone(zone)
                    .address("Straat")
                    .published(),
            )
            .await;
        portal
            .keep(&OrganisationBuilder::new(name).published())
            .await;
        let activity = ActivityBuilder::new(&format!("Koffie {name}"), name)
            .at(&format!("Huis {name}"))
            .weekly("2026-11-24T10:00", None);
        portal.keep(&activity.published()).await;
    }
    portal.turn().await;
    portal
}

/// A dossier that belongs to all.
pub fn a_dossier() -> wijzer::catalogue::dossiers::Draft {
    DossierBuilder::new("Brieven").published()
}

/// A question that belongs to all.
pub fn a_question() -> wijzer::catalogue::dossiers::FaqDraft {
    QuestionBuilder::new("Wie helpt").published()
}

async fn signed_in(portal: &TestPortal, staff: Staff) -> Browser {
    let id = staff.registered(&portal.pool).await;
    Browser::of(portal, id).await
}

fn editor(name: &str) -> Staff {
    Staff::new(name, Role::Editor)
}

#[test]
fn a_new_activity_is_public_in_the_agenda_and_in_search() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let form = anja
            .form("/beheer/activiteiten/nieuw")
            .await
            .with("titel", "Schaken op donderdag")
            .with("samenvatting", "Kom schaken.")
            .with("organisatie", "eigen")
            .with("plek", "Huis Eigen")
            .with("themas", "ontmoeten")
            .with("moment-0-dag", "2026-12-03")
            .with("moment-0-van", "10:00")
            .with("moment-0-tot", "12:00")
            .with("moment-0-herhaal", "maand")
            .with("doen", "online");
        let saved = anja.submit("/beheer/activiteiten/nieuw", &form).await;
        let path = "/beheer/activiteiten/schaken-op-donderdag";
        assert_eq!(onward(&saved), format!("{path}?gedaan=online"));
        // A double click, or the way back and sent again: one record.
        let again = anja.submit("/beheer/activiteiten/nieuw", &form).await;
        assert_eq!(onward(&again), format!("{path}?gedaan=online"));
        assert_eq!(portal.count("activities").await, 3);
        portal.turn().await;
        let agenda = portal.get("/wijken/voorstad/agenda").await.ok();
        assert!(agenda.html().contains("Schaken op donderdag"));
        let found = portal.get("/zoeken?q=schaken").await.ok();
        assert_eq!(found.hits(), ["activity:schaken-op-donderdag"]);
        let page = portal.get("/activiteiten/schaken-op-donderdag").await.ok();
        assert!(page.html().contains("lke 1e donderdag van de maand"));
        // Another of the same name gets an address of its own.
        let second = form
            .clone()
            .with("token", &uuid::Uuid::now_v7().to_string());
        // And its double click, before the first is through.
        let mut there = signed_in(&portal, editor("Bea")).await;
        let (one, two) = tokio::join!(
            anja.submit("/beheer/activiteiten/nieuw", &second),
            there.submit("/beheer/activiteiten/nieuw", &second),
        );
        assert_eq!(onward(&one), format!("{path}-2?gedaan=online"));
        assert_eq!(onward(&two), onward(&one));
    });
}

#[test]
fn a_form_takes_days_hours_and_addresses_as_people_write_them() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let new = "/beheer/organisaties/nieuw";
        let blank = anja.form(new).await.with("doen", "online");
        let refused = anja.submit(new, &blank).await;
        assert_eq!(refused.status, 422);
        let faults = refused.texts(".beheer-errors a");
        assert!(
            faults.contains(&"Vul een naam in.".to_owned()),
            "{faults:?}"
        );
        let filled = blank
            .with("naam", "De Breiclub")
            .with("samenvatting", "U leert hier breien.")
            .with("uitleg", "Neem mee:\r\n• naalden\r\n•\twol")
            .with("website", "www.breiclub.example")
            .with("themas", "ontmoeten")
            .with(
                "openingstijden",
                "ma t/m do 9.00 tot 17 uur en vr 9-12; feestdagen gesloten",
            );
        onward(&anja.submit(new, &filled).await);
        let path = "/beheer/organisaties/de-breiclub";
        let form = anja.form(path).await;
        assert_eq!(form.value("website"), "https://www.breiclub.example");
        assert_eq!(form.value("uitleg"), "Neem mee:\n- naalden\n- wol");
        assert_eq!(
            form.value("openingstijden"),
            "ma-do 09:00-17:00, vr 09:00-12:00; feestdagen dicht"
        );
        portal.turn().await;
        let page = portal.get("/organisaties/de-breiclub").await.ok();
        assert!(
            page.html().contains("9.00 tot 17.00 uur"),
            "{}",
            page.html()
        );
        // Who writes it down has looked at it.
        let due = anja.get("/beheer/organisaties?werk=nakijken").await.ok();
        assert!(!due.html().contains("De Breiclub"));
        let unseen = anja.form(new).await.with("naam", "Nog niet gebeld");
        let unseen = unseen
            .with("samenvatting", "Wij weten dit nog niet zeker.")
            .with("telefoon", "0570 123456")
            .with("themas", "ontmoeten")
            .with("nagekeken", "")
            .with("doen", "online");
        onward(&anja.submit(new, &unseen).await);
        let due = anja.get("/beheer/organisaties?werk=nakijken").await.ok();
        assert!(due.html().contains("Nog niet gebeld"));
        let odd = form
            .with("openingstijden", "meestal wel")
            .with("doen", "online");
        let refused = anja.submit(path, &odd).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.attribute("#openingstijden", "value"), "meestal wel");
        let form = anja
            .form("/beheer/activiteiten/nieuw")
            .await
            .with("titel", "Breien")
            .with("samenvatting", "Kom breien.")
            .with("organisatie", "De Breiclub")
            .with("plek", "Huis Eigen")
            .with("themas", "ontmoeten")
            .with("moment-0-dag", "3-12-2026")
            .with("moment-0-van", "10.00 uur")
            .with("moment-0-herhaal", "week")
            .with("moment-0-einde", "op")
            .with("moment-0-laatste", "31/12/2026")
            .with("doen", "online");
        onward(&anja.submit("/beheer/activiteiten/nieuw", &form).await);
        let form = anja.form("/beheer/activiteiten/breien").await;
        assert_eq!(form.value("moment-0-dag"), "2026-12-03");
        assert_eq!(form.value("moment-0-laatste"), "2026-12-31");
    });
}

#[test]
fn what_the_second_did_not_touch_is_as_the_first_made_it() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let mut bert = signed_in(&portal, editor("Bert")).await;
        let path = "/beheer/organisaties/eigen";
        let of_bert = bert.form(path).await.with("samenvatting", "Van Bert.");
        let of_bert = of_bert.with("doen", "bewaar");
        for (field, value) in [("telefoon", "0570 333444"), ("naam", "Eigen huis")] {
            let of_anja = anja.form(path).await.with(field, value);
            onward(&anja.submit(path, &of_anja.with("doen", "bewaar")).await);
        }
        let refused = bert.submit(path, &of_bert).await;
        assert_eq!(refused.status, 422);
        assert_eq!(
            refused.texts(".beheer-errors dt"),
            ["Wat doet deze organisatie voor bewoners?"]
        );
        let form = Filled(refused.form("#form")).with("doen", "bewaar");
        assert_eq!(form.value("telefoon"), "0570 333444");
        onward(&bert.submit(path, &form).await);
        // A double click makes nothing different, also when all was checked.
        let checked = bert.form(path).await.with("nagekeken", "ja");
        let checked = checked.with("doen", "bewaar");
        onward(&bert.submit(path, &checked).await);
        let versions = portal.count("audit_log").await;
        for again in [&form, &checked] {
            onward(&bert.submit(path, again).await);
        }
        assert_eq!(portal.count("audit_log").await, versions);
        let now = anja.form(path).await;
        for (field, value) in [
            ("telefoon", "0570 333444"),
            ("naam", "Eigen huis"),
            ("samenvatting", "Van Bert."),
        ] {
            assert_eq!(now.value(field), value);
        }
    });
}

#[test]
fn the_second_to_save_sees_what_the_first_changed() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let mut bert = signed_in(&portal, editor("Bert")).await;
        let path = "/beheer/activiteiten/koffie-eigen";
        let of_anja = anja
            .form(path)
            .await
            .with("samenvatting", "Wat Anja schreef.")
            .with("doen", "bewaar");
        let of_bert = bert
            .form(path)
            .await
            .with("samenvatting", "Wat Bert schreef.")
            .with("doen", "bewaar");
        onward(&anja.submit(path, &of_anja).await);
        let refused = bert.submit(path, &of_bert).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.texts(".beheer-errors del"), ["Anja"]);
        assert_eq!(refused.texts(".beheer-errors ins"), ["Bert"]);
        let kept = Filled(refused.form("#form"));
        assert_eq!(
            kept.value("samenvatting"),
            "Wat Bert schreef.",
            "nothing is lost"
        );
        assert!(
            portal
                .get("/activiteiten/koffie-eigen")
                .await
                .html()
                .contains("Wat Anja schreef.")
        );
        // Who saves once more knows what goes.
        onward(&bert.submit(path, &kept.with("doen", "bewaar")).await);
        portal.turn().await;
        assert!(
            portal
                .get("/activiteiten/koffie-eigen")
                .await
                .html()
                .contains("Wat Bert schreef.")
        );
        let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
        assert_eq!(
            history.texts(".beheer-history h2").len(),
            3,
            "both versions and the first"
        );
    });
}

#[test]
fn an_old_version_is_put_back_and_the_one_between_is_kept() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let path = "/beheer/organisaties/eigen";
        let first = anja.form(path).await;
        let wrong = first
            .clone()
            .with("samenvatting", "Helemaal fout.")
            .with("telefoon", "")
            .with("doen", "bewaar");
        onward(&anja.submit(path, &wrong).await);
        let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
        let labels = history.texts(".beheer-history li:first-child dt");
        assert_eq!(
            labels,
            ["Wat doet deze organisatie voor bewoners?", "Telefoonnummer"]
        );
        assert!(
            history
                .one(".beheer-history li:first-child div > p")
                .contains("Anja: veranderd")
        );
        let back = history.form(".beheer-history li:last-child form");
        let back: Vec<(&str, &str)> = back.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let done = anja.post(&format!("{path}/terugzetten"), &back).await;
        assert_eq!(onward(&done), format!("{path}?gedaan=teruggezet"));
        let now = anja.form(path).await;
        assert_eq!(now.value("samenvatting"), first.value("samenvatting"));
        assert_eq!(now.value("telefoon"), first.value("telefoon"));
        let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
        assert_eq!(history.texts(".beheer-history > li").len(), 3);
        // Sent from a page that is older than what is there now: refused, nothing changed.
        let stale = anja.post(&format!("{path}/terugzetten"), &back).await;
        assert_eq!(onward(&stale), format!("{path}?gedaan=ingehaald"));
    });
}

#[test]
fn a_provider_proposes_and_an_editor_approves() {
    run(async {
        let mut portal = two_organisations().await;
        let mut provider = signed_in(
            &portal,
            Staff::new("Piet", Role::Provider).organisation("eigen"),
        )
        .await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let list = provider.get("/beheer/organisaties").await.ok();
        assert_eq!(list.texts("tbody th a"), ["Eigen"], "others do not exist");
        let path = "/beheer/organisaties/eigen";
        let form = provider
            .form(path)
            .await
            .with("samenvatting", "Nieuw en beter.")
            .with("doen", "online");
        let sent = provider.submit(path, &form).await;
        assert_eq!(onward(&sent), format!("{path}?gedaan=gestuurd"));
        portal.turn().await;
        let page = portal.get("/organisaties/eigen").await.ok();
        assert!(
            !page.html().contains("Nieuw en beter."),
            "the approved version stays"
        );
        assert_eq!(
            provider
                .post(&format!("{path}/voorstel/goedkeuren"), &[])
                .await
                .status,
            403
        );
        let waiting = anja.get("/beheer/organisaties?werk=voorstel").await.ok();
        assert_eq!(waiting.texts("tbody th a"), ["Eigen"]);
        let shown = anja.get(path).await.ok();
        assert!(shown.one(".beheer-box h2").contains("Piet"));
        // Who proposes is not asked to judge, nor offered what is not theirs.
        let desk = provider.get("/beheer").await.ok();
        assert!(desk.html().contains("Uw voorstellen die nog wachten"));
        let list = provider.get("/beheer/organisaties").await.ok();
        assert_eq!(list.texts("#samen > button"), ["Klopt nog"]);
        // Enter shows what it would be, and sends nothing.
        let page = provider.get(path).await.ok();
        assert_eq!(page.attribute("#form > [aria-hidden]", "value"), "bekijk");
        // In the history it was proposed, and is not what there is now.
        let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
        let rows = history.texts(".beheer-history > li");
        assert!(rows[0].contains("wijziging voorgesteld"), "{rows:?}");
        assert!(!rows[0].contains("Dit is de versie van nu"), "{rows:?}");
        assert!(rows[0].contains("Neem dit voorstel over"), "{rows:?}");
        assert!(rows[1].contains("Dit is de versie van nu"), "{rows:?}");
        let approved = anja.press(path, "/voorstel/goedkeuren").await;
        assert_eq!(onward(&approved), format!("{path}?gedaan=goedgekeurd"));
        let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
        let now = &history.texts(".beheer-history > li")[0];
        assert!(now.contains("Dit is de versie van nu"), "{now}");
        assert!(now.contains("beter."), "what it changed: {now}");
        portal.turn().await;
        assert!(
            portal
                .get("/organisaties/eigen")
                .await
                .html()
                .contains("Nieuw en beter.")
        );
        assert!(
            portal
                .get("/zoeken?q=beter")
                .await
                .hits()
                .contains(&"organisation:eigen".to_owned())
        );
        assert_eq!(portal.count("proposals").await, 0);
    });
}

#[test]
fn what_a_provider_adds_is_nowhere_until_it_is_approved() {
    run(async {
        let mut portal = two_organisations().await;
        let staff = Staff::new("Piet", Role::Provider).organisation("eigen");
        let mut provider = signed_in(&portal, staff).await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let form = provider
            .form("/beheer/activiteiten/nieuw")
            .await
            .with("titel", "Geheim plan")
            .with("samenvatting", "Nog niet.")
            .with("organisatie", "Eigen")
            .with("themas", "ontmoeten")
            .with("doen", "online");
        let sent = provider.submit("/beheer/activiteiten/nieuw", &form).await;
        assert_eq!(
            onward(&sent),
            "/beheer/activiteiten/geheim-plan?gedaan=online"
        );
        portal.turn().await;
        assert_eq!(portal.get("/activiteiten/geheim-plan").await.status, 404);
        for public in [
            "/zoeken?q=geheim+plan",
            "/sitemap.xml",
            "/organisaties/eigen",
            "/zoeken/suggesties?q=geheim",
        ] {
            assert!(
                !portal.get(public).await.html().contains("geheim-plan"),
                "{public}"
            );
        }
        // What changes after it was looked at is not made public by who looked.
        let plan = "/beheer/activiteiten/geheim-plan";
        let seen = anja.button(plan, "/online").await;
        let other = provider.form(plan).await.with("samenvatting", "Stiekem.");
        onward(&provider.submit(plan, &other.with("doen", "stuur")).await);
        let late = anja.submit(&format!("{plan}/online"), &seen).await;
        assert_eq!(onward(&late), format!("{plan}?gedaan=ingehaald"));
        // Not for another organisation, whatever the form says.
        let theirs = form
            .with("organisatie", "Ander")
            .with("token", &uuid::Uuid::now_v7().to_string());
        let refused = provider.submit("/beheer/activiteiten/nieuw", &theirs).await;
        assert_eq!(refused.status, 422);
        assert!(refused.one(".beheer-errors").contains("valt buiten"));
    });
}

#[test]
fn a_proposal_that_was_overtaken_is_not_approved_unseen() {
    run(async {
        let portal = two_organisations().await;
        let mut provider = signed_in(
            &portal,
            Staff::new("Piet", Role::Provider).organisation("eigen"),
        )
        .await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let path = "/beheer/organisaties/eigen";
        let form = provider
            .form(path)
            .await
            .with("samenvatting", "Van Piet.")
            .with("doen", "stuur");
        onward(&provider.submit(path, &form).await);
        let approve = "/voorstel/goedkeuren";
        let to = format!("{path}{approve}");
        // What she saw is no longer what there is: the record changed, then the proposal.
        let seen = anja.button(path, approve).await;
        let own = anja
            .form(path)
            .await
            .with("telefoon", "0570 999999")
            .with("doen", "bewaar");
        onward(&anja.submit(path, &own).await);
        let late = anja.submit(&to, &seen).await;
        assert_eq!(onward(&late), format!("{path}?gedaan=ingehaald"));
        let seen = anja.button(path, approve).await;
        // Who proposed it goes on with what changed since, and has nothing to choose.
        let form = provider.form(path).await;
        assert_eq!(form.value("samenvatting"), "Van Piet.");
        assert_eq!(form.value("telefoon"), "0570 999999");
        let form = form.with("samenvatting", "Van Piet zelf.");
        onward(&provider.submit(path, &form.with("doen", "stuur")).await);
        for unseen in [seen, Filled(Vec::new())] {
            let late = anja.submit(&to, &unseen).await;
            assert_eq!(onward(&late), format!("{path}?gedaan=ingehaald"));
        }
        // The proposal is what its maker made different, over what is there now.
        let page = anja.get(path).await.ok();
        assert_eq!(
            page.texts(".beheer-box dt"),
            ["Wat doet deze organisatie voor bewoners?"]
        );
        let on_time = anja.press(path, approve).await;
        assert_eq!(onward(&on_time), format!("{path}?gedaan=goedgekeurd"));
        let form = anja.form(path).await;
        assert_eq!(form.value("samenvatting"), "Van Piet zelf.");
        assert_eq!(form.value("telefoon"), "0570 999999");
        // What is thrown away is gone.
        let form = provider.form(path).await.with("samenvatting", "Anders.");
        onward(&provider.submit(path, &form.with("doen", "stuur")).await);
        let gone = anja.post(&format!("{path}/voorstel/weggooien"), &[]).await;
        assert_eq!(onward(&gone), format!("{path}?gedaan=weggegooid"));
        assert_eq!(portal.count("proposals").await, 0);
    });
}

#[test]
fn what_was_to_go_online_is_not_called_done_when_it_did_not() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let mut bert = signed_in(&portal, editor("Bert")).await;
        let path = "/beheer/organisaties/eigen";
        onward(&anja.post(&format!("{path}/offline"), &[]).await);
        let of_bert = bert.form(path).await.with("telefoon", "0570 333444");
        let of_anja = anja.form(path).await.with("telefoon", "0570 333444");
        onward(&anja.submit(path, &of_anja.with("doen", "bewaar")).await);
        let late = bert.submit(path, &of_bert.with("doen", "online")).await;
        assert_eq!(late.status, 422);
        assert!(late.one(".beheer-errors").contains("Kies nog eens"));
        let again = Filled(late.form("#form")).with("doen", "online");
        let done = bert.submit(path, &again).await;
        assert_eq!(onward(&done), format!("{path}?gedaan=online"));
    });
}

/// What is said of a record is for who works on it; what became of a proposal is told to its maker.
#[test]
fn a_reviewer_says_what_should_be_better_and_it_is_settled() {
    run(async {
        let portal = two_organisations().await;
        let staff = Staff::new("Piet", Role::Provider).organisation("eigen");
        let mut piet = signed_in(&portal, staff).await;
        let staff = Staff::new("Bep", Role::Reviewer).theme("ontmoeten");
        let mut bep = signed_in(&portal, staff).await;
        let mut lia = signed_in(&portal, Staff::new("Lia", Role::Reader)).await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let path = "/beheer/organisaties/eigen";
        let say = format!("{path}/opmerkingen");
        let form = piet.form(path).await.with("samenvatting", "Van Piet.");
        onward(&piet.submit(path, &form.with("doen", "stuur")).await);
        let text = "Kan dit <b>korter</b>?\r\nEn welke dag?";
        let said = bep.post(&say, &[("opmerking", text)]).await;
        assert_eq!(onward(&said), format!("{path}?gedaan=opmerking"));
        for empty in ["", "  ", &"x".repeat(1001)] {
            let refused = bep.post(&say, &[("opmerking", empty)]).await;
            assert_eq!(onward(&refused), format!("{path}?gedaan=geen-opmerking"));
        }
        assert_eq!(lia.post(&say, &[("opmerking", "x")]).await.status, 403);
        for reads in [&mut piet, &mut anja, &mut lia] {
            let page = reads.get(path).await.ok();
            let said = page.one(".beheer-remark");
            assert!(
                said.contains("Bep") && said.contains("<b>korter</b>?"),
                "{said}"
            );
        }
        let public = portal.get("/organisaties/eigen").await.ok();
        assert!(!public.html().contains("korter"));
        let desk = piet.get("/beheer").await.ok();
        assert!(desk.html().contains("/beheer/alles?werk=opmerking"));
        let waits = anja.get("/beheer/alles?werk=opmerking").await.ok();
        assert_eq!(waits.texts("tbody th a"), ["Eigen"]);
        // Who reviews another theme is not asked to look.
        let staff = Staff::new("Els", Role::Reviewer).theme("geld");
        let mut els = signed_in(&portal, staff).await;
        for (who, count) in [(&mut bep, 1), (&mut els, 0)] {
            let desk = who.get("/beheer").await.ok();
            let asked = desk.html().matches("werk=voorstel").count();
            let list = who.get("/beheer/alles?werk=voorstel").await.ok();
            assert_eq!((asked, list.elements("tbody th a").len()), (count, count));
        }
        let own = bep.get("/beheer/alles?werk=opmerking").await.ok();
        assert!(!own.has("tbody th a"), "one's own");
        // Who proposes settles no remark of another; on another record there is none.
        let id = anja
            .get(path)
            .await
            .ok()
            .attribute("[name=nummer]", "value");
        assert!(!piet.get(path).await.ok().has("[name=nummer]"));
        for (who, record) in [(&mut piet, path), (&mut anja, "/beheer/organisaties/ander")] {
            let done = format!("{record}/opmerkingen/klaar");
            who.post(&done, &[("nummer", &id)]).await;
        }
        assert!(anja.get(path).await.ok().has(".beheer-remark"));
        let done = anja
            .post(&format!("{path}/opmerkingen/klaar"), &[("nummer", &id)])
            .await;
        assert_eq!(onward(&done), format!("{path}?gedaan=afgehandeld"));
        assert!(!anja.get(path).await.ok().has(".beheer-remark"));
        let history = anja.get(&format!("{path}/geschiedenis")).await.ok();
        assert!(history.html().contains("opmerking afgehandeld"));
        assert!(
            !history.html().contains("korter"),
            "what was said is not kept"
        );

        // Thrown away, with the reason; then approved.
        let why = [("reden", "Bel eerst even.")];
        onward(&anja.post(&format!("{path}/voorstel/weggooien"), &why).await);
        assert!(
            piet.get(path)
                .await
                .ok()
                .one(".beheer-remark")
                .contains("Bel eerst even.")
        );
        let form = piet.form(path).await.with("samenvatting", "Van Piet zelf.");
        onward(&piet.submit(path, &form.with("doen", "stuur")).await);
        onward(&anja.press(path, "/voorstel/goedkeuren").await);
        let mails: Vec<(String, String)> =
            sqlx::query_as("select recipient, body from mails order by id")
                .fetch_all(&portal.pool)
                .await
                .unwrap();
        let [(first, refused), (second, approved)] = &mails[..] else {
            panic!("{mails:?}")
        };
        assert_eq!((first.as_str(), second), ("piet@wijzer.test", first));
        assert!(refused.contains("niet overgenomen"), "{refused}");
        assert!(
            refused.ends_with("Anja schreef erbij:\n\nBel eerst even."),
            "{refused}"
        );
        assert!(approved.ends_with("/organisaties/eigen"), "{approved}");
    });
}

#[test]
fn who_proposes_again_builds_on_what_waits() {
    run(async {
        let mut portal = two_organisations().await;
        let staff = Staff::new("Piet", Role::Provider).organisation("eigen");
        let mut piet = signed_in(&portal, staff).await;
        let staff = Staff::new("Pia", Role::Provider).organisation("eigen");
        let mut pia = signed_in(&portal, staff).await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let path = "/beheer/activiteiten/koffie-eigen";
        let began_before = pia.form(path).await.with("kosten", "Een euro.");
        let form = piet.form(path).await.with("samenvatting", "Van Piet.");
        onward(&piet.submit(path, &form.with("doen", "stuur")).await);
        // From the list, on one date, and in the form again: each adds to it.
        let many = [
            ("slug", "koffie-eigen"),
            ("doen", "thema"),
            ("thema", "geld"),
        ];
        let done = piet.post("/beheer/activiteiten/samen", &many).await.ok();
        assert!(done.html().contains("Koffie Eigen"));
        let date = format!("{path}/keren/0-20261201T1000");
        let form = piet.form(&date).await;
        let form = form.with("wat", "cancelled").with("reden", "Feest.");
        onward(&piet.submit(&date, &form).await);
        let form = piet.form(path).await;
        assert_eq!(form.value("samenvatting"), "Van Piet.");
        let form = form.with("titel", "Koffie met Piet").with("doen", "stuur");
        onward(&piet.submit(path, &form).await);

        // Who began before that sees it, and chooses.
        let late = pia.submit(path, &began_before.with("doen", "stuur")).await;
        assert_eq!(late.status, 422);
        assert_eq!(late.one("#ingehaald-kop"), "Iemand anders was u voor");
        let (mut chosen, mut theirs) = (Filled(late.form("#form")), pia.form(path).await);
        assert_eq!(chosen.value("kosten"), "Een euro.");
        assert_eq!(theirs.value("titel"), "Koffie met Piet");
        chosen = chosen.with("titel", "Koffie met Piet en Pia");
        onward(&pia.submit(path, &chosen.with("doen", "stuur")).await);
        theirs = anja.form(path).await;
        assert_eq!(
            theirs.value("titel"),
            "Koffie Eigen",
            "an editor has what is public"
        );

        onward(&anja.press(path, "/voorstel/goedkeuren").await);
        portal.turn().await;
        let page = portal.get("/activiteiten/koffie-eigen").await.ok();
        assert_eq!(page.one("h1"), "Koffie met Piet en Pia");
        assert!(page.html().contains("Feest."));
    });
}

#[test]
fn an_agenda_editor_stays_within_own_zones() {
    run(async {
        let portal = two_organisations().await;
        let mut agenda = signed_in(
            &portal,
            Staff::new("Vera", Role::AgendaEditor).zone("voorstad"),
        )
        .await;
        let own = "/beheer/activiteiten/koffie-eigen";
        let form = agenda
            .form(own)
            .await
            .with("samenvatting", "Gezellig.")
            .with("doen", "bewaar");
        assert_eq!(
            onward(&agenda.submit(own, &form).await),
            format!("{own}?gedaan=online")
        );
        // Not out of the zone, and not in a zone that is not theirs.
        let moved = agenda
            .form(own)
            .await
            .with("plek", "Huis Ander")
            .with("doen", "bewaar");
        let refused = agenda.submit(own, &moved).await;
        assert_eq!(refused.status, 422);
        assert!(refused.one(".beheer-errors").contains("valt buiten"));
        let other = "/beheer/activiteiten/koffie-ander";
        assert!(!agenda.get(other).await.ok().has("#form"), "to be read");
        assert_eq!(agenda.post(other, &[("versie", "1")]).await.status, 403);
        assert_eq!(agenda.get("/beheer/organisaties/nieuw").await.status, 403);
    });
}

/// ASVS 8.2.3: fields that the form does not have are not read.
#[test]
fn what_is_added_to_a_form_by_hand_changes_nothing() {
    run(async {
        let portal = two_organisations().await;
        let mut provider = signed_in(
            &portal,
            Staff::new("Piet", Role::Provider).organisation("eigen"),
        )
        .await;
        let path = "/beheer/activiteiten/koffie-eigen";
        let mut form = provider
            .form(path)
            .await
            .with("samenvatting", "Van Piet.")
            .with("doen", "online");
        for (name, value) in [
            ("state", "published"),
            ("slug", "gekaapt"),
            ("id", "0"),
            ("version", "99"),
            ("provenance", "source"),
            ("role", "administrator"),
            ("organisation", "ander"),
            ("actor", "import"),
        ] {
            form = form.with(name, value);
        }
        assert_eq!(
            onward(&provider.submit(path, &form).await),
            format!("{path}?gedaan=gestuurd")
        );
        let content: String = sqlx::query_scalar("select content::text from proposals")
            .fetch_one(&portal.pool)
            .await
            .unwrap();
        assert!(
            content.contains("Van Piet.")
                && !content.contains("gekaapt")
                && !content.contains("ander\""),
            "{content}"
        );
        assert!(
            !portal
                .get("/activiteiten/koffie-eigen")
                .await
                .html()
                .contains("Van Piet.")
        );
    });
}

/// F17: whatever is typed comes back as text, on every page and in every form.
#[test]
fn what_people_type_is_never_code() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let evil = "\"><svg onload=alert(1)></script><!--";
        let path = "/beheer/organisaties/eigen";
        let mut form = anja.form(path).await;
        for name in ["naam", "samenvatting", "bron"] {
            form = form.with(name, evil);
        }
        onward(
            &anja
                .submit(path, &form.clone().with("doen", "bewaar"))
                .await,
        );
        for (name, value) in [
            ("website", "javascript:alert(1)"),
            ("website", "\tjavascript:alert(1)"),
            ("website", "data:text/html,x"),
            ("email", "a@b.nl?bcc=x@y.nl"),
            ("telefoon", "0570<script>"),
            ("openingstijden", "<script>"),
            ("plek", evil),
        ] {
            let page = anja
                .submit(
                    path,
                    &form
                        .clone()
                        .with(name, value)
                        .with("doen", "bewaar")
                        .with("versie", "2"),
                )
                .await;
            assert_eq!(page.status, 422, "{name} {value}");
            assert!(page.has(&format!("#{name}-fout")), "{name} {value}");
            assert!(
                !page.html().contains("<svg onload") && !page.html().contains("<script>"),
                "{name} {value}"
            );
        }
        portal.turn().await;
        for page in [
            path,
            "/beheer/organisaties",
            "/beheer/organisaties/eigen/geschiedenis",
            "/beheer/activiteiten/nieuw",
            "/beheer/logboek",
            "/organisaties/eigen",
            "/organisaties",
            "/activiteiten/koffie-eigen",
            "/wijken/voorstad/agenda",
            "/zoeken?q=svg",
            "/agenda.atom",
        ] {
            let page = anja.get(page).await.ok();
            assert!(
                !page.html().contains("<svg onload") && !page.html().contains("alert(1)></script>"),
                "{}",
                page.path
            );
        }
    });
}

#[test]
fn a_list_is_found_in_ordered_and_paged() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        for number in 0..120 {
            portal
                .keep(&OrganisationBuilder::new(&format!("Club {number:03}")).published())
                .await;
        }
        portal.turn().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        for order in ["", "naam", "controle"] {
            let mut path = format!("/beheer/organisaties?volgorde={order}&q=club");
            let mut seen = Vec::new();
            loop {
                let page = anja.get(&path).await.ok();
                seen.extend(page.texts("tbody th a"));
                match page.attributes(".beheer-actions a", "href").pop() {
                    Some(next) => path = next,
                    None => break,
                }
            }
            assert_eq!(seen.len(), 120, "{order}");
            let mut once = seen.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), 120, "{order}");
            if order == "naam" {
                assert_eq!(seen, once);
            }
        }
        for (query, expected) in [
            ("q=CLUB+007", 1),
            ("q=%25", 0),
            ("q=_", 0),
            ("staat=draft", 0),
            ("q=%27%22%3B--", 0),
        ] {
            let page = anja
                .get(&format!("/beheer/organisaties?{query}"))
                .await
                .ok();
            assert_eq!(page.texts("tbody th a").len(), expected, "{query}");
        }
    });
}

#[test]
fn what_was_typed_is_kept_for_who_typed_it() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let mut bert = signed_in(&portal, editor("Bert")).await;
        let path = "/beheer/activiteiten/koffie-eigen";
        let typed = anja
            .form(path)
            .await
            .with("samenvatting", "Halverwege een zin")
            .with("moment-0-van", "11:00");
        let kept = anja.submit(&format!("{path}/onaf"), &typed).await;
        assert_eq!(kept.status, 204);
        assert!(
            !portal
                .get("/activiteiten/koffie-eigen")
                .await
                .html()
                .contains("Halverwege")
        );
        let offered = anja.get(path).await.ok();
        assert!(offered.one("#onaf-kop").contains("nog bezig"));
        assert_ne!(
            Filled(offered.form("#form")).value("samenvatting"),
            "Halverwege een zin"
        );
        assert!(
            !bert.get(path).await.ok().has("#onaf-kop"),
            "for nobody else"
        );
        let on = anja.get(&format!("{path}?verder=ja")).await.ok();
        let on = Filled(on.form("#form"));
        assert_eq!(on.value("samenvatting"), "Halverwege een zin");
        assert_eq!(on.value("moment-0-van"), "11:00");
        // What others saved meanwhile is not overwritten unseen.
        let other = bert
            .form(path)
            .await
            .with("samenvatting", "Van Bert")
            .with("doen", "bewaar");
        onward(&bert.submit(path, &other).await);
        let on = Filled(
            anja.get(&format!("{path}?verder=ja"))
                .await
                .ok()
                .form("#form"),
        );
        let refused = anja.submit(path, &on.with("doen", "bewaar")).await;
        assert_eq!(refused.status, 422);
        let sure = Filled(refused.form("#form")).with("doen", "bewaar");
        onward(&anja.submit(path, &sure).await);
        assert_eq!(
            portal.count("unfinished_forms").await,
            0,
            "saved is finished"
        );
        // A new record, thrown away.
        let new = "/beheer/organisaties/nieuw";
        let typed = anja.form(new).await.with("naam", "Half");
        assert_eq!(
            anja.submit(&format!("{new}/onaf"), &typed).await.status,
            204
        );
        assert!(anja.get(new).await.ok().has("#onaf-kop"));
        let on = Filled(
            anja.get(&format!("{new}?verder=ja"))
                .await
                .ok()
                .form("#form"),
        );
        assert_eq!(on.value("naam"), "Half");
        onward(&anja.post(&format!("{new}/onaf/weg"), &[]).await);
        assert!(!anja.get(new).await.ok().has("#onaf-kop"));
        let long = typed.with("samenvatting", &"lang ".repeat(30_000));
        assert_eq!(anja.submit(&format!("{new}/onaf"), &long).await.status, 413);
    });
}

#[test]
fn who_was_signed_out_gets_the_form_back() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let path = "/beheer/organisaties/eigen";
        let form = anja
            .form(path)
            .await
            .with("samenvatting", "Lang \"over\" <nagedacht>")
            .with("doen", "bewaar");
        let mut away = anja.clone();
        away.cookie = None;
        let back = away.submit(path, &form).await;
        assert_eq!(back.status, 422);
        assert_eq!(back.one("h1"), "U bent uitgelogd");
        let again = Filled(back.form("main form"));
        assert_eq!(again.value("samenvatting"), "Lang \"over\" <nagedacht>");
        assert_eq!(
            onward(&anja.submit(path, &again).await),
            format!("{path}?gedaan=online")
        );
        let secret = away
            .post(
                "/beheer/mijn-account/wachtwoord",
                &[("huidig", "geheim1"), ("wachtwoord", "geheim2")],
            )
            .await;
        assert!(!secret.html().contains("geheim"));
    });
}

#[test]
fn many_are_done_at_once_and_what_fails_is_told() {
    run(async {
        let portal = two_organisations().await;
        let mut agenda = signed_in(
            &portal,
            Staff::new("Vera", Role::AgendaEditor).zone("voorstad"),
        )
        .await;
        let list = agenda.get("/beheer/activiteiten").await.ok();
        assert_eq!(list.attributes("[name=slug]", "value").len(), 2);
        let both = [
            ("slug", "koffie-eigen"),
            ("slug", "koffie-ander"),
            ("slug", "bestaat-niet"),
            ("slug", "../x"),
            ("doen", "offline"),
        ];
        let page = agenda.post("/beheer/activiteiten/samen", &both).await.ok();
        assert_eq!(page.texts(".beheer-rows a"), ["Koffie Eigen"]);
        assert_eq!(
            page.texts(".beheer-errors li"),
            [
                "koffie-ander: dit mag u niet met uw rol",
                "bestaat-niet: dit is er niet"
            ]
        );
        assert_eq!(portal.get("/activiteiten/koffie-eigen").await.status, 404);
        assert_eq!(portal.get("/activiteiten/koffie-ander").await.status, 200);
        let none = agenda
            .post("/beheer/activiteiten/samen", &[("doen", "klopt")])
            .await
            .ok();
        assert!(none.html().contains("Vink eerst aan"));
    });
}

#[test]
fn who_has_the_address_of_what_is_gone_is_led_on() {
    run(async {
        let mut portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let path = "/beheer/organisaties/eigen";
        let unknown = anja
            .post(&format!("{path}/offline"), &[("naar", "Bestaat niet")])
            .await;
        assert_eq!(onward(&unknown), format!("{path}?gedaan=onbekende-naam"));
        assert_eq!(portal.get("/organisaties/eigen").await.status, 200);
        let done = anja
            .post(&format!("{path}/offline"), &[("naar", "ander")])
            .await;
        assert_eq!(onward(&done), format!("{path}?gedaan=offline"));
        portal.turn().await;
        let old = portal.get("/organisaties/eigen").await;
        assert_eq!(
            (old.status.as_u16(), old.header("location")),
            (301, "/organisaties/ander")
        );
        assert_eq!(
            portal.get("/activiteiten/koffie-eigen").await.status,
            404,
            "with it goes what it offers"
        );
        let back = anja.press(path, "/online").await;
        assert_eq!(onward(&back), format!("{path}?gedaan=online"));
        portal.turn().await;
        assert_eq!(portal.get("/organisaties/eigen").await.status, 200);
    });
}

#[test]
fn only_an_administrator_removes_for_good_and_says_why() {
    run(async {
        let portal = two_organisations().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let mut admin = signed_in(&portal, Staff::new("Beheer", Role::Administrator)).await;
        let activity = "/beheer/activiteiten/koffie-eigen";
        let organisation = "/beheer/organisaties/eigen";
        assert!(
            !anja
                .get(activity)
                .await
                .html()
                .contains("Verwijder voor altijd")
        );
        let why = [("reden", "Dubbel")];
        assert_eq!(
            anja.post(&format!("{activity}/verwijderen"), &why)
                .await
                .status,
            403
        );
        let silent = admin
            .post(&format!("{activity}/verwijderen"), &[("reden", " ")])
            .await;
        assert_eq!(onward(&silent), format!("{activity}?gedaan=reden"));
        let used = admin
            .post(&format!("{organisation}/verwijderen"), &why)
            .await;
        assert_eq!(onward(&used), format!("{organisation}?gedaan=in-gebruik"));
        let gone = admin.post(&format!("{activity}/verwijderen"), &why).await;
        assert_eq!(onward(&gone), "/beheer/activiteiten?gedaan=weg");
        assert_eq!(admin.get(activity).await.status, 404);
        assert_eq!(portal.get("/activiteiten/koffie-eigen").await.status, 404);
        let kept: String =
            sqlx::query_scalar("select content::text from audit_log where act = 'remove'")
                .fetch_one(&portal.pool)
                .await
                .unwrap();
        assert!(
            kept.contains("Dubbel") && kept.contains("Koffie Eigen"),
            "{kept}"
        );
    });
}

#[test]
fn the_desk_counts_what_waits_and_leads_to_it() {
    run(async {
        let mut portal = two_organisations().await;
        let over = ActivityBuilder::new("Voorbij", "Eigen")
            .at("Huis Eigen")
            .once("2026-11-20T10:00");
        portal.keep(&over.published()).await;
        let course = ActivityBuilder::new("Loopt nog", "Eigen")
            .weekly("2026-11-03T10:00", Some("2026-12-01"));
        portal.keep(&course.published()).await;
        portal
            .keep(&ActivityBuilder::new("Concept", "Eigen").draft())
            .await;
        portal.keep(&PlaceBuilder::new("Nergens").published()).await;
        let mut long = OrganisationBuilder::new("Lang").published();
        long.summary = "woord ".repeat(61);
        long.phone = None;
        long.upkeep.checked_at = Some("2025-11-01".parse().unwrap());
        portal.keep(&long).await;
        sqlx::query("update places set zone_id = null where slug = 'nergens'")
            .execute(&portal.pool)
            .await
            .unwrap();
        portal.turn().await;
        let mut anja = signed_in(&portal, editor("Anja")).await;
        let desk = anja.get("/beheer").await.ok();
        let rows = desk.texts("section:first-of-type .beheer-work__row");
        let expected = [
            "1 Concepten die nog niet online staan",
            "1 Langer dan een jaar niet nagekeken",
            "1 Activiteiten die voorbij zijn en nog online staan",
            "1 Organisaties zonder telefoon, mail of website",
            "1 Plekken buiten alle wijken en dorpen",
            "1 Teksten van meer dan 60 woorden",
        ];
        assert_eq!(rows, expected);
        let found = ["Concept", "Lang", "Voorbij", "Lang", "Nergens", "Lang"];
        let links = desk.attributes("section:first-of-type .beheer-work__row", "href");
        for (link, found) in links.iter().zip(found) {
            let list = anja.get(link).await.ok();
            assert_eq!(list.texts("tbody th a"), [found], "{link}");
        }
        // One click from the list says that it is right, and it is gone from the desk.
        let checked = anja.post("/beheer/organisaties/lang/klopt", &[]).await;
        assert_eq!(onward(&checked), "/beheer/organisaties/lang?gedaan=klopt");
        let desk = anja.get("/beheer").await.ok();
        assert_eq!(
            desk.texts("section:first-of-type .beheer-work__row").len(),
            5
        );
        assert!(
            desk.texts("section:last-of-type .beheer-work__row")
                .contains(&"0 Centrum".to_owned())
                || desk.html().contains("Centrum")
        );
    });
}

/// P11: the number of statements of a page is bounded, whatever the number of records.
#[test]
fn a_page_asks_the_database_six_times_at_most() {
    run(async {
        let portal = TestPortal::new(Template::Deventer).await;
        let id = Staff::new("Beheer", Role::Administrator)
            .registered(&portal.pool)
            .await;
        let mut admin = Browser::of(&portal, id).await;
        tracing::subscriber::set_global_default(Counter).expect("nobody else listens");
        admin.get("/beheer").await.ok();
        for path in [
            "/beheer",
            "/beheer/alles?q=a",
            "/beheer/alles?werk=nakijken",
            "/beheer/mijn-account",
            "/beheer/gebruikers",
            "/beheer/gebruikers/nieuw",
            "/beheer/mail",
            "/beheer/logboek",
            "/beheer/logboek/export?soort=zone",
            "/beheer/zoekmachine",
            "/beheer/mijn-account/sneltoetsen",
            "/beheer/lijsten/synoniemen/nieuw",
            "/beheer/organisaties",
            "/beheer/organisaties?q=a&volgorde=naam",
            "/beheer/organisaties/nieuw",
            "/beheer/organisaties/voedselbank-deventer",
            "/beheer/organisaties/voedselbank-deventer/geschiedenis",
            "/beheer/organisaties/voedselbank-deventer/foto",
            "/beheer/activiteiten",
            "/beheer/activiteiten/nieuw",
            "/beheer/activiteiten/koersbal-braakhekke",
            "/beheer/activiteiten/koersbal-braakhekke/geschiedenis",
            "/beheer/plekken/cultuurhuus-braakhekke",
            "/beheer/dossiers/dementie",
            "/beheer/vragen",
            "/beheer/wijken/bathmen",
            "/beheer/lijsten/afspraken",
            "/beheer/lijsten/afspraken/nieuw",
            "/beheer/lijsten/teksten",
            "/beheer/lijsten/noodwoorden",
            "/beheer/lijsten/oude-adressen",
            "/beheer/namen?soort=place&q=huis",
        ] {
            STATEMENTS.set(0);
            admin.get(path).await.ok();
            let asked = STATEMENTS.get();
            assert!((1..=6).contains(&asked), "{path}: {asked} statements");
        }
    });
}

thread_local! {
    /// Statements that this thread sent.
    static STATEMENTS: Cell<usize> = const { Cell::new(0) };
}

/// Counts the statements that are sent, as the database library reports them.
struct Counter;

impl tracing::Subscriber for Counter {
    fn enabled(&self, of: &tracing::Metadata<'_>) -> bool {
        of.target() == "sqlx::query"
    }
    fn event(&self, _: &tracing::Event<'_>) {
        STATEMENTS.set(STATEMENTS.get() + 1);
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}
