use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Faq, FaqCard, FaqDraft};
use crate::access::Viewer;
use crate::base::{Label, Slug, id::DossierId, id::FaqId, id::ThemeId};
use crate::catalogue::State;

/// Questions, most asked first: all, of a theme and its sub-themes, or of a dossier.
pub async fn cards(
    conn: &mut PgConnection,
    viewer: Viewer,
    theme: Option<ThemeId>,
    dossier: Option<DossierId>,
    limit: i64,
) -> Result<Vec<FaqCard>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select f.slug, f.question,
                  jsonb_build_object('slug', t.slug, 'name', t.name) as "theme!: Json<Label>"
           from faqs f join themes t on t.id = f.theme_id
           where (f.state = 'published' or $1)
             and ($2::uuid is null or t.id = $2 or t.parent_id = $2)
             and ($3::uuid is null or f.dossier_id = $3)
           order by f.position, f.question
           limit $4"#,
        viewer.sees_unpublished(),
        theme.map(|id| id.0),
        dossier.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| FaqCard {
            slug: r.slug,
            question: r.question,
            theme: r.theme.0,
        })
        .collect())
}

pub async fn profile(
    conn: &mut PgConnection,
    viewer: Viewer,
    slug: &Slug,
) -> Result<Option<Faq>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select f.id as "id!: FaqId", f.slug as "slug!", f.question as "question!", f.answer as "answer!",
                  f.keywords as "keywords!", f.checked_at,
                  jsonb_build_object('slug', t.slug, 'name', t.name) as "theme!: Json<Label>",
                  jsonb_build_object('slug', coalesce(m.slug, t.slug), 'name', coalesce(m.name, t.name))
                      as "main_theme!: Json<Label>",
                  case when d.id is null then null
                       else jsonb_build_object('slug', d.slug, 'name', d.title) end as "dossier?: Json<Label>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', a.slug, 'name', a.name) order by x.position)
                            from faq_audiences x join audiences a on a.id = x.audience_id
                            where x.faq_id = f.id), '[]') as "audiences!: Json<Vec<Label>>"
           from faqs f
           join themes t on t.id = f.theme_id
           left join themes m on m.id = t.parent_id
           left join dossiers d on d.id = f.dossier_id and (d.state = 'published' or $2)
           where f.slug = $1 and (f.state = 'published' or $2)"#,
        slug.as_str(),
        viewer.sees_unpublished(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| Faq {
        id: r.id,
        slug: r.slug,
        question: r.question,
        answer: r.answer,
        theme: r.theme.0,
        main_theme: r.main_theme.0,
        dossier: r.dossier.map(|d| d.0),
        audiences: r.audiences.0,
        keywords: r.keywords,
        checked_at: r.checked_at,
    }))
}

/// Every record, as tables and forms hold it.
pub async fn drafts(conn: &mut PgConnection) -> Result<Vec<FaqDraft>, sqlx::Error> {
    select_drafts(conn, None).await
}

/// One record, as tables and forms hold it.
pub async fn draft(conn: &mut PgConnection, slug: &Slug) -> Result<Option<FaqDraft>, sqlx::Error> {
    Ok(select_drafts(conn, Some(slug)).await?.pop())
}

async fn select_drafts(
    conn: &mut PgConnection,
    only: Option<&Slug>,
) -> Result<Vec<FaqDraft>, sqlx::Error> {
    sqlx::query_as!(
        FaqDraft,
        r#"select f.slug as "slug!: Slug", f.question as "question!", f.answer as "answer!",
                  t.slug as "theme!: Slug", d.slug as "dossier?: Slug", f.keywords as "keywords!",
                  f.position as "position!", f.state as "state!: State", f.checked_at,
                  array(select a.slug from faq_audiences x join audiences a on a.id = x.audience_id
                        where x.faq_id = f.id order by x.position) as "audiences!: Vec<Slug>"
           from faqs f join themes t on t.id = f.theme_id left join dossiers d on d.id = f.dossier_id
           where $1::text is null or f.slug = $1 order by f.position, f.slug"#,
        only.map(Slug::as_str)
    )
    .fetch_all(conn)
    .await
}

pub async fn ids(conn: &mut PgConnection) -> Result<Vec<FaqId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id: FaqId" from faqs order by id"#)
        .fetch_all(conn)
        .await
}

pub(super) async fn save(conn: &mut PgConnection, draft: &FaqDraft) -> Result<FaqId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"insert into faqs (id, slug, question, answer, theme_id, dossier_id, keywords, position, state, checked_at)
           values ($1, $2, $3, $4, (select id from themes where slug = $5),
                   (select id from dossiers where slug = $6), $7, $8, $9, $10)
           on conflict (slug) do update set question = excluded.question, answer = excluded.answer,
               theme_id = excluded.theme_id, dossier_id = excluded.dossier_id, keywords = excluded.keywords,
               position = excluded.position, state = excluded.state, checked_at = excluded.checked_at,
               version = faqs.version + 1, updated_at = now()
           returning id as "id: FaqId""#,
        FaqId::new().0,
        draft.slug.as_str(),
        draft.question,
        draft.answer,
        draft.theme.as_str(),
        draft.dossier.as_ref().map(Slug::as_str),
        &draft.keywords,
        draft.position,
        draft.state.as_str(),
        draft.checked_at,
    )
    .fetch_one(&mut *conn)
    .await?;
    let audiences = Slug::texts(&draft.audiences);
    sqlx::query!("delete from faq_audiences where faq_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into faq_audiences (faq_id, audience_id, position)
         select $1, a.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join audiences a on a.slug = s.slug",
        id.0,
        &audiences,
    )
    .execute(conn)
    .await?;
    Ok(id)
}
