//! Where words begin and end in Dutch text.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// A word as it stands in the text, cut at its hyphens; marks that show nothing are left out.
pub struct RawWord {
    /// Bytes in the text.
    pub range: Range<usize>,
    /// At least one piece, none empty.
    pub pieces: Vec<String>,
}

/// Splits at everything that is no letter or digit. Three marks bind: a hyphen between letters
/// (`re-integratie`), dots between single letters (`w.m.o.`), and `'s` that ends a word falls
/// off (`baby's`).
#[must_use]
pub fn split(text: &str) -> Vec<RawWord> {
    let mut letters = text.char_indices().peekable();
    let mut words = Vec::new();
    while let Some(&(start, letter)) = letters.peek() {
        if letter.is_alphanumeric() {
            words.push(read_word(text, start, &mut letters));
        } else {
            letters.next();
        }
    }
    words
}

fn read_word(text: &str, start: usize, letters: &mut Peekable<CharIndices>) -> RawWord {
    let mut pieces = vec![String::new()];
    let mut end = start;
    // Letters since the last dot: an abbreviation has one between its dots.
    let mut since_dot = 0;
    while let Some(&(at, letter)) = letters.peek() {
        let after = at + letter.len_utf8();
        if letter.is_alphanumeric() {
            if let Some(piece) = pieces.last_mut() {
                piece.push(letter);
            }
            since_dot += 1;
            end = after;
        } else if !is_invisible(letter) {
            let mut rest = text[after..].chars().filter(|c| !is_invisible(*c));
            let (next, second) = (rest.next(), rest.next());
            if is_apostrophe(letter) && matches!(next, Some('s' | 'S')) && !is_word(second) {
                letters.next();
                skip_to_s(letters);
                break;
            }
            let single = since_dot == 1 && pieces.len() == 1 && !is_word(second);
            if is_hyphen(letter) && is_word(next) {
                pieces.push(String::new());
            } else if letter == '.' && single && next.is_some_and(char::is_alphabetic) {
                since_dot = 0;
            } else {
                break;
            }
        }
        letters.next();
    }
    RawWord {
        range: start..end,
        pieces,
    }
}

fn skip_to_s(letters: &mut Peekable<CharIndices>) {
    for (_, letter) in letters.by_ref() {
        if matches!(letter, 's' | 'S') {
            break;
        }
    }
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(char::is_alphanumeric)
}

fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}' | '\u{2011}')
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ')
}

/// Combining accents (folded away anyhow), soft hyphens, and marks for width and direction.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
