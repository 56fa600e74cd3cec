//! What was edited here goes before what the source says.

use wijzer::catalogue::State;
use wijzer::catalogue::activities::Draft;

use super::{calendar, draft, event, follow, town};
use crate::support::portal::TestPortal;
use crate::support::run;

async fn edit(portal: &TestPortal, slug: &str, change: impl FnOnce(&mut Draft)) {
    let mut edited = draft(portal, slug).await;
    change(&mut edited);
    portal.keep(&edited).await;
}

fn with_text(title: &str, text: &str) -> String {
    calendar(&[format!("{}\r\nDESCRIPTION:{text}", event("a", title))])
}

#[test]
fn fields_that_were_edited_stay_and_the_others_follow() {
    run(async {
        let portal = town().await;
        follow(&portal, &with_text("Zingen", "Voor iedereen.")).await;
        edit(&portal, "zingen", |draft| {
            draft.title = "Zingen in het koor".to_owned();
        })
        .await;
        let run = follow(&portal, &with_text("Zang", "Voor iedereen, ook beginners.")).await;
        let now = draft(&portal, "zingen").await;
        assert_eq!(now.title, "Zingen in het koor");
        assert_eq!(now.summary, "Voor iedereen, ook beginners.");
        assert_eq!((run.kept, run.revised), (1, 1));
        assert_eq!(
            run.remarks[0].to_string(),
            "kept, a: zingen was edited here and stays: title"
        );
        let again = follow(&portal, &with_text("Zang", "Voor iedereen, ook beginners.")).await;
        assert_eq!(
            (again.kept, again.revised, again.unchanged),
            (1, 0, 1),
            "it goes on saying so"
        );
        // The source comes to say the same: from then on it is followed again.
        follow(&portal, &with_text("Zingen in het koor", "Voor iedereen.")).await;
        let run = follow(&portal, &with_text("Koor", "Voor iedereen.")).await;
        assert_eq!(
            (run.kept, draft(&portal, "zingen").await.title.as_str()),
            (0, "Koor")
        );
    });
}

#[test]
fn dates_that_were_edited_stay() {
    run(async {
        let portal = town().await;
        follow(&portal, &calendar(&[event("a", "Zingen")])).await;
        edit(&portal, "zingen", |draft| {
            draft.schedules[0].duration_minutes = Some(90);
        })
        .await;
        let moved = event("a", "Zingen").replace("20261210", "20261217");
        let run = follow(&portal, &calendar(&[moved])).await;
        let schedule = &draft(&portal, "zingen").await.schedules[0];
        assert_eq!((schedule.duration_minutes, run.kept), (Some(90), 1));
        assert!(schedule.starts_at.to_string().starts_with("2026-12-10"));
    });
}

#[test]
fn the_way_to_the_public_is_ours() {
    run(async {
        let portal = town().await;
        follow(
            &portal,
            &calendar(&[event("a", "Zingen"), event("b", "Dansen")]),
        )
        .await;
        edit(&portal, "zingen", |draft| {
            draft.upkeep.state = State::Withdrawn;
        })
        .await;
        let run = follow(
            &portal,
            &calendar(&[event("a", "Zang"), event("b", "Dansen")]),
        )
        .await;
        assert_eq!(run.revised, 1);
        let song = draft(&portal, "zingen").await;
        assert_eq!(
            (song.upkeep.state, song.title.as_str()),
            (State::Withdrawn, "Zang")
        );
        // Gone and back: it was withdrawn here before, and stays so.
        follow(&portal, &calendar(&[event("b", "Dansen")])).await;
        follow(
            &portal,
            &calendar(&[event("a", "Zang"), event("b", "Dansen")]),
        )
        .await;
        assert_eq!(
            draft(&portal, "zingen").await.upkeep.state,
            State::Withdrawn
        );
    });
}

#[test]
fn what_was_edited_while_it_was_gone_does_not_come_back_by_itself() {
    run(async {
        let portal = town().await;
        let both = calendar(&[event("a", "Zingen"), event("b", "Dansen")]);
        follow(&portal, &both).await;
        follow(&portal, &calendar(&[event("b", "Dansen")])).await;
        edit(&portal, "zingen", |draft| {
            draft.status_note = "Gestopt".to_owned();
        })
        .await;
        let run = follow(&portal, &both).await;
        assert_eq!(
            draft(&portal, "zingen").await.upkeep.state,
            State::Withdrawn
        );
        assert_eq!(run.kept, 1);
        assert!(
            run.remarks[0].text.contains("upkeep.state"),
            "{}",
            run.remarks[0]
        );
    });
}
