//! When an activity is held: its first day, its time and its rule of repetition.

use super::random::Random;

/// Of the twelve months from June, as the epoch is Monday 1 June 2026.
const MONTH_LENGTHS: [u16; 12] = [30, 31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31];
const DAYS: [(&str, &str); 7] = [
    ("MO", "maandag"),
    ("TU", "dinsdag"),
    ("WE", "woensdag"),
    ("TH", "donderdag"),
    ("FR", "vrijdag"),
    ("SA", "zaterdag"),
    ("SU", "zondag"),
];
/// How often each day of the week is chosen, of a hundred.
const DAY_SHARES: [usize; 7] = [17, 22, 18, 20, 12, 7, 4];

#[derive(Clone, Copy)]
enum Rhythm {
    Once,
    Weekly,
    Fortnightly,
    Monthly,
    /// A course of so many lessons.
    Course(usize),
}

#[derive(Clone)]
pub struct Moment {
    pub day: u16,
    pub minute: u16,
    length: u16,
    rhythm: Rhythm,
}

impl Moment {
    pub fn draw(random: &mut Random) -> Self {
        let rhythm = match random.below(100) {
            0..12 => Rhythm::Once,
            12..67 => Rhythm::Weekly,
            67..75 => Rhythm::Fortnightly,
            75..91 => Rhythm::Monthly,
            _ => Rhythm::Course(*random.pick(&[4, 5, 6, 8, 10, 12])),
        };
        let week = match rhythm {
            Rhythm::Once | Rhythm::Course(_) => random.below(52),
            _ => random.below(16),
        };
        let (from, to) = *random.pick(&[(36, 46), (52, 64), (52, 64), (74, 83)]);
        Self {
            day: (week * 7 + weekday(random)) as u16,
            minute: ((from + random.below(to - from)) * 15) as u16,
            length: ((4 + random.below(9)) * 15) as u16,
            rhythm,
        }
    }

    pub fn rule(&self) -> Option<String> {
        let day = DAYS[usize::from(self.day % 7)].0;
        Some(match self.rhythm {
            Rhythm::Once => return None,
            Rhythm::Weekly => format!("FREQ=WEEKLY;BYDAY={day}"),
            Rhythm::Fortnightly => format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={day}"),
            Rhythm::Course(count) => format!("FREQ=WEEKLY;BYDAY={day};COUNT={count}"),
            Rhythm::Monthly => match self.week_of_month() {
                4 => format!("FREQ=MONTHLY;BYDAY=-1{day}"),
                week => format!("FREQ=MONTHLY;BYDAY={}{day}", week + 1),
            },
        })
    }

    fn week_of_month(&self) -> u16 {
        let mut day = self.day;
        for length in MONTH_LENGTHS {
            if day < length {
                break;
            }
            day -= length;
        }
        day / 7
    }

    pub fn in_words(&self) -> String {
        const WEEKS: [&str; 5] = ["eerste", "tweede", "derde", "vierde", "laatste"];
        let day = DAYS[usize::from(self.day % 7)].1;
        let (from, to) = (clock(self.minute), clock(self.minute + self.length));
        match self.rhythm {
            Rhythm::Once => format!("op een {day} om {from} uur"),
            Rhythm::Weekly => format!("elke {day} van {from} tot {to} uur"),
            Rhythm::Fortnightly => format!("om de week op {day} van {from} tot {to} uur"),
            Rhythm::Course(count) => format!("{count} keer op {day}, vanaf {from} uur"),
            Rhythm::Monthly => {
                let week = WEEKS[usize::from(self.week_of_month())];
                format!("elke {week} {day} van de maand van {from} tot {to} uur")
            }
        }
    }

    pub fn part_of_day(&self) -> &'static str {
        match self.minute {
            0..720 => "ochtend",
            720..1080 => "middag",
            _ => "avond",
        }
    }
}

fn weekday(random: &mut Random) -> usize {
    let mut draw = random.below(100);
    for (day, share) in DAY_SHARES.into_iter().enumerate() {
        if draw < share {
            return day;
        }
        draw -= share;
    }
    0
}

fn clock(minute: u16) -> String {
    format!("{}.{:02}", minute / 60, minute % 60)
}
