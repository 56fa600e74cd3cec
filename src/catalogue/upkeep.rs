use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// Where a record stands on its way to the public.
    State {
        Draft = "draft", "concept";
        InReview = "in_review", "ter controle";
        Published = "published", "openbaar";
        Withdrawn = "withdrawn", "ingetrokken";
    }
}

/// Where a record's content came from, when it was last checked, and whether it is public.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Upkeep {
    pub state: State,
    /// A web address or the title of a document.
    pub source_url: String,
    pub source_year: Option<i16>,
    /// The day on which an editor last found the record right.
    pub checked_at: Option<NaiveDate>,
}

impl Upkeep {
    /// From the columns that every table of records has.
    #[must_use]
    pub fn new(
        state: State,
        source_url: String,
        source_year: Option<i16>,
        checked_at: Option<NaiveDate>,
    ) -> Self {
        Self {
            state,
            source_url,
            source_year,
            checked_at,
        }
    }

    /// The source as a link, when it is one.
    #[must_use]
    pub fn source_link(&self) -> Option<&str> {
        self.source_url
            .starts_with("http")
            .then_some(self.source_url.as_str())
    }
}
