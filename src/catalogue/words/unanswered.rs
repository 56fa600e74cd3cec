//! Searches that found nothing: which words editors should know of, and nothing of who asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::store;

/// More different searches than these wait in memory only under attack.
const MOST_WAITING: usize = 2_000;
/// Longer texts are sentences about someone.
const LONGEST: usize = 60;

/// Counts searches in memory until they are written down. Cheap to clone; all clones count
/// together.
#[derive(Clone, Default)]
pub struct Unanswered(Arc<Mutex<HashMap<String, i32>>>);

impl Unanswered {
    /// Counts a search, unless its words could say who asked.
    pub fn note(&self, words: &str) {
        let Some(words) = impersonal(words) else {
            return;
        };
        let mut waiting = self.lock();
        if waiting.len() < MOST_WAITING || waiting.contains_key(&words) {
            *waiting.entry(words).or_default() += 1;
        }
    }

    /// Writes down what waits, and forgets what is old. What cannot be written goes on waiting.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write(&self, conn: &mut PgConnection, on: NaiveDate) -> Result<(), sqlx::Error> {
        let waiting = std::mem::take(&mut *self.lock());
        let mut left = waiting.into_iter();
        let mut failed = None;
        for (words, times) in left.by_ref() {
            let digest = Sha256::digest(words.as_bytes());
            if let Err(error) = store::count_unanswered(conn, &digest, &words, times, on).await {
                failed = Some(((words, times), error));
                break;
            }
        }
        let Some((first, error)) = failed else {
            return store::forget_unanswered(conn, on).await;
        };
        let mut waiting = self.lock();
        for (words, times) in std::iter::once(first).chain(left) {
            *waiting.entry(words).or_default() += times;
        }
        Err(error)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, i32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lower case, without what holds a digit or an at sign (numbers, dates, addresses); `None` when
/// nothing is left or it is too long to be a search.
fn impersonal(words: &str) -> Option<String> {
    let plain = |word: &&str| !word.contains('@') && !word.chars().any(|c| c.is_ascii_digit());
    let kept: Vec<String> = words
        .split_whitespace()
        .filter(plain)
        .map(str::to_lowercase)
        .collect();
    let text = kept.join(" ");
    let fits = text.chars().count() <= LONGEST && text.chars().any(char::is_alphabetic);
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_say_who_asked_is_not_counted() {
        for (words, kept) in [
            ("  Ruimtevaart  les ", Some("ruimtevaart les")),
            ("bel 0612345678 jan@voorbeeld.nl ruimte", Some("bel ruimte")),
            ("7431AB 12", None),
            ("?!", None),
            ("", None),
        ] {
            assert_eq!(impersonal(words).as_deref(), kept, "{words}");
        }
        assert_eq!(impersonal(&"lang ".repeat(20)), None);
    }

    #[test]
    fn memory_stays_bounded() {
        let unanswered = Unanswered::default();
        let letters = |n: usize| {
            n.to_string()
                .bytes()
                .map(|b| char::from(b + 49))
                .collect::<String>()
        };
        for number in 0..MOST_WAITING + 100 {
            unanswered.note(&letters(number));
        }
        unanswered.note(&letters(1));
        let waiting = unanswered.lock();
        assert_eq!(waiting.len(), MOST_WAITING);
        assert_eq!(waiting[&letters(1)], 2);
    }
}
