//! Every public record of every kind, for those who list them all.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::base::RecordKind;

/// A public record and the day on which it last changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub kind: RecordKind,
    pub slug: String,
    pub changed_on: Option<NaiveDate>,
}

/// As many as one sitemap may hold beside the fixed pages (sitemaps.org: 50,000).
const MOST: i64 = 49_900;

pub async fn public(conn: &mut PgConnection, on: NaiveDate) -> Result<Vec<Entry>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select kind as "kind!", slug as "slug!", changed_on from (
               select 'organisation' as kind, slug, updated_at::date as changed_on from organisations
                   where state = 'published'
               union all select 'activity', a.slug, a.updated_at::date from activities a
                   join organisations o on o.id = a.organisation_id
                   where a.state = 'published' and o.state = 'published'
               union all select 'place', slug, updated_at::date from places where state = 'published'
               union all select 'dossier', slug, updated_at::date from dossiers where state = 'published'
               union all select 'faq', slug, updated_at::date from faqs where state = 'published'
               union all select 'zone', slug, updated_at::date from zones where state = 'published'
                   and coalesce(valid_from <= $2, true) and coalesce(valid_until >= $2, true)
               union all select 'theme', slug, null from themes
           ) r order by 1, 2 limit $1"#,
        MOST,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            Some(Entry {
                kind: r.kind.parse().ok()?,
                slug: r.slug,
                changed_on: r.changed_on,
            })
        })
        .collect())
}
