use crate::admin::fields::Errors;
use crate::admin::sheet::common::{self, choices};
use crate::admin::sheet::schedules;
use crate::admin::sheet::{Choice, Field, Fields, Input, Section, Sheet, Surroundings};
use crate::base::{RecordKind, Slug};
use crate::catalogue::Vocabulary;
use crate::catalogue::activities::{Draft, Kind, LANGUAGES, Provenance, Signup, Status};
use crate::catalogue::agenda::Closure;
use crate::catalogue::themes::Step;
use crate::catalogue::{LONGEST_NAME, LONGEST_SUMMARY};

impl Sheet for Draft {
    const PATH: &'static str = "activiteiten";
    const MANY: &'static str = "Activiteiten";
    const PICTURED: bool = true;
    const NEW: &'static str = "Nieuwe activiteit";

    fn page(slug: &str) -> String {
        format!("/activiteiten/{slug}")
    }

    #[expect(
        clippy::too_many_lines,
        reason = "a list of fields, read from top to bottom"
    )]
    fn sections(names: &Vocabulary) -> Vec<Section> {
        vec![
            Section::new(
                "Wat",
                vec![
                    Field::line(
                        "titel",
                        "Titel",
                        "Kort en duidelijk. Bijvoorbeeld: Samen eten in Het Huis.",
                    ),
                    Field::words(
                        "samenvatting",
                        "Wat kan een bewoner hier doen?",
                        "In gewone woorden, hoogstens 60.",
                        common::SUMMARY,
                    ),
                    common::detail_field(),
                    Field::new("soort", "Soort activiteit", "", Input::One(choices!(Kind))),
                    Field::new(
                        "organisatie",
                        "Van welke organisatie?",
                        "Typ de naam van de organisatie.",
                        Input::Record(RecordKind::Organisation),
                    ),
                    Field::new(
                        "plek",
                        "Waar is het?",
                        "Typ de naam van de plek. Leeg: geen vaste plek, of online.",
                        Input::Record(RecordKind::Place),
                    ),
                    common::picture_field(),
                ],
            ),
            Section::new(
                "Wanneer",
                vec![Field::new(
                    "momenten",
                    "Tijden",
                    "Laat de dag leeg als er geen vaste tijden zijn.",
                    Input::Schedules,
                )],
            ),
            Section::new(
                "Meedoen",
                vec![
                    Field::new(
                        "bedrag",
                        "Wat kost het?",
                        "In euro’s, zoals 2,50. Gratis: 0. Niet bekend: laat leeg.",
                        Input::Line {
                            kind: "text",
                            most: 12,
                        },
                    ),
                    Field::line(
                        "kosten",
                        "Uitleg bij de kosten",
                        "Bijvoorbeeld: vrije gift, of 5 euro met koffie.",
                    ),
                    Field::new("aanmelden", "Aanmelden", "", Input::One(choices!(Signup))),
                    Field::line(
                        "aanmeldtekst",
                        "Uitleg bij aanmelden",
                        "Bijvoorbeeld: bel voor 12.00 uur.",
                    ),
                    Field::new(
                        "talen",
                        "Andere talen dan Nederlands",
                        "",
                        Input::Many(
                            offered()
                                .map(|(code, name)| Choice::new(code, name))
                                .collect(),
                        ),
                    ),
                ],
            ),
            Section::new(
                "Voor wie en waarvoor?",
                vec![
                    Field::new(
                        "themas",
                        "Thema’s",
                        "Kies er een of meer.",
                        common::themes(names),
                    ),
                    Field::new("doelgroepen", "Doelgroepen", "", common::audiences(names)),
                    Field::new("stap", "Wat voor hulp is het?", "", common::steps(names)),
                ],
            ),
            Section::new(
                "Gaat het door?",
                vec![
                    Field::new(
                        "status",
                        "De hele activiteit",
                        "",
                        Input::One(choices!(Status)),
                    ),
                    Field::line(
                        "bericht",
                        "Bericht voor bewoners",
                        "Bijvoorbeeld: in januari zijn wij dicht.",
                    ),
                ],
            ),
            common::upkeep_section(),
        ]
    }

    fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("soort", Kind::Meeting.as_str());
        fields.set("aanmelden", Signup::None.as_str());
        fields.set("stap", Step::Network.as_str());
        fields.set("status", Status::Confirmed.as_str());
        schedules::blank(&mut fields);
        fields
    }

    fn named(&self) -> Vec<(RecordKind, Slug)> {
        let place = self
            .place
            .iter()
            .map(|place| (RecordKind::Place, place.clone()));
        std::iter::once((RecordKind::Organisation, self.organisation.clone()))
            .chain(place)
            .collect()
    }

    fn fields(&self, around: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("titel", &self.title);
        fields.set("samenvatting", &self.summary);
        fields.set("uitleg", &self.detail);
        fields.set("soort", self.kind.as_str());
        fields.set(
            "organisatie",
            around.title_of(RecordKind::Organisation, &self.organisation),
        );
        let place = self
            .place
            .as_ref()
            .map(|place| around.title_of(RecordKind::Place, place));
        fields.set("plek", place.unwrap_or_default());
        let closures = closures_of(around.closures, self.place.as_ref());
        schedules::write(
            &mut fields,
            &self.schedules,
            &Surroundings {
                closures: &closures,
                ..*around
            },
        );
        fields.set("bedrag", self.cost_cents.map(amount).unwrap_or_default());
        fields.set("kosten", &self.cost_text);
        fields.set("aanmelden", self.signup.as_str());
        fields.set("aanmeldtekst", &self.signup_text);
        fields.set_all("talen", &self.languages);
        fields.set_all("themas", &self.themes);
        fields.set_all("doelgroepen", &self.audiences);
        fields.set("stap", self.step.as_str());
        fields.set("status", self.status.as_str());
        fields.set("bericht", &self.status_note);
        common::write_picture(&mut fields, self.picture.as_ref());
        common::write_upkeep(&mut fields, &self.upkeep);
        fields
    }

    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let title = common::required(fields, errors, ("titel", "een titel"), LONGEST_NAME);
        let summary = common::required(
            fields,
            errors,
            ("samenvatting", "een samenvatting"),
            LONGEST_SUMMARY,
        );
        let detail = common::read_detail(fields, errors);
        let kind = common::chosen(fields, errors, "soort");
        let organisation = common::read_record(
            fields,
            errors,
            "organisatie",
            RecordKind::Organisation,
            around,
        );
        if organisation == Some(None) {
            errors.add("organisatie", "Vul de naam van de organisatie in.");
        }
        let place = common::read_record(fields, errors, "plek", RecordKind::Place, around);
        let closures = closures_of(around.closures, place.as_ref().and_then(Option::as_ref));
        let schedules = schedules::read(
            fields,
            base.map_or(&[], |base| &base.schedules),
            &Surroundings {
                closures: &closures,
                ..*around
            },
            errors,
        );
        let cost = common::optional(
            fields,
            errors,
            "bedrag",
            "Vul een bedrag in, zoals 2,50. Gratis: 0.",
            cents,
        );
        let cost_text = common::text(fields, errors, "kosten", 150);
        let signup = common::chosen(fields, errors, "aanmelden");
        let signup_text = common::text(fields, errors, "aanmeldtekst", 150);
        let themes = common::read_themes(fields, base.map(|base| &base.themes[..]), around, errors);
        let step = common::chosen(fields, errors, "stap");
        let status = common::chosen(fields, errors, "status");
        let status_note = common::text(fields, errors, "bericht", 300);
        let upkeep = common::read_upkeep(fields, base.map(|base| &base.upkeep), around, errors);
        let title = title?;
        let slug = common::slug_of(base.map(|base| &base.slug), &title, errors, "titel");
        if !errors.is_empty() {
            return None;
        }
        Some(Self {
            slug: slug?,
            title,
            organisation: organisation??,
            place: place?,
            kind: kind?,
            summary: summary?,
            detail: detail?,
            themes,
            audiences: fields.slugs("doelgroepen", base.map(|base| &base.audiences[..])),
            step: step?,
            cost_cents: cost?,
            cost_text: cost_text?,
            signup: signup?,
            signup_text: signup_text?,
            languages: languages(fields, base),
            schedules: schedules?,
            status: status?,
            status_note: status_note?,
            provenance: base.map_or(Provenance::Source, |base| base.provenance),
            picture: base.and_then(|base| base.picture.clone()),
            upkeep: upkeep?,
        })
    }
}

/// Languages to choose from: Dutch goes without saying.
fn offered() -> impl Iterator<Item = (&'static str, &'static str)> {
    LANGUAGES.into_iter().filter(|(code, _)| *code != "nl")
}

/// The languages that were chosen, and those that the form does not offer, in the order that they
/// had.
fn languages(fields: &Fields, base: Option<&Draft>) -> Vec<String> {
    let before = base.map_or(&[][..], |base| &base.languages);
    let is_offered = |code: &str| offered().any(|(known, _)| known == code);
    let stays = |code: &&String| fields.has("talen", code) || !is_offered(code);
    let new = fields.all("talen").iter();
    let new = new.filter(|code| is_offered(code) && !before.contains(code));
    before.iter().filter(stays).chain(new).cloned().collect()
}

/// The closures that hold where it is.
fn closures_of(closures: &[Closure], place: Option<&Slug>) -> Vec<Closure> {
    let here = |closure: &&Closure| closure.place.is_none() || closure.place.as_ref() == place;
    closures.iter().filter(here).cloned().collect()
}

/// "2,50"; "0" is free.
fn amount(cents: i32) -> String {
    match (cents / 100, cents % 100) {
        (euros, 0) => euros.to_string(),
        (euros, cents) => format!("{euros},{cents:02}"),
    }
}

/// An amount as people write it: 2,50, 2.50, € 5, gratis.
fn cents(text: &str) -> Result<i32, ()> {
    let text = text
        .trim()
        .trim_start_matches('€')
        .trim()
        .to_lowercase()
        .replace('.', ",");
    if text == "gratis" {
        return Ok(0);
    }
    let (euros, cents) = text.split_once(',').unwrap_or((&text, "00"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let cents = match cents {
        "-" | "" => "00",
        cents => cents,
    };
    if !digits(euros) || !digits(cents) || cents.len() != 2 || euros.len() > 5 {
        return Err(());
    }
    Ok(euros.parse::<i32>().map_err(|_| ())? * 100 + cents.parse::<i32>().map_err(|_| ())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("gratis", Ok(0)),
            ("2,50", Ok(250)),
            ("2.50", Ok(250)),
            ("€ 5", Ok(500)),
            ("5,-", Ok(500)),
            ("12,5", Err(())),
            ("-1", Err(())),
            ("veel", Err(())),
            ("1000000", Err(())),
        ] {
            assert_eq!(cents(text), expected, "{text}");
        }
        for cents_of in [0, 5, 250, 500] {
            assert_eq!(cents(&amount(cents_of)), Ok(cents_of));
        }
    }
}
