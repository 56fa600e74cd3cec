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
        self.add(field_of(&violation.field), sentence(violation));
    }
}

/// What the database upheld, in words for who fills in forms.
fn sentence(violation: &Violation) -> &'static str {
    let ends = |ending: &str| violation.constraint.ends_with(ending);
    match () {
        () if ends("_email_taken") => "Er is al een gebruiker met dit e-mailadres.",
        () if ends("_taken") => "Dit is al in gebruik bij iets anders.",
        () if ends("_given") => "Vul dit in.",
        () if ends("_range") => "Dit getal kan niet.",
        () if ends("_order") || ends("_until_after_start") => "Het einde ligt voor het begin.",
        () if ends("_form") => "Dit is niet goed geschreven.",
        () => "Dit kan zo niet.",
    }
}
