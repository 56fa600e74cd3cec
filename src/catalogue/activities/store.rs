use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Card, Draft, Kind, Profile, Provenance, Signup, Status, Venue};
use crate::access::Viewer;
use crate::base::{
    Label, Slug, id::ActivityId, id::OrganisationId, id::PlaceId, id::ThemeId, id::ZoneId,
};
use crate::catalogue::agenda::{self, Closure, Schedule};
use crate::catalogue::pictures::{Picture, PictureId, Shown};
use crate::catalogue::themes::Step;
use crate::catalogue::{State, Upkeep};

/// Which activities a list holds; everything that is given must fit.
#[derive(Clone, Default, Debug)]
pub struct Selection {
    pub organisation: Option<OrganisationId>,
    /// Held there always, or on a single day.
    pub place: Option<PlaceId>,
    /// The theme or one of its sub-themes.
    pub theme: Option<ThemeId>,
    /// Held at a place in one of these zones, or, without a place, by who works only there.
    pub zones: Option<Vec<ZoneId>>,
    /// These alone.
    pub slugs: Option<Vec<String>>,
    /// At most so many, those that were changed last; all without.
    pub newest: Option<i64>,
}

impl Selection {
    /// What is held in these zones.
    #[must_use]
    pub fn in_zones(zones: Vec<ZoneId>) -> Self {
        Self {
            zones: Some(zones),
            ..Self::default()
        }
    }
}

/// Activities in lists, by title.
pub async fn cards(
    conn: &mut PgConnection,
    viewer: Viewer,
    only: &Selection,
) -> Result<Vec<Card>, sqlx::Error> {
    let zones: Option<Vec<Uuid>> = only
        .zones
        .as_ref()
        .map(|z| z.iter().map(|id| id.0).collect());
    let rows = sqlx::query!(
        r#"select a.id as "id!: ActivityId", a.version as "version!", a.updated_at as "updated_at!",
                  a.slug as "slug!", a.title as "title!", a.kind as "kind!: Kind", a.summary as "summary!",
                  jsonb_build_object('slug', o.slug, 'name', o.name) as "organisation!: Json<Label>",
                  case when p.id is null then null else jsonb_build_object(
                      'slug', p.slug, 'name', p.name, 'wheelchair', p.wheelchair,
                      'zone', case when z.id is null then null
                              else jsonb_build_object('slug', z.slug, 'name', z.name) end)
                  end as "venue?: Json<Venue>",
                  a.step as "step!: Step", a.cost_cents as "cost_cents?", a.cost_text as "cost_text!",
                  a.status as "status!: Status", a.status_note as "status_note!",
                  a.provenance = 'example' as "example!",
                  w.schedules as "schedules!: Json<Vec<Schedule>>", w.closures as "closures!: Json<Vec<Closure>>",
                  w.elsewhere as "elsewhere!: Json<Vec<Venue>>"
           from activities a
           join organisations o on o.id = a.organisation_id
           join activity_times w on w.activity_id = a.id
           left join places p on p.id = a.place_id and (p.state = 'published' or $1)
           left join zones z on z.id = p.zone_id and (z.state = 'published' or $1)
           where ((a.state = 'published' and o.state = 'published') or $1)
             and ($2::uuid is null or a.organisation_id = $2)
             and ($3::uuid is null or a.id in (
                 select id from activities where place_id = $3
                 union all select activity_id from schedule_changes where place_id = $3))
             and ($4::uuid is null or exists (
                 select from activity_themes t join themes th on th.id = t.theme_id
                 where t.activity_id = a.id and (th.id = $4 or th.parent_id = $4)))
             and ($5::uuid[] is null or p.zone_id = any($5) or (a.place_id is null and exists (
                 select from organisation_zones oz where oz.organisation_id = o.id and oz.zone_id = any($5))))
             and ($6::text[] is null or a.slug = any($6))
           order by case when $7::bigint is null then null else a.updated_at end desc nulls last,
                    a.title, a.slug
           limit $7"#,
        viewer.sees_unpublished(),
        only.organisation.map(|id| id.0),
        only.place.map(|id| id.0),
        only.theme.map(|id| id.0),
        zones.as_deref(),
        only.slugs.as_deref(),
        only.newest,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Card {
            id: r.id,
            version: r.version,
            changed_at: r.updated_at,
            slug: r.slug,
            title: r.title,
            kind: r.kind,
            summary: r.summary,
            organisation: r.organisation.0,
            venue: r.venue.map(|v| v.0),
            step: r.step,
            cost_cents: r.cost_cents,
            cost_text: r.cost_text,
            status: r.status,
            status_note: r.status_note,
            example: r.example,
            schedules: r.schedules.0,
            closures: r.closures.0,
            elsewhere: r.elsewhere.0,
        })
        .collect())
}

pub async fn profile(
    conn: &mut PgConnection,
    viewer: Viewer,
    slug: &Slug,
) -> Result<Option<Profile>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select a.id as "id!: ActivityId", a.version as "version!", a.updated_at as "updated_at!",
                  a.slug as "slug!", a.title as "title!", a.kind as "kind!: Kind",
                  a.summary as "summary!", a.detail as "detail!", o.slug as "organiser!: Slug", o.name as "organiser_name!",
                  p.slug as "place?: Slug",
                  case when p.id is null then null else jsonb_build_object(
                      'slug', p.slug, 'name', p.name, 'wheelchair', p.wheelchair,
                      'zone', case when z.id is null then null
                              else jsonb_build_object('slug', z.slug, 'name', z.name) end)
                  end as "venue?: Json<Venue>",
                  a.step as "step!: Step", a.cost_cents as "cost_cents?", a.cost_text as "cost_text!",
                  a.signup as "signup!: Signup", a.signup_text as "signup_text!", a.languages as "languages!",
                  a.status as "status!: Status", a.status_note as "status_note!",
                  a.provenance as "provenance!: Provenance", a.state as "state!: State",
                  a.source_url as "source_url!", a.source_year, a.checked_at,
                  case when pic.id is null then null else jsonb_build_object(
                      'id', pic.id, 'alt', a.picture_alt, 'width', pic.width, 'height', pic.height)
                  end as "picture?: Json<Shown>",
                  w.schedules as "schedules!: Json<Vec<Schedule>>", w.closures as "closures!: Json<Vec<Closure>>",
                  w.elsewhere as "elsewhere!: Json<Vec<Venue>>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by at.position)
                            from activity_themes at join themes t on t.id = at.theme_id
                            where at.activity_id = a.id), '[]') as "themes!: Json<Vec<Label>>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', au.slug, 'name', au.name) order by aa.position)
                            from activity_audiences aa join audiences au on au.id = aa.audience_id
                            where aa.activity_id = a.id), '[]') as "audiences!: Json<Vec<Label>>"
           from activities a
           join organisations o on o.id = a.organisation_id
           join activity_times w on w.activity_id = a.id
           left join places p on p.id = a.place_id and (p.state = 'published' or $2)
           left join zones z on z.id = p.zone_id and (z.state = 'published' or $2)
           left join pictures pic on pic.id = a.picture_id
           where a.slug = $1 and ((a.state = 'published' and o.state = 'published') or $2)"#,
        slug.as_str(),
        viewer.sees_unpublished(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| Profile {
        card: Card {
            id: r.id,
            version: r.version,
            changed_at: r.updated_at,
            slug: r.slug,
            title: r.title,
            kind: r.kind,
            summary: r.summary,
            organisation: Label {
                slug: r.organiser.to_string(),
                name: r.organiser_name,
            },
            venue: r.venue.map(|v| v.0),
            step: r.step,
            cost_cents: r.cost_cents,
            cost_text: r.cost_text,
            status: r.status,
            status_note: r.status_note,
            example: r.provenance == Provenance::Example,
            schedules: r.schedules.0,
            closures: r.closures.0,
            elsewhere: r.elsewhere.0,
        },
        detail: r.detail,
        organiser: r.organiser,
        place: r.place,
        themes: r.themes.0,
        audiences: r.audiences.0,
        signup: r.signup,
        signup_text: r.signup_text,
        languages: r.languages,
        provenance: r.provenance,
        picture: r.picture.map(|picture| picture.0),
        upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
    }))
}

/// Whether anything made up for the demonstration is public.
pub async fn holds_examples(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from activities where provenance = 'example' and state = 'published') as "it!""#
    )
    .fetch_one(conn)
    .await
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
    let rows = sqlx::query!(
        r#"select a.slug as "slug!: Slug", a.title as "title!", a.kind as "kind!: Kind", a.summary as "summary!", a.detail as "detail!",
                  o.slug as "organisation!: Slug", p.slug as "place?: Slug", a.step as "step!: Step",
                  a.cost_cents as "cost_cents?", a.cost_text as "cost_text!", a.signup as "signup!: Signup",
                  a.signup_text as "signup_text!", a.languages as "languages!", a.status as "status!: Status",
                  a.status_note as "status_note!", a.provenance as "provenance!: Provenance",
                  a.state as "state!: State", a.source_url as "source_url!", a.source_year, a.checked_at,
                  a.picture_id as "picture_id?: PictureId", a.picture_alt,
                  w.schedules as "schedules!: Json<Vec<Schedule>>",
                  array(select t.slug from activity_themes at join themes t on t.id = at.theme_id
                        where at.activity_id = a.id order by at.position) as "themes!: Vec<Slug>",
                  array(select au.slug from activity_audiences aa join audiences au on au.id = aa.audience_id
                        where aa.activity_id = a.id order by aa.position) as "audiences!: Vec<Slug>"
           from activities a
           join organisations o on o.id = a.organisation_id
           join activity_times w on w.activity_id = a.id
           left join places p on p.id = a.place_id
           where $1::text is null or a.slug = $1 order by a.slug"#,
        only.map(Slug::as_str)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Draft {
            slug: r.slug,
            title: r.title,
            organisation: r.organisation,
            place: r.place,
            kind: r.kind,
            summary: r.summary,
            detail: r.detail,
            themes: r.themes,
            audiences: r.audiences,
            step: r.step,
            cost_cents: r.cost_cents,
            cost_text: r.cost_text,
            signup: r.signup,
            signup_text: r.signup_text,
            languages: r.languages,
            schedules: r.schedules.0,
            status: r.status,
            status_note: r.status_note,
            provenance: r.provenance,
            picture: Picture::of(r.picture_id, r.picture_alt),
            upkeep: Upkeep::new(r.state, r.source_url, r.source_year, r.checked_at),
        })
        .collect())
}

pub async fn ids(conn: &mut PgConnection) -> Result<Vec<ActivityId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id: ActivityId" from activities order by id"#)
        .fetch_all(conn)
        .await
}

pub(super) async fn save(
    conn: &mut PgConnection,
    draft: &Draft,
) -> Result<ActivityId, sqlx::Error> {
    let (picture, picture_alt) = Picture::columns(draft.picture.as_ref());
    let id = sqlx::query_scalar!(
        r#"insert into activities (id, slug, title, kind, summary, organisation_id, place_id, step, cost_cents,
                                   cost_text, signup, signup_text, languages, status, status_note, provenance,
                                   state, source_url, source_year, checked_at, last_day,
                                   picture_id, picture_alt, detail)
           values ($1, $2, $3, $4, $5, (select id from organisations where slug = $6),
                   (select id from places where slug = $7), $8, $9, $10, $11, $12, $13, $14, $15, $16,
                   $17, $18, $19, $20, $21, $22, $23, $24)
           on conflict (slug) do update set title = excluded.title, kind = excluded.kind,
               summary = excluded.summary, organisation_id = excluded.organisation_id,
               place_id = excluded.place_id, step = excluded.step, cost_cents = excluded.cost_cents,
               cost_text = excluded.cost_text, signup = excluded.signup, signup_text = excluded.signup_text,
               languages = excluded.languages, status = excluded.status, status_note = excluded.status_note,
               provenance = excluded.provenance, state = excluded.state, source_url = excluded.source_url,
               source_year = excluded.source_year, checked_at = excluded.checked_at, last_day = excluded.last_day,
               picture_id = excluded.picture_id, picture_alt = excluded.picture_alt,
               detail = excluded.detail, version = activities.version + 1, updated_at = now()
           returning id as "id: ActivityId""#,
        ActivityId::new().0,
        draft.slug.as_str(),
        draft.title,
        draft.kind.as_str(),
        draft.summary,
        draft.organisation.as_str(),
        draft.place.as_ref().map(Slug::as_str),
        draft.step.as_str(),
        draft.cost_cents,
        draft.cost_text,
        draft.signup.as_str(),
        draft.signup_text,
        &draft.languages,
        draft.status.as_str(),
        draft.status_note,
        draft.provenance.as_str(),
        draft.upkeep.state.as_str(),
        draft.upkeep.source_url,
        draft.upkeep.source_year,
        draft.upkeep.checked_at,
        agenda::ends_on(&draft.schedules),
        picture,
        picture_alt,
        draft.detail,
    )
    .fetch_one(&mut *conn)
    .await?;
    save_ties(conn, id.0, draft).await?;
    save_schedules(conn, id.0, &draft.schedules).await?;
    Ok(id)
}

async fn save_ties(conn: &mut PgConnection, id: Uuid, draft: &Draft) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from activity_themes where activity_id = $1", id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into activity_themes (activity_id, theme_id, position)
         select $1, t.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join themes t on t.slug = s.slug",
        id,
        &Slug::texts(&draft.themes),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from activity_audiences where activity_id = $1", id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into activity_audiences (activity_id, audience_id, position)
         select $1, a.id, s.position from unnest($2::text[]) with ordinality as s (slug, position)
         join audiences a on a.slug = s.slug",
        id,
        &Slug::texts(&draft.audiences),
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn save_schedules(
    conn: &mut PgConnection,
    id: Uuid,
    schedules: &[Schedule],
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from schedules where activity_id = $1", id)
        .execute(&mut *conn)
        .await?;
    for (position, schedule) in (0_i16..).zip(schedules) {
        let follows: Vec<String> = schedule
            .follows
            .iter()
            .map(|k| k.as_str().to_owned())
            .collect();
        sqlx::query!(
            "insert into schedules (activity_id, position, starts_at, time_zone, duration_minutes, rrule,
                                    exception_dates, until, extra_starts, all_day, by_wall_clock,
                                    by_appointment, follows)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            id,
            position,
            schedule.starts_at,
            schedule.time_zone,
            schedule.duration_minutes,
            schedule.rrule,
            &schedule.exception_dates,
            schedule.until,
            &schedule.extra_starts,
            schedule.all_day,
            schedule.by_wall_clock,
            schedule.by_appointment,
            &follows,
        )
        .execute(&mut *conn)
        .await?;
        for change in &schedule.changes {
            sqlx::query!(
                "insert into schedule_changes (activity_id, position, recurrence, kind, starts_at,
                                               duration_minutes, place_id, reason)
                 values ($1, $2, $3, $4, $5, $6, (select id from places where slug = $7), $8)",
                id,
                position,
                change.recurrence,
                change.kind.as_str(),
                change.starts_at,
                change.duration_minutes,
                change.place.as_ref().map(Slug::as_str),
                change.reason,
            )
            .execute(&mut *conn)
            .await?;
        }
    }
    Ok(())
}
