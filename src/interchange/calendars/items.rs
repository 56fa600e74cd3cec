//! What a calendar holds: one item a UID, with the meetings of its series.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveDateTime};

use super::content::{self, Component};
use super::zones::Zones;
use super::{Fault, Places, Unreadable, said, text, times};
use crate::catalogue::agenda::{self, Schedule};
use crate::catalogue::calendar_sources::{Remark, RemarkKind};

/// Bytes of a file, at most.
pub const LARGEST: usize = 5 * 1024 * 1024;
/// Components that are read of one file, at most.
const MOST_ITEMS: usize = 5_000;
/// Changed meetings of one series, and schedules of one item, at most.
const MOST_CHANGES: usize = 400;
const LONGEST_UID: usize = 1_000;
const LONGEST_TEXT: usize = 1_000;
/// For all rules of one file together. A rule can be short and take long.
const PATIENCE: Duration = Duration::from_secs(20);

/// One item of a calendar, in our words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What the source knows it by, for ever (RFC 5545, 3.8.4.7).
    pub uid: String,
    pub title: String,
    pub text: String,
    /// As written; empty: not told.
    pub location: String,
    /// A web address, as written; empty: none.
    pub link: String,
    pub categories: Vec<String>,
    pub cancelled: bool,
    pub tentative: bool,
    pub schedules: Vec<Schedule>,
    /// None of its dates is to come.
    pub over: bool,
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub items: Vec<Item>,
    /// Every UID that is there, also of items that are refused: those are not gone.
    pub seen: HashSet<String>,
    pub remarks: Vec<Remark>,
}

impl Reading {
    fn remark(&mut self, kind: RemarkKind, uid: &str, fault: Fault) {
        self.remarks.push(Remark {
            kind,
            uid: uid.to_owned(),
            line: Some(fault.line),
            text: fault.message,
        });
    }
}

/// Reads the items of a calendar. Blocks for as long as the rules take.
///
/// # Errors
/// When the file cannot be followed as a whole; an item that cannot is a remark.
pub fn read(bytes: &[u8], places: &Places, now: NaiveDateTime) -> Result<Reading, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable::TooLarge(LARGEST));
    }
    let begun = Instant::now();
    let calendars = content::calendars(bytes)?;
    let events = calendars.iter().flat_map(|calendar| &calendar.parts);
    if events.filter(|part| part.name == "VEVENT").count() > MOST_ITEMS {
        return Err(Unreadable::TooMany(MOST_ITEMS));
    }
    let mut reading = Reading::default();
    for calendar in &calendars {
        let zones = Zones::of(calendar);
        let off = calendar.value("METHOD").eq_ignore_ascii_case("CANCEL");
        for group in groups(calendar, &mut reading) {
            if begun.elapsed() > PATIENCE {
                return Err(Unreadable::TooSlow);
            }
            let uid = group.uid.to_owned();
            match group.items(&zones, places, &mut reading) {
                Ok(items) => {
                    let known = |item: &Item| reading.seen.contains(&item.uid);
                    let items: Vec<Item> = items.into_iter().filter(|item| !known(item)).collect();
                    reading
                        .seen
                        .extend(items.iter().map(|item| item.uid.clone()));
                    reading.items.extend(items.into_iter().map(|item| Item {
                        cancelled: item.cancelled || off,
                        over: is_over(&item.schedules, now),
                        ..item
                    }));
                }
                Err(fault) => reading.remark(RemarkKind::Refused, &uid, fault),
            }
            reading.seen.insert(uid);
        }
    }
    Ok(reading)
}

/// The components of one UID.
struct Group<'a> {
    uid: &'a str,
    /// Without a RECURRENCE-ID.
    masters: Vec<&'a Component>,
    changes: Vec<&'a Component>,
}

/// The items of a calendar by UID, in the order of the file. What is private is not there for us.
fn groups<'a>(calendar: &'a Component, reading: &mut Reading) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for event in calendar.parts.iter().filter(|part| part.name == "VEVENT") {
        let uid = event.value("UID");
        let fault = |message: &str| Fault {
            line: event.line,
            message: message.to_owned(),
        };
        if uid.is_empty() || uid.len() > LONGEST_UID || uid.contains('\0') {
            reading.remark(
                RemarkKind::Refused,
                "",
                fault("it has no UID that can be kept"),
            );
            continue;
        }
        let class = event.value("CLASS");
        if class.eq_ignore_ascii_case("PRIVATE") || class.eq_ignore_ascii_case("CONFIDENTIAL") {
            reading.remark(
                RemarkKind::Note,
                uid,
                fault("it is marked as private, and left alone"),
            );
            continue;
        }
        let at = *known.entry(uid).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group {
                uid,
                masters: Vec::new(),
                changes: Vec::new(),
            });
        }
        if let Some(group) = groups.get_mut(at) {
            match event.property("RECURRENCE-ID") {
                Some(_) => group.changes.push(event),
                None => group.masters.push(event),
            }
        }
    }
    groups
}

impl Group<'_> {
    fn items(
        mut self,
        zones: &Zones,
        places: &Places,
        reading: &mut Reading,
    ) -> Result<Vec<Item>, Fault> {
        self.keep_newest();
        let all = self.masters.len() + self.changes.len();
        let first = self.masters.last().or(self.changes.first());
        let Some(first) = first.copied() else {
            return Ok(Vec::new());
        };
        if all > MOST_CHANGES {
            let message = format!("it stands there more than {MOST_CHANGES} times");
            return Err(Fault {
                line: first.line,
                message,
            });
        }
        let Some(master) = self.masters.pop() else {
            return self.orphans(first, zones).map(|item| vec![item]);
        };
        let mut schedules = Vec::new();
        for other in self.masters {
            // Some write a series as loose items with one UID.
            if said::title(other) == said::title(master)
                && other.value("DTSTART") != master.value("DTSTART")
            {
                schedules.extend(times::schedules(other, &[], zones, places)?.0);
            } else {
                let message = format!(
                    "the UID stands again on line {}, which is followed",
                    master.line
                );
                let line = other.line;
                reading.remark(RemarkKind::Note, self.uid, Fault { line, message });
            }
        }
        let (own, apart) = times::schedules(master, &self.changes, zones, places)?;
        schedules.splice(0..0, own);
        let mut items = vec![item(self.uid, master, schedules)?];
        for meeting in apart {
            let uid = format!("{}#{}", self.uid, meeting.recurrence.format("%Y%m%dT%H%M"));
            let schedule = times::single(meeting.event, zones)?;
            items.push(Item {
                cancelled: said::is_cancelled(master),
                ..item(&uid, meeting.event, vec![schedule])?
            });
        }
        Ok(items)
    }

    /// Meetings whose series is not in the file, such as the one to which somebody was invited.
    fn orphans(self, first: &Component, zones: &Zones) -> Result<Item, Fault> {
        let held = self
            .changes
            .iter()
            .filter(|event| !said::is_cancelled(event));
        let schedules = held
            .map(|event| times::single(event, zones))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Item {
            cancelled: schedules.is_empty(),
            ..item(self.uid, first, schedules)?
        })
    }

    /// Of what stands there twice the newest is right (RFC 5545, 3.8.7.4).
    fn keep_newest(&mut self) {
        let newest = self.masters.iter().map(|event| sequence(event)).max();
        self.masters.retain(|event| Some(sequence(event)) == newest);
        self.masters.sort_by_key(|event| stamp(event));
        self.changes
            .sort_by_key(|event| (sequence(event), stamp(event)));
        let mut seen = HashSet::new();
        self.changes.reverse();
        self.changes
            .retain(|event| seen.insert(event.value("RECURRENCE-ID").to_owned()));
    }
}

fn sequence(event: &Component) -> u32 {
    event.value("SEQUENCE").parse().unwrap_or_default()
}

fn stamp(event: &Component) -> String {
    let changed = event.value("LAST-MODIFIED");
    let stamp = if changed.is_empty() {
        event.value("DTSTAMP")
    } else {
        changed
    };
    stamp.to_owned()
}

fn item(uid: &str, event: &Component, schedules: Vec<Schedule>) -> Result<Item, Fault> {
    let title = said::title(event);
    let fault = |message: &str| Fault {
        line: event.line,
        message: message.to_owned(),
    };
    if title.is_empty() {
        return Err(fault("it has no SUMMARY"));
    }
    if schedules.len() > MOST_CHANGES {
        return Err(fault("it has too many dates of their own"));
    }
    let categories = event.all("CATEGORIES").flat_map(|p| text::listed(&p.value));
    Ok(Item {
        uid: uid.to_owned(),
        title,
        text: text::plain(&text::unescaped(event.value("DESCRIPTION")), LONGEST_TEXT),
        location: said::location(event),
        link: event.value("URL").to_owned(),
        categories: categories.take(20).collect(),
        cancelled: said::is_cancelled(event),
        tentative: event.value("STATUS").eq_ignore_ascii_case("TENTATIVE"),
        schedules,
        over: false,
    })
}

fn is_over(schedules: &[Schedule], now: NaiveDateTime) -> bool {
    let ahead = |s| !agenda::coming(s, &[], now, NaiveDate::MAX, 1).is_empty();
    !schedules.iter().any(ahead)
}
