//! What the source says now, beside what was edited here since it last spoke.

use serde_json::{Map, Value};

use crate::catalogue::activities::Draft;

/// An activity as it is to be, and the fields in which what was edited here goes before the source.
#[derive(Debug)]
pub struct Merged {
    pub draft: Draft,
    pub kept: Vec<String>,
}

/// Fields of which a calendar says nothing: they are ours.
const OURS: [&str; 4] = [
    "slug",
    "upkeep.state",
    "upkeep.checked_at",
    "upkeep.source_year",
];

/// Takes over each field that is as the source last gave it (`base`); a field that is not was
/// edited here, and stays. Without a `base` everything stays.
///
/// # Errors
/// Never for records that were written by this program; they are compared as JSON.
pub fn merge(
    base: Option<&Draft>,
    ours: &Draft,
    theirs: &Draft,
) -> Result<Merged, serde_json::Error> {
    let base = base.map(fields).transpose()?.unwrap_or_default();
    let theirs = fields(theirs)?;
    let mut merged = fields(ours)?;
    let mut kept = Vec::new();
    for (name, ours) in &mut merged {
        let Some(theirs) = theirs.get(name).filter(|theirs| *theirs != ours) else {
            continue;
        };
        if OURS.contains(&name.as_str()) {
            continue;
        }
        if base.get(name) == Some(ours) {
            ours.clone_from(theirs);
        } else {
            kept.push(name.clone());
        }
    }
    Ok(Merged {
        draft: serde_json::from_value(nested(merged))?,
        kept,
    })
}

const INNER: &str = "upkeep";

/// The fields of a record, those of its upkeep as `upkeep.state` and so on.
fn fields(draft: &Draft) -> Result<Map<String, Value>, serde_json::Error> {
    let Value::Object(mut fields) = serde_json::to_value(draft)? else {
        return Ok(Map::new());
    };
    if let Some(Value::Object(inner)) = fields.remove(INNER) {
        let inner = inner
            .into_iter()
            .map(|(name, value)| (format!("{INNER}.{name}"), value));
        fields.extend(inner);
    }
    Ok(fields)
}

fn nested(fields: Map<String, Value>) -> Value {
    let (mut outer, mut inner) = (Map::new(), Map::new());
    for (name, value) in fields {
        match name
            .strip_prefix(INNER)
            .and_then(|rest| rest.strip_prefix('.'))
        {
            Some(name) => inner.insert(name.to_owned(), value),
            None => outer.insert(name, value),
        };
    }
    outer.insert(INNER.to_owned(), Value::Object(inner));
    Value::Object(outer)
}
