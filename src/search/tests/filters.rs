//! Filters, counts and pages.

use super::*;
use crate::search::FacetCount;

fn town() -> (TempDir, Engine) {
    engine_with(vec![
        record("Koffie een")
            .themes(&["ontmoeten"])
            .zones(&["borgele"])
            .free(),
        record("Koffie twee")
            .themes(&["ontmoeten", "taal"])
            .zones(&["bathmen"]),
        record("Koffie drie")
            .themes(&["taal"])
            .zones(&["bathmen", "borgele"])
            .of_kind(RecordKind::Activity),
        record("Thee")
            .themes(&["ontmoeten"])
            .zones(&["bathmen"])
            .free(),
    ])
}

fn counts(facets: &[FacetCount]) -> Vec<(&str, usize)> {
    facets
        .iter()
        .map(|facet| (facet.value.as_str(), facet.count))
        .collect()
}

#[test]
fn a_group_does_not_count_its_own_filter() {
    let (_directory, engine) = town();
    let filters = Filters {
        zones: strings(&["bathmen"]),
        themes: strings(&["taal"]),
        ..Filters::default()
    };
    let result = engine.search(&filtered("koffie", filters)).expect("search");
    assert_eq!(result.total, 2);
    // Themes: all of Bathmen; zones: all with language; the rest: both.
    assert_eq!(
        counts(&result.facets.themes),
        [("taal", 2), ("ontmoeten", 1)]
    );
    assert_eq!(
        counts(&result.facets.zones),
        [("bathmen", 2), ("borgele", 1)]
    );
    let kinds: Vec<_> = result
        .facets
        .kinds
        .iter()
        .map(|k| (k.value, k.count))
        .collect();
    assert_eq!(
        kinds,
        [(RecordKind::Organisation, 1), (RecordKind::Activity, 1)]
    );
    assert_eq!(result.facets.free_of_charge, 0);
}

/// Choosing one more value gives exactly the number that stood beside it.
#[test]
fn each_count_is_what_a_click_gives() {
    let (_directory, engine) = town();
    for words in ["", "koffie", "koffie ruimtevaart"] {
        for zones in [
            vec![],
            strings(&["borgele"]),
            strings(&["borgele", "bathmen"]),
        ] {
            let base = Filters {
                zones,
                ..Filters::default()
            };
            let facets = engine
                .search(&filtered(words, base.clone()))
                .expect("search")
                .facets;
            for facet in facets.themes {
                let clicked = Filters {
                    themes: vec![facet.value],
                    ..base.clone()
                };
                assert_eq!(
                    engine
                        .search(&filtered(words, clicked))
                        .expect("search")
                        .total,
                    facet.count
                );
            }
            let free = Filters {
                free_of_charge: true,
                ..base.clone()
            };
            assert_eq!(
                engine.search(&filtered(words, free)).expect("search").total,
                facets.free_of_charge
            );
        }
    }
}

#[test]
fn one_value_of_a_group_is_enough() {
    let (_directory, engine) = town();
    let either = Filters {
        zones: strings(&["bathmen", "borgele"]),
        ..Filters::default()
    };
    assert_eq!(
        engine.search(&filtered("", either)).expect("search").total,
        4
    );
    let kinds = Filters {
        kinds: vec![RecordKind::Activity],
        ..Filters::default()
    };
    assert_eq!(
        titles(&engine.search(&filtered("", kinds)).expect("search")),
        ["Koffie drie"]
    );
    let chair = Filters {
        wheelchair: true,
        ..Filters::default()
    };
    assert_eq!(
        engine.search(&filtered("", chair)).expect("search").total,
        0
    );
}

#[test]
fn an_unknown_value_lets_nothing_pass_and_stays_visible() {
    let (_directory, engine) = town();
    let filters = Filters {
        zones: strings(&["atlantis"]),
        ..Filters::default()
    };
    let result = engine.search(&filtered("koffie", filters)).expect("search");
    assert_eq!((result.total, result.relaxed), (0, false));
    assert_eq!(
        counts(&result.facets.zones),
        [("bathmen", 2), ("borgele", 2), ("atlantis", 0)]
    );
}

#[test]
fn filters_do_not_make_a_search_less_strict() {
    let (_directory, engine) = town();
    let filters = Filters {
        zones: strings(&["borgele"]),
        ..Filters::default()
    };
    let result = engine
        .search(&filtered("koffie twee", filters))
        .expect("search");
    let everywhere = engine
        .search(&filtered("koffie twee", Filters::default()))
        .expect("search");
    assert_eq!(result.relaxed, everywhere.relaxed);
    assert_eq!(
        counts(&result.facets.zones),
        counts(&everywhere.facets.zones)
    );
}

/// Equal scores everywhere, spread over segments, changed meanwhile: pages never overlap.
#[test]
fn pages_are_stable_and_complete() {
    let (_directory, engine) =
        engine_with((0..70).map(|n| record(&format!("Groep {n:03}"))).collect());
    for n in 70..76 {
        engine.put(record(&format!("Groep {n:03}")));
    }
    let all: Vec<String> = (0..76).map(|n| format!("Groep {n:03}")).collect();
    for words in ["", "groep"] {
        let page = |page| SearchRequest {
            page,
            per_page: 7,
            ..request(words)
        };
        let mut seen = Vec::new();
        for number in 1..=11 {
            let result = engine.search(&page(number)).expect("search");
            assert_eq!(result.total, 76);
            seen.extend(titles(&result));
        }
        if words.is_empty() {
            assert_eq!(seen, all);
        }
        seen.sort();
        assert_eq!(seen, all, "each record once");
        assert!(engine.search(&page(12)).expect("search").hits.is_empty());
        assert!(
            engine
                .search(&page(usize::MAX))
                .expect("search")
                .hits
                .is_empty()
        );
        assert_eq!(
            engine.search(&page(0)).expect("search"),
            engine.search(&page(1)).expect("search")
        );
    }
    let one = SearchRequest {
        per_page: 0,
        ..request("groep")
    };
    assert_eq!(engine.search(&one).expect("search").hits.len(), 1);
}

#[test]
fn an_empty_index_answers() {
    let directory = tempfile::tempdir().expect("directory");
    let engine = open(directory.path());
    for words in ["", "koffie"] {
        assert_eq!(
            engine.search(&request(words)).expect("search"),
            SearchResult {
                without_cues: words.to_owned(),
                ..SearchResult::default()
            }
        );
    }
}
