//! The tables beside this module: subjects, kinds of places, sentences and words.
//!
//! They are read once, when a corpus is made. A fault in a table stops the benchmark, with the
//! line that is wrong.

use std::collections::HashMap;

use super::random::Random;

type Lines = Vec<&'static str>;

pub struct Tables {
    /// The popular ones first.
    pub subjects: Vec<Subject>,
    pub places: Vec<PlaceKind>,
    sentences: HashMap<&'static str, Lines>,
    words: HashMap<&'static str, WordList>,
}

/// Something people seek help or company for, with all its titles and sentences.
#[derive(Default)]
pub struct Subject {
    pub theme: &'static str,
    pub main_theme: &'static str,
    pub step: &'static str,
    pub audiences: Lines,
    pub cost: &'static str,
    pub places: Lines,
    pub titles: Lines,
    pub names: Lines,
    pub activity: Lines,
    pub organisation: Lines,
    /// Sentences that are true whoever says them.
    pub facts: Lines,
    pub questions: Vec<(&'static str, &'static str)>,
    pub dossiers: Lines,
    pub keywords: Lines,
}

#[derive(Default)]
pub struct PlaceKind {
    pub slug: &'static str,
    pub preposition: &'static str,
    pub theme: &'static str,
    pub main_theme: &'static str,
    pub audiences: Lines,
    pub names: Lines,
    pub summaries: Lines,
}

impl Tables {
    pub fn read() -> Self {
        Self {
            subjects: subjects(include_str!("subjects.txt")),
            places: places(include_str!("places.txt")),
            sentences: sections(include_str!("sentences.txt"))
                .map(|(name, lines)| (name, lines.collect()))
                .collect(),
            words: words(include_str!("words.txt")),
        }
    }

    pub fn sentences(&self, name: &str) -> &Lines {
        (self.sentences.get(name)).unwrap_or_else(|| panic!("no sentences named {name}"))
    }

    pub fn words(&self, name: &str) -> &WordList {
        (self.words.get(name)).unwrap_or_else(|| panic!("no words named {name}"))
    }

    #[cfg(test)]
    pub fn word_lists(&self) -> impl Iterator<Item = &str> {
        self.words.keys().copied()
    }

    /// The plain words of a list.
    pub fn list(&self, name: &str) -> &[String] {
        &self.words(name).words
    }
}

/// Words to draw from, and parts to make words of.
#[derive(Default)]
pub struct WordList {
    words: Vec<String>,
    fronts: Vec<String>,
    stems: Vec<String>,
    heads: Vec<String>,
    before: String,
    join: String,
}

impl WordList {
    pub fn draw(&self, random: &mut Random) -> String {
        if self.stems.is_empty() || (!self.words.is_empty() && random.chance(0.5)) {
            return random.pick_skewed(&self.words).clone();
        }
        let stem = random.pick_skewed(&self.stems);
        let mut word = stem.clone();
        if !self.heads.is_empty() {
            let head = random.pick_skewed(&self.heads);
            word = match self.join.as_str() {
                "" => compound(stem, head),
                between => [stem, between, head].concat(),
            };
        }
        if !self.fronts.is_empty() && random.chance(0.25) {
            let front = random.pick_skewed(&self.fronts);
            if !word.contains(front.as_str()) {
                word = compound(front, &word);
            }
        }
        self.before.clone() + &word
    }

    fn read(&mut self, line: &'static str, earlier: &HashMap<&'static str, WordList>) {
        let (part, rest) = line.split_once(": ").unwrap_or(("word", line));
        let words = rest
            .split(' ')
            .flat_map(|word| match word.strip_prefix('@') {
                Some(name) => earlier[name].words.clone(),
                None => vec![word.replace('_', " ")],
            });
        match part {
            "word" => self.words.extend(words),
            "front" => self.fronts.extend(words),
            "stem" => self.stems.extend(words),
            "head" => self.heads.extend(words),
            "before" => self.before = words.collect(),
            "join" => self.join = words.collect(),
            _ => panic!("words.txt: unknown part in {line}"),
        }
    }
}

/// Puts two parts together as Dutch spells it: a hyphen where two vowels would become one sound.
pub fn compound(first: &str, second: &str) -> String {
    let clash = matches!(
        (first.chars().last(), second.chars().next()),
        (Some('a'), Some('a' | 'e' | 'i' | 'u'))
            | (Some('e'), Some('e' | 'i' | 'u'))
            | (Some('i'), Some('e' | 'i' | 'j'))
            | (Some('o'), Some('e' | 'o' | 'u'))
            | (Some('u'), Some('i' | 'u'))
    );
    [first, if clash { "-" } else { "" }, second].concat()
}

/// The text's lines that are no comment, without the empty ones.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The parts of a table under a `[name]` each.
fn sections(
    text: &'static str,
) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    text.split("\n[").skip(1).map(|part| {
        let (name, rest) = part.split_once("]\n").expect("a name between brackets");
        (name, lines(rest))
    })
}

fn words(text: &'static str) -> HashMap<&'static str, WordList> {
    let mut all = HashMap::new();
    for (name, lines) in sections(text) {
        let mut list = WordList::default();
        lines.for_each(|line| list.read(line, &all));
        all.insert(name, list);
    }
    all
}

fn subjects(text: &'static str) -> Vec<Subject> {
    let mut all: Vec<Subject> = Vec::new();
    for line in lines(text) {
        let (mark, rest) = line.split_once(' ').expect(line);
        if mark == "=" {
            all.push(subject(rest));
            continue;
        }
        let last = all.last_mut().expect("a subject before its lines");
        match mark {
            "t" => last.titles.push(rest),
            "o" => last.names.push(rest),
            "s" => last.activity.push(rest),
            "g" => last.organisation.push(rest),
            "b" => last.facts.push(rest),
            "q" => last.questions.push(rest.split_once(" | ").expect(line)),
            "d" => last.dossiers.push(rest),
            "k" => last.keywords = rest.split(';').collect(),
            _ => panic!("subjects.txt: unknown mark in {line}"),
        }
    }
    all
}

fn subject(head: &'static str) -> Subject {
    let fields: Lines = head.split(" | ").collect();
    Subject {
        theme: fields[1],
        main_theme: fields[2],
        step: fields[3],
        audiences: fields[4].split(';').collect(),
        cost: fields[5],
        places: fields[6].split(' ').collect(),
        ..Subject::default()
    }
}

fn places(text: &'static str) -> Vec<PlaceKind> {
    let mut all: Vec<PlaceKind> = Vec::new();
    for line in lines(text) {
        let (mark, rest) = line.split_once(' ').expect(line);
        let last = all.last_mut();
        match (mark, last) {
            ("=", _) => all.push(place(rest)),
            ("n", Some(last)) => last.names.push(rest),
            ("s", Some(last)) => last.summaries.push(rest),
            _ => panic!("places.txt: unknown mark in {line}"),
        }
    }
    all
}

fn place(head: &'static str) -> PlaceKind {
    let fields: Lines = head.split(" | ").collect();
    PlaceKind {
        slug: fields[0],
        preposition: fields[1],
        theme: fields[2],
        main_theme: fields[3],
        audiences: fields[4].split(';').collect(),
        ..PlaceKind::default()
    }
}
