use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::boundary::Boundary;
use crate::base::geo::GeoPoint;
use crate::base::postcode::Postcode;
use crate::base::{Label, Slug, id::ZoneId};
use crate::catalogue::Upkeep;
use crate::text_enum;

text_enum! {
    Kind {
        Neighbourhood = "wijk", "wijk";
        Village = "dorp", "dorp";
    }
}

/// A zone as the tables and forms hold it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub slug: Slug,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    pub point: Option<GeoPoint>,
    /// Only forms hold it; a table leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Boundary>,
    /// Names that people use, for search; sorted.
    pub aliases: Vec<String>,
    pub postcodes: Vec<Postcode>,
    pub neighbours: Vec<Slug>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub successor: Option<Slug>,
    pub upkeep: Upkeep,
}

/// A zone in lists, menus and on the map.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Card {
    pub id: ZoneId,
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    pub point: Option<GeoPoint>,
    /// Other names by which people call it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Four digits, or whole.
    #[serde(default)]
    pub postcodes: Vec<String>,
    /// Slugs of the zones around it.
    #[serde(default)]
    pub neighbours: Vec<String>,
}

/// A zone's page.
#[derive(Clone, PartialEq, Debug)]
pub struct Profile {
    pub id: ZoneId,
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    pub point: Option<GeoPoint>,
    pub aliases: Vec<String>,
    pub postcodes: Vec<Postcode>,
    pub neighbours: Vec<Label>,
    pub upkeep: Upkeep,
}
