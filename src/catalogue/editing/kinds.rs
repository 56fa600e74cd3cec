//! How each kind of record is read and kept.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Kept;
use crate::access::{Actor, Reach};
use crate::base::{RecordKind, Slug};
use crate::catalogue::acts::{Act, CommandError};
use crate::catalogue::agenda::Schedule;
use crate::catalogue::pictures::Picture;
use crate::catalogue::upkeep::State;
use crate::catalogue::{activities, dossiers, organisations, places, zones};

/// What is the same in all kinds: `$upkeep` is where state and day of check stand.
macro_rules! the_same {
    ($kind:ident, $title:ident, $table:literal, $read:path, $keep:path $(, $upkeep:ident)?) => {
        const KIND: RecordKind = RecordKind::$kind;

        fn slug(&self) -> &Slug {
            &self.slug
        }
        fn slug_mut(&mut self) -> &mut Slug {
            &mut self.slug
        }
        fn title(&self) -> &str {
            &self.$title
        }
        fn state(&self) -> State {
            self$(.$upkeep)?.state
        }
        fn set_state(&mut self, state: State) {
            self$(.$upkeep)?.state = state;
        }
        fn checked_at(&self) -> Option<NaiveDate> {
            self$(.$upkeep)?.checked_at
        }
        fn set_checked(&mut self, on: NaiveDate) {
            self$(.$upkeep)?.checked_at = Some(on);
        }
        async fn read(conn: &mut PgConnection, slug: &Slug) -> Result<Option<Self>, sqlx::Error> {
            $read(conn, slug).await
        }
        async fn hold(
            conn: &mut PgConnection,
            slug: &Slug,
            version: i32,
        ) -> Result<Option<Uuid>, sqlx::Error> {
            sqlx::query_scalar!(
                "select id from " + $table + " where slug = $1 and version = $2 for update",
                slug.as_str(),
                version
            )
            .fetch_optional(conn)
            .await
        }
        async fn delete(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
            sqlx::query!("delete from " + $table + " where id = $1", id)
                .execute(conn)
                .await?;
            Ok(())
        }
        async fn keep(
            conn: &mut PgConnection,
            actor: &Actor,
            act: Act,
            draft: &Self,
        ) -> Result<(), CommandError> {
            $keep(conn, actor, act, draft).await
        }
    };
}

/// Zones refer to each other: they are tied when they are there.
async fn keep_zone(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    draft: &zones::Draft,
) -> Result<(), CommandError> {
    zones::commands::keep(conn, actor, act, draft).await?;
    zones::commands::tie(conn, draft).await
}

impl Kept for organisations::Draft {
    the_same!(
        Organisation,
        name,
        "organisations",
        organisations::store::draft,
        organisations::commands::keep,
        upkeep
    );

    fn reach<'a>(&'a self, _: Option<&'a Slug>) -> Reach<'a> {
        Reach::Organisation {
            slug: Some(&self.slug),
            themes: &self.themes,
        }
    }

    fn put_under(&mut self, theme: &Slug) -> bool {
        self.themes.retain(|one| one != theme);
        self.themes.insert(0, theme.clone());
        true
    }

    fn picture(&self) -> Option<&Picture> {
        self.picture.as_ref()
    }

    fn set_picture(&mut self, picture: Option<Picture>) {
        self.picture = picture;
    }
}

impl Kept for activities::Draft {
    the_same!(
        Activity,
        title,
        "activities",
        activities::store::draft,
        activities::commands::keep,
        upkeep
    );

    fn reach<'a>(&'a self, zone: Option<&'a Slug>) -> Reach<'a> {
        Reach::Activity {
            organisation: &self.organisation,
            zone,
            themes: &self.themes,
        }
    }

    fn place(&self) -> Option<&Slug> {
        self.place.as_ref()
    }

    fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    fn put_under(&mut self, theme: &Slug) -> bool {
        self.themes.retain(|one| one != theme);
        self.themes.insert(0, theme.clone());
        true
    }

    fn picture(&self) -> Option<&Picture> {
        self.picture.as_ref()
    }

    fn set_picture(&mut self, picture: Option<Picture>) {
        self.picture = picture;
    }
}

impl Kept for places::Draft {
    the_same!(
        Place,
        name,
        "places",
        places::store::draft,
        places::commands::keep,
        upkeep
    );

    fn reach<'a>(&'a self, _: Option<&'a Slug>) -> Reach<'a> {
        Reach::Shared { themes: &[] }
    }
}

impl Kept for zones::Draft {
    the_same!(Zone, name, "zones", zones::store::draft, keep_zone, upkeep);

    fn reach<'a>(&'a self, _: Option<&'a Slug>) -> Reach<'a> {
        Reach::Shared { themes: &[] }
    }
}

impl Kept for dossiers::Draft {
    the_same!(
        Dossier,
        title,
        "dossiers",
        dossiers::store::draft,
        dossiers::commands::keep
    );

    fn reach<'a>(&'a self, _: Option<&'a Slug>) -> Reach<'a> {
        Reach::Shared {
            themes: std::slice::from_ref(&self.theme),
        }
    }

    fn put_under(&mut self, theme: &Slug) -> bool {
        self.theme = theme.clone();
        true
    }
}

impl Kept for dossiers::FaqDraft {
    the_same!(
        Faq,
        question,
        "faqs",
        dossiers::faq_store::draft,
        dossiers::faq_commands::keep
    );

    fn reach<'a>(&'a self, _: Option<&'a Slug>) -> Reach<'a> {
        Reach::Shared {
            themes: std::slice::from_ref(&self.theme),
        }
    }

    fn put_under(&mut self, theme: &Slug) -> bool {
        self.theme = theme.clone();
        true
    }
}
