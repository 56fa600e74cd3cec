use std::collections::HashMap;

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Draft, Gone, Item, Outcome, Remark, Run, Source, Validators};
use crate::base::contact::WebAddress;
use crate::base::{Slug, id::CalendarSourceId};
use crate::catalogue::themes::Step;
use crate::catalogue::{State, activities};

/// Remarks that are kept of one run, at most.
const MOST_REMARKS: usize = 500;

/// The source of a slug.
pub async fn source(conn: &mut PgConnection, slug: &Slug) -> Result<Option<Source>, sqlx::Error> {
    Ok(sources(conn, Some(slug)).await?.pop())
}

/// Every source by its slug, or the one of that slug.
pub async fn sources(
    conn: &mut PgConnection,
    only: Option<&Slug>,
) -> Result<Vec<Source>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.id as "id: CalendarSourceId", s.slug as "slug: Slug", s.name, o.slug as "organisation: Slug",
                  s.url as "url: WebAddress", s.kind as "kind: activities::Kind", s.step as "step: Step",
                  p.slug as "place?: Slug", s.new_state as "new_state: State", s.every_minutes, s.enabled,
                  s.etag, s.last_modified, s.next_run_at,
                  array(select t.slug from calendar_source_themes st join themes t on t.id = st.theme_id
                        where st.source_id = s.id order by st.position) as "themes!: Vec<Slug>",
                  array(select a.slug from calendar_source_audiences sa join audiences a on a.id = sa.audience_id
                        where sa.source_id = s.id order by sa.position) as "audiences!: Vec<Slug>"
           from calendar_sources s
           join organisations o on o.id = s.organisation_id
           left join places p on p.id = s.place_id
           where $1::text is null or s.slug = $1
           order by s.slug"#,
        only.map(Slug::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Source {
            id: r.id,
            draft: Draft {
                slug: r.slug,
                name: r.name,
                organisation: r.organisation,
                url: r.url,
                kind: r.kind,
                step: r.step,
                place: r.place,
                themes: r.themes,
                audiences: r.audiences,
                new_state: r.new_state,
                every_minutes: r.every_minutes,
                enabled: r.enabled,
            },
            validators: Validators {
                etag: r.etag,
                last_modified: r.last_modified,
            },
            next_run_at: r.next_run_at,
        })
        .collect())
}

/// The items of a source, with their activities as they are now.
pub async fn items(
    conn: &mut PgConnection,
    id: CalendarSourceId,
) -> Result<Vec<Item>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select i.uid, a.slug as "slug: Slug", a.version, i.given, i.gone_version,
                  i.gone_state as "gone_state: State"
           from calendar_source_items i join activities a on a.id = i.activity_id
           where i.source_id = $1
           order by i.uid"#,
        id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Item {
            uid: r.uid,
            slug: r.slug,
            version: r.version,
            given: serde_json::from_value(r.given).ok(),
            gone: r
                .gone_version
                .zip(r.gone_state)
                .map(|(version, state)| Gone { version, state }),
        })
        .collect())
}

/// The last runs of a source, the newest first.
pub async fn runs(
    conn: &mut PgConnection,
    id: CalendarSourceId,
    limit: i64,
) -> Result<Vec<Run>, sqlx::Error> {
    let found = latest(conn, Some(id), limit).await?;
    Ok(found.into_iter().map(|(_, run)| run).collect())
}

/// The last run of each source that had one.
pub(super) async fn last_runs(
    conn: &mut PgConnection,
) -> Result<HashMap<CalendarSourceId, Run>, sqlx::Error> {
    Ok(latest(conn, None, 1).await?.into_iter().collect())
}

/// Runs of every source or of one, the newest first, at most so many of each.
async fn latest(
    conn: &mut PgConnection,
    only: Option<CalendarSourceId>,
    each: i64,
) -> Result<Vec<(CalendarSourceId, Run)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select r.source_id as "source: CalendarSourceId", r.at, r.outcome as "outcome: Outcome", r.registered,
                  r.revised, r.unchanged, r.withdrawn, r.kept, r.refused, r.remarks as "remarks: Json<Vec<Remark>>"
           from calendar_sources s
           cross join lateral (select * from calendar_source_runs
                               where source_id = s.id order by id desc limit $2) r
           where $1::uuid is null or s.id = $1
           order by r.id desc"#,
        only.map(|id| id.0),
        each,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let run = Run {
                at: r.at,
                outcome: r.outcome,
                registered: r.registered,
                revised: r.revised,
                unchanged: r.unchanged,
                withdrawn: r.withdrawn,
                kept: r.kept,
                refused: r.refused,
                remarks: r.remarks.0,
            };
            (r.source, run)
        })
        .collect())
}

pub(super) async fn save(
    conn: &mut PgConnection,
    draft: &Draft,
) -> Result<CalendarSourceId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"insert into calendar_sources (id, slug, name, organisation_id, url, kind, step, place_id, new_state,
                                         every_minutes, enabled)
           values ($1, $2, $3, (select id from organisations where slug = $4), $5, $6, $7,
                   (select id from places where slug = $8), $9, $10, $11)
           on conflict (slug) do update set name = excluded.name, organisation_id = excluded.organisation_id,
               url = excluded.url, kind = excluded.kind, step = excluded.step, place_id = excluded.place_id,
               new_state = excluded.new_state, every_minutes = excluded.every_minutes,
               enabled = excluded.enabled, etag = '', last_modified = '', next_run_at = now(), updated_at = now()
           returning id as "id: CalendarSourceId""#,
        CalendarSourceId::new().0,
        draft.slug.as_str(),
        draft.name,
        draft.organisation.as_str(),
        draft.url.as_ref().map(WebAddress::as_str),
        draft.kind.as_str(),
        draft.step.as_str(),
        draft.place.as_ref().map(Slug::as_str),
        draft.new_state.as_str(),
        draft.every_minutes,
        draft.enabled,
    )
    .fetch_one(&mut *conn)
    .await?;
    save_ties(conn, id.0, draft).await?;
    Ok(id)
}

async fn save_ties(conn: &mut PgConnection, id: Uuid, draft: &Draft) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from calendar_source_themes where source_id = $1",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into calendar_source_themes (source_id, theme_id, position)
         select $1, t.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join themes t on t.slug = s.slug",
        id,
        &Slug::texts(&draft.themes),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from calendar_source_audiences where source_id = $1",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into calendar_source_audiences (source_id, audience_id, position)
         select $1, a.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join audiences a on a.slug = s.slug",
        id,
        &Slug::texts(&draft.audiences),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete(conn: &mut PgConnection, slug: &Slug) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from calendar_sources where slug = $1",
        slug.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the source that has waited longest for its run; `None`: none is due. It is nobody else's
/// for a quarter of an hour: however many programs ask, each source is run by one.
pub async fn claim(conn: &mut PgConnection) -> Result<Option<Slug>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"update calendar_sources set next_run_at = now() + interval '15 minutes'
           where id = (select id from calendar_sources
                       where enabled and url is not null and next_run_at <= now()
                       order by next_run_at limit 1 for update skip locked)
           returning slug as "slug: Slug""#
    )
    .fetch_optional(conn)
    .await
}

/// Keeps what a source last gave for an item, and whether it is gone.
pub async fn keep_item(
    conn: &mut PgConnection,
    id: CalendarSourceId,
    uid: &str,
    given: &activities::Draft,
    gone: Option<State>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar_source_items (source_id, uid, activity_id, given, gone_version, gone_state)
         select $1, $2, a.id, $4, case when $5::text is null then null else a.version end, $5
         from activities a where a.slug = $3
         on conflict (source_id, uid) do update set given = excluded.given,
             gone_version = excluded.gone_version, gone_state = excluded.gone_state",
        id.0,
        uid,
        given.slug.as_str(),
        serde_json::to_value(given).map_err(|e| sqlx::Error::Encode(Box::new(e)))?,
        gone.map(State::as_str),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a run down, plans the next one, and forgets runs of more than half a year ago.
/// `validators`: what to ask with; a run that was refused asks for everything again.
pub async fn note_run(
    conn: &mut PgConnection,
    id: CalendarSourceId,
    run: &Run,
    validators: &Validators,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar_source_runs (source_id, at, outcome, registered, revised, unchanged, withdrawn,
                                           kept, refused, remarks)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id.0,
        run.at,
        run.outcome.as_str(),
        run.registered,
        run.revised,
        run.unchanged,
        run.withdrawn,
        run.kept,
        run.refused,
        Json(run.remarks.iter().take(MOST_REMARKS).collect::<Vec<_>>()) as _,
    )
    .execute(&mut *conn)
    .await?;
    // Not all at the same minute: a tenth sooner or later.
    sqlx::query!(
        "update calendar_sources set etag = $2, last_modified = $3,
             next_run_at = now() + every_minutes * (0.9 + 0.2 * random()) * interval '1 minute'
         where id = $1",
        id.0,
        validators.etag,
        validators.last_modified,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from calendar_source_runs where source_id = $1 and at < now() - interval '180 days'",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(())
}
