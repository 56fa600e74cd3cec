//! Words that cannot wait: when help lines stand above everything.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::language::Analyzer;
use super::speller::Speller;

const RULES: &str = include_str!("../../data/language/emergency.tsv");

/// The words of a rule stand within so many words of each other: further apart they belong to
/// different things.
const WIDEST: usize = 14;
/// A word that makes it something else stands among them or so near: "niet meer alleen leven",
/// but not "ik wil niet meer leven, ik ben zo alleen".
const NEAR: usize = 3;
/// Shorter words that nothing knows are not taken for a misspelled cry.
const LONG_ENOUGH: usize = 6;

/// The rules of the language table: what each is about, and its words.
pub fn built_in() -> impl Iterator<Item = (&'static str, &'static str)> {
    super::language::lines(RULES).filter_map(|line| line.split_once('\t'))
}

/// What editors change of the rules.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct AlarmChanges {
    /// What it is about, as a rule of the table has it, and words that must all be there.
    pub added: Vec<(String, String)>,
    /// Rules of the table that are not listened to.
    pub silenced: Vec<String>,
}

/// The rules of the language table, as editors changed them.
pub struct Alarm {
    pub changes: AlarmChanges,
    rules: Vec<Rule>,
    /// Which rules listen to a word in any inflection.
    stems: HashMap<String, Vec<Ear>>,
    /// Which listen to it just so: "trapt" is not "trap".
    forms: HashMap<String, Vec<Ear>>,
    /// The longer words, to be heard though misspelled.
    speller: Speller,
}

struct Rule {
    /// What is searched as well; may be empty.
    concept: &'static str,
    /// Of each of so many groups one word must be there.
    groups: usize,
    /// Nothing else may be there.
    only: bool,
}

/// Where a word stands in the table.
#[derive(Clone, Copy)]
struct Ear {
    rule: usize,
    /// The group of which it is one; none for a word that makes it something else.
    group: Option<usize>,
}

/// One word that was typed, in all ways in which it can be read.
#[derive(Default)]
pub struct Said {
    /// As it was typed, and as it was mended.
    pub forms: Vec<String>,
    /// The stems of these and of their parts.
    pub stems: Vec<String>,
}

/// Where a rule was heard, by place of the word.
#[derive(Default)]
struct Heard {
    groups: BTreeMap<usize, Vec<usize>>,
    unless: Vec<usize>,
}

impl Alarm {
    /// Reads the table that is compiled into the program, and the changes.
    #[must_use]
    pub fn new(analyzer: &Analyzer, changes: &AlarmChanges) -> Self {
        let mut alarm = Self {
            changes: changes.clone(),
            rules: Vec::new(),
            stems: HashMap::new(),
            forms: HashMap::new(),
            speller: Speller::default(),
        };
        let mut words = BTreeSet::new();
        for (concept, line) in built_in() {
            if !changes.silenced.iter().any(|rule| rule == line) {
                alarm.listen(concept, line, analyzer, &mut words);
            }
        }
        for (concept, text) in &changes.added {
            let known = built_in().find(|(own, _)| own == concept);
            let surfaces: Vec<String> = analyzer
                .words(text)
                .into_iter()
                .map(|word| word.surface)
                .collect();
            let concept = known.map_or("", |(own, _)| own);
            alarm.listen(concept, &surfaces.join(" "), analyzer, &mut words);
        }
        let long = words.into_iter().filter(|word| word.len() >= LONG_ENOUGH);
        alarm.speller = Speller::new(long.map(|word| (word, 1)));
        alarm
    }

    /// Adds a rule, and its words to those that are heard though misspelled.
    fn listen(
        &mut self,
        concept: &'static str,
        line: &str,
        analyzer: &Analyzer,
        words: &mut BTreeSet<String>,
    ) {
        let rule = self.rules.len();
        let mut groups = 0;
        for group in line.trim_start_matches('=').split_whitespace() {
            let (group, ear) = match group.strip_prefix('-') {
                Some(unless) => (unless, None),
                None => (group, Some(groups)),
            };
            groups += usize::from(ear.is_some());
            for word in group.split('/') {
                let ears = match word.strip_suffix('!') {
                    Some(form) => self.forms.entry(form.to_owned()),
                    None => self.stems.entry(analyzer.stem(word)),
                };
                ears.or_default().push(Ear { rule, group: ear });
                if ear.is_some() {
                    words.insert(word.trim_end_matches('!').to_owned());
                }
            }
        }
        self.rules.push(Rule {
            concept,
            groups,
            only: line.starts_with('='),
        });
    }

    /// The word of a rule that a word which nothing knows may be.
    #[must_use]
    pub fn meant(&self, surface: &str) -> Option<&str> {
        let word = (surface.len() >= LONG_ENOUGH).then(|| self.speller.correct(surface));
        word.flatten().map(|(word, _)| word)
    }

    /// What these words cry for, if they are a cry for help: words to search as well, or none.
    #[must_use]
    pub fn concept(&self, said: &[Said]) -> Option<&'static str> {
        let mut heard: BTreeMap<usize, Heard> = BTreeMap::new();
        for (place, word) in said.iter().enumerate() {
            let stems = word.stems.iter().filter_map(|stem| self.stems.get(stem));
            let forms = word.forms.iter().filter_map(|form| self.forms.get(form));
            for ear in stems.chain(forms).flatten() {
                let heard = heard.entry(ear.rule).or_default();
                match ear.group {
                    Some(group) => heard.groups.entry(group).or_default().push(place),
                    None => heard.unless.push(place),
                }
            }
        }
        let sounds = |(rule, heard): &(usize, Heard)| {
            let rule = &self.rules[*rule];
            let alone = !rule.only || said.len() <= rule.groups;
            alone && heard.groups.len() == rule.groups && heard.is_a_cry()
        };
        let first = heard.into_iter().find(sounds);
        first.map(|(rule, _)| self.rules[rule].concept)
    }
}

impl Heard {
    /// Whether all groups stand together somewhere, without a word that makes it something else.
    fn is_a_cry(&self) -> bool {
        self.groups.values().flatten().any(|start| {
            let after =
                |places: &Vec<usize>| places.iter().filter(|at| *at >= start).min().copied();
            let ends: Option<Vec<usize>> = self.groups.values().map(after).collect();
            let Some(end) = ends.and_then(|ends| ends.into_iter().max()) else {
                return false;
            };
            let near = start.saturating_sub(NEAR)..=end + NEAR;
            end - start <= WIDEST && !self.unless.iter().any(|at| near.contains(at))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use super::*;
    use crate::search::language::Word;

    fn sounds(text: &str) -> bool {
        static LISTENER: LazyLock<(Arc<Analyzer>, Alarm)> = LazyLock::new(|| {
            let analyzer = crate::search::tests::language();
            let alarm = Alarm::new(&analyzer, &AlarmChanges::default());
            (analyzer, alarm)
        });
        let (analyzer, alarm) = &*LISTENER;
        let said = |word: &Word| {
            let parts = analyzer.parts(&word.surface);
            Said {
                forms: vec![word.surface.clone()],
                stems: [vec![analyzer.stem(&word.surface)], parts].concat(),
            }
        };
        let said: Vec<Said> = analyzer.words(text).iter().map(said).collect();
        alarm.concept(&said).is_some()
    }

    #[test]
    fn cries_for_help_are_heard() {
        let cries = include_str!("../../data/language/cries.txt").lines();
        let silent: Vec<&str> = cries.filter(|text| !sounds(text)).collect();
        assert_eq!(silent, Vec::<&str>::new());
    }

    #[test]
    fn look_alikes_raise_no_alarm() {
        let others = include_str!("../../data/language/look_alikes.txt").lines();
        let false_alarms: Vec<&str> = others.filter(|text| sounds(text)).collect();
        assert_eq!(false_alarms, Vec::<&str>::new());
    }
}
