//! What an agenda can be narrowed by: days to go to, the filter form with its counts, and a chip
//! for each filter that holds.

use chrono::{Datelike, Days, NaiveDate};

use crate::base::dutch;
use crate::catalogue::{Vocabulary, activities};
use crate::search::agenda::Agenda;
use crate::search::{FacetCount, Filters, When};
use crate::site::filters::{Chip, Choice, counted};
use crate::site::what_is_on::{AHEAD, NAMED, PARTS, Span, Wish};

const AROUND: &str = "Ook de wijken en dorpen ernaast";

/// Days with a name, as a link.
pub(super) struct Name {
    pub words: &'static str,
    pub href: String,
    pub current: bool,
}

/// A day in the strip of days.
pub(super) struct Cell {
    pub date: NaiveDate,
    /// "ma"
    pub weekday: String,
    pub number: u32,
    /// "maandag 30 november, 12 keer iets te doen"
    pub words: String,
    pub count: usize,
    pub href: String,
    pub current: bool,
    /// It stands under the days that are shown.
    pub shown: bool,
}

/// The choices of the filter form, with counts.
pub(super) struct Form {
    pub zones: Vec<Choice>,
    /// The zones beside it; `None` when no zone is chosen or it has none beside it.
    pub around: Option<Choice>,
    pub parts: Vec<Choice>,
    pub sorts: Vec<Choice>,
    pub themes: Vec<Choice>,
    pub audiences: Vec<Choice>,
    pub languages: Vec<Choice>,
    pub only: Vec<Choice>,
    /// The days, which the form keeps.
    pub days: Vec<(String, String)>,
}

pub(super) fn named(wish: &Wish) -> Vec<Name> {
    let name = |words, span: Span| Name {
        words,
        href: wish.on(span).href(""),
        current: wish.span == span,
    };
    let mut names = vec![name("Komende twee weken", Span::Weeks(None))];
    // Today and tomorrow stand in the strip of days.
    let others = NAMED
        .iter()
        .filter(|(when, ..)| !matches!(when, When::Today | When::Tomorrow));
    names.extend(others.map(|(when, _, words)| name(words, Span::Named(*when))));
    names
}

pub(super) fn strip(wish: &Wish, agenda: &Agenda, today: NaiveDate) -> Vec<Cell> {
    let (from, to) = wish.days(today);
    // A strip that begins where the shown weeks do; never later than the day that is shown.
    let first = match wish.span {
        Span::Weeks(Some(from)) => from,
        Span::Day(day) if (day - today).num_days() > AHEAD.cast_signed() => day,
        _ => today,
    };
    let days = (0..=AHEAD).filter_map(|ahead| first.checked_add_days(Days::new(ahead)));
    let cell = |date: NaiveDate| {
        let count = agenda.on(date, today);
        let times = match count {
            0 => "niets".to_owned(),
            1 => "1 keer iets te doen".to_owned(),
            many => format!("{many} keer iets te doen"),
        };
        Cell {
            date,
            weekday: dutch::weekday(date.weekday()).chars().take(2).collect(),
            number: date.day(),
            words: format!("{}, {times}", dutch::day_seen_from(date, today)),
            count,
            href: wish.on(Span::Day(date)).href(""),
            current: wish.span == Span::Day(date),
            shown: (from..=to).contains(&date),
        }
    };
    days.map(cell).collect()
}

pub(super) fn form(names: &Vocabulary, agenda: &Agenda, wish: &Wish) -> Form {
    let facets = &agenda.facets;
    let chosen = &wish.filters;
    let zone = wish.zone.as_ref().and_then(|slug| names.zone(slug));
    let zones = names.zones.iter().map(|z| (&*z.slug, &*z.name));
    let themes = names.themes.iter();
    let themes = themes.filter(|t| t.is_top() || chosen.themes.contains(&t.slug));
    let audiences = names.audiences.iter().map(|a| (a.slug.as_str(), &*a.name));
    let sorts: Vec<(&str, String)> = activities::Kind::ALL
        .iter()
        .map(|kind| (kind.as_str(), dutch::sentence(kind.dutch())))
        .collect();
    let parts = PARTS.iter().map(|(part, word, name)| {
        Choice::new(*word, dutch::sentence(name), wish.parts.contains(part))
            .counted(agenda.parts[*part as usize])
    });
    Form {
        zones: zone_choices(zones, &facets.zones, wish),
        around: zone
            .filter(|zone| !zone.neighbours.is_empty())
            .map(|_| Choice::new("ja", AROUND, wish.around)),
        parts: parts.collect(),
        sorts: filled(counted(
            sorts.iter().map(|(slug, name)| (*slug, name.as_str())),
            &facets.sorts,
            &chosen.sorts,
        )),
        themes: filled(counted(
            themes.map(|t| (&*t.slug, &*t.name)),
            &facets.themes,
            &chosen.themes,
        )),
        audiences: filled(counted(audiences, &facets.audiences, &chosen.audiences)),
        languages: languages(&facets.languages, chosen),
        only: vec![
            Choice::new("gratis", "Gratis", chosen.free_of_charge).counted(facets.free_of_charge),
            Choice::new("rolstoel", "Rolstoel kan naar binnen", chosen.wheelchair)
                .counted(facets.wheelchair),
        ],
        days: days(wish),
    }
}

/// The days of an agenda as hidden fields.
fn days(wish: &Wish) -> Vec<(String, String)> {
    let plain = Wish::all(None).on(wish.span).query();
    let pairs = plain.pairs();
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn zone_choices<'a>(
    zones: impl Iterator<Item = (&'a str, &'a str)>,
    counts: &[FacetCount],
    wish: &Wish,
) -> Vec<Choice> {
    let chosen: Vec<String> = wish.zone.iter().cloned().collect();
    counted(zones, counts, &chosen)
}

/// Without what gives nothing.
fn filled(choices: Vec<Choice>) -> Vec<Choice> {
    let given = |choice: &Choice| choice.chosen || choice.count != Some(0);
    choices.into_iter().filter(given).collect()
}

/// Languages beside Dutch, most spoken first.
fn languages(counts: &[FacetCount], chosen: &Filters) -> Vec<Choice> {
    let names = counts.iter().map(|count| {
        let code = count.value.as_str();
        (code, activities::model::language(code))
    });
    let choices = counted(names, counts, &chosen.languages);
    choices
        .into_iter()
        .filter(|choice| choice.value != "nl")
        .collect()
}

pub(super) fn chips(names: &Vocabulary, wish: &Wish) -> Vec<Chip> {
    let query = wish.query();
    let path = crate::site::links::agenda(wish.zone.as_deref());
    let chip = |name: &str, key: &str, value: &str| Chip {
        name: name.to_owned(),
        href: query.without(key, value).on(&path),
    };
    let mut chips = Vec::new();
    if wish.around {
        chips.push(chip(AROUND, "buurt", "ja"));
    }
    for (part, word, name) in PARTS {
        if wish.parts.contains(&part) {
            chips.push(chip(&dutch::sentence(name), "deel", word));
        }
    }
    let filters = &wish.filters;
    for slug in &filters.themes {
        chips.push(chip(
            names.theme(slug).map_or(slug, |t| &t.name),
            "thema",
            slug,
        ));
    }
    for slug in &filters.audiences {
        chips.push(chip(
            names.audience(slug).map_or(slug, |a| &a.name),
            "doelgroep",
            slug,
        ));
    }
    for sort in activities::Kind::ALL {
        if filters.sorts.iter().any(|chosen| chosen == sort.as_str()) {
            chips.push(chip(&dutch::sentence(sort.dutch()), "soort", sort.as_str()));
        }
    }
    for code in &filters.languages {
        chips.push(chip(activities::model::language(code), "taal", code));
    }
    if filters.free_of_charge {
        chips.push(chip("Gratis", "gratis", "ja"));
    }
    if filters.wheelchair {
        chips.push(chip("Rolstoel kan naar binnen", "rolstoel", "ja"));
    }
    chips
}
