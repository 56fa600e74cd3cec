//! Typing errors: the known word that a person most likely meant.
//!
//! Candidates come from two finite-state transducers, one of the words as they are written and
//! one of how they sound in Dutch, walked with a Levenshtein automaton: tens of microseconds at
//! 5,000 records, under a millisecond at a million. They are then ranked by edit distance and
//! frequency. Figures: `docs/search.md`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fst::automaton::Automaton;
use fst::{IntoStreamer, Map, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};

/// Shorter words are too like each other: "wmo" is not "wao".
const SHORTEST: usize = 4;
/// From this length on two edits are looked for.
const LONG: usize = 6;
/// What a word gains on a rarer one per factor e in frequency, in edits.
const FREQUENCY: f64 = 0.12;
/// Cost of a word that only sounds the same, in edits.
const SAME_SOUND: f64 = 0.5;
/// Cost of another first letter, in edits: people rarely miss the first one.
const FIRST_LETTER: f64 = 0.3;

/// Making the tables of an automaton takes milliseconds, so they are made once: for one edit
/// and for two. Letters that changed places are one edit.
static ONE_EDIT: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
static TWO_EDITS: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

/// Known words, ready to be found by misspellings. Immutable.
#[derive(Default)]
pub struct Speller {
    /// By number, with the number of records that hold them.
    words: Vec<(String, u32)>,
    /// Word to number.
    written: Map<Vec<u8>>,
    /// Sound to a number in `alike`.
    sounds: Map<Vec<u8>>,
    /// The numbers of the words that sound the same.
    alike: Vec<Vec<u32>>,
}

/// Walks a transducer within some edits of a word.
struct Near(DFA);

impl Automaton for Near {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}

impl Speller {
    /// Takes folded words, each once and in order, with the number of records that hold them.
    #[must_use]
    pub fn new(words: impl Iterator<Item = (String, u32)>) -> Self {
        let spelled = |(word, _): &(String, u32)| {
            word.len() >= SHORTEST && !word.bytes().any(|byte| byte.is_ascii_digit())
        };
        let words: Vec<(String, u32)> = words.filter(spelled).collect();
        let mut sounds: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (number, (word, _)) in (0..).zip(&words) {
            sounds.entry(sound(word)).or_default().push(number);
        }
        let numbered = words.iter().zip(0_u64..);
        // Words come in order and once, so that building cannot fail.
        let written = Map::from_iter(numbered.map(|((word, _), number)| (word, number)));
        let keys = Map::from_iter(sounds.keys().zip(0_u64..));
        Self {
            written: written.unwrap_or_default(),
            sounds: keys.unwrap_or_default(),
            alike: sounds.into_values().collect(),
            words,
        }
    }

    /// Number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it is one of the words.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.written.contains_key(word)
    }

    /// The likeliest word for a misspelled one, with its cost in edits; `None` when nothing is
    /// near enough for a person to see what was meant.
    #[must_use]
    pub fn correct(&self, typed: &str) -> Option<(&str, f64)> {
        if typed.chars().count() < SHORTEST || typed.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let heard = sound(typed);
        let mut near = Vec::new();
        near_in(&self.written, &ONE_EDIT, typed, &mut near);
        let mut sounds = Vec::new();
        near_in(&self.sounds, &ONE_EDIT, &heard, &mut sounds);
        for sound in sounds {
            near.extend(&self.alike[sound as usize]);
        }
        self.best(typed, &heard, &near).or_else(|| {
            if typed.len() < LONG {
                return None;
            }
            near_in(&self.written, &TWO_EDITS, typed, &mut near);
            self.best(typed, &heard, &near)
        })
    }

    /// The commonest words that begin as a misspelled beginning would if it were right.
    #[must_use]
    pub fn complete(&self, beginning: &str, most: usize) -> Vec<&str> {
        if beginning.chars().count() < SHORTEST {
            return Vec::new();
        }
        let near = Near(ONE_EDIT.build_prefix_dfa(beginning));
        let mut stream = self.written.search(near).into_stream();
        let mut found = Vec::new();
        while let Some((_, number)) = stream.next() {
            let (word, records) = &self.words[usize::try_from(number).unwrap_or_default()];
            if word.chars().next() == beginning.chars().next() {
                found.push((*records, word.as_str()));
            }
        }
        found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        found.truncate(most);
        found.into_iter().map(|(_, word)| word).collect()
    }

    fn best(&self, typed: &str, heard: &str, near: &[u32]) -> Option<(&str, f64)> {
        let length = typed.chars().count();
        let mut best: Option<(f64, f64, &str)> = None;
        for number in near {
            let (word, records) = &self.words[*number as usize];
            let cost = cost(typed, heard, word);
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

/// The numbers of the words of a transducer within some edits of a word.
fn near_in(
    table: &Map<Vec<u8>>,
    edits: &LevenshteinAutomatonBuilder,
    word: &str,
    found: &mut Vec<u32>,
) {
    let mut stream = table.search(Near(edits.build_dfa(word))).into_stream();
    while let Some((_, number)) = stream.next() {
        found.extend(u32::try_from(number));
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
        let mut words = WORDS.map(|(word, records)| (word.to_owned(), records));
        words.sort();
        let speller = Speller::new(words.into_iter());
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
