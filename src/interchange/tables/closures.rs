use sqlx::PgConnection;

use super::cell;
use crate::access::Actor;
use crate::catalogue::agenda::closures::{self, Closure, Kind};
use crate::catalogue::editing::entries;
use crate::catalogue::hours::Hours;
use crate::catalogue::{Act, CommandError, places};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for Closure {
    const FILE: &'static str = "closures.csv";
    const COLUMNS: &'static [&'static str] = &["name", "start", "end", "certain"];
    const EXTRA: &'static [&'static str] = &["kind", "place", "hours"];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let name = row.required("name");
        let start = row.date("start");
        let end = row.date("end");
        let certain = row.flag("certain", true);
        let place = row.reference("place", places::Draft::FILE)?;
        let usual = if place.is_some() {
            Kind::Place
        } else {
            Kind::PublicHoliday
        };
        let kind = row.value_or("kind", usual)?;
        if (kind == Kind::Place) != place.is_some() {
            row.fault(
                "kind",
                "een plek hoort bij de soort place, en bij geen andere",
            );
            return None;
        }
        let hours = row.hours("hours", Hours::of_one_day)?;
        if kind != Kind::Place && !hours.is_empty() {
            row.fault("hours", "andere tijden horen bij de soort place");
        }
        let (start, end) = (start?, end?);
        if start.is_none() || end.is_none() {
            row.fault("start", "geef de eerste en de laatste dag");
        }
        Some(Self {
            name: name?,
            start: start?,
            end: end?,
            certain: certain?,
            kind,
            place,
            hours: (!hours.is_empty()).then_some(hours),
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.start.to_string(),
            self.end.to_string(),
            self.certain.to_string(),
            self.kind.as_str().to_owned(),
            cell(self.place.as_ref()),
            cell(self.hours.as_ref()),
        ]
    }

    fn key(&self) -> String {
        match &self.place {
            Some(place) => format!("{} ({place})", self.name),
            None => self.name.clone(),
        }
    }
}

impl Kept for Closure {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        closures::all(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        closures::keep(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        entries::take_away(conn, actor, self).await
    }
}
