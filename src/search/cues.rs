//! Words that say where, when or how: read as filters, so that the other words say what.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::language::{Analyzer, Word, lines};

const CUES: &str = include_str!("../../data/language/cues.tsv");
/// Cues of more words are not looked up.
const MOST_WORDS: usize = 6;

/// A zone with the words by which people call it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceName {
    /// Slug of the zone.
    pub zone: String,
    /// Its name and its other names.
    pub names: Vec<String>,
    /// Postcodes, four digits or whole.
    pub postcodes: Vec<String>,
    /// Slugs of the zones around it.
    pub neighbours: Vec<String>,
}

/// What a cue means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// In one of these zones.
    Zones(Vec<String>),
    /// On these days.
    When(When),
    /// Free of charge.
    Free,
    /// Wheelchair.
    Wheelchair,
    /// Something to do.
    Agenda,
}

/// Days that a word names, seen from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Today.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// The first Saturday and Sunday, today included.
    Weekend,
    /// Today and the six days after it.
    Week,
    /// Monday to Sunday after this week.
    NextWeek,
    /// The first such day, today included.
    On(Weekday),
}

impl When {
    /// First and last day.
    #[must_use]
    pub fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let from_monday = u64::from(today.weekday().num_days_from_monday());
        let after = |days: u64| today.checked_add_days(Days::new(days)).unwrap_or(today);
        match self {
            Self::Today => (today, today),
            Self::Tomorrow => (after(1), after(1)),
            Self::Weekend if from_monday == 6 => (today, today),
            Self::Weekend => (
                after(5_u64.saturating_sub(from_monday)),
                after(6 - from_monday),
            ),
            Self::Week => (today, after(6)),
            Self::NextWeek => (after(7 - from_monday), after(13 - from_monday)),
            Self::On(day) => {
                let days = (u64::from(day.num_days_from_monday()) + 7 - from_monday) % 7;
                (after(days), after(days))
            }
        }
    }
}

/// A cue in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// What it means.
    pub meaning: Meaning,
    /// Its words, by number.
    pub words: Range<usize>,
    /// It can mean nothing else.
    pub certain: bool,
}

/// The phrases that are cues. Immutable; a change of zones makes a new one.
#[derive(Default)]
pub struct Cues {
    /// By the letters of the phrase, without spaces or hyphens.
    phrases: HashMap<String, (Meaning, bool)>,
    /// The names of zones by their stems: a doubled letter too many is no other place.
    stems: HashMap<String, (Meaning, bool)>,
    neighbours: HashMap<String, Vec<String>>,
}

impl Cues {
    /// The phrases of the language table and the names of zones.
    #[must_use]
    pub fn new(places: &[PlaceName], analyzer: &Analyzer) -> Self {
        let mut cues = Self::default();
        for (meaning, phrases) in lines(CUES).filter_map(|line| line.split_once('\t')) {
            let Some(meaning) = meaning_of(meaning) else {
                continue;
            };
            for phrase in phrases.split(';') {
                let certain = !phrase.ends_with('?');
                let key = letters(&analyzer.words(phrase));
                cues.phrases.insert(key, (meaning.clone(), certain));
            }
        }
        for place in places {
            for name in &place.names {
                let words = analyzer.words(name);
                // "Centrum" is a zone and a word; "Colmschate" can only be the one.
                let only = words.len() > 1 || !words.iter().all(|w| analyzer.is_dutch(&w.surface));
                add_zone(&mut cues.phrases, letters(&words), place, only);
                add_zone(&mut cues.stems, stems(&words, analyzer), place, only);
            }
            for postcode in &place.postcodes {
                let four: String = postcode.chars().take(4).collect();
                add_zone(&mut cues.phrases, four, place, true);
            }
            let (zone, neighbours) = (place.zone.clone(), place.neighbours.clone());
            cues.neighbours.insert(zone, neighbours);
        }
        cues
    }

    /// The zones around some zones.
    #[must_use]
    pub fn around(&self, zones: &[String]) -> Vec<String> {
        let neighbours = zones.iter().filter_map(|zone| self.neighbours.get(zone));
        let mut around: Vec<String> = neighbours.flatten().cloned().collect();
        around.sort_unstable();
        around.dedup();
        around.retain(|zone| !zones.contains(zone));
        around
    }

    /// The cues in a text, the longest first where two begin at one word.
    #[must_use]
    pub fn find(&self, words: &[Word], analyzer: &Analyzer) -> Vec<Cue> {
        let mut found: Vec<Cue> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let longest = (1..=MOST_WORDS.min(words.len() - at))
                .rev()
                .find_map(|count| Some((count, self.meaning(&words[at..at + count], analyzer)?)));
            let Some((count, (meaning, certain))) = longest.filter(|_| !is_denied(words, at))
            else {
                at += 1;
                continue;
            };
            found.push(Cue {
                meaning: meaning.clone(),
                words: at..at + count,
                certain: *certain,
            });
            at += count;
        }
        found
    }

    fn meaning(&self, words: &[Word], analyzer: &Analyzer) -> Option<&(Meaning, bool)> {
        let key = letters(words);
        let by_stems = || self.stems.get(&stems(words, analyzer));
        if let Some(found) = self.phrases.get(&key).or_else(by_stems) {
            return Some(found);
        }
        // A whole postcode, with or without a space: its digits say the zone.
        let (digits, rest) = key.split_at_checked(4)?;
        let whole = digits.bytes().all(|b| b.is_ascii_digit())
            && rest.len() == 2
            && rest.bytes().all(|b| b.is_ascii_alphabetic());
        if whole {
            self.phrases.get(digits)
        } else {
            None
        }
    }
}

/// "niet gratis", "niet in colmschate": no filter.
fn is_denied(words: &[Word], at: usize) -> bool {
    let before = &words[at.saturating_sub(2)..at];
    before.iter().any(Word::denies)
}

fn add_zone(
    phrases: &mut HashMap<String, (Meaning, bool)>,
    key: String,
    place: &PlaceName,
    certain: bool,
) {
    let new = (Meaning::Zones(Vec::new()), certain);
    if let (Meaning::Zones(zones), _) = phrases.entry(key).or_insert(new)
        && !zones.contains(&place.zone)
    {
        zones.push(place.zone.clone());
    }
}

fn stems(words: &[Word], analyzer: &Analyzer) -> String {
    words
        .iter()
        .map(|word| analyzer.stem(&word.surface))
        .collect()
}

fn letters(words: &[Word]) -> String {
    words.iter().map(|word| word.surface.as_str()).collect()
}

fn meaning_of(name: &str) -> Option<Meaning> {
    Some(match name {
        "today" => Meaning::When(When::Today),
        "tomorrow" => Meaning::When(When::Tomorrow),
        "weekend" => Meaning::When(When::Weekend),
        "week" => Meaning::When(When::Week),
        "next_week" => Meaning::When(When::NextWeek),
        "free" => Meaning::Free,
        "wheelchair" => Meaning::Wheelchair,
        "agenda" => Meaning::Agenda,
        day => Meaning::When(When::On(day.parse().ok()?)),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::search::language::Lexicon;

    fn found(text: &str) -> Vec<(Meaning, String)> {
        let analyzer = Analyzer::new(Arc::new(Lexicon::own()));
        let place = |zone: &str, names: &[&str], postcodes: &[&str]| PlaceName {
            zone: zone.to_owned(),
            names: names.iter().map(ToString::to_string).collect(),
            postcodes: postcodes.iter().map(ToString::to_string).collect(),
            neighbours: vec!["voorstad".to_owned()],
        };
        let places = [
            place(
                "colmschate-noord-vijfhoek",
                &["Colmschate-Noord", "Vijfhoek"],
                &["7422"],
            ),
            place("colmschate", &["Colmschate"], &["7423", "7422"]),
            place("de-hoven", &["De Hoven"], &[]),
        ];
        let words = analyzer.words(text);
        let cues = Cues::new(&places, &analyzer).find(&words, &analyzer);
        let typed = |cue: &Cue| {
            let span = &words[cue.words.clone()];
            text[span[0].range.start..span[span.len() - 1].range.end].to_owned()
        };
        cues.iter()
            .map(|cue| (cue.meaning.clone(), typed(cue)))
            .collect()
    }

    fn zones(slugs: &[&str]) -> Meaning {
        Meaning::Zones(slugs.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn places_are_known_by_every_name_and_postcode() {
        let north = zones(&["colmschate-noord-vijfhoek"]);
        for (text, meaning, typed) in [
            ("koffie colmschate noord", north.clone(), "colmschate noord"),
            ("Colmschate-Noord", north.clone(), "Colmschate-Noord"),
            ("inloop vijfhoek", north, "vijfhoek"),
            (
                "in colmschate wandelen",
                zones(&["colmschate"]),
                "colmschate",
            ),
            ("iets in de hoven", zones(&["de-hoven"]), "de hoven"),
            ("7423 koffie", zones(&["colmschate"]), "7423"),
            ("7423 ab", zones(&["colmschate"]), "7423 ab"),
            ("7423AB", zones(&["colmschate"]), "7423AB"),
            (
                "7422",
                zones(&["colmschate-noord-vijfhoek", "colmschate"]),
                "7422",
            ),
        ] {
            assert_eq!(found(text), [(meaning, typed.to_owned())], "{text}");
        }
        for text in ["niet gratis", "koffie niet in colmschate", "geen rolstoel"] {
            assert_eq!(found(text), [], "{text}");
        }
        for text in ["koffie", "7499", "74231", "hoven", "7423abc", ""] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn days_and_conditions_are_known_in_words() {
        let two = found("wat is er dit weekend te doen");
        assert_eq!(two[0].0, Meaning::When(When::Weekend));
        assert_eq!(two[1], (Meaning::Agenda, "te doen".to_owned()));
        assert_eq!(
            found("koffie dinsdag")[0].0,
            Meaning::When(When::On(Weekday::Tue))
        );
        assert_eq!(found("rolstoeltoegankelijk")[0].0, Meaning::Wheelchair);
    }

    #[test]
    fn days_are_seen_from_today() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        // The 25th is a Wednesday.
        for (when, today, from, to) in [
            (When::Today, 25, 25, 25),
            (When::Tomorrow, 25, 26, 26),
            (When::Weekend, 25, 28, 29),
            (When::Weekend, 28, 28, 29),
            (When::Weekend, 29, 29, 29),
            (When::Week, 20, 20, 26),
            (When::NextWeek, 16, 23, 29),
            (When::NextWeek, 22, 23, 29),
            (When::On(Weekday::Wed), 25, 25, 25),
            (When::On(Weekday::Tue), 23, 24, 24),
            (When::On(Weekday::Mon), 24, 30, 30),
        ] {
            assert_eq!(
                when.days(day(today)),
                (day(from), day(to)),
                "{when:?} {today}"
            );
        }
    }
}
