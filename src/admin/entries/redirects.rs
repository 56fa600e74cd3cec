use super::Entry;
use crate::admin::fields::Errors;
use crate::admin::page::House;
use crate::admin::sheet::{Field, Fields, Input, Sheet, Surroundings};
use crate::base::{RecordKind, Slug};
use crate::catalogue::dossiers::FaqDraft;
use crate::catalogue::former_slugs::Redirect;
use crate::catalogue::{Vocabulary, activities, dossiers, organisations, places, themes, zones};

/// The first part of the address of each kind of page.
const FAMILIES: [(RecordKind, &str); 7] = [
    (RecordKind::Organisation, organisations::Draft::PATH),
    (RecordKind::Activity, activities::Draft::PATH),
    (RecordKind::Place, <places::Draft as Sheet>::PATH),
    (RecordKind::Dossier, dossiers::Draft::PATH),
    (RecordKind::Faq, FaqDraft::PATH),
    (RecordKind::Theme, <themes::Draft as Entry>::PATH),
    (RecordKind::Zone, zones::Draft::PATH),
];

impl Entry for Redirect {
    const PATH: &'static str = "oude-adressen";
    const MANY: &'static str = "Oude adressen";
    const NEW: &'static str = "Nieuw oud adres";
    const ABOUT: &'static str = "Wie een oude link volgt, komt op de pagina die ervoor in de plaats is. Verandert het adres van een pagina, dan komt het oude hier vanzelf bij.";

    fn title(&self) -> String {
        written(self.kind, &self.former)
    }
    fn more(&self) -> String {
        format!("gaat naar {}", written(self.kind, &self.present))
    }
    fn section(_: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        let line = Input::Line {
            kind: "text",
            most: 300,
        };
        vec![
            Field::new(
                "oud",
                "Oud adres",
                "Bijvoorbeeld /organisaties/oude-naam. Het hele adres plakken mag ook.",
                line.clone(),
            ),
            Field::new(
                "nieuw",
                "Gaat naar",
                "Open de nieuwe pagina op de website en plak hier het adres.",
                line,
            ),
        ]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("oud", written(self.kind, &self.former));
        fields.set("nieuw", written(self.kind, &self.present));
        fields
    }
    fn parse(
        fields: &Fields,
        _: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let wrong =
            "Vul het adres in van een pagina op deze website, zoals /organisaties/voedselbank.";
        let mut read = |name| {
            let page = page_at(&fields.trimmed(name), around.house).ok_or(());
            errors.take(name, wrong, page)
        };
        let (former, present) = (read("oud"), read("nieuw"));
        let ((kind, former), (other, present)) = (former?, present?);
        if kind != other {
            errors.add(
                "nieuw",
                "Kies een pagina van dezelfde soort: een organisatie gaat naar een organisatie.",
            );
        } else if former == present {
            errors.add("nieuw", "Dit is hetzelfde adres.");
        }
        Some(Self {
            kind,
            former,
            present,
        })
    }
    fn field_of(name: &str) -> &'static str {
        match name {
            "former" => "oud",
            "present" => "nieuw",
            _ => "form",
        }
    }
}

fn written(kind: RecordKind, slug: &Slug) -> String {
    let family = FAMILIES.iter().find(|(own, _)| *own == kind);
    format!("/{}/{slug}", family.map_or("", |(_, path)| path))
}

/// The page that an address of this site names; `None` for every other address.
fn page_at(address: &str, house: &House) -> Option<(RecordKind, Slug)> {
    let path = address.strip_prefix(&house.base_url).unwrap_or(address);
    let (family, slug) = path.strip_prefix('/')?.split_once('/')?;
    let (kind, _) = FAMILIES.iter().find(|(_, path)| *path == family)?;
    Some((*kind, Slug::parse(slug.trim_end_matches('/')).ok()?))
}
