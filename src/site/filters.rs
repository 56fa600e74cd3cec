//! Choices in filter forms, and addresses with a query.

use crate::search::FacetCount;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that stay readable in an address (RFC 3986, unreserved).
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A choice in a select or a check box.
pub struct Choice {
    pub value: String,
    pub name: String,
    /// How many results it would give; `None` where that is not counted.
    pub count: Option<usize>,
    pub chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, name: impl Into<String>, chosen: bool) -> Self {
        Self {
            value: value.into(),
            name: name.into(),
            count: None,
            chosen,
        }
    }

    #[must_use]
    pub fn counted(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }
}

/// Choices with how many results each gives.
#[must_use]
pub fn counted<'a>(
    names: impl IntoIterator<Item = (&'a str, &'a str)>,
    counts: &[FacetCount],
    chosen: &[String],
) -> Vec<Choice> {
    let choice = |(slug, name): (&str, &str)| {
        let count = counts.iter().find(|count| count.value == slug);
        Choice::new(slug, name, chosen.iter().any(|c| c == slug))
            .counted(count.map_or(0, |count| count.count))
    };
    names.into_iter().map(choice).collect()
}

/// How many of some choices are chosen.
#[must_use]
pub fn count_chosen(choices: &[Choice]) -> usize {
    choices.iter().filter(|choice| choice.chosen).count()
}

/// Whether any of some choices is chosen.
#[must_use]
pub fn any_chosen(choices: &[Choice]) -> bool {
    count_chosen(choices) > 0
}

/// A filter that is on, with the address that takes it off.
pub struct Chip {
    pub name: String,
    pub href: String,
}

/// The query of an address: names and values in order.
#[derive(Clone, Default)]
pub struct QueryString(Vec<(&'static str, String)>);

impl QueryString {
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.0.push((name, value));
        }
        self
    }

    #[must_use]
    pub fn with_all<'a>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        values
            .into_iter()
            .fold(self, |query, value| query.with(name, value))
    }

    /// Names and values, for the hidden fields of a form.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Without one value of a name.
    #[must_use]
    pub fn without(&self, name: &str, value: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(n, v)| *n != name || v != value)
                .cloned()
                .collect(),
        )
    }

    /// The address of a page with this query.
    #[must_use]
    pub fn on(&self, path: &str) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, QUERY)))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }
}

/// The pages around the present one.
pub struct Pager {
    pub previous: Option<String>,
    pub next: Option<String>,
    pub pages: Vec<PageLink>,
}

pub struct PageLink {
    pub number: usize,
    pub href: String,
    pub current: bool,
}

impl Pager {
    /// `on` gives the address of a query.
    pub fn new(
        current: usize,
        last: usize,
        on: impl Fn(&QueryString) -> String,
        query: &QueryString,
    ) -> Self {
        let href = |number: usize| match number {
            1 => on(query),
            n => on(&query.clone().with("pagina", n.to_string())),
        };
        let numbers = current.saturating_sub(2).max(1)..=(current + 2).min(last);
        let link = |number| PageLink {
            number,
            href: href(number),
            current: number == current,
        };
        Self {
            previous: (current > 1).then(|| href(current - 1)),
            next: (current < last).then(|| href(current + 1)),
            pages: numbers.map(link).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::QueryString;

    #[test]
    fn what_people_type_is_safe_in_an_address() {
        let query = QueryString::default()
            .with("q", "thee & koffie?\"<b>")
            .with("wijk", "de-hoven")
            .with("leeg", "");
        assert_eq!(
            query.on("/zoeken"),
            "/zoeken?q=thee%20%26%20koffie%3F%22%3Cb%3E&wijk=de-hoven"
        );
        assert_eq!(
            query
                .without("wijk", "de-hoven")
                .without("q", "thee & koffie?\"<b>")
                .on("/zoeken"),
            "/zoeken"
        );
    }
}
