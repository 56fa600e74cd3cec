//! What is known of Dutch words, in one compact table.
//!
//! From the system's spelling dictionary, where there is one, and from the project's own table
//! of word parts. Without the dictionary search knows fewer inflections and compounds.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use fst::Map;
use sha2::{Digest, Sha256};

use super::hunspell::{self, Ending, Form};

/// Own words and word parts: begin, end, whole, word, never; see the head of the file.
const PARTS: &str = include_str!("../../../data/language/parts.tsv");
/// The format of the file that keeps a read dictionary.
const VERSION: &str = "wijzer lexicon 1";

/// Folded words with what is known of each. Immutable.
pub struct Lexicon {
    /// Word to its [`Entry`], packed.
    words: Map<Vec<u8>>,
    /// By number; entries name their bases by it.
    bases: Vec<String>,
    /// Names the sources.
    signature: String,
    /// Read from a dictionary, not from the own tables alone.
    has_dictionary: bool,
}

/// Where in a compound a part may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Roles {
    pub begins: bool,
    pub ends: bool,
    /// A word of its own.
    pub free: bool,
}

/// What is known of one word.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools)] // independent marks, packed as bits
struct Entry {
    begins: bool,
    ends: bool,
    /// Never taken apart.
    whole: bool,
    /// Looks like a word part, but is none.
    never: bool,
    /// A word of its own, not only a part.
    free: bool,
    /// The word it stands for as a part; number + 1, 0 for itself.
    part_of: u32,
    /// The word of which it is an inflection; number + 1, 0 for none.
    lemma: u32,
}

impl Entry {
    fn pack(self) -> u64 {
        let flags = [self.begins, self.ends, self.whole, self.never, self.free];
        let flags = flags
            .iter()
            .enumerate()
            .fold(0, |bits, (at, on)| bits | (u64::from(*on) << at));
        flags | (u64::from(self.part_of) << 8) | (u64::from(self.lemma) << 36)
    }

    fn unpack(packed: u64) -> Self {
        let on = |at: u32| packed >> at & 1 == 1;
        let number = |at: u32| u32::try_from(packed >> at & 0x0fff_ffff).unwrap_or_default();
        Self {
            begins: on(0),
            ends: on(1),
            whole: on(2),
            never: on(3),
            free: on(4),
            part_of: number(8),
            lemma: number(36),
        }
    }
}

impl Lexicon {
    /// The project's own tables alone.
    #[must_use]
    pub fn own() -> Self {
        Self::build(Builder::default(), signature("", ""))
    }

    /// The Dutch dictionary in a folder (`nl.aff` and `nl.dic`) with the project's own tables;
    /// without a dictionary the own tables alone. Reading takes half a second, so what was read
    /// is kept in `kept` and taken from there as long as the dictionary is the same.
    #[must_use]
    pub fn load(folder: &Path, kept: Option<&Path>) -> Self {
        let (affixes, words) = (folder.join("nl.aff"), folder.join("nl.dic"));
        let Some(stamp) = stamp(&affixes).zip(stamp(&words)) else {
            return Self::own();
        };
        let signature = signature(&stamp.0, &stamp.1);
        if let Some(lexicon) = kept.and_then(|file| Self::read(file, &signature)) {
            return lexicon;
        }
        let text =
            |path: &PathBuf| std::fs::read(path).map(|b| String::from_utf8_lossy(&b).into_owned());
        let (Ok(affixes), Ok(words)) = (text(&affixes), text(&words)) else {
            return Self::own();
        };
        let mut builder = Builder::default();
        hunspell::read(&affixes, &words, |form| builder.add(&form));
        let mut lexicon = Self::build(builder, signature);
        lexicon.has_dictionary = true;
        if let Some(Err(error)) = kept.map(|file| lexicon.write(file)) {
            tracing::warn!(%error, "the Dutch dictionary is read anew at every start");
        }
        lexicon
    }

    fn build(mut builder: Builder, signature: String) -> Self {
        builder.add_own_parts();
        let (words, bases) = builder.finish();
        Self {
            words,
            bases,
            signature,
            has_dictionary: false,
        }
    }

    /// Whether the system's dictionary was found.
    #[must_use]
    pub fn has_dictionary(&self) -> bool {
        self.has_dictionary
    }

    /// Names the tables it was made from: part of the fingerprint of an index.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The word of which this is an inflection.
    #[must_use]
    pub fn lemma(&self, word: &str) -> Option<&str> {
        self.base(self.entry(word)?.lemma)
    }

    /// Whether it is a Dutch word.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        self.entry(word).is_some_and(|entry| entry.free)
    }

    /// Whether it must not be taken apart.
    #[must_use]
    pub(super) fn is_whole(&self, word: &str) -> bool {
        self.entry(word).is_some_and(|entry| entry.whole)
    }

    /// The word for which a part of a compound stands: `schulden` for `schuld`.
    #[must_use]
    pub(super) fn base_of_part<'a>(&'a self, part: &'a str) -> &'a str {
        let base = self.entry(part).and_then(|entry| self.base(entry.part_of));
        base.unwrap_or(part)
    }

    /// Every beginning of a text that is known as a part, with its length in bytes.
    pub(super) fn parts_at(&self, text: &str, mut found: impl FnMut(usize, Roles)) {
        let table = self.words.as_fst();
        let mut node = table.root();
        let mut output = fst::raw::Output::zero();
        for (at, byte) in text.bytes().enumerate() {
            let Some(index) = node.find_input(byte) else {
                return;
            };
            let step = node.transition(index);
            output = output.cat(step.out);
            node = table.node(step.addr);
            if node.is_final() {
                let entry = Entry::unpack(output.cat(node.final_output()).value());
                if !entry.never && (entry.begins || entry.ends || entry.free) {
                    let (begins, ends, free) = (entry.begins, entry.ends, entry.free);
                    found(at + 1, Roles { begins, ends, free });
                }
            }
        }
    }

    fn entry(&self, word: &str) -> Option<Entry> {
        self.words.get(word).map(Entry::unpack)
    }

    fn base(&self, number: u32) -> Option<&str> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.bases.get(at).map(String::as_str)
    }

    fn read(file: &Path, signature: &str) -> Option<Self> {
        let bytes = std::fs::read(file).ok()?;
        let head = format!("{VERSION}\n{signature}\n");
        let rest = bytes.strip_prefix(head.as_bytes())?;
        let (sum, rest) = rest.split_at_checked(32)?;
        if Sha256::digest(rest)[..] != *sum {
            return None;
        }
        let (length, rest) = rest.split_at_checked(8)?;
        let length = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
        let (bases, table) = rest.split_at_checked(length)?;
        let bases = std::str::from_utf8(bases).ok()?;
        Some(Self {
            words: Map::new(table.to_vec()).ok()?,
            bases: bases.lines().map(str::to_owned).collect(),
            signature: signature.to_owned(),
            has_dictionary: true,
        })
    }

    fn write(&self, file: &Path) -> io::Result<()> {
        let bases = self.bases.join("\n");
        let mut rest = (bases.len() as u64).to_le_bytes().to_vec();
        rest.extend(bases.as_bytes());
        rest.extend(self.words.as_fst().as_bytes());
        let mut bytes = format!("{VERSION}\n{}\n", self.signature).into_bytes();
        bytes.extend(&Sha256::digest(&rest)[..]);
        bytes.extend(rest);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let beside = file.with_extension("new");
        std::fs::write(&beside, bytes)?;
        std::fs::rename(&beside, file)
    }
}

/// Size and time of a file: another dictionary has another stamp.
fn stamp(file: &Path) -> Option<String> {
    let about = std::fs::metadata(file).ok()?;
    let changed = about.modified().ok()?;
    let since = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!("{}@{}", about.len(), since.as_secs()))
}

fn signature(affixes: &str, words: &str) -> String {
    let own = Sha256::digest(PARTS.as_bytes());
    let own = own
        .iter()
        .take(8)
        .fold(0_u64, |n, b| n << 8 | u64::from(*b));
    format!("{affixes} {words} {own:016x}")
}

#[derive(Default)]
struct Builder {
    entries: BTreeMap<String, Entry>,
    bases: Vec<String>,
    numbers: HashMap<String, u32>,
    /// The words of the dictionary, without endings.
    standing: HashSet<String>,
    /// Inflections that are no plural, for when all words are known.
    later: Vec<(String, u32)>,
}

impl Builder {
    fn number(&mut self, base: &str) -> u32 {
        if let Some(number) = self.numbers.get(base) {
            return *number;
        }
        self.bases.push(base.to_owned());
        let number = u32::try_from(self.bases.len()).unwrap_or_default();
        self.numbers.insert(base.to_owned(), number);
        number
    }

    fn add(&mut self, form: &Form) {
        let (word, base) = (folded(&form.word), folded(form.base));
        if word.is_empty() || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return;
        }
        let number = if word == base { 0 } else { self.number(&base) };
        let entry = self.entries.entry(word.clone()).or_default();
        entry.free |= form.ending != Ending::Other;
        if form.begins || form.ends {
            if !entry.begins && !entry.ends {
                entry.part_of = number;
            }
            entry.begins |= form.begins;
            entry.ends |= form.ends;
        }
        match form.ending {
            Ending::Plural if entry.lemma == 0 => entry.lemma = number,
            Ending::Inflection if number > 0 => self.later.push((word, number)),
            Ending::None => {
                self.standing.insert(word);
            }
            _ => {}
        }
    }

    fn add_own_parts(&mut self) {
        for (role, words) in super::lines(PARTS).filter_map(|line| line.split_once('\t')) {
            for word in words.split_whitespace() {
                let entry = self.entries.entry(word.to_owned()).or_default();
                match role {
                    "begin" => entry.begins = true,
                    "end" => entry.ends = true,
                    "whole" => entry.whole = true,
                    "word" => (entry.whole, entry.free) = (true, true),
                    _ => entry.never = true,
                }
            }
        }
    }

    fn finish(mut self) -> (Map<Vec<u8>>, Vec<String>) {
        for (word, number) in std::mem::take(&mut self.later) {
            // "warme" is "warm", but "maatje" is a word of its own and no small "maat".
            if self.standing.contains(&word) {
                continue;
            }
            if let Some(entry) = self.entries.get_mut(&word).filter(|e| e.lemma == 0) {
                entry.lemma = number;
            }
        }
        let packed = self.entries.into_iter().map(|(word, e)| (word, e.pack()));
        let words = Map::from_iter(packed).unwrap_or_default();
        (words, self.bases)
    }
}

/// Lower case without accents; the dictionary is Latin throughout.
fn folded(word: &str) -> String {
    super::folding::fold(word)
}
