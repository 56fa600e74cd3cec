//! Words that cannot wait: when help lines stand above everything.

use std::collections::HashSet;

use super::language::Analyzer;

const RULES: &str = include_str!("../../data/language/emergency.tsv");

/// The rules of the language table, by stems.
pub struct Alarm(Vec<Rule>);

struct Rule {
    /// What is searched as well; may be empty.
    concept: &'static str,
    /// Of each group one word must be there.
    groups: Vec<Vec<Sound>>,
    /// None of these may be there.
    unless: Vec<Sound>,
    /// Nothing else may be there.
    only: bool,
}

/// A word that a rule listens to.
enum Sound {
    /// In any inflection.
    Stem(String),
    /// Just so: "trapt" is not "trap".
    Form(String),
}

impl Alarm {
    /// Reads the table that is compiled into the program.
    #[must_use]
    pub fn new(analyzer: &Analyzer) -> Self {
        let sound = |word: &str| match word.strip_suffix('!') {
            Some(form) => Sound::Form(form.to_owned()),
            None => Sound::Stem(analyzer.stem(word)),
        };
        let sounds = |words: &str| words.split('/').map(sound).collect::<Vec<_>>();
        let rule = |(concept, line): (&'static str, &str)| {
            let mut rule = Rule {
                concept,
                groups: Vec::new(),
                unless: Vec::new(),
                only: line.starts_with('='),
            };
            for group in line.trim_start_matches('=').split_whitespace() {
                match group.strip_prefix('-') {
                    Some(words) => rule.unless.extend(sounds(words)),
                    None => rule.groups.push(sounds(group)),
                }
            }
            rule
        };
        let lines = super::language::lines(RULES);
        Self(
            lines
                .filter_map(|line| line.split_once('\t'))
                .map(rule)
                .collect(),
        )
    }

    /// What these words cry for, if they are a cry for help: words to search as well, or none.
    /// `forms` are as they were typed, `stems` of them and their parts.
    #[must_use]
    pub fn concept(&self, forms: &HashSet<&str>, stems: &HashSet<String>) -> Option<&'static str> {
        let heard = |sound: &Sound| match sound {
            Sound::Stem(stem) => stems.contains(stem),
            Sound::Form(form) => forms.contains(form.as_str()),
        };
        let sounds = |rule: &&Rule| {
            let holds = |group: &Vec<Sound>| group.iter().any(heard);
            let more = || stems.len() > rule.groups.len();
            rule.groups.iter().all(holds)
                && !rule.unless.iter().any(heard)
                && !(rule.only && more())
        };
        self.0.iter().find(sounds).map(|rule| rule.concept)
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
            .flat_map(|word| {
                let parts = analyzer.parts(&word.surface);
                std::iter::once(analyzer.stem(&word.surface)).chain(parts)
            })
            .collect();
        let forms = words.iter().map(|word| word.surface.as_str()).collect();
        Alarm::new(&analyzer).concept(&forms, &stems).is_some()
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
            "mijn vriendin zegt dat ze er niet meer wil zijn",
            "ik kan niet meer",
            "ik zie het niet meer zitten",
            "ik wil mezelf iets aandoen",
            "ik wil uit het leven stappen",
            "suïcidepreventie",
            "zelfmoordpreventie",
            "vrouwenopvang",
            "vrouwen opvang",
            "mijn ex staat steeds voor de deur en bedreigt mij",
            "mijn dochter wordt uitgehuwelijkt",
            "ik heb een overdosis genomen",
            "wil dood",
            "mijn zoon wil dood",
            "ik ga er een eind aan maken",
            "voor de trein springen",
            "zonder mij is iedereen beter af",
            "i want to die",
            "113",
            "hij gaat me vermoorden",
            "papa slaat mama",
            "mijn man sloeg me",
            "ik sla mijn kinderen",
            "hij heeft een mes",
            "mijn man is agressief",
            "mijn vader zit aan mij",
            "hij dwingt mij tot seks",
            "ik moet trouwen van mijn vader",
            "mijn man laat mij niet buiten",
            "mijn kinderen zijn niet veilig",
            "ik durf niet naar huis",
            "my husband hits me",
            "noodgeval",
            "112",
            "er is brand",
            "ik ruik gas",
            "mijn man ademt niet",
            "pijn op mijn borst",
            "hartaanval",
            "mijn kind heeft chloor gedronken",
            "hij trapt mij",
            "blijf van mijn lijf huis",
            "ik wou dat ik er niet meer was",
            "mijn buurkind krijgt klappen",
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
            "kinderopvang",
            "dagopvang ouderen",
            "opvang voor kinderen van werkende vrouwen",
            "ik kan niet meer alleen wonen",
            "ik kan niet meer zelf koken",
            "ik kan niet meer autorijden",
            "niet meer naar school willen",
            "mijn kind wil niet meer naar school",
            "ik wil niet meer alleen zijn",
            "ik wil niet meer eenzaam zijn",
            "mijn man is dood",
            "mijn moeder wil thuis sterven",
            "zin in muziek",
            "ik heb geen zin in school",
            "geen zin meer in mijn werk",
            "huur opzeggen beëindigen",
            "brandweer rondleiding",
            "vluchteling uit Syrië",
            "ik slik veel pillen",
            "mijn kind slaat andere kinderen",
            "mijn kind is geslaagd",
            "bedreigd met huisuitzetting",
            "misbruik van mijn pinpas",
            "ik wil niet meer in de uitkering leven",
            "ik wil niet meer verder studeren",
            "opvang voor moeders met een baby",
            "vogels slaan tegen mijn raam",
            "dood hout weghalen",
            "zwangerschap en borstvoeding",
            "in brand gestoken auto verzekering",
            "eerste hulp bij ongelukken",
            "bang voor de tandarts",
            "mannengroep angst",
            "veilig thuis blijven wonen als oudere",
            "mijn moeder komt de trap niet meer op",
            "traplift voor mijn man",
            "ik wou dat het er niet meer zo druk was",
            "klappen op de maat van de muziek met kinderen",
        ] {
            assert!(!sounds(text), "{text}");
        }
    }
}
