//! Every weight of the ranking, in one place.
//!
//! What each is worth is measured on the graded queries and on records made for the purpose:
//! `docs/search.md` holds the figures, and `wijzer evaluate --with name=value` tries another
//! value. A weight of 0 or a switch that is `false` turns its part off.

use serde::{Deserialize, Serialize};

/// The weights. Values are factors on a BM25 score unless said otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // switches for the table of what each part is worth
pub struct Ranking {
    /// A surface word in the title.
    pub title_exact: f32,
    /// A stem in the title.
    pub title: f32,
    /// A stem in the editors' search words.
    pub keywords: f32,
    /// A stem in the name of the organiser, the place or the zone.
    pub names: f32,
    /// A stem in the summary.
    pub summary: f32,
    /// A stem in the words for kind, themes and audiences.
    pub labels: f32,
    /// A part of a compound in title or search words.
    pub title_parts: f32,
    /// A part of a compound in the summary.
    pub text_parts: f32,
    /// A surface word anywhere.
    pub words: f32,
    /// Share of the weaker fields that is added to the best one.
    pub tie: f32,

    /// The score of a word at which it counts for half; above 0.
    pub half: f32,
    /// How much more a rare word counts than a common one: 0 is equal.
    pub rare: f32,

    /// A hyphenated or joined word found as loose pieces.
    pub pieces: f32,
    /// The parts of a compound that records hold as a whole too.
    pub compound_known: f32,
    /// The parts of a compound that no record holds as a whole.
    pub compound_unknown: f32,
    /// Another word for what was typed.
    pub other_word: f32,
    /// Several other words, all in one record.
    pub other_phrase: f32,
    /// One word of a phrase that the thesaurus knows.
    pub phrase_part: f32,
    /// Completion of a last word that no record holds, so it must be unfinished.
    pub finished: f32,
    /// Completion of a last word that is a word already.
    pub longer: f32,
    /// A word that says little of the subject ("hulp", "iemand") beside words that say more.
    pub weak: f32,
    /// What a cry for help is about, beside its words.
    pub concept: f32,

    /// By kind of record.
    pub kind_organisation: f32,
    /// By kind of record.
    pub kind_activity: f32,
    /// By kind of record.
    pub kind_place: f32,
    /// By kind of record.
    pub kind_dossier: f32,
    /// By kind of record.
    pub kind_faq: f32,
    /// By kind of record.
    pub kind_theme: f32,
    /// By kind of record.
    pub kind_zone: f32,
    /// A theme above other themes.
    pub main_theme: f32,
    /// What is no more.
    pub past: f32,
    /// Steps of the ladder: what is added for self, network, open; nothing for access.
    pub step_self: f32,
    /// See `step_self`.
    pub step_network: f32,
    /// See `step_self`.
    pub step_open: f32,
    /// What is added for a check of today; half of it after a year.
    pub fresh: f32,
    /// What is added for an activity that is on within a week; half of it in a fortnight.
    pub soon: f32,
    /// Questions and dossiers, when a whole sentence is asked.
    pub sentence: f32,
    /// Activities, when the words ask for something to do.
    pub agenda: f32,
    /// The page of a zone, when nothing but a place is asked for.
    pub zone_page: f32,
    /// In a zone: what is there for the whole municipality, beside 1 for what is there only.
    pub everywhere: f32,
    /// In a zone: what is in a neighbouring one.
    pub neighbour: f32,

    /// Added to a record that is about what the best hits are about, as a share of the best score.
    pub topic: f32,
    /// The page of a theme that the best hits are about: how much more than other records of it.
    pub topic_theme: f32,
    /// The same for a dossier.
    pub topic_dossier: f32,
    /// How much less a question that belongs to the topic.
    pub topic_faq: f32,
    /// How much less an organisation that belongs to it.
    pub topic_organisation: f32,
    /// How much more the very best hits say of it: the power to which their scores are taken.
    pub topic_power: f32,
    /// As if so many other best hits were about nothing: a single hit says little.
    pub topic_doubt: f32,
    /// So many best hits say what the query is about.
    pub topic_hits: usize,
    /// Below this share of the best hits a topic counts for nothing.
    pub topic_least: f32,
    /// With fewer hits, records of the same topic join them.
    pub topic_few: usize,
    /// Records of a topic join only when it covers this share of the best hits.
    pub topic_join: f32,
    /// Records join only when the best hit scores this share of what is possible.
    pub sound: f32,
    /// Added to a record that holds what the very best hits call themselves, as a share of the
    /// best score.
    pub feedback: f32,
    /// So many very best hits are asked.
    pub feedback_hits: usize,
    /// Hits with a lower share of the best score are not.
    pub feedback_least: f32,
    /// What a word of their summaries counts beside one of title and search words.
    pub feedback_summary: f32,
    /// So many of their words are searched for.
    pub feedback_words: usize,
    /// Records that hold none of the words typed join the hits when they score at least this by
    /// the others; from 0 to 1.
    pub feedback_join: f32,
    /// Among the first results: a factor for each record of the same kind before it.
    pub variety: f32,
    /// Among the first results: a factor for each record of the same series before it.
    pub series: f32,
    /// A record whose title is what was typed: a factor.
    pub whole_title: f32,

    /// A question or dossier stands on top as the answer with at least this share of the best score.
    pub answer: f32,
    /// With fewer records that hold all words, those with most of the words stand behind them.
    pub enough: usize,
    /// Typing errors are mended.
    pub correct: bool,
    /// Words that were wrongly split are joined.
    pub join: bool,
    /// Other words are looked up.
    pub thesaurus: bool,
    /// Place and time words are filters.
    pub cues: bool,
    /// A filter from words that may mean something else holds when the best hit scores at least
    /// this share of what it scores without.
    pub sure: f32,
}

/// The parts of search that can be turned off, with the weights that do so: for the table of what
/// each is worth.
pub const PARTS: [(&str, &[&str]); 23] = [
    ("typing errors mended", &["correct=false"]),
    ("wrongly split words joined", &["join=false"]),
    ("other words (thesaurus)", &["thesaurus=false"]),
    (
        "inflection",
        &[
            "title=0.0",
            "keywords=0.0",
            "names=0.0",
            "labels=0.0",
            "summary=0.0",
        ],
    ),
    (
        "exact words above derived ones",
        &["title_exact=0.0", "words=0.0"],
    ),
    (
        "parts of compounds in records",
        &["title_parts=0.0", "text_parts=0.0"],
    ),
    (
        "typed compounds taken apart",
        &["compound_known=0.0", "compound_unknown=0.0", "pieces=0.0"],
    ),
    (
        "completion of the last word",
        &["finished=0.0", "longer=0.0"],
    ),
    (
        "titles and search words above text",
        &[
            "title_exact=1.0",
            "title=1.0",
            "keywords=1.0",
            "names=1.0",
            "labels=1.0",
            "summary=1.0",
        ],
    ),
    (
        "a word counts once, however well found",
        // What is possible means nothing then.
        &["half=1000.0", "sound=0.0"],
    ),
    ("rare words above common ones", &["rare=0.0"]),
    ("place and time words as filters", &["cues=false"]),
    ("help for a cry for help", &["concept=0.0"]),
    (
        "kinds of record",
        &[
            "kind_organisation=1.0",
            "kind_activity=1.0",
            "kind_place=1.0",
            "kind_dossier=1.0",
            "kind_faq=1.0",
            "kind_theme=1.0",
            "kind_zone=1.0",
            "main_theme=1.0",
        ],
    ),
    ("questions first for a sentence", &["sentence=1.0"]),
    (
        "something to do, and the page of a zone",
        &["agenda=1.0", "zone_page=1.0"],
    ),
    (
        "own zone above everywhere and around",
        &["everywhere=1.0", "neighbour=1.0"],
    ),
    (
        "steps of the ladder",
        &["step_self=0.0", "step_network=0.0", "step_open=0.0"],
    ),
    ("what is no more, last", &["past=1.0"]),
    ("last check and coming dates", &["fresh=0.0", "soon=0.0"]),
    ("no company for a word in passing", &["sound=0.0"]),
    ("topics of the best hits", &["topic=0.0"]),
    ("words of the best hit", &["feedback=0.0"]),
];

impl Default for Ranking {
    fn default() -> Self {
        Self {
            title_exact: 1.3,
            title: 2.1,
            keywords: 3.6,
            names: 2.3,
            summary: 1.2,
            labels: 1.5,
            title_parts: 1.4,
            text_parts: 0.5,
            words: 0.5,
            tie: 0.3,
            half: 5.0,
            rare: 1.6,
            pieces: 0.36,
            compound_known: 0.47,
            compound_unknown: 0.6,
            other_word: 0.3,
            other_phrase: 0.18,
            phrase_part: 0.2,
            finished: 0.95,
            longer: 0.45,
            weak: 0.65,
            concept: 3.0,
            kind_organisation: 1.0,
            kind_activity: 1.0,
            kind_place: 1.25,
            kind_dossier: 1.1,
            kind_faq: 1.0,
            kind_theme: 1.3,
            kind_zone: 1.2,
            main_theme: 0.8,
            past: 0.7,
            step_self: 0.02,
            step_network: 0.015,
            step_open: 0.01,
            fresh: 0.02,
            soon: 0.01,
            sentence: 1.2,
            agenda: 4.0,
            zone_page: 3.6,
            everywhere: 0.55,
            neighbour: 0.2,
            topic: 0.8,
            topic_theme: 1.5,
            topic_dossier: 1.2,
            topic_faq: 0.5,
            topic_organisation: 1.0,
            topic_power: 2.0,
            topic_doubt: 0.12,
            topic_hits: 12,
            topic_least: 0.1,
            topic_few: 150,
            topic_join: 0.15,
            sound: 0.2,
            feedback: 0.75,
            feedback_hits: 1,
            feedback_least: 0.6,
            feedback_summary: 0.4,
            feedback_words: 16,
            feedback_join: 0.15,
            variety: 0.995,
            series: 0.8,
            whole_title: 1.4,
            answer: 0.7,
            enough: 30,
            correct: true,
            join: true,
            thesaurus: true,
            cues: true,
            sure: 0.9,
        }
    }
}

impl Ranking {
    /// The same with another value: `name=value`.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn with(&self, change: &str) -> Result<Self, String> {
        let (name, value) = change
            .split_once('=')
            .ok_or_else(|| format!("“{change}” is no name=value"))?;
        let value = serde_json::from_str(value).map_err(|_| format!("“{value}” is no value"))?;
        let mut weights = serde_json::to_value(self).map_err(|error| error.to_string())?;
        match weights.get_mut(name) {
            Some(weight) => *weight = value,
            None => return Err(format!("there is no weight “{name}”")),
        }
        serde_json::from_value(weights).map_err(|error| format!("{name}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_can_be_turned_off() {
        let full = Ranking::default();
        for (part, changes) in PARTS {
            let without = changes
                .iter()
                .try_fold(full.clone(), |r, change| r.with(change));
            assert_ne!(without.as_ref(), Ok(&full), "{part}");
        }
    }

    #[test]
    fn a_weight_can_be_changed_by_name() {
        let ranking = Ranking::default();
        assert!((ranking.with("tie=0.5").unwrap().tie - 0.5).abs() < 1e-6);
        assert!(!ranking.with("correct=false").unwrap().correct);
        for wrong in [
            "tie",
            "tie=",
            "tie=x",
            "tie=true",
            "nothing=1",
            "topic_hits=-1",
        ] {
            assert!(ranking.with(wrong).is_err(), "{wrong}");
        }
    }
}
