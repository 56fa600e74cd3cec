//! What someone typed, as it is understood: words joined, split and mended, and the words that
//! are filters.

use std::ops::Range;

use super::correction::Known;
use super::cues::Cue;
use super::emergency::Said;
use super::error::SearchError;
use super::language::Word;
use super::ranking::Ranking;

/// Longer queries are cut.
const LONGEST_QUERY: usize = 300;
/// Words beyond these are ignored.
const MOST_WORDS: usize = 24;

/// A text, read.
#[derive(Clone, Default)]
pub struct Reading {
    /// What was read: the text as far as it counts.
    pub text: String,
    /// All words, small ones included.
    pub words: Vec<Word>,
    /// The last word may be unfinished.
    pub open: bool,
    /// A word was taken for a typing error.
    pub corrected: bool,
    /// Words that say where, when or how.
    pub cues: Vec<Cue>,
    /// A cry for help, and what else to search for it.
    pub alarm: Option<&'static str>,
}

impl Reading {
    /// Reads any text, in bounded time. `literal`: nothing is mended, nothing is a filter;
    /// `dutch_too`: correct Dutch words that no record holds are mended as well.
    ///
    /// # Errors
    /// When the term dictionary cannot be read.
    pub fn of(
        text: &str,
        (literal, dutch_too): (bool, bool),
        known: &Known,
        ranking: &Ranking,
    ) -> Result<Self, SearchError> {
        let text: String = text.chars().take(LONGEST_QUERY).collect();
        let mut words = known.analyzer.words(&text);
        words.truncate(MOST_WORDS);
        // A space after the last word says that it is finished.
        let open = words
            .last()
            .is_some_and(|word| word.range.end == text.len());
        if ranking.join {
            words = known.join(&words)?;
        }
        // A cry for help is understood, also where nothing may be mended.
        let mut meant = words.clone();
        let mended = known.correct(&mut meant, open, dutch_too)?;
        let alarm = known.alarm.concept(&said(&text, &meant, known)?);
        let corrected = !literal && ranking.correct && mended;
        if !literal && ranking.correct {
            words = meant;
        }
        let cues = if literal || !ranking.cues {
            Vec::new()
        } else {
            known.cues.find(&words, known.analyzer)
        };
        Ok(Self {
            text,
            words,
            open,
            corrected,
            cues,
            alarm,
        })
    }

    /// Whether it is a sentence and no search words: "hoe vraag ik een rolstoel aan".
    #[must_use]
    pub fn is_sentence(&self, known: &Known) -> bool {
        let small = |word: &&Word| known.analyzer.is_stopword(&word.surface);
        self.words.len() >= 4 && self.words.iter().filter(small).count() >= 2
    }

    /// The text with the words that were read in place of those that were typed, as far as a
    /// record shows them: a word that only the thesaurus knows may be old or hurtful.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn mended(&self, known: &Known) -> Result<String, SearchError> {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for word in &self.words {
            let shown = known.is_shown(&word.surface)?;
            if word.range.start >= from {
                out.push_str(&self.text[from..word.range.start]);
                let typed = &self.text[word.range.clone()];
                let other = word.pieces.is_empty() && typed.to_lowercase() != word.surface;
                let mended = other && shown;
                out.push_str(if mended { &word.surface } else { typed });
                from = word.range.end;
            } else if shown {
                // The second half of a word that was split.
                out.push(' ');
                out.push_str(&word.surface);
            }
        }
        out.push_str(&self.text[from..]);
        Ok(out)
    }

    /// The text without the words of some cues.
    #[must_use]
    pub fn without<'c>(&self, cues: impl IntoIterator<Item = &'c Cue>) -> String {
        let mut spans: Vec<Range<usize>> = Vec::new();
        for words in cues.into_iter().map(|cue| &self.words[cue.words.clone()]) {
            if let (Some(first), Some(last)) = (words.first(), words.last()) {
                spans.push(self.phrase_start(first.range.start)..last.range.end);
            }
        }
        spans.sort_by_key(|span| span.start);
        let mut kept = Vec::new();
        let mut from = 0;
        for span in spans {
            kept.push(self.text.get(from..span.start).unwrap_or_default().trim());
            from = from.max(span.end);
        }
        kept.push(self.text[from..].trim());
        kept.retain(|text| !text.is_empty());
        kept.join(" ")
    }

    /// Where a name begins with the small words that go with it: "in de", "op".
    fn phrase_start(&self, name: usize) -> usize {
        let mut before = self.text[..name].trim_end();
        for small in ["de", "het", "in", "te", "bij", "op", "uit", "van", "rond"] {
            let rest = before.strip_suffix(small).unwrap_or(before);
            if rest.is_empty() || rest.ends_with(char::is_whitespace) {
                before = rest.trim_end();
            }
        }
        before.len()
    }
}

/// What the alarm listens to: every word that was typed, also as it was read.
fn said(text: &str, read: &[Word], known: &Known) -> Result<Vec<Said>, SearchError> {
    let mut all = Vec::new();
    for typed in known.analyzer.words(text) {
        let same =
            |word: &&Word| word.range.start < typed.range.end && typed.range.start < word.range.end;
        let mut said = Said::default();
        for word in read.iter().filter(same).chain([&typed]) {
            said.forms.push(word.surface.clone());
            said.forms.extend(word.pieces.iter().cloned());
        }
        let surface = &typed.surface;
        if !known.analyzer.is_dutch(surface) && !known.holds(surface)? {
            said.forms
                .extend(known.alarm.meant(surface).map(str::to_owned));
        }
        for form in &said.forms {
            said.stems.push(known.analyzer.stem(form));
            said.stems.extend(known.analyzer.parts(form));
        }
        let mut stems = said.stems.drain(..).collect();
        known.thesaurus.righted(&mut stems, known.analyzer);
        said.stems.extend(stems);
        all.push(said);
    }
    Ok(all)
}
