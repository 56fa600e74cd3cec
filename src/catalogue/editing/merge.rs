//! Two changes of one record brought together. What somebody did not touch is as it is now; what
//! both touched is as they made it, for whoever looks next to choose.

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Kept;
use crate::catalogue::acts::Act;

/// The acts that each made a version of a record.
const VERSIONS: [Act; 6] = [
    Act::Register,
    Act::Revise,
    Act::Publish,
    Act::Withdraw,
    Act::Check,
    Act::Approve,
];

/// Whether an act in the log made a version.
#[must_use]
pub fn made_a_version(act: &str) -> bool {
    VERSIONS.iter().any(|one| one.as_str() == act)
}

/// A record as it was in an earlier version; `None` when the log does not reach so far.
///
/// # Errors
/// When the database does not answer.
pub async fn as_it_was<K: Kept>(
    conn: &mut PgConnection,
    (id, now): (Uuid, i32),
    version: i32,
) -> Result<Option<K>, sqlx::Error> {
    let content = sqlx::query_scalar!(
        r#"select content as "content!" from audit_log
           where subject = $1 and record_id = $2 and act = any($3) and content is not null
           order by id desc offset $4 limit 1"#,
        K::KIND.as_str(),
        id,
        &VERSIONS.map(|act| act.as_str().to_owned()),
        i64::from(now - version).max(0),
    )
    .fetch_optional(conn)
    .await?;
    Ok(content.and_then(|content| serde_json::from_value(content).ok()))
}

/// What was made of `base`, made of `now` instead. `None`: the two do not go together.
#[must_use]
pub fn onto<K: Kept>(base: &K, made: &K, now: &K) -> Option<K> {
    let value = |draft| serde_json::to_value(draft).ok();
    let merged = merged(&value(base)?, value(made)?, value(now)?);
    let mut merged: K = serde_json::from_value(merged).ok()?;
    now.slug().clone_into(merged.slug_mut());
    Some(merged)
}

/// Field by field; a list is one field.
fn merged(base: &Value, made: Value, now: Value) -> Value {
    match (base, made, now) {
        (Value::Object(base), Value::Object(made), Value::Object(mut now)) => {
            for (name, value) in made {
                let before = base.get(&name).unwrap_or(&Value::Null);
                let there = now.remove(&name).unwrap_or(Value::Null);
                now.insert(name, merged(before, value, there));
            }
            Value::Object(now)
        }
        (base, made, now) if made == *base => now,
        (_, made, _) => made,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_one_did_not_touch_is_what_the_other_made_of_it() {
        let base =
            json!({"name": "A", "phone": null, "themes": ["x"], "upkeep": {"year": 1, "at": 1}});
        let made =
            json!({"name": "A", "phone": "1", "themes": ["y"], "upkeep": {"year": 2, "at": 1}});
        let now = json!({"name": "B", "phone": null, "themes": ["x", "z"], "upkeep": {"year": 1, "at": 5}});
        assert_eq!(
            merged(&base, made, now),
            json!({"name": "B", "phone": "1", "themes": ["y"], "upkeep": {"year": 2, "at": 5}})
        );
    }

    #[test]
    fn what_was_taken_away_stays_away() {
        let base = json!({"phone": "1", "email": "a"});
        let merged = merged(
            &base,
            json!({"phone": null, "email": "a"}),
            json!({"phone": "1", "email": "b"}),
        );
        assert_eq!(merged, json!({"phone": null, "email": "b"}));
    }
}
