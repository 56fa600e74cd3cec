use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::RecordKind;
use crate::prose;
use crate::search::Document;
use crate::search::document::topic;

/// The search documents of public dossiers: of all, or of some ids.
pub async fn dossiers(
    conn: &mut PgConnection,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.id as "id!", d.slug as "slug!", d.title as "title!", d.intro as "intro!",
                  array[d.self, d.network, d.open, d.access] as "steps!", d.keywords as "keywords!", d.checked_at,
                  t.slug as "theme!", t.name as "theme_name!", m.slug as "main?",
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
            body: (r.steps.iter().map(|text| prose::plain(text)))
                .collect::<Vec<_>>()
                .join(" "),
            keywords: r.keywords,
            labels: vec![r.theme_name],
            topics: std::iter::once(topic::dossier(&r.slug))
                .chain(r.main.is_some().then(|| topic::theme(&r.theme)))
                .collect(),
            themes: std::iter::once(r.theme).chain(r.main).collect(),
            audiences: r.audiences,
            checked: r.checked_at,
            ..Document::new(r.id, RecordKind::Dossier, r.slug, r.title, r.intro)
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
                  f.keywords as "keywords!", f.checked_at, t.slug as "theme!", t.name as "theme_name!",
                  m.slug as "main?", d.slug as "dossier?",
                  array(select a.slug from faq_audiences x join audiences a on a.id = x.audience_id
                        where x.faq_id = f.id order by x.position) as "audiences!"
           from faqs f join themes t on t.id = f.theme_id left join themes m on m.id = t.parent_id
                left join dossiers d on d.id = f.dossier_id and d.state = 'published'
           where f.state = 'published' and ($1::uuid[] is null or f.id = any($1))
           order by f.slug"#,
        only,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            keywords: r.keywords,
            labels: vec![r.theme_name],
            topics: (r.main.is_some().then(|| topic::theme(&r.theme)).into_iter())
                .chain(r.dossier.as_deref().map(topic::dossier))
                .collect(),
            themes: std::iter::once(r.theme).chain(r.main).collect(),
            audiences: r.audiences,
            checked: r.checked_at,
            ..Document::new(
                r.id,
                RecordKind::Faq,
                r.slug,
                r.question,
                prose::plain(&r.answer),
            )
        })
        .collect())
}
