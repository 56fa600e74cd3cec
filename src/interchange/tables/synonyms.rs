use sqlx::PgConnection;

use super::joined;
use crate::access::Actor;
use crate::catalogue::editing::entries;
use crate::catalogue::words::{Synonym, commands, store};
use crate::catalogue::{Act, CommandError};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for Synonym {
    const FILE: &'static str = "synonyms.csv";
    const COLUMNS: &'static [&'static str] = &["terms", "kind", "note"];
    const EXTRA: &'static [&'static str] = &[];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let kind = row.value("kind");
        let terms = row.list("terms");
        if terms.len() < 2 {
            row.fault("terms", "geef minstens twee woorden, met ; ertussen");
            return None;
        }
        Some(Self {
            kind: kind?,
            terms,
            note: row.text("note"),
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            joined(&self.terms),
            self.kind.as_str().to_owned(),
            self.note.clone(),
        ]
    }

    fn key(&self) -> String {
        format!("{} ({})", self.headword(), self.kind.as_str())
    }
}

impl Kept for Synonym {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::synonyms(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        commands::keep_synonym(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        entries::take_away(conn, actor, self).await
    }
}
