//! Takes Dutch compounds apart: `schuldhulpverlening` is `schuld`, `hulpverlening`, `hulp`,
//! `verlening`.
//!
//! Of all ways in which known parts cover the whole word the one with the fewest parts wins, and
//! of those the one with the longest first part. Linking letters belong to the part before them
//! (the dictionary knows `vrijwilligers-` and `schulden-`).

use super::lexicon::Lexicon;

/// Shorter words are not taken apart.
const SHORTEST_WORD: usize = 6;
/// Shorter parts are accidents.
const SHORTEST_PART: usize = 3;
/// Longer words are no words.
const LONGEST_WORD: usize = 40;
/// Parts of this length are taken apart in their turn.
const LONG_PART: usize = 8;
/// What a part costs, and what it costs more when it is so short that it may be an accident.
const PART: u32 = 10;
const SHORT_PART: u32 = 6;
/// What a word costs more that the dictionary does not name as a part, and how long it must be.
const LOOSE_PART: u32 = 8;
const LOOSE_LENGTH: usize = 5;

/// The best way to cover the rest of a word, from one place on.
#[derive(Clone, Copy)]
struct Cover {
    cost: u32,
    /// Length of the first part.
    first: usize,
}

impl Lexicon {
    /// The words that a folded compound consists of, and the words that these consist of; empty
    /// when it is none. A few microseconds.
    #[must_use]
    pub fn parts(&self, word: &str) -> Vec<String> {
        let mut parts = Vec::new();
        self.add_parts(word, &mut parts, 3);
        parts
    }

    /// The words that a folded compound directly consists of; empty when it is none.
    #[must_use]
    pub fn halves(&self, word: &str) -> Vec<String> {
        let halves = self.split(word).into_iter();
        halves
            .map(|part| self.base_of_part(part).to_owned())
            .collect()
    }

    /// The last part of a compound as it stands in it, and what stands before it.
    pub(super) fn head<'a>(&self, word: &'a str) -> Option<(&'a str, &'a str)> {
        let last = self.split(word).pop()?;
        Some((word.strip_suffix(last)?, last))
    }

    fn add_parts(&self, word: &str, parts: &mut Vec<String>, depth: usize) {
        for part in self.split(word) {
            let base = self.base_of_part(part);
            if parts.iter().all(|known| known != base) {
                parts.push(base.to_owned());
            }
            if depth > 0 && part.len() >= LONG_PART {
                self.add_parts(base, parts, depth - 1);
            }
        }
    }

    /// The parts as they stand in the word.
    fn split<'a>(&self, word: &'a str) -> Vec<&'a str> {
        let length = word.len();
        if !(SHORTEST_WORD..=LONGEST_WORD).contains(&length)
            || !word.bytes().all(|byte| byte.is_ascii_lowercase())
            || self.is_whole(word)
        {
            return Vec::new();
        }
        // From the right: the best cover of every end of the word.
        let mut covers: Vec<Option<Cover>> = vec![None; length + 1];
        for at in (0..=length - SHORTEST_PART).rev() {
            let mut best: Option<Cover> = None;
            self.parts_at(&word[at..], |first, roles| {
                if first < SHORTEST_PART {
                    return;
                }
                let last = at + first == length;
                let rest = match (last, covers[at + first]) {
                    (true, _) if at > 0 => 0,
                    (false, Some(rest)) => rest.cost,
                    _ => return,
                };
                let fits = if last { roles.ends } else { roles.begins };
                let loose = match (fits, roles.free && first >= LOOSE_LENGTH) {
                    (true, _) => 0,
                    (false, true) => LOOSE_PART,
                    (false, false) => return,
                };
                let short = if first == SHORTEST_PART {
                    SHORT_PART
                } else {
                    0
                };
                let cost = rest + PART + short + loose;
                // Parts come in order of length, so of equals the longest wins.
                if best.is_none_or(|best| cost <= best.cost) {
                    best = Some(Cover { cost, first });
                }
            });
            covers[at] = best;
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(cover) = covers[at] {
            parts.push(&word[at..at + cover.first]);
            at += cover.first;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_tables_take_apart_what_residents_type() {
        let lexicon = Lexicon::own();
        for (word, parts) in [
            ("taalcafe", "taal cafe"),
            ("eetclub", "eet club"),
            ("buurtsoos", "buurt soos"),
            ("wandelgroep", "wandel groep"),
        ] {
            assert_eq!(lexicon.parts(word).join(" "), parts, "{word}");
        }
    }

    #[test]
    fn what_is_no_compound_stays_whole() {
        let lexicon = Lexicon::own();
        let long = "taal".repeat(40);
        for word in [
            "mantelzorg",
            "maaltijd",
            "wandelen",
            "café",
            "",
            "groep",
            &long,
        ] {
            assert_eq!(lexicon.parts(word), Vec::<String>::new(), "{word}");
        }
    }
}
