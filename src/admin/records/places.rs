use crate::admin::fields::Errors;
use crate::admin::sheet::addresses;
use crate::admin::sheet::common::{self, choices};
use crate::admin::sheet::{Choice, Field, Fields, Input, Section, Sheet, Surroundings};
use crate::base::{RecordKind, Slug};
use crate::catalogue::Vocabulary;
use crate::catalogue::places::{DatedAddress, Draft, Kind, Wheelchair};
use crate::catalogue::{LONGEST_NAME, LONGEST_SUMMARY};

/// The zone follows from the postcode.
const BY_POSTCODE: &str = "postcode";
/// Outside every zone.
const NOWHERE: &str = "geen";

impl Sheet for Draft {
    const PATH: &'static str = "plekken";
    const MANY: &'static str = "Plekken";
    const NEW: &'static str = "Nieuwe plek";

    fn page(slug: &str) -> String {
        format!("/plekken/{slug}")
    }

    fn sections(names: &Vocabulary) -> Vec<Section> {
        let mut zones = vec![
            Choice::new(BY_POSTCODE, "volgt uit het punt op de kaart of de postcode"),
            Choice::new(NOWHERE, "buiten alle wijken en dorpen"),
        ];
        zones.extend(common::zones(names));
        vec![
            Section::new(
                "Wat",
                vec![
                    Field::line("naam", "Naam", "Zoals mensen de plek kennen."),
                    Field::words(
                        "samenvatting",
                        "Wat is hier voor bewoners?",
                        "In gewone woorden, hoogstens 60.",
                        common::SUMMARY,
                    ),
                    common::detail_field(),
                    Field::new("soort", "Soort plek", "", Input::One(choices!(Kind))),
                    Field::new(
                        "ontmoeten",
                        "Mensen kunnen hier binnenlopen en elkaar ontmoeten",
                        "",
                        Input::Flag,
                    ),
                    Field::new(
                        "hoofdplek",
                        "Dit is dé ontmoetingsplek van de wijk of het dorp",
                        "Per wijk of dorp is er één.",
                        Input::Flag,
                    ),
                    Field::new(
                        "bemand",
                        "Is er een medewerker?",
                        "",
                        Input::One(vec![
                            Choice::new("ja", "ja"),
                            Choice::new("nee", "nee"),
                            Choice::new("", "niet bekend"),
                        ]),
                    ),
                    Field::new(
                        "historisch",
                        "Deze plek bestaat niet meer",
                        "De pagina blijft, voor wie de plek nog zoekt.",
                        Input::Flag,
                    ),
                ],
            ),
            Section::new(
                "Waar",
                vec![
                    Field::new(
                        "adressen",
                        "Adres",
                        "Verhuist de plek? Zet dan het nieuwe adres erbij, met de eerste dag.",
                        Input::Addresses,
                    ),
                    Field::new("wijk", "Wijk of dorp", "", Input::One(zones)),
                    Field::new(
                        addresses::HIDDEN,
                        "Het adres is geheim",
                        "Bijvoorbeeld van een opvanghuis. Het staat nergens op de website en in geen enkel bestand.",
                        Input::Flag,
                    ),
                ],
            ),
            Section::new("Bereiken", {
                let mut fields = common::contact_fields();
                fields.push(common::hours_field());
                fields
            }),
            Section::new(
                "Toegankelijkheid",
                vec![
                    Field::new(
                        "rolstoel",
                        "Met een rolstoel",
                        "",
                        Input::One(choices!(Wheelchair)),
                    ),
                    Field::line(
                        "toegankelijkheid",
                        "Uitleg",
                        "Bijvoorbeeld: lift en aangepast toilet.",
                    ),
                ],
            ),
            common::upkeep_section(),
        ]
    }

    fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("soort", Kind::CommunityCentre.as_str());
        fields.set("wijk", BY_POSTCODE);
        fields.set("rolstoel", Wheelchair::Unknown.as_str());
        fields.set("bemand", "");
        fields
    }

    fn named(&self) -> Vec<(RecordKind, Slug)> {
        Vec::new()
    }

    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.name);
        fields.set("samenvatting", &self.summary);
        fields.set("uitleg", &self.detail);
        fields.set("soort", self.kind.as_str());
        fields.flag("ontmoeten", self.meeting_place);
        fields.flag("hoofdplek", self.main_meeting_place);
        fields.set(
            "bemand",
            match self.staffed {
                Some(true) => "ja",
                Some(false) => "nee",
                None => "",
            },
        );
        fields.flag("historisch", self.historic);
        addresses::write(&mut fields, &self.addresses);
        fields.set("wijk", self.zone.as_ref().map_or(NOWHERE, Slug::as_str));
        fields.flag(addresses::HIDDEN, self.address_hidden);
        common::write_contact(
            &mut fields,
            self.phone.as_ref(),
            self.email.as_ref(),
            self.website.as_ref(),
        );
        common::write_hours(&mut fields, &self.opening_hours);
        fields.set("rolstoel", self.wheelchair.as_str());
        fields.set("toegankelijkheid", &self.accessibility);
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
        let summary = common::text(fields, errors, "samenvatting", LONGEST_SUMMARY);
        let detail = common::read_detail(fields, errors);
        let kind = common::chosen(fields, errors, "soort");
        let addresses = addresses::read(fields, errors);
        let zone = addresses
            .as_deref()
            .and_then(|known| zone_of(fields, known, around, errors));
        let contact = common::read_contact(fields, errors);
        let hours_before = base.map(|base| base.opening_hours.as_str());
        let opening_hours = common::read_hours(fields, hours_before, errors);
        let wheelchair = common::chosen(fields, errors, "rolstoel");
        let accessibility = common::text(fields, errors, "toegankelijkheid", 300);
        let upkeep = common::read_upkeep(fields, base.map(|base| &base.upkeep), around, errors);
        let (meeting_place, main_meeting_place) =
            (fields.is_on("ontmoeten"), fields.is_on("hoofdplek"));
        if main_meeting_place && !meeting_place {
            errors.add(
                "hoofdplek",
                "Dé ontmoetingsplek is een plek om binnen te lopen: vink dat ook aan.",
            );
        }
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
            zone: zone?,
            addresses: addresses?,
            meeting_place,
            main_meeting_place,
            staffed: match fields.text("bemand") {
                "ja" => Some(true),
                "nee" => Some(false),
                _ => None,
            },
            historic: fields.is_on("historisch"),
            wheelchair: wheelchair?,
            accessibility: accessibility?,
            opening_hours: opening_hours?,
            phone,
            email,
            website,
            address_hidden: fields.is_on(addresses::HIDDEN),
            upkeep: upkeep?,
        })
    }
}

/// The zone that was chosen, or in whose outline the point lies, or that of the postcode. Where
/// that is more than one, or the two disagree, the person decides. The outer `None`: something is wrong.
#[expect(
    clippy::option_option,
    reason = "the outer one is 'wrong', the inner one 'outside'"
)]
fn zone_of(
    fields: &Fields,
    addresses: &[DatedAddress],
    around: &Surroundings<'_>,
    errors: &mut Errors,
) -> Option<Option<Slug>> {
    match fields.text("wijk") {
        NOWHERE => return Some(None),
        BY_POSTCODE | "" => {}
        chosen => {
            return errors
                .take("wijk", "Kies een wijk of dorp.", Slug::parse(chosen))
                .map(Some);
        }
    }
    let last = addresses.last().map(|dated| &dated.address);
    let point = last.and_then(|address| address.point);
    let within: Vec<&Slug> = around
        .boundaries
        .iter()
        .filter(|(_, boundary)| point.is_some_and(|point| boundary.contains(point)))
        .map(|(slug, _)| slug)
        .collect();
    match &within[..] {
        [] => {}
        [one] => return Some(Some((*one).clone())),
        many => {
            let names = many.iter().map(|slug| {
                let zone = around.names.zone(slug.as_str());
                zone.map_or(slug.as_str(), |zone| zone.name.as_str())
            });
            let names = crate::base::dutch::list(&names.collect::<Vec<_>>());
            errors.add(
                "wijk",
                format!("Dit punt ligt binnen de grens van {names}. Kies er een."),
            );
            return None;
        }
    }
    let Some(postcode) = last.and_then(|address| address.postcode.as_ref()) else {
        errors.add(
            "wijk",
            "Zonder postcode weten wij niet in welke wijk dit is. Kies er een.",
        );
        return None;
    };
    let whole = postcode.as_str();
    let in_zone = |text: &str| {
        around
            .names
            .zones
            .iter()
            .filter(move |zone| zone.postcodes.iter().any(|own| own == text))
            .collect::<Vec<_>>()
    };
    let mut found = in_zone(whole);
    if found.is_empty() {
        found = in_zone(whole.get(..4).unwrap_or(whole));
    }
    match &found[..] {
        [one]
            if point.is_some()
                && around
                    .boundaries
                    .iter()
                    .any(|(slug, _)| slug.as_str() == one.slug) =>
        {
            errors.add("wijk", format!("De postcode hoort bij {}, maar het punt ligt buiten de grens daarvan. Kies een wijk of dorp.", one.name));
            None
        }
        [one] => Slug::parse(&one.slug).ok().map(Some),
        [] => {
            errors.add("wijk", "Deze postcode hoort bij geen wijk of dorp. Kies er een, of kies: buiten alle wijken en dorpen.");
            None
        }
        many => {
            let names: Vec<&str> = many.iter().map(|zone| zone.name.as_str()).collect();
            let names = crate::base::dutch::list(&names);
            errors.add(
                "wijk",
                format!("Deze postcode ligt in {names}. Kies er een."),
            );
            None
        }
    }
}
