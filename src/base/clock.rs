use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::{Europe::Amsterdam, Tz};

/// The time as a guest: handed in by argument, so that tests run on a fixed Tuesday.
///
/// All times that people read are wall-clock times in Europe/Amsterdam,
/// whatever the time zone of the server.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    System,
    Fixed(DateTime<Utc>),
}

impl Clock {
    #[must_use]
    pub fn now(self) -> DateTime<Tz> {
        match self {
            Self::System => Utc::now(),
            Self::Fixed(at) => at,
        }
        .with_timezone(&Amsterdam)
    }

    /// The wall clock in the Netherlands, without its offset.
    #[must_use]
    pub fn local(self) -> NaiveDateTime {
        self.now().naive_local()
    }

    /// The date in the Netherlands: "vandaag" turns at midnight in Amsterdam.
    #[must_use]
    pub fn today(self) -> NaiveDate {
        self.local().date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_turns_at_midnight_in_amsterdam() {
        let at = |text: &str| Clock::Fixed(text.parse().expect("time"));
        assert_eq!(at("2026-07-01T21:59:59Z").today().to_string(), "2026-07-01");
        assert_eq!(at("2026-07-01T22:00:00Z").today().to_string(), "2026-07-02");
        assert_eq!(at("2026-12-01T22:30:00Z").today().to_string(), "2026-12-01");
    }
}
