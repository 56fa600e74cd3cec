//! What is asked of an agenda, in its address and as the engine takes it.

use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveDateTime};
use serde::Deserialize;

use crate::base::{RecordKind, Slug};
use crate::catalogue::{Vocabulary, activities, zones};
use crate::search::agenda::{AgendaRequest, COUNTED, DayPart, HORIZON};
use crate::search::{Filters, When};
use crate::site::filters::QueryString;
use crate::site::links;
use crate::site::portal::Portal;
use crate::web::{Error, query::lenient};

/// Today and the thirteen days after it: what an agenda shows when no days are asked.
pub const AHEAD: u64 = COUNTED - 1;
/// Dates on a page of the agenda.
pub const PER_PAGE: usize = 60;

/// The last day whose dates all stand in the index: a page that reaches further would say that
/// nothing is on. One day less than the index reaches, because it was made yesterday until it is
/// made today.
#[must_use]
pub fn last_known(today: NaiveDate) -> NaiveDate {
    let last = today.checked_add_days(Days::new(HORIZON - 1));
    last.unwrap_or(today)
}

/// The parameters that an agenda depends on, in the order of its address.
pub const PARAMS: &[&str] = &[
    "wijk",
    "buurt",
    "dag",
    "wanneer",
    "vanaf",
    "deel",
    "thema",
    "doelgroep",
    "soort",
    "taal",
    "gratis",
    "rolstoel",
    "pagina",
];

/// The query of an agenda, as it stands in the address.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    pub wijk: Option<Slug>,
    #[serde(default, deserialize_with = "lenient")]
    buurt: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    dag: Option<NaiveDate>,
    #[serde(default, deserialize_with = "lenient")]
    wanneer: Option<NamedDays>,
    #[serde(default, deserialize_with = "lenient")]
    vanaf: Option<NaiveDate>,
    #[serde(default)]
    deel: Vec<String>,
    #[serde(default)]
    thema: Vec<String>,
    #[serde(default)]
    doelgroep: Vec<String>,
    #[serde(default)]
    soort: Vec<String>,
    #[serde(default)]
    taal: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    gratis: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    rolstoel: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pagina: Option<usize>,
}

/// A part of an address that means nothing, or no longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missed {
    /// The day is over.
    Past,
    /// The day is further away than dates are known.
    TooFar,
    /// A zone, theme or the like that is not there.
    Unknown,
}

impl Asked {
    /// What of the address was let go, when anything was.
    #[must_use]
    pub fn missed(&self, names: &Vocabulary, today: NaiveDate) -> Option<Missed> {
        let days = [self.dag, self.vanaf];
        let mut days = days.iter().flatten();
        let known = |values: &[String], is: &dyn Fn(&str) -> bool| values.iter().all(|v| is(v));
        let zone = self.wijk.as_ref();
        let all_known = zone.is_none_or(|slug| names.zone(slug.as_str()).is_some())
            && known(&self.thema, &|slug| names.theme(slug).is_some())
            && known(&self.doelgroep, &|slug| names.audience(slug).is_some())
            && known(&self.soort, &|word| {
                activities::Kind::from_str(word).is_ok()
            })
            && known(&self.taal, &|code| {
                activities::model::language(code) != code
            })
            && known(&self.deel, &|word| {
                PARTS.iter().any(|(_, known, _)| *known == word)
            });
        let last = last_known(today);
        if days.clone().any(|day| *day < today) {
            Some(Missed::Past)
        } else if days.any(|day| *day > last) {
            Some(Missed::TooFar)
        } else if all_known {
            None
        } else {
            Some(Missed::Unknown)
        }
    }
}

/// Days that have a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NamedDays(pub When);

/// The names of days, and their words in the address.
pub const NAMED: [(When, &str, &str); 4] = [
    (When::Today, "vandaag", "Vandaag"),
    (When::Tomorrow, "morgen", "Morgen"),
    (When::Weekend, "weekend", "Dit weekend"),
    (When::NextWeek, "volgende-week", "Volgende week"),
];

impl FromStr for NamedDays {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let found = NAMED.iter().find(|(_, known, _)| *known == word);
        found.map(|(when, ..)| Self(*when)).ok_or(())
    }
}

/// The parts of the day, and their words in the address.
pub const PARTS: [(DayPart, &str, &str); 3] = [
    (DayPart::Morning, "ochtend", "’s ochtends"),
    (DayPart::Afternoon, "middag", "’s middags"),
    (DayPart::Evening, "avond", "’s avonds"),
];

/// Which days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// Two weeks from a day on; from today when none is given.
    Weeks(Option<NaiveDate>),
    Day(NaiveDate),
    Named(When),
}

/// What was asked, as far as it means something; the rest of the address is ignored.
#[derive(Clone, Debug)]
pub struct Wish {
    pub zone: Option<String>,
    /// The zones beside it too.
    pub around: bool,
    pub span: Span,
    /// All but zones and days.
    pub filters: Filters,
    pub parts: Vec<DayPart>,
    /// From 1.
    pub page: usize,
}

impl Wish {
    #[must_use]
    pub fn new(asked: &Asked, names: &Vocabulary, today: NaiveDate) -> Self {
        let some = |values: &[String], known: &dyn Fn(&str) -> bool| {
            let mut values: Vec<String> = values.iter().filter(|v| known(v)).cloned().collect();
            values.sort();
            values.dedup();
            values
        };
        let yes = |value: &Option<String>| value.as_deref() == Some("ja");
        let zone = asked
            .wijk
            .as_ref()
            .and_then(|slug| names.zone(slug.as_str()));
        let last = last_known(today);
        let day = |day: Option<NaiveDate>| day.filter(|day| (today..=last).contains(day));
        let span = match (day(asked.dag), asked.wanneer) {
            (Some(day), _) => Span::Day(day),
            (None, Some(NamedDays(when))) => Span::Named(when),
            (None, None) => Span::Weeks(day(asked.vanaf).filter(|from| *from > today)),
        };
        let part = |word: &String| PARTS.iter().find(|(_, known, _)| known == word);
        let mut parts: Vec<DayPart> = Vec::new();
        for (part, ..) in asked.deel.iter().filter_map(part) {
            if !parts.contains(part) {
                parts.push(*part);
            }
        }
        Self {
            zone: zone.map(|zone| zone.slug.clone()),
            around: yes(&asked.buurt),
            span,
            filters: Filters {
                themes: some(&asked.thema, &|slug| names.theme(slug).is_some()),
                audiences: some(&asked.doelgroep, &|slug| names.audience(slug).is_some()),
                sorts: some(&asked.soort, &|word| {
                    activities::Kind::from_str(word).is_ok()
                }),
                languages: some(&asked.taal, &|code| {
                    activities::model::language(code) != code
                }),
                free_of_charge: yes(&asked.gratis),
                wheelchair: yes(&asked.rolstoel),
                ..Filters::default()
            },
            parts,
            page: asked.pagina.unwrap_or(1).clamp(1, 1_000),
        }
    }

    /// Everything in a zone, or everywhere.
    #[must_use]
    pub fn all(zone: Option<&str>) -> Self {
        Self {
            zone: zone.map(str::to_owned),
            around: false,
            span: Span::Weeks(None),
            filters: Filters::default(),
            parts: Vec::new(),
            page: 1,
        }
    }

    /// First and last day.
    #[must_use]
    pub fn days(&self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        match self.span {
            Span::Day(day) => (day, day),
            Span::Named(when) => when.days(today),
            Span::Weeks(from) => {
                let from = from.unwrap_or(today);
                let to = from.checked_add_days(Days::new(AHEAD));
                (from, to.unwrap_or(from).min(last_known(today)))
            }
        }
    }

    /// Whether anything but the zone and the days was chosen.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.around || self.filters != Filters::default() || !self.parts.is_empty()
    }

    /// The query without the zone, which stands in the path, and without the page.
    #[must_use]
    pub fn query(&self) -> QueryString {
        let yes = |it: bool| if it { "ja" } else { "" };
        let (day, named, from) = match self.span {
            Span::Day(day) => (day.to_string(), "", String::new()),
            Span::Named(when) => {
                let known = NAMED.iter().find(|(known, ..)| *known == when);
                (
                    String::new(),
                    known.map_or("", |(_, word, _)| word),
                    String::new(),
                )
            }
            Span::Weeks(from) => {
                let from = from.map(|from| from.to_string());
                (String::new(), "", from.unwrap_or_default())
            }
        };
        let parts = PARTS.iter().filter(|(part, ..)| self.parts.contains(part));
        let all = |values: &'_ [String]| values.to_vec();
        let f = &self.filters;
        QueryString::default()
            .with("buurt", yes(self.around))
            .with("dag", day)
            .with("wanneer", named)
            .with("vanaf", from)
            .with_all("deel", parts.map(|(_, word, _)| *word))
            .with_all("thema", all(&f.themes).iter().map(String::as_str))
            .with_all("doelgroep", all(&f.audiences).iter().map(String::as_str))
            .with_all("soort", all(&f.sorts).iter().map(String::as_str))
            .with_all("taal", all(&f.languages).iter().map(String::as_str))
            .with("gratis", yes(f.free_of_charge))
            .with("rolstoel", yes(f.wheelchair))
    }

    /// The address of this agenda, or of something that stands behind it (`/maand`, `.ics`).
    #[must_use]
    pub fn href(&self, behind: &str) -> String {
        self.query()
            .on(&format!("{}{behind}", links::agenda(self.zone.as_deref())))
    }

    /// The same on other days.
    #[must_use]
    pub fn on(&self, span: Span) -> Self {
        Self {
            span,
            page: 1,
            ..self.clone()
        }
    }

    /// As the engine takes it, for the days that are asked.
    #[must_use]
    pub fn request(&self, names: &Vocabulary, now: NaiveDateTime) -> AgendaRequest {
        let zone = self.zone.as_ref().and_then(|slug| names.zone(slug));
        let zones = zone.map_or_else(Vec::new, |zone| {
            let around = zone.neighbours.iter().filter(|_| self.around);
            std::iter::once(&zone.slug).chain(around).cloned().collect()
        });
        AgendaRequest {
            filters: Filters {
                zones,
                days: Some(self.days(now.date())),
                ..self.filters.clone()
            },
            parts: self.parts.clone(),
            now,
            folded: true,
            skip: self.page.saturating_sub(1) * PER_PAGE,
            most: PER_PAGE,
        }
    }
}

impl Asked {
    /// The same for the zone in a path; `behind` is what stands after the address of its agenda.
    ///
    /// # Errors
    /// When there is no such zone: the way to its successor, or that it is not found.
    pub async fn of_zone(self, portal: &Portal, slug: Slug, behind: &str) -> Result<Self, Error> {
        if portal.names().zone(slug.as_str()).is_none() {
            let mut conn = portal.connection().await?;
            let today = portal.clock.today();
            if let Some(successor) = zones::store::successor(&mut conn, &slug, today).await? {
                let agenda = links::agenda(Some(successor.as_str()));
                return Err(Error::Moved(format!("{agenda}{behind}")));
            }
            let missing = portal.missing(&mut conn, RecordKind::Zone, &slug).await;
            return Err(match missing {
                Error::Moved(page) => Error::Moved(format!("{page}{}{behind}", links::AGENDA)),
                other => other,
            });
        }
        Ok(Self {
            wijk: Some(slug),
            ..self
        })
    }
}
