//! The engine as its callers see it, on real index folders.

mod agenda;
mod concurrent;
mod faults;
mod filters;
mod finding;

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use uuid::Uuid;

use super::{Analyzer, Change, Document, Engine, Filters, Lexicon, SearchRequest, SearchResult};
use crate::base::RecordKind;

/// A record with a title; the builder methods add the rest.
fn record(title: &str) -> Document {
    let slug: String = title
        .to_lowercase()
        .replace(|c: char| !c.is_alphanumeric(), "-");
    Document::new(
        id_of(title),
        RecordKind::Organisation,
        slug,
        title.to_owned(),
        String::new(),
    )
}

/// The project's own tables alone, so that these tests need nothing of the machine.
pub(super) fn language() -> Arc<Analyzer> {
    Arc::new(Analyzer::new(Arc::new(Lexicon::own())))
}

/// The same title always has the same id.
fn id_of(title: &str) -> Uuid {
    let mut bytes = [0_u8; 16];
    for (index, byte) in title.bytes().enumerate() {
        bytes[index % 16] = byte.wrapping_add(bytes[index % 16].wrapping_mul(31));
    }
    Uuid::from_bytes(bytes)
}

impl Document {
    fn of_kind(mut self, kind: RecordKind) -> Self {
        self.kind = kind;
        self
    }

    fn summary(mut self, text: &str) -> Self {
        text.clone_into(&mut self.summary);
        text.clone_into(&mut self.card.summary);
        self
    }

    fn body(mut self, text: &str) -> Self {
        text.clone_into(&mut self.body);
        self
    }

    fn keywords(mut self, words: &[&str]) -> Self {
        self.keywords = strings(words);
        self
    }

    fn themes(mut self, slugs: &[&str]) -> Self {
        self.themes = strings(slugs);
        self
    }

    fn zones(mut self, slugs: &[&str]) -> Self {
        self.zones = strings(slugs);
        self
    }

    fn free(mut self) -> Self {
        self.free_of_charge = true;
        self
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn request(words: &str) -> SearchRequest {
    SearchRequest {
        words: words.to_owned(),
        page: 1,
        per_page: 20,
        ..SearchRequest::default()
    }
}

fn filtered(words: &str, filters: Filters) -> SearchRequest {
    SearchRequest {
        filters,
        ..request(words)
    }
}

fn open(directory: &Path) -> Engine {
    Engine::open(directory, language()).expect("engine").0
}

/// An engine with these records, built completely.
fn engine_with(documents: Vec<Document>) -> (TempDir, Engine) {
    let directory = tempfile::tempdir().expect("directory");
    let engine = open(directory.path());
    engine.rebuild(documents.into_iter()).expect("rebuild");
    (directory, engine)
}

impl Engine {
    fn titles(&self, words: &str) -> Vec<String> {
        titles(&self.search(&request(words)).expect("search"))
    }

    fn put(&self, document: Document) {
        self.apply(vec![Change::Put(document)]).expect("put");
    }
}

fn titles(result: &SearchResult) -> Vec<String> {
    result
        .hits
        .iter()
        .map(|hit| hit.card.title.clone())
        .collect()
}
