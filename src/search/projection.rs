//! From a document to the terms and columns of the index.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::analysis::Analyzer;
use super::document::Document;
use super::schema::{Fields, kind_index};
use super::stored::Stored;
use crate::base::dutch;

/// Turns documents into what tantivy indexes. Remembers stems, because texts repeat words.
pub struct Projector {
    fields: Fields,
    analyzer: Arc<Analyzer>,
    stems: HashMap<String, String>,
}

impl Projector {
    /// A projector with an empty memory.
    #[must_use]
    pub fn new(fields: Fields, analyzer: Arc<Analyzer>) -> Self {
        Self {
            fields,
            analyzer,
            stems: HashMap::new(),
        }
    }

    /// # Errors
    /// When the card cannot be written as JSON, which no card causes.
    pub fn project(&mut self, document: &Document) -> serde_json::Result<TantivyDocument> {
        let f = self.fields;
        let mut out = TantivyDocument::default();
        let (high, low) = document.id.as_u64_pair();
        out.add_bytes(f.id, document.id.as_bytes());
        out.add_u64(f.id_high, high);
        out.add_u64(f.id_low, low);
        out.add_u64(f.digest, document.digest());
        out.add_u64(f.kind, kind_index(document.kind) as u64);
        out.add_bool(f.free, document.free_of_charge);
        out.add_bool(f.wheelchair, document.wheelchair);
        let groups = [
            (f.themes, &document.themes),
            (f.zones, &document.zones),
            (f.audiences, &document.audiences),
        ];
        for (field, values) in groups {
            for value in values {
                out.add_text(field, value);
            }
        }
        if let Some(step) = &document.step {
            out.add_text(f.step, step);
        }
        out.add_text(f.order, order_key(document));
        out.add_bytes(f.record, &Stored::write(document)?);
        self.add_texts(document, &mut out);
        Ok(out)
    }

    fn add_texts(&mut self, document: &Document, out: &mut TantivyDocument) {
        let f = self.fields;
        let keywords = document.keywords.join("\n");
        let mut words = Vec::new();
        let texts = [
            (f.title, &document.title),
            (f.keywords, &keywords),
            (f.summary, &document.summary),
            (f.body, &document.body),
        ];
        for (field, text) in texts {
            let surfaces = self.surfaces(text);
            let stems = surfaces.iter().map(|surface| self.stem(surface)).collect();
            add_terms(out, field, stems);
            if field == f.title {
                add_terms(out, f.title_exact, surfaces.clone());
            }
            words.extend(surfaces);
        }
        add_terms(out, f.words, words);
    }

    /// The surface words of a text; a word with hyphens also gives its pieces.
    fn surfaces(&self, text: &str) -> Vec<String> {
        let words = self.analyzer.words(text).into_iter();
        words
            .flat_map(|word| std::iter::once(word.surface).chain(word.pieces))
            .collect()
    }

    fn stem(&mut self, surface: &str) -> String {
        if let Some(stem) = self.stems.get(surface) {
            return stem.clone();
        }
        let stem = self.analyzer.stem(surface);
        self.stems.insert(surface.to_owned(), stem.clone());
        stem
    }
}

fn add_terms(out: &mut TantivyDocument, field: Field, terms: Vec<String>) {
    let tokens = terms
        .into_iter()
        .enumerate()
        .map(|(position, text)| Token {
            position,
            text,
            ..Token::default()
        })
        .collect();
    out.add_pre_tokenized_text(
        field,
        PreTokenizedString {
            text: String::new(),
            tokens,
        },
    );
}

/// Sorts as a Dutch reader expects and is unique per record, so that pages never overlap.
fn order_key(document: &Document) -> String {
    format!(
        "{}\u{0}{}\u{0}{}",
        dutch::sort_key(&document.title),
        kind_index(document.kind),
        document.slug
    )
}
