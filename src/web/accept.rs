//! What a browser can read and what it has already: the two questions before a stored body goes out.

use axum::http::{HeaderMap, HeaderValue, header};

/// Whether a Brotli body may be sent. Headers that are not text count as absent.
pub(super) fn brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("br"));
            named && !parts.any(is_zero_weight)
        })
}

fn is_zero_weight(parameter: &str) -> bool {
    let weight = parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|weight| {
        weight
            .trim()
            .parse::<f32>()
            .is_ok_and(|weight| weight <= 0.0)
    })
}

/// Whether the browser holds this very body (`If-None-Match`, weak comparison as RFC 9110 asks).
pub(super) fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let Ok(tag) = tag.to_str() else { return false };
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|held| held.trim().trim_start_matches("W/"))
        .any(|held| held == tag || held == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_bytes(value.as_bytes()).unwrap())])
    }

    #[test]
    fn brotli_is_sent_only_where_it_is_asked_for() {
        for (value, accepted) in [
            ("gzip, deflate, br, zstd", true),
            ("BR;q=0.5", true),
            ("gzip;q=1, br;q=0", false),
            ("br; q=0.000", false),
            ("gzip", false),
            ("*", false),
            ("é", false),
            ("", false),
        ] {
            assert_eq!(
                brotli(&headers(header::ACCEPT_ENCODING, value)),
                accepted,
                "{value}"
            );
        }
    }

    #[test]
    fn a_held_tag_is_recognised_in_a_list_and_when_weakened() {
        let tag = HeaderValue::from_static("\"abc-br\"");
        for (value, held) in [
            ("\"abc-br\"", true),
            ("\"x\", W/\"abc-br\"", true),
            ("*", true),
            ("\"abc\"", false),
            ("é", false),
        ] {
            assert_eq!(
                has_already(&headers(header::IF_NONE_MATCH, value), &tag),
                held,
                "{value}"
            );
        }
    }
}
