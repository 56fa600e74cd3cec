//! Opening hours, and what is open now, in Dutch words.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::spell::iso;
use crate::base::dutch;
use crate::catalogue::agenda::{Closure, Moment, OnHolidays, Opening, closures};
use crate::catalogue::hours::{Access, DAY, Span};

/// What is said where no hours are known.
pub const CALL: &str = "Bel voor tijden";
const ASK: &str = "bel of het open is";

/// How it is now, for lists and for the top of a record.
pub struct Now {
    pub text: String,
    /// The moment in the text, as a `datetime` attribute takes it.
    pub datetime: Option<String>,
    pub answer: Answer,
}

/// Whether who goes there now finds the door open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    Open,
    Closed,
    /// Only by calling one knows.
    Ask,
}

/// A day, or days, with its hours.
#[derive(PartialEq, Eq, Debug)]
pub struct Row {
    pub day: String,
    /// The day that comes, where it is one.
    pub datetime: Option<String>,
    pub hours: String,
}

impl Now {
    #[must_use]
    pub fn of(opening: &Opening, now: NaiveDateTime) -> Self {
        let until = |words: &str, end: Option<NaiveDateTime>| match end {
            Some(end) => (format!("{words}, tot {}", end_words(end, now)), Some(end)),
            None => (words.to_owned(), None),
        };
        let (answer, (text, moment)) = match opening.at(now) {
            Moment::Always => (Answer::Open, ("Altijd open".to_owned(), None)),
            Moment::Open(end) => (Answer::Open, until("Nu open", end)),
            Moment::ByAppointment(end) => (Answer::Ask, until("Nu op afspraak", end)),
            Moment::Uncertain(None) => (Answer::Ask, (CALL.to_owned(), None)),
            Moment::Uncertain(Some(why)) => {
                (Answer::Ask, (format!("{}: {ASK}", why.label()), None))
            }
            Moment::Closed { today, next } => {
                let closed = match today {
                    Some(why) => format!("Vandaag gesloten: {}", why.label()),
                    None => "Nu gesloten".to_owned(),
                };
                let said = next.map_or(closed.clone(), |next| {
                    format!("{closed}. {}", next_words(next, now.date()))
                });
                (Answer::Closed, (said, next.map(|(at, _)| at)))
            }
        };
        Self {
            text,
            datetime: moment.map(iso),
            answer,
        }
    }
}

/// Whether a record in a list is open now.
#[must_use]
pub fn answer(now: Option<&Now>) -> Answer {
    now.map_or(Answer::Ask, |now| now.answer)
}

/// "17.00 uur", "24.00 uur", or with the day where that is a later one.
fn end_words(end: NaiveDateTime, now: NaiveDateTime) -> String {
    let last = end - Duration::minutes(1);
    let night = end - now < Duration::hours(24)
        && end.time() <= NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let time = if end.time() == NaiveTime::MIN {
        "24.00".to_owned()
    } else {
        dutch::time(end.time())
    };
    if last.date() == now.date() || night {
        format!("{time} uur")
    } else {
        format!("{} {time} uur", dutch::weekday(last.weekday()))
    }
}

/// "Vandaag open vanaf 13.00 uur", "Morgen open om 9.00 uur", "Maandag weer open om 8.30 uur"
fn next_words((at, access): (NaiveDateTime, Access), today: NaiveDate) -> String {
    let open = match access {
        Access::ByAppointment => "op afspraak",
        Access::Open | Access::Uncertain => "open",
    };
    let (day, time) = (at.date(), dutch::time(at.time()));
    match (day - today).num_days() {
        0 => format!("Vandaag {open} vanaf {time} uur"),
        1 => format!("Morgen {open} om {time} uur"),
        2..=6 => format!(
            "{} weer {open} om {time} uur",
            dutch::sentence(dutch::weekday(day.weekday()))
        ),
        _ => format!(
            "Weer {open} op {}, {time} uur",
            dutch::day_seen_from(day, today)
        ),
    }
}

/// The hours of a week with the exceptions of the coming two; where weeks differ, and that is
/// said by the first of the pair, the coming seven days.
#[must_use]
pub fn table(opening: &Opening, today: NaiveDate) -> (&'static str, Vec<Row>) {
    const AHEAD: u64 = 13;
    let Some(week) = opening.week(today) else {
        let days = today.iter_days().take(7);
        return (
            "De komende 7 dagen:",
            days.map(|day| coming_day(opening, day, today)).collect(),
        );
    };
    let mut rows = week_rows(&week);
    rows.extend(holidays(
        "Feestdagen",
        opening.on_public_holidays(today),
        ASK,
    ));
    rows.extend(holidays(
        "Schoolvakanties",
        opening.on_school_holidays(today),
        "",
    ));
    let exceptions = opening.exceptions(today, AHEAD);
    rows.extend(exceptions.into_iter().map(|(why, spans)| {
        // The hours of a school holiday can differ by day.
        let various = why.kind == closures::Kind::SchoolHoliday
            && opening.on_school_holidays(today) == OnHolidays::Various;
        let hours = if various {
            VARIOUS.to_owned()
        } else {
            day_words(&spans)
        };
        period(why, &hours, today)
    }));
    ("", rows)
}

const VARIOUS: &str = "andere tijden, bel even van tevoren";

fn coming_day(opening: &Opening, date: NaiveDate, today: NaiveDate) -> Row {
    let day = opening.day(date);
    let hours = day_words(&day.spans);
    Row {
        day: dutch::sentence(&dutch::day_seen_from(date, today)),
        datetime: Some(date.to_string()),
        hours: day
            .why
            .map_or(hours.clone(), |why| format!("{hours} ({})", why.label())),
    }
}

fn period(why: &Closure, hours: &str, today: NaiveDate) -> Row {
    let (first, last) = (why.start.max(today), why.end);
    let first_words = dutch::day_seen_from(first, today);
    let day = if first == last {
        first_words
    } else {
        format!(
            "{first_words} tot en met {}",
            dutch::day_seen_from(last, today)
        )
    };
    Row {
        day: dutch::sentence(&day),
        datetime: Some(first.to_string()),
        hours: format!("{hours} ({})", why.label()),
    }
}

/// The row of a kind of holidays; without words for what the notation does not say, none.
fn holidays(name: &str, on: OnHolidays, unsaid: &str) -> Option<Row> {
    let hours = match on {
        OnHolidays::AsUsual => return None,
        OnHolidays::Unsaid => unsaid.to_owned(),
        OnHolidays::Hours(spans) => day_words(&spans),
        OnHolidays::Various => VARIOUS.to_owned(),
    };
    (!hours.is_empty()).then(|| Row {
        day: name.to_owned(),
        datetime: None,
        hours,
    })
}

/// Days with the same hours in one row, those that are closed in the last.
fn week_rows(week: &[Vec<Span>]) -> Vec<Row> {
    let mut groups = groups(week);
    groups.sort_by_key(|(_, spans)| spans.is_empty());
    let rows = groups.into_iter().map(|(days, spans)| Row {
        day: days_words(&days),
        datetime: None,
        hours: day_words(spans),
    });
    rows.collect()
}

/// Days with the same hours, in order of the first: 0 is Monday.
#[must_use]
pub fn groups(week: &[Vec<Span>]) -> Vec<(Vec<usize>, &[Span])> {
    let mut groups: Vec<(Vec<usize>, &[Span])> = Vec::new();
    for (day, spans) in week.iter().enumerate() {
        match groups.iter_mut().find(|(_, same)| *same == spans) {
            Some((days, _)) => days.push(day),
            None => groups.push((vec![day], spans)),
        }
    }
    groups
}

/// "Maandag tot en met donderdag en zaterdag"
fn days_words(days: &[usize]) -> String {
    if days.len() == 7 {
        return "Elke dag".to_owned();
    }
    let runs = days.chunk_by(|a, b| a + 1 == *b);
    let words: Vec<String> = runs
        .flat_map(|run| match run {
            [first, _, .., last] => vec![format!("{} tot en met {}", name(*first), name(*last))],
            _ => run.iter().map(|day| name(*day).to_owned()).collect(),
        })
        .collect();
    dutch::sentence(&dutch::list(&words))
}

fn name(day: usize) -> &'static str {
    let day = u8::try_from(day)
        .ok()
        .and_then(|day| Weekday::try_from(day).ok());
    day.map_or("", dutch::weekday)
}

/// "9.00 tot 12.00 en 13.00 tot 17.00 uur", "gesloten", "dag en nacht"
fn day_words(spans: &[Span]) -> String {
    if spans.is_empty() {
        return "gesloten".to_owned();
    }
    if spans
        .iter()
        .all(|span| span.access == Access::Uncertain && span.note.is_empty())
    {
        return ASK.to_owned();
    }
    let last = spans.len() - 1;
    let words: Vec<String> = spans
        .iter()
        .enumerate()
        .map(
            |(at, span)| match (note(span), (span.from, span.until, span.open_end)) {
                (note, (0, DAY, false)) if note.is_empty() => "dag en nacht".to_owned(),
                (note, (0, DAY, false)) => note,
                (note, _) if !note.is_empty() => format!("{} uur ({note})", span_words(span)),
                _ if at == last => format!("{} uur", span_words(span)),
                _ => span_words(span),
            },
        )
        .collect();
    dutch::list(&words)
}

fn span_words(span: &Span) -> String {
    if span.open_end {
        format!("vanaf {}", clock(span.from))
    } else {
        format!("{} tot {}", clock(span.from), clock(span.until))
    }
}

/// Minutes after midnight as "8.30"; the end of a day is "24.00", the night after it "2.00".
fn clock(minutes: u16) -> String {
    let minutes = if minutes > DAY {
        minutes - DAY
    } else {
        minutes
    };
    format!("{}.{:02}", minutes / 60, minutes % 60)
}

/// What stands beside hours, in Dutch as far as we know it.
fn note(span: &Span) -> String {
    match span.access {
        Access::ByAppointment if span.note.to_lowercase().contains("appointment") => {
            "op afspraak".to_owned()
        }
        Access::Uncertain if span.note.is_empty() => ASK.to_owned(),
        _ => span.note.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Slug;
    use crate::catalogue::agenda::Exceptions;

    fn closure(name: &str, start: &str, end: &str, kind: closures::Kind) -> Closure {
        Closure {
            name: name.to_owned(),
            start: start.parse().expect("date"),
            end: end.parse().expect("date"),
            certain: true,
            kind,
            place: (kind == closures::Kind::Place).then(|| Slug::parse("zaal").expect("slug")),
            hours: None,
        }
    }

    fn december() -> Exceptions {
        use closures::Kind;
        let mut eve = closure("Oudjaarsdag", "2026-12-31", "2026-12-31", Kind::Place);
        eve.hours = Some("10:00-15:00".to_owned());
        Exceptions::new(vec![
            closure(
                "Tweede kerstdag 2026",
                "2026-12-26",
                "2026-12-26",
                Kind::PublicHoliday,
            ),
            closure("Inventaris", "2026-12-29", "2026-12-30", Kind::Place),
            eve,
        ])
    }

    fn now(hours: &str, at: &str) -> String {
        let december = december();
        let opening = december.of_place(hours, "zaal").expect(hours);
        Now::of(&opening, format!("{at}:00").parse().expect("time")).text
    }

    #[test]
    fn now_reads_as_spoken() {
        let shop = "Mo-Th 08:30-12:00,13:00-17:00; PH off";
        for (hours, at, expected) in [
            (shop, "2026-11-24T09:00", "Nu open, tot 12.00 uur"),
            (
                shop,
                "2026-11-24T12:30",
                "Nu gesloten. Vandaag open vanaf 13.00 uur",
            ),
            (
                shop,
                "2026-11-24T17:30",
                "Nu gesloten. Morgen open om 8.30 uur",
            ),
            (
                shop,
                "2026-11-27T17:30",
                "Nu gesloten. Maandag weer open om 8.30 uur",
            ),
            ("24/7", "2026-11-27T17:30", "Altijd open"),
            (
                "Fr 20:00-24:00",
                "2026-11-27T21:30",
                "Nu open, tot 24.00 uur",
            ),
            (
                "Fr 20:00-02:00",
                "2026-11-27T21:30",
                "Nu open, tot 2.00 uur",
            ),
            (
                "Fr 00:00-24:00, Sa 00:00-18:00",
                "2026-11-27T21:30",
                "Nu open, tot zaterdag 18.00 uur",
            ),
            ("Fr 20:00+", "2026-11-27T21:30", "Nu open"),
            (
                "Mo-Sa 10:00-17:00; PH off",
                "2026-12-26T11:00",
                "Vandaag gesloten: Tweede kerstdag. Maandag weer open om 10.00 uur",
            ),
            (
                "Mo-Sa 10:00-17:00",
                "2026-12-26T11:00",
                "Tweede kerstdag: bel of het open is",
            ),
            (
                "Mo-Fr 10:00-17:00",
                "2026-12-29T11:00",
                "Vandaag gesloten: Inventaris. Donderdag weer open om 10.00 uur",
            ),
            (
                "Mo-Fr 09:00-12:00 \"op afspraak\"",
                "2026-11-24T09:00",
                "Nu op afspraak, tot 12.00 uur",
            ),
            (
                "Mo-Fr 09:00-12:00 \"by appointment\"",
                "2026-11-24T13:00",
                "Nu gesloten. Morgen op afspraak om 9.00 uur",
            ),
            ("\"op afspraak\"", "2026-11-24T13:00", "Nu op afspraak"),
            (
                "Apr-Sep 09:00-18:00; Dec 31 off",
                "2026-12-31T16:00",
                "Nu gesloten. Weer open op donderdag 1 april 2027, 9.00 uur",
            ),
            ("Tu unknown", "2026-11-24T13:00", CALL),
            ("off", "2026-12-31T16:00", "Nu gesloten"),
        ] {
            assert_eq!(now(hours, at), expected, "{hours} {at}");
        }
    }

    fn rows(hours: &str, today: &str) -> (&'static str, Vec<String>) {
        let december = december();
        let opening = december.of_place(hours, "zaal").expect(hours);
        let (caption, rows) = table(&opening, today.parse().expect("date"));
        let rows = rows
            .into_iter()
            .map(|row| format!("{}: {}", row.day, row.hours));
        (caption, rows.collect())
    }

    #[test]
    fn a_week_reads_as_on_a_door() {
        for (hours, expected) in [
            (
                "Mo-Th 08:30-16:00; PH off",
                &[
                    "Maandag tot en met donderdag: 8.30 tot 16.00 uur",
                    "Vrijdag tot en met zondag: gesloten",
                    "Feestdagen: gesloten",
                ][..],
            ),
            (
                "Mo,We,Fr 09:00-12:00,13:00-17:00",
                &[
                    "Maandag, woensdag en vrijdag: 9.00 tot 12.00 en 13.00 tot 17.00 uur",
                    "Dinsdag, donderdag, zaterdag en zondag: gesloten",
                    "Feestdagen: bel of het open is",
                ],
            ),
            ("24/7", &["Elke dag: dag en nacht"]),
            (
                "Mo-Su 22:00-02:00; PH 10:00-12:00; SH off",
                &[
                    "Elke dag: 22.00 tot 2.00 uur",
                    "Feestdagen: 10.00 tot 12.00 uur",
                    "Schoolvakanties: gesloten",
                ],
            ),
            (
                "Mo-Su,PH 18:00+; Tu 09:00-10:00 \"by appointment\", Tu 11:00-12:00",
                &[
                    "Maandag en woensdag tot en met zondag: vanaf 18.00 uur",
                    "Dinsdag: 9.00 tot 10.00 uur (op afspraak) en 11.00 tot 12.00 uur",
                ],
            ),
        ] {
            assert_eq!(
                rows(hours, "2026-11-24"),
                ("", expected.iter().map(|&s| s.to_owned()).collect()),
                "{hours}"
            );
        }
    }

    #[test]
    fn exceptions_stand_below_the_week() {
        let (_, rows) = rows("Mo-Sa 09:00-17:00", "2026-12-24");
        assert_eq!(
            rows[3..],
            [
                "Zaterdag 26 december: bel of het open is (Tweede kerstdag)",
                "Dinsdag 29 december tot en met woensdag 30 december: gesloten (Inventaris)",
                "Donderdag 31 december: 10.00 tot 15.00 uur (Oudjaarsdag)",
            ]
        );
    }

    #[test]
    fn weeks_that_differ_are_told_by_day() {
        let (caption, rows) = rows("week 2-52/2 Mo 09:00-12:00; We 10:00-12:00", "2026-11-24");
        assert_eq!(caption, "De komende 7 dagen:");
        assert_eq!(rows.len(), 7);
        assert_eq!(rows[0], "Dinsdag 24 november: gesloten");
        assert_eq!(rows[1], "Woensdag 25 november: 10.00 tot 12.00 uur");
        assert_eq!(rows[6], "Maandag 30 november: gesloten");
    }
}
