//! Broken, missing, old and occupied directories.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::search::{Opening, SearchError};

const TITLES: [&str; 3] = ["Eetclub", "Taalcafé", "Voedselbank"];

/// A directory with a sound index in which every kind of file occurs, deletions too.
fn sound_directory() -> TempDir {
    let (directory, engine) = engine_with((0..40).map(|n| record(&format!("Groep {n}"))).collect());
    engine.put(record("Groep 3").summary("Gewijzigd."));
    engine
        .apply(vec![Change::Remove(id_of("Groep 7"))])
        .expect("remove");
    engine
        .apply(TITLES.map(record).map(Change::Put).into())
        .expect("put");
    directory
}

fn index_folder(directory: &Path) -> PathBuf {
    let entries = fs::read_dir(directory)
        .expect("directory")
        .map(|entry| entry.expect("entry").path());
    let is_index = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with("index-"))
    };
    let mut folders: Vec<PathBuf> = entries.filter(is_index).collect();
    assert_eq!(folders.len(), 1);
    folders.pop().expect("index folder")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("create");
    for entry in fs::read_dir(from).expect("read") {
        let path = entry.expect("entry").path();
        let target = to.join(path.file_name().expect("name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            match fs::copy(&path, &target) {
                // A writer at work may have put a draft in place of the file in between.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                copied => assert!(copied.is_ok(), "{}: {copied:?}", path.display()),
            }
        }
    }
}

/// After this damage the index is refused, kept aside, and an empty one takes its place.
fn assert_quarantined(directory: &Path, what: &str) {
    let (engine, opening) = Engine::open(directory, language()).expect(what);
    assert!(
        matches!(opening, Opening::Rebuilding { .. }),
        "{what}: {opening:?}"
    );
    assert!(directory.join("quarantine").exists(), "{what}");
    assert!(!engine.is_complete());
    assert_eq!(engine.record_count(), 0);
    engine
        .rebuild([record("Nieuw")].into_iter())
        .expect("rebuild");
    assert_eq!(engine.titles("nieuw"), ["Nieuw"]);
    drop(engine);
    assert_eq!(
        Engine::open(directory, language()).expect("open").1,
        Opening::Existing
    );
}

/// A fresh copy of a sound directory, and the files of its index.
fn damaged_copy(sound: &Path, damage: impl Fn(&Path)) -> TempDir {
    let directory = tempfile::tempdir().expect("directory");
    copy(sound, directory.path());
    damage(&index_folder(directory.path()));
    directory
}

fn data_files(sound: &Path) -> Vec<String> {
    let names = fs::read_dir(index_folder(sound))
        .expect("read")
        .map(|e| e.expect("entry").file_name());
    let mut files: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    files.retain(|name| !name.starts_with('.') && name != "meta.json");
    files
}

#[test]
fn flipped_bytes_in_any_kind_of_file_are_found() {
    let sound = sound_directory();
    let files = data_files(sound.path());
    for kind in ["idx", "term", "store", "fast", "fieldnorm", "del"] {
        let file = files
            .iter()
            .find(|f| f.ends_with(&format!(".{kind}")))
            .expect(kind);
        for percent in [0, 30, 60, 99] {
            let directory = damaged_copy(sound.path(), |folder| {
                let mut bytes = fs::read(folder.join(file)).expect("read");
                let at = bytes.len() * percent / 100;
                bytes[at] ^= 0xff;
                fs::write(folder.join(file), bytes).expect("write");
            });
            assert_quarantined(directory.path(), &format!("{file} at {percent} %"));
        }
    }
}

#[test]
fn truncated_and_missing_files_are_found() {
    let sound = sound_directory();
    for file in data_files(sound.path()) {
        for percent in [0, 50, 95] {
            let directory = damaged_copy(sound.path(), |folder| {
                let bytes = fs::read(folder.join(&file)).expect("read");
                let length = bytes.len() * percent / 100;
                fs::write(folder.join(&file), &bytes[..length]).expect("write");
            });
            assert_quarantined(directory.path(), &format!("{file} cut to {percent} %"));
        }
        let directory = damaged_copy(sound.path(), |folder| {
            fs::remove_file(folder.join(&file)).expect("remove");
        });
        assert_quarantined(directory.path(), &format!("{file} removed"));
    }
}

#[test]
fn garbage_in_the_administration_is_found() {
    let sound = sound_directory();
    for garbage in ["", "{", "\0\0\0", "{\"segments\":[]}"] {
        let directory = damaged_copy(sound.path(), |folder| {
            fs::write(folder.join("meta.json"), garbage).expect("write");
        });
        assert_quarantined(directory.path(), garbage);
    }
}

/// meta.json has no checksum: whatever byte changes, the index is refused or still right.
#[test]
fn a_flipped_byte_in_meta_json_never_changes_the_records() {
    let sound = sound_directory();
    let right = open(sound.path()).digests().expect("digests");
    let length = fs::read(index_folder(sound.path()).join("meta.json"))
        .expect("read")
        .len();
    for at in (0..length).step_by(23) {
        let directory = damaged_copy(sound.path(), |folder| {
            let mut bytes = fs::read(folder.join("meta.json")).expect("read");
            bytes[at] ^= 0x01;
            fs::write(folder.join("meta.json"), bytes).expect("write");
        });
        let (engine, opening) = Engine::open(directory.path(), language()).expect("open");
        if opening == Opening::Existing {
            assert_eq!(engine.digests().expect("digests"), right, "byte {at}");
        }
    }
}

#[test]
fn a_broken_pointer_is_found() {
    let sound = sound_directory();
    for text in [
        "",
        "{}",
        "{\"folder\":\"../../etc\",\"fingerprint\":\"x\",\"complete\":true}",
    ] {
        let directory = damaged_copy(sound.path(), |_| {});
        fs::write(directory.path().join("current.json"), text).expect("write");
        assert_quarantined(directory.path(), text);
    }
}

#[test]
fn an_index_of_another_version_is_built_anew() {
    let sound = sound_directory();
    let pointer = sound.path().join("current.json");
    let text = fs::read_to_string(&pointer).expect("read");
    let start = text.find("fingerprint\":\"").expect("fingerprint") + 14;
    fs::write(
        &pointer,
        format!("{}0000{}", &text[..start], &text[start + 4..]),
    )
    .expect("write");
    let (engine, opening) = Engine::open(sound.path(), language()).expect("open");
    assert_eq!(opening, Opening::Empty, "in order, and still to be filled");
    assert!(!engine.is_complete());
    assert!(!sound.path().join("quarantine").exists());
}

#[test]
fn a_first_build_that_never_finished_is_still_to_come() {
    let directory = tempfile::tempdir().expect("directory");
    let (engine, opening) = Engine::open(directory.path(), language()).expect("open");
    assert_eq!(opening, Opening::Empty);
    engine.put(record("Eetclub"));
    drop(engine);
    let (engine, opening) = Engine::open(directory.path(), language()).expect("open");
    assert_eq!(
        (opening, engine.record_count(), engine.is_complete()),
        (Opening::Empty, 1, false)
    );
    engine
        .rebuild([record("Eetclub"), record("Soos")].into_iter())
        .expect("rebuild");
    drop(engine);
    let (engine, opening) = Engine::open(directory.path(), language()).expect("open");
    assert_eq!((opening, engine.record_count()), (Opening::Existing, 2));
}

#[test]
fn a_rebuild_killed_half_way_leaves_the_old_index() {
    let sound = sound_directory();
    let engine = open(sound.path());
    let mut rebuild = engine.begin_rebuild().expect("rebuild");
    rebuild.add(&record("Halverwege")).expect("add");
    // What a kill leaves behind, without the lock.
    let after_kill = tempfile::tempdir().expect("directory");
    copy(sound.path(), after_kill.path());
    let (engine, opening) = Engine::open(after_kill.path(), language()).expect("open");
    assert_eq!(opening, Opening::Existing);
    assert_eq!(engine.titles("voedselbank"), ["Voedselbank"]);
    assert!(engine.titles("halverwege").is_empty());
    index_folder(after_kill.path()); // the leftover is gone
}

#[test]
fn a_rebuild_that_is_given_up_leaves_no_trace() {
    let sound = sound_directory();
    let engine = open(sound.path());
    let rebuild = engine.begin_rebuild().expect("rebuild");
    assert!(matches!(
        engine.begin_rebuild(),
        Err(SearchError::RebuildRunning)
    ));
    drop(rebuild);
    index_folder(sound.path());
    assert_eq!(engine.titles("voedselbank"), ["Voedselbank"]);
    engine
        .begin_rebuild()
        .expect("again")
        .finish()
        .expect("finish");
    assert_eq!(engine.record_count(), 0);
}

#[test]
fn one_directory_serves_one_engine() {
    let sound = sound_directory();
    let engine = open(sound.path());
    let Err(error) = Engine::open(sound.path(), language()) else {
        panic!("two engines")
    };
    assert!(matches!(error, SearchError::Locked(_)));
    assert!(error.to_string().contains("in use by another program"));
    drop(engine);
    assert_eq!(
        Engine::open(sound.path(), language()).expect("open").1,
        Opening::Existing
    );
}

#[test]
fn searches_outlive_their_folder_and_a_rebuild_mends_it() {
    let sound = sound_directory();
    let engine = open(sound.path());
    assert!(engine.verify().expect("verify"));
    fs::remove_dir_all(sound.path()).expect("remove");
    assert_eq!(engine.titles("voedselbank"), ["Voedselbank"]);
    assert!(!engine.verify().expect("verify"));
    let error = engine
        .apply(vec![Change::Put(record("Nieuw"))])
        .expect_err("no folder");
    assert!(error.needs_rebuild(), "{error}");
    assert_eq!(engine.titles("voedselbank"), ["Voedselbank"]);
    engine
        .rebuild(TITLES.map(record).into_iter())
        .expect("rebuild");
    engine.put(record("Nieuw"));
    assert_eq!(engine.titles("nieuw"), ["Nieuw"]);
    assert!(engine.verify().expect("verify"));
    drop(engine);
    assert_eq!(open(sound.path()).record_count(), 4);
}

#[test]
fn damage_while_running_is_found_by_verify() {
    let sound = sound_directory();
    let engine = open(sound.path());
    let folder = index_folder(sound.path());
    let file = data_files(sound.path())
        .into_iter()
        .find(|f| f.contains(".idx"))
        .expect("idx");
    let mut bytes = fs::read(folder.join(&file)).expect("read");
    bytes[0] ^= 0xff;
    fs::write(folder.join(&file), bytes).expect("write");
    assert!(!engine.verify().expect("verify"));
    engine
        .rebuild(TITLES.map(record).into_iter())
        .expect("rebuild");
    assert!(engine.verify().expect("verify"));
}

/// By hand, as root: `mount -t tmpfs -o size=3m tmpfs DIR` and `WIJZER_SMALL_DISK=DIR`.
#[test]
#[ignore = "needs a small file system of its own"]
fn a_full_disk_leaves_the_last_commit_and_can_be_retried() {
    let disk = PathBuf::from(std::env::var_os("WIJZER_SMALL_DISK").expect("WIJZER_SMALL_DISK"));
    let directory = disk.join("search");
    let engine = open(&directory);
    engine
        .rebuild(TITLES.map(record).into_iter())
        .expect("rebuild");
    fs::write(disk.join("fill"), vec![0; 64 << 20]).expect_err("the disk must fill");
    let change = || vec![Change::Put(record("Nieuw").body(&"woord ".repeat(2_000)))];
    for _ in 0..3 {
        engine.apply(change()).expect_err("disk full");
        engine
            .rebuild(TITLES.map(record).into_iter())
            .expect_err("disk full");
        assert_eq!(engine.titles("voedselbank"), ["Voedselbank"]);
    }
    fs::remove_file(disk.join("fill")).expect("remove");
    engine.apply(change()).expect("retry");
    assert_eq!(engine.record_count(), 4);
    assert!(engine.verify().expect("verify"));
}
