//! What comes of the items of a calendar, run after run.

use wijzer::catalogue::State;
use wijzer::catalogue::activities::{Kind, Status};
use wijzer::catalogue::calendar_sources::{Outcome, RemarkKind};
use wijzer::interchange::calendars::Consent;

use super::{calendar, draft, drafts, event, follow, follow_with, runs, sample, town};
use crate::support::builders::slug;
use crate::support::run;

#[test]
fn items_become_activities_with_a_page_and_stay_as_they_are() {
    run(async {
        let mut portal = town().await;
        let first = follow_with(&portal, &sample("wordpress"), Consent::default()).await;
        assert_eq!(
            first.to_string(),
            "4 registered, 0 revised, 0 unchanged, 0 withdrawn, 0 kept as edited here, 0 refused"
        );
        let music = draft(&portal, "muziek-samen-zingen-koffie").await;
        assert_eq!(music.organisation, slug("Buurthuis"));
        assert_eq!(
            music.place,
            Some(slug("Wijkhuis")),
            "a location that we know"
        );
        assert_eq!(music.themes, [slug("Ontmoeten")]);
        assert_eq!(
            music.upkeep.source_url,
            "https://example.org/evenement/samen-zingen/"
        );
        portal.turn().await;
        let page = portal
            .get("/activiteiten/muziek-samen-zingen-koffie")
            .await
            .ok();
        assert!(
            page.html().contains("zondag 29 november"),
            "{}",
            page.html()
        );
        assert_eq!(
            portal.search("samen zingen").await,
            ["activity:muziek-samen-zingen-koffie"]
        );
        let logged = portal.count("audit_log").await;
        let second = follow_with(&portal, &sample("wordpress"), Consent::default()).await;
        // What was over was not registered, and is not counted.
        assert_eq!(
            second.to_string(),
            "0 registered, 0 revised, 4 unchanged, 0 withdrawn, 0 kept as edited here, 0 refused"
        );
        assert_eq!(
            portal.count("audit_log").await,
            logged,
            "nothing was written"
        );
        assert_eq!(runs(&portal).await.len(), 2);
        // Nothing of people is kept.
        let all = format!("{:?} {:?}", drafts(&portal).await, runs(&portal).await);
        assert!(
            !all.contains("piet@") && !all.contains("Piet"),
            "an organiser is a person"
        );
    });
}

#[test]
fn our_own_calendar_says_the_same_dates() {
    run(async {
        let mut portal = town().await;
        follow_with(&portal, &sample("apple"), Consent::default()).await;
        portal.turn().await;
        let page = portal.get("/activiteiten/repetitie.ics").await.ok();
        let places = wijzer::interchange::calendars::Places::default();
        let reading =
            wijzer::interchange::calendars::read(&page.bytes, &places, super::now()).unwrap();
        let dates = |schedules: &[wijzer::catalogue::agenda::Schedule]| -> Vec<String> {
            let last = "2028-01-01".parse().unwrap();
            let of = |s| wijzer::catalogue::agenda::coming(s, &[], super::now(), last, 50);
            schedules
                .iter()
                .flat_map(of)
                .map(|date| format!("{} {:?}", date.start, date.end))
                .collect()
        };
        let ours = draft(&portal, "repetitie").await;
        assert_eq!(dates(&reading.items[0].schedules), dates(&ours.schedules));
        assert_eq!(dates(&ours.schedules).len(), 5);
    });
}

#[test]
fn slugs_are_of_the_title_once_and_for_all() {
    run(async {
        let portal = town().await;
        follow(
            &portal,
            &calendar(&[
                event("a", "Zingen"),
                event("b", "Zingen"),
                event("c", "日本"),
            ]),
        )
        .await;
        let slugs = async || -> Vec<String> {
            drafts(&portal)
                .await
                .into_iter()
                .map(|d| d.slug.into())
                .collect()
        };
        assert_eq!(slugs().await, ["activiteit", "zingen", "zingen-2"]);
        let renamed = calendar(&[
            event("b", "Dansen"),
            event("a", "Zingen"),
            event("c", "日本"),
        ]);
        let again = follow(&portal, &renamed).await;
        assert_eq!((again.registered, again.revised), (0, 1));
        assert_eq!(slugs().await, ["activiteit", "zingen", "zingen-2"]);
        assert_eq!(draft(&portal, "zingen-2").await.title, "Dansen");
    });
}

#[test]
fn what_an_item_says_goes_before_what_the_source_is_told() {
    run(async {
        let portal = town().await;
        let told = format!(
            "{}\r\nCATEGORIES:Samen eten,Geld\r\nLOCATION:Buurthuis de Brug (zaal 2)",
            event("a", "Soep")
        );
        let elsewhere = format!(
            "{}\r\nLOCATION:Sporthal\\, Voorbeeldweg 9\r\nDESCRIPTION:Neem schoenen mee.",
            event("b", "Gym")
        );
        follow(&portal, &calendar(&[told, elsewhere, event("c", "Praat")])).await;
        let soup = draft(&portal, "soep").await;
        assert_eq!((soup.kind, soup.themes), (Kind::Meal, vec![slug("Geld")]));
        assert_eq!(soup.place, Some(slug("Buurthuis de Brug")));
        let gym = draft(&portal, "gym").await;
        assert_eq!(
            (gym.place, gym.summary.as_str()),
            (None, "Neem schoenen mee. Waar: Sporthal, Voorbeeldweg 9.")
        );
        let talk = draft(&portal, "praat").await;
        assert_eq!(
            (talk.kind, talk.place),
            (Kind::Meeting, Some(slug("Wijkhuis")))
        );
    });
}

#[test]
fn what_is_gone_is_withdrawn_and_what_comes_back_is_public_again() {
    run(async {
        let mut portal = town().await;
        let both = calendar(&[event("a", "Zingen"), event("b", "Dansen")]);
        let one = calendar(&[event("b", "Dansen")]);
        follow(&portal, &both).await;
        let gone = follow(&portal, &one).await;
        assert_eq!((gone.withdrawn, gone.unchanged), (1, 1));
        assert_eq!(
            draft(&portal, "zingen").await.upkeep.state,
            State::Withdrawn
        );
        portal.turn().await;
        assert_eq!(portal.get("/activiteiten/zingen").await.status, 404);
        assert!(portal.search("zingen").await.is_empty());
        let still = follow(&portal, &one).await;
        assert_eq!((still.withdrawn, still.unchanged), (0, 1), "once");
        let back = follow(&portal, &both).await;
        assert_eq!((back.revised, back.registered, back.unchanged), (1, 0, 1));
        assert_eq!(
            draft(&portal, "zingen").await.upkeep.state,
            State::Published
        );
        portal.turn().await;
        portal.get("/activiteiten/zingen").await.ok();
    });
}

#[test]
fn what_is_called_off_says_so_and_is_not_registered_anew() {
    run(async {
        let portal = town().await;
        let off = |uid: &str, title: &str| format!("{}\r\nSTATUS:CANCELLED", event(uid, title));
        follow(
            &portal,
            &calendar(&[event("a", "Zingen"), off("b", "Nooit")]),
        )
        .await;
        assert_eq!(drafts(&portal).await.len(), 1);
        let run = follow(
            &portal,
            &calendar(&[event("a", "GEANNULEERD: Zingen"), off("b", "Nooit")]),
        )
        .await;
        assert_eq!(run.revised, 1);
        let song = draft(&portal, "zingen").await;
        assert_eq!(
            (song.status, song.title.as_str()),
            (Status::Cancelled, "Zingen")
        );
    });
}

#[test]
fn a_calendar_that_is_broken_or_emptied_changes_nothing() {
    run(async {
        let portal = town().await;
        let whole = calendar(&[event("a", "Zingen"), event("b", "Dansen")]);
        follow(&portal, &whole).await;
        let before = drafts(&portal).await;
        for (text, why) in [
            ("<html>Log in</html>", "not a calendar"),
            ("", "not a calendar"),
            (&whole[..whole.len() - 15], "breaks off"),
            (calendar(&[]).as_str(), "none of the 2 activities"),
            (
                calendar(&[event("x", "Zingen"), event("y", "Dansen")]).as_str(),
                "--all-gone",
            ),
        ] {
            let run = follow(&portal, text).await;
            assert_eq!(run.outcome, Outcome::Refused, "{why}");
            assert!(run.remarks[0].text.contains(why), "{}", run.remarks[0]);
            assert_eq!(drafts(&portal).await, before);
        }
        assert_eq!(runs(&portal).await.len(), 6, "each is reported");
        let consent = Consent {
            all_gone: true,
            ..Consent::default()
        };
        let run = follow_with(&portal, calendar(&[]).as_bytes(), consent).await;
        assert_eq!(run.withdrawn, 2, "somebody said that it is right");
    });
}

#[test]
fn an_item_that_is_refused_is_told_and_stands_in_nobodys_way() {
    run(async {
        let portal = town().await;
        follow(
            &portal,
            &calendar(&[event("a", "Zingen"), event("b", "Dansen")]),
        )
        .await;
        let broken = event("a", "Zingen").replace("T100000", "T990000");
        let run = follow(
            &portal,
            &calendar(&[broken, event("b", "Dansen in de zaal"), event("c", "")]),
        )
        .await;
        assert_eq!((run.refused, run.revised, run.withdrawn), (2, 1, 0));
        let said: Vec<String> = run.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(
            said[0],
            "refused, line 6, a: \"20261210T990000\" is not a date or time"
        );
        assert_eq!(said[1], "refused, line 15, c: it has no SUMMARY");
        assert!(
            run.remarks
                .iter()
                .all(|remark| remark.kind == RemarkKind::Refused)
        );
        assert_eq!(
            draft(&portal, "zingen").await.upkeep.state,
            State::Published
        );
    });
}

#[test]
fn a_dry_run_says_what_would_be_and_writes_nothing() {
    run(async {
        let portal = town().await;
        let text = calendar(&[event("a", "Zingen")]);
        let consent = Consent {
            dry_run: true,
            ..Consent::default()
        };
        assert_eq!(
            follow_with(&portal, text.as_bytes(), consent)
                .await
                .registered,
            1
        );
        assert!(drafts(&portal).await.is_empty() && runs(&portal).await.is_empty());
    });
}

#[test]
fn a_database_that_refuses_one_item_keeps_the_others() {
    run(async {
        let portal = town().await;
        let mut conn = portal.pool.acquire().await.unwrap();
        sqlx::query(
            "alter table activities add constraint activities_title_range check (title <> 'Zingen')",
        )
        .execute(&mut *conn)
        .await
        .unwrap();
        drop(conn);
        let run = follow(
            &portal,
            &calendar(&[event("a", "Zingen"), event("b", "Dansen")]),
        )
        .await;
        assert_eq!(
            (run.registered, run.refused, run.outcome),
            (1, 1, Outcome::Done)
        );
    });
}
