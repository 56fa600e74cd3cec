use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Card, Draft, Kind, Law, Profile};
use crate::access::Viewer;
use crate::base::contact::{Email, Phone, WebAddress};
use crate::base::{Label, Slug, id::OrganisationId, id::PlaceId, id::ThemeId, id::ZoneId};
use crate::catalogue::pictures::{Picture, PictureId, Shown};
use crate::catalogue::themes::Step;
use crate::catalogue::{State, Upkeep};

/// Which organisations a list holds; everything that is given must fit.
#[derive(Clone, Default, Debug)]
pub struct Selection<'a> {
    /// The theme or one of its sub-themes.
    pub theme: Option<ThemeId>,
    /// Works in this zone by name; who serves the whole municipality is left out.
    pub own_zone: Option<ZoneId>,
    /// Works in this zone, or in the whole municipality.
    pub zone: Option<&'a Slug>,
    pub audience: Option<&'a Slug>,
    pub place: Option<PlaceId>,
}

/// Organisations in lists, by name.
pub async fn cards(
    conn: &mut PgConnection,
    viewer: Viewer,
    only: &Selection<'_>,
) -> Result<Vec<Card>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select o.slug, o.name, o.kind as "kind: Kind", o.summary, o.phone, o.step as "step: Step",
                  o.serves_all_zones, o.opening_hours,
                  (select p.slug from places p where p.id = o.place_id and (p.state = 'published' or $1)) as "place?",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', z.slug, 'name', z.name) order by z.name)
                            from organisation_zones oz join zones z on z.id = oz.zone_id
                            where oz.organisation_id = o.id and (z.state = 'published' or $1)), '[]') as "zones!: Json<Vec<Label>>"
           from organisations o
           where (o.state = 'published' or $1)
             and ($2::uuid is null or exists (
                 select from organisation_themes ot join themes t on t.id = ot.theme_id
                 where ot.organisation_id = o.id and (t.id = $2 or t.parent_id = $2)))
             and ($3::uuid is null or exists (
                 select from organisation_zones oz where oz.organisation_id = o.id and oz.zone_id = $3))
             and ($4::text is null or o.serves_all_zones or exists (
                 select from organisation_zones oz join zones z on z.id = oz.zone_id
                 where oz.organisation_id = o.id and z.slug = $4))
             and ($5::text is null or exists (
                 select from organisation_audiences oa join audiences a on a.id = oa.audience_id
                 where oa.organisation_id = o.id and a.slug = $5))
             and ($6::uuid is null or o.place_id = $6)
           order by o.name"#,
        viewer.sees_unpublished(),
        only.theme.map(|id| id.0),
        only.own_zone.map(|id| id.0),
        only.zone.map(Slug::as_str),
        only.audience.map(Slug::as_str),
        only.place.map(|id| id.0),
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
            phone: r.phone,
            step: r.step,
            serves_all_zones: r.serves_all_zones,
            zones: r.zones.0,
            opening_hours: r.opening_hours,
            place: r.place,
        })
        .collect())
}

pub async fn profile(
    conn: &mut PgConnection,
    viewer: Viewer,
    slug: &Slug,
) -> Result<Option<Profile>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select o.id as "id!: OrganisationId", o.slug as "slug!", o.name as "name!", o.kind as "kind!: Kind",
                  o.summary as "summary!", o.detail as "detail!", o.phone as "phone?: Phone", o.email as "email?: Email",
                  o.website as "website?: WebAddress", o.opening_hours as "opening_hours!", p.slug as "place?: Slug",
                  o.serves_all_zones as "serves_all_zones!", o.step as "step!: Step",
                  o.contracted as "contracted!: Vec<Law>", o.state as "state!: State",
                  o.source_url as "source_url!", o.source_year, o.checked_at,
                  case when pic.id is null then null else jsonb_build_object(
                      'id', pic.id, 'alt', o.picture_alt, 'width', pic.width, 'height', pic.height)
                  end as "picture?: Json<Shown>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', z.slug, 'name', z.name) order by z.name)
                            from organisation_zones oz join zones z on z.id = oz.zone_id
                            where oz.organisation_id = o.id and (z.state = 'published' or $2)), '[]') as "zones!: Json<Vec<Label>>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by ot.position)
                            from organisation_themes ot join themes t on t.id = ot.theme_id
                            where ot.organisation_id = o.id), '[]') as "themes!: Json<Vec<Label>>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', a.slug, 'name', a.name) order by oa.position)
                            from organisation_audiences oa join audiences a on a.id = oa.audience_id
                            where oa.organisation_id = o.id), '[]') as "audiences!: Json<Vec<Label>>"
           from organisations o
           left join places p on p.id = o.place_id and (p.state = 'published' or $2)
           left join pictures pic on pic.id = o.picture_id
           where o.slug = $1 and (o.state = 'published' or $2)"#,
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
        detail: r.detail,
        phone: r.phone,
        email: r.email,
        website: r.website,
        opening_hours: r.opening_hours,
        place: r.place,
        serves_all_zones: r.serves_all_zones,
        zones: r.zones.0,
        themes: r.themes.0,
        audiences: r.audiences.0,
        step: r.step,
        contracted: r.contracted,
        picture: r.picture.map(|picture| picture.0),
        upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
    }))
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
        r#"select o.slug as "slug!: Slug", o.name as "name!", o.kind as "kind!: Kind", o.summary as "summary!", o.detail as "detail!",
                  o.phone as "phone?: Phone", o.email as "email?: Email", o.website as "website?: WebAddress",
                  o.opening_hours as "opening_hours!", p.slug as "place?: Slug", o.serves_all_zones as "serves_all_zones!", o.step as "step!: Step",
                  o.contracted as "contracted!: Vec<Law>", o.state as "state!: State",
                  o.source_url as "source_url!", o.source_year, o.checked_at,
                  o.picture_id as "picture_id?: PictureId", o.picture_alt,
                  array(select z.slug from organisation_zones oz join zones z on z.id = oz.zone_id
                        where oz.organisation_id = o.id order by z.slug) as "zones!: Vec<Slug>",
                  array(select t.slug from organisation_themes ot join themes t on t.id = ot.theme_id
                        where ot.organisation_id = o.id order by ot.position) as "themes!: Vec<Slug>",
                  array(select a.slug from organisation_audiences oa join audiences a on a.id = oa.audience_id
                        where oa.organisation_id = o.id order by oa.position) as "audiences!: Vec<Slug>"
           from organisations o left join places p on p.id = o.place_id
           where $1::text is null or o.slug = $1 order by o.slug"#,
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
            detail: r.detail,
            phone: r.phone,
            email: r.email,
            website: r.website,
            opening_hours: r.opening_hours,
            place: r.place,
            zones: (!r.serves_all_zones).then_some(r.zones),
            themes: r.themes,
            audiences: r.audiences,
            step: r.step,
            contracted: r.contracted,
            picture: Picture::of(r.picture_id, r.picture_alt),
            upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
        })
        .collect())
}

/// The first names in the alphabet, to choose from.
pub async fn names(conn: &mut PgConnection, most: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select name from organisations order by name limit $1",
        most
    )
    .fetch_all(conn)
    .await
}

/// The organisation with exactly this name, capitals aside; the slug will do too.
pub async fn by_name(conn: &mut PgConnection, name: &str) -> Result<Option<Slug>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select slug as "slug: Slug" from organisations
           where lower(name) = lower($1) or slug = $1 order by slug = $1 desc, slug limit 1"#,
        name
    )
    .fetch_optional(conn)
    .await
}

pub async fn ids(conn: &mut PgConnection) -> Result<Vec<OrganisationId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id: OrganisationId" from organisations order by id"#)
        .fetch_all(conn)
        .await
}

pub(super) async fn save(
    conn: &mut PgConnection,
    draft: &Draft,
) -> Result<OrganisationId, sqlx::Error> {
    let contracted: Vec<String> = draft
        .contracted
        .iter()
        .map(|l| l.as_str().to_owned())
        .collect();
    let (picture, picture_alt) = Picture::columns(draft.picture.as_ref());
    let id = sqlx::query_scalar!(
        r#"insert into organisations (id, slug, name, kind, summary, phone, email, website, place_id,
                                      serves_all_zones, step, contracted, state, source_url, source_year, checked_at,
                                      opening_hours, picture_id, picture_alt, detail)
           values ($1, $2, $3, $4, $5, $6, $7, $8, (select id from places where slug = $9),
                   $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
           on conflict (slug) do update set name = excluded.name, kind = excluded.kind,
               summary = excluded.summary, phone = excluded.phone, email = excluded.email,
               website = excluded.website, place_id = excluded.place_id,
               serves_all_zones = excluded.serves_all_zones, step = excluded.step,
               contracted = excluded.contracted, state = excluded.state, source_url = excluded.source_url,
               source_year = excluded.source_year, checked_at = excluded.checked_at,
               opening_hours = excluded.opening_hours, picture_id = excluded.picture_id,
               picture_alt = excluded.picture_alt, detail = excluded.detail, version = organisations.version + 1, updated_at = now()
           returning id as "id: OrganisationId""#,
        OrganisationId::new().0,
        draft.slug.as_str(),
        draft.name,
        draft.kind.as_str(),
        draft.summary,
        draft.phone.as_ref().map(Phone::as_str),
        draft.email.as_ref().map(Email::as_str),
        draft.website.as_ref().map(WebAddress::as_str),
        draft.place.as_ref().map(Slug::as_str),
        draft.zones.is_none(),
        draft.step.as_str(),
        &contracted,
        draft.upkeep.state.as_str(),
        draft.upkeep.source_url,
        draft.upkeep.source_year,
        draft.upkeep.checked_at,
        draft.opening_hours,
        picture,
        picture_alt,
        draft.detail,
    )
    .fetch_one(&mut *conn)
    .await?;
    save_ties(conn, id.0, draft).await?;
    Ok(id)
}

async fn save_ties(conn: &mut PgConnection, id: Uuid, draft: &Draft) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from organisation_zones where organisation_id = $1",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into organisation_zones (organisation_id, zone_id) select $1, id from zones where slug = any($2)",
        id,
        &Slug::texts(draft.zones.as_deref().unwrap_or_default()),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from organisation_themes where organisation_id = $1",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into organisation_themes (organisation_id, theme_id, position)
         select $1, t.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join themes t on t.slug = s.slug",
        id,
        &Slug::texts(&draft.themes),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from organisation_audiences where organisation_id = $1",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into organisation_audiences (organisation_id, audience_id, position)
         select $1, a.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join audiences a on a.slug = s.slug",
        id,
        &Slug::texts(&draft.audiences),
    )
    .execute(conn)
    .await?;
    Ok(())
}
