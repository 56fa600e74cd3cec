use sqlx::PgConnection;

use super::{HelpLine, Synonym, SynonymKind};
use crate::base::Slug;
use crate::base::contact::Phone;

pub async fn synonyms(conn: &mut PgConnection) -> Result<Vec<Synonym>, sqlx::Error> {
    sqlx::query_as!(
        Synonym,
        r#"select kind as "kind: SynonymKind", terms, note from synonyms order by kind, headword"#
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn save_synonym(
    conn: &mut PgConnection,
    synonym: &Synonym,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into synonyms (kind, headword, terms, note) values ($1, $2, $3, $4)
         on conflict (kind, headword) do update set terms = excluded.terms, note = excluded.note",
        synonym.kind.as_str(),
        synonym.headword(),
        &synonym.terms,
        synonym.note,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn help_lines(conn: &mut PgConnection) -> Result<Vec<HelpLine>, sqlx::Error> {
    sqlx::query_as!(
        HelpLine,
        r#"select slug as "slug: Slug", name, phone as "phone: Phone", summary, delicate, position
           from help_lines order by position, slug"#
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn save_help_line(
    conn: &mut PgConnection,
    line: &HelpLine,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into help_lines (slug, name, phone, summary, delicate, position) values ($1, $2, $3, $4, $5, $6)
         on conflict (slug) do update set name = excluded.name, phone = excluded.phone,
             summary = excluded.summary, delicate = excluded.delicate, position = excluded.position",
        line.slug.as_str(),
        line.name,
        line.phone.as_str(),
        line.summary,
        line.delicate,
        line.position,
    )
    .execute(conn)
    .await?;
    Ok(())
}
