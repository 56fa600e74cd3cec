use chrono::{Datelike, NaiveDate, Weekday};
use rrule::{Frequency, NWeekday, RRule, Unvalidated};

use super::Schedule;
use crate::base::dutch;

/// Said of a rule that no few words can tell; its dates do.
const IRREGULAR: &str = "regelmatig";

/// The rule as people say it: "elke dinsdag", "elke 3e donderdag van de maand". Not how often: in
/// a list that would count what is over. `None` for something that does not repeat.
#[must_use]
pub fn rhythm(schedule: &Schedule) -> Option<String> {
    schedule.rule().ok()??;
    let rule: RRule<Unvalidated> = schedule.rrule.as_ref()?.parse().ok()?;
    let start = schedule.starts_at.date();
    let words = match rule.get_freq() {
        Frequency::Daily => daily(&rule),
        Frequency::Weekly => weekly(&rule, start.weekday()),
        Frequency::Monthly => monthly(&rule, start),
        Frequency::Yearly => return Some(yearly(&rule, start).unwrap_or(IRREGULAR.to_owned())),
        _ => return None,
    };
    Some(match words {
        Some(words) if rule.get_by_month().is_empty() => words,
        Some(words) => format!("{words}, alleen in {}", months(rule.get_by_month())),
        None => IRREGULAR.to_owned(),
    })
}

fn daily(rule: &RRule<Unvalidated>) -> Option<String> {
    let plain = rule.get_by_weekday().is_empty() && rule.get_by_month_day().is_empty();
    plain.then(|| match rule.get_interval() {
        1 => "elke dag".to_owned(),
        2 => "om de dag".to_owned(),
        n => format!("elke {n} dagen"),
    })
}

fn weekly(rule: &RRule<Unvalidated>, start: Weekday) -> Option<String> {
    let days = days(rule, start)?;
    rule.get_by_set_pos()
        .is_empty()
        .then(|| match rule.get_interval() {
            1 => format!("elke {days}"),
            2 => format!("om de week op {days}"),
            n => format!("elke {n} weken op {days}"),
        })
}

/// "dinsdag en donderdag", "maandag tot en met vrijdag"; `None` when they are counted.
fn days(rule: &RRule<Unvalidated>, start: Weekday) -> Option<String> {
    let number = |day: &NWeekday| match day {
        NWeekday::Every(day) => u8::try_from(day.num_days_from_monday()).ok(),
        NWeekday::Nth(..) => None,
    };
    let days = rule.get_by_weekday().iter().map(number);
    let mut numbers: Vec<u8> = days.collect::<Option<_>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    let name = |n: u8| dutch::weekday(Weekday::try_from(n).unwrap_or(start));
    Some(match numbers.as_slice() {
        [] => dutch::weekday(start).to_owned(),
        [first, .., last]
            if numbers.len() > 2 && usize::from(last - first) + 1 == numbers.len() =>
        {
            format!("{} tot en met {}", name(*first), name(*last))
        }
        _ => dutch::list(&numbers.iter().map(|n| name(*n)).collect::<Vec<_>>()),
    })
}

fn monthly(rule: &RRule<Unvalidated>, start: NaiveDate) -> Option<String> {
    if rule.get_by_weekday().is_empty() {
        return month_days(rule, start);
    }
    if !rule.get_by_month_day().is_empty() {
        return None;
    }
    if rule.get_by_set_pos().is_empty() {
        // Each Thursday of each month is each Thursday.
        let every = days(rule, start.weekday()).filter(|_| rule.get_interval() == 1);
        return every
            .map(|days| format!("elke {days}"))
            .or_else(|| in_month(rule, &nths(rule)?));
    }
    let positions = rule.get_by_set_pos().iter();
    let which: Vec<String> = positions.map(|n| ordinal(i64::from(*n))).collect();
    let day = match days(rule, start.weekday())?.as_str() {
        "maandag tot en met vrijdag" => "werkdag".to_owned(),
        one if rule.get_by_weekday().len() == 1 => one.to_owned(),
        _ => return None,
    };
    in_month(rule, &format!("{} {day}", dutch::list(&which)))
}

fn month_days(rule: &RRule<Unvalidated>, start: NaiveDate) -> Option<String> {
    let days: Vec<String> = match rule.get_by_month_day() {
        [] => vec![ordinal(i64::from(start.day()))],
        [-1] => vec!["laatste dag".to_owned()],
        days if days.iter().all(|day| *day > 0) => {
            days.iter().map(|day| ordinal(i64::from(*day))).collect()
        }
        _ => return None,
    };
    in_month(rule, &dutch::list(&days))
}

/// "1e en 3e donderdag", "1e dinsdag en 3e donderdag"
fn nths(rule: &RRule<Unvalidated>) -> Option<String> {
    let nth = |day: &NWeekday| match day {
        NWeekday::Nth(n, day) => Some((i64::from(*n), *day)),
        NWeekday::Every(_) => None,
    };
    let all = rule.get_by_weekday().iter().map(nth);
    let all: Vec<(i64, Weekday)> = all.collect::<Option<_>>()?;
    let (_, day) = *all.first()?;
    if all.iter().all(|(_, other)| *other == day) {
        let which: Vec<String> = all.iter().map(|(n, _)| ordinal(*n)).collect();
        return Some(format!("{} {}", dutch::list(&which), dutch::weekday(day)));
    }
    let each = all.iter();
    let each: Vec<String> = each
        .map(|(n, day)| format!("{} {}", ordinal(*n), dutch::weekday(*day)))
        .collect();
    Some(dutch::list(&each))
}

/// "elke 3e donderdag van de maand", "om de maand op de 3e donderdag"
#[expect(clippy::unnecessary_wraps, reason = "the last step of what may fail")]
fn in_month(rule: &RRule<Unvalidated>, what: &str) -> Option<String> {
    Some(match rule.get_interval() {
        1 => format!("elke {what} van de maand"),
        2 => format!("om de maand op de {what}"),
        n => format!("elke {n} maanden op de {what}"),
    })
}

/// "3e", "laatste"
fn ordinal(n: i64) -> String {
    match n {
        -1 => "laatste".to_owned(),
        -2 => "op een na laatste".to_owned(),
        n if n < 0 => format!("{}e van achteren", -n),
        n => format!("{n}e"),
    }
}

fn yearly(rule: &RRule<Unvalidated>, start: NaiveDate) -> Option<String> {
    let weeks = rule.get_by_week_no();
    if !weeks.is_empty() {
        let all_of = |rest: i8| weeks.len() > 20 && weeks.iter().all(|w| w % 2 == rest);
        let which = match (all_of(0), all_of(1)) {
            (true, _) => "even",
            (_, true) => "oneven",
            _ => return None,
        };
        return Some(format!(
            "in de {which} weken op {}",
            days(rule, start.weekday())?
        ));
    }
    let odd = !rule.get_by_set_pos().is_empty() || !rule.get_by_year_day().is_empty();
    let every = match rule.get_interval() {
        1 => "elk jaar".to_owned(),
        n => format!("elke {n} jaar"),
    };
    let on = match (
        rule.get_by_month(),
        rule.get_by_month_day(),
        rule.get_by_weekday(),
    ) {
        _ if odd => return None,
        ([], [], []) => format!("{} {}", start.day(), dutch::month(start)),
        ([one], [], []) => format!("{} {}", start.day(), month(*one)),
        ([one], [day], []) if *day > 0 => format!("{day} {}", month(*one)),
        ([one], [], _) => format!("de {} van {}", nths(rule)?, month(*one)),
        _ => return None,
    };
    Some(format!("{every} op {on}"))
}

/// "juni en juli", "april tot en met oktober"
fn months(numbers: &[u8]) -> String {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    match numbers.as_slice() {
        [first, .., last]
            if numbers.len() > 2 && usize::from(last - first) + 1 == numbers.len() =>
        {
            format!("{} tot en met {}", month(*first), month(*last))
        }
        _ => dutch::list(&numbers.iter().map(|n| month(*n)).collect::<Vec<_>>()),
    }
}

fn month(number: u8) -> &'static str {
    NaiveDate::from_ymd_opt(2000, number.into(), 1).map_or("", dutch::month)
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
            ("FREQ=WEEKLY;BYDAY=WE;COUNT=9", "elke woensdag"),
            (
                "FREQ=WEEKLY;BYDAY=WE;BYMONTH=4,5,6,9",
                "elke woensdag, alleen in april, mei, juni en september",
            ),
            (
                "FREQ=WEEKLY;BYDAY=WE;BYMONTH=5,4,6",
                "elke woensdag, alleen in april tot en met juni",
            ),
            ("FREQ=MONTHLY;BYDAY=3TH", "elke 3e donderdag van de maand"),
            (
                "FREQ=MONTHLY;BYDAY=-1FR",
                "elke laatste vrijdag van de maand",
            ),
            (
                "FREQ=MONTHLY;BYDAY=1TH,3TH",
                "elke 1e en 3e donderdag van de maand",
            ),
            (
                "FREQ=MONTHLY;BYDAY=1TU,3TH",
                "elke 1e dinsdag en 3e donderdag van de maand",
            ),
            (
                "FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH,-1TH",
                "om de maand op de 1e en laatste donderdag",
            ),
            ("FREQ=MONTHLY;BYDAY=TH", "elke donderdag"),
            (
                "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=-2",
                "elke op een na laatste donderdag van de maand",
            ),
            (
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
                "elke 1e werkdag van de maand",
            ),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "regelmatig"),
            ("FREQ=MONTHLY", "elke 3e van de maand"),
            (
                "FREQ=MONTHLY;BYMONTHDAY=1,15",
                "elke 1e en 15e van de maand",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=-1",
                "elke laatste dag van de maand",
            ),
            ("FREQ=MONTHLY;INTERVAL=2", "om de maand op de 3e"),
            (
                "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5",
                "elke 3 maanden op de 5e",
            ),
            ("FREQ=DAILY", "elke dag"),
            ("FREQ=DAILY;INTERVAL=2", "om de dag"),
            ("FREQ=DAILY;INTERVAL=3", "elke 3 dagen"),
            ("FREQ=YEARLY", "elk jaar op 3 september"),
            ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", "elk jaar op 5 mei"),
            ("FREQ=YEARLY;INTERVAL=4", "elke 4 jaar op 3 september"),
            (
                "FREQ=YEARLY;BYMONTH=9;BYDAY=1SA",
                "elk jaar op de 1e zaterdag van september",
            ),
            ("FREQ=YEARLY;BYWEEKNO=2,9;BYDAY=TH", "regelmatig"),
            ("FREQ=YEARLY;BYYEARDAY=100", "regelmatig"),
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

    #[test]
    fn a_lesson_that_is_left_out_is_not_counted() {
        let schedule = Schedule {
            rrule: Some("FREQ=WEEKLY;COUNT=9".to_owned()),
            exception_dates: vec!["2026-10-15".parse().expect("date")],
            ..Schedule::once("2026-09-03T10:00:00".parse().expect("time"), None)
        };
        assert_eq!(rhythm(&schedule).as_deref(), Some("elke donderdag"));
    }
}
