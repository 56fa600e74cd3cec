//! From a document to the terms and columns of the index.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::document::{Document, digest};
use super::language::Analyzer;
use super::moments;
use super::schema::{Fields, kind_index};
use super::stored::Stored;
use crate::base::dutch;

/// Turns documents into what tantivy indexes. Remembers words, because texts repeat them.
pub struct Projector {
    fields: Fields,
    analyzer: Arc<Analyzer>,
    known: HashMap<String, Arc<Terms>>,
}

/// What a surface word becomes.
struct Terms {
    stem: String,
    parts: Vec<String>,
}

/// A portal has fewer words; a memory that grows for ever is none.
const MOST_KNOWN: usize = 400_000;

impl Projector {
    /// A projector with an empty memory.
    #[must_use]
    pub fn new(fields: Fields, analyzer: Arc<Analyzer>) -> Self {
        Self {
            fields,
            analyzer,
            known: HashMap::new(),
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
        if let Some(sort) = &document.sort {
            out.add_text(f.sort, sort);
        }
        for language in &document.languages {
            out.add_text(f.languages, language);
        }
        if let Some(step) = &document.step {
            out.add_text(f.step, step);
        }
        for topic in &document.topics {
            out.add_text(f.topics, topic);
        }
        self.add_facts(document, &mut out);
        out.add_text(f.order, order_key(document));
        out.add_bytes(f.record, &Stored::write(document)?);
        self.add_texts(document, &mut out);
        Ok(out)
    }

    fn add_facts(&self, document: &Document, out: &mut TantivyDocument) {
        let f = self.fields;
        out.add_bool(f.everywhere, document.everywhere);
        out.add_bool(f.past, document.past);
        if let Some(series) = &document.series {
            out.add_u64(f.series, digest(series.as_bytes()));
        }
        if let Some(day) = document.checked {
            out.add_i64(f.checked, moments::day(day));
        }
        if let Some(point) = document.point {
            out.add_f64(f.latitude, point.latitude);
            out.add_f64(f.longitude, point.longitude);
        }
        for moment in document.card.coming.iter().filter(|moment| !moment.off) {
            out.add_i64(f.coming, moments::spell(moment.start, moment.end));
        }
    }

    fn add_texts(&mut self, document: &Document, out: &mut TantivyDocument) {
        let f = self.fields;
        let keywords = document.keywords.join("\n");
        let names = document.names.join("\n");
        let labels = document.labels.join("\n");
        let mut words = Vec::new();
        let mut take = |projector: &mut Self, texts: &[&str]| {
            let surfaces: Vec<String> = texts
                .iter()
                .flat_map(|text| projector.surfaces(text))
                .collect();
            let terms: Vec<Arc<Terms>> =
                surfaces.iter().map(|word| projector.terms(word)).collect();
            words.extend(surfaces);
            terms
        };
        let title = take(self, &[&document.title]);
        let keywords = take(self, &[&keywords]);
        let names = take(self, &[&names]);
        let summary = take(self, &[&document.summary]);
        let labels = take(self, &[&labels]);
        // The body is found by its surface words only: measured, its stems find nothing more.
        take(self, &[&document.body]);
        for (field, terms) in [
            (f.title, &title),
            (f.keywords, &keywords),
            (f.names, &names),
            (f.summary, &summary),
            (f.labels, &labels),
        ] {
            add_terms(out, field, terms.iter().map(|t| t.stem.clone()).collect());
        }
        let parts = |terms: &[Arc<Terms>]| {
            terms
                .iter()
                .flat_map(|t| t.parts.clone())
                .collect::<Vec<_>>()
        };
        add_terms(
            out,
            f.title_parts,
            [parts(&title), parts(&keywords)].concat(),
        );
        add_terms(out, f.text_parts, parts(&summary));
        add_terms(out, f.title_exact, self.surfaces(&document.title));
        add_terms(out, f.words, words);
    }

    /// The surface words of a text; a word with hyphens also gives its pieces.
    fn surfaces(&self, text: &str) -> Vec<String> {
        let words = self.analyzer.words(text).into_iter();
        words
            .flat_map(|word| std::iter::once(word.surface).chain(word.pieces))
            .collect()
    }

    fn terms(&mut self, surface: &str) -> Arc<Terms> {
        if let Some(known) = self.known.get(surface) {
            return Arc::clone(known);
        }
        let terms = Arc::new(Terms {
            stem: self.analyzer.stem(surface),
            parts: self.analyzer.parts(surface),
        });
        if self.known.len() < MOST_KNOWN {
            self.known.insert(surface.to_owned(), Arc::clone(&terms));
        }
        terms
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
