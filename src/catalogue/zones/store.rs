use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Card, Draft, Kind, Profile};
use crate::access::Viewer;
use crate::base::boundary::Boundary;
use crate::base::geo::GeoPoint;
use crate::base::postcode::Postcode;
use crate::base::{Label, Slug, id::ZoneId};
use crate::catalogue::{State, Upkeep};

/// The zones that are valid on a day, by name.
pub async fn cards(
    conn: &mut PgConnection,
    viewer: Viewer,
    on: NaiveDate,
) -> Result<Vec<Card>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id: ZoneId", slug, name, kind as "kind: Kind", summary, latitude, longitude,
                  array(select alias from zone_aliases a where a.zone_id = z.id order by alias) as "aliases!",
                  array(select postcode from zone_postcodes p where p.zone_id = z.id order by postcode) as "postcodes!",
                  array(select o.slug from zone_neighbours n join zones o on o.id = n.neighbour_id
                        where n.zone_id = z.id order by o.slug) as "neighbours!"
           from zones z
           where (state = 'published' or $1)
             and coalesce(valid_from <= $2, true) and coalesce(valid_until >= $2, true)
           order by name"#,
        viewer.sees_unpublished(),
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Card {
            id: r.id,
            slug: r.slug,
            name: r.name,
            kind: r.kind,
            summary: r.summary,
            point: GeoPoint::of(r.latitude, r.longitude),
            aliases: r.aliases,
            postcodes: r.postcodes,
            neighbours: r.neighbours,
        })
        .collect())
}

pub async fn profile(
    conn: &mut PgConnection,
    viewer: Viewer,
    slug: &Slug,
) -> Result<Option<Profile>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id as "id: ZoneId", slug, name, kind as "kind: Kind", summary, latitude, longitude,
                  state as "state: State", source_url, source_year, checked_at,
                  array(select alias from zone_aliases a where a.zone_id = z.id order by alias) as "aliases!",
                  array(select postcode from zone_postcodes p where p.zone_id = z.id order by postcode)
                      as "postcodes!: Vec<Postcode>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name) order by o.name)
                            from zone_neighbours n join zones o on o.id = n.neighbour_id
                            where n.zone_id = z.id and (o.state = 'published' or $2)), '[]')
                      as "neighbours!: Json<Vec<Label>>"
           from zones z
           where slug = $1 and (state = 'published' or $2)"#,
        slug.as_str(),
        viewer.sees_unpublished(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| Profile {
        id: r.id,
        slug: r.slug,
        name: r.name,
        kind: r.kind,
        summary: r.summary,
        point: GeoPoint::of(r.latitude, r.longitude),
        aliases: r.aliases,
        postcodes: r.postcodes,
        neighbours: r.neighbours.0,
        upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
    }))
}

/// The slug of the zone that took over from one that is no more.
pub async fn successor(
    conn: &mut PgConnection,
    slug: &Slug,
    on: NaiveDate,
) -> Result<Option<Slug>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select s.slug as "slug!: Slug" from zones z join zones s on s.id = z.successor_id
           where z.slug = $1 and z.valid_until < $2"#,
        slug.as_str(),
        on,
    )
    .fetch_optional(conn)
    .await
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
        r#"select z.slug as "slug!: Slug", z.name as "name!", z.kind as "kind!: Kind", z.summary as "summary!",
                  z.latitude, z.longitude, z.boundary as "boundary: Json<Boundary>", z.valid_from, z.valid_until, s.slug as "successor?: Slug",
                  z.state as "state!: State", z.source_url as "source_url!", z.source_year, z.checked_at,
                  array(select alias from zone_aliases a where a.zone_id = z.id order by alias) as "aliases!",
                  array(select postcode from zone_postcodes p where p.zone_id = z.id order by postcode)
                      as "postcodes!: Vec<Postcode>",
                  array(select o.slug from zone_neighbours n join zones o on o.id = n.neighbour_id
                        where n.zone_id = z.id order by o.slug) as "neighbours!: Vec<Slug>"
           from zones z left join zones s on s.id = z.successor_id
           where $1::text is null or z.slug = $1 order by z.slug"#,
        only.map(Slug::as_str)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Draft {
            slug: r.slug,
            name: r.name,
            kind: r.kind,
            summary: r.summary,
            point: GeoPoint::of(r.latitude, r.longitude),
            boundary: r.boundary.map(|boundary| boundary.0),
            aliases: r.aliases,
            postcodes: r.postcodes,
            neighbours: r.neighbours,
            valid_from: r.valid_from,
            valid_until: r.valid_until,
            successor: r.successor,
            upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
        })
        .collect())
}

/// The outlines of the zones that are valid on a day, by slug.
pub async fn boundaries(
    conn: &mut PgConnection,
    on: NaiveDate,
) -> Result<Vec<(Slug, Boundary)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select slug as "slug: Slug", boundary as "boundary!: Json<Boundary>" from zones
           where boundary is not null and state = 'published'
             and coalesce(valid_from <= $1, true) and coalesce(valid_until >= $1, true)
           order by slug"#,
        on
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| (r.slug, r.boundary.0)).collect())
}

pub async fn ids(conn: &mut PgConnection) -> Result<Vec<ZoneId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id: ZoneId" from zones order by id"#)
        .fetch_all(conn)
        .await
}

/// Saves a zone without its ties to other zones.
pub(super) async fn save(conn: &mut PgConnection, draft: &Draft) -> Result<ZoneId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"insert into zones (id, slug, name, kind, summary, latitude, longitude, valid_from, valid_until,
                              state, source_url, source_year, checked_at, boundary)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (slug) do update set name = excluded.name, kind = excluded.kind,
               summary = excluded.summary, latitude = excluded.latitude, longitude = excluded.longitude,
               valid_from = excluded.valid_from, valid_until = excluded.valid_until, state = excluded.state,
               source_url = excluded.source_url, source_year = excluded.source_year,
               checked_at = excluded.checked_at, boundary = excluded.boundary, version = zones.version + 1, updated_at = now()
           returning id as "id: ZoneId""#,
        ZoneId::new().0,
        draft.slug.as_str(),
        draft.name,
        draft.kind.as_str(),
        draft.summary,
        draft.point.map(|p| p.latitude),
        draft.point.map(|p| p.longitude),
        draft.valid_from,
        draft.valid_until,
        draft.upkeep.state.as_str(),
        draft.upkeep.source_url,
        draft.upkeep.source_year,
        draft.upkeep.checked_at,
        draft.boundary.as_ref().map(Json) as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    save_aliases(conn, id, &draft.aliases).await?;
    save_postcodes(conn, id, &draft.postcodes).await?;
    Ok(id)
}

async fn save_aliases(
    conn: &mut PgConnection,
    id: ZoneId,
    aliases: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from zone_aliases where zone_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into zone_aliases (zone_id, alias) select $1, unnest($2::text[])",
        id.0,
        aliases,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn save_postcodes(
    conn: &mut PgConnection,
    id: ZoneId,
    postcodes: &[Postcode],
) -> Result<(), sqlx::Error> {
    let postcodes: Vec<String> = postcodes.iter().map(|p| p.as_str().to_owned()).collect();
    sqlx::query!("delete from zone_postcodes where zone_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into zone_postcodes (zone_id, postcode) select $1, unnest($2::text[])",
        id.0,
        &postcodes,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Saves a zone's neighbours and successor; all of them must be there.
pub(super) async fn save_ties(conn: &mut PgConnection, draft: &Draft) -> Result<(), sqlx::Error> {
    let neighbours = Slug::texts(&draft.neighbours);
    sqlx::query!(
        "delete from zone_neighbours where zone_id = (select id from zones where slug = $1)",
        draft.slug.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into zone_neighbours (zone_id, neighbour_id)
         select z.id, n.id from zones z, zones n where z.slug = $1 and n.slug = any($2)",
        draft.slug.as_str(),
        &neighbours,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update zones set successor_id = (select id from zones where slug = $2) where slug = $1",
        draft.slug.as_str(),
        draft.successor.as_ref().map(Slug::as_str),
    )
    .execute(conn)
    .await?;
    Ok(())
}
