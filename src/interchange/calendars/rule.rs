//! Recurrence rules (RFC 5545, 3.3.10) as a schedule holds them: without their end.

use chrono::{Duration, Months, NaiveDate, NaiveDateTime, Timelike};
use chrono_tz::Tz;

use super::Fault;
use super::content::{Component, Property};
use super::moment::{self, Moment, cut};
use super::zones::Zones;
use crate::catalogue::agenda::{self, Schedule};

/// Meetings that a rule may count, at most: ten years of every day. They are walked one by one.
const MOST_MEETINGS: u32 = 3_660;
const LONGEST: usize = 500;
/// Months within which a series meets again; otherwise it is held once.
const FAR: u32 = 12 * 12;

/// Gives a schedule its rule. A first meeting that the rule does not give is held all the same,
/// and counts (RFC 5545, 3.8.5.3).
pub fn apply(
    schedule: &mut Schedule,
    event: &Component,
    zone: Tz,
    zones: &Zones,
) -> Result<(), Fault> {
    if let Some(wrong) = event.property("EXRULE") {
        return Err(Fault::at(wrong, "EXRULE is not followed"));
    }
    let mut rules = event
        .all("RRULE")
        .filter(|rule| !rule.value.trim().is_empty());
    let Some(property) = rules.next() else {
        return Ok(());
    };
    if let Some(second) = rules.next() {
        return Err(Fault::at(second, "more than one rule is not followed"));
    }
    let Parts { rule, count, until } = Parts::read(property, schedule.starts_at, zone, zones)?;
    if count == Some(1) || until.is_some_and(|until| until < schedule.starts_at.date()) {
        return Ok(());
    }
    let counted = |count: u32| format!("{rule};COUNT={count}");
    schedule.rrule = Some(count.map_or_else(|| rule.clone(), &counted));
    schedule.until = until;
    schedule
        .check()
        .map_err(|fault| Fault::at(property, fault))?;
    let first = schedule.starts_at;
    let far = first.checked_add_months(Months::new(FAR)).unwrap_or(first);
    // A second before: what has no end is over at its start.
    let begun = first - Duration::seconds(1);
    let by_own_clock = Schedule {
        time_zone: Schedule::TIME_ZONE.to_owned(),
        ..schedule.clone()
    };
    let meetings = agenda::dates(&by_own_clock, &[], begun, far.date(), 2).len();
    let given_first = schedule.holds(first);
    if meetings < if given_first { 2 } else { 1 } {
        // Also a rule that would be walked for ever and gives nothing.
        schedule.rrule = None;
        schedule.until = None;
    } else if !given_first {
        schedule.extra_starts.push(first);
        schedule.rrule = Some(count.map_or_else(|| rule.clone(), |count| counted(count - 1)));
    }
    Ok(())
}

struct Parts {
    /// FREQ first, without UNTIL and COUNT.
    rule: String,
    count: Option<u32>,
    until: Option<NaiveDate>,
}

impl Parts {
    fn read(
        property: &Property,
        first: NaiveDateTime,
        zone: Tz,
        zones: &Zones,
    ) -> Result<Self, Fault> {
        let text = property.value.trim().to_ascii_uppercase();
        if text.len() > LONGEST {
            return Err(Fault::at(property, "the rule is too long"));
        }
        let (mut frequency, mut rest) = (String::new(), Vec::new());
        let (mut count, mut until) = (None, None);
        for part in text
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let fault = || {
                Fault::at(
                    property,
                    format!("{:?} in the rule is not understood", cut(part)),
                )
            };
            let (key, value) = part.split_once('=').ok_or_else(fault)?;
            match key {
                "FREQ" => part.clone_into(&mut frequency),
                "COUNT" => {
                    let number = value.parse().ok().filter(|n| *n > 0).ok_or_else(fault)?;
                    if number > MOST_MEETINGS {
                        let message = format!("the rule counts more than {MOST_MEETINGS} meetings");
                        return Err(Fault::at(property, message));
                    }
                    count = Some(number);
                }
                "UNTIL" => {
                    let until_at = Moment::read(property, value, zones)?;
                    // Without a zone it is meant on the clock of the series.
                    let until_at = match until_at {
                        Moment::Time(local, _) if !value.ends_with('Z') => {
                            Moment::Time(local, zone)
                        }
                        other => other,
                    };
                    until = moment::last_day(until_at, first, zone);
                }
                // Some write the time of the start once more.
                "BYHOUR" if value.parse() == Ok(first.hour()) => {}
                "BYMINUTE" if value.parse() == Ok(first.minute()) => {}
                "BYSECOND" if value.parse() == Ok(0) => {}
                "BYHOUR" | "BYMINUTE" | "BYSECOND" => {
                    return Err(Fault::at(property, "the rule repeats within a day"));
                }
                "RSCALE" if value == "GREGORIAN" => {}
                "INTERVAL" | "BYDAY" | "BYMONTHDAY" | "BYYEARDAY" | "BYWEEKNO" | "BYMONTH"
                | "BYSETPOS" | "WKST" => rest.push(part.to_owned()),
                _ => return Err(fault()),
            }
        }
        if frequency.is_empty() {
            return Err(Fault::at(property, "the rule has no FREQ"));
        }
        rest.insert(0, frequency);
        Ok(Self {
            rule: rest.join(";"),
            count,
            until,
        })
    }
}
