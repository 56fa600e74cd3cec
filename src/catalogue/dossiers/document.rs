use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::RecordKind;
use crate::search::{Card, Document};

/// The search documents of public dossiers: of all, or of some ids.
pub async fn dossiers(
    conn: &mut PgConnection,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.id as "id!", d.slug as "slug!", d.title as "title!", d.intro as "intro!",
                  concat_ws(' ', d.self, d.network, d.open, d.access) as "body!", d.keywords as "keywords!",
                  t.slug as "theme!", m.slug as "main?",
                  array(select a.slug from dossier_audiences x join audiences a on a.id = x.audience_id
                        where x.dossier_id = d.id order by x.position) as "audiences!"
           from dossiers d join themes t on t.id = d.theme_id left join themes m on m.id = t.parent_id
           where d.state = 'published' and ($1::uuid[] is null or d.id = any($1))
           order by d.slug"#,
        only,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            id: r.id,
            kind: RecordKind::Dossier,
            slug: r.slug,
            title: r.title.clone(),
            summary: r.intro.clone(),
            body: r.body,
            keywords: r.keywords,
            themes: std::iter::once(r.theme).chain(r.main).collect(),
            zones: Vec::new(),
            audiences: r.audiences,
            step: None,
            free_of_charge: false,
            wheelchair: false,
            card: Card::plain(r.title, r.intro),
        })
        .collect())
}

/// The search documents of public questions: of all, or of some ids.
pub async fn faqs(
    conn: &mut PgConnection,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select f.id as "id!", f.slug as "slug!", f.question as "question!", f.answer as "answer!",
                  f.keywords as "keywords!", t.slug as "theme!", m.slug as "main?",
                  array(select a.slug from faq_audiences x join audiences a on a.id = x.audience_id
                        where x.faq_id = f.id order by x.position) as "audiences!"
           from faqs f join themes t on t.id = f.theme_id left join themes m on m.id = t.parent_id
           where f.state = 'published' and ($1::uuid[] is null or f.id = any($1))
           order by f.slug"#,
        only,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            id: r.id,
            kind: RecordKind::Faq,
            slug: r.slug,
            title: r.question.clone(),
            summary: r.answer.clone(),
            body: String::new(),
            keywords: r.keywords,
            themes: std::iter::once(r.theme).chain(r.main).collect(),
            zones: Vec::new(),
            audiences: r.audiences,
            step: None,
            free_of_charge: false,
            wheelchair: false,
            card: Card::plain(r.question, r.answer),
        })
        .collect())
}
