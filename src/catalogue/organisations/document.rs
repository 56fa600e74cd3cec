use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Kind;
use crate::base::RecordKind;
use crate::base::geo::GeoPoint;
use crate::catalogue::themes::Step;
use crate::prose;
use crate::search::document::topic;
use crate::search::{Card, Document};

/// The search documents of public organisations: of all, or of some ids. An address that a place
/// hides is in none of them.
///
/// An organisation that serves the whole municipality is found in every zone.
pub async fn documents(
    conn: &mut PgConnection,
    on: NaiveDate,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select o.id, o.slug, o.name, o.kind as "kind: Kind", o.summary, o.detail, o.phone, o.step as "step: Step",
                  o.serves_all_zones, o.checked_at, coalesce(pa.latitude, pz.latitude) as "latitude?",
                  coalesce(pa.longitude, pz.longitude) as "longitude?", p.name as "place?", p.wheelchair = 'yes' as "wheelchair?",
                  array(select z.slug from zones z
                        where z.state = 'published' and (o.serves_all_zones or exists (
                            select from organisation_zones oz where oz.organisation_id = o.id and oz.zone_id = z.id))
                        order by z.slug) as "zones!",
                  array(select z.name from organisation_zones oz join zones z on z.id = oz.zone_id
                        where oz.organisation_id = o.id and z.state = 'published' order by z.name) as "zone_names!",
                  array(select distinct s from organisation_themes x join themes t on t.id = x.theme_id
                        left join themes m on m.id = t.parent_id, unnest(array[t.slug, m.slug]) s
                        where x.organisation_id = o.id and s is not null order by s) as "themes!",
                  array(select t.slug from organisation_themes x join themes t on t.id = x.theme_id
                        where x.organisation_id = o.id and t.parent_id is not null order by x.position)
                        as "own_themes!",
                  array(select d.slug from dossier_organisations x join dossiers d on d.id = x.dossier_id
                        where x.organisation_id = o.id and d.state = 'published' order by d.slug) as "dossiers!",
                  array(select t.name from organisation_themes x join themes t on t.id = x.theme_id
                        where x.organisation_id = o.id order by x.position) as "theme_names!",
                  array(select a.slug from organisation_audiences x join audiences a on a.id = x.audience_id
                        where x.organisation_id = o.id order by x.position) as "audiences!",
                  array(select a.name from organisation_audiences x join audiences a on a.id = x.audience_id
                        where x.organisation_id = o.id order by x.position) as "audience_names!"
           from organisations o
           left join places p on p.id = o.place_id and p.state = 'published'
           left join zones pz on pz.id = p.zone_id and pz.state = 'published'
           left join place_addresses pa on pa.place_id = p.id and pa.valid @> $2::date and not p.address_hidden
           where o.state = 'published' and ($1::uuid[] is null or o.id = any($1))
           order by o.slug"#,
        only,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            body: prose::plain(&r.detail),
            names: r.place.iter().chain(&r.zone_names).cloned().collect(),
            labels: [
                &[r.kind.dutch().to_owned()],
                &r.theme_names[..],
                &r.audience_names[..],
            ]
            .concat(),
            topics: (r.own_themes.iter().map(|slug| topic::theme(slug)))
                .chain(r.dossiers.iter().map(|slug| topic::dossier(slug)))
                .collect(),
            themes: r.themes,
            zones: r.zones,
            everywhere: r.serves_all_zones,
            audiences: r.audiences,
            step: Some(r.step.as_str().to_owned()),
            checked: r.checked_at,
            point: GeoPoint::of(r.latitude, r.longitude),
            wheelchair: r.wheelchair.unwrap_or(false),
            card: Card {
                place: r.place,
                zones: r.zone_names,
                phone: r.phone,
                wheelchair: r.wheelchair.unwrap_or(false),
                ..Card::plain(r.name.clone(), r.summary.clone())
            },
            ..Document::new(r.id, RecordKind::Organisation, r.slug, r.name, r.summary)
        })
        .collect())
}
