use super::Entry;
use crate::access::Right;
use crate::admin::fields::Errors;
use crate::admin::sheet::common::{self, choices};
use crate::admin::sheet::{Choice, Field, Fields, Input, Surroundings};
use crate::base::written;
use crate::base::{Slug, dutch};
use crate::catalogue::Vocabulary;
use crate::catalogue::scope::{Decision, Outcome};

impl Entry for Decision {
    const PATH: &'static str = "afspraken";
    const MANY: &'static str = "Wat hoort op de kaart?";
    const NEW: &'static str = "Nieuwe afspraak";
    const ABOUT: &'static str = "Afspraken over gevallen waar twijfel over was, zoals coaching of rouw. Zo krijgt dezelfde vraag steeds hetzelfde antwoord.";
    const SEEN_BY: Right = Right::Browse;

    fn title(&self) -> String {
        self.title.clone()
    }
    fn more(&self) -> String {
        let review = self.review_on.map_or_else(String::new, |day| {
            format!(". Opnieuw bekijken: {}", dutch::date(day))
        });
        format!(
            "{}, sinds {}. {}{review}",
            dutch::sentence(self.outcome.dutch()),
            dutch::date(self.decided_on),
            self.reason.trim_end_matches('.'),
        )
    }
    fn section(names: &Vocabulary, _: Option<&Self>) -> Vec<Field> {
        let mut themes = vec![Choice::new("", "geen thema")];
        themes.extend(common::theme_choices(names));
        vec![
            Field::line(
                "onderwerp",
                "Waar gaat het over?",
                "Bijvoorbeeld: coaches met een eigen praktijk.",
            ),
            Field::new("thema", "Thema", "", Input::One(themes)),
            Field::new(
                "besluit",
                "Wat is de afspraak?",
                "Een eigen groep is bijvoorbeeld: hulp waarvoor een besluit van de gemeente nodig is.",
                Input::One(choices!(Outcome)),
            ),
            Field::new(
                "reden",
                "Waarom?",
                "Zo dat een nieuwe collega het begrijpt. Hoogstens 100 woorden.",
                Input::Text {
                    words: Some(100),
                    rows: 4,
                },
            ),
            Field::new("datum", "Afgesproken op", "", Input::Date),
            Field::line(
                "wie",
                "Wie sprak dit af?",
                "Een functie of een overleg, geen naam. Bijvoorbeeld: redactie, of overleg met de gemeente.",
            ),
            Field::new(
                "opnieuw",
                "Wanneer kijkt u er opnieuw naar?",
                "Leeg: niet. Op die dag staat het op het startscherm.",
                Input::Date,
            ),
        ]
    }
    fn blank() -> Fields {
        Fields::default()
    }
    fn fields(&self, _: &Surroundings<'_>) -> Fields {
        let mut fields = Fields::default();
        fields.set("onderwerp", &self.title);
        fields.set("thema", self.theme.as_ref().map_or("", Slug::as_str));
        fields.set("besluit", self.outcome.as_str());
        fields.set("reden", &self.reason);
        fields.say("datum", self.decided_on);
        fields.set("wie", &self.decided_by);
        if let Some(day) = self.review_on {
            fields.say("opnieuw", day);
        }
        fields
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let title = common::required(fields, errors, ("onderwerp", "het onderwerp"), 150);
        let known = |text: &str| {
            let theme = around.names.theme(text).ok_or(())?;
            Slug::parse(&theme.slug).map_err(drop)
        };
        let theme = common::optional(fields, errors, "thema", "Kies een thema.", known);
        let outcome = common::chosen(fields, errors, "besluit");
        let reason = common::required(fields, errors, ("reden", "de reden"), 1500);
        let day = written::day(&fields.trimmed("datum"));
        let day = day.ok().filter(|day| *day <= around.today).ok_or(());
        let wrong = "Vul de dag in waarop dit is afgesproken, zoals 15-01-2026: vandaag of eerder.";
        let decided_on = errors.take("datum", wrong, day);
        let decided_by = common::required(fields, errors, ("wie", "wie dit heeft besloten"), 100);
        let later = |text: &str| {
            let day = written::day(text).ok();
            day.filter(|day| decided_on.is_none_or(|decided| *day > decided))
                .ok_or(())
        };
        let wrong = "Vul een dag in na de dag van de afspraak, of laat het leeg.";
        let review_on = common::optional(fields, errors, "opnieuw", wrong, later);
        let title = title?;
        Some(Self {
            slug: common::slug_of(base.map(|base| &base.slug), &title, errors, "onderwerp")?,
            title,
            theme: theme?,
            outcome: outcome?,
            reason: reason?,
            decided_on: decided_on?,
            decided_by: decided_by?,
            review_on: review_on?,
        })
    }
}
