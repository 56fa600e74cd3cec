use std::fmt;

use serde::{Deserialize, Serialize};

/// A Dutch postcode: four digits, the first not zero, and the two letters when known
/// (`7411` or `7411 KS`). Kept without the space; SA, SD and SS are never issued (PostNL).
#[derive(
    Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct Postcode(String);

/// The text is not a Dutch postcode.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("geen postcode: schrijf vier cijfers, of vier cijfers en twee letters (7411 KS)")]
pub struct NotAPostcode;

impl Postcode {
    /// # Errors
    /// When the text is no Dutch postcode.
    pub fn parse(text: &str) -> Result<Self, NotAPostcode> {
        let compact: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_uppercase();
        let bytes = compact.as_bytes();
        let digits =
            bytes.len() >= 4 && bytes[0] != b'0' && bytes[..4].iter().all(u8::is_ascii_digit);
        let letters = match bytes.get(4..) {
            Some([]) => true,
            Some([first, second]) => {
                first.is_ascii_uppercase()
                    && second.is_ascii_uppercase()
                    && !matches!(&bytes[4..], b"SA" | b"SD" | b"SS")
            }
            _ => false,
        };
        if digits && letters {
            Ok(Self(compact))
        } else {
            Err(NotAPostcode)
        }
    }

    /// Without a space, as stored: `7411KS`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Postcode {
    /// As people write it: `7411 KS`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_at_checked(4) {
            Some((digits, letters)) if !letters.is_empty() => write!(f, "{digits} {letters}"),
            _ => f.write_str(&self.0),
        }
    }
}

impl TryFrom<String> for Postcode {
    type Error = NotAPostcode;
    fn try_from(text: String) -> Result<Self, NotAPostcode> {
        Self::parse(&text)
    }
}

impl From<Postcode> for String {
    fn from(postcode: Postcode) -> String {
        postcode.0
    }
}

#[cfg(test)]
mod tests {
    use super::Postcode;

    #[test]
    fn reads_what_people_type() {
        for (typed, shown) in [
            ("7411ks", "7411 KS"),
            (" 7411 KS ", "7411 KS"),
            ("7437", "7437"),
        ] {
            assert_eq!(Postcode::parse(typed).expect(typed).to_string(), shown);
        }
        for bad in [
            "0411 KS", "741", "7411 K", "7411 SS", "7411KSX", "", "ab", "7411é", "éééé",
        ] {
            assert!(Postcode::parse(bad).is_err(), "{bad}");
        }
    }
}
