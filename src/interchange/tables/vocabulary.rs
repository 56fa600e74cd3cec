use sqlx::PgConnection;

use crate::access::Actor;
use crate::catalogue::editing::entries;
use crate::catalogue::themes::{Audience, StepLabel, commands, store};
use crate::catalogue::{Act, CommandError};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for StepLabel {
    const FILE: &'static str = "step_policy.csv";
    const COLUMNS: &'static [&'static str] = &["slug", "label", "order", "meaning"];
    const EXTRA: &'static [&'static str] = &[];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let step = row.value("slug");
        let label = row.required("label");
        let position = row.value("order");
        Some(Self {
            step: step?,
            label: label?,
            meaning: row.text("meaning"),
            position: position?,
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            self.key(),
            self.label.clone(),
            self.position.to_string(),
            self.meaning.clone(),
        ]
    }

    fn key(&self) -> String {
        self.step.as_str().to_owned()
    }
}

impl Kept for StepLabel {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::steps(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        commands::keep_step(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        entries::take_away(conn, actor, self).await
    }
}

impl Entry for Audience {
    const FILE: &'static str = "audiences.csv";
    const COLUMNS: &'static [&'static str] = &["slug", "name"];
    const EXTRA: &'static [&'static str] = &[];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let name = row.required("name");
        Some(Self {
            slug: slug?,
            name: name?,
            position: row.position(),
        })
    }

    fn write(&self) -> Vec<String> {
        vec![self.key(), self.name.clone()]
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for Audience {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::audiences(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        commands::keep_audience(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        entries::take_away(conn, actor, self).await
    }
}
