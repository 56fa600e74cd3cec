//! Days and times as people write them.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

/// What is said of a day that cannot be read.
pub const NO_DAY: &str = "Vul een dag in, zoals 15-01-2027.";

/// What is said of a time to end that comes before the time to begin.
pub const ENDS_BEFORE: &str = "Dit is eerder dan het begin. Kijk nog eens naar de tijden.";
/// Who goes on past midnight stays less long than this.
const NIGHT: TimeDelta = TimeDelta::hours(12);

/// Whether an end comes before its beginning, and is no end in the night after it.
#[must_use]
pub fn ends_before(from: NaiveTime, to: NaiveTime) -> bool {
    to < from && from - to < TimeDelta::days(1) - NIGHT
}

/// What is written is no day or no time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable;

/// A day as a browser sends it, 2027-01-15, or as people write it: 15-01-2027, 15-1-2027, with
/// slashes or points too.
///
/// # Errors
/// When it is no day, or none of our time.
pub fn day(text: &str) -> Result<NaiveDate, Unreadable> {
    let text = text.trim().replace(['/', '.'], "-");
    NaiveDate::parse_from_str(&text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(&text, "%d-%m-%Y"))
        .ok()
        .filter(|day| (1900..2200).contains(&day.year()))
        .ok_or(Unreadable)
}

/// A time as a browser sends it, or as people write it: 10:00, 10.00, 9.30 uur.
///
/// # Errors
/// When it is no time.
pub fn time(text: &str) -> Result<NaiveTime, Unreadable> {
    let text = text.trim().trim_end_matches("uur").trim().replace('.', ":");
    let whole = if text.contains(':') {
        text
    } else {
        format!("{text}:00")
    };
    NaiveTime::parse_from_str(&whole, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(&whole, "%H:%M:%S"))
        .map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_a_browser_sends_it_and_as_people_write_it() {
        let expected = NaiveDate::from_ymd_opt(2027, 1, 15).expect("day");
        for text in [
            "2027-01-15",
            "15-01-2027",
            "15-1-2027",
            "15/1/2027",
            " 15.01.2027 ",
        ] {
            assert_eq!(day(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "15",
            "15-13-2027",
            "31-02-2027",
            "15-01-27",
            "15-01-9999",
            "morgen",
        ] {
            assert_eq!(day(text), Err(Unreadable), "{text}");
        }
    }

    #[test]
    fn a_time_is_read_as_a_browser_sends_it_and_as_people_write_it() {
        let half_past_nine = NaiveTime::from_hms_opt(9, 30, 0).expect("time");
        for text in ["09:30", "9:30", "9.30", "9.30 uur", "09:30:00"] {
            assert_eq!(time(text), Ok(half_past_nine), "{text}");
        }
        assert_eq!(
            time("9 uur"),
            Ok(NaiveTime::from_hms_opt(9, 0, 0).expect("time"))
        );
        for text in ["", "25:00", "half tien"] {
            assert_eq!(time(text), Err(Unreadable), "{text}");
        }
    }

    #[test]
    fn an_evening_may_end_in_the_night() {
        let at = |text| time(text).expect("time");
        assert!(ends_before(at("14:00"), at("13:00")));
        assert!(!ends_before(at("20:00"), at("02:00")));
        assert!(!ends_before(at("10:00"), at("12:00")));
    }
}
