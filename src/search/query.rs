//! The planner: from words to the records that hold them.
//!
//! Never tantivy's `QueryParser`: residents type brackets and minus signs without meaning
//! anything by them. Each word becomes one clause (the best of its fields), a record should hold
//! all of them, and [`Plan::matches`] asks for fewer when the caller found nothing.

use std::collections::HashSet;

use tantivy::schema::Field;

use super::completion;
use super::correction::Known;
use super::cues::{Cue, Meaning};
use super::error::SearchError;
use super::language::{Analyzer, Word};
use super::matches::Matches;
use super::ranking::Ranking;
use super::reading::Reading;
use super::stored::{Marker, Shown};
use super::thesaurus::Phrase;

/// Content words beyond these are ignored.
const MOST_WORDS: usize = 12;
/// Other words for one word beyond these are ignored; the largest group has ten.
const MOST_OTHERS: usize = 24;
/// A part of a compound can be a compound itself; its parts are not taken apart again.
const DEPTH: usize = 2;

/// A word or a known phrase: with all its words, and with some of them.
struct Clause {
    /// The words that were typed.
    own: Vec<Word>,
    /// The words of what was searched as well.
    others: Vec<Vec<String>>,
    /// What it can add to a score at most.
    importance: f32,
    all: Matches,
    /// Also those with a part of it. None for a word of which a part says nothing.
    some: Option<Matches>,
}

impl Clause {
    fn some(&self) -> &Matches {
        self.some.as_ref().unwrap_or(&self.all)
    }

    /// Whether title and search words say this: each word that says something, also as its
    /// parts, or all words of another phrase. A part alone is not enough: a house for a night is
    /// no answer to trouble with sleeping.
    fn is_said_by(&self, shown: &Shown, analyzer: &Analyzer) -> bool {
        let all_weak = self.own.iter().all(|word| analyzer.is_weak(&word.surface));
        let held = |words: &[String]| {
            !words.is_empty() && words.iter().all(|w| shown.is_about(&analyzer.stem(w)))
        };
        let own = self.own.iter().all(|word| {
            (!all_weak && analyzer.is_weak(&word.surface))
                || held(std::slice::from_ref(&word.surface))
                || held(&word.pieces)
                || held(&analyzer.split(&word.surface))
        });
        let named = |word: &String| shown.names(&analyzer.stem(word));
        own || self.others.iter().any(|words| words.iter().all(named))
    }
}

/// What a query means, ready to run with more or fewer words required.
#[derive(Default)]
pub struct Plan {
    /// What the search is about.
    subject: Vec<Clause>,
    /// What only helps to choose: words that say little, names of places.
    helpful: Vec<Matches>,
    /// What a cry for help is about.
    concept: Option<Matches>,
    /// It says enough to be answered: not a lone "help", nor a lone word that is denied ("niet
    /// slapen").
    is_clear: bool,
    /// Only marks and signs were typed: nothing is asked, and nothing is found.
    unreadable: bool,
    /// The stems of all that was searched.
    pub stems: HashSet<String>,
    /// What the last word may become.
    completions: HashSet<String>,
    /// In words, for explanations: what each word was searched as.
    pub expansions: Vec<String>,
}

impl Plan {
    /// Plans what was read; the words of `applied` are filters.
    ///
    /// # Errors
    /// When the term dictionary cannot be read.
    pub fn of(
        reading: &Reading,
        applied: &[&Cue],
        known: &Known,
        ranking: &Ranking,
    ) -> Result<Self, SearchError> {
        let last = reading.words.last().map(|word| word.range.clone());
        let mut words: Vec<Word> = Vec::new();
        let mut places: Vec<Word> = Vec::new();
        for (at, word) in reading.words.iter().enumerate() {
            let cue = applied.iter().find(|cue| cue.words.contains(&at));
            match cue.map(|cue| &cue.meaning) {
                Some(Meaning::Zones(_)) => places.push(word.clone()),
                None if words.iter().all(|other| other.surface != word.surface) => {
                    words.push(word.clone());
                }
                _ => {}
            }
        }
        let content: Vec<Word> = words
            .iter()
            .filter(|word| !known.analyzer.is_stopword(&word.surface))
            .cloned()
            .collect();
        // Without words of a subject, the small words are it; beside a place they are nothing.
        let mut words = if content.is_empty() && applied.is_empty() {
            words
        } else {
            content
        };
        words.truncate(MOST_WORDS);
        let open = reading.open && words.last().map(|word| &word.range) == last.as_ref();
        let mut planner = Planner {
            known,
            ranking,
            words: &words,
            open,
            plan: Self {
                unreadable: reading.words.is_empty() && !reading.text.trim().is_empty(),
                ..Self::default()
            },
        };
        planner.add_words()?;
        planner.add_places(&places)?;
        planner.add_concept(reading.alarm)?;
        let mut plan = planner.plan;
        let weak = |word: &Word| known.analyzer.is_weak(&word.surface);
        let denied = reading.words.iter().any(Word::denies);
        let own: Vec<&Word> = plan.subject.iter().flat_map(|clause| &clause.own).collect();
        let lone = denied && own.len() == 1;
        plan.is_clear = !lone && own.iter().any(|word| !weak(word));
        Ok(plan)
    }

    /// Whether title and search words of a record say all that was asked.
    #[must_use]
    pub fn is_said_by(&self, shown: &Shown, analyzer: &Analyzer) -> bool {
        let mut subject = self.subject.iter();
        self.is_clear && subject.all(|clause| clause.is_said_by(shown, analyzer))
    }

    /// The score of a record that says all of the subject as well as can be.
    #[must_use]
    pub fn best_possible(&self) -> f32 {
        self.subject.iter().map(|clause| clause.importance).sum()
    }

    /// What marks the words of this search in hits.
    #[must_use]
    pub fn marker(&self) -> Marker {
        Marker::new(&self.stems, &self.completions)
    }

    /// Number of words and known phrases that are the subject.
    #[must_use]
    pub fn len(&self) -> usize {
        self.subject.len()
    }

    /// Nothing was asked for but filters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.subject.is_empty()
    }

    /// The records that hold all words; without words all of so many `records`.
    #[must_use]
    pub fn all(&self, records: u32) -> Matches {
        if self.unreadable {
            Matches::default()
        } else if self.is_empty() {
            self.helped(Matches::all(records))
        } else {
            let all = self.subject.iter().map(|clause| &clause.all);
            self.helped(Matches::all_of(&all.collect::<Vec<_>>()))
        }
    }

    /// With how many words less to try, the most first. Two of five make a sentence still find its
    /// subject; a phrase that stands alone is tried in part.
    pub fn fewer(&self) -> impl Iterator<Item = usize> + use<> {
        let most = match &self.subject[..] {
            [only] => usize::from(only.some.is_some()),
            clauses => (clauses.len() * 2).div_ceil(5),
        };
        (1..=most).rev()
    }

    /// The records that hold at least so many words, be it in part.
    #[must_use]
    pub fn some(&self, required: usize) -> Matches {
        let some: Vec<&Matches> = self.subject.iter().map(Clause::some).collect();
        self.helped(Matches::sum(&some, required))
    }

    fn helped(&self, mut matches: Matches) -> Matches {
        if let Some(concept) = &self.concept {
            matches = Matches::any_of(&[&matches, concept]);
        }
        self.helpful.iter().fold(matches, Matches::helped_by)
    }

    /// The matches of each subject word, to explain a score.
    #[must_use]
    pub fn parts(&self) -> Vec<(String, &Matches)> {
        self.subject
            .iter()
            .map(|clause| (phrase(&clause.own), clause.some()))
            .collect()
    }
}

fn phrase(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.surface.as_str()).collect();
    words.join(" ")
}

struct Planner<'a> {
    known: &'a Known<'a>,
    ranking: &'a Ranking,
    words: &'a [Word],
    open: bool,
    plan: Plan,
}

impl Planner<'_> {
    fn add_words(&mut self) -> Result<(), SearchError> {
        let weak = |word: &Word| self.known.analyzer.is_weak(&word.surface);
        let all_weak = self.words.iter().all(weak);
        let words = self.words;
        let known = if self.ranking.thesaurus {
            self.known.thesaurus.phrases(words, self.known.analyzer)
        } else {
            Vec::new()
        };
        let mut left: Vec<usize> = (0..words.len()).collect();
        for (span, _) in &known {
            left.retain(|at| !span.contains(at));
        }
        let loose = left.into_iter().map(|at| (vec![at], Vec::new()));
        for (span, others) in known.into_iter().chain(loose) {
            let clause = self.span(&span, &others)?;
            // A phrase that the editors know is a subject, whatever its words.
            if !all_weak && others.is_empty() && span.iter().all(|at| weak(&words[*at])) {
                self.plan.helpful.push(clause.some.unwrap_or(clause.all));
            } else {
                self.plan.subject.push(clause);
            }
        }
        Ok(())
    }

    /// Beside other words a place is a filter and no more; alone it is what is looked for.
    fn add_places(&mut self, places: &[Word]) -> Result<(), SearchError> {
        if self.plan.is_empty() {
            for place in places {
                let fields = self.fields_of(&place.surface)?;
                let helpful = Matches::best(&fields, self.ranking.tie);
                self.plan.helpful.push(helpful);
            }
        }
        Ok(())
    }

    /// Records about violence for "hij slaat mij", whatever words they use.
    fn add_concept(&mut self, alarm: Option<&str>) -> Result<(), SearchError> {
        let mut words = Vec::new();
        for word in alarm.unwrap_or_default().split_whitespace() {
            words.push(self.any_field(word, DEPTH)?);
        }
        if !words.is_empty() {
            let (all, r) = (Matches::all_of(&words), self.ranking);
            self.plan.concept = Some(all.saturated(r.concept, r.half));
        }
        Ok(())
    }

    /// A word, or a phrase that the thesaurus knows, with the other words for it.
    fn span(&mut self, span: &[usize], others: &[&Phrase]) -> Result<Clause, SearchError> {
        let tie = self.ranking.tie;
        let typed: Vec<Word> = span.iter().map(|at| self.words[*at].clone()).collect();
        let importance = self.importance(span)?;
        let own = span
            .iter()
            .map(|at| self.word(*at))
            .collect::<Result<Vec<_>, _>>()?;
        let mut choices = Vec::new();
        let mut read_as = phrase(&typed);
        for other in others.iter().take(MOST_OTHERS) {
            let mut words = Vec::new();
            for word in &other.words {
                words.push(self.any_field(word, DEPTH)?);
            }
            let weight = if other.words.len() == 1 {
                self.ranking.other_word
            } else {
                self.ranking.other_phrase
            };
            read_as = format!("{read_as} | {}", other.words.join(" "));
            choices.push(Matches::all_of(&words).times(weight));
        }
        self.plan.expansions.push(read_as);
        // The best of it and the other words, up to the importance.
        let counts = |own: Matches| {
            let with_others: Vec<&Matches> = std::iter::once(&own).chain(&choices).collect();
            Matches::best(&with_others, tie).saturated(importance, self.ranking.half)
        };
        let all = Matches::all_of(&own);
        let some = (own.len() > 1).then(|| {
            let any = Matches::any_of(&own);
            if others.is_empty() {
                return any;
            }
            // Of a phrase that is known as one, a single word says little.
            Matches::best(&[&all, &any.times(self.ranking.phrase_part)], tie)
        });
        let some = match (some, span) {
            (None, [at]) => self.in_part(*at)?,
            (some, _) => some,
        };
        let (all, some) = (counts(all), some.map(counts));
        Ok(Clause {
            own: typed,
            others: others.iter().map(|other| other.words.clone()).collect(),
            importance,
            all,
            some,
        })
    }

    /// A word that stands alone and in no record, by any of its parts: better than nothing.
    fn in_part(&mut self, at: usize) -> Result<Option<Matches>, SearchError> {
        let surface = &self.words[at].surface;
        if self.words.len() > 1 || self.known.is_held(surface)? {
            return Ok(None);
        }
        let mut parts = Vec::new();
        for part in self.known.analyzer.split(surface) {
            parts.push(self.any_field(&part, 0)?);
        }
        Ok(Some(
            Matches::any_of(&parts).times(self.ranking.phrase_part),
        ))
    }

    /// What a word or phrase can add at most: the more words and the rarer, the more.
    fn importance(&self, span: &[usize]) -> Result<f32, SearchError> {
        let mut importance = 0.0;
        for &at in span {
            let word = &self.words[at];
            let share = if self.known.analyzer.is_weak(&word.surface) {
                self.ranking.weak
            } else {
                1.0
            };
            importance += share * (1.0 + self.ranking.rare * self.known.rarity(&word.surface)?);
        }
        Ok(importance)
    }

    fn word(&mut self, at: usize) -> Result<Matches, SearchError> {
        let word = &self.words[at];
        let open = self.open && at + 1 == self.words.len();
        let mut choices = self.fields_of(&word.surface)?;
        if open && completion::is_long_enough(&word.surface, self.words.len()) {
            self.complete(&word.surface, &mut choices)?;
        }
        if word.pieces.len() > 1 {
            let mut pieces = Vec::new();
            for piece in &word.pieces {
                pieces.push(self.any_field(piece, DEPTH)?);
            }
            choices.push(Matches::all_of(&pieces).times(self.ranking.pieces));
        }
        choices.extend(self.compound(&word.surface, DEPTH)?);
        Ok(Matches::best(&choices, self.ranking.tie))
    }

    /// A word in any field, or as its parts.
    fn any_field(&mut self, surface: &str, depth: usize) -> Result<Matches, SearchError> {
        let mut choices = self.fields_of(surface)?;
        choices.extend(self.compound(surface, depth)?);
        Ok(Matches::best(&choices, self.ranking.tie))
    }

    /// The parts of a compound, all in one record.
    fn compound(&mut self, surface: &str, depth: usize) -> Result<Option<Matches>, SearchError> {
        let parts = self.known.analyzer.split(surface);
        if depth == 0 || parts.len() < 2 {
            return Ok(None);
        }
        let known = self.known.holds(surface)?;
        let weight = if known {
            self.ranking.compound_known
        } else {
            self.ranking.compound_unknown
        };
        if weight <= 0.0 {
            return Ok(None);
        }
        let mut lists = Vec::new();
        for part in &parts {
            lists.push(self.part(part, depth - 1, known)?);
        }
        let all = Matches::all_of(&lists);
        if known {
            return Ok(Some(all.times(weight)));
        }
        // All parts, or else one less: who asks for "bustijden" is helped by "bus".
        let less = Matches::sum(&lists, parts.len() - 1).times(weight);
        let choices = Matches::best(&[all, less], self.ranking.tie);
        Ok(Some(choices.times(weight)))
    }

    /// A part of a compound; of one that no record holds, also what the editors call the part.
    fn part(&mut self, part: &str, depth: usize, known: bool) -> Result<Matches, SearchError> {
        let own = self.any_field(part, depth)?;
        if known || !self.ranking.thesaurus {
            return Ok(own);
        }
        let mut choices = vec![own];
        let thesaurus = self.known.thesaurus;
        for other in thesaurus
            .others_of(part, self.known.analyzer)
            .take(MOST_OTHERS)
        {
            if let [word] = &other.words[..] {
                let other = self.any_field(word, 0)?;
                choices.push(other.times(self.ranking.other_word));
            }
        }
        Ok(Matches::best(&choices, self.ranking.tie))
    }

    /// The word and its inflections in every field, and as a part of compounds.
    fn fields_of(&mut self, surface: &str) -> Result<Vec<Matches>, SearchError> {
        let (f, r) = (self.known.fields, self.ranking);
        let stem = self.known.analyzer.stem(surface);
        let fields = [
            (f.title_exact, surface, r.title_exact),
            (f.title, &stem, r.title),
            (f.keywords, &stem, r.keywords),
            (f.names, &stem, r.names),
            (f.summary, &stem, r.summary),
            (f.labels, &stem, r.labels),
            (f.title_parts, &stem, r.title_parts),
            (f.text_parts, &stem, r.text_parts),
            (f.words, surface, r.words),
        ];
        let mut choices = Vec::new();
        for (field, text, weight) in fields.into_iter().filter(|(_, _, weight)| *weight > 0.0) {
            choices.push(self.matches(field, text, weight)?);
        }
        self.plan.stems.insert(stem);
        Ok(choices)
    }

    fn matches(&self, field: Field, text: &str, weight: f32) -> Result<Matches, SearchError> {
        self.known.snapshot.postings.matches(field, text, weight)
    }

    /// Adds the commonest words that start with an unfinished one.
    fn complete(&mut self, surface: &str, choices: &mut Vec<Matches>) -> Result<(), SearchError> {
        let (f, r) = (self.known.fields, self.ranking);
        let completions = completion::of(surface, &self.known.snapshot.postings, f.words)?;
        let weight = if completions.is_word {
            r.longer
        } else {
            r.finished
        };
        if weight <= 0.0 {
            return Ok(());
        }
        for word in completions.longer {
            choices.push(self.matches(f.title_exact, &word, r.title_exact * weight)?);
            choices.push(self.matches(f.words, &word, r.words * weight)?);
            self.plan.completions.insert(word);
        }
        Ok(())
    }
}
