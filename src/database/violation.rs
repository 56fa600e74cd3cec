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
const ENDINGS: [(&str, &str); 27] = [
    (
        "_one_main_meeting_place",
        "this zone already has a main meeting place",
    ),
    (
        "_main_is_meeting_place",
        "a main meeting place must be a meeting place",
    ),
    (
        "_one_at_a_time",
        "two addresses of one place are valid on the same day",
    ),
    (
        "_rule_for_series",
        "exception dates and an end belong to a repeating schedule",
    ),
    (
        "_all_day_whole",
        "whole days start at midnight and last a number of days",
    ),
    (
        "_moved_somewhere",
        "a meeting that is moved needs a new time or place, and one that is off has none",
    ),
    (
        "_hours_of_place",
        "other hours go with the kind place, and with no other",
    ),
    (
        "_place_of_kind",
        "a place goes with the kind place, and with no other",
    ),
    ("_until_after_start", "the series ends before it starts"),
    ("_validity_order", "the end lies before the beginning"),
    ("_headword_first", "the first word must be the headword"),
    ("_two_terms", "at least two words are needed"),
    (
        "_parent_on_top",
        "a sub-theme needs a parent, a main theme has none",
    ),
    ("_parent_known", "the parent must be a main theme"),
    (
        "_point_whole",
        "give both latitude and longitude, or neither",
    ),
    ("_period_given", "the period is empty"),
    ("_other", "a record cannot refer to itself"),
    ("_order_taken", "this place in the order is taken"),
    ("_order", "the end lies before the beginning"),
    ("_often", "words are kept from the third time on"),
    ("_taken", "already in use by another record"),
    ("_given", "must not be empty"),
    ("_known", "not one of the known values"),
    ("_range", "outside the range that is possible"),
    ("_form", "not written in the form that is needed"),
    ("_pkey", "given twice"),
    ("_fkey", "still in use by another record"),
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
        assert_eq!(v.to_string(), "slug: already in use by another record");
        let v = Violation::named("places_one_main_meeting_place", "places").expect("known");
        assert_eq!(v.sentence, "this zone already has a main meeting place");
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
