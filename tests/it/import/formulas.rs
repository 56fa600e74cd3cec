//! Cells that a spreadsheet would run (fault matrix, F24).

use super::{export, import};
use crate::support::builders::OrganisationBuilder;
use crate::support::portal::TestPortal;
use crate::support::run;
use crate::support::server::{Template, open_folder};

const FORMULAS: [&str; 7] = [
    "=HYPERLINK(\"http://evil.nl\";\"klik\")",
    "+31 570 123456",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "'t Dijkhuis",
    "'=al beschermd",
    "gewoon; met, leestekens \"en\"\nregels",
];

#[test]
fn formulas_are_inert_in_the_tables_and_come_back_whole() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        for (number, text) in FORMULAS.into_iter().enumerate() {
            let mut organisation = OrganisationBuilder::new(&format!("Club {number}")).published();
            text.clone_into(&mut organisation.name);
            text.clone_into(&mut organisation.summary);
            portal.keep(&organisation).await;
        }
        let folder = open_folder();
        export(&portal.pool, folder.path()).await;
        let mut reader = csv::Reader::from_path(folder.path().join("organisations.csv")).unwrap();
        for record in reader.records() {
            for cell in &record.unwrap() {
                assert!(
                    !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                    "{cell}"
                );
            }
        }
        let elsewhere = TestPortal::new(Template::Empty).await;
        import(&elsewhere.pool, folder.path(), false).await.unwrap();
        let read: Vec<(String, String)> =
            sqlx::query_as("select name, summary from organisations order by slug")
                .fetch_all(&elsewhere.pool)
                .await
                .unwrap();
        let same: Vec<(String, String)> = FORMULAS
            .iter()
            .map(|text| ((*text).to_owned(), (*text).to_owned()))
            .collect();
        assert_eq!(read, same);
    });
}
