/// A constraint that PostgreSQL upheld, as a fault at a field.
///
/// Every constraint in the migrations is named `<table>_<what>`; the name tells the field,
/// so that no rule needs a query before the write.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{field}: {sentence}")]
pub struct Violation {
    pub constraint: String,
    pub field: String,
    pub sentence: &'static str,
}

/// The end of a constraint's name, and what that says. Longest first: the first that fits counts.
const ENDINGS: [(&str, &str); 28] = [
    (
        "_one_main_meeting_place",
        "deze wijk heeft al een belangrijkste ontmoetingsplek",
    ),
    (
        "_main_is_meeting_place",
        "de belangrijkste ontmoetingsplek is een ontmoetingsplek",
    ),
    (
        "_one_at_a_time",
        "twee adressen van een plek gelden op dezelfde dag",
    ),
    (
        "_rule_for_series",
        "dagen zonder en een einde horen bij iets dat herhaalt",
    ),
    (
        "_all_day_whole",
        "hele dagen beginnen om middernacht en duren een aantal dagen",
    ),
    (
        "_moved_somewhere",
        "wat verplaatst is heeft een nieuwe tijd of plek, en wat niet doorgaat heeft die niet",
    ),
    (
        "_hours_of_place",
        "andere tijden horen bij de soort place, en bij geen andere",
    ),
    (
        "_place_of_kind",
        "een plek hoort bij de soort place, en bij geen andere",
    ),
    ("_until_after_start", "het einde ligt voor het begin"),
    ("_validity_order", "het einde ligt voor het begin"),
    ("_headword_first", "het eerste woord is het hoofdwoord"),
    ("_two_terms", "er zijn minstens twee woorden nodig"),
    (
        "_parent_on_top",
        "een subthema valt onder een hoofdthema, en een hoofdthema onder niets",
    ),
    ("_parent_known", "het bovenliggende thema is een hoofdthema"),
    ("_point_whole", "geef lat en lon allebei, of geen van beide"),
    ("_period_given", "de periode is leeg"),
    ("_other", "iets kan niet naar zichzelf verwijzen"),
    ("_order_taken", "deze plaats in de volgorde is bezet"),
    ("_order", "het einde ligt voor het begin"),
    ("_often", "woorden worden bewaard vanaf de derde keer"),
    ("_taken", "al in gebruik bij iets anders"),
    ("_given", "mag niet leeg zijn"),
    ("_known", "geen bekende waarde"),
    ("_length", "deze tekst is te lang"),
    ("_range", "dit getal kan niet"),
    ("_form", "niet goed geschreven"),
    ("_pkey", "staat er twee keer"),
    ("_fkey", "nog in gebruik bij iets anders"),
];

impl Violation {
    /// The violation behind an error, when a constraint was the cause.
    #[must_use]
    pub fn of(error: &sqlx::Error) -> Option<Self> {
        let database = error.as_database_error()?;
        Self::named(database.constraint()?, database.table().unwrap_or_default())
    }

    fn named(constraint: &str, table: &str) -> Option<Self> {
        let (ending, sentence) = ENDINGS
            .iter()
            .find(|(ending, _)| constraint.ends_with(ending))?;
        let rest = constraint.strip_suffix(ending)?;
        let field = rest
            .strip_prefix(table)
            .map_or(rest, |field| field.trim_start_matches('_'));
        Some(Self {
            constraint: constraint.to_owned(),
            field: if field.is_empty() { table } else { field }.to_owned(),
            sentence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Violation;

    #[test]
    fn names_lead_to_fields() {
        let v = Violation::named("organisations_slug_taken", "organisations").expect("known");
        assert_eq!(v.to_string(), "slug: al in gebruik bij iets anders");
        let v = Violation::named("places_one_main_meeting_place", "places").expect("known");
        assert_eq!(
            v.sentence,
            "deze wijk heeft al een belangrijkste ontmoetingsplek"
        );
    }

    /// Every named constraint in the migrations has its sentence.
    #[test]
    fn no_constraint_without_a_sentence() {
        let mut seen = 0;
        for file in std::fs::read_dir("migrations").expect("migrations") {
            let path = file.expect("file").path();
            if path.extension().is_none_or(|e| e != "sql") {
                continue;
            }
            let sql = std::fs::read_to_string(&path).expect("sql");
            for (at, _) in sql.match_indices("constraint ") {
                let name: String = sql[at + 11..]
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                if name.contains('_') && !name.ends_with("_unique") {
                    assert!(Violation::named(&name, "").is_some(), "{name} in {path:?}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 50, "only {seen} constraints read");
    }
}
