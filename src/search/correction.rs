//! From what was typed to words that are known: joins, splits and typing errors.

use super::completion;
use super::cues::Cues;
use super::emergency::Alarm;
use super::error::SearchError;
use super::language::{Analyzer, Word};
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::thesaurus::Thesaurus;

/// Halves of an unknown word have at least so many letters.
const SHORTEST_HALF: usize = 4;
/// So few edits are a slip of the finger, not two words: "huislijk" is no "huis lijk".
const SLIP: f64 = 1.0;
/// Letters that bind the halves of a Dutch compound and belong to neither.
const LINKS: [&str; 3] = ["", "s", "en"];

/// In "… om mee te praten" the small word belongs to these, not to the verb.
const RELATIVE: [&str; 6] = ["iemand", "niemand", "iets", "niets", "niks", "mensen"];

/// What is known: the index, the thesaurus, and how words are read.
pub struct Known<'a> {
    pub snapshot: &'a Snapshot,
    pub fields: &'a Fields,
    pub analyzer: &'a Analyzer,
    pub thesaurus: &'a Thesaurus,
    pub cues: &'a Cues,
    pub alarm: &'a Alarm,
}

impl Known<'_> {
    /// Whether a record or the thesaurus holds the word in any inflection.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn holds(&self, surface: &str) -> Result<bool, SearchError> {
        Ok(self.is_held(surface)? || self.thesaurus.knows(&self.analyzer.stem(surface)))
    }

    /// Whether a record holds the word in any inflection.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn is_held(&self, surface: &str) -> Result<bool, SearchError> {
        let stem = self.analyzer.stem(surface);
        let f = self.fields;
        let stems =
            [f.title, f.keywords, f.names, f.labels, f.summary].map(|field| (field, stem.as_str()));
        for (field, text) in [(f.words, surface)].into_iter().chain(stems) {
            if self.records(field, text)? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether neighbours make a word that is held: a stem alone is no proof, "geengeld" has that
    /// of "engel".
    fn is_one_word(&self, surface: &str) -> Result<bool, SearchError> {
        let is_word = self.is_shown(surface)?
            || self.analyzer.is_dutch(surface)
            || self.thesaurus.shows(surface)
            || !self.analyzer.split(surface).is_empty();
        Ok(is_word && self.holds(surface)?)
    }

    /// Whether a record shows the word, just as it is.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn is_shown(&self, surface: &str) -> Result<bool, SearchError> {
        Ok(self.records(self.fields.words, surface)? > 0)
    }

    /// How few records hold a word: 1 for one record, 0 for all of them.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn rarity(&self, surface: &str) -> Result<f32, SearchError> {
        let stem = self.analyzer.stem(surface);
        let f = self.fields;
        let mut most = self.records(f.words, surface)?;
        for field in [f.title, f.keywords, f.labels, f.summary] {
            most = most.max(self.records(field, &stem)?);
        }
        Ok(self.snapshot.rarity(most))
    }

    /// How few records hold a stem in title, search words or summary.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn rarity_of_stem(&self, stem: &str) -> Result<f32, SearchError> {
        let f = self.fields;
        let mut most = 0;
        for field in [f.title, f.keywords, f.summary] {
            most = most.max(self.records(field, stem)?);
        }
        Ok(self.snapshot.rarity(most))
    }

    fn records(&self, field: tantivy::schema::Field, text: &str) -> Result<u64, SearchError> {
        Ok(self.snapshot.postings.count(field, text)?.into())
    }

    /// Neighbours that are known as one word become that word, with themselves as its pieces:
    /// "dag besteding" is read as "dag-besteding".
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn join(&self, words: &[Word]) -> Result<Vec<Word>, SearchError> {
        let mut joined: Vec<Word> = Vec::with_capacity(words.len());
        let mut at = 0;
        let small = |part: &Word| self.analyzer.is_stopword(&part.surface);
        while at < words.len() {
            let mut length = 1;
            if let Some(verb) = self.separated(&words[..at], &words[at..])? {
                joined.push(verb);
                at += 3;
                continue;
            }
            for count in [3, 2] {
                let parts = words.get(at..at + count);
                let Some(parts) = parts.filter(|parts| !parts.iter().any(small)) else {
                    continue;
                };
                let surface: String = parts.iter().map(|part| part.surface.as_str()).collect();
                if self.is_one_word(&surface)? {
                    joined.push(Word {
                        range: parts[0].range.start..parts[count - 1].range.end,
                        surface,
                        pieces: parts.iter().map(|part| part.surface.clone()).collect(),
                    });
                    length = count;
                    break;
                }
            }
            if length == 1 {
                joined.push(words[at].clone());
            }
            at += length;
        }
        Ok(joined)
    }

    /// A verb that "te" stands within: "rond te komen" is "rondkomen". In "iemand om mee te praten"
    /// it is not: "mee" belongs to "iemand".
    fn separated(&self, before: &[Word], words: &[Word]) -> Result<Option<Word>, SearchError> {
        let [first, between, last, ..] = words else {
            return Ok(None);
        };
        if let [.., whom, om] = before
            && om.surface == "om"
            && RELATIVE.contains(&whom.surface.as_str())
        {
            return Ok(None);
        }
        let verb = format!("{}{}", first.surface, last.surface);
        let is_verb = between.surface == "te" && last.surface.ends_with('n');
        if !is_verb || !self.is_one_word(&verb)? {
            return Ok(None);
        }
        Ok(Some(Word {
            range: first.range.start..last.range.end,
            surface: verb,
            pieces: vec![first.surface.clone(), last.surface.clone()],
        }))
    }

    /// Replaces unknown words by known ones: two that were written as one, or the one that was
    /// meant. The last word may be unfinished (`open`): what begins a known word stays, and so does
    /// a word of the Dutch dictionary, unless nothing else helps (`dutch_too`). Returns
    /// whether a word was taken for a typing error.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn correct(
        &self,
        words: &mut Vec<Word>,
        open: bool,
        dutch_too: bool,
    ) -> Result<bool, SearchError> {
        let mut corrected = self.join_misspelled(words)?;
        let count = words.len();
        let mut read = Vec::with_capacity(count);
        for (at, word) in words.drain(..).enumerate() {
            let unfinished = open && at + 1 == count && self.begins_a_word(&word.surface)?;
            if let Some(right) = self.thesaurus.right(&self.analyzer.stem(&word.surface)) {
                corrected = true;
                let surface = right.to_owned();
                read.push(Word { surface, ..word });
                continue;
            }
            let dutch = !dutch_too && self.analyzer.is_dutch(&word.surface);
            let stays = unfinished || dutch || !word.pieces.is_empty();
            if stays || self.holds(&word.surface)? {
                read.push(word);
                continue;
            }
            let meant = self.meant(&word.surface);
            let slip = meant.as_ref().is_some_and(|(_, edits)| *edits <= SLIP);
            let halves = if slip {
                None
            } else {
                self.split(&word.surface)?
            };
            match (halves, meant) {
                (Some((left, right)), _) => {
                    for surface in [left, right] {
                        read.push(Word {
                            surface,
                            ..word.clone()
                        });
                    }
                }
                (None, Some((surface, _))) => {
                    corrected = true;
                    read.push(Word { surface, ..word });
                }
                (None, None) => read.push(word),
            }
        }
        *words = read;
        Ok(corrected)
    }

    /// Two words that were one, and misspelled at that: "buurt bemidelling". One of them means
    /// nothing by itself.
    fn join_misspelled(&self, words: &mut Vec<Word>) -> Result<bool, SearchError> {
        let small = |word: &Word| self.analyzer.is_stopword(&word.surface);
        for at in 1..words.len() {
            let pair = &words[at - 1..=at];
            if pair
                .iter()
                .any(|word| small(word) || !word.pieces.is_empty())
            {
                continue;
            }
            let mut senseless = false;
            for Word { surface, .. } in pair {
                senseless |= !self.analyzer.is_dutch(surface)
                    && !self.holds(surface)?
                    && self.meant(surface).is_none();
            }
            let joined = format!("{}{}", pair[0].surface, pair[1].surface);
            let meant = if senseless { self.meant(&joined) } else { None };
            if let Some((surface, _)) = meant {
                let range = pair[0].range.start..pair[1].range.end;
                let pieces = Vec::new();
                let one = Word {
                    range,
                    surface,
                    pieces,
                };
                words.splice(at - 1..=at, [one]);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn begins_a_word(&self, surface: &str) -> Result<bool, SearchError> {
        if !completion::is_long_enough(surface, 1) {
            return Ok(false);
        }
        let known = completion::of(surface, &self.snapshot.postings, self.fields.words)?;
        Ok(!known.longer.is_empty())
    }

    /// The two known words of which one consists; the longest left one, because Dutch compounds
    /// carry their sense at the end and short ends are accidents.
    fn split(&self, surface: &str) -> Result<Option<(String, String)>, SearchError> {
        for (at, _) in surface.char_indices().rev() {
            let (left, right) = surface.split_at(at);
            if right.len() < SHORTEST_HALF || left.len() < SHORTEST_HALF {
                continue;
            }
            for link in LINKS {
                let Some(left) = left.strip_suffix(link) else {
                    continue;
                };
                if left.len() >= SHORTEST_HALF && self.holds(left)? && self.holds(right)? {
                    return Ok(Some((left.to_owned(), right.to_owned())));
                }
            }
        }
        Ok(None)
    }

    fn meant(&self, surface: &str) -> Option<(String, f64)> {
        let index = self.snapshot.speller.correct(surface);
        let words = self.thesaurus.speller().correct(surface);
        let best = index
            .into_iter()
            .chain(words)
            .min_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(word, edits)| (word.to_owned(), edits))
    }
}
