//! Passwords: long enough, hard to guess, no rules of composition (NIST SP 800-63B, 3.1.1.2), and
//! hashed by argon2id. A hash costs 19 MiB and some 20 ms, so few are made at one time.

use std::sync::{Arc, OnceLock};

use anyhow::Context;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Characters at least.
pub const SHORTEST: usize = 12;
/// Characters at most: far more than anyone types, and a bound on what is hashed.
pub const LONGEST: usize = 256;

/// Hashes at one time; each takes 19 MiB.
const AT_ONCE: usize = 2;
/// Further tries that wait their turn; more are sent away.
const IN_LINE: usize = 30;

/// Words that everybody here would try first.
const NEAR_AT_HAND: [&str; 8] = [
    "wachtwoord",
    "welkom",
    "bibliotheek",
    "gemeente",
    "deventer",
    "wijzer",
    "beheer",
    "geheim",
];

/// A password that was chosen, and may be kept.
#[derive(Clone)]
pub struct NewPassword(String);

/// Why a password is not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weakness {
    TooShort,
    TooLong,
    /// Among the first hundred million that someone would try: common, a pattern, their own name.
    Guessable,
}

impl NewPassword {
    /// `about` are words that belong to this person or portal, such as name and mail address.
    ///
    /// # Errors
    /// [`Weakness`].
    pub fn parse(text: &str, about: &[&str]) -> Result<Self, Weakness> {
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(Weakness::TooShort);
        }
        if length > LONGEST {
            return Err(Weakness::TooLong);
        }
        let own: Vec<String> = about
            .iter()
            .flat_map(|words| words.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.chars().count() > 2)
            .map(str::to_lowercase)
            .collect();
        let words: Vec<&str> = NEAR_AT_HAND
            .into_iter()
            .chain(own.iter().map(String::as_str))
            .collect();
        if is_of(text, &words) || zxcvbn(text, &words).score() < Score::Three {
            return Err(Weakness::Guessable);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Whether there is little beside words that everybody knows of this person and place.
fn is_of(text: &str, words: &[&str]) -> bool {
    const REST: usize = 6;
    let mut rest = text.to_lowercase();
    for word in words {
        rest = rest.replace(word, "");
    }
    rest.chars().filter(|c| c.is_alphanumeric()).count() < REST
}

/// Too many try at the same time.
#[derive(Debug, thiserror::Error)]
#[error("too many passwords are tried at the same time")]
pub struct Busy;

/// Hashes passwords, a few at a time. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    line: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            line: Arc::new(Semaphore::new(AT_ONCE + IN_LINE)),
        }
    }
}

impl Passwords {
    /// Whether a password belongs to a hash. Without a hash it takes as long, and is wrong: the
    /// time must not tell who has an account.
    ///
    /// # Errors
    /// [`Busy`], or a hash in the database that is none.
    pub async fn fits(&self, password: &str, hash: Option<&str>) -> anyhow::Result<bool> {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| nobody().to_owned(), str::to_owned);
        // Longer ones were never kept; hashing them would only cost.
        let password: String = password.chars().take(LONGEST + 1).collect();
        self.work(move || {
            let hash = PasswordHash::new(&hash).context("a password hash cannot be read")?;
            let fits = hasher()?
                .verify_password(password.as_bytes(), &hash)
                .is_ok();
            Ok(fits && known)
        })
        .await
    }

    /// The hash to keep, as a PHC string.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn hash(&self, password: NewPassword) -> anyhow::Result<String> {
        self.work(move || Ok(hasher()?.hash_password(password.0.as_bytes())?.to_string()))
            .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let _place = self.line.try_acquire().map_err(|_| Busy)?;
        let _turn = self.turns.acquire().await?;
        tokio::task::spawn_blocking(job).await?
    }
}

/// argon2id with 19 MiB and two passes: the first choice of OWASP for interactive sign-in
/// (ASVS 11.4.2).
fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of nobody's password.
fn nobody() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let chance: [u8; 32] = super::secret::bytes();
        let made = hasher().and_then(|hasher| Ok(hasher.hash_password(&chance)?.to_string()));
        made.unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_not_guessable_is_all_that_is_asked() {
        let about = ["Anja Jansen", "anja.jansen@wijzer.test"];
        for (text, expected) in [
            ("kort", Some(Weakness::TooShort)),
            ("elftekens!!", Some(Weakness::TooShort)),
            ("123456789012", Some(Weakness::Guessable)),
            ("aaaaaaaaaaaaaaa", Some(Weakness::Guessable)),
            ("qwertyuiop123", Some(Weakness::Guessable)),
            ("wachtwoord12", Some(Weakness::Guessable)),
            ("welkomwelkom", Some(Weakness::Guessable)),
            ("anjajansen12", Some(Weakness::Guessable)),
            ("passwordpassword", Some(Weakness::Guessable)),
            ("paarse olifant zingt", None),
            ("alleen kleine letters", None),
            ("ëéñ pâté óp brood", None),
            (&"lang genoeg ".repeat(21), None),
            (&"x y z ".repeat(50), Some(Weakness::TooLong)),
        ] {
            assert_eq!(NewPassword::parse(text, &about).err(), expected, "{text}");
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let passwords = Passwords::default();
        let new = NewPassword::parse("paarse olifant zingt", &[]).unwrap();
        let hash = passwords.hash(new).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(
            passwords
                .fits("paarse olifant zingt", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .fits("paarse olifant zing", Some(&hash))
                .await
                .unwrap()
        );
        assert!(!passwords.fits("paarse olifant zingt", None).await.unwrap());
    }

    /// Trap 4 of a login: each hash takes 19 MiB, so the line has an end.
    #[tokio::test]
    async fn a_crowd_is_sent_away() {
        let passwords = Passwords::default();
        let tries = (0..60).map(|_| passwords.fits("wat dan ook", None));
        let done = futures_util::future::join_all(tries).await;
        let busy = done
            .iter()
            .filter(|one| one.as_ref().is_err_and(anyhow::Error::is::<Busy>))
            .count();
        assert_eq!(busy, 60 - AT_ONCE - IN_LINE);
    }
}
