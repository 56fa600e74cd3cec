//! Amounts in euro cents, as a resident reads them.

/// "€ 2,50", and "€ 5" for whole euros.
#[must_use]
pub fn euros(cents: i32) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    if rest == 0 {
        format!("€ {whole}")
    } else {
        format!("€ {whole},{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn euros_read_as_people_write_them() {
        assert_eq!(super::euros(250), "€ 2,50");
        assert_eq!(super::euros(500), "€ 5");
        assert_eq!(super::euros(5), "€ 0,05");
    }
}
