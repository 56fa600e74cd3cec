use serde::{Deserialize, Serialize};

use crate::base::Slug;
use crate::base::contact::Phone;
use crate::text_enum;

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
