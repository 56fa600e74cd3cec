//! Dates, times and lists as people say them in Dutch.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

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
    const NAMES: [&str; 12] = [
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
    NAMES[date.month0() as usize]
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

/// "vandaag", "morgen", or the day in words.
#[must_use]
pub fn relative_day(date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
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
    fn lists_and_order() {
        assert_eq!(list(&["a", "b", "c"]), "a, b en c");
        assert_eq!(sort_key("'t Dijkhuis"), "dijkhuis");
        assert_eq!(sort_key("Één"), "een");
        assert_eq!(sentence("één dag"), "Één dag");
    }
}
