use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Audience, Card, Draft, Profile, Step, StepLabel};
use crate::base::{Label, Slug, id::ThemeId};

/// Every theme, main themes before their sub-themes, in the editors' order.
pub async fn cards(conn: &mut PgConnection) -> Result<Vec<Card>, sqlx::Error> {
    sqlx::query_as!(
        Card,
        r#"select t.slug as "slug!", t.name as "name!", t.summary as "summary!", p.slug as "parent?",
                  t.delicate as "delicate!"
           from themes t left join themes p on p.id = t.parent_id
           order by t.level, t.position, t.name"#
    )
    .fetch_all(conn)
    .await
}

pub async fn profile(conn: &mut PgConnection, slug: &Slug) -> Result<Option<Profile>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select t.id as "id!: ThemeId", t.slug as "slug!", t.name as "name!", t.summary as "summary!",
                  case when p.id is null then null
                       else jsonb_build_object('slug', p.slug, 'name', p.name) end as "parent?: Json<Label>"
           from themes t left join themes p on p.id = t.parent_id
           where t.slug = $1"#,
        slug.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| Profile {
        id: r.id,
        slug: r.slug,
        name: r.name,
        summary: r.summary,
        parent: r.parent.map(|p| p.0),
    }))
}

pub async fn drafts(conn: &mut PgConnection) -> Result<Vec<Draft>, sqlx::Error> {
    sqlx::query_as!(
        Draft,
        r#"select t.slug as "slug!: Slug", t.name as "name!", p.slug as "parent?: Slug",
                  t.summary as "summary!", t.delicate as "delicate!", t.position as "position!"
           from themes t left join themes p on p.id = t.parent_id
           order by t.position, t.slug"#
    )
    .fetch_all(conn)
    .await
}

pub async fn ids(conn: &mut PgConnection) -> Result<Vec<ThemeId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id: ThemeId" from themes order by id"#)
        .fetch_all(conn)
        .await
}

/// Saves a theme and tells its id; a parent must be there already.
pub(super) async fn save(conn: &mut PgConnection, draft: &Draft) -> Result<ThemeId, sqlx::Error> {
    let level: i16 = if draft.parent.is_some() { 2 } else { 1 };
    sqlx::query_scalar!(
        r#"insert into themes (id, slug, name, summary, position, level, delicate, parent_id)
           values ($1, $2, $3, $4, $5, $6, $7, (select id from themes where slug = $8))
           on conflict (slug) do update set name = excluded.name, summary = excluded.summary,
               position = excluded.position, level = excluded.level, delicate = excluded.delicate,
               parent_id = excluded.parent_id
           returning id as "id: ThemeId""#,
        ThemeId::new().0,
        draft.slug.as_str(),
        draft.name,
        draft.summary,
        draft.position,
        level,
        draft.delicate,
        draft.parent.as_ref().map(Slug::as_str),
    )
    .fetch_one(conn)
    .await
}

/// Every audience in the editors' order.
pub async fn audiences(conn: &mut PgConnection) -> Result<Vec<Audience>, sqlx::Error> {
    sqlx::query_as!(
        Audience,
        r#"select slug as "slug: Slug", name, position from audiences order by position, slug"#
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn save_audience(
    conn: &mut PgConnection,
    audience: &Audience,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into audiences (id, slug, name, position) values ($1, $2, $3, $4)
         on conflict (slug) do update set name = excluded.name, position = excluded.position",
        crate::base::id::AudienceId::new().0,
        audience.slug.as_str(),
        audience.name,
        audience.position,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The four steps in their order.
pub async fn steps(conn: &mut PgConnection) -> Result<Vec<StepLabel>, sqlx::Error> {
    sqlx::query_as!(
        StepLabel,
        r#"select slug as "step: Step", label, meaning, position from steps order by position"#
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn save_step(
    conn: &mut PgConnection,
    step: &StepLabel,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into steps (slug, label, meaning, position) values ($1, $2, $3, $4)
         on conflict (slug) do update set label = excluded.label, meaning = excluded.meaning,
             position = excluded.position",
        step.step.as_str(),
        step.label,
        step.meaning,
        step.position,
    )
    .execute(conn)
    .await?;
    Ok(())
}
