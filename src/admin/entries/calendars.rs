use chrono_tz::Europe::Amsterdam;

use super::{Entry, Removal};
use crate::admin::fields::Errors;
use crate::admin::page::House;
use crate::admin::sheet::common::{self, choices};
use crate::admin::sheet::{Choice, Field, Fields, Input, Surroundings};
use crate::base::contact::WebAddress;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::calendar_sources::{Draft, Managed, Outcome, Run};
use crate::catalogue::themes::Step;
use crate::catalogue::{State, Vocabulary, activities};
use crate::fetch::Link;

/// How often a calendar can be read: minutes, and in words.
const RHYTHMS: [(i32, &str); 4] = [
    (60, "elk uur"),
    (Draft::EVERY_MINUTES, "elke 6 uur"),
    (24 * 60, "elke dag"),
    (7 * 24 * 60, "elke week"),
];

impl Entry for Managed {
    const PATH: &'static str = "agendas";
    const MANY: &'static str = "Agenda’s van organisaties";
    const NEW: &'static str = "Nieuwe agenda";
    const ABOUT: &'static str = "Houdt een organisatie zelf een digitale agenda bij? Dan lezen wij die mee, en hoeft u niets over te typen. Wat u hier zelf verandert aan een activiteit, blijft staan.";

    fn title(&self) -> String {
        self.draft.name.clone()
    }
    fn more(&self) -> String {
        if self.draft.enabled {
            self.last
                .as_ref()
                .map_or_else(|| "Nog niet gelezen.".to_owned(), told)
        } else {
            "Staat stil.".to_owned()
        }
    }
    fn intro(&self) -> String {
        self.more()
    }
    fn section(names: &Vocabulary, base: Option<&Self>) -> Vec<Field> {
        let base = base.map(|base| &base.draft);
        let mut rhythms: Vec<Choice> = RHYTHMS
            .iter()
            .map(|(minutes, name)| Choice::new(minutes.to_string(), *name))
            .collect();
        if let Some(minutes) = base.map(|base| base.every_minutes)
            && RHYTHMS.iter().all(|(known, _)| *known != minutes)
        {
            rhythms.push(Choice::new(
                minutes.to_string(),
                format!("elke {minutes} minuten"),
            ));
        }
        let kept = base.is_some_and(|base| base.url.is_some());
        vec![
            Field::line("naam", "Naam", "Bijvoorbeeld: agenda van het wijkcentrum."),
            Field::new(
                "organisatie",
                "Van welke organisatie?",
                "Typ de naam en kies uit de lijst.",
                Input::Record(RecordKind::Organisation),
            ),
            Field::new(
                "adres",
                "Adres van de agenda",
                if kept {
                    "Dit is ingevuld. Wij laten het niet zien, want er kan een sleutel in staan. Leeg: het blijft zo."
                } else {
                    "De organisatie vindt dit bij ‘delen’ of ‘iCal’ in haar agenda. Het begint met https:// of webcal://"
                },
                Input::Line {
                    kind: "text",
                    most: 2000,
                },
            ),
            Field::new(
                "plek",
                "Waar is het, als de agenda niets zegt?",
                "Leeg: geen vaste plek.",
                Input::Record(RecordKind::Place),
            ),
            Field::new(
                "soort",
                "Soort activiteit",
                "",
                Input::One(choices!(activities::Kind)),
            ),
            Field::new("stap", "Wat voor hulp is het?", "", common::steps(names)),
            Field::new("themas", "Thema’s", "", common::themes(names)),
            Field::new("doelgroepen", "Doelgroepen", "", common::audiences(names)),
            Field::new(
                "online",
                "Zet nieuwe activiteiten meteen online",
                "Doe dit alleen bij een agenda die u vertrouwt. Anders worden het concepten.",
                Input::Flag,
            ),
            Field::new("ritme", "Hoe vaak lezen wij hem?", "", Input::One(rhythms)),
            Field::new("stil", "Lees deze agenda nu niet", "", Input::Flag),
        ]
    }
    fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("soort", activities::Kind::Meeting.as_str());
        fields.set("stap", Step::Network.as_str());
        fields.say("ritme", Draft::EVERY_MINUTES);
        fields
    }
    fn fields(&self, around: &Surroundings<'_>) -> Fields {
        let draft = &self.draft;
        let mut fields = Fields::default();
        fields.set("naam", &draft.name);
        fields.set(
            "organisatie",
            around.title_of(RecordKind::Organisation, &draft.organisation),
        );
        let place = draft.place.as_ref();
        let place = place.map(|place| around.title_of(RecordKind::Place, place));
        fields.set("plek", place.unwrap_or_default());
        fields.set("soort", draft.kind.as_str());
        fields.set("stap", draft.step.as_str());
        fields.set_all("themas", &draft.themes);
        fields.set_all("doelgroepen", &draft.audiences);
        fields.flag("online", draft.new_state == State::Published);
        fields.say("ritme", draft.every_minutes);
        fields.flag("stil", !draft.enabled);
        fields
    }
    fn named(&self) -> Vec<(RecordKind, Slug)> {
        let organisation = (RecordKind::Organisation, self.draft.organisation.clone());
        let place = self.draft.place.clone();
        let place = place.map(|place| (RecordKind::Place, place));
        std::iter::once(organisation).chain(place).collect()
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let base = base.map(|base| &base.draft);
        let name = common::required(fields, errors, ("naam", "een naam"), 100);
        let organisation = common::read_record(
            fields,
            errors,
            "organisatie",
            RecordKind::Organisation,
            around,
        );
        if organisation == Some(None) {
            errors.add(
                "organisatie",
                "Vul in van welke organisatie deze agenda is.",
            );
        }
        let wrong = "Dit is geen adres van een agenda. Het begint met https:// of webcal://, en er staat geen naam of wachtwoord in.";
        let typed = common::optional(fields, errors, "adres", wrong, address);
        if typed == Some(None) && base.is_none() {
            errors.add("adres", "Vul het adres van de agenda in.");
        }
        let place = common::read_record(fields, errors, "plek", RecordKind::Place, around);
        let kind = common::chosen(fields, errors, "soort");
        let step = common::chosen(fields, errors, "stap");
        let themes = common::read_themes(fields, base.map(|base| &base.themes[..]), around, errors);
        let minutes = fields.text("ritme").parse().ok();
        let known = |minutes: &i32| {
            RHYTHMS.iter().any(|(known, _)| known == minutes)
                || base.is_some_and(|base| base.every_minutes == *minutes)
        };
        let every_minutes = errors.take("ritme", "Kies er een.", minutes.filter(known).ok_or(()));
        let name = name?;
        let slug = common::slug_of(base.map(|base| &base.slug), &name, errors, "naam");
        if !errors.is_empty() {
            return None;
        }
        let unpublished = base.map_or(State::Draft, |base| base.new_state);
        Some(Self {
            draft: Draft {
                slug: slug?,
                name,
                organisation: organisation??,
                url: typed?.or_else(|| base.and_then(|base| base.url.clone())),
                kind: kind?,
                step: step?,
                place: place?,
                themes,
                audiences: fields.slugs("doelgroepen", base.map(|base| &base.audiences[..])),
                new_state: match (fields.is_on("online"), unpublished) {
                    (true, _) => State::Published,
                    (false, State::Published) => State::Draft,
                    (false, before) => before,
                },
                every_minutes: every_minutes?,
                enabled: !fields.is_on("stil"),
            },
            last: None,
        })
    }
    fn removal(&self, _: &House) -> Option<Removal> {
        Some(Removal {
            title: "Niet meer volgen",
            text: "De activiteiten uit deze agenda blijven staan. U houdt ze dan zelf bij."
                .to_owned(),
            button: "Volg deze agenda niet meer",
        })
    }
}

fn address(text: &str) -> Result<WebAddress, ()> {
    let link = Link::parse(text).map_err(drop)?;
    WebAddress::parse(&link.to_string()).map_err(drop)
}

/// What came of a run, in a sentence.
fn told(run: &Run) -> String {
    let at = run.at.with_timezone(&Amsterdam);
    let when = format!(
        "{} om {} uur",
        dutch::date(at.date_naive()),
        dutch::time(at.time())
    );
    match run.outcome {
        Outcome::Unchanged => format!("Gelezen op {when}: niets nieuws."),
        Outcome::Refused => {
            format!("Lezen lukte niet op {when}. Er is niets veranderd. Werkt het adres nog?")
        }
        Outcome::Done => {
            let counts = [
                (run.registered, "nieuw"),
                (run.revised, "veranderd"),
                (run.withdrawn, "weg uit de agenda"),
                (run.kept, "hier zelf aangepast"),
                (run.refused, "niet te lezen"),
            ];
            let some: Vec<String> = counts
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} {what}"))
                .collect();
            let what = if some.is_empty() {
                "niets nieuws".to_owned()
            } else {
                some.join(", ")
            };
            format!("Gelezen op {when}: {what}.")
        }
    }
}
