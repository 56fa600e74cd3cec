//! What someone typed into a form and did not save yet, kept for them alone.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::access::Person;
use crate::base::RecordKind;

/// What was typed, and when.
#[derive(Clone, PartialEq, Debug)]
pub struct Unfinished {
    pub fields: Value,
    pub saved_at: DateTime<Utc>,
}

/// Keeps what was typed; the slug is empty for a new record.
pub async fn put(
    conn: &mut PgConnection,
    person: &Person,
    (kind, slug): (RecordKind, &str),
    fields: &Value,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into unfinished_forms (account_id, kind, slug, fields) values ($1, $2, $3, $4)
         on conflict (account_id, kind, slug) do update set fields = excluded.fields, saved_at = now()",
        person.id.0,
        kind.as_str(),
        slug,
        fields,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What someone typed for a new record of a kind.
pub async fn of_new(
    conn: &mut PgConnection,
    person: &Person,
    kind: RecordKind,
) -> Result<Option<Unfinished>, sqlx::Error> {
    sqlx::query_as!(
        Unfinished,
        "select fields, saved_at from unfinished_forms
         where account_id = $1 and kind = $2 and slug = ''",
        person.id.0,
        kind.as_str(),
    )
    .fetch_optional(conn)
    .await
}

/// Of which forms someone has typed something that is not saved, the newest first: kind, slug
/// (empty for a new record), title and when.
pub async fn of(
    conn: &mut PgConnection,
    person: &Person,
) -> Result<Vec<(String, String, Option<String>, DateTime<Utc>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select u.kind, u.slug, r.title as "title?", u.saved_at
           from unfinished_forms u
           left join records r on r.kind = u.kind and r.slug = u.slug
           where u.account_id = $1 and (u.slug = '' or r.slug is not null)
           order by u.saved_at desc limit 20"#,
        person.id.0,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|r| (r.kind, r.slug, r.title, r.saved_at))
        .collect())
}

/// Lets go of it: it was saved, or thrown away.
pub async fn forget(
    conn: &mut PgConnection,
    person: &Person,
    (kind, slug): (RecordKind, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from unfinished_forms where account_id = $1 and kind = $2 and slug = $3",
        person.id.0,
        kind.as_str(),
        slug,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The record went from this version to the next in what no form holds: what was typed over the
/// one goes with the other.
pub async fn carry_on(
    conn: &mut PgConnection,
    person: &Person,
    (kind, slug): (RecordKind, &str),
    version: i32,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update unfinished_forms set fields = jsonb_set(fields, '{versie}', to_jsonb(array[($4::int + 1)::text]))
         where account_id = $1 and kind = $2 and slug = $3 and fields #>> '{versie,0}' = ($4::int)::text",
        person.id.0,
        kind.as_str(),
        slug,
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes what nobody came back to within a month, and forms that were handled a day ago.
pub async fn sweep(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from unfinished_forms where saved_at < now() - interval '30 days'")
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from forms_handled where handled_at < now() - interval '1 day'")
        .execute(conn)
        .await?;
    Ok(())
}
