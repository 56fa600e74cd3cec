//! Lists of records for who keeps them: found by name, in order, a page at a time by where the
//! page before ended, so that page a thousand costs what page one costs.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::work::{Work, stale_before};
use crate::access::{Person, Role};
use crate::base::{RecordKind, Slug};
use crate::catalogue::upkeep::State;

/// A record in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub kind: String,
    pub id: Uuid,
    pub slug: Slug,
    pub title: String,
    pub state: State,
    pub checked_at: Option<NaiveDate>,
    pub updated_at: DateTime<Utc>,
    pub organisation: Option<String>,
    pub zone: Option<String>,
    /// Someone proposes a change of it.
    pub proposed: bool,
    /// Whose work it is.
    pub assigned: Option<String>,
}

/// In which order a list stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// What was changed last comes first.
    #[default]
    Changed,
    Title,
    /// What was checked longest ago comes first.
    Checked,
}

/// Where the page before ended.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct After {
    /// Of [`Order::Changed`].
    pub changed: Option<DateTime<Utc>>,
    /// Of [`Order::Title`].
    pub title: Option<String>,
    /// Of [`Order::Checked`]; `None`: never checked.
    pub checked: Option<NaiveDate>,
    /// `None`: begin at the beginning.
    pub id: Option<Uuid>,
}

/// Which records a list holds; everything that is given must fit.
#[derive(Clone, Default, Debug)]
pub struct Selection<'a> {
    pub kind: Option<RecordKind>,
    /// A part of the name, capitals aside.
    pub words: &'a str,
    pub state: Option<State>,
    pub zone: Option<&'a Slug>,
    /// Of these organisations alone: what a provider may see.
    pub organisations: Option<&'a [Slug]>,
    /// In these zones alone: what an agenda editor is asked to look at.
    pub zones: Option<&'a [Slug]>,
    /// Under these themes alone: what a reviewer is asked to look at.
    pub themes: Option<&'a [Slug]>,
    /// That ask for attention, and why.
    pub work: Option<Work>,
    /// For work that depends on the day.
    pub today: NaiveDate,
    /// For the work of one person.
    pub account: Uuid,
}

/// What a list asks of a record, up to its order.
macro_rules! page {
    ($conn:ident, $only:ident, $order:literal, $after:expr, $most:ident, $($cursor:expr),+) => {{
        let organisations = $only.organisations.map(Slug::texts);
        let zones = $only.zones.map(Slug::texts);
        let themes = $only.themes.map(Slug::texts);
        sqlx::query_as!(
            Row,
            r#"select r.kind as "kind!", r.id as "id!", r.slug as "slug!: Slug", r.title as "title!",
                      r.state as "state!: State", r.checked_at as "checked_at?", r.updated_at as "updated_at!",
                      o.name as "organisation?", z.name as "zone?",
                      r.proposed as "proposed!", c.name as "assigned?"
               from records_to_look_at r
               left join organisations o on o.id = r.organisation_id and r.kind <> 'organisation'
               left join zones z on z.id = r.zone_id
               left join accounts c on c.id = r.assigned_to
               where ($1::text is null or r.kind = $1)
                 and ($2 = '' or r.title ilike '%' || $2 || '%')
                 and ($3::text is null or r.state = $3)
                 and ($4::text is null or z.slug = $4)
                 and ($5::text[] is null or r.organisation_id in (select id from organisations where slug = any($5)))
                 and ($6::text[] is null or r.kind = 'activity' and r.zone_id in (select id from zones where slug = any($6)))
                 and ($14::text[] is null or exists (select from record_themes t join themes h on h.id = t.theme_id
                     where t.kind = r.kind and t.record_id = r.id and h.slug = any($14)))
                 and ($10::text is null or case $10
                     when 'voorstel' then r.proposed
                     when 'opmerking' then exists (select from remarks m
                         where m.kind = r.kind and m.record_id = r.id and m.settled_at is null and m.account_id <> $13)
                     when 'controle' then r.state = 'in_review'
                     when 'concept' then r.state = 'draft'
                     when 'mijn' then r.assigned_to = $13
                     when 'gepland' then r.planned
                     when 'nakijken' then r.state = 'published' and coalesce(r.checked_at, '-infinity') < $11
                     when 'voorbij' then r.state = 'published' and r.last_day < $12
                     when 'contact' then r.state = 'published' and r.without_contact
                     when 'wijk' then r.state = 'published' and r.without_zone
                     when 'lang' then r.state = 'published' and r.summary_words > 60
                 end)
                 and "# + $order,
            $only.kind.map(RecordKind::as_str),
            like($only.words),
            $only.state.map(State::as_str),
            $only.zone.map(Slug::as_str),
            organisations.as_deref(),
            zones.as_deref(),
            $most,
            $after.id,
            $($cursor),+,
            $only.work.map(Work::as_str),
            stale_before($only.today),
            $only.today,
            $only.account,
            themes.as_deref()
        )
        .fetch_all($conn)
        .await
    }};
}

/// A page of a list.
pub async fn page(
    conn: &mut PgConnection,
    only: &Selection<'_>,
    order: Order,
    after: &After,
    most: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    match order {
        Order::Changed => page!(
            conn,
            only,
            "($8::uuid is null or (r.updated_at, r.id) < ($9::timestamptz, $8)) order by r.updated_at desc, r.id desc limit $7",
            after,
            most,
            after.changed
        ),
        Order::Title => page!(
            conn,
            only,
            "($8::uuid is null or (lower(r.title), r.id) > (lower($9::text), $8)) order by lower(r.title), r.id limit $7",
            after,
            most,
            after.title
        ),
        Order::Checked => page!(
            conn,
            only,
            "($8::uuid is null or (coalesce(r.checked_at, '-infinity'), r.id) > (coalesce($9::date, '-infinity'), $8)) order by coalesce(r.checked_at, '-infinity'), r.id limit $7",
            after,
            most,
            after.checked
        ),
    }
}

/// A part of a name as a pattern: `%` and `_` are letters like others.
fn like(words: &str) -> String {
    let words = words.trim();
    let mut pattern = String::with_capacity(words.len());
    for letter in words.chars().take(100) {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// What a record is called; for links between records in forms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Title {
    pub kind: String,
    pub slug: Slug,
    pub title: String,
    /// Another record of the kind is called the same.
    pub shared: bool,
}

/// The titles of records by kind and address, and those whose title is one of `titles`.
pub async fn titles(
    conn: &mut PgConnection,
    slugs: &[(RecordKind, Slug)],
    titles: &[(RecordKind, String)],
) -> Result<Vec<Title>, sqlx::Error> {
    let kinds = |kinds: Vec<RecordKind>| -> Vec<String> {
        kinds
            .into_iter()
            .map(|kind| kind.as_str().to_owned())
            .collect()
    };
    let slug_kinds = kinds(slugs.iter().map(|(kind, _)| *kind).collect());
    let slugs: Vec<String> = slugs
        .iter()
        .map(|(_, slug)| slug.as_str().to_owned())
        .collect();
    let title_kinds = kinds(titles.iter().map(|(kind, _)| *kind).collect());
    let titles: Vec<String> = titles
        .iter()
        .map(|(_, title)| title.to_lowercase())
        .collect();
    sqlx::query_as!(
        Title,
        r#"select r.kind as "kind!", r.slug as "slug!: Slug", r.title as "title!",
                  exists (select from records x where x.kind = r.kind and lower(x.title) = lower(r.title)
                                                  and x.id <> r.id) as "shared!"
           from records r
           where (r.kind, r.slug) in (select * from unnest($1::text[], $2::text[]))
              or (r.kind, lower(r.title)) in (select * from unnest($3::text[], $4::text[]))
           order by r.kind, r.slug"#,
        &slug_kinds,
        &slugs,
        &title_kinds,
        &titles,
    )
    .fetch_all(conn)
    .await
}

/// The organisations whose unpublished names someone may know alone; `None`: of all.
fn only_own(person: &Person) -> Option<Vec<String>> {
    (person.role == Some(Role::Provider)).then(|| Slug::texts(&person.organisations))
}

/// The first titles of some kinds in the alphabet, to choose from while typing. A provider is told
/// its own organisations, and of other kinds what is public.
pub async fn suggestions(
    conn: &mut PgConnection,
    person: &Person,
    kinds: &[RecordKind],
    most: i64,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    let own = only_own(person);
    let rows = sqlx::query!(
        r#"select r.kind as "kind!", r.title as "title!"
           from (select r.*, row_number() over (partition by r.kind order by lower(r.title)) as number
                 from records r where r.kind = any($1) and r.state <> 'withdrawn'
                   and ($3::text[] is null or r.kind <> 'organisation' and r.state = 'published'
                        or r.organisation_id in (select id from organisations where slug = any($3)))) r
           where r.number <= $2 order by r.kind, r.number"#,
        &kinds,
        most,
        own.as_deref(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| (r.kind, r.title)).collect())
}

/// Names of one kind that hold some words, as a form takes them: with the address behind a name
/// that others have too. For whom: as [`suggestions`].
pub async fn names(
    conn: &mut PgConnection,
    person: &Person,
    kind: RecordKind,
    words: &str,
    most: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let own = only_own(person);
    sqlx::query_scalar!(
        r#"select case when exists (select from records x where x.kind = r.kind and lower(x.title) = lower(r.title)
                                                            and x.id <> r.id)
                       then r.title || ' [' || r.slug || ']' else r.title end as "name!"
           from (select * from records r
                 where r.kind = $1 and r.state <> 'withdrawn' and r.title ilike '%' || $2 || '%'
                   and ($4::text[] is null or r.kind <> 'organisation' and r.state = 'published'
                        or r.organisation_id in (select id from organisations where slug = any($4)))
                 order by r.title not ilike $2 || '%', lower(r.title), r.id limit $3) r
           order by r.title not ilike $2 || '%', lower(r.title), r.id"#,
        kind.as_str(),
        like(words),
        most,
        own.as_deref(),
    )
    .fetch_all(conn)
    .await
}
