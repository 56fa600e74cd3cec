//! Words that find each other: the editors' groups, made ready for the planner.
//!
//! Applied to queries, never to records: a change is live at once and needs no new index, and a
//! word that is old or hurtful finds without ever being written into a record.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::language::{Analyzer, Word};
use super::speller::Speller;

/// Longer phrases are not looked up; the longest in the Deventer list has six content words.
const LONGEST_PHRASE: usize = 6;

/// How the words of a group find each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Each finds all others.
    Both,
    /// The others find the first; the first finds none of them: a misspelling.
    ToFirst,
}

/// A group of words or phrases that mean nearly the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordGroup {
    /// As the editors wrote them.
    pub terms: Vec<String>,
    /// Which finds which.
    pub direction: Direction,
}

/// The groups by the stems of their phrases. Immutable: a change makes a new one.
#[derive(Default)]
pub struct Thesaurus {
    phrases: Vec<Phrase>,
    /// By key: the phrases to search as well.
    others: HashMap<String, Vec<usize>>,
    /// By key of a misspelling: the right phrase.
    right: HashMap<String, usize>,
    /// The stems of all words in phrases.
    stems: HashSet<String>,
    /// The words in phrases, to be found by misspellings.
    speller: Speller,
}

/// The content words of a term.
pub struct Phrase {
    key: String,
    /// Folded surface words, at least one.
    pub words: Vec<String>,
}

impl Thesaurus {
    /// Makes groups ready. Terms without a letter or digit are left out.
    #[must_use]
    pub fn new(groups: &[WordGroup], analyzer: &Analyzer) -> Self {
        let mut thesaurus = Self::default();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for group in groups {
            let members: Vec<usize> = group
                .terms
                .iter()
                .filter_map(|term| thesaurus.number(term, analyzer, &mut numbers))
                .collect();
            for (place, &member) in members.iter().enumerate() {
                let found: &[usize] = match group.direction {
                    Direction::Both => &members,
                    Direction::ToFirst if place > 0 => &members[..1],
                    Direction::ToFirst => &[],
                };
                let key = thesaurus.phrases[member].key.clone();
                if group.direction == Direction::ToFirst && place > 0 {
                    thesaurus.right.insert(key.clone(), members[0]);
                }
                let others = thesaurus.others.entry(key).or_default();
                for &other in found {
                    if other != member && !others.contains(&other) {
                        others.push(other);
                    }
                }
            }
        }
        let words: BTreeSet<String> = thesaurus
            .phrases
            .iter()
            .flat_map(|phrase| phrase.words.iter().cloned())
            .collect();
        thesaurus.stems = words.iter().map(|word| analyzer.stem(word)).collect();
        thesaurus.speller = Speller::new(words.into_iter().map(|word| (word, 1)));
        thesaurus
    }

    /// Adds the stems of the right words for misspellings that the editors know.
    pub fn righted(&self, stems: &mut HashSet<String>, analyzer: &Analyzer) {
        let found = stems.iter().filter_map(|stem| self.right.get(stem));
        let right: Vec<&String> = found
            .flat_map(|number| &self.phrases[*number].words)
            .collect();
        stems.extend(right.into_iter().map(|word| analyzer.stem(word)));
    }

    /// Whether a stem stands in any phrase.
    #[must_use]
    pub fn knows(&self, stem: &str) -> bool {
        self.stems.contains(stem)
    }

    /// The words in phrases, to be found by misspellings.
    #[must_use]
    pub fn speller(&self) -> &Speller {
        &self.speller
    }

    fn number(
        &mut self,
        term: &str,
        analyzer: &Analyzer,
        numbers: &mut HashMap<String, usize>,
    ) -> Option<usize> {
        let words = analyzer.content(&analyzer.words(term));
        let key = key(&words, analyzer);
        if key.is_empty() {
            return None;
        }
        let next = self.phrases.len();
        let number = *numbers.entry(key.clone()).or_insert(next);
        if number == next {
            let words = words.into_iter().map(|word| word.surface).collect();
            self.phrases.push(Phrase { key, words });
        }
        Some(number)
    }

    /// The longest known phrase at the start of some content words: how many words it has, and
    /// what to search as well.
    #[must_use]
    pub fn longest(&self, words: &[Word], analyzer: &Analyzer) -> Option<(usize, Vec<&Phrase>)> {
        (1..=words.len().min(LONGEST_PHRASE))
            .rev()
            .find_map(|length| {
                let others = self.others.get(&key(&words[..length], analyzer))?;
                let phrases: Vec<&Phrase> =
                    others.iter().map(|other| &self.phrases[*other]).collect();
                (!phrases.is_empty()).then_some((length, phrases))
            })
    }
}

fn key(words: &[Word], analyzer: &Analyzer) -> String {
    let stems: Vec<String> = words
        .iter()
        .map(|word| analyzer.stem(&word.surface))
        .collect();
    stems.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(groups: &[(&[&str], Direction)], text: &str) -> Vec<String> {
        let analyzer = crate::search::tests::language();
        let groups: Vec<WordGroup> = groups
            .iter()
            .map(|(terms, direction)| WordGroup {
                terms: terms.iter().map(ToString::to_string).collect(),
                direction: *direction,
            })
            .collect();
        let thesaurus = Thesaurus::new(&groups, &analyzer);
        let words = analyzer.content(&analyzer.words(text));
        let (_, phrases) = thesaurus.longest(&words, &analyzer).unwrap_or_default();
        phrases
            .iter()
            .map(|phrase| phrase.words.join(" "))
            .collect()
    }

    #[test]
    fn words_find_each_other_in_any_inflection() {
        let groups: &[(&[&str], Direction)] =
            &[(&["blut", "geen geld", "geldzorgen"], Direction::Both)];
        assert_eq!(found(groups, "blut"), ["geen geld", "geldzorgen"]);
        assert_eq!(found(groups, "Geldzorg"), ["blut", "geen geld"]);
        assert_eq!(
            found(groups, "ik heb geen geld meer"),
            ["blut", "geldzorgen"]
        );
        assert!(found(groups, "rijk").is_empty());
    }

    #[test]
    fn a_misspelling_finds_the_word_and_not_the_other_way_round() {
        let groups: &[(&[&str], Direction)] = &[(&["dementie", "demensie"], Direction::ToFirst)];
        assert_eq!(found(groups, "demensie"), ["dementie"]);
        assert!(found(groups, "dementie").is_empty());
    }

    #[test]
    fn a_word_of_two_groups_finds_both_and_the_longest_phrase_wins() {
        let groups: &[(&[&str], Direction)] = &[
            (&["bijstand", "uitkering"], Direction::Both),
            (&["bijstand", "participatiewet", "!"], Direction::Both),
            (&["bijzondere bijstand", "extra geld"], Direction::Both),
        ];
        assert_eq!(found(groups, "bijstand"), ["uitkering", "participatiewet"]);
        assert_eq!(found(groups, "bijzondere bijstand"), ["extra geld"]);
        assert!(found(groups, "?!").is_empty());
    }
}
