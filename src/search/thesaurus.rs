//! Words that find each other: the editors' groups, made ready for the planner.
//!
//! Applied to queries, never to records: a change is live at once and needs no new index, and a
//! word that is old or hurtful finds without ever being written into a record.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::language::{Analyzer, Word, lines};
use super::speller::Speller;

/// Words of the social domain that ship with the program: concepts, a tab, what people type for
/// them. What is typed finds the concepts, and nothing the other way round.
const GENERAL: &str = include_str!("../../data/language/thesaurus.tsv");

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
    /// By stem: the keys that hold it.
    keys: HashMap<String, Vec<String>>,
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
    /// All that is left of a term with "niet": "niet kunnen slapen" is found by "slapen", but
    /// who sleeps badly does not look for "slapen".
    denied: bool,
}

impl Thesaurus {
    /// Makes groups ready, after the general words. Terms without a letter or digit are left out.
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
                // Written wrong, and yet of the same stem: nothing to put right.
                let wrong = key != thesaurus.phrases[members[0]].key;
                if group.direction == Direction::ToFirst && wrong {
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
        thesaurus.add_general(analyzer, &mut numbers);
        thesaurus.add_shorter(analyzer);
        for others in thesaurus.others.values_mut() {
            others.retain(|other| !thesaurus.phrases[*other].denied);
        }
        for key in thesaurus.others.keys() {
            for stem in key.split(' ') {
                let keys = thesaurus.keys.entry(stem.to_owned()).or_default();
                keys.push(key.clone());
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

    fn add_general(&mut self, analyzer: &Analyzer, numbers: &mut HashMap<String, usize>) {
        for (concepts, typed) in lines(GENERAL).filter_map(|line| line.split_once('\t')) {
            let mut members = |list: &str| -> Vec<usize> {
                let terms = list.split(';');
                terms
                    .filter_map(|term| self.number(term, analyzer, numbers))
                    .collect()
            };
            let (concepts, typed) = (members(concepts), members(typed));
            for member in typed {
                let key = self.phrases[member].key.clone();
                let others = self.others.entry(key).or_default();
                for &concept in &concepts {
                    if concept != member && !others.contains(&concept) {
                        others.push(concept);
                    }
                }
            }
        }
    }

    /// "hulp bij het douchen" is known as "douchen" too, unless that is a phrase of its own or a
    /// broad word.
    fn add_shorter(&mut self, analyzer: &Analyzer) {
        let mut shorter: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for phrase in &self.phrases {
            let strong = phrase.words.iter().filter(|word| !analyzer.is_weak(word));
            let stems: Vec<String> = strong.map(|word| analyzer.stem(word)).collect();
            let key = stems.join(" ");
            let broad = analyzer.is_broad(&key);
            if key.is_empty() || broad || key == phrase.key || self.others.contains_key(&key) {
                continue;
            }
            if let Some(others) = self.others.get(&phrase.key) {
                let all = shorter.entry(key).or_default();
                for other in others {
                    if !all.contains(other) {
                        all.push(*other);
                    }
                }
            }
        }
        self.others.extend(shorter);
    }

    /// Adds the stems of the right words for misspellings that the editors know.
    pub fn righted(&self, stems: &mut HashSet<String>, analyzer: &Analyzer) {
        let found = stems.iter().filter_map(|stem| self.right.get(stem));
        let right: Vec<&String> = found
            .flat_map(|number| &self.phrases[*number].words)
            .collect();
        stems.extend(right.into_iter().map(|word| analyzer.stem(word)));
    }

    /// The right word for a misspelling that the editors know.
    #[must_use]
    pub fn right(&self, stem: &str) -> Option<&str> {
        match &self.phrases[*self.right.get(stem)?].words[..] {
            [word] => Some(word),
            _ => None,
        }
    }

    /// Whether a stem stands in any phrase.
    #[must_use]
    pub fn knows(&self, stem: &str) -> bool {
        self.stems.contains(stem)
    }

    /// Whether a word stands in any phrase, just as it is.
    #[must_use]
    pub fn shows(&self, surface: &str) -> bool {
        self.speller.knows(surface)
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
        let all = analyzer.words(term);
        let words = analyzer.content(&all);
        let key = key(&words, analyzer);
        if key.is_empty() {
            return None;
        }
        let denied = words.len() == 1 && all.iter().any(Word::denies);
        let next = self.phrases.len();
        let number = *numbers.entry(key.clone()).or_insert(next);
        if number == next {
            let words = words.into_iter().map(|word| word.surface).collect();
            self.phrases.push(Phrase { key, words, denied });
        }
        self.phrases[number].denied &= denied;
        Some(number)
    }

    /// What to search as well as a single word.
    pub fn others_of(&self, word: &str, analyzer: &Analyzer) -> impl Iterator<Item = &Phrase> {
        let others = self.others.get(&analyzer.stem(word));
        others
            .into_iter()
            .flatten()
            .map(|other| &self.phrases[*other])
    }

    /// The known phrases among some content words, the longest first, each word in one of them:
    /// the words by number, and what to search as well. The words of a phrase may stand in any
    /// order and apart: "ik kan mijn huis niet schoonmaken" holds "huis schoonmaken".
    #[must_use]
    pub fn phrases(&self, words: &[Word], analyzer: &Analyzer) -> Vec<(Vec<usize>, Vec<&Phrase>)> {
        let stems: Vec<String> = words.iter().map(|w| analyzer.stem(&w.surface)).collect();
        let mut candidates: Vec<&String> = stems
            .iter()
            .flat_map(|stem| self.keys.get(stem).into_iter().flatten())
            .collect();
        let length = |key: &String| key.split(' ').count();
        candidates.sort_unstable_by(|a, b| length(b).cmp(&length(a)).then_with(|| a.cmp(b)));
        candidates.dedup();
        let mut taken = vec![false; words.len()];
        let mut found = Vec::new();
        for key in candidates {
            let mut places: Vec<usize> = Vec::new();
            for stem in key.split(' ') {
                let free = |at: &usize| !taken[*at] && !places.contains(at);
                places.extend((0..stems.len()).find(|at| free(at) && stems[*at] == stem));
            }
            let others = self.others.get(key).filter(|others| !others.is_empty());
            let Some(others) = others.filter(|_| places.len() == length(key)) else {
                continue;
            };
            for &at in &places {
                taken[at] = true;
            }
            found.push((
                places,
                others.iter().map(|other| &self.phrases[*other]).collect(),
            ));
        }
        found
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
        let phrases = thesaurus.phrases(&words, &analyzer);
        phrases
            .iter()
            .flat_map(|(_, others)| others)
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
    fn a_word_twice_in_a_phrase_stands_there_twice() {
        let groups: &[(&[&str], Direction)] = &[(&["tik in tik", "vuurtoren"], Direction::Both)];
        assert_eq!(found(groups, "tik tik"), ["vuurtoren"]);
        assert!(found(groups, "een tik").is_empty());
    }

    #[test]
    fn what_is_left_of_a_denial_finds_and_is_not_looked_for() {
        let groups: &[(&[&str], Direction)] =
            &[(&["slapeloosheid", "niet kunnen slapen"], Direction::Both)];
        assert_eq!(found(groups, "ik kan niet slapen"), ["slapeloosheid"]);
        assert!(found(groups, "slapeloosheid").is_empty());
    }

    #[test]
    fn a_misspelling_finds_the_word_and_not_the_other_way_round() {
        let groups: &[(&[&str], Direction)] = &[(&["vuurtoren", "fuurtoren"], Direction::ToFirst)];
        assert_eq!(found(groups, "fuurtoren"), ["vuurtoren"]);
        assert!(found(groups, "vuurtoren").is_empty());
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
