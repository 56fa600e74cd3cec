//! What a form knows beside what is filled in, read from the database.

use std::sync::Arc;

use sqlx::PgConnection;

use super::{Fields, Input, Section, Surroundings, address_in};
use crate::admin::office::Office;
use crate::admin::page::House;
use crate::base::boundary::Boundary;
use crate::base::{RecordKind, Slug};
use crate::catalogue::agenda::{Closure, closures};
use crate::catalogue::editing::Refusal;
use crate::catalogue::editing::lists::{self, Title};
use crate::catalogue::{Vocabulary, zones};
use crate::web::Error;

/// What a form knows, read from the database.
pub struct Ground {
    titles: Vec<Title>,
    closures: Vec<Closure>,
    names: Arc<Vocabulary>,
    house: Arc<House>,
    boundaries: Vec<(Slug, Boundary)>,
    today: chrono::NaiveDate,
}

impl Ground {
    pub async fn read(
        office: &Office,
        conn: &mut PgConnection,
        slugs: &[(RecordKind, Slug)],
        titles: &[(RecordKind, String)],
        with_times: bool,
    ) -> Result<Self, Error> {
        let titles = if slugs.is_empty() && titles.is_empty() {
            Vec::new()
        } else {
            lists::titles(conn, slugs, titles).await?
        };
        let closures = if with_times {
            closures::all(conn).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            titles,
            closures,
            names: office.names(),
            house: Arc::clone(&office.house),
            boundaries: Vec::new(),
            today: office.clock.today(),
        })
    }

    /// With the outlines of zones, when an address is to be placed in one.
    pub async fn placing(
        mut self,
        conn: &mut PgConnection,
        sections: &[Section],
    ) -> Result<Self, Error> {
        let mut fields = sections.iter().flat_map(|section| &section.fields);
        if fields.any(|field| field.input == Input::Addresses) {
            self.boundaries = zones::store::boundaries(conn, self.today).await?;
        }
        Ok(self)
    }

    pub fn around(&self) -> Surroundings<'_> {
        Surroundings {
            names: &self.names,
            titles: &self.titles,
            closures: &self.closures,
            house: &self.house,
            boundaries: &self.boundaries,
            today: self.today,
        }
    }
}

/// A record by its kind and what it is called.
type Called = (RecordKind, String);

/// The names of other records in a filled-in form, and the addresses behind them.
pub fn mentioned(sections: &[Section], fields: &Fields) -> (Vec<(RecordKind, Slug)>, Vec<Called>) {
    let (mut slugs, mut titles) = (Vec::new(), Vec::new());
    for field in sections.iter().flat_map(|section| &section.fields) {
        let (kind, texts) = match field.input {
            Input::Record(kind) => (kind, vec![fields.trimmed(field.name)]),
            Input::Records(kind) => (kind, fields.lines(field.name)),
            _ => continue,
        };
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            match address_in(&text) {
                Some(slug) => slugs.push((kind, slug)),
                None => titles.push((kind, text)),
            }
        }
    }
    (slugs, titles)
}

/// A refusal as an answer, where it is none of the form's.
pub fn refusal(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unknown => Error::NotFound,
        Refusal::NotYours => Error::Forbidden,
        Refusal::Database(error) => error.into(),
        other => Error::Internal(other.into()),
    }
}
