//! What an event says of itself in words.

use super::content::Component;
use super::text;

const LONGEST_TITLE: usize = 200;

/// What programs put before the title of what is called off, beside the status or instead of it.
const OFF: [&str; 6] = [
    "geannuleerd",
    "afgelast",
    "vervalt",
    "vervallen",
    "canceled",
    "cancelled",
];

/// The title without such a word, and whether it was there.
fn titled(event: &Component) -> (String, bool) {
    let title = text::plain(&text::unescaped(event.value("SUMMARY")), LONGEST_TITLE);
    let rest = title.split_once(':').filter(|(word, rest)| {
        !rest.trim().is_empty() && OFF.iter().any(|off| word.trim().eq_ignore_ascii_case(off))
    });
    match rest {
        Some((_, rest)) => (rest.trim().to_owned(), true),
        None => (title, false),
    }
}

#[must_use]
pub fn title(event: &Component) -> String {
    titled(event).0
}

#[must_use]
pub fn is_cancelled(event: &Component) -> bool {
    event.value("STATUS").eq_ignore_ascii_case("CANCELLED") || titled(event).1
}

#[must_use]
pub fn location(event: &Component) -> String {
    text::plain(&text::unescaped(event.value("LOCATION")), LONGEST_TITLE)
}
