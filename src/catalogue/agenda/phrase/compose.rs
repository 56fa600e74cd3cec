use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday, WeekdaySet};

use super::PhraseFault;
use super::clauses::{Heard, Unit};
use super::days::{self, Span};
use super::hours;
use crate::catalogue::agenda::closures::Kind;
use crate::catalogue::agenda::plain::{
    End, Hours, PlainFault, PlainSchedule, Repeat, days_through,
};

/// The form that says what was heard.
pub(super) fn plain(heard: &Heard, today: NaiveDate) -> Result<PlainSchedule, PhraseFault> {
    let hours = match (heard.hours, heard.part) {
        (Some(said), part) => Some(hours::resolve(said, part)?),
        (None, Some(_)) => return Err(PhraseFault::NoHours),
        (None, None) => None,
    };
    let from = heard
        .from
        .map(|from| days::resolve_one(from, today))
        .transpose()?;
    let begin = from.unwrap_or(today);
    let spans = match &heard.dates {
        Some(dates) => days::resolve(dates, begin)?,
        None => Vec::new(),
    };
    let shape = match repeat(heard, from)? {
        Some(repeat) => series(repeat, &spans, begin)?,
        None => listed(hours, &spans)?,
    };
    let mut left_out = BTreeSet::from([Kind::Place]);
    if let Some((kinds, _)) = &heard.except {
        left_out.extend(kinds);
    }
    let mut plain = PlainSchedule {
        first: shape.first,
        hours: shape.hours.or(hours).unwrap_or(Hours::WholeDays(1)),
        repeat: shape.repeat,
        end: end(heard, shape.last, shape.first)?,
        left_out,
        except: BTreeSet::new(),
        by_appointment: heard.by_appointment,
    };
    let alone = matches!(plain.repeat, Repeat::Dates(_));
    if alone && (from.is_some() || plain.end != End::Never || heard.except.is_some()) {
        return Err(PhraseFault::Apart);
    }
    plain.except = except(heard, &plain)?;
    Ok(plain)
}

/// A range of more days is no list.
const MOST: usize = 366;

/// The days of it.
struct Shape {
    first: NaiveDate,
    repeat: Repeat,
    /// The last day, when the days were said as a range.
    last: Option<NaiveDate>,
    /// Instead of the hours that were said.
    hours: Option<Hours>,
}

/// How it repeats; `None`: on the dates that were said.
fn repeat(heard: &Heard, from: Option<NaiveDate>) -> Result<Option<Repeat>, PhraseFault> {
    let weekdays = heard.weekdays;
    // A course is on the weekday of its first lesson.
    let on = || {
        let first = from.map(|day| WeekdaySet::single(day.weekday()));
        weekdays.or(first).ok_or(PhraseFault::NoDay)
    };
    if heard.nths.is_some() {
        return nth(heard).map(Some);
    }
    if let Some(even) = heard.even {
        if !matches!(heard.every, None | Some((1 | 2, Unit::Week))) {
            return Err(PhraseFault::Apart);
        }
        return Ok(Some(Repeat::Parity { even, on: on()? }));
    }
    let repeat = match heard.every {
        Some((every, Unit::Day)) if weekdays.is_none() => Repeat::Days(every),
        Some((every, Unit::Week)) => Repeat::Weeks { every, on: on()? },
        Some((1, Unit::Year)) if weekdays.is_none() => Repeat::Yearly,
        Some((_, Unit::Month)) if weekdays.is_none() => return Err(PhraseFault::NoDay),
        Some(_) => return Err(PhraseFault::Apart),
        None if heard.times.is_some() && heard.dates.is_some() => return Err(PhraseFault::Apart),
        None if weekdays.is_some() || heard.times.is_some() => {
            Repeat::weekly(on()?.iter(Weekday::Mon))
        }
        None => return Ok(None),
    };
    Ok(Some(repeat))
}

/// "3e donderdag van de maand", "5e van de maand"
fn nth(heard: &Heard) -> Result<Repeat, PhraseFault> {
    let nths = heard.nths.clone().unwrap_or_default();
    let every = match heard.every {
        Some((every, Unit::Month)) if heard.even.is_none() => every,
        Some(_) => return Err(PhraseFault::Apart),
        None => return Err(PhraseFault::OfMonth),
    };
    let most = if heard.weekdays.is_some() { 5 } else { 31 };
    if let Some(wrong) = nths.iter().find(|n| **n > most) {
        return Err(PhraseFault::Date(format!("{wrong}e")));
    }
    match (heard.weekdays.map(WeekdaySet::single_day), nths.first()) {
        (Some(Some(day)), _) => Ok(Repeat::NthWeekday { every, nths, day }),
        (None, Some(day)) if nths.len() == 1 && (*day > 0 || heard.last_day) => {
            Ok(Repeat::MonthDay { every, day: *day })
        }
        _ => Err(PhraseFault::Apart),
    }
}

/// A series from its first day that fits; "van 7 januari t/m 30 juni" bounds it.
fn series(repeat: Repeat, spans: &[Span], begin: NaiveDate) -> Result<Shape, PhraseFault> {
    let (begin, last) = match (&repeat, spans) {
        (Repeat::Yearly, [(day, last)]) if day == last => (*day, None),
        (Repeat::Yearly, _) => return Err(PhraseFault::NoDay),
        (_, []) => (begin, None),
        (_, [(first, last)]) if first != last => (*first, Some(*last)),
        _ => return Err(PhraseFault::Apart),
    };
    Ok(Shape {
        first: repeat.first_from(begin).ok_or(PhraseFault::NoDay)?,
        repeat,
        last,
        hours: None,
    })
}

/// The dates that were said. With hours, a range is a meeting on each of its days; without, it is
/// one thing that goes on for days.
fn listed(hours: Option<Hours>, spans: &[Span]) -> Result<Shape, PhraseFault> {
    let (first, last) = match spans {
        [] => return Err(PhraseFault::NoDay),
        [first, ..] => *first,
    };
    let one_range = spans.len() == 1 && first != last;
    if one_range && matches!(hours, Some(Hours::Clock { .. })) {
        return Ok(Shape {
            first,
            repeat: Repeat::Days(1),
            last: Some(last),
            hours: None,
        });
    }
    let each = spans
        .iter()
        .flat_map(|(first, last)| days_through(*first, *last));
    let all: Vec<NaiveDate> = each.take(MOST).collect();
    if all.len() == MOST {
        return Err(PhraseFault::Apart);
    }
    let whole = match hours {
        None => days::on_end(&all),
        Some(Hours::WholeDays(1)) => one_range,
        Some(_) => false,
    };
    let days = u16::try_from(all.len()).ok().filter(|_| whole);
    let more = if whole { &[] } else { &all[1..] };
    Ok(Shape {
        first,
        repeat: Repeat::Dates(more.iter().copied().collect()),
        last: None,
        hours: days.map(Hours::WholeDays),
    })
}

fn end(heard: &Heard, last: Option<NaiveDate>, first: NaiveDate) -> Result<End, PhraseFault> {
    let until = heard
        .until
        .map(|until| days::resolve_one(until, first))
        .transpose()?;
    match (until, last, heard.times) {
        (None, None, None) => Ok(End::Never),
        (Some(last), None, None) | (None, Some(last), None) => Ok(End::On(last)),
        (None, None, Some(times)) => Ok(End::Times(times)),
        _ => Err(PhraseFault::Apart),
    }
}

/// The meetings that are left out; of a range those that there are.
fn except(heard: &Heard, plain: &PlainSchedule) -> Result<BTreeSet<NaiveDate>, PhraseFault> {
    let mut days_out = BTreeSet::new();
    for said in heard.except.iter().flat_map(|(_, dates)| dates) {
        for (first, last) in days::resolve(said, plain.first)? {
            let met = plain.meetings(first, last);
            if met.is_empty() {
                return Err(PlainFault::NoMeeting(first).into());
            }
            days_out.extend(met);
        }
    }
    Ok(days_out)
}
