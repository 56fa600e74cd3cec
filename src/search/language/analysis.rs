//! Dutch base analysis: text to words, words to stems.
//!
//! Records and queries pass through the same code, so both sides always agree. A stem is made
//! from the folded surface word, never from another stem (the stemmer is not idempotent).

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

use super::folding::{fold, run};
use super::lexicon::Lexicon;

const STEMS: &str = include_str!("../../../data/language/stems.tsv");
const STOPWORDS: &str = include_str!("../../../data/language/stopwords.txt");
const WEAK: &str = include_str!("../../../data/language/weak.txt");
const BROAD: &str = include_str!("../../../data/language/broad.txt");

/// Longer words are cut: no Dutch word that people search is longer, and garbage stays small.
const LONGEST_WORD: usize = 64;

/// Words whose stems betray another version of the stemmer (see [`Analyzer::signature`]).
const PROBES: [&str; 17] = [
    "geengeld",
    "mantelzorgers",
    "huizen",
    "lessen",
    "maatjes",
    "activiteiten",
    "vrijwilligers",
    "brieven",
    "wandelingen",
    "gezelligheid",
    "eenzaamheid",
    "begeleiding",
    "schoonmaken",
    "aanvragen",
    "mogelijke",
    "kleintjes",
    "gescheiden",
];

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// Lower case, without accents, hyphens and dots: `re-integratie` is `reintegratie`.
    pub surface: String,
    /// The pieces between hyphens, when there were hyphens: `re`, `integratie`.
    pub pieces: Vec<String>,
}

impl Word {
    /// "niet": what stands beside it is not what is looked for.
    #[must_use]
    pub fn denies(&self) -> bool {
        matches!(self.surface.as_str(), "niet" | "nie" | "geen")
    }
}

/// The language tables and the stemmer. Immutable; shared by all searches.
pub struct Analyzer {
    /// Form to final stem.
    stems: HashMap<String, String>,
    stopwords: HashSet<&'static str>,
    weak: HashSet<&'static str>,
    /// Stems.
    broad: HashSet<String>,
    stemmer: TextAnalyzer,
    lexicon: Arc<Lexicon>,
}

impl Analyzer {
    /// Reads the language tables that are compiled into the program, beside what a lexicon knows.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        let mut analyzer = Self {
            stems: HashMap::new(),
            stopwords: lines(STOPWORDS).flat_map(str::split_whitespace).collect(),
            weak: lines(WEAK).flat_map(str::split_whitespace).collect(),
            broad: HashSet::new(),
            stemmer: TextAnalyzer::builder(RawTokenizer::default())
                .filter(Stemmer::new(Language::Dutch))
                .build(),
            lexicon,
        };
        analyzer.stems = analyzer.read_stems();
        let broad = lines(BROAD).flat_map(str::split_whitespace);
        analyzer.broad = broad.map(|word| analyzer.stem(word)).collect();
        analyzer
    }

    fn read_stems(&self) -> HashMap<String, String> {
        let rows: Vec<(&str, &str)> = lines(STEMS)
            .filter_map(|row| row.split_once('\t'))
            .collect();
        let kept: HashSet<&str> = rows.iter().filter(|r| r.1 == "=").map(|r| r.0).collect();
        rows.iter()
            .map(|&(form, word)| {
                let stem = match word {
                    "=" => form.to_owned(),
                    kept_word if kept.contains(kept_word) => kept_word.to_owned(),
                    other => run(&self.stemmer, other),
                };
                (form.to_owned(), stem)
            })
            .collect()
    }

    /// The stem of a folded surface word.
    #[must_use]
    pub fn stem(&self, surface: &str) -> String {
        if let Some(stem) = self.stems.get(surface) {
            return stem.clone();
        }
        if self.lexicon.is_word(surface) {
            return self.stem_of_word(self.lexicon.lemma(surface).unwrap_or(surface));
        }
        // A compound that no dictionary holds is inflected as its last part is.
        if let Some((before, head)) = self.lexicon.head(surface) {
            return format!("{before}{}", self.stem(head));
        }
        let stem = self.stem_of_word(surface);
        // The stemmer takes "ge" for that of a participle, also in what is no Dutch word.
        if surface.starts_with("ge") && !stem.starts_with("ge") {
            surface.to_owned()
        } else {
            stem
        }
    }

    fn stem_of_word(&self, surface: &str) -> String {
        if let Some(stem) = self.stems.get(surface) {
            return stem.clone();
        }
        // Plurals in -een and -ien lose their trema by folding; the stemmer only knows it with:
        // moskeeen, ideeen, categorieen, knieen.
        match surface.strip_suffix("en") {
            Some(base) if base.ends_with("ee") || base.ends_with("ie") => run(&self.stemmer, base),
            _ => run(&self.stemmer, surface),
        }
    }

    /// The stems of the parts of a compound, without its own; empty when it is none.
    #[must_use]
    pub fn parts(&self, surface: &str) -> Vec<String> {
        let whole = self.stem(surface);
        let mut parts: Vec<String> = Vec::new();
        for part in self.lexicon.parts(surface) {
            let stem = self.stem(&part);
            if stem != whole && !parts.contains(&stem) {
                parts.push(stem);
            }
        }
        parts
    }

    /// The words that a compound directly consists of; empty when it is none.
    #[must_use]
    pub fn split(&self, surface: &str) -> Vec<String> {
        self.lexicon.halves(surface)
    }

    /// Whether it is a word of the Dutch dictionary, whether or not a record holds it.
    #[must_use]
    pub fn is_dutch(&self, surface: &str) -> bool {
        self.lexicon.is_word(surface)
    }

    /// Whether the word says nothing about the subject of a search.
    #[must_use]
    pub fn is_stopword(&self, surface: &str) -> bool {
        self.stopwords.contains(surface)
    }

    /// Whether the word says little of the subject of a search: "hulp", "iemand".
    #[must_use]
    pub fn is_weak(&self, surface: &str) -> bool {
        self.weak.contains(surface)
    }

    /// Whether a stem is a subject too broad to stand for a phrase: "geld", "kind".
    #[must_use]
    pub fn is_broad(&self, stem: &str) -> bool {
        self.broad.contains(stem)
    }

    /// The words that carry a subject. Without any, the small words are the subject.
    #[must_use]
    pub fn content(&self, words: &[Word]) -> Vec<Word> {
        let content = words.iter().filter(|word| !self.is_stopword(&word.surface));
        let content: Vec<Word> = content.cloned().collect();
        if content.is_empty() {
            words.to_vec()
        } else {
            content
        }
    }

    /// Splits a text in words. Any text is fine: what is no letter or digit separates.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<Word> {
        super::words::split(text)
            .into_iter()
            .filter_map(|raw| word(&raw))
            .collect()
    }

    /// Everything that decides which terms stand in an index: the tables and, through a few
    /// probes, the version of the stemmer. Part of the fingerprint of an index.
    #[must_use]
    pub fn signature(&self) -> String {
        let probes: Vec<String> = PROBES.iter().map(|word| self.stem(word)).collect();
        let lexicon = self.lexicon.signature();
        format!("{STEMS}\n{}\n{lexicon}", probes.join(" "))
    }
}

fn word(raw: &super::words::RawWord) -> Option<Word> {
    let mut pieces: Vec<String> = raw.pieces.iter().map(|piece| fold(piece)).collect();
    let mut surface = pieces.concat();
    if surface.len() > LONGEST_WORD {
        surface.truncate(surface.floor_char_boundary(LONGEST_WORD));
        pieces.clear();
    }
    if pieces.len() == 1 {
        pieces.clear();
    }
    pieces.retain(|piece| piece.len() > 1);
    (!surface.is_empty()).then(|| Word {
        range: raw.range.clone(),
        surface,
        pieces,
    })
}

/// The lines of a language table: without comments and empty lines.
pub fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyzer() -> Analyzer {
        Analyzer::new(Arc::new(Lexicon::own()))
    }

    fn surfaces(text: &str) -> Vec<String> {
        analyzer()
            .words(text)
            .into_iter()
            .map(|w| w.surface)
            .collect()
    }

    #[test]
    fn every_table_row_is_well_formed() {
        for row in lines(STEMS) {
            let (form, word) = row.split_once('\t').expect(row);
            assert_eq!(surfaces(form), [form], "folded form");
            assert!(word == "=" || surfaces(word) == [word], "{row}");
        }
        for word in lines(STOPWORDS).flat_map(str::split_whitespace) {
            assert_eq!(surfaces(word), [word]);
        }
    }

    #[test]
    fn accents_case_hyphens_and_dots_do_not_matter() {
        assert_eq!(
            surfaces("Café CAFE\u{301} ĲSSEL"),
            ["cafe", "cafe", "ijssel"]
        );
        assert_eq!(
            surfaces("W.M.O. a.o.w. deventer.nl"),
            ["wmo", "aow", "deventer", "nl"]
        );
        assert_eq!(
            surfaces("re-integratie re\u{2011}integratie"),
            ["reintegratie"; 2]
        );
        assert_eq!(
            surfaces("baby's foto’s 's avonds zo'n"),
            ["baby", "foto", "s", "avonds", "zo", "n"]
        );
        assert_eq!(
            analyzer().words("thuis-administratie")[0].pieces,
            ["thuis", "administratie"]
        );
    }

    #[test]
    fn ranges_point_into_the_text() {
        let text = "«Één» re-integratie, w.m.o.!";
        let words = analyzer().words(text);
        let found: Vec<&str> = words.iter().map(|w| &text[w.range.clone()]).collect();
        assert_eq!(found, ["Één", "re-integratie", "w.m.o"]);
    }

    #[test]
    fn stems_join_inflections_and_keep_people_apart() {
        let a = analyzer();
        for (one, other) in [
            ("kind", "kinderen"),
            ("les", "lessen"),
            ("huis", "huizen"),
            ("maatje", "maatjes"),
            ("schuld", "schulden"),
            ("ouder", "ouders"),
            ("oudere", "ouderen"),
            ("moskee", "moskeeen"),
            ("activiteit", "activiteiten"),
            ("wonen", "woont"),
        ] {
            assert_eq!(a.stem(one), a.stem(other), "{one} {other}");
        }
        assert_ne!(a.stem("ouders"), a.stem("ouderen"));
        assert_ne!(a.stem("gemeente"), a.stem("gemeen"));
    }

    #[test]
    fn hostile_texts_give_words_or_nothing() {
        assert!(surfaces("((((( \0 \u{202e}\u{200f} 🤷‍♀️ --- ... '''").is_empty());
        assert_eq!(surfaces("hu\u{ad}is\u{202e} \0wmo\0"), ["huis", "wmo"]);
        assert_eq!(surfaces(&"é".repeat(500))[0].len(), LONGEST_WORD);
    }
}
