use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Kind;
use crate::base::RecordKind;
use crate::base::geo::GeoPoint;
use crate::search::Document;

/// The search documents of the zones that are valid on a day: of all, or of some ids.
pub async fn documents(
    conn: &mut PgConnection,
    on: NaiveDate,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select z.id, z.slug, z.name, z.kind as "kind: Kind", z.summary, z.latitude, z.longitude, z.checked_at,
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
            labels: vec![r.kind.dutch().to_owned()],
            keywords: [r.aliases, r.postcodes].concat(),
            zones: vec![r.slug.clone()],
            checked: r.checked_at,
            point: GeoPoint::of(r.latitude, r.longitude),
            ..Document::new(r.id, RecordKind::Zone, r.slug, r.name, r.summary)
        })
        .collect())
}
