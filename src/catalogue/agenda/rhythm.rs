use chrono::{Datelike, Weekday};
use rrule::{Frequency, NWeekday, RRule, Validated};

use super::Schedule;
use crate::base::dutch;

/// The rule as people say it: "elke dinsdag", "elke 3e donderdag van de maand".
/// `None` for something that happens once.
#[must_use]
pub fn rhythm(schedule: &Schedule) -> Option<String> {
    let rule = schedule.rule().ok()??;
    let words = match rule.get_freq() {
        Frequency::Daily => every(rule.get_interval(), "dag", "dagen"),
        Frequency::Weekly => weekly(&rule, schedule.starts_at.weekday()),
        Frequency::Monthly => monthly(&rule, schedule),
        Frequency::Yearly => yearly(&rule),
        _ => return None,
    };
    Some(match rule.get_count() {
        Some(count) => format!("{words}, {count} keer"),
        None => words,
    })
}

/// "elke dag", "elke 3 dagen"
fn every(interval: u16, one: &str, many: &str) -> String {
    if interval == 1 {
        format!("elke {one}")
    } else {
        format!("elke {interval} {many}")
    }
}

fn weekly(rule: &RRule<Validated>, start: Weekday) -> String {
    let days = days(rule, start);
    match rule.get_interval() {
        1 => format!("elke {days}"),
        2 => format!("om de week op {days}"),
        n => format!("elke {n} weken op {days}"),
    }
}

/// "dinsdag en donderdag", "maandag tot en met vrijdag"
fn days(rule: &RRule<Validated>, start: Weekday) -> String {
    let mut numbers: Vec<u8> = rule.get_by_weekday().iter().map(|d| number(*d)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let name = |n: u8| dutch::weekday(Weekday::try_from(n).unwrap_or(start));
    match numbers.as_slice() {
        [] => dutch::weekday(start).to_owned(),
        [first, .., last]
            if numbers.len() > 2 && usize::from(last - first) + 1 == numbers.len() =>
        {
            format!("{} tot en met {}", name(*first), name(*last))
        }
        _ => dutch::list(&numbers.iter().map(|n| name(*n)).collect::<Vec<_>>()),
    }
}

/// Monday is 0.
fn number(day: NWeekday) -> u8 {
    let (NWeekday::Every(day) | NWeekday::Nth(_, day)) = day;
    u8::try_from(day.num_days_from_monday()).unwrap_or(0)
}

fn monthly(rule: &RRule<Validated>, schedule: &Schedule) -> String {
    let nth: Vec<String> = rule
        .get_by_weekday()
        .iter()
        .filter_map(|day| match day {
            NWeekday::Nth(n, day) => Some(format!("{} {}", ordinal(*n), dutch::weekday(*day))),
            NWeekday::Every(_) => None,
        })
        .collect();
    let month = match rule.get_interval() {
        1 => "van de maand".to_owned(),
        2 => "om de maand".to_owned(),
        n => format!("elke {n} maanden"),
    };
    if nth.is_empty() {
        let days: Vec<i8> = match rule.get_by_month_day() {
            [] => vec![i8::try_from(schedule.starts_at.day()).unwrap_or(1)],
            days => days.to_vec(),
        };
        let days: Vec<String> = days.into_iter().map(|d| ordinal(i16::from(d))).collect();
        format!("elke {} {month}", dutch::list(&days))
    } else {
        format!("elke {} {month}", dutch::list(&nth))
    }
}

/// "3e", "laatste"
fn ordinal(n: i16) -> String {
    match n {
        -1 => "laatste".to_owned(),
        n if n < 0 => format!("{}e laatste", -n),
        n => format!("{n}e"),
    }
}

fn yearly(rule: &RRule<Validated>) -> String {
    let weeks = rule.get_by_week_no();
    let parity = |rest: i8| weeks.len() > 20 && weeks.iter().all(|w| w % 2 == rest);
    let days: Vec<&str> = rule
        .get_by_weekday()
        .iter()
        .map(|day| {
            let (NWeekday::Every(day) | NWeekday::Nth(_, day)) = day;
            dutch::weekday(*day)
        })
        .collect();
    let on = if days.is_empty() {
        String::new()
    } else {
        format!(" op {}", dutch::list(&days))
    };
    if parity(0) {
        format!("in de even weken{on}")
    } else if parity(1) {
        format!("in de oneven weken{on}")
    } else {
        "elk jaar".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_as_people_speak() {
        for (rule, words) in [
            ("FREQ=WEEKLY;BYDAY=TU", "elke dinsdag"),
            ("FREQ=WEEKLY", "elke donderdag"),
            ("FREQ=WEEKLY;BYDAY=TU,TH", "elke dinsdag en donderdag"),
            (
                "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
                "elke maandag tot en met vrijdag",
            ),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "om de week op woensdag"),
            ("FREQ=WEEKLY;BYDAY=WE;COUNT=9", "elke woensdag, 9 keer"),
            ("FREQ=MONTHLY;BYDAY=3TH", "elke 3e donderdag van de maand"),
            (
                "FREQ=MONTHLY;BYDAY=-1FR",
                "elke laatste vrijdag van de maand",
            ),
            ("FREQ=MONTHLY", "elke 3e van de maand"),
            ("FREQ=DAILY", "elke dag"),
            (
                "FREQ=YEARLY;BYWEEKNO=2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,44,46,48,50,52;BYDAY=WE",
                "in de even weken op woensdag",
            ),
        ] {
            let schedule = Schedule {
                rrule: Some(rule.to_owned()),
                ..Schedule::once("2026-09-03T10:00:00".parse().expect("time"), None)
            };
            assert_eq!(super::rhythm(&schedule).as_deref(), Some(words), "{rule}");
        }
    }
}
