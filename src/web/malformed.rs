//! Addresses that nobody can mean: refused before any handler sees them (fault matrix, F10).

use axum::http::Uri;
use percent_encoding::percent_decode_str;

/// The part of the address that is malformed: a percent sign without two hexadecimal digits,
/// bytes that are no UTF-8, or a NUL, which `PostgreSQL` cannot store in a text.
pub(super) fn part(uri: &Uri) -> Option<&'static str> {
    if !is_sound(uri.path()) {
        return Some("path");
    }
    (!uri.query().is_none_or(is_sound)).then_some("query")
}

fn is_sound(encoded: &str) -> bool {
    if !encoded.bytes().any(|byte| byte == b'%' || !byte.is_ascii()) {
        return true; // nearly every address there is
    }
    let whole = encoded.split('%').skip(1).all(|after| {
        let digits = after.as_bytes();
        digits.len() >= 2 && digits.iter().take(2).all(u8::is_ascii_hexdigit)
    });
    whole
        && percent_decode_str(encoded)
            .decode_utf8()
            .is_ok_and(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sound_addresses_pass() {
        for sound in ["/", "/zoeken?q=caf%C3%A9+%25", "/a?b&c=", "/%F0%9F%98%80"] {
            assert_eq!(part(&sound.parse().unwrap()), None, "{sound}");
        }
        for bad in ["/%", "/%z1", "/%ff", "/%00", "/a%2", "/%C3"] {
            assert_eq!(part(&bad.parse().unwrap()), Some("path"), "{bad}");
        }
        for bad in ["/?q=%", "/?q=100%", "/?q=%ff", "/?q=%00"] {
            assert_eq!(part(&bad.parse().unwrap()), Some("query"), "{bad}");
        }
    }
}
