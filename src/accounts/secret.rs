use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A secret that is handed out once: what a cookie or a mailed link holds. The database keeps
/// nothing but its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 256 bits of chance (ASVS 7.2.3 asks for 128), as 64 hexadecimal digits.
    ///
    /// # Panics
    /// When the system has no chance to give: then nobody should sign in.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a secret is made on purpose, never by default"
    )]
    pub fn new() -> Self {
        let mut text = String::with_capacity(64);
        for byte in bytes::<32>() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// What a visitor hands in; anything that we cannot have given out is refused at once.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let ours = text.len() == 64
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
        ours.then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// SHA-256: enough for a secret of 256 bits, which nobody guesses.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        digest(&self.0)
    }
}

pub(super) fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Bytes from the operating system.
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without chance there are no secrets")]
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_recognised_by_form() {
        let (one, other) = (Secret::new(), Secret::new());
        assert_ne!(one, other);
        assert_eq!(Secret::parse(one.as_str()), Some(one.clone()));
        assert_ne!(one.digest(), other.digest());
        assert_eq!(format!("{one:?}"), "Secret");
        for foreign in ["", "abc", &"g".repeat(64), &"A".repeat(64), &"0".repeat(65)] {
            assert_eq!(Secret::parse(foreign), None, "{foreign}");
        }
    }
}
