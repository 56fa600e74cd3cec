//! Searches go on while others write.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;

/// Every search during changes and rebuilds sees a whole state: the fixed records are always
/// there, exactly once.
#[test]
fn searches_see_whole_states_during_changes_and_rebuilds() {
    let fixed = || (0..30).map(|n| record(&format!("Kasteel {n}")));
    let (_directory, engine) = engine_with(fixed().collect());
    let done = AtomicBool::new(false);
    let searches = thread::scope(|scope| {
        let search = || {
            let mut searches = 0;
            while !done.load(Ordering::Relaxed) || searches == 0 {
                let wide = SearchRequest {
                    per_page: 50,
                    ..request("kasteel")
                };
                let result = engine.search(&wide).expect("search");
                assert_eq!((result.total, result.hits.len()), (30, 30));
                searches += 1;
            }
            searches
        };
        let readers = [scope.spawn(search), scope.spawn(search)];
        for round in 0..4 {
            engine.put(record("Los").summary(&format!("ronde {round}")));
            let again = fixed().map(Change::Put).collect();
            engine.apply(again).expect("apply");
            engine.rebuild(fixed()).expect("rebuild");
        }
        done.store(true, Ordering::Relaxed);
        readers
            .map(|reader| reader.join().expect("reader"))
            .iter()
            .sum::<usize>()
    });
    assert!(searches > 0);
    assert_eq!(
        engine.record_count(),
        30,
        "the rebuild left out the loose record"
    );
}

/// A change that comes during a rebuild is searchable at once and survives the takeover.
#[test]
fn changes_during_a_rebuild_are_seen_at_once_and_kept() {
    let (_directory, engine) = engine_with(vec![record("Oud"), record("Weg")]);
    let mut rebuild = engine.begin_rebuild().expect("rebuild");
    for title in ["Oud", "Weg"] {
        rebuild.add(&record(title)).expect("add");
    }
    engine.put(record("Nieuw"));
    engine.put(record("Oud").summary("Bijgewerkt."));
    engine
        .apply(vec![Change::Remove(id_of("Weg"))])
        .expect("apply");
    assert_eq!(engine.titles("nieuw"), ["Nieuw"]);
    assert_eq!(rebuild.finish().expect("finish"), 2);
    assert_eq!(engine.titles(""), ["Nieuw", "Oud"]);
    assert_eq!(engine.titles("bijgewerkt"), ["Oud"]);
    assert!(engine.titles("weg").is_empty());
}

#[test]
fn a_record_that_is_added_twice_stands_once() {
    let (_directory, engine) = engine_with(vec![record("Een"), record("Een").summary("Later.")]);
    assert_eq!(engine.record_count(), 1);
    assert_eq!(engine.titles("later"), ["Een"]);
}

/// Many single changes, merged in the background meanwhile.
#[test]
fn many_changes_and_their_merges_lose_nothing() {
    let (directory, engine) = engine_with((0..40).map(|n| record(&format!("Groep {n}"))).collect());
    for n in 0..60 {
        engine.put(record(&format!("Groep {}", n % 40)).summary(&format!("ronde {n}")));
    }
    assert_eq!(engine.record_count(), 40);
    drop(engine);
    let engine = open(directory.path());
    assert_eq!(engine.record_count(), 40);
    assert_eq!(engine.titles("59"), ["Groep 19"]);
}
