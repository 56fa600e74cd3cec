//! The search engine: one tantivy index per program, on disk, disposable.
//!
//! The database holds the truth; this can always be built anew. It knows no slice and no page:
//! slices hand in a [`Document`], pages a [`SearchRequest`]. A search reads one immutable
//! `snapshot` and never waits for a writer.
//!
//! From text to hits (`searching`): `words` and `analysis` make terms, `query` plans,
//! `thesaurus` knows other words for them,
//! `collector` ranks, filters (`sieve`) and counts (`tally`) in one pass over `columns`, and
//! `stored` shows. From record to index: `projection`, by the fields of `schema`. On disk:
//! `home` is the directory, `opening` judges what stands in it, `index` is one index,
//! `rebuild` makes its successor.

mod analysis;
mod collector;
mod columns;
mod completion;
mod correction;
pub mod document;
mod emergency;
mod engine;
mod error;
pub mod evaluation;
mod home;
mod index;
mod opening;
mod projection;
mod query;
mod rebuild;
mod request;
mod schema;
mod searching;
mod sieve;
mod snapshot;
mod speller;
mod stored;
mod tally;
#[cfg(test)]
mod tests;
pub mod thesaurus;
mod words;

pub use document::{Card, Document};
pub use engine::Engine;
pub use error::SearchError;
pub use index::Change;
pub use opening::Opening;
pub use rebuild::Rebuild;
pub use request::{FacetCount, Facets, Filters, Hit, SearchRequest, SearchResult};
pub use thesaurus::{Direction, WordGroup};
