use super::Entry;
use crate::admin::fields::Errors;
use crate::admin::office::Office;
use crate::admin::sheet::common;
use crate::admin::sheet::{Choice, Field, Fields, Input, Surroundings};
use crate::base::dutch;
use crate::catalogue::Vocabulary;
use crate::catalogue::words::Trigger;
use crate::search::{AlarmChanges, built_in_alarms};
use crate::web::Error;

/// Characters of a rule of editors.
const LONGEST: usize = 100;
/// Words that one in so many ordinary searches would set off say too little.
const TOO_GENERAL: usize = 25;
/// Searches that are named at most.
const NAMED: usize = 8;

impl Entry for Trigger {
    const PATH: &'static str = "noodwoorden";
    const MANY: &'static str = "Woorden bij nood";
    const NEW: &'static str = "Nieuw noodwoord";
    const ABOUT: &'static str = "Zoekt iemand met deze woorden, dan staan de nummers bij nood bovenaan. Uw eigen woorden staan eerst, daarna die van het programma.";

    fn title(&self) -> String {
        let title = if self.built_in {
            let groups = groups(&self.rule).map(|group| listed(&group, 3));
            groups.collect::<Vec<_>>().join(" + ")
        } else {
            self.rule.clone()
        };
        if self.silenced {
            format!("{title} (staat uit)")
        } else {
            title
        }
    }
    fn more(&self) -> String {
        let whose = if self.built_in { "" } else { ". Eigen woord" };
        let note = match self.note.trim_end_matches('.') {
            "" => String::new(),
            note => format!(". {note}"),
        };
        format!("{}{whose}{note}", dutch::sentence(about(&self.concept)))
    }
    fn intro(&self) -> String {
        if !self.built_in {
            return String::new();
        }
        let mut lines: Vec<String> = groups(&self.rule)
            .map(|group| format!("Eén van: {}.", listed(&group, usize::MAX)))
            .collect();
        let unless: Vec<String> = unless(&self.rule)
            .map(|group| listed(&group, usize::MAX))
            .collect();
        if !unless.is_empty() {
            lines.push(format!("Niet bij: {}.", unless.join(", ")));
        }
        if self.rule.starts_with('=') {
            lines.push("En er staat verder niets.".to_owned());
        }
        lines.join("\n")
    }
    fn section(_: &Vocabulary, base: Option<&Self>) -> Vec<Field> {
        let seen = Field::new(
            "gezien",
            "Ik heb gezien wat dit verandert",
            "Alleen nodig als wij daarnaar vragen.",
            Input::Flag,
        );
        if base.is_some_and(|base| base.built_in) {
            return vec![
                Field::new(
                    "uit",
                    "Zet deze woorden uit",
                    "Let op: wie met deze woorden om hulp roept, ziet de nummers bij nood dan niet meer. Doe dit alleen als het blok steeds verkeerd verschijnt.",
                    Input::Flag,
                ),
                Field::line("notitie", "Waarom?", ""),
                seen,
            ];
        }
        let concepts = concepts()
            .into_iter()
            .map(|concept| Choice::new(concept, about(concept)));
        vec![
            Field::new(
                "woorden",
                "Woorden",
                "Ze moeten er allemaal staan, in welke volgorde ook. Bijvoorbeeld: mijn broer sluit mij op. Andere vormen van een woord horen er vanzelf bij.",
                Input::Line {
                    kind: "text",
                    most: LONGEST,
                },
            ),
            Field::new(
                "gaatover",
                "Waar gaat het dan over?",
                "Dat nummer komt vooraan, en ernaar wordt ook gezocht.",
                Input::One(concepts.collect()),
            ),
            Field::line("notitie", "Notitie voor collega’s", ""),
            seen,
        ]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("woorden", &self.rule);
        fields.set("gaatover", &self.concept);
        fields.set("notitie", &self.note);
        fields.flag("uit", self.silenced);
        fields
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        _: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let note = common::text(fields, errors, "notitie", 150)?;
        if let Some(base) = base.filter(|base| base.built_in) {
            let silenced = fields.is_on("uit");
            if silenced && note.is_empty() {
                errors.add("notitie", "Schrijf op waarom, voor wie dit later leest.");
            }
            return Some(Self {
                silenced,
                note: if silenced { note } else { String::new() },
                ..base.clone()
            });
        }
        let rule =
            common::required(fields, errors, ("woorden", "de woorden"), LONGEST)?.to_lowercase();
        let plain = |word: &str| {
            word.starts_with(char::is_alphanumeric)
                && word
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-'’".contains(c))
        };
        if rule.contains('\n') || !rule.split_whitespace().all(plain) {
            errors.add("woorden", "Gebruik alleen letters, cijfers en spaties.");
        }
        let concept = fields.text("gaatover").to_owned();
        if !concepts().contains(&concept.as_str()) {
            errors.add("gaatover", "Kies er een.");
        }
        Some(Self {
            rule: rule.split_whitespace().collect::<Vec<_>>().join(" "),
            concept,
            built_in: false,
            silenced: false,
            note,
        })
    }
    fn field_of(name: &str) -> &'static str {
        match name {
            "silenced" => "uit",
            "rule" => "woorden",
            _ => "form",
        }
    }
    fn removal(&self, _: &crate::admin::page::House) -> Option<super::Removal> {
        (!self.built_in).then_some(super::TAKE_AWAY)
    }
    /// Tells beforehand for which known searches the numbers would come or go.
    fn weigh(
        &self,
        base: Option<&Self>,
        fields: &Fields,
        office: &Office,
        errors: &mut Errors,
    ) -> Result<(), Error> {
        let names = office.names();
        let others = names.alarms.iter();
        let others = others.filter(|other| base.is_none_or(|base| base.rule != other.rule));
        let mut changes = AlarmChanges::default();
        for trigger in others.chain([self]) {
            match (trigger.built_in, trigger.silenced) {
                (false, _) => changes
                    .added
                    .push((trigger.concept.clone(), trigger.rule.clone())),
                (true, true) => changes.silenced.push(trigger.rule.clone()),
                (true, false) => {}
            }
        }
        let fault = |error: crate::search::SearchError| Error::Internal(error.into());
        if !self.built_in && !office.engine.says_something(&self.rule) {
            errors.add("woorden", "Deze woorden zeggen te weinig: bijna iedereen gebruikt ze. Voeg een woord toe dat zegt wat er aan de hand is.");
            return Ok(());
        }
        let effect = office.engine.try_alarm(&changes).map_err(fault)?;
        if effect.raised.len() * TOO_GENERAL > effect.ordinary {
            errors.add(
                "woorden",
                format!(
                    "Dit is te algemeen: het blok zou ook verschijnen bij {}. Maak het preciezer.",
                    quoted(&effect.raised)
                ),
            );
        } else if !fields.is_on("gezien") {
            if !effect.raised.is_empty() {
                errors.add("gezien", format!("Het blok zou ook verschijnen bij {}. Is dat goed? Vink dit dan aan en bewaar nog eens.", quoted(&effect.raised)));
            }
            if !effect.silent.is_empty() {
                errors.add("gezien", format!("Het blok zou niet meer verschijnen bij {}. Weet u het zeker? Vink dit dan aan en bewaar nog eens.", quoted(&effect.silent)));
            }
        }
        Ok(())
    }
}

/// What the rules of the program are about.
fn concepts() -> Vec<&'static str> {
    let mut concepts: Vec<&str> = built_in_alarms().map(|(concept, _)| concept).collect();
    concepts.sort_unstable();
    concepts.dedup();
    concepts
}

/// What a rule is about, in words.
fn about(concept: &str) -> &str {
    if concept.is_empty() {
        "iets anders"
    } else {
        concept
    }
}

/// The groups of a rule of the program, of each of which one word must be there.
fn groups(rule: &str) -> impl Iterator<Item = Vec<&str>> {
    let all = rule.trim_start_matches('=').split_whitespace();
    all.filter(|group| !group.starts_with('-')).map(words)
}

/// The groups of which none may be there.
fn unless(rule: &str) -> impl Iterator<Item = Vec<&str>> {
    let all = rule.split_whitespace();
    all.filter_map(|group| group.strip_prefix('-')).map(words)
}

fn words(group: &str) -> Vec<&str> {
    group
        .split('/')
        .map(|word| word.trim_end_matches('!'))
        .collect()
}

/// At most so many words: "slaat, schopt, …".
fn listed(words: &[&str], most: usize) -> String {
    let more = if words.len() > most { ", …" } else { "" };
    format!("{}{more}", words[..words.len().min(most)].join(", "))
}

fn quoted(searches: &[&str]) -> String {
    let named: Vec<String> = searches
        .iter()
        .take(NAMED)
        .map(|text| format!("“{text}”"))
        .collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    match searches.len().saturating_sub(NAMED) {
        0 => dutch::list(&named),
        more => format!("{} en nog {more}", named.join(", ")),
    }
}
