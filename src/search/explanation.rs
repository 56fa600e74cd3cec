//! Why a search found what it found, for editors: how the words were read, what each was
//! searched as, and what each hit scores by.

use std::fmt;

use tantivy::DocAddress;

use super::cues::Cue;
use super::error::SearchError;
use super::language::Word;
use super::request::{Hit, SearchResult};
use super::searching::{Attempt, Outcome, Search};

/// One search, explained. Prints as lines for people.
pub struct Explanation {
    /// The answer as a visitor gets it.
    pub result: SearchResult,
    /// Each word or phrase with what it was searched as.
    pub words: Vec<String>,
    /// Words that are filters, or could have been.
    pub cues: Vec<String>,
    /// What the best hits are about, with the share of them.
    pub topics: Vec<(String, f32)>,
    /// By hit.
    pub parts: Vec<Parts>,
}

/// What the score of a hit is made of: `(text + topics + other_words) * title`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Text score per word or phrase; words that are not in the record are absent, and so are
    /// those that became filters, though they count a little in `text`.
    pub words: Vec<(String, f32)>,
    /// The score of all words together times `factor`; 0 when it joined without enough of them.
    pub text: f32,
    /// What kind, step, check, dates and zone make of all but the title.
    pub factor: f32,
    /// Added because the record is about what the best hits are about.
    pub topics: f32,
    /// Added because the record holds what the best hit calls itself.
    pub other_words: f32,
    /// The factor of a title that is exactly what was typed; else 1.
    pub title: f32,
}

impl Search<'_> {
    /// # Errors
    /// When the index on disk is damaged.
    pub fn explain(&self) -> Result<Explanation, SearchError> {
        let known = self.view.known();
        let reading = self.reading(false, &known)?;
        let (attempt, applied) = self.attempt(&reading, &known)?;
        let outcome = self.outcome(&attempt, &reading)?;
        let kept = |cue| applied.iter().any(|applied| std::ptr::eq(*applied, cue));
        let cue = |cue: &Cue| {
            let typed = &reading.words[cue.words.clone()];
            let typed: Vec<&str> = typed.iter().map(|w| w.surface.as_str()).collect();
            let state = if kept(cue) { "a filter" } else { "no filter" };
            format!("{}: {:?}, {state}", typed.join(" "), cue.meaning)
        };
        let names = self.view.snapshot.names.topics.slugs();
        let topics = outcome.company.topics.shares();
        Ok(Explanation {
            words: attempt.plan.expansions.clone(),
            cues: reading.cues.iter().map(cue).collect(),
            topics: topics
                .map(|(topic, share)| (names[topic as usize].clone(), share))
                .collect(),
            parts: self.parts(&attempt, &outcome, &reading.words)?,
            result: self.run()?,
        })
    }

    fn parts(
        &self,
        attempt: &Attempt,
        outcome: &Outcome,
        typed: &[Word],
    ) -> Result<Vec<Parts>, SearchError> {
        let page = outcome.found.best.iter().map(|(_, address)| *address);
        let page: Vec<DocAddress> = page.skip(self.start()).take(self.per_page()).collect();
        let by_word = attempt.plan.parts();
        let parts = page.iter().map(|address| {
            let columns = &self.view.snapshot.segments[address.segment_ord as usize];
            let number = self.view.snapshot.postings.number(*address);
            let factor = outcome.blend.value(columns, address.doc_id, 1.0);
            let words = by_word.iter().filter_map(|(word, matches)| {
                let score = matches.score(number)?;
                Some((word.clone(), score))
            });
            let text = attempt.matches.score(number).unwrap_or_default();
            let (topics, other_words) = self.view.lifts(&outcome.company, *address);
            Ok(Parts {
                words: words.collect(),
                text: factor * text,
                factor,
                topics: factor * topics,
                other_words: factor * other_words,
                title: self.view.title_factor(*address, typed)?,
            })
        });
        parts.collect()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = &self.result;
        writeln!(f, "{} found", found.total)?;
        if let Some(read) = &found.corrected {
            writeln!(f, "read as: {read}")?;
        }
        for word in &self.words {
            writeln!(f, "word: {word}")?;
        }
        for cue in &self.cues {
            writeln!(f, "cue: {cue}")?;
        }
        if found.relaxed {
            writeln!(f, "no record has all words")?;
        }
        if let Some(answer) = found.answer.and_then(|at| found.hits.get(at)) {
            writeln!(f, "answer: {}:{}", answer.kind.as_str(), answer.slug)?;
        }
        if found.emergency.is_some() {
            writeln!(f, "help lines above everything")?;
        }
        let shares: Vec<String> = self
            .topics
            .iter()
            .map(|(topic, share)| format!("{topic} {share:.2}"))
            .collect();
        writeln!(f, "about: {}", shares.join(", "))?;
        for (hit, parts) in found.hits.iter().zip(&self.parts) {
            write_hit(f, hit, parts)?;
        }
        Ok(())
    }
}

fn write_hit(f: &mut fmt::Formatter<'_>, hit: &Hit, parts: &Parts) -> fmt::Result {
    let words: Vec<String> = parts
        .words
        .iter()
        .map(|(word, score)| format!("{word} {score:.1}"))
        .collect();
    write!(
        f,
        "{:>7.2}  {}:{}  = text {:.2} ({}) + topics {:.2} + words of the best hit {:.2}",
        hit.score,
        hit.kind.as_str(),
        hit.slug,
        parts.text,
        words.join(", "),
        parts.topics,
        parts.other_words
    )?;
    if parts.title > 1.0 {
        write!(f, ", times {:.2} for its whole title", parts.title)?;
    }
    writeln!(f, "; in these factor {:.2}", parts.factor)
}
