//! What is wrong with a form, told at its fields.

use crate::database::Violation;

/// A fault at a field; the summary on top of the page links to it.
pub struct FieldError {
    pub field: String,
    pub text: String,
}

/// Everything that is wrong with one form.
#[derive(Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    pub fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        let (field, text) = (field.into(), text.into());
        self.0.push(FieldError { field, text });
    }

    /// The value, or a fault at its field.
    pub fn take<T, E>(&mut self, field: &str, text: &str, parsed: Result<T, E>) -> Option<T> {
        if parsed.is_err() {
            self.add(field, text);
        }
        parsed.ok()
    }

    #[must_use]
    pub fn of(&self, field: impl AsRef<str>) -> Option<&str> {
        let found = self.0.iter().find(|error| error.field == field.as_ref());
        found.map(|error| error.text.as_str())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// A fault that the database found; `field_of` turns its name of a field into that of the form.
    pub fn violation(&mut self, violation: &Violation, field_of: impl Fn(&str) -> &str) {
        let sentence = violation.sentence;
        let (first, rest) = sentence.split_at(sentence.ceil_char_boundary(1));
        self.add(
            field_of(&violation.field),
            format!("{}{rest}.", first.to_uppercase()),
        );
    }
}
