//! Opening hours in the notation of OpenStreetMap: `Mo-Fr 08:30-16:00; PH off`.
//!
//! Stands beside the slices: what one day of the notation says, and nothing of closures.

pub mod dutch;

use std::sync::Arc;

use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};
use opening_hours_syntax::Error;
use opening_hours_syntax::rules::day::{HolidayKind, WeekDayRange};
use opening_hours_syntax::rules::time::{Time, TimeSpan};

/// Minutes of a whole day.
pub const DAY: u16 = 24 * 60;
const NOON: u16 = 12 * 60;

/// Hours that can be followed.
#[derive(Clone, Debug)]
pub struct Hours(OpeningHours);

/// Why a notation is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HoursFault {
    #[error(
        "geen openingstijden: schrijf ma-vr 9:00-17:00; feestdagen dicht, of zoals OpenStreetMap ze schrijft"
    )]
    Syntax,
    #[error("openingstijden die zichzelf tegenspreken: {0}")]
    Meaning(String),
    #[error("tijden naar de stand van de zon verschillen per dag: schrijf tijden van de klok")]
    Sun,
    #[error("alleen tijden van een dag, zonder dagen: 10:00-15:00")]
    Days,
}

/// Whether who comes gets in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    Open,
    ByAppointment,
    /// One has to ask.
    Uncertain,
}

/// A stretch of a day on which something can be open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Span {
    /// Minutes after midnight, on the wall clock.
    pub from: u16,
    /// As `from`; a night that ends in the morning goes on past [`DAY`].
    pub until: u16,
    /// The end is not known (`18:00+`).
    pub open_end: bool,
    pub access: Access,
    /// What the editor wrote beside it, or empty.
    pub note: Arc<str>,
}

/// Which days are holidays; those that are still to be checked make it uncertain.
#[derive(Clone, Debug, Default)]
pub struct Holidays(Context);

impl Holidays {
    /// Public holidays and school holidays, certain and uncertain.
    #[must_use]
    pub fn new(
        [public, school]: [Vec<NaiveDate>; 2],
        [maybe_public, maybe_school]: [Vec<NaiveDate>; 2],
    ) -> Self {
        let kinds = |public: Vec<NaiveDate>, school: Vec<NaiveDate>| {
            ContextHolidays::new(
                Arc::new(public.into_iter().collect()),
                Arc::new(school.into_iter().collect()),
            )
        };
        Self(
            Context::default()
                .with_holidays(kinds(public, school))
                .with_holidays_unknown(kinds(maybe_public, maybe_school)),
        )
    }
}

impl Span {
    #[must_use]
    pub fn start(&self, day: NaiveDate) -> NaiveDateTime {
        moment(day, self.from)
    }

    #[must_use]
    pub fn end(&self, day: NaiveDate) -> NaiveDateTime {
        moment(day, self.until)
    }
}

fn moment(day: NaiveDate, minutes: u16) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN) + Duration::minutes(minutes.into())
}

impl Hours {
    /// # Errors
    /// When the notation cannot be read, or asks for the sun.
    pub fn parse(text: &str) -> Result<Self, HoursFault> {
        let hours = Self(text.parse().map_err(|error| fault(&error))?);
        let by_sun = |time: &Time| matches!(time, Time::Variable(_));
        if hours.times(|span| by_sun(&span.range.start) || by_sun(&span.range.end)) {
            return Err(HoursFault::Sun);
        }
        Ok(hours)
    }

    /// Hours for a day that is known.
    ///
    /// # Errors
    /// As [`Hours::parse`], and when days are named.
    pub fn of_one_day(text: &str) -> Result<Self, HoursFault> {
        let hours = Self::parse(text)?;
        let rules = &hours.0.get_expression().rules;
        if rules.iter().all(|rule| rule.day_selector.is_empty()) {
            Ok(hours)
        } else {
            Err(HoursFault::Days)
        }
    }

    /// The same hours in a world with these holidays; without, no day is one.
    #[must_use]
    pub fn with(&self, holidays: &Holidays) -> Self {
        Self(self.0.clone().with_context(holidays.0.clone()))
    }

    #[must_use]
    pub fn names_public_holidays(&self) -> bool {
        self.names(HolidayKind::Public)
    }

    #[must_use]
    pub fn names_school_holidays(&self) -> bool {
        self.names(HolidayKind::School)
    }

    fn names(&self, wanted: HolidayKind) -> bool {
        let rules = &self.0.get_expression().rules;
        let mut days = rules.iter().flat_map(|rule| &rule.day_selector.weekday);
        days.any(|day| matches!(day, WeekDayRange::Holiday { kind, .. } if *kind == wanted))
    }

    fn times(&self, fits: impl Fn(&TimeSpan) -> bool) -> bool {
        let rules = &self.0.get_expression().rules;
        rules.iter().flat_map(|r| &r.time_selector.spans).any(fits)
    }

    /// What begins on a day, in order. A night belongs to the day on which it began.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Vec<Span> {
        let mut spans = self.calendar_day(day);
        let yesterday = day.pred_opt().map(|day| self.calendar_day(day));
        if yesterday.is_some_and(|yesterday| runs_on(&yesterday, &spans)) {
            spans.remove(0);
        }
        let tomorrow = day.checked_add_days(Days::new(1));
        let tomorrow = tomorrow.map_or_else(Vec::new, |day| self.calendar_day(day));
        if runs_on(&spans, &tomorrow)
            && let (Some(last), Some(morning)) = (spans.last_mut(), tomorrow.first())
        {
            last.until += morning.until;
        }
        spans
    }

    /// From midnight to midnight.
    fn calendar_day(&self, day: NaiveDate) -> Vec<Span> {
        let open_end = |from| {
            self.times(|span| {
                span.open_end && matches!(span.range.start, Time::Fixed(at) if at == from)
            })
        };
        let spans = self.0.schedule_at(day).into_iter();
        spans
            .filter(|span| span.kind != RuleKind::Closed)
            .map(|span| Span {
                from: span.range.start.mins_from_midnight(),
                until: span.range.end.mins_from_midnight(),
                open_end: open_end(span.range.start),
                access: access(span.kind, &span.comment),
                note: span.comment,
            })
            .collect()
    }
}

/// Whether the last of one day goes on in the first morning hours of the next.
fn runs_on(day: &[Span], next: &[Span]) -> bool {
    day.last().zip(next.first()).is_some_and(|(last, first)| {
        let touch = last.until == DAY && first.from == 0 && first.until <= NOON;
        touch && (last.access, &last.note) == (first.access, &first.note)
    })
}

fn access(kind: RuleKind, note: &str) -> Access {
    let note = note.to_lowercase();
    if note.contains("afspraak") || note.contains("appointment") {
        Access::ByAppointment
    } else if kind == RuleKind::Open {
        Access::Open
    } else {
        Access::Uncertain
    }
}

fn fault(error: &Error) -> HoursFault {
    match error {
        Error::Syntax(_) => HoursFault::Syntax,
        _ => HoursFault::Meaning(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str, day: &str) -> Vec<(u16, u16)> {
        let hours = Hours::parse(text).expect("hours");
        let spans = hours.on(day.parse().expect("date"));
        spans.iter().map(|s| (s.from / 60, s.until / 60)).collect()
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_began() {
        assert_eq!(on("Fr 20:00-02:00", "2026-11-27"), [(20, 26)]);
        assert_eq!(on("Fr 20:00-02:00", "2026-11-28"), []);
        assert_eq!(on("24/7", "2026-11-28"), [(0, 24)]);
        assert_eq!(on("00:00-08:00,20:00-24:00", "2026-11-28"), [(20, 32)]);
    }

    #[test]
    fn what_cannot_be_followed_is_refused_and_told() {
        let fault = |text: &str| Hours::parse(text).expect_err(text).to_string();
        for text in [
            "",
            "Mo 9-12",
            "ma 09:00-12:00",
            "altijd",
            "Mo 10:00",
            "Mo 09:00-12:00;",
        ] {
            assert!(fault(text).starts_with("geen openingstijden"), "{text}");
        }
        assert!(fault("week 10-5 Mo 09:00-12:00").contains("tegenspreken"));
        assert_eq!(
            Hours::parse("sunrise-sunset").expect_err("sun"),
            HoursFault::Sun
        );
        assert_eq!(
            Hours::of_one_day("Mo 10:00-12:00").expect_err("days"),
            HoursFault::Days
        );
        assert!(Hours::of_one_day("10:00-12:00,13:00-15:00").is_ok());
    }

    #[test]
    fn appointments_doubt_and_open_ends_are_kept_apart() {
        let first = |text: &str| {
            let hours = Hours::parse(text).expect("hours");
            hours.on("2026-11-24".parse().expect("date")).remove(0)
        };
        assert_eq!(first("24/7").access, Access::Open);
        assert_eq!(first("\"by appointment\"").access, Access::ByAppointment);
        let asked = first("Tu 09:00-12:00 \"op afspraak\"");
        assert_eq!(asked.access, Access::ByAppointment);
        assert_eq!(first("Tu unknown").access, Access::Uncertain);
        assert!(first("18:00+").open_end && !first("18:00-24:00").open_end);
    }
}
