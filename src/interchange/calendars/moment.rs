//! Dates, times and lengths (RFC 5545, 3.3.4 to 3.3.9).

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;

use super::Fault;
use super::content::Property;
use super::zones::Zones;

/// A day, or what the clock shows in a zone. Seconds are left out: nobody comes by the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    Day(NaiveDate),
    Time(NaiveDateTime, Tz),
}

impl Moment {
    /// Reads one value of a property. A time without a zone is meant on the clock where one is:
    /// that of Amsterdam.
    pub fn read(property: &Property, value: &str, zones: &Zones) -> Result<Self, Fault> {
        let value = value.trim();
        let fault = || Fault::at(property, format!("{:?} is not a date or time", cut(value)));
        if let Some(day) = day(value) {
            return Ok(Self::Day(day));
        }
        let (local, utc) = match value.strip_suffix(['Z', 'z']) {
            Some(local) => (local, true),
            None => (value, false),
        };
        let (date, time) = local.split_once(['T', 't']).ok_or_else(fault)?;
        let (time, seconds) = clock(time).ok_or_else(fault)?;
        let local = day(date).ok_or_else(fault)?.and_time(time);
        // A day that ends at 23:59:59 ends at midnight.
        let local = if seconds >= 59 {
            local + Duration::minutes(1)
        } else {
            local
        };
        let zone = match property.param("TZID") {
            _ if utc => Tz::UTC,
            None | Some("") => Amsterdam,
            Some(name) => zones.find(name).ok_or_else(|| {
                Fault::at(
                    property,
                    format!("the time zone {:?} is not known", cut(name)),
                )
            })?,
        };
        Ok(Self::Time(local, zone))
    }

    #[must_use]
    pub fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// What the clock in a zone shows then; a day is its midnight.
    #[must_use]
    pub fn local(self, zone: Tz) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN),
            Self::Time(local, own) if own == zone => local,
            Self::Time(local, own) => instant(local, own).with_timezone(&zone).naive_local(),
        }
    }

    /// Minutes that elapse from one moment to another.
    #[must_use]
    pub fn minutes_until(self, end: Self, zone: Tz) -> i64 {
        let instant = |moment: Self| match moment {
            Self::Day(day) => instant(day.and_time(NaiveTime::MIN), zone),
            Self::Time(local, own) => instant(local, own),
        };
        (instant(end) - instant(self)).num_minutes()
    }
}

/// The moment at which a clock shows a time. What it shows twice is the first; what it skips is
/// as late as the clock before the change would have it (RFC 5545, 3.3.5).
fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Tz> {
    let found = zone.from_local_datetime(&local).earliest();
    found.unwrap_or_else(|| {
        let before = local - Duration::hours(3);
        let before = zone.from_local_datetime(&before).latest();
        before.map_or_else(
            || zone.from_utc_datetime(&local),
            |at| at + Duration::hours(3),
        )
    })
}

fn day(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let day = NaiveDate::parse_from_str(text, "%Y%m%d")
        .ok()
        .filter(|_| digits)?;
    // What a calendar can mean; also within what the database holds.
    (1900..=2200).contains(&day.year()).then_some(day)
}

/// `HHMMSS`, and `HHMM` as some write it: the minute, and the seconds beside it.
fn clock(text: &str) -> Option<(NaiveTime, u32)> {
    let digits = matches!(text.len(), 4 | 6) && text.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize| {
        text.get(from..from + 2)
            .filter(|_| digits)?
            .parse::<u32>()
            .ok()
    };
    let seconds = if text.len() == 6 { part(4)? } else { 0 };
    let time = NaiveTime::from_hms_opt(part(0)?, part(2)?, 0)?;
    // A leap second is one.
    (seconds <= 60).then_some((time, seconds))
}

/// A length of time.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Length {
    /// Days as the calendar counts them.
    pub days: i64,
    /// Minutes that elapse beside them.
    pub minutes: i64,
}

impl Length {
    /// `P1W`, `P1D`, `PT1H30M`, `P1DT12H` (RFC 5545, 3.3.6); not below nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
        let (date, time) = text.split_once('T').unwrap_or((text, ""));
        let mut length = Self::default();
        let mut seconds = 0;
        for (part, number) in numbered(date)? {
            match part {
                'W' => length.days += 7 * number,
                'D' => length.days += number,
                _ => return None,
            }
        }
        for (part, number) in numbered(time)? {
            match part {
                'H' => length.minutes += 60 * number,
                'M' => length.minutes += number,
                'S' => seconds += number,
                _ => return None,
            }
        }
        length.minutes += (seconds + 59) / 60;
        Some(length)
    }
}

fn numbered(text: &str) -> Option<Vec<(char, i64)>> {
    let mut parts = Vec::new();
    let mut digits = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() && digits.len() < 7 {
            digits.push(letter);
        } else {
            parts.push((letter.to_ascii_uppercase(), digits.parse().ok()?));
            digits.clear();
        }
    }
    digits.is_empty().then_some(parts)
}

/// The last day of a series (UNTIL, RFC 5545, 3.3.10) by the clock of the series: on a day on
/// which the series would begin after the given time nothing is held any more.
#[must_use]
pub fn last_day(until: Moment, start: NaiveDateTime, zone: Tz) -> Option<NaiveDate> {
    match until {
        Moment::Day(day) => Some(day),
        Moment::Time(..) => {
            let last = until.local(zone);
            let before = last.time() < start.time();
            last.date().checked_sub_days(Days::new(u64::from(before)))
        }
    }
}

/// The beginning of a value, for a message.
#[must_use]
pub fn cut(value: &str) -> String {
    value.chars().take(60).collect()
}
