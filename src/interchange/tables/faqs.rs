use sqlx::PgConnection;

use super::{cell, joined};
use crate::access::Actor;
use crate::base::Slug;
use crate::catalogue::dossiers::{self, FaqDraft, faq_commands, faq_store};
use crate::catalogue::editing;
use crate::catalogue::themes::Audience;
use crate::catalogue::{Act, CommandError, State, themes};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept};

impl Entry for FaqDraft {
    const FILE: &'static str = "faqs.csv";
    const COLUMNS: &'static [&'static str] = &[
        "slug",
        "question",
        "answer",
        "theme",
        "dossier",
        "audiences",
        "keywords",
    ];
    const EXTRA: &'static [&'static str] = &["state", "checked_at"];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let question = row.required("question");
        let answer = row.required("answer");
        let theme = row.value::<Slug>("theme");
        if let Some(theme) = &theme {
            row.refer("theme", themes::Draft::FILE, theme.as_str());
        }
        let dossier = row.reference("dossier", dossiers::Draft::FILE);
        let audiences = row.references("audiences", Audience::FILE);
        let state = row.value_or("state", State::Published);
        let checked_at = row.date("checked_at");
        Some(Self {
            slug: slug?,
            question: question?,
            answer: answer?,
            theme: theme?,
            dossier: dossier?,
            audiences: audiences?,
            keywords: row.list("keywords"),
            position: row.position(),
            state: state?,
            checked_at: checked_at?,
        })
    }

    fn write(&self) -> Vec<String> {
        vec![
            self.key(),
            self.question.clone(),
            self.answer.clone(),
            self.theme.to_string(),
            cell(self.dossier.as_ref()),
            joined(&self.audiences),
            joined(&self.keywords),
            self.state.as_str().to_owned(),
            cell(self.checked_at.as_ref()),
        ]
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for FaqDraft {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        faq_store::drafts(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        faq_commands::keep(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        editing::take_away(conn, actor, self, super::UNDONE).await
    }
}
