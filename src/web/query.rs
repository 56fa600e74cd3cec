//! Query strings, read kindly: repeated keys become a list, what is not asked for is ignored.

use std::str::FromStr;

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::Error;

/// The query string as `T`. Fields are best `#[serde(default)]` with `String`, `Vec<String>` or
/// [`lenient`], so that nothing a visitor types can fail; what fails nevertheless is a 400.
#[derive(Clone, Debug, Default)]
pub struct Query<T>(pub T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// A query string as `T`.
///
/// # Errors
/// [`Error::BadRequest`] when a field does not parse.
pub fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    serde_html_form::from_str(query).map_err(|_| Error::BadRequest("query"))
}

/// For `#[serde(default, deserialize_with = "lenient")]`: the first value that parses, or `None`.
/// `?pagina=2&pagina=x` is page 2, `?pagina=x` is no page given.
///
/// # Errors
/// Never for a query string.
pub fn lenient<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: FromStr,
    D: Deserializer<'de>,
{
    let values = Vec::<String>::deserialize(deserializer)?;
    Ok(values.iter().find_map(|value| value.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Search {
        #[serde(default, deserialize_with = "lenient")]
        q: Option<String>,
        #[serde(default)]
        thema: Vec<String>,
        #[serde(default, deserialize_with = "lenient")]
        pagina: Option<u32>,
    }

    fn search(q: Option<&str>, thema: &[&str], pagina: Option<u32>) -> Search {
        Search {
            q: q.map(str::to_owned),
            thema: thema.iter().map(|&t| t.to_owned()).collect(),
            pagina,
        }
    }

    #[test]
    fn queries_are_read_kindly() {
        for (query, expected) in [
            ("", search(None, &[], None)),
            ("q=caf%C3%A9+zuid", search(Some("café zuid"), &[], None)),
            (
                "thema=geld&utm_source=x&thema=wonen",
                search(None, &["geld", "wonen"], None),
            ),
            ("q=a&q=b&pagina=x&pagina=3", search(Some("a"), &[], Some(3))),
            ("pagina=-1&&=&q", search(Some(""), &[], None)),
            ("thema=geld", search(None, &["geld"], None)),
        ] {
            assert_eq!(parse::<Search>(query).unwrap(), expected, "{query}");
        }
    }
}
