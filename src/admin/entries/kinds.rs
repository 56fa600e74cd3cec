use super::Entry;
use crate::admin::fields::Errors;
use crate::admin::sheet::common::{self, choices};
use crate::admin::sheet::{Choice, Field, Fields, Input, Surroundings};
use crate::base::contact::Phone;
use crate::base::written;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::Vocabulary;
use crate::catalogue::agenda::{Closure, closures};
use crate::catalogue::hours::dutch as dutch_hours;
use crate::catalogue::themes::{self, Audience, StepLabel};
use crate::catalogue::words::{HelpLine, Synonym, SynonymKind};

fn order() -> Field {
    Field::new(
        "volgorde",
        "Plaats in de lijst",
        "Een lager getal komt eerst.",
        Input::Line {
            kind: "number",
            most: 6,
        },
    )
}

fn position(fields: &Fields, errors: &mut Errors) -> Option<i32> {
    let number = |text: &str| {
        text.parse::<i32>()
            .ok()
            .filter(|n| (0..=100_000).contains(n))
            .ok_or(())
    };
    let wrong = "Vul een getal in van 0 tot en met 100.000.";
    Some(common::optional(fields, errors, "volgorde", wrong, number)?.unwrap_or(0))
}

impl Entry for themes::Draft {
    const PATH: &'static str = "themas";
    const MANY: &'static str = "Thema’s";
    const NEW: &'static str = "Nieuw thema";
    const ABOUT: &'static str = "Waar bewoners op bladeren, in twee lagen.";

    fn title(&self) -> String {
        self.name.clone()
    }
    fn more(&self) -> String {
        self.parent
            .as_ref()
            .map_or("hoofdthema".to_owned(), |parent| format!("onder {parent}"))
    }
    fn section(names: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        let mut parents = vec![Choice::new("", "geen: dit is een hoofdthema")];
        parents.extend(
            names
                .top_themes()
                .into_iter()
                .map(|theme| Choice::new(&theme.slug, &theme.name)),
        );
        vec![
            Field::line("naam", "Naam", ""),
            Field::new("onder", "Hoort onder", "", Input::One(parents)),
            Field::words(
                "samenvatting",
                "Korte uitleg",
                "Hoogstens 60 woorden.",
                common::SUMMARY,
            ),
            Field::new(
                "gevoelig",
                "Gaat over geweld of iets anders waarbij niemand mag meekijken",
                "Op deze pagina’s staat een knop om snel weg te gaan.",
                Input::Flag,
            ),
            order(),
        ]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.name);
        fields.set("onder", self.parent.as_ref().map_or("", Slug::as_str));
        fields.set("samenvatting", &self.summary);
        fields.flag("gevoelig", self.delicate);
        fields.say("volgorde", self.position);
        fields
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        _: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let name = common::required(fields, errors, ("naam", "een naam"), 80);
        let parent = common::optional(fields, errors, "onder", "Kies een hoofdthema.", Slug::parse);
        let summary = common::text(fields, errors, "samenvatting", 1000);
        let position = position(fields, errors);
        let name = name?;
        let slug = common::slug_of(base.map(|base| &base.slug), &name, errors, "naam")?;
        if parent
            .as_ref()
            .is_some_and(|parent| parent.as_ref() == Some(&slug))
        {
            errors.add("onder", "Een thema kan niet onder zichzelf horen.");
        }
        Some(Self {
            slug,
            name,
            parent: parent?,
            summary: summary?,
            delicate: fields.is_on("gevoelig"),
            position: position?,
        })
    }
}

impl Entry for Audience {
    const PATH: &'static str = "doelgroepen";
    const MANY: &'static str = "Doelgroepen";
    const NEW: &'static str = "Nieuwe doelgroep";
    const ABOUT: &'static str = "Voor wie iets is.";

    fn title(&self) -> String {
        self.name.clone()
    }
    fn more(&self) -> String {
        String::new()
    }
    fn section(_: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        vec![
            Field::line("naam", "Naam", "Bijvoorbeeld: ouderen."),
            order(),
        ]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.name);
        fields.say("volgorde", self.position);
        fields
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        _: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let name = common::required(fields, errors, ("naam", "een naam"), 80);
        let position = position(fields, errors);
        let name = name?;
        Some(Self {
            slug: common::slug_of(base.map(|base| &base.slug), &name, errors, "naam")?,
            name,
            position: position?,
        })
    }
}

impl Entry for StepLabel {
    const PATH: &'static str = "stappen";
    const MANY: &'static str = "Stappen";
    const NEW: &'static str = "";
    const ABOUT: &'static str =
        "De vier stappen van hulp, van zelf doen tot aanvragen, en hoe wij ze noemen.";

    fn title(&self) -> String {
        self.label.clone()
    }
    fn more(&self) -> String {
        self.meaning.clone()
    }
    fn section(_: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        vec![
            Field::line("naam", "Naam voor bewoners", ""),
            Field::new(
                "uitleg",
                "Uitleg",
                "",
                Input::Text {
                    words: Some(40),
                    rows: 3,
                },
            ),
        ]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.label);
        fields.set("uitleg", &self.meaning);
        fields
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        _: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let label = common::required(fields, errors, ("naam", "een naam"), 80);
        let meaning = common::text(fields, errors, "uitleg", 500);
        let Some(base) = base else {
            errors.add("form", super::OVERTAKEN);
            return None;
        };
        Some(Self {
            label: label?,
            meaning: meaning?,
            ..base.clone()
        })
    }
}

impl Entry for Closure {
    const PATH: &'static str = "sluitingen";
    const MANY: &'static str = "Feestdagen, vakanties en sluitingen";
    const NEW: &'static str = "Nieuwe sluiting";
    const ABOUT: &'static str = "Dagen waarop activiteiten niet doorgaan of een plek dicht is. De agenda past zich vanzelf aan.";

    fn title(&self) -> String {
        self.name.clone()
    }
    fn more(&self) -> String {
        let days = if self.start == self.end {
            dutch::date(self.start)
        } else {
            format!(
                "{} tot en met {}",
                dutch::date(self.start),
                dutch::date(self.end)
            )
        };
        let place = self
            .place
            .as_ref()
            .map(|place| format!(", {place}"))
            .unwrap_or_default();
        let hours = self
            .hours
            .as_ref()
            .map(|hours| format!(", open {hours}"))
            .unwrap_or_default();
        let certain = if self.certain { "" } else { " (nog nakijken)" };
        format!("{days}{place}{hours}{certain}")
    }
    fn section(_: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        vec![
            Field::line(
                "naam",
                "Naam",
                "Bijvoorbeeld: Kerstvakantie 2026, of Verbouwing.",
            ),
            Field::new(
                "soort",
                "Wat is er dicht?",
                "",
                Input::One(choices!(closures::Kind)),
            ),
            Field::new("eerste", "Eerste dag", "", Input::Date),
            Field::new("laatste", "Laatste dag", "Leeg: één dag.", Input::Date),
            Field::new(
                "plek",
                "Welke plek?",
                "Alleen als één gebouw dicht is. Typ de naam.",
                Input::Record(RecordKind::Place),
            ),
            Field::new(
                "uren",
                "Of open op andere tijden",
                "Alleen voor één gebouw, zoals 10:00-15:00. Leeg: de hele dag dicht.",
                Input::Line {
                    kind: "text",
                    most: 60,
                },
            ),
            Field::new(
                "onzeker",
                "Deze dagen moeten nog worden nagekeken",
                "",
                Input::Flag,
            ),
        ]
    }
    fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("soort", closures::Kind::Place.as_str());
        fields
    }
    fn fields(&self, around: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.name);
        fields.set("soort", self.kind.as_str());
        fields.say("eerste", self.start);
        fields.say("laatste", self.end);
        let place = self
            .place
            .as_ref()
            .map(|place| around.title_of(RecordKind::Place, place));
        fields.set("plek", place.unwrap_or_default());
        fields.set(
            "uren",
            self.hours
                .as_deref()
                .map(dutch_hours::shown)
                .unwrap_or_default(),
        );
        fields.flag("onzeker", !self.certain);
        fields
    }
    fn named(&self) -> Vec<(RecordKind, Slug)> {
        self.place
            .iter()
            .map(|place| (RecordKind::Place, place.clone()))
            .collect()
    }
    fn parse(
        fields: &Fields,
        _: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let name = common::required(fields, errors, ("naam", "een naam"), 100);
        let kind: Option<closures::Kind> = common::chosen(fields, errors, "soort");
        let start = errors.take(
            "eerste",
            "Vul de eerste dag in, zoals 15-01-2027.",
            written::day(&fields.trimmed("eerste")),
        );
        let end = common::optional(
            fields,
            errors,
            "laatste",
            "Vul een dag in, zoals 15-01-2027, of laat het leeg.",
            written::day,
        );
        let place = common::read_record(fields, errors, "plek", RecordKind::Place, around);
        let hours = common::optional(
            fields,
            errors,
            "uren",
            "Schrijf de tijden als 10:00-15:00.",
            common::hours_of_a_day,
        );
        let (kind, place, hours, start) = (kind?, place?, hours?, start?);
        let end = end?.unwrap_or(start);
        if end < start {
            errors.add("laatste", "De laatste dag ligt voor de eerste dag.");
        }
        let of_place = kind == closures::Kind::Place;
        if of_place && place.is_none() {
            errors.add("plek", "Vul in welke plek dicht is.");
        }
        if !of_place && (place.is_some() || hours.is_some()) {
            errors.add(
                "soort",
                "Een plek of andere tijden horen bij één gebouw dat dicht is.",
            );
        }
        Some(Self {
            name: name?,
            start,
            end,
            certain: !fields.is_on("onzeker"),
            kind,
            place,
            hours,
        })
    }
}

impl Entry for Synonym {
    const TRIED: bool = true;

    fn tried<'a>(
        &'a self,
        base: Option<&Self>,
        names: &Vocabulary,
    ) -> Option<(&'a Synonym, Vocabulary)> {
        let mut names = names.clone();
        match names.synonyms.iter_mut().find(|own| Some(&**own) == base) {
            Some(own) => own.clone_from(self),
            None => names.synonyms.push(self.clone()),
        }
        Some((self, names))
    }
    const PATH: &'static str = "synoniemen";
    const MANY: &'static str = "Synoniemen";
    const NEW: &'static str = "Nieuw synoniem";
    const ABOUT: &'static str =
        "Woorden die elkaar vinden bij het zoeken. Een wijziging werkt meteen.";

    fn title(&self) -> String {
        self.headword().to_owned()
    }
    fn more(&self) -> String {
        let others = self.terms.get(1..).unwrap_or_default().join(", ");
        format!("{others} ({})", self.kind.dutch())
    }
    fn section(_: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        vec![
            Field::new(
                "woorden",
                "Woorden",
                "Elk woord of elke uitdrukking op een eigen regel. Het eerste woord geeft de groep haar naam. Bij een gewoon woord en een vakwoord staat het gewone woord eerst en het vakwoord laatst.",
                Input::Text {
                    words: None,
                    rows: 5,
                },
            ),
            Field::new(
                "soort",
                "Hoe horen ze bij elkaar?",
                "",
                Input::One(choices!(SynonymKind)),
            ),
            Field::line("notitie", "Notitie voor collega’s", ""),
        ]
    }
    fn blank() -> Fields {
        let mut fields = Fields::default();
        fields.set("soort", SynonymKind::Equivalent.as_str());
        fields
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("woorden", self.terms.join("\n"));
        fields.set("soort", self.kind.as_str());
        fields.set("notitie", &self.note);
        fields
    }
    fn parse(
        fields: &Fields,
        _: Option<&Self>,
        _: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let mut terms: Vec<String> = Vec::new();
        for term in fields.lines("woorden") {
            if term.chars().count() > 80 || term.contains(';') {
                errors.add(
                    "woorden",
                    "Een woord heeft hoogstens 80 tekens en geen puntkomma.",
                );
            }
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.len() < 2 {
            errors.add(
                "woorden",
                "Vul minstens twee woorden in, elk op een eigen regel.",
            );
        }
        let kind = common::chosen(fields, errors, "soort");
        let note = common::text(fields, errors, "notitie", 200);
        Some(Self {
            kind: kind?,
            terms,
            note: note?,
        })
    }
}

impl Entry for HelpLine {
    const PATH: &'static str = "hulplijnen";
    const MANY: &'static str = "Nummers bij nood";
    const NEW: &'static str = "Nieuw nummer";
    const ABOUT: &'static str = "Het blok dat bovenaan staat bij zoekwoorden over geweld en zelfdoding, en op gevoelige pagina’s.";

    fn title(&self) -> String {
        self.name.clone()
    }
    fn more(&self) -> String {
        self.phone.to_string()
    }
    fn section(_: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        vec![
            Field::line("naam", "Naam", "Bijvoorbeeld: Veilig Thuis."),
            Field::new(
                "telefoon",
                "Telefoonnummer",
                "Bel het nummer zelf een keer voordat u het bewaart.",
                Input::Line {
                    kind: "tel",
                    most: 25,
                },
            ),
            Field::line("samenvatting", "Waarvoor?", "In één zin."),
            Field::new(
                "gevoelig",
                "Staat op elke pagina van een gevoelig thema",
                "",
                Input::Flag,
            ),
            order(),
        ]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("naam", &self.name);
        fields.set("telefoon", self.phone.as_str());
        fields.set("samenvatting", &self.summary);
        fields.flag("gevoelig", self.delicate);
        fields.say("volgorde", self.position);
        fields
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        _: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let name = common::required(fields, errors, ("naam", "een naam"), 80);
        let phone = errors.take(
            "telefoon",
            "Vul een telefoonnummer in, zoals 0800 2000.",
            Phone::parse(&fields.trimmed("telefoon")),
        );
        let summary = common::text(fields, errors, "samenvatting", 200);
        let position = position(fields, errors);
        let name = name?;
        Some(Self {
            slug: common::slug_of(base.map(|base| &base.slug), &name, errors, "naam")?,
            name,
            phone: phone?,
            summary: summary?,
            delicate: fields.is_on("gevoelig"),
            position: position?,
        })
    }
}
