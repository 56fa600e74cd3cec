use serde::{Deserialize, Serialize};

use crate::base::Slug;
use crate::base::contact::Phone;
use crate::text_enum;
use crate::wording::FieldTerm;

/// In a note: which of the terms is the word of the field.
const FIELD_TERM: &str = "Vakterm:";
/// Letters of an abbreviation.
const LONGEST_ABBREVIATION: usize = 6;

text_enum! {
    /// How the words of a group relate.
    SynonymKind {
        LayToProfessional = "lay_to_professional", "gewoon woord en vakwoord";
        Equivalent = "equivalent", "zelfde betekenis";
        Abbreviation = "abbreviation", "afkorting";
        Misspelling = "misspelling", "typefout";
    }
}

/// A group of words that find each other. The first word names the group within its kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Synonym {
    pub kind: SynonymKind,
    pub terms: Vec<String>,
    pub note: String,
}

impl Synonym {
    #[must_use]
    pub fn headword(&self) -> &str {
        self.terms.first().map_or("", String::as_str)
    }

    /// The word that residents may not know, with the headword to say instead. Of a plain word and
    /// a word of the field that is the one that the note names ("Vakterm: indicatiestelling."),
    /// else the last; of an abbreviation the headword itself, with the first term that is none.
    #[must_use]
    pub fn field_term(&self) -> Option<FieldTerm> {
        let short = |term: &str| term.chars().count() <= LONGEST_ABBREVIATION;
        let (term, plain) = match self.kind {
            SynonymKind::LayToProfessional => {
                let named = self.note.split_once(FIELD_TERM).map(|(_, rest)| {
                    let end = rest.find(['.', ';']).unwrap_or(rest.len());
                    rest[..end].trim()
                });
                (
                    named.or(self.terms.last().map(String::as_str))?,
                    self.headword(),
                )
            }
            SynonymKind::Abbreviation if short(self.headword()) => {
                let told = self.terms.iter().find(|term| !short(term))?;
                (self.headword(), told.as_str())
            }
            _ => return None,
        };
        let (term, plain) = (term.to_lowercase(), plain.to_lowercase());
        // "mantelzorger" for "mantelzorg" is the same word.
        (!term.is_empty() && !plain.starts_with(&term)).then_some(FieldTerm {
            term,
            plain,
            short: self.kind == SynonymKind::Abbreviation,
        })
    }
}

/// A number to call when it cannot wait.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HelpLine {
    pub slug: Slug,
    pub name: String,
    pub phone: Phone,
    pub summary: String,
    /// Stands on every page of a delicate theme.
    pub delicate: bool,
    pub position: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_tells_its_word_of_the_field() {
        use SynonymKind::{Abbreviation, Equivalent, LayToProfessional, Misspelling};
        for (kind, terms, note, expected) in [
            (
                LayToProfessional,
                &["kanker", "oncologie", "chemo"][..],
                "Vakterm: oncologie. Ziekenhuis",
                Some(("oncologie", "kanker")),
            ),
            (
                LayToProfessional,
                &["eigen geld", "PGB-budget"],
                "",
                Some(("pgb-budget", "eigen geld")),
            ),
            (
                LayToProfessional,
                &["mantelzorger", "mantelzorg"],
                "Vakterm: mantelzorg.",
                None,
            ),
            (
                LayToProfessional,
                &["depressie", "somber"],
                "Vakterm: depressie",
                None,
            ),
            (
                Abbreviation,
                &["hh1", "hbh", "huishoudelijke hulp"],
                "",
                Some(("hh1", "huishoudelijke hulp")),
            ),
            (Abbreviation, &["kindgebonden budget", "kgb"], "", None),
            (Equivalent, &["pillen", "medicatie"], "", None),
            (Misspelling, &["rollator", "rolator"], "", None),
        ] {
            let synonym = Synonym {
                kind,
                terms: terms.iter().map(ToString::to_string).collect(),
                note: note.to_owned(),
            };
            let found = synonym.field_term();
            let found = found
                .as_ref()
                .map(|found| (found.term.as_str(), found.plain.as_str()));
            assert_eq!(found, expected, "{terms:?}");
        }
    }
}
