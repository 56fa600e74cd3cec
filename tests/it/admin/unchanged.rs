//! A form that is saved as it is changes nothing: what it cannot hold is not lost.

use std::fmt::Debug;

use sqlx::PgConnection;
use wijzer::access::Role;
use wijzer::catalogue::dossiers::faq_store;
use wijzer::catalogue::{activities, dossiers, organisations, places, zones};

use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::Template;
use crate::support::staff::{Browser, Staff, onward};

/// Everything of the kind `$kind` of the Deventer set goes through its form and is compared.
macro_rules! through_the_form {
    ($test:ident, $path:literal, $drafts:path, $slug:expr) => {
        #[test]
        fn $test() {
            run(async {
                let portal = TestPortal::new(Template::Deventer).await;
                let id = Staff::new("Anja", Role::Editor)
                    .registered(&portal.pool)
                    .await;
                let mut anja = Browser::of(&portal, id).await;
                let mut conn = portal.pool.acquire().await.unwrap();
                let before = $drafts(&mut conn).await.unwrap();
                assert!(before.len() > 5, "{}", before.len());
                for draft in &before {
                    let path = format!("/beheer/{}/{}", $path, $slug(draft));
                    let form = anja.form(&path).await.with("doen", "bewaar");
                    let saved = anja.submit(&path, &form).await;
                    assert_eq!(onward(&saved), format!("{path}?gedaan=online"));
                }
                let after = $drafts(&mut conn).await.unwrap();
                same(&before, &after);
            });
        }
    };
}

fn same<T: PartialEq + Debug>(before: &[T], after: &[T]) {
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert_eq!(before, after);
    }
}

/// A third of the activities: every kind of schedule is among them.
async fn some_activities(conn: &mut PgConnection) -> Result<Vec<activities::Draft>, sqlx::Error> {
    let all = activities::store::drafts(conn).await?;
    Ok(all.into_iter().step_by(3).collect())
}

through_the_form!(
    activities_are_kept_whole,
    "activiteiten",
    some_activities,
    |draft: &activities::Draft| draft.slug.clone()
);
through_the_form!(
    organisations_are_kept_whole,
    "organisaties",
    organisations::store::drafts,
    |draft: &organisations::Draft| draft.slug.clone()
);
through_the_form!(
    places_are_kept_whole,
    "plekken",
    places::store::drafts,
    |draft: &places::Draft| draft.slug.clone()
);
through_the_form!(
    dossiers_are_kept_whole,
    "dossiers",
    dossiers::store::drafts,
    |draft: &dossiers::Draft| draft.slug.clone()
);
through_the_form!(
    questions_are_kept_whole,
    "vragen",
    faq_store::drafts,
    |draft: &dossiers::FaqDraft| draft.slug.clone()
);
through_the_form!(
    zones_are_kept_whole,
    "wijken",
    zones::store::drafts,
    |draft: &zones::Draft| draft.slug.clone()
);
