use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Card, Draft, Profile};
use crate::access::Viewer;
use crate::base::{Label, Slug, id::DossierId, id::OrganisationId, id::ThemeId};
use crate::catalogue::State;
use crate::catalogue::organisations;
use crate::catalogue::themes::Step;

/// Dossiers in the editors' order: all, of a theme and its sub-themes, or that name an organisation.
pub async fn cards(
    conn: &mut PgConnection,
    viewer: Viewer,
    theme: Option<ThemeId>,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Card>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.slug, d.title, d.intro,
                  jsonb_build_object('slug', t.slug, 'name', t.name) as "theme!: Json<Label>"
           from dossiers d join themes t on t.id = d.theme_id
           where (d.state = 'published' or $1)
             and ($2::uuid is null or t.id = $2 or t.parent_id = $2)
             and ($3::uuid is null or exists (
                 select from dossier_organisations x where x.dossier_id = d.id and x.organisation_id = $3))
           order by d.position, d.title"#,
        viewer.sees_unpublished(),
        theme.map(|id| id.0),
        organisation.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Card {
            slug: r.slug,
            title: r.title,
            intro: r.intro,
            theme: r.theme.0,
        })
        .collect())
}

pub async fn profile(
    conn: &mut PgConnection,
    viewer: Viewer,
    slug: &Slug,
) -> Result<Option<Profile>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select d.id as "id!: DossierId", d.slug as "slug!", d.title as "title!", d.intro as "intro!",
                  d.self as "own!", d.network as "network!", d.open as "open!", d.access as "access!",
                  d.urgent as "urgent!", d.keywords as "keywords!", d.checked_at,
                  jsonb_build_object('slug', t.slug, 'name', t.name) as "theme!: Json<Label>",
                  jsonb_build_object('slug', coalesce(m.slug, t.slug), 'name', coalesce(m.name, t.name))
                      as "main_theme!: Json<Label>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', a.slug, 'name', a.name) order by x.position)
                            from dossier_audiences x join audiences a on a.id = x.audience_id
                            where x.dossier_id = d.id), '[]') as "audiences!: Json<Vec<Label>>"
           from dossiers d join themes t on t.id = d.theme_id left join themes m on m.id = t.parent_id
           where d.slug = $1 and (d.state = 'published' or $2)"#,
        slug.as_str(),
        viewer.sees_unpublished(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(r) = row else { return Ok(None) };
    Ok(Some(Profile {
        organisations: organisations_of(conn, viewer, r.id).await?,
        id: r.id,
        slug: r.slug,
        title: r.title,
        theme: r.theme.0,
        main_theme: r.main_theme.0,
        audiences: r.audiences.0,
        intro: r.intro,
        own: r.own,
        network: r.network,
        open: r.open,
        access: r.access,
        urgent: r.urgent,
        keywords: r.keywords,
        checked_at: r.checked_at,
    }))
}

async fn organisations_of(
    conn: &mut PgConnection,
    viewer: Viewer,
    id: DossierId,
) -> Result<Vec<organisations::Card>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select o.slug, o.name, o.kind as "kind: organisations::Kind", o.summary, o.phone,
                  o.step as "step: Step", o.serves_all_zones
           from dossier_organisations x join organisations o on o.id = x.organisation_id
           where x.dossier_id = $1 and (o.state = 'published' or $2)
           order by x.position"#,
        id.0,
        viewer.sees_unpublished(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| organisations::Card {
            slug: r.slug,
            name: r.name,
            kind: r.kind,
            summary: r.summary,
            phone: r.phone,
            step: r.step,
            serves_all_zones: r.serves_all_zones,
            zones: Vec::new(),
            opening_hours: String::new(),
            place: None,
        })
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
    sqlx::query_as!(
        Draft,
        r#"select d.slug as "slug!: Slug", d.title as "title!", t.slug as "theme!: Slug", d.intro as "intro!",
                  d.self as "own!", d.network as "network!", d.open as "open!", d.access as "access!",
                  d.urgent as "urgent!", d.keywords as "keywords!", d.position as "position!",
                  d.state as "state!: State", d.checked_at,
                  array(select a.slug from dossier_audiences x join audiences a on a.id = x.audience_id
                        where x.dossier_id = d.id order by x.position) as "audiences!: Vec<Slug>",
                  array(select o.slug from dossier_organisations x join organisations o on o.id = x.organisation_id
                        where x.dossier_id = d.id order by x.position) as "organisations!: Vec<Slug>"
           from dossiers d join themes t on t.id = d.theme_id
           where $1::text is null or d.slug = $1 order by d.position, d.slug"#,
        only.map(Slug::as_str)
    )
    .fetch_all(conn)
    .await
}

pub async fn ids(conn: &mut PgConnection) -> Result<Vec<DossierId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id: DossierId" from dossiers order by id"#)
        .fetch_all(conn)
        .await
}

pub(super) async fn save(conn: &mut PgConnection, draft: &Draft) -> Result<DossierId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"insert into dossiers (id, slug, title, theme_id, intro, self, network, open, access, urgent, keywords,
                                 position, state, checked_at)
           values ($1, $2, $3, (select id from themes where slug = $4), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (slug) do update set title = excluded.title, theme_id = excluded.theme_id,
               intro = excluded.intro, self = excluded.self, network = excluded.network, open = excluded.open,
               access = excluded.access, urgent = excluded.urgent, keywords = excluded.keywords,
               position = excluded.position, state = excluded.state, checked_at = excluded.checked_at,
               version = dossiers.version + 1, updated_at = now()
           returning id as "id: DossierId""#,
        DossierId::new().0,
        draft.slug.as_str(),
        draft.title,
        draft.theme.as_str(),
        draft.intro,
        draft.own,
        draft.network,
        draft.open,
        draft.access,
        draft.urgent,
        &draft.keywords,
        draft.position,
        draft.state.as_str(),
        draft.checked_at,
    )
    .fetch_one(&mut *conn)
    .await?;
    save_ties(conn, id.0, draft).await?;
    Ok(id)
}

async fn save_ties(conn: &mut PgConnection, id: Uuid, draft: &Draft) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from dossier_organisations where dossier_id = $1",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into dossier_organisations (dossier_id, organisation_id, position)
         select $1, o.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join organisations o on o.slug = s.slug",
        id,
        &Slug::texts(&draft.organisations),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from dossier_audiences where dossier_id = $1", id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into dossier_audiences (dossier_id, audience_id, position)
         select $1, a.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join audiences a on a.slug = s.slug",
        id,
        &Slug::texts(&draft.audiences),
    )
    .execute(conn)
    .await?;
    Ok(())
}
