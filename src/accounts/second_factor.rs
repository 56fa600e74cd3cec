//! The second factor: codes of six digits from an app (TOTP, RFC 6238: SHA-1, 30 seconds, as all
//! apps read it), and recovery codes on paper for who lost the app.

use anyhow::Context;
use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Totp};

use super::secret;

/// Recovery codes that one gets at a time.
pub const RECOVERY_CODES: usize = 10;

/// No 0, 1, i, l, o or u: nothing to confuse on paper.
const LETTERS: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";

/// The key that an app and the portal share: 160 bits (RFC 4226, 4 R6).
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Vec<u8>);

impl TotpSecret {
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a secret is made on purpose, never by default"
    )]
    pub fn new() -> Self {
        Self(secret::bytes::<20>().to_vec())
    }

    #[must_use]
    pub fn kept(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The time step of a code, when it is right now or was a moment ago. A step may be used
    /// once (ASVS 6.5.1): the caller sees to that.
    #[must_use]
    pub fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let seconds = u64::try_from(now.timestamp()).ok()?;
        let step = self.totp("", "").ok()?.check(&digits, seconds)?;
        i64::try_from(step).ok()
    }

    /// For typing over: base 32 in groups of four.
    ///
    /// # Errors
    /// Never for a secret of ours.
    pub fn words(&self) -> anyhow::Result<String> {
        let text = self.totp("", "")?.secret().to_base32();
        let groups: Vec<&str> = text
            .as_bytes()
            .chunks(4)
            .filter_map(|group| std::str::from_utf8(group).ok())
            .collect();
        Ok(groups.join(" "))
    }

    /// The `otpauth:` address that an app scans.
    ///
    /// # Errors
    /// Never for a secret of ours.
    pub fn address(&self, issuer: &str, account: &str) -> anyhow::Result<String> {
        self.totp(issuer, account)?
            .to_url()
            .context("the address of a second factor cannot be written")
    }

    /// Colons would end the name in the address.
    fn totp(&self, issuer: &str, account: &str) -> anyhow::Result<Totp> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_secret(self.0.clone())
            .with_issuer(Some(issuer.replace(':', " ")))
            .with_account_name(account.replace(':', " "))
            .build()
            .map_err(|error| anyhow::anyhow!("{error}"))
    }
}

/// A code for who lost the app: twelve letters and digits, 59 bits of chance. Works once.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a secret is made on purpose, never by default"
    )]
    pub fn new() -> Self {
        let chance = secret::bytes::<16>();
        // 30 goes 8 times in 256: the rest is thrown away, so that no letter comes more often.
        let fair = chance.iter().filter(|byte| **byte < 240);
        let mut text: String = fair
            .map(|byte| char::from(LETTERS[usize::from(*byte % 30)]))
            .take(12)
            .collect();
        if text.len() < 12 {
            text = Self::new().0;
        }
        Self(text)
    }

    /// Capitals, spaces and hyphens do not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let ours = text.len() == 12 && text.bytes().all(|b| LETTERS.contains(&b));
        ours.then_some(Self(text))
    }

    /// In three groups, for paper.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }

    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        secret::digest(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// The last six digits of the table in RFC 6238, appendix B (SHA-1).
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = TotpSecret::kept(b"12345678901234567890".to_vec());
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(
                secret.step_of(code, at(seconds)),
                Some(seconds / 30),
                "{code}"
            );
        }
        let kindly = secret.step_of("287 082", at(59));
        assert_eq!(kindly, Some(1), "spaces do not matter");
        assert_eq!(
            secret.step_of("287082", at(59 + 30)),
            Some(1),
            "a moment ago"
        );
        for (code, seconds) in [("287082", 59 + 61), ("287083", 59), ("", 59), ("28708", 59)] {
            assert_eq!(
                secret.step_of(code, at(seconds)),
                None,
                "{code} at {seconds}"
            );
        }
    }

    #[test]
    fn an_app_can_read_the_address() {
        let secret = TotpSecret::new();
        let address = secret.address("Deventer:Wijzer", "a@b.nl").unwrap();
        let read = totp_rs::Totp::from_url(&address).unwrap();
        assert_eq!(read.secret().as_bytes(), secret.bytes());
        assert_eq!(read.issuer(), Some("Deventer Wijzer"));
        assert_eq!(secret.words().unwrap().len(), 32 + 7);
    }

    #[test]
    fn recovery_codes_are_read_as_people_copy_them() {
        let code = RecoveryCode::new();
        let typed = format!(" {} ", code.shown().to_uppercase().replace('-', " "));
        assert!(RecoveryCode::parse(&typed) == Some(code.clone()));
        assert_ne!(code.digest(), RecoveryCode::new().digest());
        for bad in ["", "abcd-efgh", "0000-0000-0000", "éééééé"] {
            assert!(RecoveryCode::parse(bad).is_none(), "{bad}");
        }
    }
}
