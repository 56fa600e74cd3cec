//! While PostgreSQL is away or hangs (fault matrix, F1 and F2).

mod desk;
mod hangs;
mod stopped;

use std::time::{Duration, Instant};

use tempfile::TempDir;
use wijzer::database;
use wijzer::database::private_server::PrivateServer;

use crate::support::builders::{ActivityBuilder, OrganisationBuilder, small_town};
use crate::support::page::TestPage;
use crate::support::portal::TestPortal;
use crate::support::server::{open_folder, quick};

/// An answer may take so long, whatever the database does.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// A portal on a server of its own, which can be taken away.
pub struct Island {
    pub portal: TestPortal,
    pub server: Option<PrivateServer>,
    folder: TempDir,
}

impl Island {
    pub async fn new() -> Self {
        let folder = open_folder();
        let server = PrivateServer::start(&quick(folder.path())).unwrap();
        let options = server.url().parse().unwrap();
        let mut portal = TestPortal::on(&options);
        database::migrate(&portal.pool).await.unwrap();
        small_town(&portal.pool).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        portal
            .keep(&OrganisationBuilder::new("Bank").published())
            .await;
        portal
            .publish(
                &ActivityBuilder::new("Kaarten", "club")
                    .weekly("2026-11-24T14:00", None)
                    .published(),
            )
            .await;
        // Seen before, and then made old, as every change of content does.
        for path in SEEN {
            portal.get(path).await.ok();
        }
        portal
            .publish(&OrganisationBuilder::new("Nieuw").published())
            .await;
        Self {
            portal,
            server: Some(server),
            folder,
        }
    }

    pub fn stop(&mut self) {
        self.server = None;
    }

    pub fn start(&mut self) {
        self.server = Some(PrivateServer::start(&quick(self.folder.path())).unwrap());
    }

    /// A page, and that it came in time and without a word of the database.
    pub async fn get(&self, path: &str) -> TestPage {
        let begun = Instant::now();
        let page = self.portal.get(path).await;
        assert!(
            begun.elapsed() < PATIENCE,
            "{path} took {:?}",
            begun.elapsed()
        );
        let told = page.html().to_lowercase();
        for word in [
            "postgres",
            "sqlx",
            "pool",
            "timed out",
            "connection refused",
            "error",
        ] {
            assert!(!told.contains(word), "{path} says {word}");
        }
        page
    }

    /// What must hold as long as the database is away.
    pub async fn assert_away(&self) {
        for path in SEEN {
            let page = self.get(path).await.ok();
            let note = page.one(".wijzer-bar--warning");
            assert!(
                note.contains("U ziet de gegevens van") && note.ends_with("uur."),
                "{path}: {note}"
            );
            assert_eq!(page.header("cache-control"), "no-store");
        }
        for path in KNOWN {
            let page = self.get(path).await.ok();
            assert!(
                !page.has(".wijzer-bar--warning"),
                "{path} is as new as can be"
            );
        }
        let photo = format!("/foto/{}-320.jpg", "0".repeat(32));
        assert_eq!(self.get(&photo).await.status, 503, "nobody knows");
        let page = self.get("/organisaties/bank").await;
        assert_eq!(
            (page.status.as_u16(), page.header("retry-after")),
            (503, "10")
        );
        assert_eq!(page.one("h1"), "Deze pagina is er nu even niet");
        assert!(page.has("main a[href='tel:140570']") && page.has("main input[name=q]"));
        let found = self.get("/zoeken?q=bank").await.ok();
        assert_eq!(
            found.attributes("main [data-hit]", "data-hit")[0],
            "organisation:bank"
        );
        assert!(
            self.get("/readyz").await.ok().html().contains("degraded"),
            "away is no reason to be taken out"
        );
        self.get("/hulp").await.ok();
        self.get("/wijken").await.ok();
    }

    /// Well again soon, without a restart.
    pub async fn assert_well_again(&self) {
        let begun = Instant::now();
        while self.portal.get("/organisaties/bank").await.status != 200 {
            assert!(
                begun.elapsed() < PATIENCE,
                "still away after {:?}",
                begun.elapsed()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let page = self.get("/organisaties/club").await.ok();
        assert!(!page.has(".wijzer-bar--warning"), "fresh again");
    }
}

/// Pages that visitors saw before the trouble.
pub const SEEN: [&str; 2] = ["/", "/organisaties/club"];
/// Pages that need no database.
pub const KNOWN: [&str; 3] = ["/agenda", "/agenda/maand", "/agenda/week"];
