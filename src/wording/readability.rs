use super::sentences::{bare, sentences};
use super::syllables::syllables;

/// Fewer words than these say nothing about how a text reads.
const FEWEST_WORDS: usize = 15;
/// From this figure on a text is easy; under `HARD` it is hard.
const EASY: f64 = 70.0;
const HARD: f64 = 50.0;

/// How easily a text reads: 0 is very hard, 100 very easy.
///
/// The figure is the reading ease of Flesch as W. H. Douma fitted it to Dutch: 206.84 − 0.77 × the
/// syllables in a hundred words − 0.93 × the words in a sentence (De leesbaarheid van
/// landbouwbladen, Bulletin 17, afdeling Sociologie en Sociografie, Landbouwhogeschool Wageningen,
/// 1960). It counts long words and long sentences and knows nothing of what is said.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Readability(f64);

/// The same in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ease {
    Easy,
    Medium,
    Hard,
}

impl Readability {
    /// `None` for a text that is too short to say.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let sentences = sentences(text);
        let words = sentences.iter().map(Vec::len).sum();
        if words < FEWEST_WORDS {
            return None;
        }
        let sounds = sentences
            .iter()
            .flatten()
            // "e-mail" and "9.00" are counted in their parts.
            .flat_map(|word| bare(word).split(|c: char| !c.is_alphanumeric()))
            .filter(|part| !part.is_empty())
            .map(syllables)
            .sum();
        let per_word = number(sounds) / number(words);
        let per_sentence = number(words) / number(sentences.len());
        let figure = 206.84 - 77.0 * per_word - 0.93 * per_sentence;
        Some(Self(figure.clamp(0.0, 100.0)))
    }

    /// From 0 to 100, in whole numbers.
    #[must_use]
    pub fn figure(self) -> String {
        format!("{:.0}", self.0)
    }

    #[must_use]
    pub fn ease(self) -> Ease {
        match self.0 {
            figure if figure >= EASY => Ease::Easy,
            figure if figure >= HARD => Ease::Medium,
            _ => Ease::Hard,
        }
    }
}

impl Ease {
    #[must_use]
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Easy => "makkelijk te lezen",
            Self::Medium => "gemiddeld te lezen",
            Self::Hard => "moeilijk te lezen",
        }
    }
}

/// Counts here stay far below where `f64` loses whole numbers.
#[allow(clippy::cast_precision_loss)]
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_follows_the_formula() {
        // Sixteen words of one syllable in two sentences of eight.
        let one = "Kom met ons mee naar het bos toe.".to_owned();
        let found = Readability::of(&format!("{one} {one}")).unwrap();
        assert!((found.0 - 100.0).abs() < 1e-9, "more than 100 is 100");
        // Fifteen words, 26 syllables, one sentence.
        let text = "Wij helpen u met brieven en formulieren van de gemeente en van andere instanties hier.";
        let found = Readability::of(text).unwrap();
        let expected = 206.84 - 77.0 * 26.0 / 15.0 - 0.93 * 15.0;
        assert!((found.0 - expected).abs() < 1e-9, "{}", found.0);
        assert_eq!(found.figure(), format!("{expected:.0}"));
    }

    #[test]
    fn texts_read_as_people_say() {
        let easy = "Wij drinken elke week samen koffie. U kunt zo naar binnen lopen. Het kost niets. Kom gerust een keer kijken.";
        let medium = "Hebt u vragen over geld of over brieven van de gemeente? Onze vrijwilligers helpen u met formulieren en met uw administratie.";
        let hard = "De cliëntondersteuner adviseert onafhankelijk over indicatiestelling, maatwerkvoorzieningen en gemeentelijke toegangsprocedures binnen de maatschappelijke ondersteuning en participatiewetgeving.";
        for (text, ease) in [
            (easy, Ease::Easy),
            (medium, Ease::Medium),
            (hard, Ease::Hard),
        ] {
            let found = Readability::of(text).unwrap();
            assert_eq!(found.ease(), ease, "{} {text}", found.0);
        }
        assert_eq!(Readability::of("Kom langs. Het kost niets."), None);
        assert_eq!(Readability::of(""), None);
    }
}
