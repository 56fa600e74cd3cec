//! Imports run strictly down, as drawn in `src/lib.rs`. This reads the `crate::` paths in the
//! code and holds each against a table of what may stand on what.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must fail, and say where"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may import from; a room may always import from itself.
const ALLOWED: [(&str, &[&str]); 21] = [
    ("base", &[]),
    ("darkroom", &[]),
    ("prose", &["base"]),
    ("access", &["base"]),
    ("mail", &["base"]),
    ("accounts", &["access", "audit", "base", "database"]),
    ("telemetry", &["config"]),
    ("config", &[]),
    ("wording", &[]),
    ("database", &[]),
    ("audit", &["access"]),
    ("search", &["base"]),
    (
        "catalogue",
        &[
            "base", "access", "audit", "darkroom", "database", "prose", "search", "wording",
        ],
    ),
    (
        "indexing",
        &["base", "catalogue", "database", "search", "telemetry"],
    ),
    ("interchange", &["base", "access", "catalogue"]),
    ("fetch", &[]),
    ("openid", &["config", "fetch"]),
    ("web", &["config", "telemetry"]),
    (
        "site",
        &[
            "base",
            "access",
            "catalogue",
            "config",
            "prose",
            "search",
            "telemetry",
            "web",
        ],
    ),
    (
        "admin",
        &[
            "access",
            "accounts",
            "audit",
            "base",
            "catalogue",
            "config",
            "darkroom",
            "database",
            "fetch",
            "indexing",
            "interchange",
            "mail",
            "openid",
            "search",
            "web",
            "wording",
        ],
    ),
    (
        "app",
        &[
            "access",
            "accounts",
            "admin",
            "base",
            "catalogue",
            "config",
            "darkroom",
            "database",
            "fetch",
            "indexing",
            "interchange",
            "mail",
            "openid",
            "search",
            "site",
            "telemetry",
            "web",
        ],
    ),
];

/// What the catalogue may know of the search engine: the document that it hands in, and the table
/// of alarms that editors change.
const OF_SEARCH: [&str; 6] = [
    "Card",
    "Document",
    "Moment",
    "agenda",
    "built_in_alarms",
    "document",
];

/// The slices from below; each may read those before it.
const SLICES: [&str; 11] = [
    "words",
    "themes",
    "scope",
    "zones",
    "places",
    "agenda",
    "pictures",
    "organisations",
    "activities",
    "dossiers",
    "calendar_sources",
];
/// What stands beside the slices for all of them.
const BESIDE_SLICES: [&str; 6] = [
    "acts",
    "editing",
    "former_slugs",
    "hours",
    "upkeep",
    "vocabulary",
];

/// The parts of the site that pages share.
const SHARED_PARTS: [&str; 17] = [
    "calendars",
    "days",
    "errors",
    "feeds",
    "filters",
    "items",
    "json_ld",
    "links",
    "opening_words",
    "page",
    "photo",
    "portal",
    "record",
    "spell",
    "what_is_on",
    "zone_map",
    "machines",
];
/// Pages that use a part of another page; no new ones without a reason.
const BETWEEN_PAGES: [(&str, &str); 2] = [("questions", "dossiers"), ("errors", "search")];

/// Foreign crates that belong to one room or a few.
const CRATES: [(&str, &[&str]); 17] = [
    ("argon2", &["accounts"]),
    ("axum", &["web", "site", "admin", "app", "telemetry"]),
    ("askama", &["site", "admin"]),
    ("governor", &["accounts"]),
    ("image", &["darkroom"]),
    ("lettre", &["mail"]),
    ("pulldown_cmark", &["prose"]),
    ("similar", &["admin"]),
    ("totp_rs", &["accounts"]),
    ("tantivy", &["search"]),
    ("hyper", &["web", "fetch"]),
    ("tokio_rustls", &["fetch"]),
    ("openidconnect", &["openid"]),
    ("tower_http", &["web"]),
    ("csv", &["interchange"]),
    ("opening_hours", &["catalogue"]),
    ("opening_hours_syntax", &["catalogue"]),
];

/// One import in one file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Import {
    file: String,
    path: Vec<String>,
}

/// The paths behind each `crate::` or `super::` in a text, groups in braces taken apart.
fn imports(file: &str, text: &str) -> BTreeSet<Import> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        for path in paths(&code[at + "crate::".len()..]) {
            found.insert(Import {
                file: file.to_owned(),
                path,
            });
        }
    }
    found
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn paths(text: &str) -> Vec<Vec<String>> {
    if let Some(group) = text.strip_prefix('{') {
        return parts(group)
            .into_iter()
            .flat_map(|part| paths(part.trim()))
            .collect();
    }
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(rest) = rest.strip_prefix("::") else {
        return vec![vec![name.to_owned()]];
    };
    paths(rest)
        .into_iter()
        .map(|path| [vec![name.to_owned()], path].concat())
        .collect()
}

/// The parts of a group up to its closing brace, apart at the commas of this level.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut parts) = (0, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[begin..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .collect()
}

/// The modules of a file: `src/site/zones.rs` is `site`, `zones`.
fn modules(file: &str) -> Vec<&str> {
    file.trim_start_matches("src/")
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| *part != "mod")
        .collect()
}

/// What is wrong with an import, if anything.
fn fault(import: &Import) -> Option<String> {
    let modules = modules(&import.file);
    let (from, to) = (modules[0], import.path[0].as_str());
    let room = |name: &str| ALLOWED.iter().find(|(room, _)| *room == name);
    if room(to).is_none() || from == "lib" || from == "main" {
        return None; // a macro at the root, or the map itself
    }
    let Some((_, allowed)) = room(from) else {
        return Some(format!("{from} is not on the map"));
    };
    if from != to && !allowed.contains(&to) {
        return Some(format!("{from} may not stand on {to}"));
    }
    let (own, other) = (
        modules.get(1).copied(),
        import.path.get(1).map(String::as_str),
    );
    match (from, to, own, other) {
        ("catalogue", "search", _, Some(part)) if !OF_SEARCH.contains(&part) => {
            Some(format!("the catalogue may not know search::{part}"))
        }
        ("catalogue", "catalogue", Some(own), Some(other)) => slice_fault(own, other),
        ("site", "site", Some(own), Some(other)) => page_fault(own, other),
        _ => None,
    }
}

fn slice_fault(own: &str, other: &str) -> Option<String> {
    let rank = |name: &str| SLICES.iter().position(|slice| *slice == name);
    match (rank(own), rank(other)) {
        (Some(own_rank), Some(other_rank)) if other_rank > own_rank => Some(format!(
            "the slice {own} may not read {other}, which stands above it"
        )),
        (None, Some(_)) if !BESIDE_SLICES.contains(&own) => {
            Some(format!("{own} is not on the map of slices"))
        }
        _ => None,
    }
}

fn page_fault(own: &str, other: &str) -> Option<String> {
    let page =
        other.chars().next().is_some_and(char::is_lowercase) && !SHARED_PARTS.contains(&other);
    let known = own == other || BETWEEN_PAGES.contains(&(own, other));
    (page && !known).then(|| format!("the page {own} may not use the page {other}"))
}

/// Imports by `super::` of one page of the site from another.
fn neighbours(file: &str, text: &str) -> Vec<String> {
    let modules = modules(file);
    let (["site", own], true) = (&modules[..], file != "src/site/mod.rs") else {
        return Vec::new();
    };
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let uses = code.split("use super::").skip(1);
    uses.flat_map(paths)
        .filter_map(|path| page_fault(own, &path[0]))
        .collect()
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut found): (Vec<PathBuf>, _) = (vec![root.join("src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn imports_run_down() {
    let mut faults = Vec::new();
    let mut edges = 0;
    for (file, text) in sources() {
        for import in imports(&file, &text) {
            edges += 1;
            faults.extend(
                fault(&import).map(|fault| format!("{file}: {} ({fault})", import.path.join("::"))),
            );
        }
        faults.extend(
            neighbours(&file, &text)
                .into_iter()
                .map(|fault| format!("{file}: {fault}")),
        );
    }
    assert!(edges > 200, "only {edges} imports were read");
    assert!(
        faults.is_empty(),
        "{} imports run up:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn foreign_crates_stay_in_their_rooms() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let from = modules(&file)[0];
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for (name, rooms) in CRATES {
                let used =
                    line.contains(&format!("{name}::")) && !line.contains(&format!("_{name}::"));
                if used && !rooms.contains(&from) {
                    faults.push(format!("{file}: {}", line.trim()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_room_is_on_the_map() {
    for (file, _) in sources() {
        let room = modules(&file)[0].to_owned();
        let known = ALLOWED.iter().any(|(name, _)| *name == room)
            || ["lib", "main"].contains(&room.as_str());
        assert!(known, "{room} is not in the table");
    }
}

/// The test can fail: made-up lines that it must refuse, and some that it must let pass.
#[test]
fn a_made_up_line_is_refused() {
    let faults = |file: &str, line: &str| -> usize {
        imports(file, line)
            .iter()
            .filter(|import| fault(import).is_some())
            .count()
            + neighbours(file, line).len()
    };
    for (file, line) in [
        ("src/catalogue/places/store.rs", "use crate::web::Error;"),
        (
            "src/catalogue/places/store.rs",
            "use crate::{\n    base::Slug,\n    site::links,\n};",
        ),
        (
            "src/catalogue/places/store.rs",
            "let engine: crate::search::Engine = todo();",
        ),
        (
            "src/catalogue/places/document.rs",
            "use crate::catalogue::{organisations, zones};",
        ),
        (
            "src/search/engine.rs",
            "use crate::catalogue::{places::Draft};",
        ),
        ("src/web/house.rs", "use crate::site::links;"),
        ("src/web/house.rs", "use crate::catalogue::Vocabulary;"),
        ("src/base/slug.rs", "use crate::app;"),
        ("src/interchange/row.rs", "use crate::indexing::Keeper;"),
        ("src/site/places.rs", "use super::organisations::list;"),
        (
            "src/site/places.rs",
            "use super::{days, {home::show}, agenda::show};",
        ),
        (
            "src/site/places.rs",
            "use crate::site::organisations::show;",
        ),
        ("src/new_room/mod.rs", "use crate::base::Slug;"),
    ] {
        assert!(faults(file, line) > 0, "{file}: {line}");
    }
    for (file, line) in [
        (
            "src/catalogue/places/document.rs",
            "use crate::search::{Card, Document};\nuse crate::catalogue::zones;",
        ),
        (
            "src/site/places.rs",
            "use super::{json_ld, links};\nuse crate::web::{Error, Policy};",
        ),
        ("src/site/questions.rs", "use super::dossiers;"),
        (
            "src/web/house.rs",
            "// use crate::site::links;\nuse crate::telemetry;",
        ),
        (
            "src/catalogue/zones/model.rs",
            "crate::text_enum! { Kind { } }",
        ),
    ] {
        assert_eq!(faults(file, line), 0, "{file}: {line}");
    }
}
