use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::dutch;

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
    "{0:?} kan niet in een adres: gebruik kleine letters, cijfers en losse streepjes, hoogstens 80 tekens"
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

    /// A slug of the words of a title; `None` when it has no letter or digit that a slug can hold.
    /// It leaves room for a number behind it.
    #[must_use]
    pub fn of_title(title: &str) -> Option<Self> {
        let words = dutch::sort_key(title);
        let words = words.split(|letter: char| !letter.is_ascii_alphanumeric());
        let mut slug = String::new();
        for word in words.filter(|word| !word.is_empty()) {
            let hyphen = usize::from(!slug.is_empty());
            let room = (Self::MAX_LENGTH - 10).saturating_sub(slug.len() + hyphen);
            if word.len() > room && !slug.is_empty() {
                break;
            }
            if hyphen == 1 {
                slug.push('-');
            }
            slug.extend(word.chars().take(room));
        }
        Self::parse(&slug).ok()
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

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
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
    fn titles_become_slugs() {
        let of = |title: &str| Slug::of_title(title).map(String::from);
        assert_eq!(
            of("Café Één: 't is gezellig!").as_deref(),
            Some("cafe-een-t-is-gezellig")
        );
        assert_eq!(of("  "), None);
        assert_eq!(of("日本"), None);
        assert_eq!(of(&"x".repeat(100)).map(|s| s.len()), Some(70));
        assert_eq!(of(&"woord ".repeat(20)).map(|s| s.len()), Some(65));
    }

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
