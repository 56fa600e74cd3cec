//! The fields of the index, and the fingerprint that tells whether an index fits this program.

use sha2::{Digest, Sha256};
use tantivy::Term;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use uuid::Uuid;

use super::language::Analyzer;
use crate::base::RecordKind;

/// Raise it when the meaning of a field changes without its name or type.
const FORMAT: u32 = 3;

/// The fields. The text fields hold stems, except `title_exact` and `words`, which hold
/// surface words; `words` is all text together: the vocabulary. Stems of the parts of compounds
/// stand in fields of their own, so that whole words keep their weight.
#[derive(Clone, Copy)]
pub struct Fields {
    /// Raw id, to delete by.
    pub id: Field,
    /// Upper half of the id.
    pub id_high: Field,
    /// Lower half of the id.
    pub id_low: Field,
    /// `Document::digest`.
    pub digest: Field,
    /// Position in [`RecordKind::ALL`].
    pub kind: Field,
    /// Free of charge.
    pub free: Field,
    /// Wheelchair.
    pub wheelchair: Field,
    /// Theme slugs.
    pub themes: Field,
    /// Zone slugs.
    pub zones: Field,
    /// Audience slugs.
    pub audiences: Field,
    /// Slug of the sort of activity.
    pub sort: Field,
    /// Codes of languages.
    pub languages: Field,
    /// Step of the ladder.
    pub step: Field,
    /// Hash of `Document::series`; absent without one.
    pub series: Field,
    /// Serves the whole municipality.
    pub everywhere: Field,
    /// Is no more.
    pub past: Field,
    /// `Document::topics`.
    pub topics: Field,
    /// Day of the last check, as a number of days since 1970; absent when never.
    pub checked: Field,
    /// Degrees; absent when unknown.
    pub latitude: Field,
    /// Degrees.
    pub longitude: Field,
    /// Coming moments that go on, as `moments::spell` writes them.
    pub coming: Field,
    /// Unique key in reading order: title, kind, slug.
    pub order: Field,
    /// Stems of the title.
    pub title: Field,
    /// Surface words of the title.
    pub title_exact: Field,
    /// Stems of the keywords.
    pub keywords: Field,
    /// Stems of the names of what it belongs to.
    pub names: Field,
    /// Stems of the summary.
    pub summary: Field,
    /// Stems of the labels: kind, themes and audiences in words.
    pub labels: Field,
    /// Parts of the compounds in title and keywords.
    pub title_parts: Field,
    /// Parts of the compounds in the summary.
    pub text_parts: Field,
    /// Surface words of everything.
    pub words: Field,
    /// `Stored` as JSON.
    pub record: Field,
}

impl Fields {
    /// The fields that records are found by.
    #[must_use]
    pub fn of_words(&self) -> [Field; 10] {
        [
            self.topics,
            self.title,
            self.title_exact,
            self.keywords,
            self.names,
            self.summary,
            self.labels,
            self.title_parts,
            self.text_parts,
            self.words,
        ]
    }
}

/// The schema of the index and its fields.
#[must_use]
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    // Terms come ready made from our own analysis, so the tokenizer is never used.
    let terms = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(terms);
    let found = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let label = TextOptions::default().set_fast("raw");
    let fields = Fields {
        id: builder.add_bytes_field("id", INDEXED),
        id_high: builder.add_u64_field("id_high", FAST),
        id_low: builder.add_u64_field("id_low", FAST),
        digest: builder.add_u64_field("digest", FAST),
        kind: builder.add_u64_field("kind", FAST),
        free: builder.add_bool_field("free", FAST),
        wheelchair: builder.add_bool_field("wheelchair", FAST),
        themes: builder.add_text_field("themes", label.clone()),
        zones: builder.add_text_field("zones", label.clone()),
        audiences: builder.add_text_field("audiences", label.clone()),
        sort: builder.add_text_field("sort", label.clone()),
        languages: builder.add_text_field("languages", label.clone()),
        step: builder.add_text_field("step", label.clone()),
        series: builder.add_u64_field("series", FAST),
        everywhere: builder.add_bool_field("everywhere", FAST),
        past: builder.add_bool_field("past", FAST),
        topics: builder.add_text_field("topics", label.clone().set_indexing_options(found)),
        checked: builder.add_i64_field("checked", FAST),
        latitude: builder.add_f64_field("latitude", FAST),
        longitude: builder.add_f64_field("longitude", FAST),
        coming: builder.add_i64_field("coming", FAST),
        order: builder.add_text_field("order", label),
        title: builder.add_text_field("title", text.clone()),
        title_exact: builder.add_text_field("title_exact", text.clone()),
        keywords: builder.add_text_field("keywords", text.clone()),
        names: builder.add_text_field("names", text.clone()),
        summary: builder.add_text_field("summary", text.clone()),
        labels: builder.add_text_field("labels", text.clone()),
        title_parts: builder.add_text_field("title_parts", text.clone()),
        text_parts: builder.add_text_field("text_parts", text.clone()),
        words: builder.add_text_field("words", text),
        record: builder.add_bytes_field("record", STORED),
    };
    (builder.build(), fields)
}

/// Names the schema, the analysis and the version of tantivy: an index with another
/// fingerprint must be built anew.
#[must_use]
pub fn fingerprint(schema: &Schema, analyzer: &Analyzer) -> String {
    let fields = serde_json::to_string(schema).unwrap_or_default();
    let parts = [
        &FORMAT.to_string(),
        tantivy::version_string(),
        &fields,
        &analyzer.signature(),
    ];
    let hash = Sha256::digest(parts.join("\n").as_bytes());
    let head = hash
        .iter()
        .take(12)
        .fold(0_u128, |head, byte| (head << 8) | u128::from(*byte));
    format!("{head:024x}")
}

/// The term that finds one record.
#[must_use]
pub fn id_term(fields: &Fields, id: Uuid) -> Term {
    Term::from_field_bytes(fields.id, id.as_bytes())
}

/// Position of a kind in [`RecordKind::ALL`].
#[must_use]
pub fn kind_index(kind: RecordKind) -> usize {
    RecordKind::ALL
        .iter()
        .position(|k| *k == kind)
        .unwrap_or_default()
}
