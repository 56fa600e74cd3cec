//! Short references that can be read out over the phone.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use uuid::Uuid;

/// No 0, 1, i, l, o or u: nothing to confuse, and no words by accident.
const LETTERS: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";

/// Eight letters and digits; about 39 bits of chance.
pub(super) fn reference() -> String {
    // The last eight bytes of a version 7 UUID end in fresh random bits.
    let bytes = Uuid::now_v7().into_bytes();
    let mut rest = bytes
        .iter()
        .skip(8)
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    (0..8)
        .map(|_| {
            let letter = usize::try_from(rest % 30).unwrap_or_default();
            rest /= 30;
            char::from(LETTERS[letter])
        })
        .collect()
}

/// Names one request in the log: a prefix per start of the program and a running number.
pub(super) fn request_id() -> String {
    static PREFIX: OnceLock<String> = OnceLock::new();
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{}-{number}", PREFIX.get_or_init(reference))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn references_are_short_readable_and_differ() {
        let many: HashSet<String> = (0..1000).map(|_| reference()).collect();
        assert_eq!(many.len(), 1000);
        assert!(
            many.iter()
                .all(|one| one.len() == 8 && one.bytes().all(|b| LETTERS.contains(&b)))
        );
        assert_ne!(request_id(), request_id());
    }
}
