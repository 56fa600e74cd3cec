use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::PhraseFault;
use super::reader::Reader;
use super::tokens::{self, Token};
use crate::base::dutch;

/// A date as it was said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    weekday: Option<Weekday>,
    day: u32,
    month: u32,
    year: Option<i32>,
    /// It ends a range that the date before begins.
    pub through: bool,
    /// By "tot", which does not say whether the day itself belongs to it.
    vague: bool,
}

/// Days from the first to the last.
pub(super) type Span = (NaiveDate, NaiveDate);

/// "12 en 13 juni", "24 december, 31 december en 6 mei 2027", "vrijdag 12 t/m zondag 14 juni".
/// A number without a month is no date: then nothing is read.
pub(super) fn said(reader: &mut Reader) -> Option<Vec<Said>> {
    let (mut ahead, mut done) = (*reader, Vec::new());
    let (mut open, mut through, mut vague) = (Vec::new(), false, false);
    while let Some(said) = ahead.attempt(|r| one(r, through || vague, vague)) {
        let complete = said.month > 0;
        open.push(said);
        if complete {
            done.extend(open.drain(..).map(|earlier: Said| match earlier.month {
                0 => Said {
                    month: said.month,
                    year: said.year,
                    ..earlier
                },
                _ => earlier,
            }));
            *reader = ahead;
        }
        through = ahead.eat_any(&["tot en met", "t/m", "t.e.m"]) || ahead.eat_token(&Token::Dash);
        vague = !through && ahead.eat("tot");
        if !through && !vague && !ahead.separator() {
            break;
        }
        ahead.eat("op");
    }
    (!done.is_empty()).then_some(done)
}

/// One date; its month is 0 when it is still to come.
fn one(reader: &mut Reader, through: bool, vague: bool) -> Option<Said> {
    let weekday = reader.take_word(|word| match tokens::weekday(word)? {
        (day, None) => Some(day),
        _ => None,
    });
    reader.eat("de");
    let number = reader.take(|token| match token {
        Token::Number(n @ 0..=99) => Some((*n, 0, None)),
        Token::Ordinal(n @ 1..) => Some((u32::from(n.unsigned_abs()), 0, None)),
        Token::Date(day, month, year) => Some((*day, *month, Some(*year))),
        _ => None,
    });
    let (day, mut month, mut year) = number?;
    if year.is_none()
        && let Some(named) = reader.take_word(tokens::month)
    {
        month = named;
        year = reader.take(|token| match token {
            Token::Number(n @ 1000..) => i32::try_from(*n).ok(),
            _ => None,
        });
    }
    Some(Said {
        weekday,
        day,
        month,
        year,
        through,
        vague,
    })
}

/// The days that were said. One without a year is the last such day before the one after it;
/// the last of all is the first such day from `floor` on.
pub(super) fn resolve(all: &[Said], floor: NaiveDate) -> Result<Vec<Span>, PhraseFault> {
    let mut dates: Vec<NaiveDate> = Vec::new();
    for said in all.iter().rev() {
        if said.vague {
            return Err(PhraseFault::Until(said.text()));
        }
        let date = match (said.year, dates.last()) {
            (Some(year), _) => said.in_year(year),
            (None, None) => (0..9).find_map(|ahead| {
                said.in_year(floor.year() + ahead)
                    .filter(|date| *date >= floor)
            }),
            (None, Some(next)) => {
                (0..9).find_map(|back| said.in_year(next.year() - back).filter(|date| date < next))
            }
        };
        let date = date.ok_or_else(|| PhraseFault::Date(said.text()))?;
        if said.weekday.is_some_and(|day| day != date.weekday()) {
            return Err(PhraseFault::Weekday(date));
        }
        if dates.last().is_some_and(|next| *next <= date) {
            return Err(PhraseFault::Order);
        }
        dates.push(date);
    }
    spans(all, dates.into_iter().rev())
}

fn spans(all: &[Said], dates: impl Iterator<Item = NaiveDate>) -> Result<Vec<Span>, PhraseFault> {
    let mut spans: Vec<Span> = Vec::new();
    for (said, date) in all.iter().zip(dates) {
        match spans.last_mut() {
            // Two ranges in one, as in "12 t/m 14 t/m 16 juni".
            Some((first, last)) if said.through && first != last => {
                return Err(PhraseFault::Order);
            }
            Some((_, last)) if said.through => *last = date,
            _ => spans.push((date, date)),
        }
    }
    Ok(spans)
}

/// The one day that was said.
pub(super) fn resolve_one(said: Said, floor: NaiveDate) -> Result<NaiveDate, PhraseFault> {
    let spans = resolve(&[said], floor)?;
    spans.first().map(|span| span.0).ok_or(PhraseFault::NoDay)
}

impl Said {
    fn in_year(&self, year: i32) -> Option<NaiveDate> {
        // A slip of the keyboard, and dates that nobody should walk to.
        let near = (1900..2200).contains(&year);
        NaiveDate::from_ymd_opt(year, self.month, self.day).filter(|_| near)
    }

    /// "30 juni"
    pub fn text(&self) -> String {
        let year = self.year.map_or(String::new(), |year| format!(" {year}"));
        match NaiveDate::from_ymd_opt(2000, self.month, 1) {
            Some(first) => format!("{} {}{year}", self.day, dutch::month(first)),
            None => format!("{}-{}{year}", self.day, self.month),
        }
    }
}

/// Whether these days come one after the other.
pub(super) fn on_end(days: &[NaiveDate]) -> bool {
    days.windows(2)
        .all(|pair| pair[0].checked_add_days(Days::new(1)) == Some(pair[1]))
}
