//! What searches would find if editors knew other words.

use std::sync::Arc;

use super::cues::{Cues, PlaceName};
use super::engine::Engine;
use super::error::SearchError;
use super::inner::Taught;
use super::request::{SearchRequest, SearchResult};
use super::searching::Search;
use super::thesaurus::{Thesaurus, WordGroup};

/// An engine with other words than it was taught; the engine itself goes on as it was.
pub struct Rehearsal {
    engine: Engine,
    taught: Taught,
}

impl Engine {
    /// Tries other words than those of [`Engine::teach`].
    #[must_use]
    pub fn rehearse(&self, groups: &[WordGroup], places: &[PlaceName]) -> Rehearsal {
        let analyzer = &self.0.analyzer;
        Rehearsal {
            engine: self.clone(),
            taught: Taught {
                thesaurus: Thesaurus::new(groups, analyzer),
                cues: Cues::new(places, analyzer),
                alarm: Arc::clone(&self.0.taught.load().alarm),
            },
        }
    }
}

impl Rehearsal {
    /// Searches with the words that are tried.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResult, SearchError> {
        self.engine
            .look_with(&self.taught, |view| Search::new(view, request).run())
    }
}
