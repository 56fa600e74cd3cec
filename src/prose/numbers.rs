//! The telephone numbers in a text.

use crate::base::contact;

/// A piece of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    pub text: String,
    /// The digits to dial, where the piece is a telephone number.
    pub dial: Option<String>,
}

/// Characters of a number with room to spare; a text of digits alone must take no time.
const LONGEST: usize = 24;

/// The text in pieces, in order and whole.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let inside_word = plain.ends_with(|c: char| c.is_alphanumeric() || c == '-');
        let number = if inside_word { None } else { number_at(rest) };
        let Some(number) = number else {
            plain.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        if !plain.is_empty() {
            pieces.push(Piece {
                text: std::mem::take(&mut plain),
                dial: None,
            });
        }
        pieces.push(Piece {
            text: number.to_owned(),
            dial: Some(contact::dial(number)),
        });
        rest = &rest[number.len()..];
    }
    if !plain.is_empty() {
        pieces.push(Piece {
            text: plain,
            dial: None,
        });
    }
    pieces
}

/// The telephone number that a text begins with.
fn number_at(text: &str) -> Option<&str> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let in_number = |b: &u8| b.is_ascii_digit() || matches!(b, b' ' | b'-');
    let run = text.bytes().take(LONGEST).take_while(in_number).count();
    let number = text[..run].trim_end_matches([' ', '-']);
    let mut after = text[number.len()..].chars();
    let ends = match (after.next(), after.next()) {
        // "112,50" is an amount, "10.00" a time and "113.nl" a web address.
        (Some(',' | '.' | ':'), Some(next)) => !next.is_alphanumeric(),
        (next, _) => next.is_none_or(|c| !c.is_alphanumeric()),
    };
    (ends && is_dutch_number(number)).then_some(number)
}

/// Emergency numbers, municipal 14-numbers, information numbers and ordinary ones (ACM numbering
/// plan); anything else that is made of digits is a year, an amount or a time.
fn is_dutch_number(number: &str) -> bool {
    let digits = contact::dial(number);
    match digits.len() {
        3 => matches!(digits.as_str(), "112" | "113"),
        5 | 6 => digits.starts_with("140") && number.starts_with("14 "),
        8 | 11 => digits.starts_with("0800") || digits.starts_with("0900"),
        10 => digits.starts_with('0'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    fn numbers(text: &str) -> Vec<String> {
        let pieces = pieces(text);
        assert_eq!(
            pieces.iter().map(|p| p.text.as_str()).collect::<String>(),
            text
        );
        pieces
            .into_iter()
            .filter(|p| p.dial.is_some())
            .map(|p| p.text)
            .collect()
    }

    #[test]
    fn numbers_become_links_and_other_digits_do_not() {
        assert_eq!(
            numbers("Bel 112. Of bel 113 of 0800-0113 (gratis)."),
            ["112", "113", "0800-0113"]
        );
        assert_eq!(
            numbers("Bel 14 0570 of 0570 695399, of 088 0767 000."),
            ["14 0570", "0570 695399", "088 0767 000"]
        );
        for none in [
            "In 2026 kost het € 112,50 voor 10 lessen",
            "van 10.00 tot 12.00 uur, 7411 KS Deventer",
            "wet 1120 of A112 of 112a of 113.nl",
            "",
            "é 0",
        ] {
            assert_eq!(numbers(none), Vec::<String>::new(), "{none}");
        }
    }
}
