//! Days and wall-clock moments as numbers, as columns hold them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

/// Days since 1 January 1970.
#[must_use]
pub fn day(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

/// Minutes since 1 January 1970, on the wall clock.
#[must_use]
pub fn minute(moment: NaiveDateTime) -> i64 {
    moment.and_utc().timestamp() / 60
}

/// The first minute of a day.
#[must_use]
pub fn midnight(date: NaiveDate) -> i64 {
    minute(date.and_time(NaiveTime::MIN))
}

/// Bits of a spell that hold its minutes.
const LASTS: u32 = 16;

/// A moment that lasts, as one number: minutes since 1970, and how many it lasts. Sorts by start.
/// What lasts longer than 45 days is held to that; without an end it lasts no time.
#[must_use]
pub fn spell(start: NaiveDateTime, end: Option<NaiveDateTime>) -> i64 {
    let lasts = end.map_or(0, |end| (end - start).num_minutes());
    minute(start) << LASTS | lasts.clamp(0, i64::from(u16::MAX))
}

/// Start and minutes of a spell; `None` for a time before 1970.
#[must_use]
pub fn read_spell(spell: i64) -> Option<(u32, u16)> {
    let start = u32::try_from(spell >> LASTS).ok()?;
    let lasts = u16::try_from(spell & i64::from(u16::MAX)).ok()?;
    Some((start, lasts))
}

/// A minute since 1970 as a moment on the wall clock.
#[must_use]
pub fn moment(minute: u32) -> NaiveDateTime {
    DateTime::UNIX_EPOCH.naive_utc() + chrono::Duration::minutes(i64::from(minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_days_agree() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        let moment = date.and_hms_opt(19, 30, 0).unwrap();
        assert_eq!(minute(moment) - midnight(date), 19 * 60 + 30);
        assert_eq!(day(date) * 24 * 60, midnight(date));
        let spelled = spell(moment, Some(moment + chrono::Duration::minutes(90)));
        let (start, lasts) = read_spell(spelled).unwrap();
        assert_eq!((super::moment(start), lasts), (moment, 90));
        assert!(spell(moment, None) < spelled);
        assert!(spelled < spell(moment + chrono::Duration::minutes(1), None));
    }
}
