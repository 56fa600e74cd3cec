use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::access::Actor;
use crate::base::{RecordKind, Slug};
use crate::catalogue::dossiers::{self, FaqDraft};
use crate::catalogue::{
    Act, CommandError, activities, former_slugs, organisations, places, themes, zones,
};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

/// An address that a record had before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Redirect {
    kind: RecordKind,
    former: Slug,
    present: Slug,
}

impl Entry for Redirect {
    const FILE: &'static str = "redirects.csv";
    const COLUMNS: &'static [&'static str] = &["kind", "from", "to"];
    const EXTRA: &'static [&'static str] = &[];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let kind: Option<RecordKind> = row.value("kind");
        let former = row.value("from");
        let present: Option<Slug> = row.value("to");
        let (kind, present) = (kind?, present?);
        row.refer("to", table_of(kind), present.as_str());
        Some(Self {
            kind,
            former: former?,
            present,
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            self.kind.to_string(),
            self.former.to_string(),
            self.present.to_string(),
        ]
    }

    fn key(&self) -> String {
        format!("{} {}", self.kind, self.former)
    }
}

impl Kept for Redirect {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        let rows = former_slugs::all(conn).await?;
        Ok(rows
            .into_iter()
            .filter_map(|(kind, former, present)| {
                let kind = kind.parse().ok()?;
                Some(Self {
                    kind,
                    former,
                    present,
                })
            })
            .collect())
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        _: Act,
    ) -> Result<(), CommandError> {
        former_slugs::remember(conn, actor, self.kind, &self.former, &self.present).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        former_slugs::forget(conn, actor, self.kind, &self.former).await
    }
}

fn table_of(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Organisation => organisations::Draft::FILE,
        RecordKind::Activity => activities::Draft::FILE,
        RecordKind::Place => places::Draft::FILE,
        RecordKind::Dossier => dossiers::Draft::FILE,
        RecordKind::Faq => FaqDraft::FILE,
        RecordKind::Theme => themes::Draft::FILE,
        RecordKind::Zone => zones::Draft::FILE,
    }
}
