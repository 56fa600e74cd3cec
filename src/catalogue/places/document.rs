use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Kind, Wheelchair};
use crate::base::RecordKind;
use crate::base::geo::GeoPoint;
use crate::prose;
use crate::search::{Card, Document};

/// The search documents of public places: of all, or of some ids. A hidden address stays out.
pub async fn documents(
    conn: &mut PgConnection,
    on: NaiveDate,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select p.id as "id!", p.slug as "slug!", p.name as "name!", p.kind as "kind!: Kind",
                  p.summary as "summary!", p.detail as "detail!", p.phone as "phone?", p.meeting_place as "meeting_place!",
                  p.historic as "historic!", p.wheelchair as "wheelchair!: Wheelchair",
                  z.slug as "zone?", z.name as "zone_name?",
                  concat_ws(' ', a.street, a.house_number) as "street!", a.city as "city?",
                  p.checked_at, coalesce(a.latitude, z.latitude) as "latitude?",
                  coalesce(a.longitude, z.longitude) as "longitude?"
           from places p
           left join zones z on z.id = p.zone_id and z.state = 'published'
           left join place_addresses a on a.place_id = p.id and a.valid @> $2::date and not p.address_hidden
           where p.state = 'published' and ($1::uuid[] is null or p.id = any($1))
           order by p.slug"#,
        only,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let address = [r.street.trim(), r.city.as_deref().unwrap_or("")];
            let address: Vec<&str> = address
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            let meeting = if r.meeting_place && !r.historic {
                "ontmoetingsplek"
            } else {
                ""
            };
            let wheelchair = r.wheelchair == Wheelchair::Yes;
            Document {
                body: format!("{}\n{}", address.join(" "), prose::plain(&r.detail)),
                past: r.historic,
                names: r.zone_name.iter().cloned().collect(),
                labels: vec![r.kind.dutch().to_owned(), meeting.to_owned()],
                zones: r.zone.into_iter().collect(),
                checked: r.checked_at,
                point: GeoPoint::of(r.latitude, r.longitude),
                wheelchair,
                card: Card {
                    place: Some(address.join(", ")).filter(|line| !line.is_empty()),
                    zones: r.zone_name.into_iter().collect(),
                    phone: r.phone,
                    wheelchair,
                    ..Card::plain(r.name.clone(), r.summary.clone())
                },
                ..Document::new(r.id, RecordKind::Place, r.slug, r.name, r.summary)
            }
        })
        .collect())
}
