//! Names of time zones (RFC 5545, 3.2.19): those of IANA, of Windows, of Outlook's screens, and
//! names that a calendar defines itself.

use std::collections::HashMap;

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;

use super::content::Component;

/// The zones that a calendar defines, by their name in it.
#[derive(Default)]
pub struct Zones(HashMap<String, Tz>);

impl Zones {
    /// From the VTIMEZONE components of a calendar. What follows no clock that we know is left
    /// out, and refused where it is used.
    #[must_use]
    pub fn of(calendar: &Component) -> Self {
        let defined = calendar.parts.iter().filter(|c| c.name == "VTIMEZONE");
        let known = defined.filter_map(|zone| {
            let location = zone.value("X-LIC-LOCATION");
            let found = named(location).or_else(|| by_rules(zone))?;
            Some((zone.value("TZID").to_owned(), found))
        });
        Self(known.collect())
    }

    /// The zone of a TZID. A name of the world goes before what the calendar says of it: rules in
    /// calendars are often old.
    #[must_use]
    pub fn find(&self, tzid: &str) -> Option<Tz> {
        named(tzid).or_else(|| self.0.get(tzid.trim()).copied())
    }
}

/// A zone whose clock goes as in Amsterdam these years is Amsterdam: Outlook says "W. Europe",
/// and phones the capital that they were set up in.
#[must_use]
pub fn as_here(zone: Tz) -> Tz {
    // Both halves of the year, and the weeks in which summer time begins elsewhere.
    let days = [(1, 10), (3, 20), (4, 2), (7, 10), (10, 28), (11, 3)];
    let same = (2026..2036).all(|year| {
        days.iter().all(|(month, day)| {
            let noon =
                NaiveDate::from_ymd_opt(year, *month, *day).and_then(|d| d.and_hms_opt(12, 0, 0));
            noon.is_some_and(|noon| {
                let offset = |zone: Tz| zone.offset_from_utc_datetime(&noon).fix();
                offset(zone) == offset(Amsterdam)
            })
        })
    });
    if same { Amsterdam } else { zone }
}

fn named(name: &str) -> Option<Tz> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let windows = || {
        WINDOWS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let found = (name.parse::<Tz>().ok())
        .or_else(|| windows().and_then(|(_, iana)| iana.parse().ok()))
        .or_else(|| at_the_end(name))
        .or_else(|| on_the_screen(name))
        .or_else(|| by_offset(name))?;
    Some(as_here(found))
}

/// `/example.org/20260101_1/Europe/Amsterdam`: a name made unique by a path before it.
fn at_the_end(name: &str) -> Option<Tz> {
    let parts: Vec<&str> = name.strip_prefix('/')?.split('/').collect();
    (0..parts.len()).find_map(|from| parts.get(from..)?.join("/").parse().ok())
}

/// `(UTC+01:00) Amsterdam, Berlijn, Bern`: what Windows shows in its list. A city that names a
/// zone tells which.
fn on_the_screen(name: &str) -> Option<Tz> {
    let (offset, cities) = name.strip_prefix('(')?.split_once(')')?;
    if !offset.starts_with("UTC") && !offset.starts_with("GMT") {
        return None;
    }
    if cities.trim() == "Coordinated Universal Time" {
        return Some(Tz::UTC);
    }
    let city = |city: &str| {
        format!("Europe/{}", city.trim().replace(' ', "_"))
            .parse()
            .ok()
    };
    cities.split([',', '/']).find_map(city)
}

/// `UTC+1`, `GMT+01:00`: what websites write whose clock was set by hand.
fn by_offset(name: &str) -> Option<Tz> {
    let offset = name
        .strip_prefix("UTC")
        .or_else(|| name.strip_prefix("GMT"))?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = offset
        .strip_prefix(['+', '-'])?
        .split_once(':')
        .unwrap_or((offset.get(1..)?, "0"));
    let (hours, rest): (i32, i32) = (hours.parse().ok()?, rest.parse().ok()?);
    (hours <= 14).then(|| fixed(sign * (hours * 60 + rest)))?
}

/// The clock that a VTIMEZONE describes (RFC 5545, 3.6.5), when it is one of Europe or a fixed one.
fn by_rules(zone: &Component) -> Option<Tz> {
    let latest = |name: &str| {
        let parts = zone.parts.iter().filter(|part| part.name == name);
        parts.max_by_key(|part| part.value("DTSTART").to_owned())
    };
    let offset = |part: &Component| minutes(part.value("TZOFFSETTO"));
    let standard = latest("STANDARD")?;
    let winter = offset(standard)?;
    let Some(daylight) = latest("DAYLIGHT") else {
        return fixed(winter);
    };
    let turns = |part: &Component, month: &str| {
        let rule = part.value("RRULE").to_ascii_uppercase();
        let has = |wanted: &str| rule.split(';').any(|part| part == wanted);
        has(&format!("BYMONTH={month}")) && has("BYDAY=-1SU")
    };
    let european = turns(daylight, "3") && turns(standard, "10");
    match (european, winter, offset(daylight)?) {
        (true, 0, 60) => Some(Tz::Europe__London),
        (true, 60, 120) => Some(Amsterdam),
        (true, 120, 180) => Some(Tz::Europe__Helsinki),
        _ => None,
    }
}

/// `Etc/GMT-1` is one hour ahead of Greenwich: the sign is that of POSIX.
fn fixed(minutes: i32) -> Option<Tz> {
    match (minutes / 60, minutes % 60) {
        (0, 0) => Some(Tz::UTC),
        (hours, 0) => format!("Etc/GMT{:+}", -hours).parse().ok(),
        _ => None,
    }
}

/// A UTC offset (RFC 5545, 3.3.14) in minutes.
fn minutes(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4)?.parse().ok()?;
    Some(sign * (hours * 60 + minutes))
}

/// Names of Windows that Outlook and Exchange write, and their zones (Unicode CLDR).
const WINDOWS: [(&str, &str); 33] = [
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("India Standard Time", "Asia/Kolkata"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("UTC", "UTC"),
    ("Coordinated Universal Time", "UTC"),
    ("tzone://Microsoft/Utc", "UTC"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::calendars::content;

    #[test]
    fn names_lead_to_zones() {
        for (name, zone) in [
            ("Europe/Amsterdam", "Europe/Amsterdam"),
            ("W. Europe Standard Time", "Europe/Amsterdam"),
            ("w. europe standard time", "Europe/Amsterdam"),
            ("Europe/Brussels", "Europe/Amsterdam"),
            ("CET", "Europe/Amsterdam"),
            (
                "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
                "Europe/Amsterdam",
            ),
            (
                "(UTC+01:00) Amsterdam, Berlijn, Bern, Rome, Stockholm, Wenen",
                "Europe/Amsterdam",
            ),
            (
                "(UTC+00:00) Dublin, Edinburgh, Lissabon, Londen",
                "Europe/Dublin",
            ),
            (
                "/example.org/20260101_1/Europe/Amsterdam",
                "Europe/Amsterdam",
            ),
            ("GMT Standard Time", "Europe/London"),
            ("Eastern Standard Time", "America/New_York"),
            ("UTC+1", "Etc/GMT-1"),
            ("GMT-05:00", "Etc/GMT+5"),
            ("UTC", "UTC"),
            ("(UTC) Coordinated Universal Time", "UTC"),
            ("tzone://Microsoft/Utc", "UTC"),
        ] {
            assert_eq!(named(name).map(Tz::name), Some(zone), "{name}");
        }
        for name in [
            "",
            "Customized Time Zone",
            "(UTC+01:00)",
            "Atlantis/Hoofdstad",
            "/",
        ] {
            assert_eq!(named(name), None, "{name}");
        }
        assert!(WINDOWS.iter().all(|(name, _)| named(name).is_some()));
    }

    #[test]
    fn a_zone_that_is_defined_is_known_by_its_rules() {
        let zone = |id: &str, winter: &str, rest: &str| {
            format!(
                "BEGIN:VTIMEZONE\nTZID:{id}\nBEGIN:STANDARD\nDTSTART:16010101T030000\n\
                 TZOFFSETFROM:+0200\nTZOFFSETTO:{winter}\n\
                 RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n{rest}END:VTIMEZONE\n"
            )
        };
        let summer = |to: &str, month: &str| {
            format!(
                "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:{to}\n\
                 RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH={month}\nEND:DAYLIGHT\n"
            )
        };
        let text = format!(
            "BEGIN:VCALENDAR\n{}{}{}{}END:VCALENDAR\n",
            zone("Aangepast", "+0100", &summer("+0200", "3")),
            zone("Vast", "+0200", ""),
            zone("Vreemd", "+0100", &summer("+0200", "4")),
            zone("Half", "+0530", ""),
        );
        let calendar = &content::calendars(text.as_bytes()).expect("calendar")[0];
        let zones = Zones::of(calendar);
        let found = |name: &str| zones.find(name).map(Tz::name);
        assert_eq!(found("Aangepast"), Some("Europe/Amsterdam"));
        assert_eq!(found("Vast"), Some("Etc/GMT-2"));
        assert_eq!((found("Vreemd"), found("Half")), (None, None));
    }
}
