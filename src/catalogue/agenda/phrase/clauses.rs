use std::collections::BTreeSet;

use chrono::WeekdaySet;

use super::PhraseFault;
use super::days::{self, Said};
use super::hours::{self, SaidHours};
use super::reader::Reader;
use super::tokens::{Part, Token};
use crate::catalogue::agenda::closures::Kind;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// What was heard of a sentence, each part once.
#[derive(Default, Debug)]
pub(super) struct Heard {
    /// Every so many of these.
    pub every: Option<(u16, Unit)>,
    /// Even or odd weeks.
    pub even: Option<bool>,
    pub weekdays: Option<WeekdaySet>,
    /// "3e", of a weekday or of the month.
    pub nths: Option<BTreeSet<i8>>,
    pub last_day: bool,
    pub hours: Option<SaidHours>,
    pub part: Option<Part>,
    pub dates: Option<Vec<Said>>,
    pub from: Option<Said>,
    pub until: Option<Said>,
    pub times: Option<u32>,
    pub except: Option<(BTreeSet<Kind>, Vec<Vec<Said>>)>,
    pub by_appointment: bool,
}

type Clause = fn(&mut Heard, &mut Reader) -> Result<bool, PhraseFault>;

/// In this order: who comes first reads more.
const CLAUSES: [Clause; 11] = [
    Heard::appointment,
    Heard::times,
    Heard::hours,
    Heard::from,
    Heard::until,
    Heard::except,
    Heard::even_weeks,
    Heard::nth,
    Heard::interval,
    Heard::dates,
    Heard::weekdays,
];
/// Words that say nothing without what follows.
const SMALL: [&str; 13] = [
    "elke", "iedere", "elk", "ieder", "alle", "op", "de", "het", "in", "van", "om", "vanaf", "'s",
];

/// Hears a whole sentence.
pub(super) fn hear(mut reader: Reader) -> Result<Heard, PhraseFault> {
    let mut heard = Heard::default();
    while reader.token().is_some() {
        let mut joined = reader;
        if reader.eat_token(&Token::Comma) {
            continue;
        }
        if joined.eat("en") && joined.word().is_some() {
            reader = joined;
        }
        if !heard.clause(&mut reader)? {
            return Err(not_understood(reader));
        }
    }
    Ok(heard)
}

/// Names the first word that says something.
fn not_understood(reader: Reader) -> PhraseFault {
    let mut ahead = reader;
    while ahead.word().is_some_and(|word| SMALL.contains(&word)) {
        ahead.step();
    }
    let piece = ahead.piece().or(reader.piece());
    PhraseFault::Unknown(piece.map_or_else(String::new, |piece| piece.text.clone()))
}

/// Keeps what is said once.
pub(super) fn once<T>(
    place: &mut Option<T>,
    found: T,
    what: &'static str,
) -> Result<bool, PhraseFault> {
    if place.replace(found).is_some() {
        return Err(PhraseFault::Twice(what));
    }
    Ok(true)
}

impl Heard {
    fn clause(&mut self, reader: &mut Reader) -> Result<bool, PhraseFault> {
        for clause in CLAUSES {
            let mut ahead = *reader;
            if clause(self, &mut ahead)? {
                *reader = ahead;
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[expect(clippy::unnecessary_wraps, reason = "a clause among others")]
    fn appointment(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        r.eat_any(&["alleen", "uitsluitend"]);
        let said = r.eat_any(&["op afspraak", "na afspraak", "volgens afspraak"]);
        self.by_appointment |= said;
        Ok(said)
    }

    /// "8 lessen", "10x"
    fn times(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        const MEETINGS: [&str; 13] = [
            "keer",
            "keren",
            "maal",
            "x",
            "les",
            "lessen",
            "bijeenkomst",
            "bijeenkomsten",
            "avonden",
            "middagen",
            "ochtenden",
            "workshops",
            "sessies",
        ];
        let Some(number) = r.number().filter(|_| r.eat_any(&MEETINGS)) else {
            return Ok(false);
        };
        if r.eat("per") {
            return self.per(r, number);
        }
        once(&mut self.times, number, "aantallen")
    }

    fn hours(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        if let Some(part) = hours::part(r) {
            return once(&mut self.part, part, "dagdelen");
        }
        match hours::said(r) {
            Some(hours) => once(&mut self.hours, hours, "tijden"),
            None => Ok(false),
        }
    }

    /// "vanaf 7 januari"
    fn from(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        const FROM: [&str; 8] = [
            "vanaf",
            "v.a",
            "met ingang van",
            "m.i.v",
            "te beginnen op",
            "begint op",
            "start op",
            "sinds",
        ];
        if !r.eat_any(&FROM) {
            return Ok(false);
        }
        match days::said(r).as_deref() {
            None => Ok(false),
            Some([from]) => once(&mut self.from, *from, "begindagen"),
            // "vanaf 7 januari t/m 30 juni"
            Some(range @ [_, until]) if until.through => {
                once(&mut self.dates, range.to_vec(), "datums")
            }
            Some(_) => Err(PhraseFault::Apart),
        }
    }

    /// "tot en met 30 juni"; whether "tot 30 juni" holds that day nobody knows.
    fn until(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        let through = r.eat_any(&["tot en met", "t/m", "t.e.m"]);
        if !through && !r.eat("tot") {
            return Ok(false);
        }
        match days::said(r).as_deref() {
            Some([until]) if through => once(&mut self.until, *until, "einddagen"),
            Some(_) if through => Err(PhraseFault::Apart),
            Some([until, ..]) => Err(PhraseFault::Until(until.text())),
            Some([]) | None => Ok(false),
        }
    }

    /// "behalve in schoolvakanties, op feestdagen en op 23 december"
    fn except(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        const BUT: [&str; 8] = [
            "behalve",
            "uitgezonderd",
            "m.u.v",
            "met uitzondering van",
            "maar niet",
            "niet",
            "geen",
            "zonder",
        ];
        if !r.eat_any(&BUT) {
            return Ok(false);
        }
        let (mut kinds, mut dates) = (BTreeSet::new(), Vec::new());
        let mut rest = *r;
        loop {
            rest.eat_any(&["in", "tijdens", "op", "van"]);
            rest.eat("de");
            if let Some(kind) = rest.take_word(closure) {
                kinds.insert(kind);
            } else if let Some(said) = days::said(&mut rest) {
                dates.push(said);
            } else {
                break;
            }
            *r = rest;
            if !rest.separator() {
                break;
            }
        }
        if kinds.is_empty() && dates.is_empty() {
            return Err(not_understood(rest));
        }
        once(&mut self.except, (kinds, dates), "uitzonderingen")
    }

    fn dates(&mut self, r: &mut Reader) -> Result<bool, PhraseFault> {
        r.eat_any(&["op", "van"]);
        match days::said(r) {
            Some(said) => once(&mut self.dates, said, "datums"),
            None => Ok(false),
        }
    }
}

fn closure(word: &str) -> Option<Kind> {
    match word {
        "schoolvakantie" | "schoolvakanties" | "vakantie" | "vakanties" => {
            Some(Kind::SchoolHoliday)
        }
        "feestdag" | "feestdagen" => Some(Kind::PublicHoliday),
        "gedenkdag" | "gedenkdagen" => Some(Kind::Observance),
        _ => None,
    }
}
