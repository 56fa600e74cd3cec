//! Dates as `Event`s. A series is one event with its rule; a date that is different, and a series
//! whose rule schema.org cannot tell, is an event for each date.

use chrono::{Duration, NaiveDate, NaiveDateTime, Weekday};
use serde_json::{Map, Value, json};

use super::{CONTEXT, DAYS, here, postal, without_nulls};
use crate::base::RecordKind;
use crate::catalogue::activities::{Card, Kind, Status};
use crate::catalogue::agenda::plain::{Hours, PlainSchedule, Repeat};
use crate::catalogue::agenda::{self, Change, ChangeKind, Happening, Occurrence, Schedule};
use crate::catalogue::places::Address;
use crate::site::page::Site;

/// Days that a rule leaves out are told so far ahead.
const AHEAD: Duration = Duration::days(366);

/// An activity and what is known of where it is.
pub(super) struct Told<'a> {
    pub site: &'a Site,
    pub card: &'a Card,
    pub organizer: &'a Value,
    /// The whole address of its photo.
    pub image: Option<&'a str>,
    pub address: Option<&'a Address>,
    pub now: NaiveDateTime,
}

impl Told<'_> {
    /// The events of the dates that the page shows.
    pub fn events(&self, dates: &[Occurrence<'_>]) -> Vec<Value> {
        if self.card.status == Status::Cancelled {
            return self.called_off().into_iter().collect();
        }
        let rules = self.rules();
        let planned = |date: &&Occurrence<'_>| date.happening == Happening::Planned;
        let mut events = Vec::new();
        if let (Some(rules), Some(next)) = (&rules, dates.iter().find(planned)) {
            let mut event = self.event(next);
            if let (Some(event), false) = (&mut event, rules.is_empty()) {
                event.insert("eventSchedule".to_owned(), json!(rules));
            }
            events.extend(event);
        }
        let told = |date: &&Occurrence<'_>| match date.happening {
            Happening::Planned => rules.is_none(),
            Happening::Moved(_) | Happening::Off(_) => true,
            Happening::Closed(_) => false,
        };
        events.extend(
            dates
                .iter()
                .filter(told)
                .filter_map(|date| self.event(date)),
        );
        events.into_iter().map(Value::Object).collect()
    }

    /// The date on which it would have been, when all of it is called off.
    fn called_off(&self) -> Option<Value> {
        let card = self.card;
        let next = |schedule| {
            let dates = agenda::coming(schedule, &card.closures, self.now, NaiveDate::MAX, 1);
            dates.into_iter().next()
        };
        let dates = card.schedules.iter().filter_map(next);
        let date = dates.min_by_key(Occurrence::moment)?;
        self.event(&date).map(Value::Object)
    }

    /// One date. `None` where nobody can tell where it is.
    fn event(&self, date: &Occurrence<'_>) -> Option<Map<String, Value>> {
        let card = self.card;
        let url = here(self.site, RecordKind::Activity, &card.slug);
        let (mode, location) = match card.venue_on(date) {
            Some(venue) => {
                let usual = card.venue.as_ref() == Some(venue);
                let address = self.address.filter(|_| usual);
                let place = json!({
                    "@type": "Place", "name": venue.name, "address": address.map(postal)
                });
                ("OfflineEventAttendanceMode", without_nulls(place))
            }
            None if card.kind == Kind::Online => (
                "OnlineEventAttendanceMode",
                json!({ "@type": "VirtualLocation", "url": url }),
            ),
            None => return None,
        };
        let moment = |at: NaiveDateTime| {
            if date.all_day {
                at.date().to_string()
            } else {
                offset(at)
            }
        };
        let former = date.change().filter(|change| change.starts_at.is_some());
        let end = if date.all_day {
            Some(agenda::last_day(date.start, date.end).to_string())
        } else {
            date.end.map(offset)
        };
        let event = without_nulls(json!({
            "@context": CONTEXT,
            "@type": "Event",
            "name": card.title,
            "description": card.summary,
            "url": url,
            "image": self.image,
            "startDate": moment(date.start),
            "endDate": end,
            "previousStartDate": former.map(|change| moment(change.recurrence)),
            "eventStatus": format!("{CONTEXT}/{}", status(card.status, date.change())),
            "eventAttendanceMode": format!("{CONTEXT}/{mode}"),
            "location": location,
            "organizer": self.organizer,
            "isAccessibleForFree": card.cost_cents.map(|cents| cents == 0),
        }));
        match event {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The rules of all that repeats. `None`: one of them cannot be told.
    fn rules(&self) -> Option<Vec<Value>> {
        let series = self.card.schedules.iter().filter(|s| s.repeats());
        series.map(|schedule| self.rule(schedule)).collect()
    }

    /// A rule as a `Schedule` of schema.org.
    fn rule(&self, schedule: &Schedule) -> Option<Value> {
        let closures = &self.card.closures;
        let plain = PlainSchedule::of(schedule, closures)?;
        let every = |every: u16, unit| Some(format!("P{every}{unit}"));
        let (frequency, by_day, by_month_day) = match &plain.repeat {
            Repeat::Days(n) => (every(*n, 'D'), None, None),
            Repeat::Weeks { every: n, on } => {
                let days: Vec<String> = on.iter(Weekday::Mon).map(day_of_week).collect();
                (every(*n, 'W'), Some(days), None)
            }
            Repeat::NthWeekday {
                every: n,
                nths,
                day,
            } => {
                // As iCal writes it; schema.org takes that too.
                let code = day.to_string()[..2].to_uppercase();
                let days = nths.iter().map(|nth| format!("{nth}{code}")).collect();
                (every(*n, 'M'), Some(days), None)
            }
            Repeat::MonthDay { every: n, day } if *day > 0 => (every(*n, 'M'), None, Some(*day)),
            Repeat::Yearly => (every(1, 'Y'), None, None),
            Repeat::Dates(_) | Repeat::Parity { .. } | Repeat::MonthDay { .. } => return None,
        };
        let (from, to) = match plain.hours {
            Hours::Clock { from, to } => (Some(from), to),
            Hours::WholeDays(_) => (None, None),
        };
        let clock = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
        let until = (self.now + AHEAD).date();
        let dates = agenda::dates(schedule, closures, self.now, until, usize::MAX);
        let different = dates.iter().filter_map(|date| match date.happening {
            Happening::Planned => None,
            Happening::Closed(_) => Some(date.start.date()),
            Happening::Moved(change) | Happening::Off(change) => Some(change.recurrence.date()),
        });
        let except = plain
            .except
            .iter()
            .copied()
            .filter(|day| *day >= self.now.date());
        let mut except: Vec<NaiveDate> = different.chain(except).collect();
        except.sort_unstable();
        Some(without_nulls(json!({
            "@type": "Schedule",
            "startDate": plain.first,
            // Not how often: of the days that are left out, some are over.
            "endDate": agenda::ends_on(std::slice::from_ref(schedule)),
            "repeatFrequency": frequency,
            "byDay": by_day,
            "byMonthDay": by_month_day,
            "startTime": from.map(clock),
            "endTime": to.map(clock),
            "scheduleTimezone": schedule.time_zone,
            "exceptDate": (!except.is_empty()).then_some(except),
        })))
    }
}

fn status(all: Status, change: Option<&Change>) -> &'static str {
    match (all, change.map(|change| change.kind)) {
        (Status::Cancelled, _) | (_, Some(ChangeKind::Cancelled)) => "EventCancelled",
        (Status::Postponed, _) | (_, Some(ChangeKind::Postponed)) => "EventPostponed",
        // Another room at the same hour is as planned for who reads the place.
        (_, Some(ChangeKind::Moved)) if change.is_some_and(|c| c.starts_at.is_none()) => {
            "EventScheduled"
        }
        (_, Some(ChangeKind::Moved)) => "EventRescheduled",
        (Status::Moved | Status::Confirmed, None) => "EventScheduled",
    }
}

fn day_of_week(day: Weekday) -> String {
    format!("{CONTEXT}/{}", DAYS[day.num_days_from_monday() as usize])
}

/// A local time with the offset that holds on that day, as schema.org asks.
fn offset(local: NaiveDateTime) -> String {
    use chrono::TimeZone;
    let amsterdam = chrono_tz::Europe::Amsterdam;
    amsterdam
        .from_local_datetime(&local)
        .earliest()
        // A time that the clock skips counts by the offset before it (RFC 5545, 3.3.5).
        .or_else(|| {
            let before = amsterdam.from_local_datetime(&(local - Duration::hours(1)));
            Some(before.earliest()? + Duration::hours(1))
        })
        .map_or_else(|| local.format("%FT%T").to_string(), |at| at.to_rfc3339())
}
