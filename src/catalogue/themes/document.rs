use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::RecordKind;
use crate::search::Document;
use crate::search::document::topic;

/// The search documents of themes: of all, or of some ids.
pub async fn documents(
    conn: &mut PgConnection,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select t.id as "id!", t.slug as "slug!", t.name as "name!", t.summary as "summary!",
                  m.slug as "parent?", m.name as "parent_name?",
                  array(select c.name from themes c where c.parent_id = t.id order by c.position) as "children!"
           from themes t left join themes m on m.id = t.parent_id
           where $1::uuid[] is null or t.id = any($1)
           order by t.slug"#,
        only,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            labels: r.parent_name.into_iter().collect(),
            topics: vec![topic::theme(&r.slug)],
            themes: std::iter::once(r.slug.clone()).chain(r.parent).collect(),
            ..Document::new(r.id, RecordKind::Theme, r.slug, r.name, r.summary)
        })
        .collect())
}
