use std::fmt;

use url::{Host, Url};

use super::FetchError;

/// A link that may be followed: http or https to a host, without a name or password in it.
/// Where its host leads is for the guard to judge, at each connection anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link(Url);

const LONGEST: usize = 2_000;

impl Link {
    /// Reads what an editor typed. Calendar programs hand out `webcal://` and `webcals://`, which
    /// say no more than that a calendar is behind it: https is asked.
    ///
    /// # Errors
    /// When the text is no such link.
    pub fn parse(text: &str) -> Result<Self, FetchError> {
        let text = text.trim();
        let calendar = text.split_once("://").filter(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("webcal") || scheme.eq_ignore_ascii_case("webcals")
        });
        let link = match calendar {
            Some((_, rest)) => Url::parse(&format!("https://{rest}")),
            None => Url::parse(text),
        };
        Self::checked(link.map_err(|_| FetchError::Address("it is not a web address"))?)
    }

    fn checked(mut link: Url) -> Result<Self, FetchError> {
        let fault = if !matches!(link.scheme(), "http" | "https") {
            "only http, https and webcal are followed"
        } else if !link.username().is_empty() || link.password().is_some() {
            "a name or password does not belong in it"
        } else if link.host().is_none() {
            "it has no host"
        } else if link.as_str().len() > LONGEST {
            "it is too long"
        } else {
            link.set_fragment(None);
            return Ok(Self(link));
        };
        Err(FetchError::Address(fault))
    }

    /// Where a redirect from here leads.
    ///
    /// # Errors
    /// When that is no such link, or would leave https.
    pub(super) fn redirected(&self, location: &str) -> Result<Self, FetchError> {
        let next = self.0.join(location);
        let next = next.map_err(|_| FetchError::Address("it redirects to no web address"))?;
        let next = Self::checked(next)?;
        if self.is_secure() && !next.is_secure() {
            return Err(FetchError::Address("it redirects from https to http"));
        }
        Ok(next)
    }

    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub(super) fn host(&self) -> Option<Host<&str>> {
        self.0.host()
    }

    pub(super) fn port(&self) -> u16 {
        let usual = if self.is_secure() { 443 } else { 80 };
        self.0.port().unwrap_or(usual)
    }

    /// The host and, when it is not the usual one, the port: a Host header (RFC 9110, 7.2).
    pub(super) fn authority(&self) -> &str {
        self.0.authority()
    }

    /// Path and query: the target of a request (RFC 9112, 3.2.1).
    pub(super) fn target(&self) -> &str {
        &self.0[url::Position::BeforePath..url::Position::AfterQuery]
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_links_are_followed() {
        for (text, read) in [
            (
                "webcal://example.org/agenda.ics",
                "https://example.org/agenda.ics",
            ),
            ("WEBCALS://example.org/a?b=c#d", "https://example.org/a?b=c"),
            (" http://example.org ", "http://example.org/"),
            ("https://0x7f.1/", "https://127.0.0.1/"),
        ] {
            assert_eq!(Link::parse(text).expect(text).to_string(), read);
        }
        for text in [
            "",
            "example.org/agenda.ics",
            "file:///etc/passwd",
            "ftp://example.org/a.ics",
            "gopher://example.org/",
            "https://piet:geheim@example.org/",
            "https://piet@example.org/",
            "webcal://",
            "http://[::1",
            &format!("https://example.org/{}", "a".repeat(2_000)),
        ] {
            assert!(Link::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_redirect_stays_on_the_web_and_on_https() {
        let from = Link::parse("https://example.org/a/b.ics").expect("link");
        let next = from.redirected("../c.ics").expect("link");
        assert_eq!(next.to_string(), "https://example.org/c.ics");
        for location in [
            "http://example.org/c.ics",
            "file:///etc/passwd",
            "https://x:y@example.org/",
        ] {
            assert!(from.redirected(location).is_err(), "{location}");
        }
    }
}
