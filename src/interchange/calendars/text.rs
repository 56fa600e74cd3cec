//! Text of a calendar as our records hold it: one line, without marks that steer.

/// Takes off the escapes of a TEXT value (RFC 5545, 3.3.11).
#[must_use]
pub fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    text
}

/// The parts of a value that holds several texts, such as CATEGORIES: a comma that is escaped
/// parts nothing.
#[must_use]
pub fn listed(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in value.chars() {
        if letter == ',' && !escaped {
            parts.push(String::new());
            continue;
        }
        escaped = letter == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    let texts = parts.iter().map(|part| plain(&unescaped(part), 200));
    texts.filter(|text| !text.is_empty()).collect()
}

/// Plain text on one line of at most so many letters, cut between words. Calendars of websites
/// hold HTML and its entities.
#[must_use]
pub fn plain(text: &str, most: usize) -> String {
    // Of a text without end only the beginning is read: what follows would be cut off anyway.
    let begin = text.char_indices().nth(most * 20);
    let text = begin.map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    let text = if text.contains('<') {
        without_tags(text)
    } else {
        text.to_owned()
    };
    let text = with_letters(&text);
    let steering =
        |letter: char| letter.is_control() || letter.is_whitespace() || is_hidden(letter);
    let words = text.split(steering).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        None => line,
        Some((end, _)) => {
            let cut = line.get(..end).unwrap_or_default();
            let word = cut.rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
            format!("{}…", cut.get(..word).unwrap_or(cut).trim_end())
        }
    }
}

/// Letters that turn the direction of text or are not seen: names that hide another. The joiner of
/// emoji (U+200D) is none of them.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// HTML without its tags, and without what no reader sees. A tag parts words.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        let inner = tag.get(1..).unwrap_or_default();
        let is_tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let end = if is_tag { inner.find('>') } else { None };
        let Some(end) = end else {
            text.push('<');
            rest = inner;
            continue;
        };
        let name = inner.get(..end).unwrap_or_default();
        rest = inner.get(end + 1..).unwrap_or_default();
        for unseen in ["script", "style"] {
            if name
                .get(..unseen.len())
                .is_some_and(|n| n.eq_ignore_ascii_case(unseen))
            {
                let close = format!("</{unseen}");
                let mut ahead = rest.as_bytes().windows(close.len());
                let shown = ahead.position(|part| part.eq_ignore_ascii_case(close.as_bytes()));
                rest = shown.and_then(|at| rest.get(at..)).unwrap_or_default();
            }
        }
        text.push(' ');
    }
    text.push_str(rest);
    text
}

/// Entities as the letters that they stand for (HTML, 13.5, those that calendars hold).
fn with_letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        letters.push_str(before);
        let name = entity.get(1..).unwrap_or_default();
        let end = name.bytes().take(10).position(|byte| byte == b';');
        let letter = end.and_then(|end| letter(name.get(..end)?));
        if let Some((letter, end)) = letter.zip(end) {
            letters.push(letter);
            rest = name.get(end + 1..).unwrap_or_default();
        } else {
            letters.push('&');
            rest = name;
        }
    }
    letters.push_str(rest);
    letters
}

fn letter(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let code = match hexadecimal {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "euro" => '€',
        "eacute" => 'é',
        "egrave" => 'è',
        "euml" => 'ë',
        "iuml" => 'ï',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_lists() {
        assert_eq!(
            unescaped(r"Eten\, drinken\; en\nzingen \\ \N!\"),
            "Eten, drinken; en\nzingen \\ \n!"
        );
        assert_eq!(
            listed(r"Samen eten,Zingen\, dansen, ,Café"),
            ["Samen eten", "Zingen, dansen", "Café"]
        );
    }

    #[test]
    fn html_becomes_words() {
        for (html, words) in [
            (
                "<p>Kom&nbsp;langs!</p><ul><li>koffie</li><li>thee</li></ul>",
                "Kom langs! koffie thee",
            ),
            ("2 < 3 en 3 > 2", "2 < 3 en 3 > 2"),
            (
                "Caf&eacute; &amp; zo &#8211; &#x20AC; 3 &onbekend;",
                "Café & zo – € 3 &onbekend;",
            ),
            (
                "<script>alert('x')</script>Zingen<STYLE>p{}</STYLE>",
                "Zingen",
            ),
            ("Zingen<script>alert(1)", "Zingen"),
            ("<a href=\"https://example.org\">link</a>", "link"),
            ("&lt;b&gt;", "<b>"),
            (
                "Zin\u{202E}gen\u{0} \r\nBEGIN:VEVENT",
                "Zin gen BEGIN:VEVENT",
            ),
            (
                "Gezin 👨\u{200D}👩\u{200D}👧",
                "Gezin 👨\u{200D}👩\u{200D}👧",
            ),
            ("een < open", "een < open"),
            ("<", "<"),
            ("&", "&"),
        ] {
            assert_eq!(plain(html, 1_000), words, "{html}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(plain("Koffie met taart", 12), "Koffie met…");
        assert_eq!(plain("Koffie met taart", 16), "Koffie met taart");
        assert_eq!(plain(&"é".repeat(50), 10), format!("{}…", "é".repeat(10)));
    }
}
