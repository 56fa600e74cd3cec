//! What the benchmarks count on.

use std::collections::HashSet;

use super::text::{slugify, word_count};
use super::*;

const THEMES: &[(&str, &[&str])] = &[
    (
        "wonen",
        &[
            "huren-en-kopen",
            "woning-aanpassen",
            "wonen-met-zorg",
            "dakloos",
            "buren",
            "energie-en-duurzaam",
        ],
    ),
    (
        "zorg-en-gezondheid",
        &[
            "thuiszorg",
            "huisarts-en-ziekenhuis",
            "psychische-gezondheid",
            "verslaving",
            "dementie",
            "autisme",
            "laatste-levensfase",
        ],
    ),
    (
        "geld",
        &[
            "rondkomen",
            "schulden",
            "toeslagen-en-uitkering",
            "voedsel-en-spullen",
            "formulieren-en-recht",
        ],
    ),
    (
        "werk-en-leren",
        &[
            "werk-zoeken",
            "dagbesteding",
            "taal-en-rekenen",
            "digitale-hulp",
            "opleiding",
        ],
    ),
    (
        "ontmoeten-en-meedoen",
        &[
            "ontmoeten",
            "samen-eten",
            "eenzaamheid",
            "sport-en-bewegen",
            "kunst-en-cultuur",
            "geloof-en-zingeving",
            "buurtinitiatieven",
        ],
    ),
    (
        "opgroeien-en-opvoeden",
        &[
            "opvoedvragen",
            "kinderopvang",
            "jongerenwerk",
            "jeugdhulp",
            "school",
            "scheiden",
        ],
    ),
    (
        "mantelzorg-en-vrijwilligers",
        &[
            "mantelzorg",
            "respijtzorg",
            "vrijwilligerswerk",
            "maatjes",
            "praktische-hulp",
        ],
    ),
    (
        "vervoer",
        &[
            "vrijwilligersvervoer",
            "reizen-met-beperking",
            "openbaar-vervoer",
            "hulpmiddelen",
        ],
    ),
    (
        "veiligheid",
        &[
            "huiselijk-geweld",
            "slachtoffer",
            "discriminatie",
            "politie-en-melden",
        ],
    ),
    (
        "nieuw-in-nederland",
        &[
            "asiel-en-opvang",
            "inburgeren",
            "nederlands-oefenen",
            "meedoen-nieuwkomers",
        ],
    ),
    (
        "hulp-aanvragen",
        &[
            "wmo-aanvragen",
            "jeugdhulp-aanvragen",
            "clientondersteuning",
            "maatschappelijk-werk",
            "pgb",
        ],
    ),
];
const AUDIENCES: [&str; 15] = [
    "iedereen",
    "ouderen",
    "jeugd",
    "jongvolwassenen",
    "ouders",
    "mantelzorgers",
    "vrijwilligers",
    "nieuwkomers",
    "mensen-met-beperking",
    "mensen-met-weinig-geld",
    "mensen-met-psychische-kwetsbaarheid",
    "mensen-met-dementie",
    "werkzoekenden",
    "dak-en-thuislozen",
    "professionals",
];

fn first(count: u64) -> Vec<Record> {
    let corpus = Corpus::new(1);
    (0..count).map(|number| corpus.record(number)).collect()
}

fn words_of(record: &Record) -> HashSet<String> {
    let parts = [&record.title, &record.summary, &record.body]
        .into_iter()
        .chain(&record.keywords);
    parts
        .flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn a_record_depends_on_seed_and_number_only() {
    let records = first(2_000);
    let corpus = Corpus::new(1);
    for number in (0..2_000).rev() {
        assert_eq!(corpus.record(number), records[number as usize]);
    }
    let other = Corpus::new(2);
    let equal = (0..1_000).filter(|&n| other.record(n).title == records[n as usize].title);
    assert!(equal.count() < 100);
}

#[test]
fn slugs_are_unique_and_plain() {
    let mut seen = HashSet::new();
    for record in first(20_000) {
        assert_eq!(record.slug, slugify(&record.slug));
        assert!(seen.insert(record.slug));
    }
}

#[test]
fn the_mixture_is_that_of_a_social_map() {
    let records = first(5_000);
    let share = |kind| records.iter().filter(|record| record.kind == kind).count();
    assert_eq!(share(Kind::Organisation), 750);
    assert_eq!(share(Kind::Activity), 3_500);
    assert_eq!(share(Kind::Place), 400);
    assert_eq!(share(Kind::Faq), 200);
    assert_eq!(share(Kind::Dossier), 150);
    // Every part of the corpus is mixed, not only the whole.
    let run = |part: &[Record]| part.iter().any(|record| record.kind == Kind::Organisation);
    assert!(records.chunks(25).all(run));
}

#[test]
fn the_vocabulary_grows_and_keeps_growing() {
    let mut seen = HashSet::new();
    let mut sizes = Vec::new();
    for (number, record) in first(20_000).iter().enumerate() {
        seen.extend(words_of(record));
        if [999, 9_999, 19_999].contains(&number) {
            sizes.push(seen.len());
        }
    }
    assert!((5_000..11_000).contains(&sizes[0]), "{sizes:?}");
    assert!((13_000..23_000).contains(&sizes[1]), "{sizes:?}");
    assert!(sizes[2] > sizes[1] * 5 / 4, "{sizes:?}");
}

#[test]
fn themes_audiences_and_steps_are_those_of_the_portal() {
    for record in first(10_000) {
        let (_, below) = (THEMES.iter().find(|(main, _)| *main == record.main_theme))
            .unwrap_or_else(|| panic!("{}", record.main_theme));
        assert!(below.contains(&record.theme), "{}", record.theme);
        assert!(!record.audiences.is_empty());
        assert!(record.audiences.iter().all(|one| AUDIENCES.contains(one)));
        assert!(
            (record.step).is_none_or(|step| ["self", "network", "open", "access"].contains(&step))
        );
    }
}

#[test]
fn every_theme_is_in_use_and_every_list_of_words() {
    let world = World::new(1);
    let used: HashSet<&str> = (world.tables.subjects.iter())
        .map(|subject| subject.theme)
        .collect();
    for theme in THEMES.iter().flat_map(|(_, below)| *below) {
        assert!(used.contains(theme), "{theme}");
    }
    let texts = [
        include_str!("subjects.txt"),
        include_str!("sentences.txt"),
        include_str!("places.txt"),
        include_str!("words.txt"),
        include_str!("world.rs"),
        include_str!("text.rs"),
        include_str!("compose.rs"),
    ]
    .concat()
    .to_lowercase();
    for name in world.tables.word_lists() {
        let forms = [
            format!("{{{name}}}"),
            format!("@{name}"),
            format!("\"{name}\""),
        ];
        assert!(forms.iter().any(|one| texts.contains(one)), "{name}");
    }
}

#[test]
fn every_slot_can_be_filled() {
    let world = World::new(1);
    let mut random = world.random(0, 0);
    let (cell, _) = world::Cell::of(0);
    let scene = text::Scene::new(&world, cell);
    let tables = ["subjects.txt", "sentences.txt", "places.txt"];
    for (table, text) in tables.into_iter().zip([
        include_str!("subjects.txt"),
        include_str!("sentences.txt"),
        include_str!("places.txt"),
    ]) {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for line in lines.filter(|line| !line.contains("{trefwoord}")) {
            let filled = scene.expand(line, &mut random);
            assert!(!filled.contains(['{', '}']), "{table}: {line}");
        }
    }
}

#[test]
fn every_record_has_a_title_a_summary_and_no_open_slot() {
    for record in first(10_000) {
        assert!(!record.title.is_empty());
        let text = [&*record.title, &record.summary, &record.body].join(" ");
        assert!(!text.contains(['{', '}', '_']), "{text}");
        let words = word_count(&record.summary);
        assert!((15..=50).contains(&words), "{words}: {}", record.summary);
        assert!(word_count(&record.body) <= 150);
        assert!(record.summary.ends_with('.') || record.summary.ends_with('?'));
    }
}

#[test]
fn an_activity_names_records_that_exist() {
    let records = first(10_000);
    for record in &records {
        let end = (record.number / 200 + 1) * 200;
        if let Some(number) = record.organisation_number {
            assert!(number < end);
            let other = &records[number as usize];
            assert_eq!(other.kind, Kind::Organisation);
            assert_eq!(Some(&other.title), record.organisation.as_ref());
            assert_eq!(other.municipality, record.municipality);
        }
        if let Some(number) = record.place_number {
            assert!(number < end);
            let other = &records[number as usize];
            assert_eq!(other.kind, Kind::Place);
            assert_eq!(Some(&other.title), record.place.as_ref());
            assert_eq!(other.zone, record.zone);
        }
    }
}

#[test]
fn zones_and_municipalities_are_many_in_a_large_corpus() {
    let corpus = Corpus::new(1);
    let mut zones = HashSet::new();
    let mut municipalities = HashSet::new();
    for number in (0..1_000_000).step_by(97) {
        let record = corpus.record(number);
        zones.extend(record.zone);
        municipalities.insert(record.municipality);
    }
    assert!(zones.len() > 500, "{}", zones.len());
    assert!(municipalities.len() > 80, "{}", municipalities.len());
}

#[test]
fn a_rule_starts_on_its_own_day() {
    for record in first(5_000) {
        let Some((day, minute)) = record.start else {
            assert_eq!(record.rrule, None);
            continue;
        };
        assert!(day < 365 && (8 * 60..22 * 60).contains(&minute));
        if let Some(rule) = record.rrule {
            let name = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][usize::from(day % 7)];
            assert!(rule.contains(name), "{rule} on day {day}");
        }
    }
}

#[test]
fn queries_go_from_common_to_rare() {
    assert_eq!(queries().len(), 40);
    let records = first(20_000);
    let hits = |query: &str| {
        let words: Vec<&str> = query.split(' ').collect();
        let found = |record: &&Record| {
            let all = words_of(record);
            words.iter().all(|word| all.contains(*word))
        };
        records.iter().filter(found).count()
    };
    assert!(hits(queries()[0]) > 1_000);
    assert!(hits("traplift") < 500);
    assert_eq!(hits("matelzorg"), 0);
}
