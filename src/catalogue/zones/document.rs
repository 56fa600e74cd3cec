use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Kind;
use crate::base::RecordKind;
use crate::search::{Card, Document};

/// The search documents of the zones that are valid on a day: of all, or of some ids.
pub async fn documents(
    conn: &mut PgConnection,
    on: NaiveDate,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select z.id, z.slug, z.name, z.kind as "kind: Kind", z.summary,
                  array(select alias from zone_aliases a where a.zone_id = z.id order by alias) as "aliases!",
                  array(select postcode from zone_postcodes p where p.zone_id = z.id order by postcode) as "postcodes!"
           from zones z
           where z.state = 'published' and ($1::uuid[] is null or z.id = any($1))
             and coalesce(z.valid_from <= $2, true) and coalesce(z.valid_until >= $2, true)
           order by z.slug"#,
        only,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            id: r.id,
            kind: RecordKind::Zone,
            title: r.name.clone(),
            summary: r.summary.clone(),
            body: r.kind.dutch().to_owned(),
            keywords: [r.aliases, r.postcodes].concat(),
            themes: Vec::new(),
            zones: vec![r.slug.clone()],
            slug: r.slug,
            audiences: Vec::new(),
            step: None,
            free_of_charge: false,
            wheelchair: false,
            card: Card::plain(r.name, r.summary),
        })
        .collect())
}
