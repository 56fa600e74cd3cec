use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Kind, Wheelchair};
use crate::base::RecordKind;
use crate::search::{Card, Document};

/// The search documents of public places: of all, or of some ids. A hidden address stays out.
pub async fn documents(
    conn: &mut PgConnection,
    on: NaiveDate,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select p.id as "id!", p.slug as "slug!", p.name as "name!", p.kind as "kind!: Kind",
                  p.summary as "summary!", p.phone as "phone?", p.meeting_place as "meeting_place!",
                  p.historic as "historic!", p.wheelchair as "wheelchair!: Wheelchair",
                  z.slug as "zone?", z.name as "zone_name?",
                  concat_ws(' ', a.street, a.house_number) as "street!", a.city as "city?"
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
            Document {
                id: r.id,
                kind: RecordKind::Place,
                slug: r.slug,
                title: r.name.clone(),
                summary: r.summary.clone(),
                body: format!("{}. {meeting}. {}", r.kind.dutch(), address.join(" ")),
                keywords: r.zone_name.iter().cloned().collect(),
                themes: Vec::new(),
                zones: r.zone.into_iter().collect(),
                audiences: Vec::new(),
                step: None,
                free_of_charge: false,
                wheelchair: r.wheelchair == Wheelchair::Yes,
                card: Card {
                    title: r.name,
                    summary: r.summary,
                    place: Some(address.join(", ")).filter(|line| !line.is_empty()),
                    zones: r.zone_name.into_iter().collect(),
                    phone: r.phone,
                    cost: None,
                    wheelchair: r.wheelchair == Wheelchair::Yes,
                    rhythm: None,
                    note: None,
                    coming: Vec::new(),
                },
            }
        })
        .collect())
}
