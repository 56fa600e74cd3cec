//! How well the search finds, against the figures that were recorded.

use wijzer::search::ranking::PARTS;
use wijzer::search::{SearchRequest, evaluation};

use crate::support::portal::{TUESDAY, deventer};

/// The graded queries, and the figures below which this test fails: name, a tab, value.
const SETS: [(&str, &str, &str); 3] = [
    (
        "public",
        include_str!("../findability/public.tsv"),
        include_str!("../findability/public.recorded.tsv"),
    ),
    (
        "held out",
        include_str!("../findability/heldout.tsv"),
        include_str!("../findability/heldout.recorded.tsv"),
    ),
    (
        "blind",
        include_str!("../findability/blind.tsv"),
        include_str!("../findability/blind.recorded.tsv"),
    ),
];
/// So many of the sets have a say in what stays.
const TUNED: usize = 2;
/// Figures move by as much from day to day, because activities begin and end.
const SLACK: f64 = 0.0005;

#[tokio::test]
async fn the_search_finds_no_less_than_was_recorded() {
    let portal = deventer().await;
    for (set, judgments, recorded) in SETS {
        let judgments = evaluation::read(judgments).unwrap();
        let answer = |query: &str| portal.engine.answer(query, TUESDAY.local());
        let found = evaluation::evaluate(&judgments, answer).unwrap();
        println!("{set}\n{found}");
        for (name, value) in found.total.named() {
            let line = recorded
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
            let recorded: f64 = line
                .unwrap_or_else(|| panic!("{name} is not recorded"))
                .parse()
                .unwrap();
            // Without hits less is better; for all other figures more is.
            let holds = if name == "zero" {
                value <= recorded + SLACK
            } else {
                value >= recorded - SLACK
            };
            assert!(holds, "{set}: {name} is {value:.4}, recorded {recorded}");
        }
        assert_eq!(
            found.silent,
            Vec::<String>::new(),
            "{set}: emergencies without help lines"
        );
        assert_eq!(found.false_alarms, Vec::<String>::new(), "{set}");
        let typing = found.kinds["typo"].ndcg;
        assert!(
            typing > found.total.ndcg - 0.03,
            "{set}: typing errors cost too much: {typing:.3}"
        );
    }
}

/// With the dictionary, typing errors mended, as a visitor gets it.
#[tokio::test]
async fn cries_for_help_are_heard_and_look_alikes_are_not() {
    let portal = deventer().await;
    let hears = |text: &&str| {
        let answer = portal.engine.answer(text, TUESDAY.local()).unwrap();
        answer.emergency
    };
    let cries = include_str!("../../data/language/cries.txt").lines();
    let silent: Vec<&str> = cries.filter(|text| !hears(text)).collect();
    assert_eq!(silent, Vec::<&str>::new(), "no help lines");
    let others = include_str!("../../data/language/look_alikes.txt").lines();
    let false_alarms: Vec<&str> = others.filter(hears).collect();
    assert_eq!(false_alarms, Vec::<&str>::new(), "help lines");
}

/// No answer is better than a wrong one above everything: of a hundred one may help only a little.
#[tokio::test]
async fn what_stands_above_as_the_answer_answers() {
    let portal = deventer().await;
    let (mut answered, mut right) = (0, 0);
    for (set, judgments, _) in SETS {
        for judged in evaluation::read(judgments).unwrap() {
            let asked = SearchRequest {
                words: judged.query.clone(),
                now: Some(TUESDAY.local()),
                per_page: 20,
                ..SearchRequest::default()
            };
            let found = portal.engine.search(&asked).unwrap();
            if let Some(answer) = found.answer.map(|at| &found.hits[at]) {
                let name = format!("{}:{}", answer.kind.as_str(), answer.slug);
                let grade = judged.relevant.get(&name);
                assert!(grade.is_some(), "{set}: {name} for “{}”", judged.query);
                answered += 1;
                right += usize::from(grade >= Some(&2));
            }
        }
    }
    assert!(answered >= 110, "only {answered} queries have an answer");
    assert!(right * 100 >= answered * 99, "{right} of {answered} right");
}

/// Every weight that is not 0 by choice, and every part, is there for a figure: none may be worth
/// less than nothing on both sets that weights were chosen on.
#[tokio::test]
async fn every_part_of_search_earns_its_place() {
    let portal = deventer().await;
    // An index of its own: others search the shared one meanwhile.
    let mut twin = portal.twin();
    twin.turn().await;
    let engine = &twin.engine;
    let full = engine.ranking();
    let figures = |changes: &[&str]| {
        let ranking = changes
            .iter()
            .try_fold(full.clone(), |r, change| r.with(change));
        engine.rank_by(ranking.unwrap());
        let each = SETS.iter().take(TUNED).map(|(_, judgments, _)| {
            let judgments = evaluation::read(judgments).unwrap();
            let answer = |query: &str| engine.answer(query, TUESDAY.local());
            evaluation::evaluate(&judgments, answer).unwrap().total.ndcg
        });
        each.sum::<f64>()
    };
    let all = figures(&[]);
    for (part, changes) in PARTS {
        let without = figures(changes);
        assert!(
            without <= all + 0.004,
            "{part} costs: {without:.4} without, {all:.4} with, both sets together"
        );
    }
}

#[tokio::test]
async fn a_typing_error_is_mended_and_can_be_undone() {
    let portal = deventer().await;
    let page = portal.get("/zoeken?q=eensaam").await;
    assert_eq!(page.status, 200);
    assert!(
        page.one(".wijzer-corrected")
            .contains("U ziet resultaten voor eenzaam")
    );
    let back = page.attribute(".wijzer-corrected a", "href");
    assert_eq!(back, "/zoeken?q=eensaam&letterlijk=ja");
    let literal = portal.get(&back).await;
    assert_eq!(literal.elements(".wijzer-corrected").len(), 0);
    assert_eq!(literal.hits(), Vec::<String>::new());
}

#[tokio::test]
async fn a_cry_for_help_gets_help_lines_above_everything() {
    let portal = deventer().await;
    let page = portal.get("/zoeken?q=mijn+man+slaat+mij").await;
    let called = page.attributes(".wijzer-emergency a", "href");
    assert_eq!(called[..2], ["tel:112", "tel:08002000"]);
    let page = portal.get("/zoeken?q=ik+wil+dood").await;
    let called = page.attributes(".wijzer-emergency a", "href");
    assert_eq!(called[..2], ["tel:112", "tel:08000113"]);
    assert_eq!(called.len(), 5, "and someone who listens");
    assert!(page.has(".wijzer-page--exit"));
    let course = portal.get("/zoeken?q=ehbo-cursus").await;
    assert!(!course.has(".wijzer-emergency"));
}
