use sqlx::PgConnection;

use crate::access::Actor;
use crate::base::{RecordKind, Slug};
use crate::catalogue::dossiers::{self, FaqDraft};
use crate::catalogue::editing::entries;
use crate::catalogue::former_slugs::{self, Redirect};
use crate::catalogue::{Act, CommandError, activities, organisations, places, themes, zones};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

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
        former_slugs::all(conn).await
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
        entries::take_away(conn, actor, self).await
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
