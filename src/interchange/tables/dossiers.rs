use sqlx::PgConnection;

use super::{cell, joined};
use crate::access::Actor;
use crate::base::Slug;
use crate::catalogue::dossiers::{Draft, commands, store};
use crate::catalogue::editing;
use crate::catalogue::themes::Audience;
use crate::catalogue::{Act, CommandError, State, organisations, themes};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for Draft {
    const FILE: &'static str = "dossiers.csv";
    const COLUMNS: &'static [&'static str] = &[
        "slug",
        "title",
        "theme",
        "audiences",
        "intro",
        "self",
        "network",
        "open",
        "access",
        "urgent",
        "organisations",
        "keywords",
    ];
    const EXTRA: &'static [&'static str] = &["state", "checked_at"];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let title = row.required("title");
        let theme = row.value::<Slug>("theme");
        if let Some(theme) = &theme {
            row.refer("theme", themes::Draft::FILE, theme.as_str());
        }
        let audiences = row.references("audiences", Audience::FILE);
        let organisations = row.references("organisations", organisations::Draft::FILE);
        let state = row.value_or("state", State::Published);
        let checked_at = row.date("checked_at");
        Some(Self {
            slug: slug?,
            title: title?,
            theme: theme?,
            audiences: audiences?,
            intro: row.text("intro"),
            own: row.text("self"),
            network: row.text("network"),
            open: row.text("open"),
            access: row.text("access"),
            urgent: row.text("urgent"),
            organisations: organisations?,
            keywords: row.list("keywords"),
            position: row.position(),
            state: state?,
            checked_at: checked_at?,
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            self.key(),
            self.title.clone(),
            self.theme.to_string(),
            joined(&self.audiences),
            self.intro.clone(),
            self.own.clone(),
            self.network.clone(),
            self.open.clone(),
            self.access.clone(),
            self.urgent.clone(),
            joined(&self.organisations),
            joined(&self.keywords),
            self.state.as_str().to_owned(),
            cell(self.checked_at.as_ref()),
        ]
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
        commands::keep(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        editing::take_away(conn, actor, self, super::UNDONE).await
    }
}
