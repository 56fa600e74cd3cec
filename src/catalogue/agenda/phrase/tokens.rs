use chrono::Weekday;

/// A piece of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// Letters, in lower case.
    Word(String),
    Number(u32),
    /// "3e", "eerste"; "laatste" is -1.
    Ordinal(i8),
    /// "10.00", "10:00", "10u30"
    Time(u32, u32),
    /// "7-1-2027", "2027-01-07": day, month, year.
    Date(u32, u32, i32),
    Dash,
    /// Also a bracket or the end of a sentence.
    Comma,
    /// What no sentence has.
    Strange,
}

/// A token with the text that it was.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub token: Token,
    pub text: String,
}

/// The pieces of a text. Nothing is passed over but white space.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let letters: Vec<char> = text.to_lowercase().chars().map(plain).collect();
    let (mut at, mut found) = (0, Vec::new());
    while at < letters.len() {
        if letters[at].is_whitespace() {
            at += 1;
            continue;
        }
        let (token, length) = next(&letters[at..]);
        let text = letters[at..at + length].iter().collect();
        found.push(Piece { token, text });
        at += length;
    }
    found
}

/// The same sign for the same thing.
fn plain(letter: char) -> char {
    match letter {
        '’' | '‘' | '`' | '´' => '\'',
        '–' | '—' | '−' => '-',
        'é' | 'ë' => 'e',
        other => other,
    }
}

fn next(rest: &[char]) -> (Token, usize) {
    match rest[0] {
        '0'..='9' => numeral(rest),
        '-' => (Token::Dash, 1),
        '.' if rest.get(1).is_some_and(char::is_ascii_digit) => (Token::Strange, 1),
        ',' | ';' | '(' | ')' | '.' => (Token::Comma, 1),
        '&' | '+' => (Token::Word("en".to_owned()), 1),
        '\'' | 'a'..='z' => word(rest),
        _ => (Token::Strange, 1),
    }
}

fn word(rest: &[char]) -> (Token, usize) {
    // Abbreviations that have a sign inside.
    for short in ["t/m", "t.e.m", "m.u.v", "v.a", "m.i.v"] {
        let fits = short.chars().eq(rest.iter().copied().take(short.len()));
        let ends = !rest
            .get(short.len())
            .is_some_and(char::is_ascii_alphanumeric);
        if fits && ends {
            let dot = usize::from(short.contains('.') && rest.get(short.len()) == Some(&'.'));
            return (Token::Word(short.to_owned()), short.len() + dot);
        }
    }
    let length = 1 + length(&rest[1..], char::is_ascii_lowercase);
    let word: String = rest[..length].iter().collect();
    match ordinal(&word) {
        Some(n) => (Token::Ordinal(n), length),
        None => (Token::Word(word), length),
    }
}

fn ordinal(word: &str) -> Option<i8> {
    Some(match word {
        "eerste" => 1,
        "tweede" => 2,
        "derde" => 3,
        "vierde" => 4,
        "vijfde" => 5,
        "laatste" => -1,
        _ => return None,
    })
}

fn length(rest: &[char], fits: fn(&char) -> bool) -> usize {
    rest.iter().take_while(|letter| fits(letter)).count()
}

/// What begins with a digit.
fn numeral(rest: &[char]) -> (Token, usize) {
    let runs = runs(rest);
    let number = |n: usize| runs[n].1;
    let sign = |n: usize| runs.get(n).map(|run| run.0);
    let digits = |n: usize| runs[n].2;
    let through = |n: usize| {
        (0..=n)
            .map(|n| digits(n) + usize::from(n > 0))
            .sum::<usize>()
    };
    let date = |day, month, year| match i32::try_from(year) {
        Ok(year) => (Token::Date(day, month, year), through(2)),
        Err(_) => (Token::Strange, through(2)),
    };
    match (sign(1), sign(2)) {
        (Some('-'), Some('-')) if digits(0) == 4 => date(number(2), number(1), number(0)),
        (Some('-' | '/'), Some('-' | '/')) if digits(2) == 4 => {
            date(number(0), number(1), number(2))
        }
        (Some('.' | ':' | 'u' | 'h'), _) if digits(0) <= 2 && digits(1) == 2 => {
            (Token::Time(number(0), number(1)), through(1))
        }
        // A number that goes on is no number that we know: 7.1, 10:5, 1/2.
        (Some('.' | ':' | '/'), _) => (Token::Strange, through(1)),
        _ if digits(0) > 4 => (Token::Strange, digits(0)),
        _ => whole_number(&rest[digits(0)..], number(0), digits(0)),
    }
}

/// The runs of digits at the beginning: the sign before each, its value and its length.
fn runs(rest: &[char]) -> Vec<(char, u32, usize)> {
    let (mut at, mut sign, mut runs) = (0, ' ', Vec::new());
    loop {
        let digits = length(&rest[at..], char::is_ascii_digit);
        if digits == 0 {
            return runs;
        }
        let text: String = rest[at..at + digits].iter().collect();
        runs.push((sign, text.parse().unwrap_or(u32::MAX), digits));
        at += digits;
        match rest.get(at) {
            Some(letter @ ('.' | ':' | '-' | '/' | 'u' | 'h')) if runs.len() < 3 => {
                sign = *letter;
                at += 1;
            }
            _ => return runs,
        }
    }
}

/// "3", "3e", "1ste"
fn whole_number(after: &[char], number: u32, digits: usize) -> (Token, usize) {
    let letters = length(after, char::is_ascii_lowercase);
    let ending: String = after[..letters].iter().collect();
    match (ending.as_str(), i8::try_from(number)) {
        ("e" | "ste" | "de", Ok(n)) if n > 0 => (Token::Ordinal(n), digits + letters),
        _ => (Token::Number(number), digits),
    }
}

/// A number in letters, as far as they are written in letters.
pub(super) fn number_word(word: &str) -> Option<u32> {
    const WORDS: [&str; 12] = [
        "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf",
        "twaalf",
    ];
    let at = WORDS.iter().position(|known| *known == word)?;
    u32::try_from(at + 1).ok()
}

/// The part of the day that an hour of twelve is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Night,
    Morning,
    Afternoon,
    Evening,
}

pub(super) fn part_of_day(word: &str) -> Option<Part> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "nacht" => Part::Night,
        "ochtend" | "morgen" => Part::Morning,
        "middag" => Part::Afternoon,
        "avond" => Part::Evening,
        _ => return None,
    })
}

/// "dinsdag", "di", "dinsdags", "dinsdagen", "dinsdagavond"
pub(super) fn weekday(word: &str) -> Option<(Weekday, Option<Part>)> {
    const NAMES: [(&str, &str); 7] = [
        ("maandag", "ma"),
        ("dinsdag", "di"),
        ("woensdag", "wo"),
        ("donderdag", "do"),
        ("vrijdag", "vr"),
        ("zaterdag", "za"),
        ("zondag", "zo"),
    ];
    NAMES
        .iter()
        .zip(0_u8..)
        .find_map(|((name, short), number)| {
            let day = Weekday::try_from(number).ok()?;
            if word == *short {
                return Some((day, None));
            }
            match word.strip_prefix(name)? {
                "" | "s" | "en" => Some((day, None)),
                rest => Some((day, Some(part_of_day(rest)?))),
            }
        })
}

/// "januari", "jan"
pub(super) fn month(word: &str) -> Option<u32> {
    const NAMES: [(&str, &str); 12] = [
        ("januari", "jan"),
        ("februari", "feb"),
        ("maart", "mrt"),
        ("april", "apr"),
        ("mei", "mei"),
        ("juni", "jun"),
        ("juli", "jul"),
        ("augustus", "aug"),
        ("september", "sep"),
        ("oktober", "okt"),
        ("november", "nov"),
        ("december", "dec"),
    ];
    let at = NAMES
        .iter()
        .position(|(name, short)| word == *name || word == *short)?;
    u32::try_from(at + 1).ok()
}
