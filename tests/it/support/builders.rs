//! Records in the words of the domain: `OrganisationBuilder::new("Voedselbank").published()`.

use chrono::{NaiveDate, NaiveDateTime};
use sqlx::{PgConnection, PgPool};
use wijzer::access::Actor;
use wijzer::base::Slug;
use wijzer::catalogue::agenda::{Closure, Schedule, closures};
use wijzer::catalogue::dossiers::{self, FaqDraft, faq_commands};
use wijzer::catalogue::places::{Address, DatedAddress, Wheelchair};
use wijzer::catalogue::themes::{Audience, Step, StepLabel};
use wijzer::catalogue::words::{self, HelpLine};
use wijzer::catalogue::{
    Act, CommandError, State, Upkeep, activities, organisations, places, themes, zones,
};

/// A record that can be registered or revised by its named act.
pub trait Record {
    fn keep(&self, conn: &mut PgConnection) -> impl Future<Output = Result<(), CommandError>>;
}

macro_rules! record {
    ($draft:ty, $keep:path) => {
        impl Record for $draft {
            async fn keep(&self, conn: &mut PgConnection) -> Result<(), CommandError> {
                $keep(conn, &Actor::Import, Act::Register, self).await
            }
        }
    };
}

record!(organisations::Draft, organisations::commands::keep);
record!(activities::Draft, activities::commands::keep);
record!(places::Draft, places::commands::keep);
record!(themes::Draft, themes::commands::keep);
record!(StepLabel, themes::commands::keep_step);
record!(Audience, themes::commands::keep_audience);
record!(HelpLine, words::commands::keep_help_line);
record!(Closure, closures::keep);
record!(dossiers::Draft, dossiers::commands::keep);
record!(FaqDraft, faq_commands::keep);

impl Record for zones::Draft {
    async fn keep(&self, conn: &mut PgConnection) -> Result<(), CommandError> {
        zones::commands::keep(conn, &Actor::Import, Act::Register, self).await?;
        zones::commands::tie(conn, self).await
    }
}

pub fn slug(name: &str) -> Slug {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    Slug::parse(&words.join("-")).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn upkeep(state: State) -> Upkeep {
    Upkeep {
        state,
        source_url: String::new(),
        source_year: None,
        checked_at: Some(day("2026-11-01")),
    }
}

/// Declares the three ways to finish a builder.
macro_rules! finishers {
    ($builder:ty, $draft:ty, |$this:ident, $state:ident| $set:expr) => {
        impl $builder {
            pub fn published(self) -> $draft {
                self.in_state(State::Published)
            }
            pub fn draft(self) -> $draft {
                self.in_state(State::Draft)
            }
            #[allow(dead_code, reason = "not every kind is withdrawn in a test")]
            pub fn withdrawn(self) -> $draft {
                self.in_state(State::Withdrawn)
            }
            fn in_state(self, $state: State) -> $draft {
                let mut $this = self.0;
                $set;
                $this
            }
        }
    };
}

pub struct OrganisationBuilder(organisations::Draft);

impl OrganisationBuilder {
    pub fn new(name: &str) -> Self {
        Self(organisations::Draft {
            slug: slug(name),
            name: name.to_owned(),
            kind: organisations::Kind::Voluntary,
            summary: format!("Wat {name} voor u doet."),
            detail: String::new(),
            phone: Some("0570 123456".to_owned().try_into().unwrap()),
            email: None,
            website: None,
            opening_hours: String::new(),
            place: None,
            zones: None,
            themes: vec![slug("ontmoeten")],
            audiences: vec![slug("iedereen")],
            step: Step::Open,
            contracted: Vec::new(),
            picture: None,
            upkeep: upkeep(State::Draft),
        })
    }

    pub fn in_zone(mut self, zone: &str) -> Self {
        self.0.zones.get_or_insert_default().push(slug(zone));
        self
    }

    pub fn detail(mut self, text: &str) -> Self {
        text.clone_into(&mut self.0.detail);
        self
    }

    pub fn at(mut self, place: &str) -> Self {
        self.0.place = Some(slug(place));
        self
    }

    pub fn about(mut self, theme: &str) -> Self {
        self.0.themes = vec![slug(theme)];
        self
    }

    pub fn step(mut self, step: Step) -> Self {
        self.0.step = step;
        self
    }

    pub fn open(mut self, hours: &str) -> Self {
        hours.clone_into(&mut self.0.opening_hours);
        self
    }
}

finishers!(OrganisationBuilder, organisations::Draft, |draft, state| {
    draft.upkeep = upkeep(state);
});

pub struct PlaceBuilder(places::Draft);

impl PlaceBuilder {
    pub fn new(name: &str) -> Self {
        Self(places::Draft {
            slug: slug(name),
            name: name.to_owned(),
            kind: places::Kind::CommunityCentre,
            summary: format!("Wat er in {name} is."),
            detail: String::new(),
            zone: Some(slug("voorstad")),
            addresses: Vec::new(),
            meeting_place: true,
            main_meeting_place: false,
            staffed: None,
            historic: false,
            wheelchair: Wheelchair::Yes,
            accessibility: String::new(),
            opening_hours: String::new(),
            phone: None,
            email: None,
            website: None,
            address_hidden: false,
            upkeep: upkeep(State::Draft),
        })
    }

    pub fn detail(mut self, text: &str) -> Self {
        text.clone_into(&mut self.0.detail);
        self
    }

    pub fn in_zone(mut self, zone: &str) -> Self {
        self.0.zone = Some(slug(zone));
        self
    }

    pub fn address(self, street: &str) -> Self {
        self.address_between(street, None, None)
    }

    pub fn address_between(
        mut self,
        street: &str,
        from: Option<&str>,
        until: Option<&str>,
    ) -> Self {
        self.0.addresses.push(DatedAddress {
            from: from.map(day),
            until: until.map(day),
            address: Address {
                street: street.to_owned(),
                house_number: "12".to_owned(),
                postcode: Some("7411KS".to_owned().try_into().unwrap()),
                city: "Deventer".to_owned(),
                point: wijzer::base::geo::GeoPoint::new(52.25, 6.16),
            },
        });
        self
    }

    pub fn hidden(mut self) -> Self {
        self.0.address_hidden = true;
        self
    }

    pub fn open(mut self, hours: &str) -> Self {
        hours.clone_into(&mut self.0.opening_hours);
        self
    }

    pub fn historic(mut self) -> Self {
        self.0.historic = true;
        self
    }
}

finishers!(PlaceBuilder, places::Draft, |draft, state| draft.upkeep =
    upkeep(state));

/// A day on which a place is closed, or open at other hours.
pub fn closed(name: &str, on: &str, place: &str, hours: Option<&str>) -> Closure {
    Closure {
        name: name.to_owned(),
        start: day(on),
        end: day(on),
        certain: true,
        kind: closures::Kind::Place,
        place: Some(slug(place)),
        hours: hours.map(str::to_owned),
    }
}

pub struct ActivityBuilder(activities::Draft);

impl ActivityBuilder {
    pub fn new(title: &str, organisation: &str) -> Self {
        Self(activities::Draft {
            slug: slug(title),
            title: title.to_owned(),
            organisation: slug(organisation),
            place: None,
            kind: activities::Kind::Meeting,
            summary: format!("Wat u doet bij {title}."),
            detail: String::new(),
            themes: vec![slug("ontmoeten")],
            audiences: vec![slug("iedereen")],
            step: Step::Network,
            cost_cents: Some(0),
            cost_text: String::new(),
            signup: activities::Signup::None,
            signup_text: String::new(),
            languages: Vec::new(),
            schedules: Vec::new(),
            status: activities::Status::Confirmed,
            status_note: String::new(),
            provenance: activities::Provenance::Source,
            picture: None,
            upkeep: upkeep(State::Draft),
        })
    }

    pub fn detail(mut self, text: &str) -> Self {
        text.clone_into(&mut self.0.detail);
        self
    }

    pub fn at(mut self, place: &str) -> Self {
        self.0.place = Some(slug(place));
        self
    }

    /// Two hours, once.
    pub fn once(self, starts_at: &str) -> Self {
        self.repeating(starts_at, None, None)
    }

    /// Two hours every week, until and including a day.
    pub fn weekly(self, starts_at: &str, until: Option<&str>) -> Self {
        self.repeating(starts_at, Some("FREQ=WEEKLY"), until)
    }

    fn repeating(mut self, starts_at: &str, rule: Option<&str>, until: Option<&str>) -> Self {
        self.0.schedules.push(Schedule {
            rrule: rule.map(str::to_owned),
            until: until.map(day),
            ..Schedule::once(
                NaiveDateTime::parse_from_str(starts_at, "%Y-%m-%dT%H:%M").unwrap(),
                Some(120),
            )
        });
        self
    }

    pub fn cancelled(mut self) -> Self {
        self.0.status = activities::Status::Cancelled;
        self
    }
}

finishers!(ActivityBuilder, activities::Draft, |draft, state| draft
    .upkeep =
    upkeep(state));

pub struct ZoneBuilder(zones::Draft);

impl ZoneBuilder {
    pub fn new(name: &str) -> Self {
        Self(zones::Draft {
            slug: slug(name),
            name: name.to_owned(),
            kind: zones::Kind::Neighbourhood,
            summary: format!("Hoe {name} is."),
            point: None,
            boundary: None,
            aliases: Vec::new(),
            postcodes: Vec::new(),
            neighbours: Vec::new(),
            valid_from: None,
            valid_until: None,
            successor: None,
            upkeep: upkeep(State::Draft),
        })
    }

    pub fn beside(mut self, neighbour: &str) -> Self {
        self.0.neighbours.push(slug(neighbour));
        self
    }

    pub fn until(mut self, last: &str, successor: &str) -> Self {
        self.0.valid_until = Some(day(last));
        self.0.successor = Some(slug(successor));
        self
    }
}

finishers!(ZoneBuilder, zones::Draft, |draft, state| draft.upkeep =
    upkeep(state));

pub struct DossierBuilder(dossiers::Draft);

impl DossierBuilder {
    pub fn new(title: &str) -> Self {
        Self(dossiers::Draft {
            slug: slug(title),
            title: title.to_owned(),
            theme: slug("ontmoeten"),
            audiences: Vec::new(),
            intro: format!("Waar {title} over gaat."),
            own: "Zelf proberen.".to_owned(),
            network: "Samen doen.".to_owned(),
            open: "Binnenlopen.".to_owned(),
            access: "Aanvragen.".to_owned(),
            urgent: String::new(),
            organisations: Vec::new(),
            keywords: Vec::new(),
            position: 0,
            state: State::Draft,
            checked_at: None,
        })
    }
}

finishers!(DossierBuilder, dossiers::Draft, |draft, state| draft
    .state =
    state);

pub struct QuestionBuilder(FaqDraft);

impl QuestionBuilder {
    pub fn new(question: &str) -> Self {
        Self(FaqDraft {
            slug: slug(question),
            question: question.to_owned(),
            answer: "Zo gaat dat.".to_owned(),
            theme: slug("ontmoeten"),
            dossier: None,
            audiences: Vec::new(),
            keywords: Vec::new(),
            position: 0,
            state: State::Draft,
            checked_at: None,
        })
    }
}

finishers!(QuestionBuilder, FaqDraft, |draft, state| draft.state =
    state);

/// The words that every record needs, and two zones that are neighbours.
pub async fn small_town(pool: &PgPool) {
    let mut conn = pool.begin().await.unwrap();
    for (position, step) in (1..).zip(Step::ALL) {
        let label = step.dutch().to_owned();
        let step = StepLabel {
            step: *step,
            label,
            meaning: String::new(),
            position,
        };
        step.keep(&mut conn).await.unwrap();
    }
    for (position, name) in (0..).zip(["Ontmoeten", "Veiligheid", "Geld"]) {
        let theme = themes::Draft {
            slug: slug(name),
            name: name.to_owned(),
            parent: None,
            delicate: name == "Veiligheid",
            summary: "Waar het over gaat.".to_owned(),
            position,
        };
        theme.keep(&mut conn).await.unwrap();
    }
    Audience {
        slug: slug("iedereen"),
        name: "Iedereen".to_owned(),
        position: 0,
    }
    .keep(&mut conn)
    .await
    .unwrap();
    ZoneBuilder::new("Voorstad")
        .published()
        .keep(&mut conn)
        .await
        .unwrap();
    ZoneBuilder::new("Centrum")
        .beside("voorstad")
        .published()
        .keep(&mut conn)
        .await
        .unwrap();
    ZoneBuilder::new("Voorstad")
        .beside("centrum")
        .published()
        .keep(&mut conn)
        .await
        .unwrap();
    conn.commit().await.unwrap();
}
