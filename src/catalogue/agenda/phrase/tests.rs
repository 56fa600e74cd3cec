use chrono::NaiveTime;
use proptest::prelude::*;

use super::*;
use crate::catalogue::agenda::plain::Repeat;
use crate::catalogue::agenda::plain::tests::{day, plain};
use crate::catalogue::agenda::{Schedule, closures::Kind, coming, in_words};

/// A Tuesday in week 48.
const TODAY: &str = "2026-11-24";

/// A schedule on one line: start, minutes, rule, and what else there is.
fn line(schedule: &Schedule) -> String {
    let mut parts = vec![schedule.starts_at.format("%Y-%m-%dT%H:%M").to_string()];
    parts.push(match schedule.duration_minutes {
        _ if schedule.all_day => format!("{}d", schedule.duration_minutes.unwrap_or(0) / 1440),
        minutes => minutes.map_or("?".to_owned(), |minutes| minutes.to_string()),
    });
    let rule = schedule.rrule.as_deref().map(|rule| {
        let parts: Vec<&str> = rule.split(';').collect();
        let short = |part: &&str| part.trim_start_matches("FREQ=").replace("INTERVAL=", "/");
        let parts: Vec<String> = parts.iter().map(short).collect();
        let rule = parts.join(" ");
        let even = (1..=26)
            .map(|w| (w * 2).to_string())
            .collect::<Vec<_>>()
            .join(",");
        let odd = (0..=26)
            .map(|w| (w * 2 + 1).to_string())
            .collect::<Vec<_>>()
            .join(",");
        rule.replace(&even, "even")
            .replace(&odd, "odd")
            .replace("BYDAY=", "")
    });
    parts.extend(rule);
    parts.extend(
        schedule
            .extra_starts
            .iter()
            .map(|at| format!("+{}", at.date())),
    );
    parts.extend(schedule.until.map(|until| format!("..{until}")));
    parts.extend(schedule.exception_dates.iter().map(|day| format!("-{day}")));
    let kinds = schedule.follows.iter().filter(|kind| **kind != Kind::Place);
    parts.extend(kinds.map(|kind| format!("-{}", kind.as_str())));
    parts.extend(schedule.by_appointment.then(|| "appointment".to_owned()));
    parts.join(" ")
}

fn read(text: &str) -> String {
    match parse(text, day(TODAY)) {
        Ok(plain) => line(&plain.schedule(&[]).expect("checked")),
        Err(fault) => format!("! {fault}"),
    }
}

/// Sentences and what they say, checked by hand.
const TABLE: &str = include_str!("../../../../tests/agenda/sentences.tsv");

#[test]
fn sentences_of_real_life_are_read_or_refused_with_a_reason() {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let (mut understood, mut refused) = (0, 0);
    for row in rows {
        let (text, expected) = row.split_once('\t').expect("two cells");
        assert_eq!(read(text), expected, "{text}");
        if expected.starts_with('!') {
            refused += 1;
        } else {
            understood += 1;
        }
    }
    assert!(understood >= 60 && refused >= 25, "{understood}, {refused}");
    assert_eq!(parse(" ", day(TODAY)), Err(PhraseFault::Empty));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_told_is_read_back(plain in plain(day(TODAY))) {
        let words = in_words(&plain.schedule(&[]).expect("no fault"), &[], day(TODAY));
        prop_assert_eq!(parse(&words, day(TODAY)), Ok(plain), "{}", words);
    }

    /// Of what already runs, it is told when it is next; not which of the weeks it is.
    #[test]
    fn a_running_series_is_read_back_from_today_on(plain in plain(day("2026-09-01"))) {
        let schedule = plain.schedule(&[]).expect("no fault");
        let now = day(TODAY).and_time(NaiveTime::MIN);
        let dates = coming(&schedule, &[], now, NaiveDate::MAX, 5);
        prop_assume!(dates.iter().any(|date| date.start >= now));
        let words = in_words(&schedule, &[], day(TODAY));
        let stepped = matches!(
            plain.repeat,
            Repeat::Days(2..)
                | Repeat::Weeks { every: 2.., .. }
                | Repeat::NthWeekday { every: 2.., .. }
                | Repeat::MonthDay { every: 2.., .. }
        );
        match parse(&words, day(TODAY)) {
            Ok(again) => {
                prop_assert_eq!(again.hours, plain.hours, "{}", words);
                prop_assert_eq!(again.end, plain.end, "{}", words);
                prop_assert_eq!(again.repeat, plain.repeat, "{}", words);
            }
            Err(fault) => prop_assert!(stepped, "{}: {}", words, fault),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let _ = parse(&text, day(TODAY));
    }

    #[test]
    fn any_row_of_known_words_is_read_or_refused(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..14),
    ) {
        if let Ok(plain) = parse(&words.join(" "), day(TODAY)) {
            let schedule = plain.schedule(&[]).expect("checked");
            prop_assert_eq!(schedule.check(), Ok(()));
        }
    }
}

const WORDS: &[&str] = &[
    "elke",
    "dinsdag",
    "do",
    "en",
    ",",
    "-",
    "van",
    "10.00",
    "12:30",
    "tot",
    "tot en met",
    "t/m",
    "uur",
    "12",
    "31",
    "juni",
    "februari",
    "2027",
    "0",
    "99",
    "9999",
    "7-1-2027",
    "behalve",
    "in",
    "op",
    "de",
    "schoolvakanties",
    "3e",
    "laatste",
    "31e",
    "maand",
    "van de maand",
    "om",
    "week",
    "weken",
    "even",
    "oneven",
    "8",
    "keer",
    "lessen",
    "vanaf",
    "'s",
    "avonds",
    "half",
    "acht",
    "hele",
    "dag",
    "dagen",
    "jaar",
    "werkdag",
    "jaarlijks",
    "alleen",
    "afspraak",
    "per",
    "niet",
    "maandagavond",
];
