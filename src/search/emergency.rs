//! Words that cannot wait: when help lines stand above everything.

use std::collections::HashSet;

use super::language::Analyzer;

const RULES: &str = include_str!("../../data/language/emergency.tsv");

/// The rules of the language table, by stems.
pub struct Alarm(Vec<Rule>);

struct Rule {
    /// Of each group one stem must be there.
    groups: Vec<Vec<String>>,
    /// None of these may be there.
    unless: Vec<String>,
}

impl Alarm {
    /// Reads the table that is compiled into the program.
    #[must_use]
    pub fn new(analyzer: &Analyzer) -> Self {
        let stems = |words: &str| words.split('/').map(|word| analyzer.stem(word)).collect();
        let rule = |line: &str| {
            let mut rule = Rule {
                groups: Vec::new(),
                unless: Vec::new(),
            };
            for group in line.split_whitespace() {
                match group.strip_prefix('-') {
                    Some(words) => rule.unless.extend::<Vec<String>>(stems(words)),
                    None => rule.groups.push(stems(group)),
                }
            }
            rule
        };
        Self(super::language::lines(RULES).map(rule).collect())
    }

    /// Whether these stems are a cry for help.
    #[must_use]
    pub fn sounds(&self, stems: &HashSet<String>) -> bool {
        self.0.iter().any(|rule| {
            let holds = |group: &Vec<String>| group.iter().any(|stem| stems.contains(stem));
            rule.groups.iter().all(holds) && !rule.unless.iter().any(|stem| stems.contains(stem))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds(text: &str) -> bool {
        let analyzer = crate::search::tests::language();
        let words = analyzer.words(text);
        let stems = words
            .iter()
            .map(|word| analyzer.stem(&word.surface))
            .collect();
        Alarm::new(&analyzer).sounds(&stems)
    }

    #[test]
    fn cries_for_help_are_heard() {
        for text in [
            "huiselijk geweld",
            "hij slaat mij",
            "mijn man slaat mij",
            "mijn vriend schopt me",
            "ik word geslagen",
            "mijn kind wordt geslagen",
            "kindermishandeling melden",
            "ik ben verkracht",
            "mijn ex bedreigt mij",
            "ik word gestalkt door mijn ex",
            "ik ben bang voor mijn man",
            "ik voel me niet veilig thuis",
            "zelfmoord",
            "zelfmoordgedachten",
            "suïcide",
            "ik wil niet meer leven",
            "ik wil niet meer verder",
            "ik wil dood",
            "ik wou dat ik dood was",
            "een einde aan mijn leven maken",
            "ik wil mezelf van kant maken",
            "mijn leven heeft geen zin meer",
            "ik snijd mezelf",
            "mijn dochter heeft pillen geslikt",
        ] {
            assert!(sounds(text), "{text}");
        }
    }

    #[test]
    fn look_alikes_raise_no_alarm() {
        for text in [
            "EHBO-cursus",
            "zelfmoordpreventie vrijwilliger worden",
            "vrijwilliger bij 113 zelfmoord",
            "training huiselijk geweld",
            "nabestaanden zelfmoord",
            "niet meer alleen leven",
            "niet meer thuis leven",
            "ik wil niet meer werken",
            "ik kan niet meer lopen",
            "mijn man slaapt slecht",
            "mijn man vergeet alles",
            "geen zin om te koken",
            "zin in het leven cursus",
            "levensverhaal schrijven",
            "levensvragen",
            "vrijwilliger bij sterven thuis",
            "thuis sterven",
            "hospice laatste levensfase",
            "mijn hond is dood",
            "verdriet na dood van mijn man",
            "rouw na overlijden partner",
            "begrafenis betalen",
            "veilig thuis wonen",
            "veilig fietsen",
            "valpreventie",
            "bang voor honden",
            "angst voor hoogte",
            "drummen les slaan op de trommel",
            "honkbal leren slaan",
            "alcohol misbruik",
            "pijn in mijn rug",
            "snijden groente kookles",
            "bloed geven",
            "noodopvang",
            "hulp na beroerte",
            "agressie cursus",
            "dierenmishandeling",
        ] {
            assert!(!sounds(text), "{text}");
        }
    }
}
