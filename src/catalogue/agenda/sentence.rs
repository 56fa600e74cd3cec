use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::closures::Kind;
use super::schedule::DAY;
use super::{Closure, Schedule, plain, rhythm};
use crate::base::dutch;

/// More days that are left out are not summed up.
const FEW: usize = 4;

/// The whole of a schedule as people say it, without a capital: "elke dinsdag van 10.00 tot 12.00
/// uur, behalve in schoolvakanties, tot en met 23 juni 2027". `closures` are those of its place;
/// they tell how many times a course is held. What is over is not told: since when a series runs,
/// and days left out that have passed. [`parse`](super::parse) reads it.
#[must_use]
pub fn in_words(schedule: &Schedule, closures: &[Closure], today: NaiveDate) -> String {
    let (words, hours) = match rhythm::rhythm(schedule) {
        Some(rule) => (
            series(schedule, &rule, closures, today),
            series_hours(schedule),
        ),
        None => single(schedule, today),
    };
    let apart = words.contains(" vanaf ") || schedule.all_day;
    let comma = if apart { "," } else { "" };
    let mut parts = vec![format!("{words}{comma} {hours}")];
    if schedule.repeats() {
        parts.extend(except(schedule, today));
    }
    let last = schedule.until.map(|last| vec![last]);
    parts.extend(last.map(|last| format!("tot en met {}", dates(&last, today))));
    if schedule.by_appointment {
        parts.push("alleen op afspraak".to_owned());
    }
    parts.join(", ")
}

/// "8 keer, elke woensdag vanaf 7 januari 2027"
fn series(schedule: &Schedule, rule: &str, closures: &[Closure], today: NaiveDate) -> String {
    let first = schedule.starts_at.date();
    let counted = schedule
        .rule()
        .is_ok_and(|rule| rule.is_some_and(|r| r.get_count().is_some()));
    let next = plain::repeat(schedule).and_then(|repeat| match repeat {
        plain::Repeat::Yearly => next_year_day(first, today),
        other => other.first_from(today),
    });
    let told = counted || (first > today && next != Some(first));
    let since = if told {
        format!(" vanaf {}", dates(&[first], today))
    } else {
        String::new()
    };
    if counted {
        let times = plain::times(schedule, closures);
        format!("{times} keer, {rule}{since}")
    } else {
        format!("{rule}{since}")
    }
}

/// The next time that it is this day of the year.
fn next_year_day(day: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    let years = today.year()..today.year() + 9;
    years
        .filter_map(|year| day.with_year(year))
        .find(|day| *day >= today)
}

/// "van 10.00 tot 12.00 uur", "de hele dag"
fn series_hours(schedule: &Schedule) -> String {
    let (start, end) = schedule.usual_hours();
    let days = schedule.duration_minutes.unwrap_or_default() / DAY;
    match end {
        _ if schedule.all_day && days > 1 => format!("{days} hele dagen"),
        Some(end) if !schedule.all_day && days > 0 => {
            let hours = dutch::hours(start, Some(end));
            let later = (end.date() - start.date()).num_days();
            format!(
                "van {hours}, {later} {} later",
                if later == 1 { "dag" } else { "dagen" }
            )
        }
        _ => hours(schedule, (start, end)),
    }
}

fn hours(schedule: &Schedule, (start, end): (NaiveDateTime, Option<NaiveDateTime>)) -> String {
    if schedule.all_day {
        return "de hele dag".to_owned();
    }
    let lead = if end.is_some() { "van" } else { "om" };
    format!("{lead} {}", dutch::hours(start, end))
}

/// What does not repeat: its days, and its hours.
fn single(schedule: &Schedule, today: NaiveDate) -> (String, String) {
    let (start, end) = schedule.usual_hours();
    let long = schedule
        .duration_minutes
        .is_some_and(|minutes| minutes > DAY);
    let one =
        |day: NaiveDate| format!("{} {}", dutch::weekday(day.weekday()), dates(&[day], today));
    let mut days: Vec<NaiveDate> = schedule
        .extra_starts
        .iter()
        .map(NaiveDateTime::date)
        .collect();
    days.push(start.date());
    days.sort_unstable();
    match end {
        _ if days.len() > 1 => several(schedule, &days, today),
        Some(end) if long && schedule.all_day => {
            let last = end.date().pred_opt().unwrap_or(end.date());
            let words = format!("{} tot en met {}", one(start.date()), one(last));
            (words, "de hele dag".to_owned())
        }
        Some(end) if long => (
            format!("{} {} uur", one(start.date()), dutch::time(start.time())),
            format!("tot {} {} uur", one(end.date()), dutch::time(end.time())),
        ),
        end => (one(start.date()), hours(schedule, (start, end))),
    }
}

/// "12, 19 en 26 juni 2027"; each with its own hour when they differ.
fn several(schedule: &Schedule, days: &[NaiveDate], today: NaiveDate) -> (String, String) {
    let start = schedule.starts_at;
    if schedule
        .extra_starts
        .iter()
        .all(|extra| extra.time() == start.time())
    {
        return (dates(days, today), series_hours(schedule));
    }
    let mut starts = schedule.extra_starts.clone();
    starts.push(start);
    starts.sort_unstable();
    let mut each: Vec<String> = starts
        .iter()
        .map(|at| {
            format!(
                "{} om {} uur",
                dates(&[at.date()], today),
                dutch::time(at.time())
            )
        })
        .collect();
    let last = each.pop().unwrap_or_default();
    (each.join(", "), format!("en {last}"))
}

/// "behalve in schoolvakanties en op 24 december"
fn except(schedule: &Schedule, today: NaiveDate) -> Option<String> {
    let kind = |kind: Kind| {
        let word = match kind {
            Kind::SchoolHoliday => "in schoolvakanties",
            Kind::PublicHoliday => "op feestdagen",
            Kind::Observance => "op gedenkdagen",
            // That a closed building is closed goes without saying.
            Kind::Place => return None,
        };
        schedule.follows.contains(&kind).then(|| word.to_owned())
    };
    let kinds = [Kind::SchoolHoliday, Kind::PublicHoliday, Kind::Observance];
    let mut parts: Vec<String> = kinds.into_iter().filter_map(kind).collect();
    let mut days = schedule.exception_dates.clone();
    days.retain(|day| *day >= today);
    days.sort_unstable();
    days.dedup();
    match days.len() {
        0 => {}
        1..=FEW => parts.push(format!("op {}", dates(&days, today))),
        _ => parts.push("op enkele dagen".to_owned()),
    }
    (!parts.is_empty()).then(|| format!("behalve {}", dutch::list(&parts)))
}

/// "24 en 31 december", "24 december 2026 en 6 mei 2027": the year is told unless all is still
/// to come this year.
fn dates(days: &[NaiveDate], today: NaiveDate) -> String {
    let soon = days
        .iter()
        .all(|day| *day >= today && day.year() == today.year());
    let months = days.chunk_by(|a, b| (a.year(), a.month()) == (b.year(), b.month()));
    let groups: Vec<String> = months
        .map(|days| {
            let numbers: Vec<String> = days.iter().map(|day| day.day().to_string()).collect();
            let numbers = dutch::list(&numbers);
            match days {
                [day, ..] if soon => format!("{numbers} {}", dutch::month(*day)),
                [day, ..] => format!("{numbers} {} {}", dutch::month(*day), day.year()),
                [] => numbers,
            }
        })
        .collect();
    dutch::list(&groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: &str = "FREQ=YEARLY;BYWEEKNO=2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,\
                        40,42,44,46,48,50,52;BYDAY=WE";

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn at(start: &str, minutes: i32) -> Schedule {
        Schedule::once(
            start.parse().expect("a time"),
            (minutes > 0).then_some(minutes),
        )
    }

    fn ruled(start: &str, minutes: i32, rule: &str) -> Schedule {
        Schedule {
            rrule: Some(rule.to_owned()),
            ..at(start, minutes)
        }
    }

    fn whole(start: &str, days: i32) -> Schedule {
        Schedule {
            all_day: true,
            ..at(start, days * DAY)
        }
    }

    fn said(schedule: &Schedule) -> String {
        in_words(schedule, &[], day("2026-11-24"))
    }

    #[test]
    fn a_series_is_told_whole() {
        let mut tuesdays = ruled("2026-09-01T10:00:00", 120, "FREQ=WEEKLY;BYDAY=TU");
        assert_eq!(said(&tuesdays), "elke dinsdag van 10.00 tot 12.00 uur");
        tuesdays.follows = vec![Kind::Place, Kind::PublicHoliday, Kind::SchoolHoliday];
        tuesdays.until = Some(day("2027-06-23"));
        assert_eq!(
            said(&tuesdays),
            "elke dinsdag van 10.00 tot 12.00 uur, behalve in schoolvakanties en op feestdagen, \
             tot en met 23 juni 2027"
        );
        tuesdays.follows = Vec::new();
        tuesdays.by_appointment = true;
        tuesdays.exception_dates = ["2026-11-03", "2026-12-22", "2026-12-29", "2027-01-05"]
            .map(day)
            .to_vec();
        assert_eq!(
            said(&tuesdays),
            "elke dinsdag van 10.00 tot 12.00 uur, behalve op 22 en 29 december 2026 en \
             5 januari 2027, tot en met 23 juni 2027, alleen op afspraak"
        );
        tuesdays
            .exception_dates
            .extend(["2027-01-12", "2027-01-19"].map(day));
        assert!(said(&tuesdays).contains("uur, behalve op enkele dagen, tot en met"));
        for (schedule, words) in [
            (
                ruled("2026-09-02T19:30:00", 0, EVEN),
                "in de even weken op woensdag om 19.30 uur",
            ),
            (
                ruled("2026-11-01T22:00:00", 570, "FREQ=DAILY"),
                "elke dag van 22.00 tot 7.30 uur",
            ),
            (
                ruled("2027-05-05T10:00:00", 60, "FREQ=YEARLY"),
                "elk jaar op 5 mei van 10.00 tot 11.00 uur",
            ),
            (
                ruled("2027-01-07T10:00:00", 60, "FREQ=WEEKLY;BYDAY=TH"),
                "elke donderdag vanaf 7 januari 2027, van 10.00 tot 11.00 uur",
            ),
            (
                ruled("2026-11-26T10:00:00", 60, "FREQ=WEEKLY;BYDAY=TH"),
                "elke donderdag van 10.00 tot 11.00 uur",
            ),
            (
                ruled("2026-11-26T20:00:00", 2 * DAY - 240, "FREQ=WEEKLY;BYDAY=TH"),
                "elke donderdag van 20.00 tot 16.00 uur, 2 dagen later",
            ),
        ] {
            assert_eq!(said(&schedule), words);
        }
    }

    #[test]
    fn a_course_tells_how_often_it_is_really_held() {
        let mut course = ruled("2027-01-06T19:30:00", 90, "FREQ=WEEKLY;BYDAY=WE;COUNT=10");
        course.follows = vec![Kind::SchoolHoliday];
        course.exception_dates = vec![day("2027-01-20")];
        let holiday = Closure {
            name: "Voorjaarsvakantie".to_owned(),
            start: day("2027-02-20"),
            end: day("2027-02-28"),
            certain: true,
            kind: Kind::SchoolHoliday,
            place: None,
            hours: None,
        };
        assert_eq!(
            in_words(&course, &[holiday], day("2027-01-02")),
            "8 keer, elke woensdag vanaf 6 januari, van 19.30 tot 21.00 uur, \
             behalve in schoolvakanties en op 20 januari"
        );
    }

    #[test]
    fn what_is_once_is_told_by_its_days() {
        let mut days = at("2027-06-12T10:00:00", 120);
        days.extra_starts = vec!["2027-07-03T10:00:00".parse().expect("a time")];
        let mut hours = days.clone();
        hours
            .extra_starts
            .push("2027-06-14T14:00:00".parse().expect("a time"));
        let mut two_days = whole("2026-11-28T00:00:00", 1);
        two_days.rrule = Some("FREQ=WEEKLY;BYDAY=SA".to_owned());
        two_days.duration_minutes = Some(2 * DAY);
        for (schedule, words) in [
            (
                at("2026-12-24T19:15:00", 0),
                "donderdag 24 december om 19.15 uur",
            ),
            (
                at("2026-12-24T19:15:00", 75),
                "donderdag 24 december van 19.15 tot 20.30 uur",
            ),
            (
                at("2026-10-24T22:00:00", 630),
                "zaterdag 24 oktober 2026 van 22.00 tot 7.30 uur",
            ),
            (
                whole("2027-05-05T00:00:00", 1),
                "woensdag 5 mei 2027, de hele dag",
            ),
            (
                whole("2026-12-12T00:00:00", 2),
                "zaterdag 12 december tot en met zondag 13 december, de hele dag",
            ),
            (two_days, "elke zaterdag, 2 hele dagen"),
            (
                at("2026-12-11T20:00:00", 2 * DAY - 240),
                "vrijdag 11 december 20.00 uur tot zondag 13 december 16.00 uur",
            ),
            (days, "12 juni 2027 en 3 juli 2027 van 10.00 tot 12.00 uur"),
            (
                hours,
                "12 juni 2027 om 10.00 uur, 14 juni 2027 om 14.00 uur en 3 juli 2027 om 10.00 uur",
            ),
        ] {
            assert_eq!(said(&schedule), words);
        }
    }
}
