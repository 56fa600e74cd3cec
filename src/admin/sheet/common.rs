//! Fields that several kinds of record have.

use chrono::NaiveDate;

use super::{Choice, Field, Fields, Input, Section, Surroundings};
use crate::admin::fields::Errors;
use crate::base::contact::{Email, Phone, WebAddress};
use crate::base::{RecordKind, Slug};
use crate::catalogue::hours::{Hours, HoursFault, dutch};
use crate::catalogue::pictures::Picture;
use crate::catalogue::themes::Step;
use crate::catalogue::{State, Upkeep, Vocabulary};

/// The field that tells of a photo.
pub const PICTURE: &str = "foto";

/// The field in which someone says that all of it is right.
pub const CHECKED: &str = "nagekeken";

/// The field of the opening hours.
const HOURS: &str = "openingstijden";

/// Words that a summary should not exceed.
pub const SUMMARY: usize = 60;

/// Words that a longer text should not exceed: a detail, a text of a dossier, an answer.
pub const DETAIL: usize = 150;

/// As the database holds it.
const LONGEST_DETAIL: usize = 4000;

/// What may be written in a longer text, as help.
macro_rules! marks {
    () => {
        "Een lege regel begint een nieuwe alinea. Vet: **zo**. Lijst: begin elke regel met een streepje en een spatie. Link: [naam](https://adres.nl)."
    };
}
pub(crate) use marks;

pub fn themes(names: &Vocabulary) -> Input {
    Input::Many(theme_choices(names))
}

/// Main themes, each with its sub-themes.
pub fn theme_choices(names: &Vocabulary) -> Vec<Choice> {
    let mut choices = Vec::new();
    for top in names.top_themes() {
        choices.push(Choice::new(&top.slug, &top.name));
        for sub in names.sub_themes(&top.slug) {
            choices.push(Choice::new(
                &sub.slug,
                format!("{}: {}", top.name, sub.name),
            ));
        }
    }
    choices
}

pub fn audiences(names: &Vocabulary) -> Input {
    let choices = names.audiences.iter();
    Input::Many(
        choices
            .map(|one| Choice::new(one.slug.as_str(), &one.name))
            .collect(),
    )
}

pub fn zones(names: &Vocabulary) -> Vec<Choice> {
    names
        .zones
        .iter()
        .map(|zone| Choice::new(&zone.slug, &zone.name))
        .collect()
}

pub fn steps(names: &Vocabulary) -> Input {
    let label = |step: &Step| {
        let own = names.steps.iter().find(|label| label.step == *step);
        own.map_or_else(|| step.dutch().to_owned(), |label| label.label.clone())
    };
    Input::One(
        Step::ALL
            .iter()
            .map(|step| Choice::new(step.as_str(), label(step)))
            .collect(),
    )
}

/// The values of a closed list, each with its Dutch word.
macro_rules! choices {
    ($kind:ty) => {
        <$kind>::ALL
            .iter()
            .map(|one| {
                crate::admin::sheet::Choice::new(
                    one.as_str(),
                    crate::base::dutch::sentence(one.dutch()),
                )
            })
            .collect::<Vec<_>>()
    };
}
pub(crate) use choices;

pub fn contact_fields() -> Vec<Field> {
    let line = |kind, most| Input::Line { kind, most };
    vec![
        Field::new(
            "telefoon",
            "Telefoonnummer",
            "Bijvoorbeeld 0570 123456.",
            line("tel", 25),
        ),
        Field::new(
            "email",
            "E-mailadres",
            "Liefst van een functie: info@voorbeeld.nl.",
            line("email", 254),
        ),
        Field::new(
            "website",
            "Website",
            "Bijvoorbeeld www.voorbeeld.nl.",
            line("url", 500),
        ),
    ]
}

pub fn hours_field() -> Field {
    Field::new(
        HOURS,
        "Openingstijden",
        "Bijvoorbeeld: ma-vr 9:00-12:00, 13:00-17:00; za op afspraak; feestdagen dicht. Zet een puntkomma tussen dagen met andere tijden. Leeg: niet bekend.",
        Input::Line {
            kind: "text",
            most: 400,
        },
    )
}

pub fn detail_field() -> Field {
    Field::new(
        "uitleg",
        "Wilt u er meer over vertellen?",
        concat!(
            "Hoogstens 150 woorden, onder de samenvatting. Mag leeg blijven. ",
            marks!()
        ),
        Input::Text {
            words: Some(DETAIL),
            rows: 8,
        },
    )
}

pub fn read_detail(fields: &Fields, errors: &mut Errors) -> Option<String> {
    text(fields, errors, "uitleg", LONGEST_DETAIL)
}

pub fn picture_field() -> Field {
    Field::new(PICTURE, "Foto", "", Input::Picture)
}

pub fn upkeep_section() -> Section {
    Section::new(
        "Bron en controle",
        vec![
            Field::new(
                "bron",
                "Waar komt dit vandaan?",
                "Het adres van een webpagina, of de naam van een folder of persoon met functie.",
                Input::Line {
                    kind: "text",
                    most: 500,
                },
            ),
            Field::new(
                "bronjaar",
                "Jaar van de bron",
                "Bijvoorbeeld 2026.",
                Input::Line {
                    kind: "text",
                    most: 4,
                },
            ),
            Field::new(
                CHECKED,
                "Ik heb alles nagekeken, en het klopt vandaag",
                "",
                Input::Flag,
            ),
        ],
    )
}

pub fn write_contact(
    fields: &mut Fields,
    phone: Option<&Phone>,
    email: Option<&Email>,
    website: Option<&WebAddress>,
) {
    fields.set("telefoon", phone.map_or("", Phone::as_str));
    fields.set("email", email.map_or("", Email::as_str));
    fields.set("website", website.map_or("", WebAddress::as_str));
}

/// For differences: which photo, and what it says.
pub fn write_picture(fields: &mut Fields, picture: Option<&Picture>) {
    let told = picture.map(|it| format!("{} (foto {:.8})", it.alt, it.id.as_str()));
    fields.set(PICTURE, told.unwrap_or_default());
}

pub fn write_upkeep(fields: &mut Fields, upkeep: &Upkeep) {
    fields.set("bron", &upkeep.source_url);
    fields.set(
        "bronjaar",
        upkeep
            .source_year
            .map(|year| year.to_string())
            .unwrap_or_default(),
    );
}

/// A text that must be there, of at most so many characters; `what` is asked for where it is not.
pub fn required(
    fields: &Fields,
    errors: &mut Errors,
    (name, what): (&str, &str),
    most: usize,
) -> Option<String> {
    let text = fields.trimmed(name);
    if text.is_empty() {
        errors.add(name, format!("Vul {what} in."));
        return None;
    }
    within(&text, errors, name, most)
}

/// A text of at most so many characters.
pub fn text(fields: &Fields, errors: &mut Errors, name: &str, most: usize) -> Option<String> {
    within(&fields.trimmed(name), errors, name, most)
}

/// What is pasted from elsewhere has points of its own before the items of a list; here they are
/// dashes.
fn with_dashes(text: &str) -> String {
    let item = |line: &str| {
        let rest = line.trim_start().strip_prefix(['•', '·', '▪', '◦'])?;
        Some(format!("- {}", rest.trim_start()))
    };
    let lines = text
        .lines()
        .map(|line| item(line).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

fn within(text: &str, errors: &mut Errors, name: &str, most: usize) -> Option<String> {
    let text = with_dashes(text);
    let length = text.chars().count();
    if length > most {
        errors.add(
            name,
            format!("Dit zijn {length} tekens. Er passen er {most}."),
        );
        return None;
    }
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        errors.add(
            name,
            "Hier staat een teken in dat niet te zien is. Typ de tekst over.",
        );
        return None;
    }
    Some(text)
}

/// A value that may be left empty. The outer `None`: it is filled in wrong.
#[expect(
    clippy::option_option,
    reason = "the outer one is 'wrong', the inner one 'empty'"
)]
pub fn optional<T, E>(
    fields: &Fields,
    errors: &mut Errors,
    name: &str,
    wrong: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Option<Option<T>> {
    let text = fields.trimmed(name);
    if text.is_empty() {
        return Some(None);
    }
    errors.take(name, wrong, parse(&text)).map(Some)
}

/// One of a closed list.
pub fn chosen<T: std::str::FromStr>(fields: &Fields, errors: &mut Errors, name: &str) -> Option<T> {
    errors.take(name, "Kies er een.", fields.text(name).parse())
}

pub type Contact = (Option<Phone>, Option<Email>, Option<WebAddress>);

pub fn read_contact(fields: &Fields, errors: &mut Errors) -> Option<Contact> {
    let phone = optional(
        fields,
        errors,
        "telefoon",
        "Vul een telefoonnummer in, zoals 0570 123456.",
        Phone::parse,
    );
    let email = optional(
        fields,
        errors,
        "email",
        "Vul een e-mailadres in, zoals info@voorbeeld.nl.",
        Email::parse,
    );
    let website = optional(
        fields,
        errors,
        "website",
        "Vul een webadres in, zoals www.voorbeeld.nl.",
        |text| WebAddress::parse(&with_scheme(text)),
    );
    Some((phone?, email?, website?))
}

/// A web address as people say it, `www.voorbeeld.nl`, with the scheme that browsers try first.
fn with_scheme(text: &str) -> String {
    let told = text.contains([':', '@', ' ']) || !text.contains('.');
    if told {
        text.to_owned()
    } else {
        format!("https://{text}")
    }
}

pub fn write_hours(fields: &mut Fields, kept: &str) {
    fields.set(HOURS, dutch::shown(kept));
}

/// Opening hours in the notation in which they are kept; those of `before` that nobody touched
/// stay as they are, to the letter.
pub fn read_hours(fields: &Fields, before: Option<&str>, errors: &mut Errors) -> Option<String> {
    let text = fields.trimmed(HOURS);
    if let Some(before) = before.filter(|before| dutch::shown(before) == text) {
        return Some(before.to_owned());
    }
    if text.is_empty() {
        return Some(text);
    }
    let wrong = "Deze openingstijden begrijpen wij niet. Schrijf ze zoals in het voorbeeld: ma-vr 9:00-17:00; za 10:00-12:00; feestdagen dicht.";
    errors.take(HOURS, wrong, dutch::read(&text, Hours::parse))
}

/// The hours of one day, in the notation in which they are kept.
///
/// # Errors
/// As [`Hours::of_one_day`].
pub fn hours_of_a_day(text: &str) -> Result<String, HoursFault> {
    dutch::read(text, Hours::of_one_day)
}

/// Another record by its name. The outer `None`: there is none of that name.
#[expect(
    clippy::option_option,
    reason = "the outer one is 'wrong', the inner one 'empty'"
)]
pub fn read_record(
    fields: &Fields,
    errors: &mut Errors,
    name: &str,
    kind: RecordKind,
    around: &Surroundings<'_>,
) -> Option<Option<Slug>> {
    let text = fields.trimmed(name);
    if text.is_empty() {
        return Some(None);
    }
    let found = around.named(kind, &text).ok_or(());
    errors
        .take(
            name,
            &format!("Wij kennen niets met de naam “{text}”. Kies een naam uit de lijst."),
            found,
        )
        .map(Some)
}

/// Other records by their names, a line each.
pub fn read_records(
    fields: &Fields,
    errors: &mut Errors,
    name: &str,
    kind: RecordKind,
    around: &Surroundings<'_>,
) -> Option<Vec<Slug>> {
    let mut slugs: Vec<Slug> = Vec::new();
    for line in fields.lines(name) {
        let Some(slug) = around.named(kind, &line) else {
            errors.add(name, format!("Wij kennen niets met de naam “{line}”."));
            return None;
        };
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    Some(slugs)
}

/// The themes that were chosen, the main one first; `before` are those that it had. One that is
/// gone since the form was shown was not chosen.
pub fn read_themes(
    fields: &Fields,
    before: Option<&[Slug]>,
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> Vec<Slug> {
    let mut themes = fields.slugs("themas", before);
    themes.retain(|theme| around.names.theme(theme.as_str()).is_some());
    if themes.is_empty() {
        errors.add("themas", "Kies minstens één thema. Zo vinden bewoners dit.");
    }
    themes
}

/// The day on which it was last found right: today when the form says so.
pub fn checked(
    fields: &Fields,
    before: Option<NaiveDate>,
    around: &Surroundings<'_>,
) -> Option<NaiveDate> {
    if fields.is_on(CHECKED) {
        Some(around.today)
    } else {
        before
    }
}

/// Source, day of check and state; the state stays as it was, or is that of a draft.
pub fn read_upkeep(
    fields: &Fields,
    base: Option<&Upkeep>,
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> Option<Upkeep> {
    let source = text(fields, errors, "bron", 500);
    let year = |text: &str| {
        text.parse::<i16>()
            .ok()
            .filter(|year| (1900..=2100).contains(year))
            .ok_or(())
    };
    let year = optional(
        fields,
        errors,
        "bronjaar",
        "Vul een jaar in, zoals 2026.",
        year,
    );
    let before = base.and_then(|base| base.checked_at);
    Some(Upkeep {
        state: base.map_or(State::Draft, |base| base.state),
        source_url: source?,
        source_year: year?,
        checked_at: checked(fields, before, around),
    })
}

/// The address of a record: as it was, or made of its title.
pub fn slug_of(base: Option<&Slug>, title: &str, errors: &mut Errors, name: &str) -> Option<Slug> {
    if let Some(slug) = base {
        return Some(slug.clone());
    }
    errors.take(
        name,
        "Gebruik hierin minstens één letter of cijfer.",
        Slug::of_title(title).ok_or(()),
    )
}
