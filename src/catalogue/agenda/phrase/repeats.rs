//! The clauses that tell how something repeats.

use std::collections::BTreeSet;
use std::iter;

use chrono::{Weekday, WeekdaySet};

use super::PhraseFault;
use super::clauses::{Heard, Unit, once};
use super::days;
use super::reader::Reader;
use super::tokens::{self, Part, Token};

const EVERY: [&str; 5] = ["elke", "iedere", "elk", "ieder", "alle"];
const OF_MONTH: [&str; 5] = [
    "van de maand",
    "van elke maand",
    "van iedere maand",
    "in de maand",
    "per maand",
];

impl Heard {
    /// "in de even weken"
    pub(super) fn even_weeks(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        r.eat_any(&["in de", "in", "de", "elke", "alle", "iedere"]);
        let parity = r.take_word(|word| match word {
            "even" => Some(true),
            "oneven" => Some(false),
            _ => None,
        });
        match parity.filter(|_| r.eat_any(&["weken", "week"])) {
            Some(even) => once(&mut self.even, even, "regels"),
            None => Ok(false),
        }
    }

    /// "elke 1e en 3e donderdag van de maand", "op de 5e"
    pub(super) fn nth(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        r.eat("op");
        r.eat_any(&EVERY);
        r.eat("de");
        let mut nths = BTreeSet::new();
        let mut rest = *r;
        while let Some(n) = rest.take(|token| match token {
            Token::Ordinal(n) => Some(*n),
            _ => None,
        }) {
            nths.insert(n);
            *r = rest;
            if !rest.separator() {
                break;
            }
            rest.eat("de");
        }
        if nths.is_empty() || r.word().and_then(tokens::month).is_some() {
            return Ok(false);
        }
        if let Some((day, part)) = r.take_word(tokens::weekday) {
            once(&mut self.weekdays, WeekdaySet::single(day), "groepen dagen")?;
            self.hear_part(part)?;
        } else {
            if r.word() == Some("week") {
                return Ok(false);
            }
            self.last_day = r.eat("dag");
        }
        if r.eat_any(&OF_MONTH) {
            self.each(1, Unit::Month)?;
        }
        once(&mut self.nths, nths, "regels")
    }

    /// "elke 3 weken", "om de week", "dagelijks"
    pub(super) fn interval(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        let single = r.take_word(|word| match word {
            "dagelijks" => Some((1, Unit::Day)),
            "wekelijks" => Some((1, Unit::Week)),
            "tweewekelijks" => Some((2, Unit::Week)),
            "maandelijks" => Some((1, Unit::Month)),
            "tweemaandelijks" => Some((2, Unit::Month)),
            "jaarlijks" => Some((1, Unit::Year)),
            _ => None,
        });
        if let Some((number, unit)) = single {
            return self.each(number, unit);
        }
        if r.eat_any(&["eens per", "een keer per"]) {
            return self.per(r, 1);
        }
        let other = r.eat("om de");
        if other {
            r.eat("andere");
        } else if !r.eat_any(&EVERY) {
            return Ok(false);
        }
        // "om de week" is every second week; "om de 3 weken" every third.
        let number = r.number().unwrap_or(if other { 2 } else { 1 });
        match unit(r) {
            Some(unit) => self.each(number, unit),
            None => Ok(false),
        }
    }

    /// "1 keer per 2 weken"; twice a week needs its days.
    pub(super) fn per(&mut self, r: &mut Reader, times: u32) -> Result<bool, PhraseFault> {
        let number = r.number().unwrap_or(1);
        match unit(r) {
            Some(unit) if times == 1 => self.each(number, unit),
            _ => Err(PhraseFault::NoDay),
        }
    }

    fn each(&mut self, number: u32, unit: Unit) -> Result<bool, PhraseFault> {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        once(&mut self.every, (number, unit), "regels")
    }

    /// "elke dinsdag en donderdag", "ma t/m vr", "elke werkdag", "dinsdagavond"
    pub(super) fn weekdays(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        r.eat_any(&["op", "van", "'s", "in"]);
        r.eat_any(&EVERY);
        r.eat_any(&["de", "het"]);
        if r.eat_any(&["werkdag", "werkdagen", "doordeweeks", "doordeweekse dag"]) {
            let days = WeekdaySet::from_array([Mon, Tue, Wed, Thu, Fri]);
            return once(&mut self.weekdays, days, "groepen dagen");
        }
        if r.eat_any(&["weekend", "weekenden", "weekeinde"]) {
            return once(
                &mut self.weekdays,
                WeekdaySet::from_array([Sat, Sun]),
                "dagen",
            );
        }
        let Some((first, part)) = r.take_word(tokens::weekday) else {
            return Ok(false);
        };
        self.hear_part(part)?;
        let mut days = WeekdaySet::single(first);
        let mut last = first;
        loop {
            let mut ahead = *r;
            let through =
                ahead.eat_any(&["tot en met", "t/m", "t.e.m"]) || ahead.eat_token(&Token::Dash);
            if !through && !ahead.separator() {
                break;
            }
            ahead.eat("op");
            ahead.eat_any(&EVERY);
            let Some((day, part)) = ahead.take_word(tokens::weekday) else {
                break;
            };
            // The day of a date is none of these: "elke dinsdag, vrijdag 25 december niet".
            let mut next = *r;
            next.separator();
            if days::said(&mut next).is_some() {
                break;
            }
            self.hear_part(part)?;
            if through {
                days = days.union(through_days(last, day));
            } else {
                days.insert(day);
            }
            last = day;
            *r = ahead;
        }
        once(&mut self.weekdays, days, "groepen dagen")
    }

    /// The part of the day in "dinsdagavond"; all days of a list have the same.
    fn hear_part(&mut self, part: Option<Part>) -> Result<(), PhraseFault> {
        match (part, self.part) {
            (Some(new), Some(old)) if new != old => Err(PhraseFault::Twice("dagdelen")),
            _ => {
                self.part = part.or(self.part);
                Ok(())
            }
        }
    }
}

/// "vr t/m ma" goes round the end of the week.
fn through_days(first: Weekday, last: Weekday) -> WeekdaySet {
    let days = iter::successors(Some(first), |day| (*day != last).then(|| day.succ()));
    days.collect()
}

fn unit(reader: &mut Reader) -> Option<Unit> {
    reader.take_word(|word| match word {
        "dag" | "dagen" => Some(Unit::Day),
        "week" | "weken" => Some(Unit::Week),
        "maand" | "maanden" => Some(Unit::Month),
        "jaar" => Some(Unit::Year),
        _ => None,
    })
}
