use super::{Entry, Removal};
use crate::admin::fields::Errors;
use crate::admin::page::House;
use crate::admin::sheet::common;
use crate::admin::sheet::{Field, Fields, Input, Surroundings};
use crate::base::contact::{Email, Phone};
use crate::catalogue::Vocabulary;
use crate::catalogue::words::{SiteText, TextName};

/// Characters that a line and a longer text hold.
const LINE: usize = 150;
const LONG: usize = 1500;

impl Entry for SiteText {
    const PATH: &'static str = "teksten";
    const MANY: &'static str = "Teksten van de website";
    const NEW: &'static str = "";
    const ABOUT: &'static str = "Koppen, vaste zinnen en hoe mensen ons bereiken. De tekst die er eerst stond, blijft bewaard: daar kunt u altijd naar terug.";
    const REMOVABLE: bool = true;

    fn title(&self) -> String {
        self.name.dutch().to_owned()
    }
    fn more(&self) -> String {
        match (&self.text, self.name.standard()) {
            (Some(text), _) => format!("Aangepast: {text}"),
            (None, "") if is_contact(self.name) => {
                "zoals bij de installatie is ingesteld".to_owned()
            }
            (None, "") => "hier staat nu niets".to_owned(),
            (None, text) => text.to_owned(),
        }
    }
    fn section(_: &Vocabulary, base: Option<&Self>) -> Vec<Field> {
        let name = base.map(|base| base.name);
        let hint = match name {
            Some(TextName::ContactName) => {
                "Zoals in de zin: U krijgt … aan de lijn. Geen naam van een persoon."
            }
            Some(TextName::ContactAddress) => "Zoals in de zin: U kunt binnenlopen bij …",
            Some(TextName::ContactPhone) => {
                "Bijvoorbeeld 0570 123456. Bel het nummer zelf een keer voordat u het bewaart."
            }
            Some(TextName::ContactEmail) => "Liefst van een functie: info@voorbeeld.nl.",
            _ => {
                "Schrijf {gemeente} waar de naam van de gemeente moet staan, en {naam} voor de naam van deze website. Telefoonnummers worden vanzelf een link. Een lege regel begint een nieuwe alinea."
            }
        };
        let input = match name {
            Some(name) if !name.is_long() => Input::Line {
                kind: "text",
                most: LINE,
            },
            _ => Input::Text {
                words: None,
                rows: 5,
            },
        };
        vec![Field::new("tekst", "Tekst", hint, input)]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, around: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        let standard = || standard(self.name, around.house);
        fields.set("tekst", self.text.clone().unwrap_or_else(standard));
        fields
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let Some(base) = base else {
            errors.add("form", super::OVERTAKEN);
            return None;
        };
        let most = if base.name.is_long() { LONG } else { LINE };
        let text = common::text(fields, errors, "tekst", most)?;
        if text == standard(base.name, around.house) {
            return Some(Self {
                text: None,
                ..base.clone()
            });
        }
        if let Some(wrong) = fault(base.name, &text) {
            errors.add("tekst", wrong);
        }
        Some(Self {
            text: Some(text),
            ..base.clone()
        })
    }
    fn removal(&self, house: &House) -> Option<Removal> {
        self.text.is_some().then(|| Removal {
            title: "Standaardtekst",
            text: match standard(self.name, house) {
                empty if empty.is_empty() => "Standaard staat hier niets.".to_owned(),
                text => text,
            },
            button: "Terug naar de standaardtekst",
        })
    }
}

fn is_contact(name: TextName) -> bool {
    matches!(
        name,
        TextName::ContactName
            | TextName::ContactPhone
            | TextName::ContactEmail
            | TextName::ContactAddress
    )
}

/// What stands there when nobody changed it.
fn standard(name: TextName, house: &House) -> String {
    let text = match name {
        TextName::ContactName => &house.contact_name,
        TextName::ContactPhone => &house.phone,
        TextName::ContactEmail => &house.email,
        TextName::ContactAddress => &house.address,
        _ => name.standard(),
    };
    text.to_owned()
}

/// Why a text cannot stand there.
fn fault(name: TextName, text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("Vul dit in. Of ga terug naar de standaardtekst, met de knop onderaan.");
    }
    let plain = text.replace("{gemeente}", "").replace("{naam}", "");
    match name {
        TextName::ContactPhone if Phone::parse(text).is_err() => {
            Some("Vul een telefoonnummer in, zoals 0570 123456.")
        }
        TextName::ContactEmail if Email::parse(text).is_err() => {
            Some("Vul een e-mailadres in, zoals info@voorbeeld.nl.")
        }
        _ if !name.is_long() && text.contains('\n') => Some("Hier past één regel."),
        _ if plain.contains(['{', '}']) => {
            Some("Tussen accolades kan alleen {gemeente} of {naam} staan.")
        }
        _ => None,
    }
}
