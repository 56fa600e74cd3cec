use sqlx::PgConnection;

use crate::access::Actor;
use crate::catalogue::editing::entries;
use crate::catalogue::words::{HelpLine, commands, store};
use crate::catalogue::{Act, CommandError};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for HelpLine {
    const FILE: &'static str = "help_lines.csv";
    const COLUMNS: &'static [&'static str] = &["slug", "name", "phone", "summary"];
    const EXTRA: &'static [&'static str] = &["delicate"];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let name = row.required("name");
        let phone = row.value("phone");
        let delicate = row.flag("delicate", false);
        Some(Self {
            slug: slug?,
            name: name?,
            phone: phone?,
            summary: row.text("summary"),
            delicate: delicate?,
            position: row.position(),
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            self.key(),
            self.name.clone(),
            self.phone.to_string(),
            self.summary.clone(),
            self.delicate.to_string(),
        ]
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for HelpLine {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::help_lines(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        commands::keep_help_line(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        entries::take_away(conn, actor, self).await
    }
}
