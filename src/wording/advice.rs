use super::readability::Readability;
use super::sentences::{bare, sentences};

/// A sentence of more words than these is long.
pub const LONG_SENTENCE: usize = 20;
/// No more hints of one sort at once: who gets twenty reads none.
const MOST: usize = 5;
/// As much of a text as is looked at, in bytes.
const LONGEST_TEXT: usize = 20_000;
/// Words of a sentence that are quoted.
const QUOTED: usize = 6;

/// A word of the field, with what residents say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldTerm {
    /// As it is written in a text, in small letters: "indicatiestelling".
    pub term: String,
    /// "goedkeuring voor zorg"
    pub plain: String,
    /// It stands for the plain words in short: "Wmo". Such a word is one only with a capital, or
    /// where it cannot be said out loud: "ov" and "bad" are others.
    pub short: bool,
}

/// What could be plainer in a text, in Dutch sentences for who writes it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Advice {
    pub hints: Vec<String>,
    /// `None`: the text is too short to say.
    pub readability: Option<Readability>,
}

impl Advice {
    /// Takes time in proportion to the text, of which no more than 20,000 bytes are read.
    #[must_use]
    pub fn on(text: &str, terms: &[FieldTerm]) -> Self {
        let text = &text[..text.floor_char_boundary(LONGEST_TEXT)];
        let sentences = sentences(text);
        let long = sentences
            .iter()
            .filter(|sentence| sentence.len() > LONG_SENTENCE)
            .take(MOST)
            .map(|sentence| {
                format!(
                    "Deze zin heeft {} woorden: “{}…” Kunt u hem in tweeën knippen?",
                    sentence.len(),
                    sentence[..QUOTED].join(" ")
                )
            });
        let words: Vec<Vec<Word>> = sentences
            .iter()
            .map(|sentence| sentence.iter().map(|part| Word::of(part)).collect())
            .collect();
        let terms = terms
            .iter()
            .filter(|term| words.iter().any(|sentence| term.stands_in(sentence)))
            .filter(|term| !term.short || !term.is_told(text))
            .take(MOST)
            .map(FieldTerm::hint);
        Self {
            hints: long.chain(terms).collect(),
            readability: Readability::of(text),
        }
    }
}

impl FieldTerm {
    /// Whether a sentence has it, in any inflection that only adds letters at its end.
    fn stands_in(&self, sentence: &[Word]) -> bool {
        let own: Vec<&str> = self.term.split_whitespace().collect();
        let Some((last, others)) = own.split_last() else {
            return false;
        };
        sentence.windows(own.len()).enumerate().any(|(at, words)| {
            let (others_fit, end) = (
                others
                    .iter()
                    .zip(words)
                    .all(|(own, word)| word.small == *own),
                words.last().and_then(|word| word.small.strip_prefix(last)),
            );
            let inflected = end.is_some_and(|end| ["", "s", "en", "n", "e"].contains(&end));
            others_fit && inflected && (!self.short || words[0].is_short(at == 0))
        })
    }

    /// Whether a text says itself what it stands for.
    fn is_told(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.plain)
    }

    fn hint(&self) -> String {
        let Self { term, plain, short } = self;
        if *short {
            format!("“{term}” is een afkorting. Schrijf erbij wat het is: “{plain}”.")
        } else {
            format!("“{term}” is een vakwoord. Bewoners zeggen: “{plain}”.")
        }
    }
}

/// A word without the marks around it, as it is written and in small letters.
struct Word<'a> {
    written: &'a str,
    small: String,
}

impl<'a> Word<'a> {
    fn of(part: &'a str) -> Self {
        let written = bare(part);
        Self {
            written,
            small: written.to_lowercase(),
        }
    }

    /// Whether it is written as an abbreviation: in capitals, with a capital where none belongs,
    /// or without a vowel.
    fn is_short(&self, first: bool) -> bool {
        let capitals = self.written.chars().filter(|letter| letter.is_uppercase());
        let capitals = capitals.count();
        let speakable = self.small.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        capitals > 1 || (capitals > 0 && !first) || !speakable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Vec<FieldTerm> {
        let term = |term: &str, plain: &str, short| FieldTerm {
            term: term.to_owned(),
            plain: plain.to_owned(),
            short,
        };
        vec![
            term("indicatiestelling", "goedkeuring voor zorg", false),
            term("sociaal isolement", "eenzaam", false),
            term("bad", "budgetadviesbureau", true),
            term("wmo", "wet maatschappelijke ondersteuning", true),
            term("pgb", "persoonsgebonden budget", true),
        ]
    }

    fn hints(text: &str) -> Vec<String> {
        Advice::on(text, &terms()).hints
    }

    #[test]
    fn a_long_sentence_is_pointed_at() {
        let words = |count: usize| format!("Wij {}.", vec!["gaan"; count - 1].join(" "));
        assert!(hints(&words(LONG_SENTENCE)).is_empty());
        assert_eq!(
            hints(&words(LONG_SENTENCE + 1)),
            [
                "Deze zin heeft 21 woorden: “Wij gaan gaan gaan gaan gaan…” Kunt u hem in tweeën knippen?"
            ]
        );
        assert_eq!(hints(&words(21).repeat(30).replace('.', ". ")).len(), MOST);
    }

    #[test]
    fn a_word_of_the_field_comes_with_the_lay_word() {
        assert_eq!(
            hints("Voor de Indicatiestelling, bel ons."),
            ["“indicatiestelling” is een vakwoord. Bewoners zeggen: “goedkeuring voor zorg”."]
        );
        assert_eq!(
            hints("Wij doen indicatiestellingen.").len(),
            1,
            "in the plural"
        );
        assert_eq!(hints("Tegen sociaal isolement.").len(), 1);
        for plain in [
            "Sociaal. Isolement.",
            "De herindicatiestelling.",
            "De indicatie.",
        ] {
            assert!(hints(plain).is_empty(), "{plain}");
        }
    }

    #[test]
    fn an_abbreviation_is_told_from_a_word() {
        assert_eq!(
            hints("Hulp uit de Wmo."),
            [
                "“wmo” is een afkorting. Schrijf erbij wat het is: “wet maatschappelijke ondersteuning”."
            ]
        );
        assert_eq!(hints("Ga naar het BAD.").len(), 1);
        assert_eq!(hints("Vraag een pgb aan.").len(), 1);
        for plain in [
            "Bad en toilet zijn aangepast.",
            "Er is een bad.",
            "De Wmo is de Wet maatschappelijke ondersteuning.",
        ] {
            assert!(hints(plain).is_empty(), "{plain}");
        }
    }

    #[test]
    fn any_text_is_fine() {
        for text in ["", "\0", "é".repeat(30_000).as_str(), "…“”", "a\u{301}"] {
            let advice = Advice::on(text, &terms());
            assert!(advice.hints.len() <= 1, "{text:.20}");
        }
    }
}
