use sqlx::PgConnection;
use uuid::Uuid;

use super::Kind;
use crate::base::RecordKind;
use crate::catalogue::themes::Step;
use crate::search::{Card, Document};

/// The search documents of public organisations: of all, or of some ids.
///
/// An organisation that serves the whole municipality is found in every zone.
pub async fn documents(
    conn: &mut PgConnection,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select o.id, o.slug, o.name, o.kind as "kind: Kind", o.summary, o.phone, o.step as "step: Step",
                  o.serves_all_zones, p.name as "place?", p.wheelchair = 'yes' as "wheelchair?",
                  array(select z.slug from zones z
                        where z.state = 'published' and (o.serves_all_zones or exists (
                            select from organisation_zones oz where oz.organisation_id = o.id and oz.zone_id = z.id))
                        order by z.slug) as "zones!",
                  array(select z.name from organisation_zones oz join zones z on z.id = oz.zone_id
                        where oz.organisation_id = o.id and z.state = 'published' order by z.name) as "zone_names!",
                  array(select distinct s from organisation_themes x join themes t on t.id = x.theme_id
                        left join themes m on m.id = t.parent_id, unnest(array[t.slug, m.slug]) s
                        where x.organisation_id = o.id and s is not null order by s) as "themes!",
                  array(select t.name from organisation_themes x join themes t on t.id = x.theme_id
                        where x.organisation_id = o.id order by x.position) as "theme_names!",
                  array(select a.slug from organisation_audiences x join audiences a on a.id = x.audience_id
                        where x.organisation_id = o.id order by x.position) as "audiences!",
                  array(select a.name from organisation_audiences x join audiences a on a.id = x.audience_id
                        where x.organisation_id = o.id order by x.position) as "audience_names!"
           from organisations o
           left join places p on p.id = o.place_id and p.state = 'published'
           where o.state = 'published' and ($1::uuid[] is null or o.id = any($1))
           order by o.slug"#,
        only,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            id: r.id,
            kind: RecordKind::Organisation,
            slug: r.slug,
            title: r.name.clone(),
            summary: r.summary.clone(),
            body: [
                &[r.kind.dutch().to_owned()],
                &r.theme_names[..],
                &r.audience_names[..],
                &r.zone_names[..],
            ]
            .concat()
            .join(". "),
            keywords: r.place.iter().cloned().collect(),
            themes: r.themes,
            zones: r.zones,
            audiences: r.audiences,
            step: Some(r.step.as_str().to_owned()),
            free_of_charge: false,
            wheelchair: r.wheelchair.unwrap_or(false),
            card: Card {
                title: r.name,
                summary: r.summary,
                place: r.place,
                zones: r.zone_names,
                phone: r.phone,
                cost: None,
                wheelchair: r.wheelchair.unwrap_or(false),
                rhythm: None,
                note: None,
                coming: Vec::new(),
            },
        })
        .collect())
}
