//! Typing errors: the known word that a person most likely meant.
//!
//! Words are found by how they sound in Dutch and by leaving out one letter on both sides (a
//! symmetric-delete index), so that a look-up costs microseconds whatever the number of words.
//! The candidates are then ranked by edit distance. Figures: `shared/search.md` section 4.

use std::collections::HashMap;

/// Shorter words are too like each other: "wmo" is not "wao".
const SHORTEST: usize = 4;
/// What a word gains on a rarer one per factor e in frequency, in edits.
const FREQUENCY: f64 = 0.12;
/// Cost of a word that only sounds the same, in edits.
const SAME_SOUND: f64 = 0.5;
/// Cost of another first letter, in edits: people rarely miss the first one.
const FIRST_LETTER: f64 = 0.3;

/// Known words, ready to be found by misspellings. Immutable.
#[derive(Default)]
pub struct Speller {
    words: Vec<(String, u32)>,
    /// By letters or sounds, whole and with one left out.
    keys: HashMap<String, Vec<u32>>,
}

impl Speller {
    /// Takes folded words with the number of records that hold them.
    #[must_use]
    pub fn new(words: impl Iterator<Item = (String, u32)>) -> Self {
        let mut speller = Self::default();
        for (word, records) in words {
            if word.len() < SHORTEST || word.bytes().any(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let number = u32::try_from(speller.words.len()).unwrap_or(u32::MAX);
            for key in keys(&word) {
                let held = speller.keys.entry(key).or_default();
                if held.last() != Some(&number) {
                    held.push(number);
                }
            }
            speller.words.push((word, records));
        }
        speller
    }

    /// The likeliest word for a misspelled one, with its cost in edits; `None` when nothing is
    /// near enough for a person to see what was meant.
    #[must_use]
    pub fn correct(&self, typed: &str) -> Option<(&str, f64)> {
        let length = typed.chars().count();
        if length < SHORTEST || typed.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let sound = sound(typed);
        let mut best: Option<(f64, f64, &str)> = None;
        for number in keys(typed)
            .iter()
            .filter_map(|key| self.keys.get(key))
            .flatten()
        {
            let (word, records) = &self.words[*number as usize];
            let cost = cost(typed, &sound, word);
            let rank = cost - FREQUENCY * f64::from(*records).max(1.0).ln();
            let better = best.is_none_or(|(held, _, name)| {
                rank.total_cmp(&held)
                    .then_with(|| word.as_str().cmp(name))
                    .is_lt()
            });
            if cost <= allowed(length) && better {
                best = Some((rank, cost, word));
            }
        }
        best.map(|(_, cost, word)| (word, cost))
    }
}

/// Edits that a word of so many letters may have.
fn allowed(letters: usize) -> f64 {
    match letters {
        0..=5 => 1.0,
        6..=8 => 1.6,
        _ => 2.3,
    }
}

fn cost(typed: &str, typed_sound: &str, word: &str) -> f64 {
    let by_letters = distance(typed, word);
    let by_sound = SAME_SOUND + distance(typed_sound, &sound(word));
    let first = if typed.chars().next() == word.chars().next() {
        0.0
    } else {
        FIRST_LETTER
    };
    by_letters.min(by_sound) + first
}

/// The word, its sound, and both with each letter left out once.
fn keys(word: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for form in [format!("={word}"), format!("~{}", sound(word))] {
        for (at, letter) in form.char_indices().skip(1) {
            keys.push(format!(
                "{}{}",
                &form[..at],
                &form[at + letter.len_utf8()..]
            ));
        }
        keys.push(form);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How a folded word sounds, roughly: spellings that Dutch ears do not tell apart become one.
fn sound(word: &str) -> String {
    const SAME: [(&str, &str); 16] = [
        ("sch", "sg"),
        ("ouw", "au"),
        ("auw", "au"),
        ("eau", "o"),
        ("ij", "ei"),
        ("ey", "ei"),
        ("ou", "au"),
        ("ie", "i"),
        ("oe", "u"),
        ("ch", "g"),
        ("ph", "f"),
        ("ck", "k"),
        ("ce", "se"),
        ("ci", "si"),
        ("qu", "kw"),
        ("th", "t"),
    ];
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(letter) = rest.chars().next() {
        let (said, length) = SAME
            .iter()
            .find(|(written, _)| rest.starts_with(written))
            .map_or((None, letter.len_utf8()), |(written, said)| {
                (Some(*said), written.len())
            });
        match (said, letter) {
            (Some(said), _) => push(&mut out, said),
            (None, 'c') => push(&mut out, "k"),
            (None, 'z') => push(&mut out, "s"),
            (None, 'v') => push(&mut out, "f"),
            (None, 'y') => push(&mut out, "i"),
            (None, 'x') => push(&mut out, "ks"),
            (None, other) => push(&mut out, other.encode_utf8(&mut [0; 4])),
        }
        rest = &rest[length..];
    }
    // What ends a word is spoken hard.
    let hard = match out.as_bytes().last() {
        Some(b'd') => Some('t'),
        Some(b'b') => Some('p'),
        _ => None,
    };
    if let Some(hard) = hard {
        out.pop();
        out.push(hard);
    }
    out
}

/// Doubled letters sound once.
fn push(out: &mut String, said: &str) {
    for letter in said.chars() {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
}

/// Edits between two words: a letter more, less, another, or two that changed places.
fn distance(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len() + 1;
    let mut before: Vec<u32> = vec![0; width];
    let mut last: Vec<u32> = (0..).take(width).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![last[0] + 1];
        for (j, b) in other.iter().enumerate() {
            let swap = i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b;
            let swapped = if swap { before[j - 1] + 1 } else { u32::MAX };
            let replaced = last[j] + u32::from(a != b);
            row.push(replaced.min(last[j + 1] + 1).min(row[j] + 1).min(swapped));
        }
        before = std::mem::replace(&mut last, row);
    }
    f64::from(last[width - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [(&str, u32); 12] = [
        ("huishoudelijke", 12),
        ("eenzaam", 20),
        ("eenzaamheid", 18),
        ("rollator", 2),
        ("regiotaxi", 5),
        ("dagbesteding", 9),
        ("schuldhulpverlening", 3),
        ("inburgering", 4),
        ("buurt", 60),
        ("huur", 9),
        ("wmo", 30),
        ("dementie", 15),
    ];

    fn correct(typed: &str) -> Option<String> {
        let words = WORDS
            .iter()
            .map(|(word, records)| ((*word).to_owned(), *records));
        let speller = Speller::new(words);
        speller.correct(typed).map(|(word, _)| word.to_owned())
    }

    #[test]
    fn what_a_person_would_understand_is_understood() {
        for (typed, meant) in [
            ("huishoudelike", "huishoudelijke"),
            ("huishaudelijke", "huishoudelijke"),
            ("eensaam", "eenzaam"),
            ("eenzaamhijd", "eenzaamheid"),
            ("rolater", "rollator"),
            ("regeotaxi", "regiotaxi"),
            ("dachbesteding", "dagbesteding"),
            ("schuldhulpverlenning", "schuldhulpverlening"),
            ("inburgerring", "inburgering"),
            ("dementei", "dementie"),
            ("demensie", "dementie"),
        ] {
            assert_eq!(correct(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn short_words_numbers_and_other_words_stay_as_they_are() {
        for typed in ["wao", "muur", "7431", "raket", "olifantenpaadje", "", "é"] {
            assert_eq!(correct(typed), None, "{typed}");
        }
    }

    #[test]
    fn distance_counts_edits() {
        for (one, other, edits) in [
            ("", "", 0.0),
            ("abc", "", 3.0),
            ("wandelen", "wandeln", 1.0),
            ("fiets", "feits", 1.0),
            ("kitten", "sitting", 3.0),
        ] {
            assert!((distance(one, other) - edits).abs() < 1e-9, "{one} {other}");
        }
    }
}
