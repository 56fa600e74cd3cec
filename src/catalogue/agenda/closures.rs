use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::access::Actor;
use crate::base::Slug;
use crate::catalogue::acts::{self, Act, CommandError};
use crate::text_enum;

text_enum! {
    /// Why things are closed; a schedule says which kinds it follows.
    Kind {
        PublicHoliday = "public_holiday", "feestdagen";
        SchoolHoliday = "school_holiday", "schoolvakanties";
        Place = "place", "dagen dat het gebouw dicht is";
        /// A day that is kept by some and closes nothing by itself: Good Friday, 5 May.
        Observance = "observance", "gedenkdagen";
    }
}

/// Days on which much is closed: holidays, and days that one place is closed. Both days inclusive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Closure {
    pub name: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    /// False: the date is still to be checked.
    pub certain: bool,
    pub kind: Kind,
    /// Closed is this place alone; goes with [`Kind::Place`].
    pub place: Option<Slug>,
    /// Open at these hours instead (`10:00-15:00`); `None`: closed. For one place only.
    #[serde(default)]
    pub hours: Option<String>,
}

impl Closure {
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        (self.start..=self.end).contains(&day)
    }

    /// The name without its year: "Tweede kerstdag".
    #[must_use]
    pub fn label(&self) -> String {
        let year = |word: &&str| word.starts_with("20") && word.len() >= 4;
        let words = self.name.split(' ').filter(|word| !year(word));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// What is not over yet: for hours of today and of the night before.
///
/// # Errors
/// When the database does not answer.
pub async fn coming(
    conn: &mut PgConnection,
    today: NaiveDate,
) -> Result<Vec<Closure>, sqlx::Error> {
    let mut closures = all(conn).await?;
    closures.retain(|closure| today <= closure.end + Days::new(1));
    Ok(closures)
}

/// Every closure, by date.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Closure>, sqlx::Error> {
    sqlx::query_as!(
        Closure,
        r#"select c.name, c.starts_on as "start", c.ends_on as "end", c.certain, c.kind as "kind: Kind",
                  p.slug as "place?: Slug", c.hours
           from closures c left join places p on p.id = c.place_id
           order by c.starts_on, c.ends_on, c.name, p.slug nulls first"#
    )
    .fetch_all(conn)
    .await
}

/// Keeps a closure; its name and place are its key.
///
/// # Errors
/// When the end lies before the beginning, the place is not known or does not go with the kind,
/// or the database does not answer.
pub async fn keep(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    closure: &Closure,
) -> Result<(), CommandError> {
    sqlx::query!(
        "insert into closures (name, starts_on, ends_on, certain, kind, place_id, hours)
         values ($1, $2, $3, $4, $5, (select id from places where slug = $6), $7)
         on conflict (name, place_id) do update set starts_on = excluded.starts_on,
             ends_on = excluded.ends_on, certain = excluded.certain, kind = excluded.kind,
             hours = excluded.hours",
        closure.name,
        closure.start,
        closure.end,
        closure.certain,
        closure.kind.as_str(),
        closure.place.as_ref().map(Slug::as_str),
        closure.hours,
    )
    .execute(&mut *conn)
    .await?;
    acts::note(conn, actor, act, ("closure", None, &closure.name), closure).await?;
    Ok(())
}
