//! Records as they stand in lists, whatever slice they come from.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};

use super::links;
use super::opening_words::{Answer, Now};
use super::spell::Spell;
use crate::base::{Label, RecordKind, contact, dutch};
use crate::catalogue::activities::{self, Status};
use crate::catalogue::{dossiers, organisations, places, themes};
use crate::search;

/// A small fact with an icon: when, where, cost.
pub struct Meta {
    pub icon: &'static str,
    pub text: String,
    pub strong: bool,
    /// ISO 8601 local time, where the text is a moment.
    pub datetime: Option<String>,
    /// The digits to dial, where the text is a telephone number.
    pub dial: Option<String>,
}

/// A record in a list.
pub struct Item {
    pub kind: RecordKind,
    pub slug: String,
    pub kind_name: String,
    pub icon: &'static str,
    pub href: String,
    pub title: String,
    pub summary: String,
    /// Bytes of the title that were searched for.
    pub title_marks: Vec<Range<usize>>,
    /// Bytes of the summary that were searched for.
    pub summary_marks: Vec<Range<usize>>,
    pub meta: Vec<Meta>,
    /// Stands out: the main meeting place of a zone.
    pub main: bool,
}

impl Meta {
    pub fn new(icon: &'static str, text: impl Into<String>) -> Self {
        Self {
            icon,
            text: text.into(),
            strong: false,
            datetime: None,
            dial: None,
        }
    }

    /// A coming moment: "dinsdag 24 november, 10.00 uur".
    #[must_use]
    pub fn moment(at: impl Into<Spell>, today: NaiveDate) -> Self {
        let at = at.into();
        Self {
            strong: true,
            datetime: Some(at.datetime(today)),
            ..Self::new("kalender", at.brief(today))
        }
    }

    #[must_use]
    pub fn phone(shown: &str) -> Self {
        Self {
            dial: Some(contact::dial(shown)),
            ..Self::new("telefoon", shown)
        }
    }
}

/// The icon of a kind of record.
#[must_use]
pub fn icon(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Organisation => "organisatie",
        RecordKind::Activity => "activiteit",
        RecordKind::Place => "plek",
        RecordKind::Dossier => "dossier",
        RecordKind::Faq => "vraag",
        RecordKind::Theme => "thema",
        RecordKind::Zone => "wijk",
    }
}

/// The word for a kind of record: one of them, and a group.
#[must_use]
pub fn kind_words(kind: RecordKind) -> (&'static str, &'static str) {
    match kind {
        RecordKind::Organisation => ("Organisatie", "Organisaties"),
        RecordKind::Activity => ("Activiteit", "Activiteiten"),
        RecordKind::Place => ("Plek", "Plekken"),
        RecordKind::Dossier => ("Dossier", "Dossiers"),
        RecordKind::Faq => ("Vraag en antwoord", "Vragen en antwoorden"),
        RecordKind::Theme => ("Thema", "Thema’s"),
        RecordKind::Zone => ("Wijk of dorp", "Wijken en dorpen"),
    }
}

impl Item {
    fn new(kind: RecordKind, slug: &str, title: &str, summary: &str) -> Self {
        Self {
            kind,
            kind_name: kind_words(kind).0.to_owned(),
            icon: icon(kind),
            href: links::record(kind, slug),
            slug: slug.to_owned(),
            title: title.to_owned(),
            summary: summary.to_owned(),
            title_marks: Vec::new(),
            summary_marks: Vec::new(),
            meta: Vec::new(),
            main: false,
        }
    }

    /// An organisation, with its number; `everywhere` says "Heel Deventer".
    #[must_use]
    pub fn organisation(card: &organisations::Card, everywhere: &str) -> Self {
        let mut item = Self::new(
            RecordKind::Organisation,
            &card.slug,
            &card.name,
            &card.summary,
        );
        item.meta.extend(card.phone.as_deref().map(Meta::phone));
        let names: Vec<&str> = card.zones.iter().map(|z| z.name.as_str()).collect();
        let area = if card.serves_all_zones {
            everywhere.to_owned()
        } else {
            dutch::list(&names)
        };
        if !area.is_empty() {
            item.meta.push(Meta::new("locatie", area));
        }
        item
    }

    /// An activity with its next date, or what else can be said of when.
    #[must_use]
    pub fn activity(card: &activities::Card, now: NaiveDateTime) -> Self {
        let mut item = Self::new(RecordKind::Activity, &card.slug, &card.title, &card.summary);
        let far = NaiveDate::MAX;
        let when = match (card.status, card.coming(now, far, 1).first()) {
            (Status::Cancelled, _) => Meta::new("let-op", "Gaat niet door"),
            (_, Some(next)) => Meta::moment(next, now.date()),
            (_, None) if card.schedules.is_empty() => Meta::new("kalender", card.any_time()),
            (_, None) => Meta::new("kalender", "Voorbij"),
        };
        item.meta.push(when);
        item.meta.extend(
            card.venue
                .as_ref()
                .map(|venue| Meta::new("locatie", venue_line(&venue.name, venue.zone.as_ref()))),
        );
        let cost = card.cost();
        if !cost.is_empty() {
            item.meta.push(Meta::new("euro", cost));
        }
        item.meta.extend(
            card.warnings(now.date())
                .map(|note| Meta::new("let-op", note)),
        );
        item
    }

    #[must_use]
    pub fn place(card: &places::Card) -> Self {
        let mut item = Self::new(RecordKind::Place, &card.slug, &card.name, &card.summary);
        item.main = card.main_meeting_place;
        item.kind_name = dutch::sentence(card.role());
        let address = card.address.as_ref().map(|a| {
            let street = a.street_line();
            if street.is_empty() {
                a.city.clone()
            } else {
                format!("{street}, {}", a.city)
            }
        });
        let zone = card.zone.as_ref().map(|z| z.name.clone());
        let line = match (address, zone) {
            (Some(address), Some(zone)) if !address.contains(&zone) => {
                format!("{address} · {zone}")
            }
            (Some(address), _) => address,
            (None, zone) => zone.unwrap_or_default(),
        };
        if !line.is_empty() {
            item.meta.push(Meta::new("locatie", line));
        }
        item.meta.extend(card.phone.as_deref().map(Meta::phone));
        if card.wheelchair == places::Wheelchair::Yes {
            item.meta
                .push(Meta::new("rolstoel", "Rolstoel kan naar binnen"));
        }
        item
    }

    /// Says first whether it is open, where hours are known.
    #[must_use]
    pub fn opening(mut self, now: Option<&Now>) -> Self {
        let meta = now.map(|now| Meta {
            strong: now.answer == Answer::Open,
            datetime: now.datetime.clone(),
            ..Meta::new("klok", &now.text)
        });
        self.meta.splice(0..0, meta);
        self
    }

    #[must_use]
    pub fn dossier(card: &dossiers::Card) -> Self {
        Self::new(RecordKind::Dossier, &card.slug, &card.title, &card.intro)
    }

    #[must_use]
    pub fn question(card: &dossiers::FaqCard) -> Self {
        Self::new(RecordKind::Faq, &card.slug, &card.question, "")
    }

    /// A search hit, with its next moment, or its next on some days. Its dates were true when the
    /// index was made: what is over by now is left out.
    #[must_use]
    pub fn hit(
        hit: &search::Hit,
        now: NaiveDateTime,
        days: Option<(NaiveDate, NaiveDate)>,
    ) -> Self {
        let card = &hit.card;
        let mut item = Self::new(hit.kind, &hit.slug, &card.title, &card.summary);
        item.title_marks.clone_from(&hit.title_marks);
        item.summary_marks.clone_from(&hit.summary_marks);
        if hit.related {
            item.kind_name += ", over hetzelfde onderwerp";
        }
        let shown = |at: &&search::Moment| {
            let fits = |(from, to)| (from..=to).contains(&at.start.date());
            let to_come = at.start > now
                || (Spell::from(*at).has_begun(now.date()) && at.end.is_some_and(|end| end > now));
            !at.off && to_come && days.is_none_or(fits)
        };
        if let Some(next) = card.coming.iter().find(shown) {
            item.meta.push(Meta::moment(next, now.date()));
        } else if let Some(rhythm) = &card.rhythm {
            item.meta
                .push(Meta::new("kalender", dutch::sentence(rhythm)));
        }
        item.meta.extend(card.phone.as_deref().map(Meta::phone));
        let place = card_place(card);
        if !place.is_empty() {
            item.meta.push(Meta::new("locatie", place));
        }
        item.meta
            .extend(card.cost.as_deref().map(|cost| Meta::new("euro", cost)));
        item.meta
            .extend(card.note.as_deref().map(|note| Meta::new("let-op", note)));
        if card.wheelchair {
            item.meta
                .push(Meta::new("rolstoel", "Rolstoel kan naar binnen"));
        }
        item
    }
}

/// A stretch of text, marked or not.
pub struct Run<'a> {
    pub text: &'a str,
    pub marked: bool,
}

impl Item {
    /// The title in stretches.
    #[must_use]
    pub fn title_runs(&self) -> Vec<Run<'_>> {
        runs(&self.title, &self.title_marks)
    }

    /// The summary in stretches.
    #[must_use]
    pub fn summary_runs(&self) -> Vec<Run<'_>> {
        runs(&self.summary, &self.summary_marks)
    }
}

fn runs<'a>(text: &'a str, marks: &[Range<usize>]) -> Vec<Run<'a>> {
    let mut runs = Vec::with_capacity(marks.len() * 2 + 1);
    let mut from = 0;
    for mark in marks {
        for (range, marked) in [(from..mark.start, false), (mark.clone(), true)] {
            if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
                runs.push(Run { text, marked });
            }
        }
        from = mark.end;
    }
    if let Some(text) = text.get(from..).filter(|text| !text.is_empty()) {
        runs.push(Run {
            text,
            marked: false,
        });
    }
    runs
}

/// "Cultuurhuus Braakhekke, Bathmen", without saying the zone twice.
#[must_use]
pub fn venue_line(name: &str, zone: Option<&Label>) -> String {
    match zone {
        Some(zone) if !name.contains(&zone.name) => format!("{name}, {}", zone.name),
        _ => name.to_owned(),
    }
}

/// "Cultuurhuus Braakhekke, Bathmen": where a record of the index is; empty when that is not known.
#[must_use]
pub fn card_place(card: &search::Card) -> String {
    let zones = dutch::list(&card.zones);
    match &card.place {
        Some(place) if zones.is_empty() || place.contains(&zones) => place.clone(),
        Some(place) => format!("{place}, {zones}"),
        None => zones,
    }
}

/// A link with a pictogram.
pub struct Tile {
    pub href: String,
    pub icon: String,
    pub name: String,
    pub slug: String,
    pub summary: String,
}

impl Tile {
    /// A main theme. Themes without a drawing of their own share one.
    #[must_use]
    pub fn theme(card: &themes::Card) -> Self {
        Self {
            href: links::theme(&card.slug),
            icon: theme_icon(&card.slug),
            name: card.name.clone(),
            slug: card.slug.clone(),
            summary: card.summary.clone(),
        }
    }
}

/// The pictogram of a theme in the sprite.
#[must_use]
pub fn theme_icon(slug: &str) -> String {
    const DRAWN: [&str; 11] = [
        "wonen",
        "zorg-en-gezondheid",
        "geld",
        "werk-en-leren",
        "ontmoeten-en-meedoen",
        "opgroeien-en-opvoeden",
        "mantelzorg-en-vrijwilligers",
        "vervoer",
        "veiligheid",
        "nieuw-in-nederland",
        "hulp-aanvragen",
    ];
    if DRAWN.contains(&slug) {
        format!("thema-{slug}")
    } else {
        "thema".to_owned()
    }
}
