//! Why a search found what it found, for editors: how the words were read, what each was
//! searched as, and what each hit scores by.

use std::fmt;

use tantivy::DocAddress;

use super::blend::Blend;
use super::collector::ScoresOf;
use super::error::SearchError;
use super::reading::Reading;
use super::request::{Hit, SearchResult};
use super::searching::Search;
use super::topics::Topics;

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

/// What the score of a hit is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Text score per word or phrase; words that are not in the record are absent.
    pub words: Vec<(String, f32)>,
    /// Text score of all words, times what kind, step, check, dates and zone make of it.
    pub text: f32,
    /// The factor of kind, step, check, dates and zone.
    pub factor: f32,
    /// Added because the record is about what the best hits are about.
    pub topics: f32,
}

impl Search<'_> {
    /// # Errors
    /// When the index on disk is damaged.
    pub fn explain(&self) -> Result<Explanation, SearchError> {
        let known = self.known();
        let reading = Reading::of(
            &self.request.words,
            (self.request.literal, false),
            &known,
            self.ranking,
        )?;
        let (attempt, applied) = self.attempt(&reading, &known)?;
        let (mood, own) = Self::asked(&reading, &applied, &known);
        let blend = Blend::new(
            (self.request.now, self.request.order),
            &own,
            mood,
            (self.snapshot, self.ranking),
        );
        let plain = &attempt.by_words;
        let topics = Topics::of(plain, self.snapshot, self.ranking);
        let lift = plain
            .first()
            .map_or(0.0, |(best, _)| best * self.ranking.topic);
        let page = attempt.found.best.iter();
        let page: Vec<DocAddress> = (page.skip(self.start()).take(self.per_page()))
            .map(|(_, address)| *address)
            .collect();
        let mut scores = Vec::new();
        for (typed, query) in attempt.plan.parts() {
            let of = ScoresOf(page.iter().copied().collect());
            scores.push((typed, self.snapshot.searcher.search(query, &of)?));
        }
        let mut parts = Vec::new();
        for address in &page {
            let columns = &self.snapshot.segments[address.segment_ord as usize];
            let words = scores.iter().filter_map(|(typed, scores)| {
                let score = scores.get(address)?;
                Some(((*typed).to_owned(), *score))
            });
            let text = plain.iter().find(|(_, at)| at == address);
            parts.push(Parts {
                words: words.collect(),
                text: text.map_or(0.0, |(score, _)| *score),
                factor: blend.value(columns, address.doc_id, 1.0),
                topics: blend.value(
                    columns,
                    address.doc_id,
                    lift * self.share(&topics, *address),
                ),
            });
        }
        let names = self.snapshot.names.topics.slugs();
        let kept = |cue| applied.iter().any(|applied| std::ptr::eq(*applied, cue));
        Ok(Explanation {
            words: attempt.plan.expansions.clone(),
            cues: reading
                .cues
                .iter()
                .map(|cue| {
                    let typed = &reading.words[cue.words.clone()];
                    let typed: Vec<&str> = typed.iter().map(|w| w.surface.as_str()).collect();
                    let state = if kept(cue) { "a filter" } else { "no filter" };
                    format!("{}: {:?}, {state}", typed.join(" "), cue.meaning)
                })
                .collect(),
            topics: topics
                .shares()
                .map(|(topic, share)| (names[topic as usize].clone(), share))
                .collect(),
            parts,
            result: self.run()?,
        })
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
        if found.emergency {
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
    writeln!(
        f,
        "{:>7.2}  {}:{}  = text {:.2} (factor {:.2}; {}) + topics {:.2}",
        hit.score,
        hit.kind.as_str(),
        hit.slug,
        parts.text,
        parts.factor,
        words.join(", "),
        parts.topics
    )
}
