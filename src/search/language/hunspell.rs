//! Reads a Dutch spelling dictionary in the format of Hunspell: words, their endings, and which
//! of them may begin or end a compound.
//!
//! Only what search needs of the format: suffix rules, one level deep, and the flags by which
//! the Dutch dictionary of OpenTaal marks compounds. Flags are two letters ("FLAG long").

use std::collections::HashMap;

/// May begin a compound, or stand in its middle.
const BEGINS: [&str; 2] = ["Ca", "Cb"];
/// May end a compound.
const ENDS: &str = "Cc";
/// Misspellings, and words that are not to be suggested.
const UNWANTED: [&str; 2] = ["Fw", "NS"];
/// The third person of verbs; its rules carry no mark of their own.
const THIRD_PERSON: &str = "V3";

/// How a form comes from its base.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It is the base.
    None,
    /// Plural of a noun.
    Plural,
    /// Diminutive, adjective with -e, third person: another shape of the same word.
    Inflection,
    /// Anything else: a linking -s, a participle.
    Other,
}

/// A word of the dictionary, as it stands or with one ending.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Form<'a> {
    /// As spelled.
    pub word: String,
    /// The word of the dictionary.
    pub base: &'a str,
    /// How it comes from the base.
    pub ending: Ending,
    /// May begin a compound.
    pub begins: bool,
    /// May end one.
    pub ends: bool,
}

struct Rule<'a> {
    strip: &'a str,
    add: &'a str,
    flags: &'a str,
    condition: Vec<Letters>,
    ending: Ending,
}

/// One letter of a condition: one of these, or none of these.
struct Letters {
    except: bool,
    letters: Vec<char>,
}

/// Hands out every form of the words in lower case. Lines that are not understood are passed
/// over: another dictionary gives fewer forms, never an error.
pub fn read<'a>(affixes: &'a str, words: &'a str, mut take: impl FnMut(Form<'a>)) {
    let rules = rules(affixes);
    for line in words.lines().skip(1) {
        let entry = line.split_whitespace().next().unwrap_or_default();
        let (base, flags) = entry.split_once('/').unwrap_or((entry, ""));
        let lower = base.chars().next().is_some_and(char::is_lowercase);
        if !lower || UNWANTED.iter().any(|flag| has(flags, flag)) {
            continue;
        }
        let ends = has(flags, ENDS);
        take(Form {
            word: base.to_owned(),
            base,
            ending: Ending::None,
            begins: begins(flags),
            ends,
        });
        for (flag, rule) in pairs(flags).flat_map(|flag| {
            let known = rules.get(flag).map(Vec::as_slice).unwrap_or_default();
            known.iter().map(move |rule| (flag, rule))
        }) {
            let Some(form) = rule.apply(base) else {
                continue;
            };
            let third = flag == THIRD_PERSON && rule.ending == Ending::Other;
            let noun = matches!(rule.ending, Ending::Plural | Ending::Inflection);
            take(Form {
                ends: ends && noun && !form.ends_with('-'),
                word: form.trim_end_matches('-').to_owned(),
                base,
                ending: if third {
                    Ending::Inflection
                } else {
                    rule.ending
                },
                begins: begins(rule.flags),
            });
        }
    }
}

fn begins(flags: &str) -> bool {
    BEGINS.iter().any(|flag| has(flags, flag))
}

fn has(flags: &str, wanted: &str) -> bool {
    pairs(flags).any(|flag| flag == wanted)
}

fn pairs(flags: &str) -> impl Iterator<Item = &str> {
    let whole = if flags.is_ascii() { flags } else { "" };
    (0..whole.len() / 2).map(move |at| &whole[at * 2..at * 2 + 2])
}

fn rules(affixes: &str) -> HashMap<&str, Vec<Rule<'_>>> {
    let mut rules: HashMap<&str, Vec<Rule>> = HashMap::new();
    for line in affixes.lines() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let ["SFX", flag, strip, add, condition, rest @ ..] = &cells[..] else {
            continue;
        };
        let (add, flags) = add.split_once('/').unwrap_or((add, ""));
        rules.entry(flag).or_default().push(Rule {
            strip: if *strip == "0" { "" } else { strip },
            add: if add == "0" { "" } else { add },
            flags,
            condition: letters(condition),
            ending: ending(rest.first().copied().unwrap_or_default()),
        });
    }
    rules
}

/// What the dictionary's own note on a rule says of the form.
fn ending(note: &str) -> Ending {
    let note = note.strip_prefix("ts:").unwrap_or_default();
    if note.starts_with("NN2") {
        Ending::Plural
    } else if note.starts_with("NN1r") || note.starts_with("AJe") {
        Ending::Inflection
    } else {
        Ending::Other
    }
}

fn letters(condition: &str) -> Vec<Letters> {
    let mut out = Vec::new();
    let mut rest = condition.chars();
    while let Some(letter) = rest.next() {
        out.push(match letter {
            '[' => {
                let mut group: Vec<char> = rest.by_ref().take_while(|c| *c != ']').collect();
                let except = group.first() == Some(&'^');
                if except {
                    group.remove(0);
                }
                Letters {
                    except,
                    letters: group,
                }
            }
            '.' => Letters {
                except: true,
                letters: Vec::new(),
            },
            one => Letters {
                except: false,
                letters: vec![one],
            },
        });
    }
    out
}

impl Rule<'_> {
    fn apply(&self, word: &str) -> Option<String> {
        let mut letters = word.chars().rev();
        for wanted in self.condition.iter().rev() {
            // A dot on its own is no condition, also for the empty word.
            let letter = letters.next()?;
            if wanted.letters.contains(&letter) == wanted.except {
                return None;
            }
        }
        let stem = word.strip_suffix(self.strip)?;
        (!stem.is_empty()).then(|| format!("{stem}{}", self.add))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFFIXES: &str = "SET UTF-8\nSFX Zb Y 2\nSFX Zb 0 en/CaCbCp [^eo]\tts:NN2\n\
        SFX Zb 0 en-/CaCbCp [^eo]\tts:NN2\nSFX Ch Y 1\nSFX Ch 0 s/CaCbCxCp .\n\
        SFX Yb Y 1\nSFX Yb 0 je [^m]\tts:NN1r\nSFX V3 Y 1\nSFX V3 0 t [^t]\nonzin\n";
    const WORDS: &str = "5\nschuld/CaCcZbYb\nverlening/ZbCcCh\ntaal/V3\nfoud/Fw\nDeventer/CaCc\n";

    #[test]
    fn forms_carry_their_base_and_their_place_in_compounds() {
        let mut forms = Vec::new();
        read(AFFIXES, WORDS, |form| forms.push(form));
        let find = |form: &str| forms.iter().find(|f| f.word == form);
        let schulden = find("schulden").unwrap();
        assert_eq!(
            (
                schulden.base,
                schulden.ending,
                schulden.begins,
                schulden.ends
            ),
            ("schuld", Ending::Plural, true, true)
        );
        let linked = find("verlenings").unwrap();
        assert_eq!(
            (linked.ending, linked.begins, linked.ends),
            (Ending::Other, true, false)
        );
        assert_eq!(find("schuldje").unwrap().ending, Ending::Inflection);
        assert_eq!(find("taalt").unwrap().ending, Ending::Inflection);
        assert!(find("foud").is_none() && find("Deventer").is_none());
    }

    #[test]
    fn another_format_gives_nothing_and_no_error() {
        read(
            "SFX\nSFX A\nSFX Zb 0 en [",
            "\n/\n\u{0}\né/é\nab/Zb",
            |_| (),
        );
    }
}
