//! What waits for someone: records that ask for attention, and why.

use chrono::{Days, NaiveDate};
use sqlx::PgConnection;

use crate::access::{Person, Role};
use crate::base::Slug;
use crate::text_enum;

text_enum! {
    /// Why a record asks for attention.
    Work {
        Mine = "mijn", "Aan u toegewezen";
        Proposed = "voorstel", "Voorstellen om te beoordelen";
        Remarked = "opmerking", "Opmerkingen van anderen";
        InReview = "controle", "Nieuw, en wacht op controle";
        Draft = "concept", "Concepten die nog niet online staan";
        Planned = "gepland", "Gaat vanzelf online of offline";
        Stale = "nakijken", "Langer dan een jaar niet nagekeken";
        Over = "voorbij", "Activiteiten die voorbij zijn en nog online staan";
        WithoutContact = "contact", "Organisaties zonder telefoon, mail of website";
        WithoutZone = "wijk", "Plekken buiten alle wijken en dorpen";
        TooLong = "lang", "Teksten van meer dan 60 woorden";
    }
}

/// A record that was not checked for so long asks for attention.
const TERM: Days = Days::new(365);

/// The day before which a check is too long ago.
#[must_use]
pub fn stale_before(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(TERM).unwrap_or(NaiveDate::MIN)
}

/// How many records there are of each kind of work, for someone.
pub async fn counts(
    conn: &mut PgConnection,
    person: &Person,
    today: NaiveDate,
) -> Result<Vec<(Work, i64)>, sqlx::Error> {
    let organisations =
        (person.role == Some(Role::Provider)).then(|| Slug::texts(&person.organisations));
    let zones = (person.role == Some(Role::AgendaEditor)).then(|| Slug::texts(&person.zones));
    let themes = (person.role == Some(Role::Reviewer)).then(|| Slug::texts(&person.themes));
    let row = sqlx::query!(
        r#"select count(*) filter (where r.assigned_to = $5) as "mine!",
                  count(*) filter (where r.proposed) as "proposed!",
                  count(m.record_id) as "remarked!",
                  count(*) filter (where r.state = 'in_review') as "in_review!",
                  count(*) filter (where r.state = 'draft') as "draft!",
                  count(*) filter (where r.planned) as "planned!",
                  count(*) filter (where r.state = 'published' and coalesce(r.checked_at, '-infinity') < $3) as "stale!",
                  count(*) filter (where r.state = 'published' and r.last_day < $4) as "over!",
                  count(*) filter (where r.state = 'published' and r.without_contact) as "without_contact!",
                  count(*) filter (where r.state = 'published' and r.without_zone) as "without_zone!",
                  count(*) filter (where r.state = 'published' and r.summary_words > 60) as "too_long!"
           from records_to_look_at r
           left join (select distinct kind, record_id from remarks where settled_at is null and account_id <> $5) m
               on m.kind = r.kind and m.record_id = r.id
           where ($1::text[] is null or r.organisation_id in (select id from organisations where slug = any($1)))
             and ($2::text[] is null or r.kind = 'activity' and r.zone_id in (select id from zones where slug = any($2)))
             and ($6::text[] is null
                  or (r.proposed or r.state = 'in_review' or r.assigned_to = $5 or m.record_id is not null)
                     and exists (select from record_themes t join themes h on h.id = t.theme_id
                                 where t.kind = r.kind and t.record_id = r.id and h.slug = any($6)))"#,
        organisations.as_deref(),
        zones.as_deref(),
        stale_before(today),
        today,
        person.id.0,
        themes.as_deref(),
    )
    .fetch_one(conn)
    .await?;
    Ok(vec![
        (Work::Mine, row.mine),
        (Work::Proposed, row.proposed),
        (Work::Remarked, row.remarked),
        (Work::InReview, row.in_review),
        (Work::Draft, row.draft),
        (Work::Planned, row.planned),
        (Work::Stale, row.stale),
        (Work::Over, row.over),
        (Work::WithoutContact, row.without_contact),
        (Work::WithoutZone, row.without_zone),
        (Work::TooLong, row.too_long),
    ])
}
