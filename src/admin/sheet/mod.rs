//! What a form of a record is made of. A kind of record tells its fields once; the form, the
//! faults, the differences between versions and what is kept of an unfinished form follow.

pub mod addresses;
pub mod advice;
pub mod common;
pub mod differences;
mod ground;
pub mod schedules;

pub use advice::Adviser;
pub use ground::{Ground, mentioned, refusal};

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::admin::fields::Errors;
use crate::admin::page::House;
use crate::base::boundary::Boundary;
use crate::base::{RecordKind, Slug};
use crate::catalogue::Vocabulary;
use crate::catalogue::agenda::Closure;
use crate::catalogue::editing::Kept;
use crate::catalogue::editing::lists::Title;

/// What is filled in: values by the name of their field.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// The first value; empty when there is none.
    #[must_use]
    pub fn text(&self, name: impl AsRef<str>) -> &str {
        let first = self.0.get(name.as_ref()).and_then(|values| values.first());
        first.map_or("", String::as_str)
    }

    /// The first value without the white space around it.
    #[must_use]
    pub fn trimmed(&self, name: &str) -> String {
        self.text(name).trim().replace("\r\n", "\n")
    }

    #[must_use]
    pub fn all(&self, name: impl AsRef<str>) -> &[String] {
        self.0.get(name.as_ref()).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn has(&self, name: impl AsRef<str>, value: impl AsRef<str>) -> bool {
        self.all(name).iter().any(|one| one == value.as_ref())
    }

    #[must_use]
    pub fn is_on(&self, name: impl AsRef<str>) -> bool {
        !self.text(name).is_empty()
    }

    /// The values as slugs, those that were chosen before in the order that they had: the first
    /// theme is the main one. What is no slug was not among the choices.
    #[must_use]
    pub fn slugs(&self, name: &str, before: Option<&[Slug]>) -> Vec<Slug> {
        let before = before.unwrap_or_default();
        let stayed = before.iter().filter(|slug| self.has(name, slug)).cloned();
        let parsed = self
            .all(name)
            .iter()
            .filter_map(|text| Slug::parse(text).ok());
        let new = parsed.filter(|slug| !before.contains(slug));
        stayed.chain(new).collect()
    }

    /// Lines of text that are not empty.
    #[must_use]
    pub fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.text(name).lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), vec![value.into()]);
    }

    /// Sets a value that is shown as it is written.
    pub fn say(&mut self, name: impl Into<String>, value: impl fmt::Display) {
        self.set(name, value.to_string());
    }

    pub fn set_all(
        &mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = impl fmt::Display>,
    ) {
        let values = values.into_iter().map(|value| value.to_string()).collect();
        self.0.insert(name.into(), values);
    }

    pub fn flag(&mut self, name: impl Into<String>, on: bool) {
        if on {
            self.set(name, "ja");
        }
    }

    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// A choice in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub value: String,
    pub name: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            name: name.into(),
        }
    }
}

/// What is filled in where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// One line: the type of the input, and how many characters it holds at most.
    Line {
        kind: &'static str,
        most: usize,
    },
    /// Text of some lines, with the number of words that it should not exceed.
    Text {
        words: Option<usize>,
        rows: u8,
    },
    /// One of a few.
    One(Vec<Choice>),
    /// Some of many.
    Many(Vec<Choice>),
    /// Yes or no.
    Flag,
    Date,
    /// Another record, by its name.
    Record(RecordKind),
    /// Several other records, a name on each line.
    Records(RecordKind),
    /// When it is; see `schedules`.
    Schedules,
    /// Where it is; see `places`.
    Addresses,
    /// A photo: shown above the form, and changed on a page of its own.
    Picture,
    /// The outline of an area, as GeoJSON.
    Boundary,
}

/// A field of a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    /// Help or an example, under the label.
    pub hint: &'static str,
    pub input: Input,
}

impl Field {
    #[must_use]
    pub fn new(name: &'static str, label: &'static str, hint: &'static str, input: Input) -> Self {
        Self {
            name,
            label,
            hint,
            input,
        }
    }

    #[must_use]
    pub fn line(name: &'static str, label: &'static str, hint: &'static str) -> Self {
        Self::new(
            name,
            label,
            hint,
            Input::Line {
                kind: "text",
                most: 150,
            },
        )
    }

    /// A summary: at most so many words.
    #[must_use]
    pub fn words(
        name: &'static str,
        label: &'static str,
        hint: &'static str,
        words: usize,
    ) -> Self {
        Self::new(
            name,
            label,
            hint,
            Input::Text {
                words: Some(words),
                rows: 4,
            },
        )
    }
}

/// Names of a kind that a page carries to choose from.
pub const SUGGESTIONS: i64 = 500;

/// Whose names the fields of a form can take.
pub fn kinds_named(sections: &[Section]) -> Vec<RecordKind> {
    let mut kinds: Vec<RecordKind> = sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter_map(|field| match field.input {
            Input::Record(kind) | Input::Records(kind) => Some(kind),
            _ => None,
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Whether there may be more names of a kind than a page carries.
#[must_use]
pub fn is_full(kind: &str, suggestions: &[(String, String)]) -> bool {
    let of_kind = suggestions.iter().filter(|(own, _)| own == kind).count();
    i64::try_from(of_kind).is_ok_and(|count| count >= SUGGESTIONS)
}

/// Fields that belong together.
pub struct Section {
    pub title: &'static str,
    pub fields: Vec<Field>,
}

impl Section {
    #[must_use]
    pub fn new(title: &'static str, fields: Vec<Field>) -> Self {
        Self { title, fields }
    }
}

/// What a form needs to know beside what is filled in.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub names: &'a Vocabulary,
    /// Of the records that are named.
    pub titles: &'a [Title],
    pub closures: &'a [Closure],
    pub house: &'a House,
    /// The outlines of zones; only for forms with addresses.
    pub boundaries: &'a [(Slug, Boundary)],
    pub today: NaiveDate,
}

impl Surroundings<'_> {
    /// What another record is called in a form: its name, with its address where others have
    /// that name too.
    #[must_use]
    pub fn title_of(&self, kind: RecordKind, slug: &Slug) -> String {
        let found = self
            .titles
            .iter()
            .find(|one| one.kind == kind.as_str() && one.slug == *slug);
        match found {
            Some(title) if !title.shared => title.title.clone(),
            Some(title) => format!("{} [{slug}]", title.title),
            None => slug.to_string(),
        }
    }

    /// The record of this name, or of the address behind it in brackets.
    #[must_use]
    pub fn named(&self, kind: RecordKind, text: &str) -> Option<Slug> {
        let text = text.trim();
        let mut of_kind = self.titles.iter().filter(|one| one.kind == kind.as_str());
        let written = address_in(text);
        let fits = |one: &&Title| match &written {
            Some(slug) => one.slug == *slug,
            None => one.title.to_lowercase() == text.to_lowercase(),
        };
        of_kind.find(fits).map(|one| one.slug.clone())
    }
}

/// "Het Huis [het-huis]" names an address; so does an address alone.
pub fn address_in(text: &str) -> Option<Slug> {
    let inside = text
        .trim()
        .strip_suffix(']')
        .and_then(|rest| rest.rsplit_once('['));
    inside.and_then(|(_, slug)| Slug::parse(slug).ok())
}

/// A kind of record with its form.
pub trait Sheet: Kept {
    /// In addresses: `organisaties`.
    const PATH: &'static str;
    /// "Organisaties"
    const MANY: &'static str;
    /// "Nieuwe organisatie"
    const NEW: &'static str;

    /// Whether it has a photo.
    const PICTURED: bool = false;

    /// The page for residents.
    fn page(slug: &str) -> String;
    fn sections(names: &Vocabulary) -> Vec<Section>;
    /// A new record before anything is filled in.
    fn blank() -> Fields;
    fn fields(&self, around: &Surroundings<'_>) -> Fields;
    /// Other records that it names.
    fn named(&self) -> Vec<(RecordKind, Slug)>;
    /// The form as a record; `base` is what it was, `None` for a new one. `None`: something is
    /// wrong, and the errors say what.
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self>;
}
