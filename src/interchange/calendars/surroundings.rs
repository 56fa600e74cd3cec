//! What an item becomes among our records.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

use super::{Item, Places};
use crate::base::Slug;
use crate::base::contact::WebAddress;
use crate::catalogue::activities::{Draft, Kind, Provenance, Signup, Status};
use crate::catalogue::calendar_sources as sources;
use crate::catalogue::{State, Upkeep, places, themes};

/// Names by which items refer to our records.
pub struct Surroundings {
    pub places: Places,
    /// By name, in lower case.
    themes: HashMap<String, Slug>,
}

impl Surroundings {
    pub async fn read(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let places = places::store::drafts(conn).await?;
        let public = places
            .into_iter()
            .filter(|p| p.upkeep.state == State::Published);
        let themes = themes::store::drafts(conn).await?;
        Ok(Self {
            places: Places::new(public.map(|place| (place.name, place.slug))),
            themes: themes
                .into_iter()
                .map(|t| (t.name.to_lowercase(), t.slug))
                .collect(),
        })
    }

    /// The activity that an item tells of; what it does not say is as the source has it.
    pub fn draft(&self, source: &sources::Draft, item: &Item, slug: Slug) -> Draft {
        let place = self.places.find(&item.location);
        let unknown = place.is_none() && !item.location.is_empty();
        let told = item
            .text
            .to_lowercase()
            .contains(&item.location.to_lowercase());
        let mut summary = item.text.clone();
        if unknown && !told {
            if !summary.is_empty() {
                summary.push(' ');
            }
            summary.push_str("Waar: ");
            summary.push_str(item.location.trim_end_matches('.'));
            summary.push('.');
        }
        let themes = item
            .categories
            .iter()
            .filter_map(|name| self.themes.get(&name.to_lowercase()));
        let themes: Vec<Slug> = themes.cloned().collect();
        let kind = |name: &String| {
            let name = name.to_lowercase();
            Kind::ALL.iter().copied().find(|kind| kind.dutch() == name)
        };
        Draft {
            slug,
            title: item.title.clone(),
            organisation: source.organisation.clone(),
            place: if unknown {
                None
            } else {
                place.or(source.place.as_ref()).cloned()
            },
            kind: item.categories.iter().find_map(kind).unwrap_or(source.kind),
            summary,
            // A calendar tells no more than fits a summary.
            detail: String::new(),
            themes: if themes.is_empty() {
                source.themes.clone()
            } else {
                themes
            },
            audiences: source.audiences.clone(),
            step: source.step,
            cost_cents: None,
            cost_text: String::new(),
            signup: Signup::None,
            signup_text: String::new(),
            languages: Vec::new(),
            schedules: item.schedules.clone(),
            status: if item.cancelled {
                Status::Cancelled
            } else {
                Status::Confirmed
            },
            status_note: if item.tentative {
                "Onder voorbehoud".to_owned()
            } else {
                String::new()
            },
            provenance: Provenance::Source,
            picture: None,
            upkeep: Upkeep::new(
                source.new_state,
                // The address of the calendar itself may hold a key of its owner.
                WebAddress::parse(&item.link).map_or_else(|_| String::new(), String::from),
                None,
                None,
            ),
        }
    }
}

/// A slug of a title that no activity has or had.
#[must_use]
pub(super) fn free_slug(title: &str, taken: &HashSet<Slug>) -> Option<Slug> {
    let plain = Slug::of_title(title).map_or_else(|| "activiteit".to_owned(), String::from);
    let numbered = (2..).map(|number: u32| format!("{plain}-{number}"));
    let mut all = std::iter::once(plain.clone()).chain(numbered);
    all.find_map(|text| Slug::parse(&text).ok().filter(|slug| !taken.contains(slug)))
}
