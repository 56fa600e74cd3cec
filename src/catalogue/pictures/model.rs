use std::fmt::{self, Write};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::darkroom::{Print, WIDTHS};

/// Names a picture by its content: the first half of the SHA-256 of its largest size, as 32
/// hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct PictureId(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a picture")]
pub struct NotAPicture;

impl PictureId {
    /// # Errors
    /// When there are not 32 hexadecimal digits in lower case.
    pub fn parse(text: &str) -> Result<Self, NotAPicture> {
        let digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        let fits = text.len() == 32 && text.bytes().all(digit);
        fits.then(|| Self(text.to_owned())).ok_or(NotAPicture)
    }

    #[must_use]
    pub fn of(largest: &Print) -> Self {
        let mut digits = String::new();
        for byte in Sha256::digest(&largest.jpeg).iter().take(16) {
            // Writing to a String cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        Self(digits)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PictureId {
    type Error = NotAPicture;
    fn try_from(text: String) -> Result<Self, NotAPicture> {
        Self::parse(&text)
    }
}

impl From<PictureId> for String {
    fn from(id: PictureId) -> Self {
        id.0
    }
}

/// The picture of a record, as tables and forms hold it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Picture {
    pub id: PictureId,
    /// What there is to be seen, for who does not see it; never empty.
    pub alt: String,
}

impl Picture {
    /// Characters of the text at most.
    pub const LONGEST_ALT: usize = 200;

    /// From the columns of a record.
    #[must_use]
    pub fn of(id: Option<PictureId>, alt: Option<String>) -> Option<Self> {
        id.zip(alt).map(|(id, alt)| Self { id, alt })
    }

    /// The columns of a record.
    #[must_use]
    pub fn columns(picture: Option<&Self>) -> (Option<&str>, Option<&str>) {
        picture.map(|it| (it.id.as_str(), it.alt.as_str())).unzip()
    }
}

/// A picture as a page shows it: with its largest size, in pixels.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Shown {
    pub id: PictureId,
    pub alt: String,
    pub width: u32,
    pub height: u32,
}

impl Shown {
    /// The sizes that there are, the smallest first.
    #[must_use]
    pub fn sizes(&self) -> Vec<SizeName> {
        let smaller = WIDTHS.into_iter().filter(|width| *width < self.width);
        let name = |width| SizeName {
            id: self.id.clone(),
            width,
        };
        smaller.chain([self.width]).map(name).collect()
    }
}

/// One size of a picture, as addresses name it: `<id>-640.jpg`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SizeName {
    pub id: PictureId,
    /// In pixels.
    pub width: u32,
}

impl fmt::Display for SizeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}.jpg", self.id.as_str(), self.width)
    }
}

impl FromStr for SizeName {
    type Err = NotAPicture;

    fn from_str(text: &str) -> Result<Self, NotAPicture> {
        let (id, width) = text
            .strip_suffix(".jpg")
            .and_then(|name| name.split_once('-'))
            .ok_or(NotAPicture)?;
        let name = Self {
            id: PictureId::parse(id)?,
            width: width.parse::<u16>().map_err(|_| NotAPicture)?.into(),
        };
        // One address for each: no sign, no zeros in front.
        (name.to_string() == text)
            .then_some(name)
            .ok_or(NotAPicture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_one_address() {
        let id = "0123456789abcdef0123456789abcdef";
        let name: SizeName = format!("{id}-640.jpg").parse().unwrap();
        assert_eq!((name.id.as_str(), name.width), (id, 640));
        for wrong in [
            format!("{id}-0640.jpg"),
            format!("{id}-+640.jpg"),
            format!("{id}--640.jpg"),
            format!("{id}-640.png"),
            format!("{id}.jpg"),
            format!("{}-640.jpg", id.to_uppercase()),
            format!("{}-640.jpg", &id[1..]),
            format!("{id}-99999999999.jpg"),
            "../../etc/passwd-1.jpg".to_owned(),
            String::new(),
        ] {
            assert!(wrong.parse::<SizeName>().is_err(), "{wrong}");
        }
    }
}
