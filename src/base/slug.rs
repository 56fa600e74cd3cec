use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The readable name of a record in its address: lower-case letters and digits in
/// groups joined by single hyphens, at most 80 characters (`voedselbank-deventer`).
#[derive(
    Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct Slug(String);

/// The text is not a slug.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a slug: use lower-case letters, digits and single hyphens, at most 80 characters"
)]
pub struct NotASlug(String);

impl Slug {
    pub const MAX_LENGTH: usize = 80;

    /// # Errors
    /// When the text breaks the form above.
    pub fn parse(text: &str) -> Result<Self, NotASlug> {
        let group = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if text.len() <= Self::MAX_LENGTH && text.split('-').all(group) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASlug(text.chars().take(Self::MAX_LENGTH).collect()))
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Many slugs as the database takes them.
    #[must_use]
    pub fn texts(slugs: &[Self]) -> Vec<String> {
        slugs.iter().map(|slug| slug.0.clone()).collect()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = NotASlug;
    fn from_str(text: &str) -> Result<Self, NotASlug> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Slug {
    type Error = NotASlug;
    fn try_from(text: String) -> Result<Self, NotASlug> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn accepts_readable_names_only() {
        for good in ["a", "8-lessen", "team-toegang-wmo", &"x".repeat(80)] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "a--b",
            "A",
            "é",
            "a b",
            "a/b",
            "a\0",
            "../x",
            &"x".repeat(81),
        ] {
            assert!(Slug::parse(bad).is_err(), "{bad:?}");
        }
    }
}
