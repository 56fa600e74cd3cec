//! What is found, in which order, and what is marked.

use super::*;

fn library() -> (TempDir, Engine) {
    engine_with(vec![
        record("Kinderclub Borgele").summary("Knutselen voor kinderen uit de wijk."),
        record("Taalcafé Colmschate").summary("Nederlands oefenen in een rustige groep."),
        record("Stichting Re-integratie").keywords(&["w.m.o.", "werk"]),
        record("Voedselbank Deventer").summary("Een wekelijks pakket voor wie weinig geld heeft."),
        record("Steunpunt mantelzorg")
            .body("Ook voor ouders van een kind met zorg. Thuis-administratie."),
        record("Soos voor ouderen").summary("Kaarten en koffie."),
        record("Eetclub").body("Samen eten. De voedselbank staat hiernaast."),
    ])
}

#[test]
fn inflections_accents_hyphens_and_dots_find() {
    let (_directory, engine) = library();
    for (words, title) in [
        ("kind", "Kinderclub Borgele"),
        ("KINDEREN", "Kinderclub Borgele"),
        ("taalcafe", "Taalcafé Colmschate"),
        ("cafe\u{301} taalcafé", "Taalcafé Colmschate"),
        ("reintegratie", "Stichting Re-integratie"),
        ("re-integratie", "Stichting Re-integratie"),
        ("wmo", "Stichting Re-integratie"),
        ("W.M.O.", "Stichting Re-integratie"),
        ("thuisadministratie", "Steunpunt mantelzorg"),
        ("administratie", "Steunpunt mantelzorg"),
        ("pakketten", "Voedselbank Deventer"),
    ] {
        assert!(engine.titles(words).contains(&title.to_owned()), "{words}");
    }
}

#[test]
fn parents_are_not_elderly_people() {
    let (_directory, engine) = library();
    assert_eq!(engine.titles("ouders"), ["Steunpunt mantelzorg"]);
    assert_eq!(engine.titles("ouderen"), ["Soos voor ouderen"]);
}

#[test]
fn a_title_weighs_more_than_a_body() {
    let (_directory, engine) = library();
    assert_eq!(
        engine.titles("voedselbank"),
        ["Voedselbank Deventer", "Eetclub"]
    );
}

#[test]
fn the_last_word_may_be_unfinished_others_not() {
    let (_directory, engine) = library();
    assert_eq!(engine.titles("colmschate taalc"), ["Taalcafé Colmschate"]);
    let unfinished_first = engine.search(&request("taalc colmschate")).expect("search");
    assert!(unfinished_first.relaxed);
    assert!(
        engine.titles("ta").is_empty(),
        "two letters say nothing yet"
    );
}

#[test]
fn fewer_words_are_required_before_nothing_is_found() {
    let (_directory, engine) = library();
    let all = engine.search(&request("pakket geld")).expect("search");
    assert!(!all.relaxed);
    assert_eq!(titles(&all)[0], "Voedselbank Deventer");
    let some = engine
        .search(&request("pakket geld ruimtevaart"))
        .expect("search");
    assert_eq!(
        (titles(&some), some.relaxed),
        (strings(&["Voedselbank Deventer"]), true)
    );
    let none = engine.search(&request("ruimtevaart")).expect("search");
    assert_eq!((none.total, none.relaxed), (0, false));
}

#[test]
fn small_words_count_only_when_there_is_nothing_else() {
    let (_directory, engine) = library();
    assert_eq!(engine.titles("waar kan ik koffie"), ["Soos voor ouderen"]);
    assert!(!engine.titles("voor de").is_empty());
}

#[test]
fn marks_point_at_the_words_that_match() {
    let (_directory, engine) = library();
    let result = engine.search(&request("kind knuts")).expect("search");
    let hit = &result.hits[0];
    let marked = |text: &str, marks: &[std::ops::Range<usize>]| -> Vec<String> {
        marks
            .iter()
            .map(|range| text[range.clone()].to_owned())
            .collect()
    };
    assert_eq!(
        marked(&hit.card.summary, &hit.summary_marks),
        ["Knutselen", "kinderen"]
    );
    assert!(hit.title_marks.is_empty());
    let browse = engine.search(&request("")).expect("search");
    assert!(browse.hits.iter().all(|hit| hit.summary_marks.is_empty()));
}

#[test]
fn no_words_show_all_records_by_title() {
    let (_directory, engine) = library();
    let mut sorted = engine.titles(" \n");
    assert_eq!(sorted.len(), 7);
    assert_eq!(sorted[0], "Eetclub");
    sorted.sort();
    assert_eq!(engine.titles(""), sorted);
}

#[test]
fn hostile_queries_answer() {
    let (_directory, engine) = library();
    let long = "kinderen ".repeat(1_200);
    let brackets = "(".repeat(5_000);
    let many = (0..400)
        .map(|n| n.to_string())
        .collect::<Vec<_>>()
        .join(" ");
    for words in [
        long.as_str(),
        &brackets,
        &many,
        "kinderen\0",
        "\0",
        "🤷🏽‍♀️🎉",
        "\u{202e}neredne\u{200f}",
        "AND OR NOT",
        "title:*",
        "\"",
        "-",
        "+kind -club",
        "[a TO b]",
        "kind~2^9",
        "'s",
        "…",
        "ß ﬁ Ĳ",
        "%00",
        "的 مرحبا",
    ] {
        let result = engine.search(&request(words));
        assert!(result.is_ok(), "{words:.40}");
    }
    assert_eq!(engine.titles(&long), engine.titles("kinderen"));
    assert!(engine.titles(&brackets).is_empty());
    assert_eq!(
        engine.titles("kin\u{ad}deren\u{200f}"),
        engine.titles("kinderen")
    );
}

#[test]
fn a_change_replaces_and_removes() {
    let (_directory, engine) = library();
    let before = engine.generation();
    engine.put(record("Eetclub").summary("Pannenkoeken."));
    assert_eq!(engine.titles("pannenkoek"), ["Eetclub"]);
    assert_eq!(engine.titles("voedselbank"), ["Voedselbank Deventer"]);
    engine
        .apply(vec![
            Change::Remove(id_of("Eetclub")),
            Change::Remove(id_of("Nooit")),
        ])
        .expect("apply");
    assert!(engine.titles("pannenkoek").is_empty());
    assert_eq!(engine.record_count(), 6);
    assert!(engine.generation() > before);
}

#[test]
fn digests_tell_what_the_index_holds() {
    let (_directory, engine) = library();
    let changed = record("Eetclub").summary("Anders.");
    assert_ne!(
        engine.digests().expect("digests")[&changed.id],
        changed.digest()
    );
    engine.put(changed.clone());
    let digests = engine.digests().expect("digests");
    assert_eq!(digests[&changed.id], changed.digest());
    assert_eq!(digests.len(), 7);
}

#[test]
fn a_digest_is_the_same_on_every_machine() {
    let document = Document {
        id: Uuid::nil(),
        ..record("Eetclub")
    };
    assert_eq!(document.digest(), 1_645_946_345_431_170_041);
}
