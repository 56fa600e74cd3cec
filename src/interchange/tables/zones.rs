use sqlx::PgConnection;

use super::{cell, joined, source_cells, state_cells};
use crate::access::Actor;
use crate::base::postcode::Postcode;
use crate::catalogue::editing;
use crate::catalogue::zones::{Draft, commands, store};
use crate::catalogue::{Act, CommandError};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for Draft {
    const FILE: &'static str = "zones.csv";
    const COLUMNS: &'static [&'static str] = &[
        "slug",
        "name",
        "kind",
        "postcodes",
        "lat",
        "lon",
        "neighbours",
        "summary",
    ];
    const EXTRA: &'static [&'static str] = &[
        "aliases",
        "valid_from",
        "valid_until",
        "successor",
        "source_url",
        "source_year",
        "state",
        "checked_at",
    ];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let name = row.required("name");
        let kind = row.value("kind");
        let postcodes = row.values("postcodes", Postcode::parse);
        let point = row.point("lat", "lon");
        let neighbours = row.references("neighbours", Self::FILE);
        let mut aliases = row.list("aliases");
        aliases.sort();
        aliases.dedup();
        let valid_from = row.date("valid_from");
        let valid_until = row.date("valid_until");
        let successor = row.reference("successor", Self::FILE);
        let upkeep = row.upkeep();
        let mut draft = Self {
            slug: slug?,
            name: name?,
            kind: kind?,
            summary: row.text("summary"),
            point: point?,
            boundary: None,
            aliases,
            postcodes: postcodes?,
            neighbours: neighbours?,
            valid_from: valid_from?,
            valid_until: valid_until?,
            successor: successor?,
            upkeep: upkeep?,
        };
        draft.postcodes.sort();
        draft.postcodes.dedup();
        draft.neighbours.sort();
        Some(draft)
    }

    fn write(&self) -> Vec<String> {
        let postcodes: Vec<&str> = self.postcodes.iter().map(Postcode::as_str).collect();
        let mut cells = vec![
            self.key(),
            self.name.clone(),
            self.kind.as_str().to_owned(),
            joined(&postcodes),
            cell(self.point.map(|p| p.latitude).as_ref()),
            cell(self.point.map(|p| p.longitude).as_ref()),
            joined(&self.neighbours),
            self.summary.clone(),
            joined(&self.aliases),
            cell(self.valid_from.as_ref()),
            cell(self.valid_until.as_ref()),
            cell(self.successor.as_ref()),
        ];
        cells.extend(source_cells(&self.upkeep));
        cells.extend(state_cells(&self.upkeep));
        cells
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for Draft {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::drafts(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        let present = store::draft(conn, &self.slug).await?;
        let draft = Self {
            boundary: present.and_then(|present| present.boundary),
            ..self.clone()
        };
        commands::keep(conn, actor, act, &draft).await
    }

    /// The table does not hold the outline.
    fn is_same(&self, present: &Self) -> bool {
        let plain = Self {
            boundary: self.boundary.clone(),
            ..present.clone()
        };
        *self == plain
    }

    async fn settle(&self, conn: &mut PgConnection) -> Result<(), CommandError> {
        commands::tie(conn, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        editing::take_away(conn, actor, self, super::UNDONE).await
    }
}
