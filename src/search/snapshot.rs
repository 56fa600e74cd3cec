//! One committed state of the index, with its columns. Searches hold one and never wait.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, SegmentReader, TantivyDocument};
use uuid::Uuid;

use super::columns::{AllNames, Columns};
use super::error::SearchError;
use super::language::Analyzer;
use super::postings::Postings;
use super::schema::Fields;
use super::speller::Speller;
use super::stored::Shown;

/// More words than these are not read anew after every change: it would take a tenth of a second.
const MOST_SPELLED: usize = 50_000;

/// Immutable; replaced as a whole after each commit.
pub struct Snapshot {
    /// tantivy's view of this commit.
    pub searcher: Searcher,
    /// The words of the records.
    pub postings: Postings,
    /// By segment of the searcher.
    pub segments: Vec<Arc<Columns>>,
    /// Slugs and topics with their numbers.
    pub names: AllNames,
    /// How many records each topic has, by number; deleted ones may still count.
    pub topic_counts: Vec<u32>,
    /// Whether a whole build has been done: false while the first one is still to come.
    pub complete: bool,
    /// Rises with each snapshot of one engine.
    pub generation: u64,
    /// When this was written to disk; `None` when the disk does not tell.
    pub committed_at: Option<SystemTime>,
    /// The words of the records. With very many words those of an earlier snapshot: a new word
    /// is then found, but its misspellings are not understood before the next start or rebuild.
    pub speller: Arc<Speller>,
}

impl Snapshot {
    /// Reads the columns of the segments that the previous snapshot had not.
    ///
    /// # Errors
    /// When a segment is damaged.
    pub fn load(
        searcher: Searcher,
        previous: Option<&Self>,
        fields: &Fields,
    ) -> Result<Self, SearchError> {
        let mut names = previous.map(|p| p.names.clone()).unwrap_or_default();
        let known = |reader: &SegmentReader| {
            let segments = &previous?.segments;
            segments
                .iter()
                .find(|columns| columns.segment == reader.segment_id())
                .cloned()
        };
        let mut segments = Vec::new();
        for reader in searcher.segment_readers() {
            segments.push(match known(reader) {
                Some(columns) => columns,
                None => Arc::new(Columns::read(reader, &mut names)?),
            });
        }
        let mut topic_counts = vec![0; names.topics.slugs().len()];
        for topic in segments.iter().flat_map(|columns| columns.topics.values()) {
            topic_counts[*topic as usize] += 1;
        }
        let postings = Postings::open(&searcher, fields)?;
        let known = previous.map(|previous| Arc::clone(&previous.speller));
        let speller = match known.filter(|speller| speller.len() > MOST_SPELLED) {
            Some(speller) => speller,
            None => Arc::new(speller(&postings, fields)?),
        };
        Ok(Self {
            searcher,
            postings,
            segments,
            names,
            topic_counts,
            complete: false,
            generation: 1,
            committed_at: None,
            speller,
        })
    }

    /// How much a topic says: 1 when one record has it, 0 when all have.
    #[must_use]
    pub fn rarity_of_topic(&self, topic: u32) -> f32 {
        let with = self.topic_counts.get(topic as usize).copied();
        self.rarity(with.unwrap_or_default().into())
    }

    /// How few so many records are: 1 for one or none, 0 for all.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // a logarithm of it is wanted
    pub fn rarity(&self, with: u64) -> f32 {
        let records = (self.searcher.num_docs() as f32).max(2.0);
        (records / (with as f32).max(1.0)).ln().max(0.0) / records.ln()
    }

    /// The record at an address, decoded at most once per segment.
    ///
    /// # Errors
    /// When the document store is damaged.
    pub fn shown(
        &self,
        address: DocAddress,
        fields: &Fields,
        analyzer: &Analyzer,
    ) -> Result<Arc<Shown>, SearchError> {
        let cell = &self.segments[address.segment_ord as usize].shown[address.doc_id as usize];
        if let Some(shown) = cell.get() {
            return Ok(Arc::clone(shown));
        }
        let document: TantivyDocument = self.searcher.doc(address)?;
        let bytes = document
            .get_first(fields.record)
            .and_then(|value| value.as_bytes());
        let shown = Arc::new(Shown::read(bytes.unwrap_or_default(), analyzer)?);
        Ok(Arc::clone(cell.get_or_init(|| shown)))
    }

    /// Id and digest of every record.
    ///
    /// # Errors
    /// When a segment is damaged.
    pub fn digests(&self) -> Result<HashMap<Uuid, u64>, SearchError> {
        let mut digests = HashMap::new();
        for reader in self.searcher.segment_readers() {
            let fast = reader.fast_fields();
            let (high, low) = (fast.u64("id_high")?, fast.u64("id_low")?);
            let digest = fast.u64("digest")?;
            for doc in reader.doc_ids_alive() {
                let half =
                    |column: &tantivy::columnar::Column<u64>| column.first(doc).unwrap_or_default();
                let id = Uuid::from_u64_pair(half(&high), half(&low));
                digests.insert(id, half(&digest));
            }
        }
        Ok(digests)
    }

    /// Number of records.
    #[must_use]
    pub fn record_count(&self) -> usize {
        usize::try_from(self.searcher.num_docs()).unwrap_or(usize::MAX)
    }

    /// Whether no record stands twice in the index. Deletions are named in meta.json, which
    /// has no checksum: a lost one would show as a record and its former self.
    ///
    /// # Errors
    /// When a segment is damaged.
    pub fn ids_are_unique(&self) -> Result<bool, SearchError> {
        Ok(self.digests()?.len() == self.record_count())
    }
}

/// The words of the records, ready to be found by misspellings.
fn speller(postings: &Postings, fields: &Fields) -> Result<Speller, SearchError> {
    let mut records: BTreeMap<String, u32> = BTreeMap::new();
    for index in postings.dictionaries(fields.words) {
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            let word = String::from_utf8_lossy(terms.key()).into_owned();
            *records.entry(word).or_default() += terms.value().doc_freq;
        }
    }
    Ok(Speller::new(records.into_iter()))
}
