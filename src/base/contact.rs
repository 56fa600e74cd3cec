//! Ways to reach someone: telephone numbers, e-mail addresses and web addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A telephone number as it is shown: digits and spaces, perhaps a leading `+`
/// (`0570 695399`, `14 0570`, `0800-2000`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct Phone(String);

/// A mail address good enough to write to: one `@`, a dot in the domain, no white space
/// or characters that could end a header line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct Email(String);

/// An absolute `http` or `https` address: the only schemes that we ever link to (ASVS 1.2.2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct WebAddress(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "geen telefoonnummer: schrijf 3 tot 15 cijfers met spaties of streepjes, zoals 0570 695399"
)]
pub struct NotAPhone;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("geen e-mailadres, zoals info@voorbeeld.nl")]
pub struct NotAnEmail;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("geen webadres: begin met https:// of http://")]
pub struct NotAWebAddress;

impl Phone {
    /// # Errors
    /// When there are not 3 to 15 digits (E.164), or other characters.
    pub fn parse(text: &str) -> Result<Self, NotAPhone> {
        let text = text.trim();
        let rest = text.strip_prefix('+').unwrap_or(text);
        let digits = rest.bytes().filter(u8::is_ascii_digit).count();
        let known = rest
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')'));
        if known && (3..=15).contains(&digits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAPhone)
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a `tel:` link needs (RFC 3966): the digits without marks.
    #[must_use]
    pub fn dial(&self) -> String {
        dial(&self.0)
    }
}

/// The digits of a shown number, with its leading `+` if any.
#[must_use]
pub fn dial(shown: &str) -> String {
    shown
        .chars()
        .enumerate()
        .filter(|(i, c)| c.is_ascii_digit() || (*i == 0 && *c == '+'))
        .map(|(_, c)| c)
        .collect()
}

impl Email {
    /// # Errors
    /// When the text could not be an address.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim();
        let plain = |c: char| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(c, '<' | '>' | '"' | ',' | ';' | '?' | '&')
        };
        let domain = |d: &str| {
            d.contains('.') && !d.starts_with('.') && !d.ends_with('.') && !d.contains("..")
        };
        match text.split_once('@') {
            Some((name, host))
                if !name.is_empty()
                    && !host.contains('@')
                    && domain(host)
                    && text.len() <= 254
                    && text.chars().all(plain) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(NotAnEmail),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl WebAddress {
    /// # Errors
    /// When the text is no absolute web address, names another scheme or carries a password.
    pub fn parse(text: &str) -> Result<Self, NotAWebAddress> {
        let text = text.trim();
        let parsed = url::Url::parse(text).map_err(|_| NotAWebAddress)?;
        let fits = matches!(parsed.scheme(), "http" | "https")
            && parsed.host_str().is_some_and(|host| host.contains('.'))
            && parsed.username().is_empty()
            && parsed.password().is_none()
            && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if fits && text.len() <= 500 {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAWebAddress)
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The part of an address that a person recognises: the host without `www.`.
#[must_use]
pub fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.strip_prefix("www.").unwrap_or(host)
}

macro_rules! text_value {
    ($($name:ident: $error:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    )+};
}
text_value!(Phone: NotAPhone, Email: NotAnEmail, WebAddress: NotAWebAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones() {
        for good in [
            "14 0570",
            "0570 695399",
            "0800-2000",
            "+31 570 695399",
            "112",
            "113",
        ] {
            assert!(Phone::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "12", "bel 112", "0570 69539x", "1234567890123456"] {
            assert!(Phone::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Phone::parse("+31 570-69").expect("phone").dial(),
            "+3157069"
        );
    }

    #[test]
    fn addresses() {
        assert!(Email::parse("toegangwmo@deventer.nl").is_ok());
        for bad in [
            "a@b",
            "a b@c.nl",
            "a@b.nl\r\nBcc: x@y.nl",
            "@b.nl",
            "a@b@c.nl",
            "a@b.nl?cc=x",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert!(WebAddress::parse("https://www.deventer.nl/x?y=1").is_ok());
        for bad in [
            "javascript:alert(1)",
            "\tjavascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//evil.nl",
            "www.deventer.nl",
            "https://localhost",
            "https://a:b@deventer.nl",
            "ftp://deventer.nl",
        ] {
            assert!(WebAddress::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(host("https://www.deventer.nl/x?y"), "deventer.nl");
    }
}
