//! The plain form of when an activity is: a few fields for each of its times. What the form
//! cannot hold (an import may bring it) stays as it is, told in words.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday, WeekdaySet};

use super::{Fields, Surroundings};
use crate::admin::fields::Errors;
use crate::base::dutch;
use crate::base::written;
use crate::catalogue::agenda::closures::Kind;
use crate::catalogue::agenda::plain::{End, Hours, Repeat};
use crate::catalogue::agenda::{self, PlainSchedule, Schedule};

/// Times that one activity can have in the form.
const MOST: usize = 12;
/// How many of them a form holds.
const COUNT: &str = "momenten";

/// All times in words: what is compared between two versions.
pub const TOLD: &str = "momenten-in-woorden";

/// One of the times in a form, for its template.
pub struct Block {
    /// Of its fields: `moment-0-`.
    pub prefix: String,
    pub number: usize,
    /// More than the form can hold: what it is in words.
    pub fixed: Option<String>,
}

/// What stands in the list of repetitions.
pub const REPEATS: [(&str, &str); 9] = [
    ("eenmalig", "één keer"),
    ("week", "elke week, of elke paar weken"),
    ("even", "in de even weken"),
    ("oneven", "in de oneven weken"),
    ("dagen", "om de zoveel dagen"),
    (
        "maand",
        "elke maand op dezelfde weekdag, zoals de 3e donderdag",
    ),
    ("maanddag", "elke maand op dezelfde datum"),
    ("jaar", "elk jaar op dezelfde datum"),
    ("losse", "op losse dagen"),
];

pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("ma", Weekday::Mon),
    ("di", Weekday::Tue),
    ("wo", Weekday::Wed),
    ("do", Weekday::Thu),
    ("vr", Weekday::Fri),
    ("za", Weekday::Sat),
    ("zo", Weekday::Sun),
];

/// The days of the week, for boxes to tick.
pub const WEEKDAY_NAMES: [(&str, &str); 7] = [
    ("ma", "ma"),
    ("di", "di"),
    ("wo", "wo"),
    ("do", "do"),
    ("vr", "vr"),
    ("za", "za"),
    ("zo", "zo"),
];

/// Which of the month, and what it is called.
pub const NTHS: [(&str, &str); 6] = [
    ("1", "1e"),
    ("2", "2e"),
    ("3", "3e"),
    ("4", "4e"),
    ("5", "5e"),
    ("-1", "laatste"),
];

/// Closures on which a schedule can be left out.
const LEFT_OUT: [Kind; 3] = [Kind::SchoolHoliday, Kind::PublicHoliday, Kind::Place];

/// The same, in words.
pub const LEFT_OUT_NAMES: [(&str, &str); 3] = [
    ("school_holiday", "niet in schoolvakanties"),
    ("public_holiday", "niet op feestdagen"),
    ("place", "niet als de plek gesloten is"),
];

impl Block {
    /// The name of one of its fields.
    #[must_use]
    pub fn name(&self, field: &str) -> String {
        format!("{}{field}", self.prefix)
    }
}

fn prefix(number: usize) -> String {
    format!("moment-{number}-")
}

/// The blocks of a form, in order.
#[must_use]
pub fn blocks(fields: &Fields, base: &[Schedule], around: &Surroundings<'_>) -> Vec<Block> {
    (0..count(fields))
        .map(|number| {
            let prefix = prefix(number);
            let kept = kept(fields, &prefix, base);
            let fixed = kept.filter(|_| fields.is_on(format!("{prefix}vast")));
            Block {
                fixed: fixed.map(|schedule| {
                    dutch::sentence(&agenda::in_words(schedule, around.closures, around.today))
                }),
                number: number + 1,
                prefix,
            }
        })
        .collect()
}

fn count(fields: &Fields) -> usize {
    fields.text(COUNT).parse().unwrap_or(1).clamp(1, MOST)
}

/// One more time in the form.
pub fn more(fields: &mut Fields) {
    let count = count(fields);
    if count < MOST {
        fields.say(COUNT, count + 1);
        fields.set(format!("{}niet", prefix(count)), Kind::Place.as_str());
    }
}

/// A form without a time yet.
pub fn blank(fields: &mut Fields) {
    fields.say(COUNT, 1);
    let prefix = prefix(0);
    fields.set(format!("{prefix}herhaal"), "eenmalig");
    fields.set(format!("{prefix}einde"), "nooit");
    fields.set(format!("{prefix}niet"), Kind::Place.as_str());
}

/// Fills a form in.
pub fn write(fields: &mut Fields, schedules: &[Schedule], around: &Surroundings<'_>) {
    if schedules.is_empty() {
        return blank(fields);
    }
    fields.set(TOLD, told(schedules, around));
    fields.say(COUNT, schedules.len());
    for (number, schedule) in schedules.iter().enumerate() {
        let prefix = prefix(number);
        // Which one it was: what the form does not hold is taken from there.
        fields.say(format!("{prefix}oud"), number);
        match PlainSchedule::of(schedule, around.closures).filter(fits) {
            Some(plain) => write_plain(fields, &prefix, &plain),
            None => fields.set(format!("{prefix}vast"), "ja"),
        }
    }
}

/// Whether the fields hold it: of the days of a month, the last is told by none.
fn fits(plain: &PlainSchedule) -> bool {
    !matches!(plain.repeat, Repeat::MonthDay { day: -1, .. })
}

/// All times in words, one on each line, with what is different on single days.
#[must_use]
pub fn told(schedules: &[Schedule], around: &Surroundings<'_>) -> String {
    let mut lines = Vec::new();
    for schedule in schedules {
        let words = agenda::in_words(schedule, around.closures, around.today);
        lines.push(format!(
            "{} (vanaf {})",
            dutch::sentence(&words),
            dutch::date(schedule.starts_at.date())
        ));
        for change in &schedule.changes {
            let day = dutch::date(change.recurrence.date());
            lines.push(
                format!("{day}: {} {}", change.kind.dutch(), change.reason)
                    .trim()
                    .to_owned(),
            );
        }
    }
    lines.join("\n")
}

fn write_plain(fields: &mut Fields, prefix: &str, plain: &PlainSchedule) {
    let name = |field: &str| format!("{prefix}{field}");
    fields.say(name("dag"), plain.first);
    match plain.hours {
        Hours::WholeDays(days) => {
            fields.set(name("heledag"), "ja");
            fields.say(name("dagen"), days);
        }
        Hours::Clock { from, to } => {
            fields.set(name("van"), clock(from));
            fields.set(name("tot"), to.map(clock).unwrap_or_default());
        }
    }
    let weekdays = |on: &WeekdaySet| -> Vec<&str> {
        let chosen = WEEKDAYS.iter().filter(|(_, day)| on.contains(*day));
        chosen.map(|(name, _)| *name).collect()
    };
    // Every one is what an empty field says.
    let step = |fields: &mut Fields, every: u16| {
        if every > 1 {
            fields.say(name("elke"), every);
        }
    };
    let repeat = match &plain.repeat {
        Repeat::Dates(dates) if dates.is_empty() => "eenmalig",
        Repeat::Dates(dates) => {
            fields.set(name("losse"), lines(dates));
            "losse"
        }
        Repeat::Days(every) => {
            fields.say(name("elke"), every);
            "dagen"
        }
        Repeat::Weeks { every, on } => {
            step(fields, *every);
            fields.set_all(name("weekdagen"), weekdays(on));
            "week"
        }
        Repeat::Parity { even, on } => {
            fields.set_all(name("weekdagen"), weekdays(on));
            if *even { "even" } else { "oneven" }
        }
        Repeat::NthWeekday { every, nths, .. } => {
            step(fields, *every);
            fields.set_all(name("hoeveelste"), nths);
            "maand"
        }
        Repeat::MonthDay { every, .. } => {
            step(fields, *every);
            "maanddag"
        }
        Repeat::Yearly => "jaar",
    };
    fields.set(name("herhaal"), repeat);
    let end = match plain.end {
        End::Never => "nooit",
        End::On(day) => {
            fields.say(name("laatste"), day);
            "op"
        }
        End::Times(times) => {
            fields.say(name("aantal"), times);
            "aantal"
        }
    };
    fields.set(name("einde"), end);
    fields.set_all(
        name("niet"),
        plain.left_out.iter().map(|kind| kind.as_str()),
    );
    fields.set(name("behalve"), lines(&plain.except));
    fields.flag(name("afspraak"), plain.by_appointment);
}

fn clock(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn lines(dates: &BTreeSet<NaiveDate>) -> String {
    let dates = dates.iter().map(|day| day.format("%d-%m-%Y").to_string());
    dates.collect::<Vec<_>>().join("\n")
}

/// The times of a form. What is wrong stands at its field; `None` then.
pub fn read(
    fields: &Fields,
    base: &[Schedule],
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> Option<Vec<Schedule>> {
    let mut schedules = Vec::new();
    let mut sound = true;
    for number in 0..count(fields) {
        let prefix = prefix(number);
        let name = |field: &str| format!("{prefix}{field}");
        if fields.is_on(name("weg")) {
            continue;
        }
        let kept = kept(fields, &prefix, base);
        if let Some(kept) = kept.filter(|_| fields.is_on(name("vast"))) {
            schedules.push(kept.clone());
            continue;
        }
        if fields.trimmed(&name("dag")).is_empty() && fields.trimmed(&name("van")).is_empty() {
            continue;
        }
        match read_plain(fields, &prefix, errors) {
            // What says the same stays as it is: an import may have said it more exactly.
            Some(plain) if kept.is_some_and(|kept| says(kept, &plain, around)) => {
                schedules.extend(kept.cloned());
            }
            Some(plain) => match plain.schedule(around.closures) {
                Ok(schedule) => schedules.push(with_changes(schedule, kept)),
                Err(fault) => {
                    errors.add(name("dag"), fault.to_string());
                    sound = false;
                }
            },
            None => sound = false,
        }
    }
    sound.then_some(schedules)
}

fn says(kept: &Schedule, plain: &PlainSchedule, around: &Surroundings<'_>) -> bool {
    PlainSchedule::of(kept, around.closures).as_ref() == Some(plain)
}

/// The schedule that a block was made of.
fn kept<'a>(fields: &Fields, prefix: &str, base: &'a [Schedule]) -> Option<&'a Schedule> {
    let number: usize = fields.text(format!("{prefix}oud")).parse().ok()?;
    base.get(number)
}

/// What was different on single days stays so, as long as the rule still gives those days.
fn with_changes(mut schedule: Schedule, kept: Option<&Schedule>) -> Schedule {
    if let Some(kept) = kept {
        schedule.time_zone.clone_from(&kept.time_zone);
        let same_start =
            |change: &&agenda::Change| change.recurrence.time() == schedule.starts_at.time();
        schedule.changes = kept.changes.iter().filter(same_start).cloned().collect();
    }
    schedule
}

fn read_plain(fields: &Fields, prefix: &str, errors: &mut Errors) -> Option<PlainSchedule> {
    let name = |field: &str| format!("{prefix}{field}");
    let day = |field: &str, errors: &mut Errors| -> Option<NaiveDate> {
        let parsed = written::day(&fields.trimmed(&name(field)));
        errors.take(&name(field), written::NO_DAY, parsed)
    };
    let first = day("dag", errors)?;
    let hours = read_hours(fields, prefix, errors)?;
    let number = |field: &str, errors: &mut Errors| -> Option<u16> {
        match fields.trimmed(&name(field)).as_str() {
            "" => Some(1),
            text => errors.take(&name(field), "Vul een getal in, zoals 2.", text.parse()),
        }
    };
    let weekdays: WeekdaySet = {
        let chosen: WeekdaySet = WEEKDAYS
            .iter()
            .filter(|(value, _)| fields.has(name("weekdagen"), value))
            .map(|(_, day)| *day)
            .collect();
        // Who chooses none means the day of the first time.
        if chosen.is_empty() {
            WeekdaySet::single(first.weekday())
        } else {
            chosen
        }
    };
    let repeat = match fields.text(name("herhaal")) {
        "week" => Repeat::Weeks {
            every: number("elke", errors)?,
            on: weekdays,
        },
        "even" => Repeat::Parity {
            even: true,
            on: weekdays,
        },
        "oneven" => Repeat::Parity {
            even: false,
            on: weekdays,
        },
        "dagen" => Repeat::Days(number("elke", errors)?),
        "maand" => Repeat::NthWeekday {
            every: number("elke", errors)?,
            nths: nths(fields, prefix, first),
            day: first.weekday(),
        },
        "maanddag" => Repeat::MonthDay {
            every: number("elke", errors)?,
            day: i8::try_from(first.day()).unwrap_or(1),
        },
        "jaar" => Repeat::Yearly,
        "losse" => Repeat::Dates(days(fields, &name("losse"), errors)?),
        _ => Repeat::once(),
    };
    let end = match (&repeat, fields.text(name("einde"))) {
        (Repeat::Dates(_), _) => End::Never,
        (_, "op") => End::On(day("laatste", errors)?),
        (_, "aantal") => {
            let parsed = fields.trimmed(&name("aantal")).parse();
            End::Times(errors.take(&name("aantal"), "Vul in hoe vaak het is, zoals 8.", parsed)?)
        }
        _ => End::Never,
    };
    let series = !matches!(repeat, Repeat::Dates(_));
    let except = if series {
        days(fields, &name("behalve"), errors)?
    } else {
        BTreeSet::new()
    };
    let left_out = LEFT_OUT
        .into_iter()
        .filter(|kind| fields.has(name("niet"), kind.as_str()));
    Some(PlainSchedule {
        first,
        hours,
        repeat,
        end,
        left_out: left_out.collect(),
        except,
        by_appointment: fields.is_on(name("afspraak")),
    })
}

fn read_hours(fields: &Fields, prefix: &str, errors: &mut Errors) -> Option<Hours> {
    let name = |field: &str| format!("{prefix}{field}");
    if fields.is_on(name("heledag")) {
        let days = fields.trimmed(&name("dagen"));
        let days = if days.is_empty() { Ok(1) } else { days.parse() };
        return errors
            .take(
                &name("dagen"),
                "Vul in hoeveel dagen het duurt, zoals 2.",
                days,
            )
            .map(Hours::WholeDays);
    }
    let from = errors.take(
        &name("van"),
        "Vul in hoe laat het begint, zoals 10:00.",
        written::time(&fields.trimmed(&name("van"))),
    )?;
    let to = match fields.trimmed(&name("tot")) {
        text if text.is_empty() => None,
        text => Some(errors.take(
            &name("tot"),
            "Vul in hoe laat het ophoudt, zoals 12:00, of laat het leeg.",
            written::time(&text),
        )?),
    };
    if to.is_some_and(|to| written::ends_before(from, to)) {
        errors.add(name("tot"), written::ENDS_BEFORE);
        return None;
    }
    Some(Hours::Clock { from, to })
}

fn nths(fields: &Fields, prefix: &str, first: NaiveDate) -> BTreeSet<i8> {
    let chosen = fields.all(format!("{prefix}hoeveelste"));
    let chosen: BTreeSet<i8> = chosen.iter().filter_map(|text| text.parse().ok()).collect();
    if !chosen.is_empty() {
        return chosen;
    }
    let nth = first.day0() / 7 + 1;
    BTreeSet::from([i8::try_from(nth).unwrap_or(1)])
}

/// Days on lines of their own or with commas between them.
fn days(fields: &Fields, name: &str, errors: &mut Errors) -> Option<BTreeSet<NaiveDate>> {
    let text = fields.text(name).replace([',', ';'], "\n");
    let parts = text.lines().map(str::trim).filter(|part| !part.is_empty());
    let mut days = BTreeSet::new();
    for part in parts {
        if let Ok(day) = written::day(part) {
            days.insert(day);
        } else {
            errors.add(
                name,
                format!("“{part}” is geen dag. Schrijf een dag als 15-01-2027."),
            );
            return None;
        }
    }
    Some(days)
}
