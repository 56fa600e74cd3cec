//! Under which name a page is kept.

use url::form_urlencoded::{Serializer, parse};

/// Longer names are not kept: nobody's bookmark, and they would fill the cache with names.
const LONGEST: usize = 256;

/// The declared parameters of a query, in declared order, empty ones left out. Values of one
/// parameter keep their order, because a handler may take the first.
pub(super) fn declared(query: &str, params: &[&str]) -> String {
    if query.is_empty() || params.is_empty() {
        return String::new();
    }
    let given: Vec<_> = parse(query.as_bytes())
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let mut normal = Serializer::new(String::new());
    for param in params {
        for (_, value) in given.iter().filter(|(name, _)| name == param) {
            normal.append_pair(param, value);
        }
    }
    normal.finish()
}

/// Path and declared parameters as one name; `None` when too long.
pub(super) fn of(path: &str, declared: &str) -> Option<String> {
    if path.len() + declared.len() >= LONGEST {
        return None;
    }
    let mut key = String::with_capacity(path.len() + 1 + declared.len());
    key.push_str(path);
    if !declared.is_empty() {
        key.push('?');
        key.push_str(declared);
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_and_order_make_no_other_page() {
        let params = ["wijk", "dag"];
        for (query, expected) in [
            ("", ""),
            ("utm_source=x&fbclid=y", ""),
            ("dag=ma&wijk=voorstad", "wijk=voorstad&dag=ma"),
            ("wijk=voorstad&&junk&dag=ma&wijk=", "wijk=voorstad&dag=ma"),
            ("wijk=b&wijk=a", "wijk=b&wijk=a"),
            ("wijk=a+b%26dag%3Dma", "wijk=a+b%26dag%3Dma"),
            ("WIJK=a", ""),
        ] {
            assert_eq!(declared(query, &params), expected, "{query}");
        }
        assert_eq!(of("/agenda", "dag=ma").as_deref(), Some("/agenda?dag=ma"));
        assert_eq!(of("/agenda", &"x".repeat(300)), None);
    }
}
