use std::str::FromStr;

use sqlx::PgConnection;

use super::{cell, joined, source_cells, state_cells};
use crate::access::Actor;
use crate::base::contact::{Email, Phone, WebAddress};
use crate::catalogue::editing;
use crate::catalogue::hours::Hours;
use crate::catalogue::organisations::{Draft, Law, commands, store};
use crate::catalogue::themes::{Audience, Step};
use crate::catalogue::{Act, CommandError, places, themes, zones};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept, Sent};

/// In the column `zones_served`: the whole municipality.
const EVERYWHERE: &str = "all";

impl Entry for Draft {
    const FILE: &'static str = "organisations.csv";
    const COLUMNS: &'static [&'static str] = &[
        "slug",
        "name",
        "kind",
        "summary",
        "phone",
        "email",
        "website",
        "place",
        "zones_served",
        "themes",
        "audiences",
        "step",
        "contracted",
        "source_url",
        "source_year",
    ];
    const EXTRA: &'static [&'static str] = &["state", "checked_at", "opening_hours", "detail"];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let name = row.name("name");
        let summary = row.summary();
        let detail = row.text("detail");
        let kind = row.value("kind");
        let phone = row.optional("phone", Phone::parse);
        let email = row.optional("email", Email::parse);
        let website = row.optional("website", WebAddress::parse);
        let opening_hours = row.hours("opening_hours", Hours::parse);
        let place = row.reference("place", places::Draft::FILE);
        let everywhere = matches!(row.text("zones_served").as_str(), EVERYWHERE | "");
        let zones = if everywhere {
            Some(None)
        } else {
            row.references("zones_served", zones::Draft::FILE).map(Some)
        };
        let themes = row.references("themes", themes::Draft::FILE);
        let audiences = row.references("audiences", Audience::FILE);
        let step: Option<Step> = row.value("step");
        let contracted = row.values("contracted", Law::from_str);
        let upkeep = row.upkeep();
        let mut draft = Self {
            slug: slug?,
            name: name?,
            kind: kind?,
            summary,
            detail,
            phone: phone?,
            email: email?,
            website: website?,
            opening_hours: opening_hours?,
            place: place?,
            zones: zones?,
            themes: themes?,
            audiences: audiences?,
            step: step?,
            contracted: contracted?,
            picture: None,
            upkeep: upkeep?,
        };
        if let Some(zones) = &mut draft.zones {
            zones.sort();
        }
        Some(draft)
    }

    fn write(&self) -> Vec<String> {
        let contracted: Vec<&str> = self.contracted.iter().map(|law| law.as_str()).collect();
        let mut cells = vec![
            self.key(),
            self.name.clone(),
            self.kind.as_str().to_owned(),
            self.summary.clone(),
            cell(self.phone.as_ref()),
            cell(self.email.as_ref()),
            cell(self.website.as_ref()),
            cell(self.place.as_ref()),
            self.zones
                .as_ref()
                .map_or_else(|| EVERYWHERE.to_owned(), |zones| joined(zones)),
            joined(&self.themes),
            joined(&self.audiences),
            self.step.as_str().to_owned(),
            joined(&contracted),
        ];
        cells.extend(source_cells(&self.upkeep));
        cells.extend(state_cells(&self.upkeep));
        cells.extend([self.opening_hours.clone(), self.detail.clone()]);
        cells
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for Draft {
    fn carry(&mut self, present: &Self, _: &Sent) {
        self.picture.clone_from(&present.picture);
    }

    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::drafts(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        commands::keep(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        editing::take_away(conn, actor, self, super::UNDONE).await
    }
}
