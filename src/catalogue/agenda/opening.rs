use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};

use super::Closure;
use super::closures::Kind;
use crate::base::Slug;
use crate::catalogue::hours::{Access, DAY, Holidays, Hours, Span};

/// What the closures say about opening hours, for all records of a page.
#[derive(Clone, Debug)]
pub struct Exceptions {
    closures: Vec<Closure>,
    holidays: Holidays,
}

/// The hours of one record with its exceptions.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// As if there were no holidays.
    usual: Hours,
    hours: Hours,
    /// The closures that can matter here, by date.
    closures: Vec<&'a Closure>,
    /// Closed with the building; what other hours of the building mean must be asked.
    tenant: bool,
}

/// One day: what begins on it, and the closure that makes it other than usual.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Day<'a> {
    pub spans: Vec<Span>,
    pub why: Option<&'a Closure>,
}

/// How it is at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Moment<'a> {
    /// Day and night, as far as one can see ahead.
    Always,
    /// `None`: the end is not known.
    Open(Option<NaiveDateTime>),
    ByAppointment(Option<NaiveDateTime>),
    /// One has to ask, maybe because of a closure.
    Uncertain(Option<&'a Closure>),
    Closed {
        /// Why it is closed all day, when it would have been open.
        today: Option<&'a Closure>,
        /// When it opens, and how; `None`: not within a year.
        next: Option<(NaiveDateTime, Access)>,
    },
}

/// What a notation says of a kind of holidays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OnHolidays {
    Unsaid,
    AsUsual,
    Hours(Vec<Span>),
    /// It differs by day of the week.
    Various,
}

impl Exceptions {
    #[must_use]
    pub fn new(closures: Vec<Closure>) -> Self {
        // More days than anyone plans ahead, so that a slip in a year costs nothing.
        const LONGEST: usize = 1000;
        let days = |kind: Kind, certain: bool| {
            let fits = |c: &&Closure| c.kind == kind && c.certain == certain;
            let spans = closures.iter().filter(fits);
            spans
                .flat_map(|c| {
                    c.start
                        .iter_days()
                        .take(LONGEST)
                        .take_while(|day| *day <= c.end)
                })
                .collect()
        };
        let both = |certain| [Kind::PublicHoliday, Kind::SchoolHoliday].map(|k| days(k, certain));
        Self {
            holidays: Holidays::new(both(true), both(false)),
            closures,
        }
    }

    /// The hours of a place; `None`: no hours, or none that can be read (import refuses those).
    #[must_use]
    pub fn of_place(&self, notation: &str, slug: &str) -> Option<Opening<'_>> {
        self.opening(notation, Some(slug), false)
    }

    /// As [`Exceptions::of_place`], of who is housed in a place, if in any.
    #[must_use]
    pub fn of_tenant(&self, notation: &str, place: Option<&str>) -> Option<Opening<'_>> {
        self.opening(notation, place, true)
    }

    fn opening(&self, notation: &str, place: Option<&str>, tenant: bool) -> Option<Opening<'_>> {
        let usual = Hours::parse(notation).ok()?;
        let matters = |closure: &&Closure| match closure.kind {
            Kind::PublicHoliday => true,
            Kind::SchoolHoliday => usual.names_school_holidays(),
            Kind::Place => place.is_some() && closure.place.as_ref().map(Slug::as_str) == place,
            Kind::Observance => false,
        };
        Some(Opening {
            hours: usual.with(&self.holidays),
            closures: self.closures.iter().filter(matters).collect(),
            tenant,
            usual,
        })
    }
}

impl<'a> Opening<'a> {
    /// What begins on a day, and why that is other than usual.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day<'a> {
        let usual = self.usual.on(date);
        let on_date = |kind| {
            let mut found = self.closures.iter().filter(|c| c.kind == kind);
            found.rfind(|c| c.holds_on(date)).copied()
        };
        let (spans, why) = if let Some(closure) = self.of_building(date) {
            let other = closure.hours.as_deref().map(Hours::of_one_day);
            let spans = match other {
                None if closure.certain => Vec::new(),
                Some(Ok(hours)) if closure.certain && !self.tenant => hours.on(date),
                _ => doubted(usual.clone()),
            };
            (spans, Some(closure))
        } else {
            let public = on_date(Kind::PublicHoliday);
            let unsaid = public.is_some() && !self.hours.names_public_holidays();
            let spans = self.hours.on(date);
            let spans = if unsaid && !self.is_always(date) {
                doubted(spans)
            } else {
                spans
            };
            (spans, public.or_else(|| on_date(Kind::SchoolHoliday)))
        };
        Day {
            why: why.filter(|_| spans != usual),
            spans,
        }
    }

    /// The closure of the place itself; of several the shortest, which is the exception.
    fn of_building(&self, date: NaiveDate) -> Option<&'a Closure> {
        let own = self.closures.iter().filter(|c| c.kind == Kind::Place);
        own.filter(|c| c.holds_on(date))
            .min_by_key(|c| c.end - c.start)
            .copied()
    }

    #[must_use]
    pub fn at(&self, now: NaiveDateTime) -> Moment<'a> {
        let today = self.day(now.date());
        let last_night = now.date().pred_opt().map(|day| (day, self.day(day).spans));
        let current = last_night
            .into_iter()
            .chain([(now.date(), today.spans.clone())])
            .flat_map(|(day, spans)| spans.into_iter().map(move |span| (day, span)))
            .find(|(day, span)| span.start(*day) <= now && now < span.end(*day));
        let coming = today.spans.iter().find(|s| s.end(now.date()) > now);
        match current {
            Some((day, span)) if span.access == Access::Open => {
                let until = self.until(day, &span);
                if until.is_none() && self.is_always(now.date()) {
                    Moment::Always
                } else {
                    Moment::Open(until)
                }
            }
            Some((day, span)) if span.access == Access::ByAppointment => {
                Moment::ByAppointment(self.until(day, &span))
            }
            None if coming.is_none_or(|span| span.access != Access::Uncertain) => Moment::Closed {
                today: today.why.filter(|_| today.spans.is_empty()),
                next: self.next(now),
            },
            _ => Moment::Uncertain(today.why),
        }
    }

    /// When a span ends, where another may go on from it; `None`: not known, or not within a week.
    fn until(&self, day: NaiveDate, span: &Span) -> Option<NaiveDateTime> {
        let (mut end, mut open_end) = (span.end(day), span.open_end);
        while !open_end {
            let further = self.day(end.date()).spans.into_iter();
            let further = further
                .filter(|next| next.access == span.access)
                .find(|next| next.start(end.date()) == end);
            let Some(next) = further else {
                return Some(end);
            };
            (end, open_end) = (next.end(end.date()), next.open_end);
            if (end.date() - day).num_days() > 7 {
                return None;
            }
        }
        None
    }

    /// The next time that one can count on.
    fn next(&self, now: NaiveDateTime) -> Option<(NaiveDateTime, Access)> {
        now.date().iter_days().take(367).find_map(|day| {
            let spans = self.day(day).spans.into_iter();
            spans
                .map(|span| (span.start(day), span.access))
                .find(|(start, access)| *start > now && *access != Access::Uncertain)
        })
    }

    fn is_always(&self, day: NaiveDate) -> bool {
        let whole = |span: &Span| {
            (span.from, span.until, span.access) == (0, DAY, Access::Open) && !span.open_end
        };
        let mut days = day.iter_days().take(7);
        days.all(|day| self.usual.on(day).first().is_some_and(whole))
    }

    /// Monday to Sunday, when every week of the coming year is the same but for exceptions.
    #[must_use]
    pub fn week(&self, today: NaiveDate) -> Option<Vec<Vec<Span>>> {
        const WEEKS: usize = 54;
        let days: Vec<Vec<Span>> = monday(today)
            .iter_days()
            .take(7 * WEEKS)
            .map(|day| self.usual.on(day))
            .collect();
        let same = (7..days.len()).all(|n| days[n] == days[n - 7]);
        same.then(|| days.into_iter().take(7).collect())
    }

    #[must_use]
    pub fn on_public_holidays(&self, today: NaiveDate) -> OnHolidays {
        let all = Holidays::new([a_week(today), Vec::new()], Default::default());
        self.on_holidays(self.usual.names_public_holidays(), &all, today)
    }

    #[must_use]
    pub fn on_school_holidays(&self, today: NaiveDate) -> OnHolidays {
        let all = Holidays::new([Vec::new(), a_week(today)], Default::default());
        self.on_holidays(self.usual.names_school_holidays(), &all, today)
    }

    fn on_holidays(&self, named: bool, all: &Holidays, today: NaiveDate) -> OnHolidays {
        let hours = self.usual.with(all);
        let days = |hours: &Hours| -> Vec<Vec<Span>> {
            a_week(today).into_iter().map(|day| hours.on(day)).collect()
        };
        let mut special = days(&hours);
        if !named && !self.is_always(today) {
            OnHolidays::Unsaid
        } else if special == days(&self.usual) {
            OnHolidays::AsUsual
        } else if special.iter().all(|day| *day == special[0]) {
            OnHolidays::Hours(special.swap_remove(0))
        } else {
            OnHolidays::Various
        }
    }

    /// The exceptions in some days from today that change something, with the hours of the first
    /// day that they change.
    #[must_use]
    pub fn exceptions(&self, today: NaiveDate, days: u64) -> Vec<(&'a Closure, Vec<Span>)> {
        let last = today.checked_add_days(Days::new(days)).unwrap_or(today);
        let mut found: Vec<(&'a Closure, Vec<Span>)> = Vec::new();
        for date in today.iter_days().take_while(|day| *day <= last) {
            let day = self.day(date);
            let Some(why) = day.why else { continue };
            if !found.iter().any(|(closure, _)| *closure == why) {
                found.push((why, day.spans));
            }
        }
        found
    }
}

fn monday(day: NaiveDate) -> NaiveDate {
    let back = Days::new(day.weekday().num_days_from_monday().into());
    day.checked_sub_days(back).unwrap_or(day)
}

fn a_week(day: NaiveDate) -> Vec<NaiveDate> {
    monday(day).iter_days().take(7).collect()
}

/// The same spans, of which nobody knows whether they hold.
fn doubted(spans: Vec<Span>) -> Vec<Span> {
    let doubt = |span| Span {
        access: Access::Uncertain,
        ..span
    };
    spans.into_iter().map(doubt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::hours::DAY;

    const WORKWEEK: &str = "Mo-Fr 09:00-12:00,13:00-17:00";

    fn closure(name: &str, days: &str, kind: Kind) -> Closure {
        let (start, end) = days.split_once('/').unwrap_or((days, days));
        Closure {
            name: name.to_owned(),
            start: start.parse().expect("date"),
            end: end.parse().expect("date"),
            certain: true,
            kind,
            place: (kind == Kind::Place).then(|| Slug::parse("zaal").expect("slug")),
            hours: None,
        }
    }

    fn winter() -> Exceptions {
        let mut evening = closure("Feestavond", "2026-12-16", Kind::Place);
        evening.hours = Some("10:00-12:00,19:00-23:00".to_owned());
        let mut doubtful = closure("Verbouwing", "2026-12-09", Kind::Place);
        doubtful.certain = false;
        Exceptions::new(vec![
            closure("Schilderen", "2026-12-14/2026-12-18", Kind::Place),
            closure(
                "Kerstvakantie",
                "2026-12-21/2027-01-03",
                Kind::SchoolHoliday,
            ),
            closure("Eerste kerstdag 2026", "2026-12-25", Kind::PublicHoliday),
            closure("Tweede kerstdag 2026", "2026-12-26", Kind::PublicHoliday),
            closure("Bevrijdingsdag", "2026-12-08", Kind::Observance),
            evening,
            doubtful,
        ])
    }

    /// The state of the hall in words of this test: "open 17:00", "closed, opens 12-25 09:00".
    fn at(hours: &str, now: &str) -> String {
        let winter = winter();
        let opening = winter.of_place(hours, "zaal").expect(hours);
        let when = |at: NaiveDateTime| at.format("%m-%d %H:%M").to_string();
        let until = |at: Option<NaiveDateTime>| at.map_or("?".to_owned(), when);
        let name =
            |c: Option<&Closure>| c.map_or_else(String::new, |c| format!(" ({})", c.label()));
        match opening.at(format!("{now}:00").parse().expect("time")) {
            Moment::Always => "always".to_owned(),
            Moment::Open(end) => format!("open until {}", until(end)),
            Moment::ByAppointment(end) => format!("by appointment until {}", until(end)),
            Moment::Uncertain(why) => format!("ask{}", name(why)),
            Moment::Closed { today, next } => {
                let next = until(next.map(|(at, _)| at));
                format!("closed until {next}{}", name(today))
            }
        }
    }

    #[test]
    fn open_and_closed_on_usual_days() {
        for (hours, now, expected) in [
            (WORKWEEK, "2026-11-24T09:00", "open until 11-24 12:00"),
            (WORKWEEK, "2026-11-24T12:00", "closed until 11-24 13:00"),
            (WORKWEEK, "2026-11-24T17:00", "closed until 11-25 09:00"),
            (WORKWEEK, "2026-11-28T10:00", "closed until 11-30 09:00"),
            (WORKWEEK, "2026-12-08T10:00", "open until 12-08 12:00"),
            ("24/7", "2026-11-24T03:00", "always"),
            ("Mo-Su 00:00-24:00", "2026-12-25T03:00", "always"),
            ("off", "2026-12-17T10:00", "closed until ?"),
            ("Tu 18:00+", "2026-11-24T19:00", "open until ?"),
            ("Tu unknown", "2026-11-24T19:00", "ask"),
            (
                "Tu \"op afspraak\"",
                "2026-11-24T19:00",
                "by appointment until 11-25 00:00",
            ),
        ] {
            assert_eq!(at(hours, now), expected, "{hours} {now}");
        }
    }

    #[test]
    fn nights_go_on_after_midnight_and_days_after_each_other() {
        for (hours, now, expected) in [
            (
                "Fr 20:00-02:00",
                "2026-11-27T23:00",
                "open until 11-28 02:00",
            ),
            (
                "Fr 20:00-02:00",
                "2026-11-28T01:59",
                "open until 11-28 02:00",
            ),
            (
                "Fr 20:00-02:00",
                "2026-11-28T02:00",
                "closed until 12-04 20:00",
            ),
            (
                "Mo-We 00:00-24:00",
                "2026-11-24T10:00",
                "open until 11-26 00:00",
            ),
            // A night that began before the closure is kept; one that would begin in it is not.
            (
                "Su,Fr 20:00-02:00",
                "2026-12-14T01:00",
                "open until 12-14 02:00",
            ),
            (
                "Su,Fr 20:00-02:00",
                "2026-12-19T01:00",
                "closed until 12-20 20:00",
            ),
        ] {
            assert_eq!(at(hours, now), expected, "{hours} {now}");
        }
    }

    #[test]
    fn a_public_holiday_is_asked_about_unless_the_hours_name_it() {
        let named = &format!("{WORKWEEK}; PH off");
        let hours = "Mo-Fr 09:00-17:00; PH 10:00-14:00";
        for (hours, now, expected) in [
            (WORKWEEK, "2026-12-25T08:00", "ask (Eerste kerstdag)"),
            (WORKWEEK, "2026-12-25T10:00", "ask (Eerste kerstdag)"),
            (WORKWEEK, "2026-12-25T20:00", "closed until 12-28 09:00"),
            (WORKWEEK, "2026-12-26T10:00", "closed until 12-28 09:00"),
            (
                named,
                "2026-12-25T10:00",
                "closed until 12-28 09:00 (Eerste kerstdag)",
            ),
            (named, "2026-12-26T10:00", "closed until 12-28 09:00"),
            (hours, "2026-12-26T10:00", "open until 12-26 14:00"),
            (
                "24/7; PH off",
                "2026-12-25T10:00",
                "closed until 12-27 00:00 (Eerste kerstdag)",
            ),
            ("24/7; PH off", "2026-12-24T10:00", "open until 12-25 00:00"),
            (
                "Mo-Fr 09:00-17:00; SH off",
                "2026-12-22T10:00",
                "closed until 01-04 09:00 (Kerstvakantie)",
            ),
            (WORKWEEK, "2026-12-22T10:00", "open until 12-22 12:00"),
        ] {
            assert_eq!(at(hours, now), expected, "{hours} {now}");
        }
    }

    #[test]
    fn the_place_closes_or_keeps_other_hours() {
        for (now, expected) in [
            ("2026-12-15T10:00", "closed until 12-16 10:00 (Schilderen)"),
            ("2026-12-16T10:00", "open until 12-16 12:00"),
            ("2026-12-16T13:00", "closed until 12-16 19:00"),
            ("2026-12-09T10:00", "ask (Verbouwing)"),
        ] {
            assert_eq!(at(WORKWEEK, now), expected, "{now}");
        }
        let winter = winter();
        let elsewhere = winter.of_place(WORKWEEK, "kerk").expect("hours");
        let noon = "2026-12-15T10:00:00".parse().expect("time");
        assert!(matches!(elsewhere.at(noon), Moment::Open(_)));
        let tenant = winter.of_tenant(WORKWEEK, Some("zaal")).expect("hours");
        assert!(matches!(
            tenant.at(noon),
            Moment::Closed { today: Some(_), .. }
        ));
        let evening = "2026-12-16T10:00:00".parse().expect("time");
        assert!(
            matches!(tenant.at(evening), Moment::Uncertain(Some(_))),
            "the building has other hours"
        );
    }

    #[test]
    fn the_wall_clock_decides_when_summer_time_changes() {
        for (now, expected) in [
            ("2026-03-29T01:59", "open until 03-29 05:00"),
            ("2026-03-29T03:00", "open until 03-29 05:00"),
            ("2026-10-25T02:30", "open until 10-25 05:00"),
            ("2026-10-25T05:00", "closed until 10-31 22:00"),
        ] {
            assert_eq!(at("Sa 22:00-05:00", now), expected, "{now}");
        }
    }

    #[test]
    fn weeks_and_months_are_followed() {
        // 23 November 2026 is in week 48; 2026 has 53 weeks.
        for (hours, now, expected) in [
            (
                "week 2-52/2 Mo 09:00-12:00",
                "2026-11-23T10:00",
                "open until 11-23 12:00",
            ),
            (
                "week 1-53/2 Mo 09:00-12:00",
                "2026-11-23T10:00",
                "closed until 11-30 09:00",
            ),
            (
                "Mo[1] 10:00-12:00",
                "2026-11-24T10:00",
                "closed until 12-07 10:00",
            ),
            (
                "Apr-Sep Mo-Su 09:00-18:00",
                "2026-12-17T10:00",
                "closed until 04-01 09:00",
            ),
        ] {
            assert_eq!(at(hours, now), expected, "{hours} {now}");
        }
    }

    #[test]
    fn a_plain_week_is_told_from_one_that_differs() {
        let winter = winter();
        let today = "2026-12-15".parse().expect("date");
        let opening = |hours| winter.of_place(hours, "zaal").expect(hours);
        let week = opening("Fr 20:00-02:00; PH off")
            .week(today)
            .expect("plain");
        assert_eq!((week[4][0].from, week[4][0].until), (20 * 60, DAY + 120));
        for hours in [
            "week 2-52/2 Mo 09:00-12:00",
            "Mo[1] 10:00-12:00",
            "May-Sep Mo 09:00-12:00",
        ] {
            assert!(opening(hours).week(today).is_none(), "{hours}");
        }
        let on = |hours| opening(hours).on_public_holidays(today);
        assert_eq!(on(WORKWEEK), OnHolidays::Unsaid);
        assert_eq!(on("24/7"), OnHolidays::AsUsual);
        assert_eq!(
            on("Mo-Fr 09:00-17:00; PH off"),
            OnHolidays::Hours(Vec::new())
        );
        assert!(
            matches!(on("Mo-Fr 09:00-17:00; PH 10:00-12:00"), OnHolidays::Hours(h) if h.len() == 1)
        );
    }

    /// Without exceptions the library's own answer for the minute must be ours, which is put together
    /// from days.
    #[test]
    fn every_half_hour_of_a_month_is_as_the_library_says() {
        use chrono::Duration;
        use opening_hours::OpeningHours;
        let none = Exceptions::new(Vec::new());
        let first: NaiveDateTime = "2026-12-14T00:00:00".parse().expect("time");
        for hours in [
            WORKWEEK,
            "24/7; Sa off",
            "Fr-Su 20:00-02:00; Sa 09:00-12:00",
            "Mo-Su 00:00-08:00,20:00-24:00; We off",
            "Mo-Th 18:00-26:00, Fr 00:00-24:00",
            "week 1-53/2 Mo-We 22:00-06:00; Dec 24-Jan 02 10:00-11:30",
            "Mo[2],Fr[-1] 10:00-12:30; Su 13:00+",
        ] {
            let opening = none.of_tenant(hours, None).expect(hours);
            let library: OpeningHours = hours.parse().expect(hours);
            for half_hour in 0..31 * 48 {
                let now = first + Duration::minutes(30 * half_hour);
                let ours = matches!(opening.at(now), Moment::Open(_) | Moment::Always);
                assert_eq!(ours, library.is_open(now), "{hours} {now}");
                if let Moment::Open(Some(end)) = opening.at(now) {
                    assert!(!library.is_open(end), "{hours} {now} until {end}");
                }
            }
        }
    }

    #[test]
    fn hours_that_cannot_be_read_are_not_known() {
        assert!(winter().of_tenant("", None).is_none());
        assert!(winter().of_tenant("elke dag", None).is_none());
    }
}
