//! Opening hours in the `OpenStreetMap` notation, as far as our data uses it, in Dutch words.

/// "Maandag tot en met donderdag, 8.30 tot 16.00 uur"; `None` when the notation holds more than
/// days with hours, so that nobody stands before a closed door because of us.
#[must_use]
pub fn words(notation: &str) -> Option<String> {
    let rules: Option<Vec<String>> = notation
        .split(';')
        .map(|rule| rule_words(rule.trim()))
        .collect();
    let text = rules?.join("; ");
    (!text.is_empty()).then(|| crate::base::dutch::sentence(&text))
}

fn rule_words(rule: &str) -> Option<String> {
    let (days, hours) = rule.split_once(' ')?;
    let days: Option<Vec<String>> = days.split(',').map(span_words).collect();
    let hours: Option<Vec<String>> = hours
        .split(',')
        .map(|span| hours_words(span.trim()))
        .collect();
    let (days, hours) = (days?, hours?);
    Some(format!(
        "{}, {} uur",
        crate::base::dutch::list(&days),
        crate::base::dutch::list(&hours)
    ))
}

fn span_words(span: &str) -> Option<String> {
    match span.split_once('-') {
        Some((first, last)) => Some(format!("{} tot en met {}", day(first)?, day(last)?)),
        None => day(span).map(str::to_owned),
    }
}

fn day(code: &str) -> Option<&'static str> {
    Some(match code {
        "Mo" => "maandag",
        "Tu" => "dinsdag",
        "We" => "woensdag",
        "Th" => "donderdag",
        "Fr" => "vrijdag",
        "Sa" => "zaterdag",
        "Su" => "zondag",
        _ => return None,
    })
}

fn hours_words(span: &str) -> Option<String> {
    let (from, until) = span.split_once('-')?;
    Some(format!("{} tot {}", clock(from)?, clock(until)?))
}

/// "08:30" as "8.30"
fn clock(time: &str) -> Option<String> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60).then(|| format!("{hour}.{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn hours_read_as_on_a_door() {
        assert_eq!(
            words("Mo-Th 08:30-16:00").as_deref(),
            Some("Maandag tot en met donderdag, 8.30 tot 16.00 uur")
        );
        assert_eq!(
            words("Mo,We,Fr 09:00-12:00").as_deref(),
            Some("Maandag, woensdag en vrijdag, 9.00 tot 12.00 uur")
        );
        assert_eq!(
            words("Mo 09:00-12:00,13:00-17:00; Sa 10:00-12:00").as_deref(),
            Some("Maandag, 9.00 tot 12.00 en 13.00 tot 17.00 uur; zaterdag, 10.00 tot 12.00 uur")
        );
        for more in [
            "",
            "24/7",
            "Mo-Fr 09:00-17:00; PH off",
            "Mo 25:00-26:00",
            "week 1-53/2 Mo 09:00-12:00",
        ] {
            assert_eq!(words(more), None, "{more}");
        }
    }
}
