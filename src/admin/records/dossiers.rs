use crate::admin::fields::Errors;
use crate::admin::sheet::common::{self, marks};
use crate::admin::sheet::{Field, Fields, Input, Section, Sheet, Surroundings};
use crate::base::{RecordKind, Slug};
use crate::catalogue::dossiers::{Draft, FaqDraft};
use crate::catalogue::{State, Vocabulary};

fn theme(names: &Vocabulary) -> Field {
    let Input::Many(choices) = common::themes(names) else {
        return Field::line("thema", "Thema", "");
    };
    Field::new("thema", "Thema", "", Input::One(choices))
}

fn keywords() -> Field {
    Field::new(
        "zoekwoorden",
        "Andere zoekwoorden",
        "Elk woord op een eigen regel. Bewoners zien ze niet.",
        Input::Text {
            words: None,
            rows: 3,
        },
    )
}

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

fn checked() -> Section {
    Section::new(
        "Controle",
        vec![Field::new(
            "nagekeken",
            "Ik heb alles nagekeken, en het klopt vandaag",
            "",
            Input::Flag,
        )],
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

impl Sheet for Draft {
    const PATH: &'static str = "dossiers";
    const MANY: &'static str = "Dossiers";
    const NEW: &'static str = "Nieuw dossier";

    fn page(slug: &str) -> String {
        format!("/dossiers/{slug}")
    }

    fn sections(names: &Vocabulary) -> Vec<Section> {
        let text = |name, label, hint| {
            Field::new(
                name,
                label,
                hint,
                Input::Text {
                    words: Some(common::DETAIL),
                    rows: 5,
                },
            )
        };
        vec![
            Section::new(
                "Onderwerp",
                vec![
                    Field::line("titel", "Titel", "Het onderwerp, zoals mensen het noemen."),
                    theme(names),
                    text(
                        "inleiding",
                        "Inleiding",
                        "Hoogstens 150 woorden. Bij één onderwerp dat nergens anders staat.",
                    ),
                    text(
                        "spoed",
                        "Als het niet kan wachten",
                        "Staat boven alles. Leeg: niet nodig.",
                    ),
                ],
            ),
            Section::new(
                "De vier stappen",
                vec![
                    text("zelf", "Wat u zelf kunt doen", marks!()),
                    text("samen", "Samen met mensen om u heen", ""),
                    text("open", "Hulp waar u zo terechtkunt", ""),
                    text("aanvragen", "Hulp die u eerst aanvraagt", ""),
                ],
            ),
            Section::new(
                "Vinden",
                vec![
                    Field::new(
                        "organisaties",
                        "Organisaties bij dit onderwerp",
                        "Elke naam op een eigen regel, de belangrijkste eerst.",
                        Input::Records(RecordKind::Organisation),
                    ),
                    Field::new("doelgroepen", "Doelgroepen", "", common::audiences(names)),
                    keywords(),
                    order(),
                ],
            ),
            checked(),
        ]
    }

    fn blank() -> Fields {
        Fields::default()
    }

    fn named(&self) -> Vec<(RecordKind, Slug)> {
        self.organisations
            .iter()
            .map(|slug| (RecordKind::Organisation, slug.clone()))
            .collect()
    }

    fn fields(&self, around: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("titel", &self.title);
        fields.set("thema", self.theme.as_str());
        fields.set("inleiding", &self.intro);
        fields.set("spoed", &self.urgent);
        fields.set("zelf", &self.own);
        fields.set("samen", &self.network);
        fields.set("open", &self.open);
        fields.set("aanvragen", &self.access);
        let names: Vec<String> = self
            .organisations
            .iter()
            .map(|slug| around.title_of(RecordKind::Organisation, slug))
            .collect();
        fields.set("organisaties", names.join("\n"));
        fields.set_all("doelgroepen", &self.audiences);
        fields.set("zoekwoorden", self.keywords.join("\n"));
        fields.say("volgorde", self.position);
        fields
    }

    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let title = common::required(fields, errors, ("titel", "een titel"), 150);
        let theme = common::chosen(fields, errors, "thema");
        let mut texts = ["inleiding", "zelf", "samen", "open", "aanvragen", "spoed"]
            .map(|name| common::text(fields, errors, name, 3000))
            .into_iter();
        let organisations = common::read_records(
            fields,
            errors,
            "organisaties",
            RecordKind::Organisation,
            around,
        );
        let position = position(fields, errors);
        let title = title?;
        let slug = common::slug_of(base.map(|base| &base.slug), &title, errors, "titel");
        if !errors.is_empty() {
            return None;
        }
        let mut next = || texts.next().flatten();
        Some(Self {
            slug: slug?,
            title,
            theme: theme?,
            audiences: fields.slugs("doelgroepen", base.map(|base| &base.audiences[..])),
            intro: next()?,
            own: next()?,
            network: next()?,
            open: next()?,
            access: next()?,
            urgent: next()?,
            organisations: organisations?,
            keywords: fields.lines("zoekwoorden"),
            position: position?,
            state: base.map_or(State::Draft, |base| base.state),
            checked_at: common::checked(fields, base.and_then(|base| base.checked_at), around),
        })
    }
}

impl Sheet for FaqDraft {
    const PATH: &'static str = "vragen";
    const MANY: &'static str = "Vragen";
    const NEW: &'static str = "Nieuwe vraag";

    fn page(slug: &str) -> String {
        format!("/vragen/{slug}")
    }

    fn sections(names: &Vocabulary) -> Vec<Section> {
        vec![
            Section::new(
                "Vraag en antwoord",
                vec![
                    Field::line(
                        "vraag",
                        "Vraag",
                        "Zoals een bewoner hem stelt. Bijvoorbeeld: Wie helpt mij met een brief?",
                    ),
                    Field::new(
                        "antwoord",
                        "Antwoord",
                        concat!(
                            "Hoogstens 150 woorden. Begin met wat iemand nu kan doen. ",
                            marks!()
                        ),
                        Input::Text {
                            words: Some(common::DETAIL),
                            rows: 6,
                        },
                    ),
                    theme(names),
                    Field::new(
                        "dossier",
                        "Hoort bij het dossier",
                        "Typ de naam. Leeg: bij geen dossier.",
                        Input::Record(RecordKind::Dossier),
                    ),
                ],
            ),
            Section::new(
                "Vinden",
                vec![
                    Field::new("doelgroepen", "Doelgroepen", "", common::audiences(names)),
                    keywords(),
                    order(),
                ],
            ),
            checked(),
        ]
    }

    fn blank() -> Fields {
        Fields::default()
    }

    fn named(&self) -> Vec<(RecordKind, Slug)> {
        self.dossier
            .iter()
            .map(|slug| (RecordKind::Dossier, slug.clone()))
            .collect()
    }

    fn fields(&self, around: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("vraag", &self.question);
        fields.set("antwoord", &self.answer);
        fields.set("thema", self.theme.as_str());
        let dossier = self
            .dossier
            .as_ref()
            .map(|slug| around.title_of(RecordKind::Dossier, slug));
        fields.set("dossier", dossier.unwrap_or_default());
        fields.set_all("doelgroepen", &self.audiences);
        fields.set("zoekwoorden", self.keywords.join("\n"));
        fields.say("volgorde", self.position);
        fields
    }

    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let question = common::required(fields, errors, ("vraag", "de vraag"), 200);
        let answer = common::required(fields, errors, ("antwoord", "het antwoord"), 3000);
        let theme = common::chosen(fields, errors, "thema");
        let dossier = common::read_record(fields, errors, "dossier", RecordKind::Dossier, around);
        let position = position(fields, errors);
        let question = question?;
        let slug = common::slug_of(base.map(|base| &base.slug), &question, errors, "vraag");
        if !errors.is_empty() {
            return None;
        }
        Some(Self {
            slug: slug?,
            question,
            answer: answer?,
            theme: theme?,
            dossier: dossier?,
            audiences: fields.slugs("doelgroepen", base.map(|base| &base.audiences[..])),
            keywords: fields.lines("zoekwoorden"),
            position: position?,
            state: base.map_or(State::Draft, |base| base.state),
            checked_at: common::checked(fields, base.and_then(|base| base.checked_at), around),
        })
    }
}
