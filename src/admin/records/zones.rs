use crate::admin::fields::Errors;
use crate::admin::sheet::common::{self, choices};
use crate::admin::sheet::{Choice, Field, Fields, Input, Section, Sheet, Surroundings};
use crate::base::boundary::Boundary;
use crate::base::geo::GeoPoint;
use crate::base::postcode::Postcode;
use crate::base::written;
use crate::base::{RecordKind, Slug};
use crate::catalogue::Vocabulary;
use crate::catalogue::zones::{Draft, Kind};

impl Sheet for Draft {
    const PATH: &'static str = "wijken";
    const MANY: &'static str = "Wijken en dorpen";
    const NEW: &'static str = "Nieuwe wijk of nieuw dorp";

    fn page(slug: &str) -> String {
        format!("/wijken/{slug}")
    }

    fn sections(names: &Vocabulary) -> Vec<Section> {
        let line = |kind, most| Input::Line { kind, most };
        let mut after = vec![Choice::new("", "geen")];
        after.extend(common::zones(names));
        vec![
            Section::new(
                "Wat",
                vec![
                    Field::line("naam", "Naam", ""),
                    Field::new("soort", "Wijk of dorp", "", Input::One(choices!(Kind))),
                    Field::words(
                        "samenvatting",
                        "Korte tekst op de pagina",
                        "Hoogstens 60 woorden.",
                        common::SUMMARY,
                    ),
                    Field::new(
                        "bijnamen",
                        "Andere namen",
                        "Buurten en volksnamen, elk op een eigen regel. Zo vinden mensen deze wijk.",
                        Input::Text {
                            words: None,
                            rows: 4,
                        },
                    ),
                ],
            ),
            Section::new(
                "Waar",
                vec![
                    Field::new(
                        "postcodes",
                        "Postcodes",
                        "Vier cijfers of een hele postcode, elk op een eigen regel.",
                        Input::Text {
                            words: None,
                            rows: 4,
                        },
                    ),
                    Field::new(
                        "buren",
                        "Wijken en dorpen ernaast",
                        "Daar zoeken wij verder als hier te weinig is.",
                        Input::Many(common::zones(names)),
                    ),
                    Field::new(
                        "breedte",
                        "Midden op de kaart: breedtegraad",
                        "Bijvoorbeeld 52.2551.",
                        line("text", 12),
                    ),
                    Field::new(
                        "lengte",
                        "Midden op de kaart: lengtegraad",
                        "Bijvoorbeeld 6.1639.",
                        line("text", 12),
                    ),
                    Field::new(
                        "grens",
                        "Grens",
                        "Plak hier GeoJSON in WGS 84, zoals u die bij het CBS of de gemeente krijgt. Ligt een plek binnen de grens, dan kiezen wij deze wijk. Leeg: alleen de postcodes tellen.",
                        Input::Boundary,
                    ),
                ],
            ),
            Section::new(
                "Van wanneer tot wanneer",
                vec![
                    Field::new("vanaf", "Bestaat vanaf", "Leeg: altijd al.", Input::Date),
                    Field::new(
                        "totenmet",
                        "Bestaat tot en met",
                        "Leeg: zonder einde.",
                        Input::Date,
                    ),
                    Field::new("opvolger", "Gaat daarna over in", "", Input::One(after)),
                ],
            ),
            common::upkeep_section(),
        ]
    }

    fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("soort", Kind::Neighbourhood.as_str());
        fields.set("opvolger", "");
        fields
    }

    fn named(&self) -> Vec<(RecordKind, Slug)> {
        Vec::new()
    }

    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.name);
        fields.set("soort", self.kind.as_str());
        fields.set("samenvatting", &self.summary);
        fields.set("bijnamen", self.aliases.join("\n"));
        let postcodes: Vec<String> = self.postcodes.iter().map(ToString::to_string).collect();
        fields.set("postcodes", postcodes.join("\n"));
        fields.set_all("buren", &self.neighbours);
        if let Some(point) = self.point {
            fields.say("breedte", point.latitude);
            fields.say("lengte", point.longitude);
        }
        let boundary = self.boundary.as_ref().map(Boundary::geo_json);
        fields.set("grens", boundary.unwrap_or_default());
        let day =
            |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        fields.set("vanaf", day(self.valid_from));
        fields.set("totenmet", day(self.valid_until));
        fields.set("opvolger", self.successor.as_ref().map_or("", Slug::as_str));
        common::write_upkeep(&mut fields, &self.upkeep);
        fields
    }

    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let name = common::required(fields, errors, ("naam", "een naam"), 100);
        let kind = common::chosen(fields, errors, "soort");
        let summary = common::text(fields, errors, "samenvatting", 1500);
        let mut aliases = fields.lines("bijnamen");
        aliases.sort();
        aliases.dedup();
        let postcodes = postcodes(fields, errors);
        let number = |text: &str| text.replace(',', ".").parse::<f64>();
        let latitude = common::optional(
            fields,
            errors,
            "breedte",
            "Vul een getal in, zoals 52.2551.",
            number,
        );
        let longitude = common::optional(
            fields,
            errors,
            "lengte",
            "Vul een getal in, zoals 6.1639.",
            number,
        );
        let day = |name, errors: &mut Errors| {
            common::optional(fields, errors, name, written::NO_DAY, written::day)
        };
        let (from, until) = (day("vanaf", errors), day("totenmet", errors));
        let successor = common::optional(
            fields,
            errors,
            "opvolger",
            "Kies een wijk of dorp.",
            Slug::parse,
        );
        let upkeep = common::read_upkeep(fields, base.map(|base| &base.upkeep), around, errors);
        let point = match (latitude.flatten(), longitude.flatten()) {
            (Some(latitude), Some(longitude)) => errors.take(
                "breedte",
                "Dit punt bestaat niet.",
                GeoPoint::new(latitude, longitude).ok_or(()),
            ),
            (None, None) => None,
            _ => {
                errors.add("lengte", "Vul beide getallen in, of geen van beide.");
                None
            }
        };
        let boundary = Boundary::parse(&fields.trimmed("grens"));
        let wrong = boundary
            .as_ref()
            .map_or_else(ToString::to_string, |_| String::new());
        let boundary = common::optional(fields, errors, "grens", &wrong, |_| boundary);
        let name = name?;
        let slug = common::slug_of(base.map(|base| &base.slug), &name, errors, "naam");
        let mut neighbours = fields.slugs("buren", base.map(|base| &base.neighbours[..]));
        neighbours.retain(|own| Some(own) != slug.as_ref());
        if !errors.is_empty() {
            return None;
        }
        Some(Self {
            slug: slug?,
            name,
            kind: kind?,
            summary: summary?,
            point,
            boundary: boundary?,
            aliases,
            postcodes: postcodes?,
            neighbours,
            valid_from: from?,
            valid_until: until?,
            successor: successor?,
            upkeep: upkeep?,
        })
    }
}

fn postcodes(fields: &Fields, errors: &mut Errors) -> Option<Vec<Postcode>> {
    let mut found = Vec::new();
    for line in fields.lines("postcodes") {
        let Ok(postcode) = Postcode::parse(&line) else {
            errors.add(
                "postcodes",
                format!("“{line}” is geen postcode. Schrijf 7411 of 7411 KS."),
            );
            return None;
        };
        if !found.contains(&postcode) {
            found.push(postcode);
        }
    }
    found.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    Some(found)
}
