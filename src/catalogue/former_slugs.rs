//! Addresses that records had before: they redirect for ever.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::acts::{self, Act, CommandError};
use super::editing::entries::Listed;
use crate::access::Actor;
use crate::base::{RecordKind, Slug};
use crate::database::Violation;

/// An address that a record had before. It holds the record itself and no other redirect, so
/// that none can lead in a circle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Redirect {
    pub kind: RecordKind,
    pub former: Slug,
    pub present: Slug,
}

impl Listed for Redirect {
    const SUBJECT: &'static str = "redirect";

    fn key(&self) -> String {
        format!("{} {}", self.kind, self.former)
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        all(conn).await
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        _: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        let Self {
            kind,
            former,
            present,
        } = entry;
        let refused = |field: &str, sentence| {
            let (constraint, field) = (format!("former_slugs_{field}"), field.to_owned());
            CommandError::Refused(Violation {
                constraint,
                field,
                sentence,
            })
        };
        if is_public(conn, *kind, former).await? {
            let sentence = "op dit adres staat een pagina, en die gaat voor";
            return Err(refused("former", sentence));
        }
        if !is_public(conn, *kind, present).await? {
            let sentence = "op dit adres staat niets op de website";
            return Err(refused("present", sentence));
        }
        remember(conn, actor, *kind, former, present).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from former_slugs where kind = $1 and slug = $2",
            entry.kind.as_str(),
            entry.former.as_str()
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}

async fn is_public(
    conn: &mut PgConnection,
    kind: RecordKind,
    slug: &Slug,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from records where kind = $1 and slug = $2 and state = 'published')
               or $1 = 'theme' and exists (select from themes where slug = $2) as "public!""#,
        kind.as_str(),
        slug.as_str()
    )
    .fetch_one(conn)
    .await
}

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

/// Every redirect, by kind and former address.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Redirect>, sqlx::Error> {
    sqlx::query_as!(
        Redirect,
        r#"select f.kind as "kind: RecordKind", f.slug as "former: Slug", r.slug as "present!: Slug"
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
           order by f.kind, f.slug"#
    )
    .fetch_all(conn)
    .await
}
