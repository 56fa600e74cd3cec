//! Opening hours as people write them in Dutch, beside the notation of OpenStreetMap in which
//! they are kept: `ma t/m vr 9 tot 17 uur, feestdagen dicht` and `Mo-Fr 09:00-17:00, PH off`.
//!
//! Only words and the form of times differ. What is no word of ours passes as it is, so that the
//! whole notation can be written, and text between quotation marks is left alone.

use std::iter::Peekable;
use std::str::Chars;

use super::{Hours, HoursFault};

/// What is kept of hours that someone wrote: as they stand when that is the notation, else what
/// their Dutch says in it.
///
/// # Errors
/// Those of `parse`, which says what is accepted.
pub fn read(
    written: &str,
    parse: impl Fn(&str) -> Result<Hours, HoursFault>,
) -> Result<String, HoursFault> {
    if parse(written).is_ok() {
        return Ok(written.to_owned());
    }
    let kept = kept(written);
    parse(&kept).map(|_| kept)
}

/// What a word stands for, which decides what a comma or a number beside it means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sense {
    Day,
    /// Holidays, public or of schools.
    Holiday,
    /// A month or week: numbers after it are no times.
    Season,
    Time,
    /// Closed, not known, or what the editor says in words.
    Verdict,
    Dash,
    Other,
}

/// The word that is kept, the one that is shown, and others that are understood.
type Word = (&'static str, &'static str, &'static [&'static str]);

const DAYS: [Word; 7] = [
    ("Mo", "ma", &["maandag", "maandagen"]),
    ("Tu", "di", &["dinsdag", "dinsdagen"]),
    ("We", "wo", &["woensdag", "woensdagen"]),
    ("Th", "do", &["donderdag", "donderdagen"]),
    ("Fr", "vr", &["vrijdag", "vrijdagen"]),
    ("Sa", "za", &["zaterdag", "zaterdagen"]),
    ("Su", "zo", &["zondag", "zondagen"]),
];

const HOLIDAYS: [Word; 2] = [
    ("PH", "feestdagen", &["feestdag"]),
    (
        "SH",
        "schoolvakanties",
        &["schoolvakantie", "vakanties", "vakantie"],
    ),
];

const SEASONS: [Word; 13] = [
    ("Jan", "jan", &["januari"]),
    ("Feb", "feb", &["februari"]),
    ("Mar", "mrt", &["maart"]),
    ("Apr", "apr", &["april"]),
    ("May", "mei", &[]),
    ("Jun", "jun", &["juni"]),
    ("Jul", "jul", &["juli"]),
    ("Aug", "aug", &["augustus"]),
    ("Sep", "sep", &["sept", "september"]),
    ("Oct", "okt", &["oktober"]),
    ("Nov", "nov", &["november"]),
    ("Dec", "dec", &["december"]),
    ("week", "week", &["weken"]),
];

const VERDICTS: [Word; 2] = [
    ("off", "dicht", &["gesloten"]),
    ("unknown", "onbekend", &[]),
];

/// Words between the others that say nothing.
const FILLERS: [&str; 7] = ["van", "op", "in", "de", "uur", "u", "open"];

const BY_APPOINTMENT: &str = "\"op afspraak\"";

fn words() -> impl Iterator<Item = (Word, Sense)> {
    let days = DAYS.into_iter().map(|word| (word, Sense::Day));
    let holidays = HOLIDAYS.into_iter().map(|word| (word, Sense::Holiday));
    let seasons = SEASONS.into_iter().map(|word| (word, Sense::Season));
    let verdicts = VERDICTS.into_iter().map(|word| (word, Sense::Verdict));
    days.chain(holidays).chain(seasons).chain(verdicts)
}

fn understood(text: &str) -> Option<(&'static str, Sense)> {
    let text = text.to_lowercase();
    words()
        .find(|((kept, shown, also), _)| {
            kept.to_lowercase() == text || *shown == text || also.contains(&text.as_str())
        })
        .map(|((kept, ..), sense)| (kept, sense))
}

/// A piece of what is written.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Word(String),
    Number(String),
    /// Hour and minute.
    Clock(String, String),
    Space(String),
    Sign(char),
    /// With its quotation marks.
    Quoted(String),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut rest = text.chars().peekable();
    let mut pieces = Vec::new();
    while let Some(next) = rest.peek().copied() {
        pieces.push(match next {
            '"' => {
                let mut quoted = String::from('"');
                rest.next();
                quoted.push_str(&run(&mut rest, |c| c != '"'));
                quoted.extend(rest.next());
                Piece::Quoted(quoted)
            }
            c if c.is_whitespace() => Piece::Space(run(&mut rest, char::is_whitespace)),
            c if c.is_alphabetic() => word(&mut rest),
            c if c.is_ascii_digit() => number(&mut rest),
            c => {
                rest.next();
                Piece::Sign(if matches!(c, '–' | '—') { '-' } else { c })
            }
        });
    }
    pieces
}

fn run(rest: &mut Peekable<Chars<'_>>, fits: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    while let Some(c) = rest.next_if(|c| fits(*c)) {
        text.push(c);
    }
    text
}

/// A word; `t/m` is one, and the point of `ma.` belongs to it.
fn word(rest: &mut Peekable<Chars<'_>>) -> Piece {
    let mut text = run(rest, char::is_alphabetic);
    let mut ahead = rest.clone();
    if text.eq_ignore_ascii_case("t")
        && ahead.next() == Some('/')
        && ahead.next().is_some_and(|c| c.eq_ignore_ascii_case(&'m'))
    {
        *rest = ahead;
        "t/m".clone_into(&mut text);
    }
    if understood(&text).is_some() {
        rest.next_if_eq(&'.');
    }
    Piece::Word(text)
}

/// A number, or a time: 9:00, 09.30.
fn number(rest: &mut Peekable<Chars<'_>>) -> Piece {
    let digits = |rest: &mut Peekable<Chars<'_>>| run(rest, |c| c.is_ascii_digit());
    let hour = digits(rest);
    let mut ahead = rest.clone();
    if hour.len() <= 2 && matches!(ahead.next(), Some(':' | '.')) {
        let minute = digits(&mut ahead);
        if minute.len() == 2 {
            *rest = ahead;
            return Piece::Clock(hour, minute);
        }
    }
    Piece::Number(hour)
}

/// With a dash for "t/m", "tot" and "tot en met", and for a dash between spaces.
fn with_dashes(pieces: &[Piece]) -> Vec<Piece> {
    let mut tied = Vec::new();
    let mut rest = pieces;
    while let [first, after @ ..] = rest {
        let spaced = is_space(first);
        if let Some(after) = past_dash(if spaced { after } else { rest }, spaced) {
            tied.push(Piece::Sign('-'));
            rest = past_space(after);
        } else {
            tied.push(first.clone());
            rest = after;
        }
    }
    tied
}

/// What comes after a word for a dash, or after a dash with spaces on both sides.
fn past_dash(pieces: &[Piece], spaced: bool) -> Option<&[Piece]> {
    let [first, rest @ ..] = pieces else {
        return None;
    };
    match first {
        Piece::Sign('-') => (spaced && rest.first().is_some_and(is_space)).then_some(rest),
        word if is_word(word, "t/m") => Some(rest),
        word if is_word(word, "tot") => Some(match rest {
            [_, en, _, met, rest @ ..] if is_word(en, "en") && is_word(met, "met") => rest,
            _ => rest,
        }),
        _ => None,
    }
}

fn past_space(pieces: &[Piece]) -> &[Piece] {
    match pieces {
        [first, rest @ ..] if is_space(first) => rest,
        _ => pieces,
    }
}

fn is_space(piece: &Piece) -> bool {
    matches!(piece, Piece::Space(_))
}

fn is_word(piece: &Piece, word: &str) -> bool {
    matches!(piece, Piece::Word(text) if text.to_lowercase() == word)
}

/// "25 december", "24-26 dec": the month, the days, and how many pieces come after the number.
fn days_of_month(first: &str, rest: &[Piece]) -> Option<(&'static str, String, usize)> {
    let (days, month, length) = match rest {
        [Piece::Space(_), Piece::Word(month), ..] => (first.to_owned(), month, 2),
        [
            Piece::Sign('-'),
            Piece::Number(last),
            Piece::Space(_),
            Piece::Word(month),
            ..,
        ] => (format!("{first}-{last}"), month, 4),
        _ => return None,
    };
    match understood(month) {
        Some((month, Sense::Season)) if first.len() <= 2 => Some((month, days, length)),
        _ => None,
    }
}

/// Kept hours as they are shown in a form: with Dutch words.
#[must_use]
pub fn shown(kept: &str) -> String {
    let dutch = |piece: &Piece| match piece {
        Piece::Word(text) => {
            let found = words().find(|((kept, ..), _)| kept == text);
            found.map_or_else(|| text.clone(), |((_, shown, _), _)| shown.to_owned())
        }
        Piece::Number(text) | Piece::Space(text) | Piece::Quoted(text) => text.clone(),
        Piece::Clock(hour, minute) => format!("{hour}:{minute}"),
        Piece::Sign(sign) => sign.to_string(),
    };
    pieces(kept).iter().map(dutch).collect()
}

/// What an editor wrote, in the notation in which it is kept. Whether it can be followed is not
/// looked at.
fn kept(written: &str) -> String {
    let pieces = with_dashes(&pieces(written));
    let mut writer = Writer {
        rest: &pieces,
        text: String::new(),
        last: [Sense::Other; 2],
        dated: false,
        bracketed: false,
    };
    while let [piece, rest @ ..] = writer.rest {
        writer.rest = rest;
        writer.write(piece);
    }
    let text = writer.text.trim_start();
    text.trim_end_matches([' ', ',', ';']).to_owned()
}

struct Writer<'a> {
    /// What comes after the piece that is being written.
    rest: &'a [Piece],
    text: String,
    /// The sense of the last two that were written, the last one first; spaces and commas aside.
    last: [Sense; 2],
    /// After a month or week, where numbers are no times.
    dated: bool,
    /// Between square brackets: `Mo[1]`.
    bracketed: bool,
}

impl<'a> Writer<'a> {
    fn write(&mut self, piece: &Piece) {
        match piece {
            Piece::Word(text) => self.word(text),
            Piece::Number(text) => self.number(text),
            Piece::Clock(hour, minute) => self.time(hour, minute),
            Piece::Space(text) => self.text.push_str(text),
            Piece::Sign(sign) => self.sign(*sign),
            Piece::Quoted(text) => self.put(text, Sense::Verdict),
        }
    }

    fn put(&mut self, text: &str, sense: Sense) {
        self.text.push_str(text);
        self.last = [sense, self.last[0]];
    }

    fn word(&mut self, text: &str) {
        let lower = text.to_lowercase();
        match (lower.as_str(), self.rest) {
            ("en", _) => self.comma(),
            ("op", [_, word, rest @ ..]) if is_word(word, "afspraak") => {
                self.rest = rest;
                self.put(BY_APPOINTMENT, Sense::Verdict);
            }
            // A word of the notation where nothing comes to say when.
            ("open", [] | [Piece::Sign(_), ..]) => self.put("open", Sense::Other),
            (word, _) if FILLERS.contains(&word) => {
                self.text.truncate(self.text.trim_end().len());
            }
            _ => match understood(text) {
                Some((kept, sense)) => {
                    if sense != Sense::Verdict && self.is_said() {
                        self.join(Some(sense));
                    }
                    self.dated = sense == Sense::Season;
                    self.put(kept, sense);
                }
                None => self.put(text, Sense::Other),
            },
        }
    }

    /// The next piece that is no space.
    fn coming(&self) -> Option<&'a Piece> {
        past_space(self.rest).first()
    }

    /// Whether days that come now begin something else, and nobody wrote a comma.
    fn is_said(&self) -> bool {
        matches!(self.last[0], Sense::Time | Sense::Verdict)
            && !self.text.trim_end().ends_with([',', ';'])
    }

    fn comma(&mut self) {
        self.rest = past_space(self.rest);
        let next = match self.rest {
            [Piece::Word(text), ..] => understood(text).map(|(_, sense)| sense),
            [Piece::Clock(..), ..] => Some(Sense::Time),
            [Piece::Number(day), rest @ ..] if days_of_month(day, rest).is_some() => {
                Some(Sense::Season)
            }
            [Piece::Number(_), ..] => Some(self.last[0]),
            _ => None,
        };
        self.join(next);
    }

    /// What comes next goes with what is there: days with days, times with times. Else it holds
    /// beside it, or, of holidays and dates, in place of it.
    fn join(&mut self, next: Option<Sense>) {
        self.text.truncate(self.text.trim_end().len());
        let last = self.last[0];
        let days = [Sense::Day, Sense::Holiday];
        self.text.push_str(match next {
            Some(next) if next == last => ",",
            Some(next) if days.contains(&next) && days.contains(&last) => ",",
            Some(Sense::Holiday | Sense::Season) => "; ",
            _ => ", ",
        });
    }

    fn sign(&mut self, sign: char) {
        match sign {
            ',' | '&' => self.comma(),
            // "ma: 9-12"
            ':' if matches!(self.last[0], Sense::Day | Sense::Holiday) => {}
            '-' => self.put("-", Sense::Dash),
            sign => {
                self.bracketed = sign == '[' || (self.bracketed && sign != ']');
                self.dated &= sign != ';';
                self.text.push(sign);
            }
        }
    }

    fn number(&mut self, text: &str) {
        if let Some((month, days, length)) = days_of_month(text, self.rest) {
            self.rest = &self.rest[length..];
            self.dated = true;
            self.put(&format!("{month} {days}"), Sense::Season);
        } else if self.is_hour(text) {
            self.time(text, "00");
        } else {
            self.put(text, Sense::Other);
        }
    }

    /// Whether a number alone is an hour: "9 uur", "9-12".
    fn is_hour(&self, text: &str) -> bool {
        if self.dated || self.bracketed || text.len() > 2 {
            return false;
        }
        let told = self.coming().is_some_and(|next| {
            *next == Piece::Sign('-') || is_word(next, "uur") || is_word(next, "u")
        });
        told || self.last == [Sense::Dash, Sense::Time]
    }

    fn time(&mut self, hour: &str, minute: &str) {
        self.put(&format!("{hour:0>2}:{minute}"), Sense::Time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_kept_in_the_notation() {
        for (written, expected) in [
            ("ma-vr 9:00-17:00", "Mo-Fr 09:00-17:00"),
            (
                "maandag tot en met vrijdag van 9.00 tot 17.30 uur",
                "Mo-Fr 09:00-17:30",
            ),
            (
                "Ma t/m Do: 9 - 12 en 13 - 17",
                "Mo-Th 09:00-12:00,13:00-17:00",
            ),
            ("ma. en wo. 9-12, 13-16", "Mo,We 09:00-12:00,13:00-16:00"),
            ("ma, wo 9 tot 12 uur", "Mo,We 09:00-12:00"),
            ("di 9–12, do 13–17", "Tu 09:00-12:00, Th 13:00-17:00"),
            ("di 9-12 en do 13-17", "Tu 09:00-12:00, Th 13:00-17:00"),
            (
                "ma-vr open van 10 uur tot 17 uur; feestdagen gesloten",
                "Mo-Fr 10:00-17:00; PH off",
            ),
            (
                "wo 10:00-12:00; in de schoolvakanties dicht",
                "We 10:00-12:00; SH off",
            ),
            ("ma 9-12 di 13-17u", "Mo 09:00-12:00, Tu 13:00-17:00"),
            ("ma-vr 9-17, feestdagen dicht", "Mo-Fr 09:00-17:00; PH off"),
            (
                "ma-vr 9-17 en 1 januari dicht",
                "Mo-Fr 09:00-17:00; Jan 1 off",
            ),
            (
                "ma 9-12; 25 t/m 27 dec dicht;",
                "Mo 09:00-12:00; Dec 25-27 off",
            ),
            (
                "za op afspraak zo dicht schoolvakanties dicht",
                "Sa \"op afspraak\", Su off; SH off",
            ),
            ("ma & wo en feestdagen 9-12", "Mo,We,PH 09:00-12:00"),
            ("vrijdag op afspraak", "Fr \"op afspraak\""),
            (
                "ma 9-12 \"ma en di: bel aan\"",
                "Mo 09:00-12:00 \"ma en di: bel aan\"",
            ),
            ("25 december dicht", "Dec 25 off"),
            ("ma 9-12; 24-26 dec dicht", "Mo 09:00-12:00; Dec 24-26 off"),
            (
                "15 juni t/m 31 augustus 9:00-12:00",
                "Jun 15-Aug 31 09:00-12:00",
            ),
            ("mei-sep za 10-16", "May-Sep Sa 10:00-16:00"),
            ("10-15", "10:00-15:00"),
            ("24/7", "24/7"),
            ("Sa[1] 10:00-12:00", "Sa[1] 10:00-12:00"),
        ] {
            assert_eq!(kept(written), expected, "{written}");
            assert!(Hours::parse(expected).is_ok(), "{expected}");
        }
    }

    #[test]
    fn what_is_kept_comes_back_the_same() {
        for (notation, dutch) in [
            (
                "Mo-Th 08:30-12:00,13:00-17:00; PH off",
                "ma-do 08:30-12:00,13:00-17:00; feestdagen dicht",
            ),
            (
                "Mo-Fr 09:00-12:00 \"op afspraak\"",
                "ma-vr 09:00-12:00 \"op afspraak\"",
            ),
            ("24/7", "24/7"),
            ("Tu unknown", "di onbekend"),
            ("Fr 20:00-02:00", "vr 20:00-02:00"),
            ("Fr 18:00+", "vr 18:00+"),
            ("Dec 25-26 off", "dec 25-26 dicht"),
            (
                "Jun 15-Aug 31 Mo 10:00-12:00",
                "jun 15-aug 31 ma 10:00-12:00",
            ),
            ("week 10-15 Mo 09:00-12:00", "week 10-15 ma 09:00-12:00"),
            ("week 2-52/2 Mo 09:00-12:00", "week 2-52/2 ma 09:00-12:00"),
            ("Mo[1,3] 10:00-12:00", "ma[1,3] 10:00-12:00"),
            ("Mo[1-2] 10:00-12:00", "ma[1-2] 10:00-12:00"),
            ("2026-2028 Mo 10:00-12:00", "2026-2028 ma 10:00-12:00"),
            ("easter -2 days off", "easter -2 days dicht"),
            ("Mo-Fr 09:00-17:00 open", "ma-vr 09:00-17:00 open"),
            (
                "Mo-Fr 10:00-17:00; Sa,PH 12:00-16:00, Su 13:00-14:00; SH off",
                "ma-vr 10:00-17:00; za,feestdagen 12:00-16:00, zo 13:00-14:00; schoolvakanties dicht",
            ),
        ] {
            assert!(Hours::parse(notation).is_ok(), "{notation}");
            assert_eq!(shown(notation), dutch);
            assert_eq!(kept(dutch), notation);
        }
    }

    #[test]
    fn what_is_no_notation_stays_refused() {
        for written in [
            "",
            "altijd",
            "ma",
            "dinsdagochtend",
            "ma 9",
            "\"",
            "ma 25-99",
        ] {
            assert!(
                Hours::parse(&kept(written)).is_err() || written == "ma",
                "{written}"
            );
        }
    }
}
