//! What is different between two forms of one record, field by field, word by word.

use similar::{ChangeTag, TextDiff};

use super::{Field, Fields, Input, Section, Sheet, Surroundings, addresses, schedules};
use crate::base::boundary::Boundary;

/// A field that is different.
pub struct Difference {
    pub label: &'static str,
    pub before: String,
    pub after: String,
    /// The words of both, in order.
    pub words: Vec<Word>,
}

/// A run of words that stayed, went or came.
pub struct Word {
    pub kind: &'static str,
    pub text: String,
}

/// The fields in which two forms differ.
#[must_use]
pub fn between(sections: &[Section], before: &Fields, after: &Fields) -> Vec<Difference> {
    let fields = sections.iter().flat_map(|section| &section.fields);
    fields
        .filter_map(|field| {
            let (was, is) = (told(field, before), told(field, after));
            (was != is).then(|| Difference {
                label: field.label,
                words: words(&was, &is),
                before: was,
                after: is,
            })
        })
        .collect()
}

/// What a field says, as a person reads it.
#[must_use]
pub fn told(field: &Field, fields: &Fields) -> String {
    let name = field.name;
    match &field.input {
        Input::One(choices) | Input::Many(choices) => {
            let chosen = choices
                .iter()
                .filter(|choice| fields.has(name, &choice.value));
            chosen
                .map(|choice| choice.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        }
        Input::Flag => (if fields.is_on(name) { "ja" } else { "" }).to_owned(),
        Input::Addresses => addresses::told(fields),
        Input::Boundary => match Boundary::parse(&fields.trimmed(name)) {
            Ok(boundary) => boundary.told(),
            Err(_) => fields.trimmed(name),
        },
        Input::Schedules => fields.text(schedules::TOLD).to_owned(),
        _ => fields.trimmed(name),
    }
}

fn words(before: &str, after: &str) -> Vec<Word> {
    let diff = TextDiff::from_words(before, after);
    let mut words: Vec<Word> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "",
            ChangeTag::Delete => "del",
            ChangeTag::Insert => "ins",
        };
        match words.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => words.push(Word {
                kind,
                text: change.value().to_owned(),
            }),
        }
    }
    words
}

/// As [`between`], of two records.
pub fn of_records<K: Sheet>(
    sections: &[Section],
    before: &K,
    after: &K,
    around: &Surroundings<'_>,
) -> Vec<Difference> {
    between(sections, &before.fields(around), &after.fields(around))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_went_and_came_are_told_apart() {
        let told: Vec<(&str, String)> = words("Elke week koffie", "Elke dag koffie en thee")
            .into_iter()
            .map(|word| (word.kind, word.text))
            .collect();
        let expected = [
            ("", "Elke "),
            ("del", "week"),
            ("ins", "dag"),
            ("", " koffie"),
            ("ins", " en thee"),
        ];
        assert_eq!(told, expected.map(|(kind, text)| (kind, text.to_owned())));
    }
}
