use sqlx::PgConnection;

use super::cell;
use crate::access::Actor;
use crate::catalogue::editing::entries;
use crate::catalogue::themes::{Draft, commands, store};
use crate::catalogue::{Act, CommandError};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for Draft {
    const FILE: &'static str = "themes.csv";
    const COLUMNS: &'static [&'static str] = &["slug", "name", "parent", "summary"];
    const EXTRA: &'static [&'static str] = &["delicate"];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let name = row.required("name");
        let parent = row.reference("parent", Self::FILE);
        let delicate = row.flag("delicate", false);
        Some(Self {
            slug: slug?,
            name: name?,
            parent: parent?,
            summary: row.text("summary"),
            delicate: delicate?,
            position: row.position(),
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            self.key(),
            self.name.clone(),
            cell(self.parent.as_ref()),
            self.summary.clone(),
            self.delicate.to_string(),
        ]
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for Draft {
    /// Main themes first.
    fn rank(&self) -> u8 {
        u8::from(self.parent.is_some())
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
        entries::take_away(conn, actor, self).await
    }
}
