use chrono::NaiveDate;
use sqlx::PgConnection;

use super::{HelpLine, Synonym, SynonymKind};
use crate::base::Slug;
use crate::base::contact::Phone;

/// The words are kept once they were asked so many times; until then only their digest.
const OFTEN: i32 = 3;
/// Counts that were not asked again for so many days are forgotten.
const DAYS_KEPT: i32 = 90;
/// No more different searches than these are kept; the least and longest ago asked go first.
const MOST_KEPT: i64 = 20_000;

/// Words that were asked often and found nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OftenAsked {
    pub words: String,
    pub times: i32,
    pub last_on: NaiveDate,
}

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

/// Counts a search that found nothing; its words are kept once it was asked often.
pub(super) async fn count_unanswered(
    conn: &mut PgConnection,
    digest: &[u8],
    words: &str,
    times: i32,
    on: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into unanswered_searches as u (digest, words, times, first_on, last_on)
         values ($1, case when $3::int >= $5::int then $2::text end, $3::int, $4, $4)
         on conflict (digest) do update set times = u.times + excluded.times, last_on = excluded.last_on,
             words = case when u.times + excluded.times >= $5::int then $2::text end",
        digest,
        words,
        times,
        on,
        OFTEN,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets searches that were not asked for a long time, and those that are too many.
pub(super) async fn forget_unanswered(
    conn: &mut PgConnection,
    on: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from unanswered_searches where last_on < $1::date - $2::int or digest in
             (select digest from unanswered_searches order by times desc, last_on desc, digest offset $3)",
        on,
        DAYS_KEPT,
        MOST_KEPT,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The searches that were asked often and found nothing, most asked first.
pub async fn often_unanswered(conn: &mut PgConnection) -> Result<Vec<OftenAsked>, sqlx::Error> {
    sqlx::query_as!(
        OftenAsked,
        r#"select words as "words!", times, last_on from unanswered_searches
           where words is not null order by times desc, words"#
    )
    .fetch_all(conn)
    .await
}
