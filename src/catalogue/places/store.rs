use chrono::{Days, NaiveDate};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Address, Card, DatedAddress, Draft, Kind, Profile, Wheelchair};
use crate::access::Viewer;
use crate::base::contact::{Email, Phone, WebAddress};
use crate::base::postcode::Postcode;
use crate::base::{Label, Slug, id::PlaceId, id::ZoneId};
use crate::catalogue::{State, Upkeep};

/// Places in lists: in some zones or everywhere (`None`), meeting places first, then by name.
/// The address is the one that holds on `on`.
pub async fn cards(
    conn: &mut PgConnection,
    viewer: Viewer,
    zones: Option<&[ZoneId]>,
    on: NaiveDate,
) -> Result<Vec<Card>, sqlx::Error> {
    let zones: Option<Vec<uuid::Uuid>> = zones.map(|z| z.iter().map(|id| id.0).collect());
    let rows = sqlx::query!(
        r#"select p.slug as "slug!", p.name as "name!", p.kind as "kind!: Kind", p.summary as "summary!",
                  case when z.id is null then null
                       else jsonb_build_object('slug', z.slug, 'name', z.name) end as "zone?: Json<Label>",
                  case when a.place_id is null or p.address_hidden then null
                       else jsonb_build_object('street', a.street, 'house_number', a.house_number,
                           'postcode', a.postcode, 'city', a.city, 'point', null) end as "address?: Json<Address>",
                  p.meeting_place as "meeting_place!", p.main_meeting_place as "main_meeting_place!",
                  p.staffed, p.historic as "historic!", p.wheelchair as "wheelchair!: Wheelchair",
                  p.opening_hours as "opening_hours!", p.phone as "phone?"
           from places p
           left join zones z on z.id = p.zone_id and (z.state = 'published' or $1)
           left join place_addresses a on a.place_id = p.id and a.valid @> $3::date
           where (p.state = 'published' or $1) and ($2::uuid[] is null or p.zone_id = any($2))
           order by p.historic, p.main_meeting_place desc, p.meeting_place desc, p.name"#,
        viewer.sees_unpublished(),
        zones.as_deref(),
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Card {
            slug: r.slug,
            name: r.name,
            kind: r.kind,
            summary: r.summary,
            zone: r.zone.map(|z| z.0),
            address: r.address.map(|a| a.0),
            meeting_place: r.meeting_place,
            main_meeting_place: r.main_meeting_place,
            staffed: r.staffed,
            historic: r.historic,
            wheelchair: r.wheelchair,
            opening_hours: r.opening_hours,
            phone: r.phone,
        })
        .collect())
}

pub async fn profile(
    conn: &mut PgConnection,
    viewer: Viewer,
    slug: &Slug,
) -> Result<Option<Profile>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select p.id as "id!: PlaceId", p.slug as "slug!", p.name as "name!", p.kind as "kind!: Kind",
                  p.summary as "summary!", p.detail as "detail!",
                  case when z.id is null then null
                       else jsonb_build_object('slug', z.slug, 'name', z.name) end as "zone?: Json<Label>",
                  p.meeting_place as "meeting_place!", p.main_meeting_place as "main_meeting_place!",
                  p.staffed, p.historic as "historic!", p.wheelchair as "wheelchair!: Wheelchair",
                  p.accessibility as "accessibility!", p.opening_hours as "opening_hours!",
                  p.phone as "phone?: Phone", p.email as "email?: Email", p.website as "website?: WebAddress",
                  p.address_hidden as "address_hidden!", p.state as "state!: State",
                  p.source_url as "source_url!", p.source_year, p.checked_at
           from places p left join zones z on z.id = p.zone_id and (z.state = 'published' or $2)
           where p.slug = $1 and (p.state = 'published' or $2)"#,
        slug.as_str(),
        viewer.sees_unpublished(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(r) = row else { return Ok(None) };
    let hidden = r.address_hidden && viewer == Viewer::Public;
    let addresses = if hidden {
        Vec::new()
    } else {
        addresses_of(conn, r.id).await?
    };
    Ok(Some(Profile {
        id: r.id,
        slug: r.slug,
        name: r.name,
        kind: r.kind,
        summary: r.summary,
        detail: r.detail,
        zone: r.zone.map(|z| z.0),
        addresses,
        meeting_place: r.meeting_place,
        main_meeting_place: r.main_meeting_place,
        staffed: r.staffed,
        historic: r.historic,
        wheelchair: r.wheelchair,
        accessibility: r.accessibility,
        opening_hours: r.opening_hours,
        phone: r.phone,
        email: r.email,
        website: r.website,
        address_hidden: r.address_hidden,
        upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
    }))
}

/// An address row as PostgreSQL writes it: the period is half open there, inclusive here.
fn dated(from: Option<NaiveDate>, before: Option<NaiveDate>, address: Address) -> DatedAddress {
    DatedAddress {
        from,
        until: before.and_then(|day| day.checked_sub_days(Days::new(1))),
        address,
    }
}

async fn addresses_of(
    conn: &mut PgConnection,
    id: PlaceId,
) -> Result<Vec<DatedAddress>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select lower(valid) as "from", upper(valid) as "before",
                  jsonb_build_object('street', street, 'house_number', house_number, 'postcode', postcode,
                      'city', city, 'point', case when latitude is null then null
                          else jsonb_build_object('latitude', latitude, 'longitude', longitude) end)
                      as "address!: Json<Address>"
           from place_addresses where place_id = $1 order by lower(valid) nulls first"#,
        id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| dated(r.from, r.before, r.address.0))
        .collect())
}

/// Every record, as tables and forms hold it.
pub async fn drafts(conn: &mut PgConnection) -> Result<Vec<Draft>, sqlx::Error> {
    select_drafts(conn, None).await
}

/// One record, as tables and forms hold it.
pub async fn draft(conn: &mut PgConnection, slug: &Slug) -> Result<Option<Draft>, sqlx::Error> {
    Ok(select_drafts(conn, Some(slug)).await?.pop())
}

async fn select_drafts(
    conn: &mut PgConnection,
    only: Option<&Slug>,
) -> Result<Vec<Draft>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select p.id as "id!: PlaceId", p.slug as "slug!: Slug", p.name as "name!", p.kind as "kind!: Kind",
                  p.summary as "summary!", p.detail as "detail!", z.slug as "zone?: Slug",
                  p.meeting_place as "meeting_place!", p.main_meeting_place as "main_meeting_place!",
                  p.staffed, p.historic as "historic!", p.wheelchair as "wheelchair!: Wheelchair",
                  p.accessibility as "accessibility!", p.opening_hours as "opening_hours!",
                  p.phone as "phone?: Phone", p.email as "email?: Email", p.website as "website?: WebAddress",
                  p.address_hidden as "address_hidden!", p.state as "state!: State",
                  p.source_url as "source_url!", p.source_year, p.checked_at
           from places p left join zones z on z.id = p.zone_id
           where $1::text is null or p.slug = $1 order by p.slug"#,
        only.map(Slug::as_str)
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut drafts = Vec::with_capacity(rows.len());
    for r in rows {
        drafts.push(Draft {
            slug: r.slug,
            name: r.name,
            kind: r.kind,
            summary: r.summary,
            detail: r.detail,
            zone: r.zone,
            addresses: addresses_of(conn, r.id).await?,
            meeting_place: r.meeting_place,
            main_meeting_place: r.main_meeting_place,
            staffed: r.staffed,
            historic: r.historic,
            wheelchair: r.wheelchair,
            accessibility: r.accessibility,
            opening_hours: r.opening_hours,
            phone: r.phone,
            email: r.email,
            website: r.website,
            address_hidden: r.address_hidden,
            upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
        });
    }
    Ok(drafts)
}

pub async fn ids(conn: &mut PgConnection) -> Result<Vec<PlaceId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id: PlaceId" from places order by id"#)
        .fetch_all(conn)
        .await
}

pub(super) async fn save(conn: &mut PgConnection, draft: &Draft) -> Result<PlaceId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"insert into places (id, slug, name, kind, summary, zone_id, meeting_place, main_meeting_place, staffed,
                               historic, wheelchair, accessibility, opening_hours, phone, email, website,
                               address_hidden, state, source_url, source_year, checked_at, detail)
           values ($1, $2, $3, $4, $5, (select id from zones where slug = $6), $7, $8, $9, $10, $11, $12, $13,
                   $14, $15, $16, $17, $18, $19, $20, $21, $22)
           on conflict (slug) do update set name = excluded.name, kind = excluded.kind,
               summary = excluded.summary, zone_id = excluded.zone_id, meeting_place = excluded.meeting_place,
               main_meeting_place = excluded.main_meeting_place, staffed = excluded.staffed,
               historic = excluded.historic, wheelchair = excluded.wheelchair,
               accessibility = excluded.accessibility, opening_hours = excluded.opening_hours,
               phone = excluded.phone, email = excluded.email, website = excluded.website,
               address_hidden = excluded.address_hidden, state = excluded.state,
               source_url = excluded.source_url, source_year = excluded.source_year,
               checked_at = excluded.checked_at, detail = excluded.detail, version = places.version + 1, updated_at = now()
           returning id as "id: PlaceId""#,
        PlaceId::new().0,
        draft.slug.as_str(),
        draft.name,
        draft.kind.as_str(),
        draft.summary,
        draft.zone.as_ref().map(Slug::as_str),
        draft.meeting_place,
        draft.main_meeting_place,
        draft.staffed,
        draft.historic,
        draft.wheelchair.as_str(),
        draft.accessibility,
        draft.opening_hours,
        draft.phone.as_ref().map(Phone::as_str),
        draft.email.as_ref().map(Email::as_str),
        draft.website.as_ref().map(WebAddress::as_str),
        draft.address_hidden,
        draft.upkeep.state.as_str(),
        draft.upkeep.source_url,
        draft.upkeep.source_year,
        draft.upkeep.checked_at,
        draft.detail,
    )
    .fetch_one(&mut *conn)
    .await?;
    if !draft.keeps_hidden_address() {
        save_addresses(conn, id, &draft.addresses).await?;
    }
    Ok(id)
}

async fn save_addresses(
    conn: &mut PgConnection,
    id: PlaceId,
    addresses: &[DatedAddress],
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from place_addresses where place_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    for DatedAddress {
        from,
        until,
        address,
    } in addresses
    {
        sqlx::query!(
            "insert into place_addresses (place_id, valid, street, house_number, postcode, city, latitude, longitude)
             values ($1, daterange($2, $3, '[]'), $4, $5, $6, $7, $8, $9)",
            id.0,
            *from,
            *until,
            address.street,
            address.house_number,
            address.postcode.as_ref().map(Postcode::as_str),
            address.city,
            address.point.map(|p| p.latitude),
            address.point.map(|p| p.longitude),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
