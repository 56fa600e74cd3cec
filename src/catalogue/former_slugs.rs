//! Addresses that records had before: they redirect for ever.

use sqlx::PgConnection;

use super::acts::{self, Act, CommandError};
use crate::access::Actor;
use crate::base::{RecordKind, Slug};

/// Remembers that the record now at `present` was once found under `former`.
///
/// # Errors
/// [`CommandError::Unknown`] when nothing is at `present`; or the database refuses.
pub async fn remember(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: RecordKind,
    former: &Slug,
    present: &Slug,
) -> Result<(), CommandError> {
    let id = sqlx::query_scalar!(
        r#"insert into former_slugs (kind, slug, record_id)
           select $1, $2, r.id
           from (
               select 'organisation' as kind, id, slug from organisations
               union all select 'activity', id, slug from activities
               union all select 'place', id, slug from places
               union all select 'dossier', id, slug from dossiers
               union all select 'faq', id, slug from faqs
               union all select 'zone', id, slug from zones
               union all select 'theme', id, slug from themes
           ) r where r.kind = $1 and r.slug = $3
           on conflict (kind, slug) do update set record_id = excluded.record_id
           returning record_id"#,
        kind.as_str(),
        former.as_str(),
        present.as_str(),
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(CommandError::Unknown)?;
    let content = serde_json::json!({ "former": former, "present": present });
    acts::note(
        conn,
        actor,
        Act::Rename,
        (kind.as_str(), Some(id), present.as_str()),
        &content,
    )
    .await?;
    Ok(())
}

/// Forgets a former address; nothing is found there any more.
///
/// # Errors
/// [`CommandError::Unknown`] when it is none.
pub async fn forget(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: RecordKind,
    former: &Slug,
) -> Result<(), CommandError> {
    let id = sqlx::query_scalar!(
        "delete from former_slugs where kind = $1 and slug = $2 returning record_id",
        kind.as_str(),
        former.as_str(),
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(CommandError::Unknown)?;
    let content = serde_json::json!({ "former": former });
    let subject = (kind.as_str(), Some(id), former.as_str());
    acts::note(conn, actor, Act::Rename, subject, &content).await?;
    Ok(())
}

/// The present slug of the record that was once found under this one, when it is public.
///
/// # Errors
/// When the database does not answer.
pub async fn present(
    conn: &mut PgConnection,
    kind: RecordKind,
    former: &Slug,
) -> Result<Option<Slug>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select r.slug as "slug!: Slug"
           from former_slugs f
           join (
               select 'organisation' as kind, id, slug from organisations where state = 'published'
               union all select 'activity', id, slug from activities where state = 'published'
               union all select 'place', id, slug from places where state = 'published'
               union all select 'dossier', id, slug from dossiers where state = 'published'
               union all select 'faq', id, slug from faqs where state = 'published'
               union all select 'zone', id, slug from zones where state = 'published'
               union all select 'theme', id, slug from themes
           ) r on r.kind = f.kind and r.id = f.record_id
           where f.kind = $1 and f.slug = $2"#,
        kind.as_str(),
        former.as_str(),
    )
    .fetch_optional(conn)
    .await
}

/// Every redirect: kind, former slug, present slug.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<(String, Slug, Slug)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select f.kind, f.slug as "former: Slug", r.slug as "present!: Slug"
           from former_slugs f
           join (
               select 'organisation' as kind, id, slug from organisations
               union all select 'activity', id, slug from activities
               union all select 'place', id, slug from places
               union all select 'dossier', id, slug from dossiers
               union all select 'faq', id, slug from faqs
               union all select 'zone', id, slug from zones
               union all select 'theme', id, slug from themes
           ) r on r.kind = f.kind and r.id = f.record_id
           order by 1, 2"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.kind, r.former, r.present))
        .collect())
}
