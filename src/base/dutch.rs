//! Dates, times and lists as people say them in Dutch.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// The last day that a text names, as in "5 november verplaatst": in the year that lies nearest
/// to `today`. `None` when it names none.
#[must_use]
pub fn last_day_in(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter_map(|pair| {
            let day = pair[0].parse().ok()?;
            let month = MONTHS
                .iter()
                .position(|name| name.eq_ignore_ascii_case(pair[1]))?;
            let month = u32::try_from(month + 1).ok()?;
            (today.year() - 1..=today.year() + 1)
                .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
                .min_by_key(|date| (*date - today).num_days().abs())
        })
        .max()
}

/// "maandag" … "zondag"
#[must_use]
pub fn weekday(day: Weekday) -> &'static str {
    const NAMES: [&str; 7] = [
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ];
    NAMES[day.num_days_from_monday() as usize]
}

/// "januari" … "december"
#[must_use]
pub fn month(date: NaiveDate) -> &'static str {
    MONTHS[date.month0() as usize]
}

/// "24 november 2026"
#[must_use]
pub fn date(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// "dinsdag 24 november"
#[must_use]
pub fn day(date: NaiveDate) -> String {
    format!("{} {} {}", weekday(date.weekday()), date.day(), month(date))
}

/// "dinsdag 24 november", with the year when it is another one than today's.
#[must_use]
pub fn day_seen_from(date: NaiveDate, today: NaiveDate) -> String {
    if date.year() == today.year() {
        day(date)
    } else {
        format!("{} {}", day(date), date.year())
    }
}

/// "gisteren", "vandaag", "morgen", or the day in words.
#[must_use]
pub fn relative_day(date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
        -1 => "gisteren".to_owned(),
        0 => "vandaag".to_owned(),
        1 => "morgen".to_owned(),
        _ => day_seen_from(date, today),
    }
}

/// "9.30"
#[must_use]
pub fn time(time: NaiveTime) -> String {
    format!("{}.{:02}", time.hour(), time.minute())
}

/// "10.00 tot 12.00 uur", or "10.00 uur" when the end is not known.
#[must_use]
pub fn hours(start: NaiveDateTime, end: Option<NaiveDateTime>) -> String {
    match end {
        Some(end) if end != start => format!("{} tot {} uur", time(start.time()), time(end.time())),
        _ => format!("{} uur", time(start.time())),
    }
}

/// "a", "a en b", "a, b en c"
#[must_use]
pub fn list(items: &[impl AsRef<str>]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} en {}", head.join(", "), last.as_ref())
        }
    }
}

/// The first letter in upper case: the start of a sentence.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Sorts names as a Dutch reader expects: case, accents and a leading apostrophe do not count
/// ("'t Dijkhuis" stands under D, "Één" beside "Een").
#[must_use]
pub fn sort_key(name: &str) -> String {
    let name = name.trim_start_matches(['\'', '’', '‘']);
    let name = name
        .strip_prefix("t ")
        .or_else(|| name.strip_prefix("s "))
        .unwrap_or(name);
    name.chars()
        .flat_map(char::to_lowercase)
        .map(fold)
        .collect()
}

/// The letter without its accent, for the accents that occur in Dutch names.
fn fold(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ä' | 'ã' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_read_as_spoken() {
        let tuesday = NaiveDate::from_ymd_opt(2026, 11, 24).expect("date");
        assert_eq!(day(tuesday), "dinsdag 24 november");
        assert_eq!(relative_day(tuesday, tuesday), "vandaag");
        assert_eq!(
            day_seen_from(NaiveDate::from_ymd_opt(2027, 1, 5).expect("date"), tuesday),
            "dinsdag 5 januari 2027"
        );
        let start = tuesday.and_hms_opt(9, 30, 0).expect("time");
        assert_eq!(
            hours(start, tuesday.and_hms_opt(12, 0, 0)),
            "9.30 tot 12.00 uur"
        );
        assert_eq!(hours(start, None), "9.30 uur");
    }

    #[test]
    fn days_in_a_text() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("date");
        let last = |text: &str| last_day_in(text, today).map(|day| day.to_string());
        assert_eq!(
            last("5 november verplaatst naar vrijdag 6 november").as_deref(),
            Some("2026-11-06")
        );
        assert_eq!(last("Vervalt op 7 januari").as_deref(), Some("2027-01-07"));
        assert_eq!(last("Alleen als het vriest; 24 uur open"), None);
    }

    #[test]
    fn lists_and_order() {
        assert_eq!(list(&["a", "b", "c"]), "a, b en c");
        assert_eq!(sort_key("'t Dijkhuis"), "dijkhuis");
        assert_eq!(sort_key("Één"), "een");
        assert_eq!(sentence("één dag"), "Één dag");
    }
}
