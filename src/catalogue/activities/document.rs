use chrono::{Days, NaiveDateTime};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Card as ActivityCard, Kind, Status, Venue};
use crate::base::geo::GeoPoint;
use crate::base::{Label, RecordKind, id::ActivityId};
use crate::catalogue::agenda::{Closure, Schedule};
use crate::catalogue::themes::Step;
use crate::prose;
use crate::search::document::topic;
use crate::search::{Card, Document, Moment, agenda};

/// How far ahead the dates on a search card reach; the index is compared with the records
/// every night, so they never run out.
const HORIZON: Days = Days::new(agenda::HORIZON);
/// Four a day in all that time.
const DATES: usize = 400;

/// The search documents of public activities that are not over: of all, or of some ids.
#[allow(clippy::too_many_lines)] // one query and what it gives
pub async fn documents(
    conn: &mut PgConnection,
    now: NaiveDateTime,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select a.id as "id: ActivityId", a.version, a.updated_at, a.slug, a.title, a.kind as "kind: Kind", a.summary, a.detail, a.step as "step: Step",
                  a.cost_cents, a.cost_text, a.languages, a.status as "status: Status", a.status_note,
                  a.provenance = 'example' as "example!", a.checked_at, coalesce(pa.latitude, z.latitude) as "latitude?",
                  coalesce(pa.longitude, z.longitude) as "longitude?",
                  o.slug as "organisation", o.name as "organisation_name", o.serves_all_zones,
                  p.name as "place?", p.wheelchair = 'yes' as "wheelchair?", z.name as "zone_name?",
                  array(select zz.slug from zones zz where zz.state = 'published' and (zz.id = p.zone_id
                            or (a.place_id is null and (o.serves_all_zones or exists (
                                select from organisation_zones oz
                                where oz.organisation_id = o.id and oz.zone_id = zz.id))))
                        order by zz.slug) as "zones!",
                  array(select distinct s from activity_themes x join themes t on t.id = x.theme_id
                        left join themes m on m.id = t.parent_id, unnest(array[t.slug, m.slug]) s
                        where x.activity_id = a.id and s is not null order by s) as "themes!",
                  array(select t.slug from activity_themes x join themes t on t.id = x.theme_id
                        where x.activity_id = a.id and t.parent_id is not null order by x.position)
                        as "own_themes!",
                  array(select t.name from activity_themes x join themes t on t.id = x.theme_id
                        where x.activity_id = a.id order by x.position) as "theme_names!",
                  array(select au.slug from activity_audiences x join audiences au on au.id = x.audience_id
                        where x.activity_id = a.id order by x.position) as "audiences!",
                  array(select au.name from activity_audiences x join audiences au on au.id = x.audience_id
                        where x.activity_id = a.id order by x.position) as "audience_names!",
                  w.schedules as "schedules!: Json<Vec<Schedule>>", w.closures as "closures!: Json<Vec<Closure>>",
                  w.elsewhere as "elsewhere!: Json<Vec<Venue>>"
           from activities a
           join organisations o on o.id = a.organisation_id
           join activity_times w on w.activity_id = a.id
           left join places p on p.id = a.place_id and p.state = 'published'
           left join zones z on z.id = p.zone_id and z.state = 'published'
           left join place_addresses pa on pa.place_id = p.id and pa.valid @> $2::date and not p.address_hidden
           where a.state = 'published' and o.state = 'published' and ($1::uuid[] is null or a.id = any($1))
           order by a.slug"#,
        only,
        now.date(),
    )
    .fetch_all(conn)
    .await?;
    let mut documents = Vec::with_capacity(rows.len());
    for r in rows {
        let activity = ActivityCard {
            id: r.id,
            version: r.version,
            changed_at: r.updated_at,
            slug: r.slug,
            title: r.title,
            kind: r.kind,
            summary: r.summary,
            organisation: Label {
                slug: r.organisation,
                name: r.organisation_name,
            },
            venue: None,
            step: r.step,
            cost_cents: r.cost_cents,
            cost_text: r.cost_text,
            status: r.status,
            status_note: r.status_note,
            example: r.example,
            schedules: r.schedules.0,
            closures: r.closures.0,
            elsewhere: r.elsewhere.0,
        };
        if activity.is_over(now) {
            continue;
        }
        let labels = std::iter::once(r.kind.dutch().to_owned())
            .chain(r.theme_names)
            .chain(r.audience_names);
        let names = std::iter::once(&activity.organisation.name)
            .chain(&r.place)
            .chain(&r.zone_name);
        let wheelchair = r.wheelchair.unwrap_or(false);
        documents.push(Document {
            body: prose::plain(&r.detail),
            names: names.cloned().collect(),
            labels: labels.collect(),
            topics: r.own_themes.iter().map(|slug| topic::theme(slug)).collect(),
            themes: r.themes,
            everywhere: r.place.is_none() && r.serves_all_zones,
            zones: r.zones,
            audiences: r.audiences,
            sort: Some(r.kind.as_str().to_owned()),
            languages: spoken(r.languages),
            step: Some(r.step.as_str().to_owned()),
            series: Some(series(
                &activity,
                r.place.as_deref(),
                r.zone_name.as_deref(),
            )),
            checked: r.checked_at,
            point: GeoPoint::of(r.latitude, r.longitude),
            free_of_charge: activity.free_of_charge(),
            wheelchair,
            card: card(&activity, now, r.place, r.zone_name, wheelchair),
            ..Document::new(
                activity.id.0,
                RecordKind::Activity,
                activity.slug.clone(),
                activity.title.clone(),
                activity.summary.clone(),
            )
        });
    }
    Ok(documents)
}

/// The organiser with the title, without the names of place and zone: "Taalcafé" wherever it is.
fn series(activity: &ActivityCard, place: Option<&str>, zone: Option<&str>) -> String {
    let title = activity.title.to_lowercase();
    let names = [place, zone].into_iter().flatten().map(str::to_lowercase);
    let elsewhere: Vec<String> = names.collect();
    let kept: Vec<&str> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 2 && !elsewhere.iter().any(|name| name.contains(word)))
        .collect();
    format!("{}:{}", activity.organisation.slug, kept.join(" "))
}

fn card(
    activity: &ActivityCard,
    now: NaiveDateTime,
    place: Option<String>,
    zone: Option<String>,
    wheelchair: bool,
) -> Card {
    let until = now.date().checked_add_days(HORIZON).unwrap_or(now.date());
    Card {
        title: activity.title.clone(),
        summary: activity.summary.clone(),
        place,
        zones: zone.into_iter().collect(),
        phone: None,
        cost: Some(activity.cost()).filter(|cost| !cost.is_empty()),
        wheelchair,
        rhythm: when(activity, now),
        note: activity.warnings(now.date()),
        coming: activity
            .dates(now, until, DATES)
            .iter()
            .map(|date| Moment {
                start: date.start,
                end: date.end,
                all_day: date.all_day,
                off: !date.goes_on(),
                note: activity.note_of(date, now.date()),
            })
            .collect(),
    }
}

/// Dutch where nothing else is said.
fn spoken(languages: Vec<String>) -> Vec<String> {
    if languages.is_empty() {
        vec!["nl".to_owned()]
    } else {
        languages
    }
}

/// When it is, in words, for where no coming date can be shown.
fn when(activity: &ActivityCard, now: NaiveDateTime) -> Option<String> {
    if activity.status == Status::Cancelled {
        Some(activity.status.dutch().to_owned())
    } else if activity.schedules.is_empty() {
        Some(activity.any_time().to_owned())
    } else {
        activity.rhythm(now)
    }
}
