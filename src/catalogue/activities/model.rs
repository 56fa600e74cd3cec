use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::base::{Label, Slug, dutch, id::ActivityId, money};
use crate::catalogue::Upkeep;
use crate::catalogue::agenda::{self, Change, Closure, Happening, Occurrence, Schedule};
use crate::catalogue::pictures::{Picture, Shown};
use crate::catalogue::places::Wheelchair;
use crate::catalogue::themes::Step;
use crate::text_enum;

text_enum! {
    Kind {
        Meeting = "meeting", "ontmoeting";
        Consultation = "consultation", "spreekuur";
        Sport = "sport", "sport en bewegen";
        Support = "support", "hulp en steun";
        Meal = "meal", "samen eten";
        InformationMeeting = "information_meeting", "bijeenkomst";
        Creative = "creative", "creatief";
        Course = "course", "cursus";
        Volunteering = "volunteering", "vrijwilligerswerk";
        Online = "online", "online";
        Transport = "transport", "vervoer";
    }
}

text_enum! {
    /// How to join.
    Signup {
        None = "none", "Niet nodig. U kunt zo komen";
        Phone = "phone", "Bel eerst";
        Email = "email", "Stuur eerst een mail";
        Website = "website", "Meld u aan op de website";
        Referral = "referral", "Via een verwijzing";
    }
}

text_enum! {
    /// Whether the offer as a whole goes on as planned.
    Status {
        Confirmed = "confirmed", "gaat door";
        Cancelled = "cancelled", "gaat niet door";
        Moved = "moved", "verplaatst";
        Postponed = "postponed", "uitgesteld";
    }
}

text_enum! {
    /// Whether the activity was seen in a source or made up for the demonstration.
    Provenance {
        Source = "source", "uit een bron";
        Example = "example", "voorbeeld";
    }
}

/// An activity as the tables and forms hold it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub slug: Slug,
    pub title: String,
    pub organisation: Slug,
    pub place: Option<Slug>,
    pub kind: Kind,
    pub summary: String,
    /// More about it, as [`crate::prose`] reads it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    pub themes: Vec<Slug>,
    pub audiences: Vec<Slug>,
    pub step: Step,
    /// Euro cents; `None`: not known.
    pub cost_cents: Option<i32>,
    pub cost_text: String,
    pub signup: Signup,
    pub signup_text: String,
    /// ISO 639-1 codes; empty: Dutch only.
    pub languages: Vec<String>,
    pub schedules: Vec<Schedule>,
    pub status: Status,
    pub status_note: String,
    pub provenance: Provenance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    pub upkeep: Upkeep,
}

/// Where an activity is held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Venue {
    pub slug: String,
    pub name: String,
    pub zone: Option<Label>,
    pub wheelchair: Wheelchair,
}

/// An activity in lists and the agenda.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    pub id: ActivityId,
    /// How often it was changed, and when last.
    pub version: i32,
    pub changed_at: DateTime<Utc>,
    pub slug: String,
    pub title: String,
    pub kind: Kind,
    pub summary: String,
    pub organisation: Label,
    pub venue: Option<Venue>,
    pub step: Step,
    pub cost_cents: Option<i32>,
    pub cost_text: String,
    pub status: Status,
    pub status_note: String,
    /// Made up for the demonstration.
    pub example: bool,
    pub schedules: Vec<Schedule>,
    /// The closures that its schedules may follow.
    pub closures: Vec<Closure>,
    /// Where it is on days that are moved.
    pub elsewhere: Vec<Venue>,
}

/// An activity's page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    pub card: Card,
    /// More about it, as [`crate::prose`] reads it; may be empty.
    pub detail: String,
    pub organiser: Slug,
    pub place: Option<Slug>,
    pub themes: Vec<Label>,
    pub audiences: Vec<Label>,
    pub signup: Signup,
    pub signup_text: String,
    pub languages: Vec<String>,
    pub provenance: Provenance,
    pub picture: Option<Shown>,
    pub upkeep: Upkeep,
}

/// The end of a series is told when it is no further away.
const SOON: Days = Days::new(120);

impl Card {
    #[must_use]
    pub fn free_of_charge(&self) -> bool {
        self.cost_cents == Some(0)
    }

    /// What it costs, in words; empty when not known.
    #[must_use]
    pub fn cost(&self) -> String {
        match (self.cost_text.as_str(), self.cost_cents) {
            ("", Some(0)) => "Gratis".to_owned(),
            ("", Some(cents)) => money::euros(cents),
            (text, _) => text.to_owned(),
        }
    }

    /// The coming dates up to and including a day, in order; none when it is called off.
    #[must_use]
    pub fn coming(
        &self,
        now: NaiveDateTime,
        until: NaiveDate,
        limit: usize,
    ) -> Vec<Occurrence<'_>> {
        self.found(limit, |schedule| {
            agenda::coming(schedule, &self.closures, now, until, limit)
        })
    }

    /// As [`Card::coming`], with the dates that do not go on.
    #[must_use]
    pub fn dates(&self, now: NaiveDateTime, until: NaiveDate, limit: usize) -> Vec<Occurrence<'_>> {
        self.found(limit, |schedule| {
            agenda::dates(schedule, &self.closures, now, until, limit)
        })
    }

    fn found<'a>(
        &'a self,
        limit: usize,
        of: impl Fn(&'a Schedule) -> Vec<Occurrence<'a>>,
    ) -> Vec<Occurrence<'a>> {
        if self.status == Status::Cancelled {
            return Vec::new();
        }
        let mut dates: Vec<Occurrence> = self.schedules.iter().flat_map(of).collect();
        dates.sort_by_key(Occurrence::moment);
        dates.dedup_by_key(|date| date.moment());
        dates.truncate(limit);
        dates
    }

    /// Where one of its dates is.
    #[must_use]
    pub fn venue_on(&self, date: &Occurrence<'_>) -> Option<&Venue> {
        let moved = date.change().and_then(|change| change.place.as_ref());
        let elsewhere = |slug: &Slug| self.elsewhere.iter().find(|v| v.slug == slug.as_str());
        moved.and_then(elsewhere).or(self.venue.as_ref())
    }

    /// What is different on one of its dates: "Verplaatst van dinsdag 1 december",
    /// "Gaat niet door: de begeleider is ziek".
    #[must_use]
    pub fn note_of(&self, date: &Occurrence<'_>, today: NaiveDate) -> Option<String> {
        let (what, reason) = match date.happening {
            Happening::Planned if date.by_appointment => ("Alleen op afspraak".to_owned(), ""),
            Happening::Planned => return None,
            Happening::Closed(closure) => ("Gaat niet door".to_owned(), closure.name.as_str()),
            Happening::Off(change) => {
                (dutch::sentence(change.kind.dutch()), change.reason.as_str())
            }
            Happening::Moved(change) => (self.moved(date, change, today), change.reason.as_str()),
        };
        let colon = if reason.is_empty() { "" } else { ": " };
        Some(format!("{what}{colon}{reason}"))
    }

    fn moved(&self, date: &Occurrence<'_>, change: &Change, today: NaiveDate) -> String {
        let place = change.place.as_ref().and_then(|_| self.venue_on(date));
        let place = place.map(|venue| format!("Nu in {}", venue.name));
        let former = change.recurrence;
        let time = change.starts_at.map(|at| {
            if at.date() == former.date() {
                format!("Andere tijd, eerst {} uur", dutch::time(former.time()))
            } else {
                let day = dutch::day_seen_from(former.date(), today);
                format!("Verplaatst van {day}")
            }
        });
        let words: Vec<String> = time.into_iter().chain(place).collect();
        if words.is_empty() {
            "Duurt korter of langer dan anders".to_owned()
        } else {
            words.join(". ")
        }
    }

    /// Everything it had is over: it had dates, and none is to come.
    #[must_use]
    pub fn is_over(&self, now: NaiveDateTime) -> bool {
        !self.schedules.is_empty() && self.lasting(now).next().is_none()
    }

    /// The schedules that have a date to come.
    pub fn lasting(&self, now: NaiveDateTime) -> impl Iterator<Item = &Schedule> {
        let ahead = move |s: &&Schedule| {
            !agenda::coming(s, &self.closures, now, NaiveDate::MAX, 1).is_empty()
        };
        self.schedules.iter().filter(ahead)
    }

    /// What is to be known beside its dates; `None` when all days that it names have passed.
    #[must_use]
    pub fn note(&self, today: NaiveDate) -> Option<&str> {
        let over = dutch::last_day_in(&self.status_note, today).is_some_and(|day| day < today);
        (!over && !self.status_note.is_empty()).then_some(self.status_note.as_str())
    }

    /// What a list must say so that nobody goes to a closed door.
    #[must_use]
    pub fn warnings(&self, today: NaiveDate) -> Option<String> {
        let example = self.example.then_some("Verzonnen voorbeeld");
        let words: Vec<&str> = example.into_iter().chain(self.note(today)).collect();
        (!words.is_empty()).then(|| words.join(". "))
    }

    /// "elke dinsdag" for a series, "elke dinsdag en elke 1e zaterdag van de maand" for two.
    #[must_use]
    pub fn rhythm(&self, now: NaiveDateTime) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        for schedule in self.lasting(now) {
            let Some(rhythm) = agenda::rhythm(schedule) else {
                continue;
            };
            let rhythm = match agenda::ends_on(std::slice::from_ref(schedule)) {
                Some(last) if last <= now.date() + SOON => {
                    let day = dutch::day_seen_from(last, now.date());
                    format!("{rhythm} tot en met {day}")
                }
                _ => rhythm,
            };
            // A morning and an afternoon on the same day.
            if !words.contains(&rhythm) {
                words.push(rhythm);
            }
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        (!words.is_empty()).then(|| dutch::list(&words))
    }

    /// When it is, for what has no dates: nobody waits at a door for a website.
    #[must_use]
    pub fn any_time(&self) -> &'static str {
        match self.kind {
            Kind::Online => "Online, wanneer u wilt",
            Kind::Support | Kind::Transport => "Bel voor een afspraak",
            _ => "Bel voor tijden",
        }
    }
}

/// Languages that things are offered in, by ISO 639-1 code.
pub const LANGUAGES: [(&str, &str); 14] = [
    ("nl", "Nederlands"),
    ("en", "Engels"),
    ("ar", "Arabisch"),
    ("ti", "Tigrinya"),
    ("tr", "Turks"),
    ("pl", "Pools"),
    ("uk", "Oekraïens"),
    ("de", "Duits"),
    ("fr", "Frans"),
    ("es", "Spaans"),
    ("so", "Somalisch"),
    ("fa", "Farsi"),
    ("ru", "Russisch"),
    ("zh", "Chinees"),
];

/// The Dutch name of a language by its ISO 639-1 code; the code itself when we do not know it.
#[must_use]
pub fn language(code: &str) -> &str {
    let known = LANGUAGES.iter().find(|(known, _)| *known == code);
    known.map_or(code, |(_, name)| *name)
}
