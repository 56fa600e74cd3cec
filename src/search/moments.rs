//! Days and wall-clock moments as numbers, as columns hold them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_days_agree() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        let moment = date.and_hms_opt(19, 30, 0).unwrap();
        assert_eq!(minute(moment) - midnight(date), 19 * 60 + 30);
        assert_eq!(day(date) * 24 * 60, midnight(date));
    }
}
