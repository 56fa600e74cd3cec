//! The search engine: one tantivy index per program, on disk, disposable.
//!
//! The database holds the truth; this can always be built anew. It knows no slice and no page:
//! slices hand in a [`Document`], pages a [`SearchRequest`]. A search reads one immutable
//! `snapshot` and never waits for a writer.
//!
//! From text to hits (`searching`): `language` makes terms, `reading` understands what was typed
//! (`correction`, `cues`), `query` plans (`thesaurus` knows other words), `postings` says which
//! records hold a word, `matches` puts these together, `collector` ranks (`blend`, by the weights
//! of `ranking`), filters (`sieve`) and counts (`tally`) in one pass over `columns`, `relating`
//! adds what belongs to it, and `stored` shows. From record to index: `projection`, by the fields of `schema`. On disk:
//! `home` is the directory, `opening` judges what stands in it, `index` is one index,
//! `rebuild` makes its successor. `rehearsal` tries other words than the editors know.

pub mod agenda;
mod blend;
mod collector;
mod columns;
mod completion;
mod correction;
mod cues;
pub mod document;
mod emergency;
mod engine;
mod error;
pub mod evaluation;
mod explanation;
mod feedback;
mod home;
mod index;
mod inner;
mod language;
mod matches;
mod moments;
mod opening;
mod postings;
mod projection;
mod query;
pub mod ranking;
mod reading;
mod rebuild;
mod rehearsal;
mod relating;
mod request;
mod schema;
mod searching;
mod sieve;
mod snapshot;
mod speller;
mod stored;
mod suggesting;
mod tally;
#[cfg(test)]
mod tests;
pub mod thesaurus;
mod topics;
mod trial;

pub use cues::{Meaning, PlaceName, When};
pub use document::{Card, Document, Moment};
pub use emergency::{AlarmChanges, built_in as built_in_alarms};
pub use engine::Engine;
pub use error::SearchError;
pub use explanation::Explanation;
pub use index::Change;
pub use language::{Analyzer, Lexicon};
pub use opening::Opening;
pub use ranking::Ranking;
pub use rebuild::Rebuild;
pub use rehearsal::Rehearsal;
pub use request::{
    AppliedCue, FacetCount, Facets, Filters, Hit, Order, SearchRequest, SearchResult,
};
pub use suggesting::Suggestion;
pub use thesaurus::{Direction, WordGroup};
pub use trial::Effect;
