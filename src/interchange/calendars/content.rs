//! Content lines and components (RFC 5545, 3.1 and 3.6): the grammar, and nothing of its meaning.

use std::borrow::Cow;

use super::Unreadable;

/// Lines in one file, at most: what is kept of each takes more memory than its text.
const MOST_LINES: usize = 250_000;
/// Components within components, at most: a calendar needs three.
const DEEPEST: usize = 8;

/// One property: `NAME;PARAM=value:value`, the value as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Property {
    /// In capitals.
    pub name: String,
    params: Vec<(String, String)>,
    pub value: String,
    /// In the file, from 1.
    pub line: usize,
}

impl Property {
    /// A parameter without its quotes.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A component with its properties in order, and the components in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Component {
    /// In capitals.
    pub name: String,
    pub line: usize,
    pub properties: Vec<Property>,
    pub parts: Vec<Component>,
}

impl Component {
    /// The first property of a name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|p| p.name == name)
    }

    /// The value of the first property of a name, as written; empty when there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.property(name).map_or("", |p| p.value.trim())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |p| p.name == name)
    }
}

/// Reads the calendars of a file; lines that are no property are passed over.
///
/// # Errors
/// When the file is no calendar, or does not hold it whole: nothing of it may be used then.
pub fn calendars(bytes: &[u8]) -> Result<Vec<Component>, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut calendars = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    let mut seen = 0;
    for (line, text) in unfolded(bytes) {
        let text = std::str::from_utf8(&text).map_err(|_| Unreadable::NotText(line))?;
        if text.trim().is_empty() {
            continue;
        }
        seen += 1;
        if seen > MOST_LINES {
            return Err(Unreadable::TooLong(MOST_LINES));
        }
        let property = property(text, line);
        match property {
            Some(begin) if begin.name == "BEGIN" => {
                let name = begin.value.trim().to_ascii_uppercase();
                if open.is_empty() && name != "VCALENDAR" {
                    return Err(Unreadable::NotACalendar);
                }
                if open.len() == DEEPEST {
                    return Err(Unreadable::TooDeep(line));
                }
                open.push(Component {
                    name,
                    line,
                    properties: Vec::new(),
                    parts: Vec::new(),
                });
            }
            Some(end) if end.name == "END" => {
                let closed = open
                    .pop()
                    .filter(|c| end.value.trim().eq_ignore_ascii_case(&c.name));
                let closed = closed.ok_or(Unreadable::Entangled(line))?;
                match open.last_mut() {
                    Some(outer) => outer.parts.push(closed),
                    None => calendars.push(closed),
                }
            }
            property => match (open.last_mut(), property) {
                (Some(component), Some(property)) => component.properties.push(property),
                (Some(_), None) => {}
                (None, _) => return Err(Unreadable::NotACalendar),
            },
        }
    }
    if open.is_empty() && !calendars.is_empty() {
        Ok(calendars)
    } else if open.is_empty() {
        Err(Unreadable::NotACalendar)
    } else {
        Err(Unreadable::BreaksOff)
    }
}

/// Lines put together again, each with the number of its first. Folding counts bytes and may fall
/// within a letter, so this goes before reading text. Line ends are CRLF, LF or CR.
fn unfolded(bytes: &[u8]) -> impl Iterator<Item = (usize, Cow<'_, [u8]>)> {
    let mut rest = bytes;
    let mut number = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        number += 1;
        let first = number;
        let mut line = Cow::Borrowed(take_line(&mut rest));
        while let Some(b' ' | b'\t') = rest.first() {
            rest = rest.get(1..).unwrap_or_default();
            number += 1;
            let more = take_line(&mut rest);
            line.to_mut().extend_from_slice(more);
        }
        Some((first, line))
    })
}

fn take_line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let Some(end) = end else {
        return std::mem::take(rest);
    };
    let (line, after) = rest.split_at(end);
    let ending = if after.starts_with(b"\r\n") { 2 } else { 1 };
    *rest = after.get(ending..).unwrap_or_default();
    line
}

/// `None` when the line is none.
fn property(text: &str, line: usize) -> Option<Property> {
    let end = text.find([';', ':'])?;
    let (name, mut rest) = text.split_at(end);
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return None;
    }
    let mut params = Vec::new();
    while let Some(param) = rest.strip_prefix(';') {
        let end = outside_quotes(param)?;
        let (param, after) = param.split_at(end);
        let (key, value) = param.split_once('=').unwrap_or((param, ""));
        let value = value.trim().trim_matches('"');
        params.push((key.trim().to_ascii_uppercase(), value.to_owned()));
        rest = after;
    }
    Some(Property {
        name: name.to_ascii_uppercase(),
        params,
        value: rest.strip_prefix(':')?.to_owned(),
        line,
    })
}

/// Where a parameter ends. An Outlook name such as `"(UTC+01:00) Amsterdam"` holds a colon.
fn outside_quotes(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        !quoted && matches!(byte, b';' | b':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Component {
        let mut all = calendars(text.as_bytes()).expect("a calendar");
        all.remove(0)
    }

    #[test]
    fn lines_are_unfolded_whatever_their_ends() {
        let mut bytes = b"\xEF\xBB\xBFbegin:vcalendar\r\nX-A;b=\"c:d;e\";F=g:Caf\xC3".to_vec();
        bytes.extend(b"\r\n \xA9\r\n\t met\n\r\nnot a property\nX-B:\nEND:VCALENDAR");
        let calendar = &calendars(&bytes).expect("a calendar")[0];
        let first = calendar.property("X-A").expect("property");
        assert_eq!(first.value, "Café met");
        assert_eq!(
            (first.param("B"), first.param("F")),
            (Some("c:d;e"), Some("g"))
        );
        assert_eq!(first.line, 2);
        assert_eq!(calendar.property("X-B").map(|p| p.line), Some(7));
    }

    #[test]
    fn what_is_inside_stays_inside() {
        let calendar = one(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nBEGIN:VALARM\nSUMMARY:B\nEND:VALARM\n\
             END:VEVENT\nEND:VCALENDAR\n",
        );
        let event = &calendar.parts[0];
        assert_eq!((event.value("SUMMARY"), event.line), ("A", 2));
        assert_eq!(event.parts[0].value("SUMMARY"), "B");
    }

    #[test]
    fn a_file_that_is_not_whole_is_refused() {
        let deep = "BEGIN:VCALENDAR\n".repeat(100_000);
        for (text, fault) in [
            ("", "not a calendar"),
            ("<!doctype html><title>Inloggen</title>", "not a calendar"),
            ("BEGIN:VCARD\nEND:VCARD", "not a calendar"),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A", "breaks off"),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "line 3"),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR", "line 3"),
            (deep.as_str(), "line 9"),
        ] {
            let said = calendars(text.as_bytes()).expect_err(fault).to_string();
            assert!(said.contains(fault), "{said}");
        }
        let wrong = b"BEGIN:VCALENDAR\nX:\xE9\nEND:VCALENDAR";
        assert!(calendars(wrong).is_err(), "not UTF-8");
    }
}
