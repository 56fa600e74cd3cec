//! Hints on the language of what is typed: never in the way of saving.

use std::fmt::Write;

use crate::catalogue::Vocabulary;
use crate::catalogue::words::Synonym;
use crate::wording::{Advice, FieldTerm};

/// Knows which words residents may not know.
pub struct Adviser(Vec<FieldTerm>);

/// What stands beside a text; the script of the forms keeps it up to date.
pub struct Beside {
    pub counted: String,
    pub over: bool,
    pub lines: Vec<String>,
}

impl Adviser {
    #[must_use]
    pub fn new(names: &Vocabulary) -> Self {
        let terms = names.synonyms.iter().filter_map(Synonym::field_term);
        Self(terms.collect())
    }

    /// What stands beside a text that should have at most so many words.
    #[must_use]
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    pub fn beside(&self, text: &str, most: &usize) -> Beside {
        let count = text.split_whitespace().count();
        let over = count.saturating_sub(*most);
        let mut counted = format!("{count} van {most} woorden.");
        if over > 0 {
            // Writing to a String cannot fail.
            let _ = write!(counted, " Dat zijn er {over} te veel.");
        }
        Beside {
            counted,
            over: over > 0,
            lines: self.lines(text),
        }
    }

    /// What could be plainer, and how the text reads: a sentence for each.
    #[must_use]
    pub fn lines(&self, text: &str) -> Vec<String> {
        let Advice {
            mut hints,
            readability,
        } = Advice::on(text, &self.0);
        hints.extend(readability.map(|found| {
            format!(
                "Deze tekst is {}: {} van de 100 punten.",
                found.ease().dutch(),
                found.figure()
            )
        }));
        hints
    }
}
