//! Started while PostgreSQL is absent (fault matrix, F3).

use crate::support::program::House;

const NOBODY: &str = "postgres://wijzer@127.0.0.1:1/wijzer";

#[test]
fn a_start_without_postgres_serves_search_from_the_index_it_has() {
    let house = House::furnished();
    let program = house.start(&[("DATABASE_URL", NOBODY)]);
    assert!(program.finds("koersbal", "activity:koersbal-braakhekke"));
    let page = program.get("/organisaties/gemeente-deventer");
    assert_eq!(page.status, 503);
    assert!(
        page.text.contains("tel:140570") && page.text.contains("tel:112"),
        "{}",
        page.text
    );
    let state = program.get("/readyz");
    assert!(
        state.status == 200 && state.text.contains("degraded"),
        "{}",
        state.text
    );
    // Menus, map and themes come from the names that were kept.
    assert!(program.get("/wijken").text.contains("/wijken/bathmen"));
    assert!(program.get("/themas").text.contains("/themas/schulden"));
    assert_eq!(program.get("/hulp").status, 200);
}

#[test]
fn a_first_start_without_postgres_says_so_and_waits() {
    let house = House::empty();
    let mut program = house.launch(&[("DATABASE_URL", NOBODY)]);
    program.wait_until("listening", |program| program.ask("/healthz").is_some());
    assert_eq!(
        program.get("/readyz").status,
        503,
        "it has nothing to answer with"
    );
    for path in ["/", "/zoeken?q=koffie", "/organisaties"] {
        assert_eq!(program.get(path).status, 503, "{path}");
    }
    assert!(program.get("/").text.contains("tel:140570"));
    assert!(program.terminate().success());
}
