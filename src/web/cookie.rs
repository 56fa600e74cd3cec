//! The cookies there are: one says who is signed in, one who left to sign in elsewhere.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use url::Url;

/// How a cookie of ours is written. Over https it is bound to this host alone
/// (`__Host-`, RFC 6265bis 4.1.3.2); over plain http, for development only, browsers would refuse
/// that name.
#[derive(Clone, Copy, Debug)]
pub struct HostCookie {
    name: &'static str,
    secure: bool,
}

impl HostCookie {
    #[must_use]
    pub fn session(base_url: &Url) -> Self {
        Self::named(base_url, "__Host-wijzer")
    }

    /// Of who left for a provider of OpenID Connect.
    #[must_use]
    pub fn under_way(base_url: &Url) -> Self {
        Self::named(base_url, "__Host-wijzer-onderweg")
    }

    fn named(base_url: &Url, full: &'static str) -> Self {
        let secure = base_url.scheme() == "https";
        let plain = full.strip_prefix("__Host-").unwrap_or(full);
        let name = if secure { full } else { plain };
        Self { name, secure }
    }

    /// What the browser holds, when it holds one.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap) -> Option<String> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == self.name)
            .map(|cookie| cookie.value().to_owned())
    }

    /// `Set-Cookie` for a new value. It ends with the browser: computers are shared.
    #[must_use]
    pub fn give(&self, value: &str) -> HeaderValue {
        self.write(Cookie::new(self.name, value))
    }

    /// `Set-Cookie` that takes it away.
    #[must_use]
    pub fn take(&self) -> HeaderValue {
        let mut cookie = Cookie::new(self.name, "");
        cookie.make_removal();
        self.write(cookie)
    }

    /// `Lax`, not `Strict`: who follows a link from a mail is still signed in.
    fn write(&self, mut cookie: Cookie<'_>) -> HeaderValue {
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(self.secure);
        HeaderValue::try_from(cookie.to_string())
            .unwrap_or_else(|_| HeaderValue::from_static("absent="))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie(base: &str) -> HostCookie {
        HostCookie::session(&Url::parse(base).unwrap())
    }

    #[test]
    fn over_https_it_is_bound_to_the_host() {
        let given = cookie("https://wijzer.test").give("abc");
        assert_eq!(
            given,
            "__Host-wijzer=abc; HttpOnly; SameSite=Lax; Secure; Path=/"
        );
        let plain = cookie("http://127.0.0.1:8080").give("abc");
        assert_eq!(plain, "wijzer=abc; HttpOnly; SameSite=Lax; Path=/");
        let taken = cookie("https://wijzer.test").take();
        let taken = taken.to_str().unwrap();
        assert!(taken.starts_with("__Host-wijzer=;") && taken.contains("Max-Age=0"));
    }

    #[test]
    fn it_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; wijzer=no"));
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("__Host-wijzer=yes; c"),
        );
        let read = cookie("https://wijzer.test").read(&headers);
        assert_eq!(read.as_deref(), Some("yes"));
        assert_eq!(cookie("https://wijzer.test").read(&HeaderMap::new()), None);
    }
}
