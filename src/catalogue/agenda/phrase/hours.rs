use chrono::NaiveTime;

use super::PhraseFault;
use super::reader::Reader;
use super::tokens::{self, Part, Token};
use crate::catalogue::agenda::plain::Hours;

/// An hour as it was said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    hour: u32,
    minute: u32,
    /// "halfacht": twice a day.
    spoken: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum SaidHours {
    Whole(u16),
    Clock { from: Clock, to: Option<Clock> },
}

/// "de hele dag", "van 10.00 tot 12.00 uur", "10:00-12:00", "om 16 uur", "halfacht".
pub(super) fn said(reader: &mut Reader) -> Option<SaidHours> {
    reader
        .attempt(whole_days)
        .or_else(|| reader.attempt(clock_hours))
}

fn whole_days(reader: &mut Reader) -> Option<SaidHours> {
    if reader.eat_any(&["de hele dag", "hele dag", "hele dagen"]) {
        return Some(SaidHours::Whole(1));
    }
    let days = reader.number().and_then(|days| u16::try_from(days).ok())?;
    reader
        .eat_any(&["hele dagen", "hele dag"])
        .then_some(SaidHours::Whole(days))
}

fn clock_hours(reader: &mut Reader) -> Option<SaidHours> {
    let opens = reader.eat_any(&["van", "tussen"]);
    let begins = !opens && reader.eat_any(&["om", "vanaf", "v.a", "aanvang"]);
    let (from, sure) = clock(reader)?;
    let mut sure = sure | uur(reader);
    let to = reader.attempt(|r| {
        let joined = r.eat("tot") || r.eat_token(&Token::Dash) || (opens && r.eat("en"));
        let (to, surely) = joined.then(|| clock(r))??;
        Some((to, surely | uur(r)))
    });
    if let Some((_, surely)) = to {
        sure |= surely || opens;
    } else if opens {
        return None;
    }
    let spoken = from.spoken && begins;
    // "van 12 tot 14 juni" is about days.
    let day = reader.word().and_then(tokens::month).is_some();
    ((sure || spoken) && !day).then_some(SaidHours::Clock {
        from,
        to: to.map(|(to, _)| to),
    })
}

fn uur(reader: &mut Reader) -> bool {
    reader.eat_any(&["uur", "u", "h"])
}

/// An hour, and whether it can be nothing else.
fn clock(reader: &mut Reader) -> Option<(Clock, bool)> {
    if let Some(Token::Time(hour, minute)) = reader.token() {
        let (hour, minute) = (*hour, *minute);
        reader.step();
        let spoken = false;
        return Some((
            Clock {
                hour,
                minute,
                spoken,
            },
            true,
        ));
    }
    reader.attempt(spoken).or_else(|| {
        let digits = matches!(reader.token(), Some(Token::Number(_)));
        let hour = reader.number()?;
        let clock = Clock {
            hour,
            minute: 0,
            spoken: !digits,
        };
        Some((clock, false))
    })
}

/// "half acht", "halfacht", "kwart over acht"
fn spoken(reader: &mut Reader) -> Option<(Clock, bool)> {
    let glued = reader.take_word(|word| tokens::number_word(word.strip_prefix("half")?));
    let (hour, minutes) = match glued {
        Some(hour) => (hour, -30),
        None if reader.eat("half") => (reader.number()?, -30),
        None if reader.eat("kwart voor") => (reader.number()?, -15),
        None if reader.eat("kwart over") => (reader.number()?, 15),
        None => return None,
    };
    let all = i64::from(hour) * 60 + minutes;
    // "half een" is 12.30 as noon is 12.
    let all = if all < 60 { all + 720 } else { all };
    let clock = Clock {
        hour: u32::try_from(all / 60).ok()?,
        minute: u32::try_from(all % 60).ok()?,
        spoken: true,
    };
    Some((clock, true))
}

/// "'s avonds"
pub(super) fn part(reader: &mut Reader) -> Option<Part> {
    reader.attempt(|r| {
        r.eat_any(&["'s", "s", "in de"]).then_some(())?;
        r.take_word(tokens::part_of_day)
    })
}

/// The hours that were said, on the clock of a day.
pub(super) fn resolve(said: SaidHours, part: Option<Part>) -> Result<Hours, PhraseFault> {
    match said {
        SaidHours::Whole(_) if part.is_some() => Err(PhraseFault::Apart),
        SaidHours::Whole(days) => Ok(Hours::WholeDays(days)),
        SaidHours::Clock { from, to } => Ok(Hours::Clock {
            from: from.time(part, false)?,
            to: to.map(|to| to.time(part, true)).transpose()?,
        }),
    }
}

impl Clock {
    fn time(self, part: Option<Part>, ends: bool) -> Result<NaiveTime, PhraseFault> {
        let wrong = || PhraseFault::Hour(format!("{}.{:02}", self.hour, self.minute));
        let hour = match (part, self.hour) {
            (None, _) if self.spoken => {
                return Err(PhraseFault::Half(format!(
                    "{}.{:02}",
                    self.hour, self.minute
                )));
            }
            (None, 24) if ends && self.minute == 0 => 0,
            (Some(Part::Night), 12) => 0,
            (Some(Part::Afternoon), hour @ 1..=6) | (Some(Part::Evening), hour @ 5..=11) => {
                hour + 12
            }
            (None, hour)
            | (Some(_), hour @ 13..)
            | (Some(Part::Night), hour @ 0..=6)
            | (Some(Part::Morning), hour @ 4..)
            | (Some(Part::Afternoon), hour @ 12) => hour,
            _ => return Err(wrong()),
        };
        NaiveTime::from_hms_opt(hour, self.minute, 0).ok_or_else(wrong)
    }
}
