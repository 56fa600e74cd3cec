use sqlx::PgConnection;

use super::{PictureId, SizeName};
use crate::darkroom::Print;

/// Keeps a picture in its sizes, the smallest first: for a day, unless something shows it by then.
/// What is there already stays. `None` without a size.
///
/// # Errors
/// When the database refuses.
pub async fn keep(
    conn: &mut PgConnection,
    prints: &[Print],
) -> Result<Option<PictureId>, sqlx::Error> {
    let Some(largest) = prints.last() else {
        return Ok(None);
    };
    let id = PictureId::of(largest);
    sqlx::query!(
        "insert into pictures (id, width, height, gone_after) values ($1, $2, $3, now() + interval '1 day')
         on conflict (id) do update set gone_after = greatest(pictures.gone_after, excluded.gone_after)",
        id.as_str(),
        pixels(largest.width)?,
        pixels(largest.height)?,
    )
    .execute(&mut *conn)
    .await?;
    for print in prints {
        sqlx::query!(
            "insert into picture_sizes (picture_id, width, jpeg) values ($1, $2, $3) on conflict do nothing",
            id.as_str(),
            pixels(print.width)?,
            print.jpeg,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(Some(id))
}

fn pixels(pixels: u32) -> Result<i32, sqlx::Error> {
    i32::try_from(pixels).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// One size of a picture that a public page shows; `None` for any other.
pub async fn public(
    conn: &mut PgConnection,
    name: &SizeName,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select s.jpeg from picture_sizes s
         where s.picture_id = $1 and s.width = $2
           and (exists (select from organisations o where o.picture_id = $1 and o.state = 'published')
                or exists (select from activities a join organisations o on o.id = a.organisation_id
                           where a.picture_id = $1 and a.state = 'published' and o.state = 'published'))",
        name.id.as_str(),
        pixels(name.width)?,
    )
    .fetch_optional(conn)
    .await
}

/// The smallest size of a picture, whoever shows it.
pub async fn smallest(
    conn: &mut PgConnection,
    id: &PictureId,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select jpeg from picture_sizes where picture_id = $1 order by width limit 1",
        id.as_str(),
    )
    .fetch_optional(conn)
    .await
}

/// The name of a picture, as long as it is kept.
pub async fn while_kept(
    conn: &mut PgConnection,
    id: PictureId,
) -> Result<Option<PictureId>, sqlx::Error> {
    let kept = sqlx::query_scalar!(
        r#"select exists (select from pictures where id = $1) as "kept!""#,
        id.as_str()
    )
    .fetch_one(conn)
    .await?;
    Ok(kept.then_some(id))
}

/// Removes pictures that no record and no proposal has shown for 90 days. Until then a version
/// that is put back has its picture; after that it comes back without.
pub async fn sweep(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with used as (
             select picture_id as id from organisations where picture_id is not null
             union select picture_id from activities where picture_id is not null
             union select content #>> '{picture,id}' from proposals)
         update pictures p
         set gone_after = case when p.id in (select id from used) then null else now() + interval '90 days' end
         where (p.id in (select id from used)) = (p.gone_after is not null)"
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from pictures where gone_after < now()")
        .execute(conn)
        .await?;
    Ok(())
}
