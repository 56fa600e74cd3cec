//! The words of a snapshot: which records hold a word, and how well.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, Searcher, SegmentReader};

use super::error::SearchError;
use super::matches::{Match, Matches};
use super::schema::Fields;

/// How soon more of the same word adds nothing; the customary value.
const K1: f32 = 1.2;
/// How much a long text counts less; the customary value.
const B: f32 = 0.75;
/// tantivy keeps the length of a text in one byte.
const LENGTHS: usize = 256;

/// The inverted indexes of a snapshot, opened once: tantivy looks them up for every word.
///
/// Records have one number through all segments, in the order of the segments.
pub struct Postings {
    segments: Vec<Segment>,
    fields: Vec<Option<Lengths>>,
    /// All records, deleted ones too.
    records: u32,
}

struct Segment {
    /// The number of its first record.
    start: u32,
    fields: Vec<Option<FieldWords>>,
}

struct FieldWords {
    index: Arc<InvertedIndexReader>,
    lengths: FieldNormReader,
}

/// What a text of each length does to BM25.
struct Lengths([f32; LENGTHS]);

impl Postings {
    /// Opens the fields that hold words.
    ///
    /// # Errors
    /// When a segment is damaged.
    pub fn open(searcher: &Searcher, fields: &Fields) -> Result<Self, SearchError> {
        let words = fields.of_words();
        let readers = searcher.segment_readers();
        let mut segments = Vec::with_capacity(readers.len());
        let mut start = 0;
        for reader in readers {
            segments.push(Segment::open(reader, start, &words)?);
            start += reader.max_doc();
        }
        let slots = words.iter().map(|field| slot(*field) + 1).max();
        let mut lengths: Vec<Option<Lengths>> =
            (0..slots.unwrap_or_default()).map(|_| None).collect();
        for field in words {
            let in_field = segments.iter().filter_map(|segment| segment.field(field));
            let words: u64 = in_field.map(|field| field.index.total_num_tokens()).sum();
            lengths[slot(field)] = Some(Lengths::around(words, start));
        }
        Ok(Self {
            segments,
            fields: lengths,
            records: start,
        })
    }

    /// Number of records, deleted ones too: each number below it is one.
    #[must_use]
    pub fn records(&self) -> u32 {
        self.records
    }

    /// The number of a record.
    #[must_use]
    pub fn number(&self, address: DocAddress) -> u32 {
        self.segments[address.segment_ord as usize].start + address.doc_id
    }

    /// The numbers of a segment: from the first up to the second, exclusive.
    #[must_use]
    pub fn segment(&self, ordinal: usize) -> (u32, u32) {
        let end = self.segments.get(ordinal + 1);
        (
            self.segments[ordinal].start,
            end.map_or(self.records, |next| next.start),
        )
    }

    /// How many records hold a word in a field; deleted ones may still count.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn count(&self, field: Field, word: &str) -> Result<u32, SearchError> {
        let mut records = 0;
        for segment in &self.segments {
            if let Some(words) = segment.field(field) {
                let known = words.index.terms().get(word)?;
                records += known.map_or(0, |term| term.doc_freq);
            }
        }
        Ok(records)
    }

    /// The records that hold a word in a field, with their BM25 score times a weight (Robertson
    /// and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn matches(&self, field: Field, word: &str, weight: f32) -> Result<Matches, SearchError> {
        let mut terms: Vec<(&Segment, &FieldWords, TermInfo)> = Vec::new();
        for segment in &self.segments {
            if let Some(words) = segment.field(field)
                && let Some(term) = words.index.terms().get(word)?
            {
                terms.push((segment, words, term));
            }
        }
        let with: u32 = terms.iter().map(|(_, _, term)| term.doc_freq).sum();
        let Some(Some(Lengths(lengths))) = self.fields.get(slot(field)).filter(|_| with > 0) else {
            return Ok(Matches::default());
        };
        let weight = weight * rarity(with, self.records) * (1.0 + K1);
        let mut matches = Vec::with_capacity(with as usize);
        for (segment, words, term) in terms {
            let mut block = words
                .index
                .read_block_postings_from_terminfo(&term, IndexRecordOption::WithFreqs)?;
            while !block.docs().is_empty() {
                for (at, doc) in block.docs().iter().enumerate() {
                    let length = lengths[words.lengths.fieldnorm_id(*doc) as usize];
                    // 1 in a field without frequencies, for which `freqs` has none.
                    let times = as_score(block.freq(at));
                    matches.push(Match {
                        record: segment.start + doc,
                        score: weight * times / (times + length),
                    });
                }
                block.advance();
            }
        }
        Ok(Matches::new(matches))
    }

    /// The term dictionaries of a field, by segment.
    pub fn dictionaries(&self, field: Field) -> impl Iterator<Item = &InvertedIndexReader> {
        let of_field = self.segments.iter().filter_map(move |s| s.field(field));
        of_field.map(|words| &*words.index)
    }
}

impl Segment {
    fn open(reader: &SegmentReader, start: u32, words: &[Field]) -> Result<Self, SearchError> {
        let mut fields = Vec::new();
        for field in words {
            let lengths = reader.fieldnorms_readers().get_field(*field)?;
            let alike = || FieldNormReader::constant(reader.max_doc(), 1);
            fields.resize_with(fields.len().max(slot(*field) + 1), || None);
            fields[slot(*field)] = Some(FieldWords {
                index: reader.inverted_index(*field)?,
                lengths: lengths.unwrap_or_else(alike),
            });
        }
        Ok(Self { start, fields })
    }

    fn field(&self, field: Field) -> Option<&FieldWords> {
        self.fields.get(slot(field))?.as_ref()
    }
}

impl Lengths {
    /// For a field with so many words in so many records.
    #[allow(clippy::cast_precision_loss)] // an average
    fn around(words: u64, records: u32) -> Self {
        let average = words as f32 / as_score(records);
        let mut lengths = [0.0; LENGTHS];
        for (id, length) in (0..=u8::MAX).zip(&mut lengths) {
            let words = as_score(FieldNormReader::id_to_fieldnorm(id));
            *length = K1 * (1.0 - B + B * words / average);
        }
        Self(lengths)
    }
}

/// More for a word that few records hold: the inverse document frequency of BM25.
fn rarity(with: u32, records: u32) -> f32 {
    let without = as_score(records - with.min(records));
    (1.0 + (without + 0.5) / (as_score(with) + 0.5)).ln()
}

fn slot(field: Field) -> usize {
    field.field_id() as usize
}

#[allow(clippy::cast_precision_loss)] // scores are rough
fn as_score(count: u32) -> f32 {
    count as f32
}
