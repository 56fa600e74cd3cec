use crate::admin::fields::Errors;
use crate::admin::sheet::common::{self, choices};
use crate::admin::sheet::{Field, Fields, Input, Section, Sheet, Surroundings};
use crate::base::{RecordKind, Slug};
use crate::catalogue::Vocabulary;
use crate::catalogue::organisations::{Draft, Kind, Law};
use crate::catalogue::{LONGEST_NAME, LONGEST_SUMMARY};

impl Sheet for Draft {
    const PATH: &'static str = "organisaties";
    const MANY: &'static str = "Organisaties";
    const PICTURED: bool = true;
    const NEW: &'static str = "Nieuwe organisatie";

    fn page(slug: &str) -> String {
        format!("/organisaties/{slug}")
    }

    fn sections(names: &Vocabulary) -> Vec<Section> {
        vec![
            Section::new(
                "Wie",
                vec![
                    Field::line("naam", "Naam", "Zoals mensen de organisatie kennen."),
                    Field::words(
                        "samenvatting",
                        "Wat doet deze organisatie voor bewoners?",
                        "In gewone woorden, hoogstens 60. Bijvoorbeeld: Wij helpen u met brieven en formulieren. U kunt zo binnenlopen.",
                        common::SUMMARY,
                    ),
                    common::detail_field(),
                    Field::new("soort", "Soort organisatie", "", Input::One(choices!(Kind))),
                    common::picture_field(),
                ],
            ),
            Section::new("Hoe bereikt een bewoner haar?", {
                let mut fields = common::contact_fields();
                fields.push(Field::new(
                    "plek",
                    "Op welke plek zit zij?",
                    "Typ de naam van de plek. Leeg: geen vaste plek.",
                    Input::Record(RecordKind::Place),
                ));
                fields.push(common::hours_field());
                fields
            }),
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
                    Field::new(
                        "wijken",
                        "Wijken en dorpen",
                        "Niets aangevinkt: de hele gemeente.",
                        Input::Many(common::zones(names)),
                    ),
                    Field::new("stap", "Wat voor hulp is het?", "", common::steps(names)),
                    Field::new(
                        "contract",
                        "Heeft een contract met de gemeente voor",
                        "",
                        Input::Many(choices!(Law)),
                    ),
                ],
            ),
            common::upkeep_section(),
        ]
    }

    fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("soort", Kind::Voluntary.as_str());
        fields.set("stap", crate::catalogue::themes::Step::Open.as_str());
        fields
    }

    fn named(&self) -> Vec<(RecordKind, Slug)> {
        self.place
            .iter()
            .map(|place| (RecordKind::Place, place.clone()))
            .collect()
    }

    fn fields(&self, around: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.name);
        fields.set("samenvatting", &self.summary);
        fields.set("uitleg", &self.detail);
        fields.set("soort", self.kind.as_str());
        common::write_contact(
            &mut fields,
            self.phone.as_ref(),
            self.email.as_ref(),
            self.website.as_ref(),
        );
        let place = self
            .place
            .as_ref()
            .map(|place| around.title_of(RecordKind::Place, place));
        fields.set("plek", place.unwrap_or_default());
        common::write_hours(&mut fields, &self.opening_hours);
        fields.set_all("themas", &self.themes);
        fields.set_all("doelgroepen", &self.audiences);
        fields.set_all("wijken", self.zones.as_deref().unwrap_or_default());
        fields.set("stap", self.step.as_str());
        fields.set_all("contract", self.contracted.iter().map(|law| law.as_str()));
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
        let name = common::required(fields, errors, ("naam", "een naam"), LONGEST_NAME);
        let summary = common::required(
            fields,
            errors,
            ("samenvatting", "een samenvatting"),
            LONGEST_SUMMARY,
        );
        let detail = common::read_detail(fields, errors);
        let kind = common::chosen(fields, errors, "soort");
        let contact = common::read_contact(fields, errors);
        let place = common::read_record(fields, errors, "plek", RecordKind::Place, around);
        let hours_before = base.map(|base| base.opening_hours.as_str());
        let opening_hours = common::read_hours(fields, hours_before, errors);
        let themes = common::read_themes(fields, base.map(|base| &base.themes[..]), around, errors);
        let step = common::chosen(fields, errors, "stap");
        let upkeep = common::read_upkeep(fields, base.map(|base| &base.upkeep), around, errors);
        let zones = fields.slugs("wijken", base.and_then(|base| base.zones.as_deref()));
        let name = name?;
        let slug = common::slug_of(base.map(|base| &base.slug), &name, errors, "naam");
        if !errors.is_empty() {
            return None;
        }
        let (phone, email, website) = contact?;
        Some(Self {
            slug: slug?,
            name,
            kind: kind?,
            summary: summary?,
            detail: detail?,
            phone,
            email,
            website,
            opening_hours: opening_hours?,
            place: place?,
            zones: (!zones.is_empty()).then_some(zones),
            themes,
            audiences: fields.slugs("doelgroepen", base.map(|base| &base.audiences[..])),
            step: step?,
            contracted: fields
                .all("contract")
                .iter()
                .filter_map(|law| law.parse().ok())
                .collect(),
            picture: base.and_then(|base| base.picture.clone()),
            upkeep: upkeep?,
        })
    }
}
