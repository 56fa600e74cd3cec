use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::contact::{Email, Phone, WebAddress};
use crate::base::geo::GeoPoint;
use crate::base::postcode::Postcode;
use crate::base::{Label, Slug, id::PlaceId};
use crate::catalogue::Upkeep;
use crate::text_enum;

text_enum! {
    Kind {
        DistrictShop = "wijkwinkel", "wijkwinkel";
        ServicePoint = "servicepunt", "servicepunt";
        Library = "library", "bibliotheek";
        CommunityCentre = "community_centre", "buurthuis";
        Church = "church", "kerk of klooster";
        School = "school", "school";
        Sports = "sports", "sport";
        CareHome = "care_home", "woonzorgcentrum";
        HealthCentre = "health_centre", "gezondheidscentrum";
        Office = "office", "kantoor";
        Other = "other", "plek";
    }
}

text_enum! {
    /// Whether a wheelchair user gets in and about.
    Wheelchair {
        Yes = "yes", "Goed bereikbaar met een rolstoel";
        Limited = "limited", "Deels bereikbaar met een rolstoel";
        No = "no", "Niet bereikbaar met een rolstoel";
        Unknown = "unknown", "Niet bekend. Bel even van tevoren";
    }
}

/// Where a place is. Only the town is always known.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Address {
    pub street: String,
    pub house_number: String,
    pub postcode: Option<Postcode>,
    pub city: String,
    pub point: Option<GeoPoint>,
}

impl Address {
    /// "Schoolstraat 6a", or empty.
    #[must_use]
    pub fn street_line(&self) -> String {
        format!("{} {}", self.street, self.house_number)
            .trim()
            .to_owned()
    }

    /// "7437 AE Bathmen", or the town alone.
    #[must_use]
    pub fn town_line(&self) -> String {
        self.postcode
            .as_ref()
            .map_or_else(|| self.city.clone(), |p| format!("{p} {}", self.city))
    }

    /// On one line: "Schoolstraat 6a, 7437 AE Bathmen".
    #[must_use]
    pub fn line(&self) -> String {
        let street = self.street_line();
        if street.is_empty() {
            self.town_line()
        } else {
            format!("{street}, {}", self.town_line())
        }
    }
}

/// An address with the days on which it holds, both inclusive; open where `None`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DatedAddress {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub address: Address,
}

impl DatedAddress {
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A place as the tables and forms hold it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a building"
)]
pub struct Draft {
    pub slug: Slug,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    /// More about it, as [`crate::prose`] reads it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    pub zone: Option<Slug>,
    /// In order of date; periods do not overlap.
    pub addresses: Vec<DatedAddress>,
    pub meeting_place: bool,
    pub main_meeting_place: bool,
    pub staffed: Option<bool>,
    pub historic: bool,
    pub wheelchair: Wheelchair,
    pub accessibility: String,
    /// In the notation of OpenStreetMap; empty: not known.
    pub opening_hours: String,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    pub website: Option<WebAddress>,
    pub address_hidden: bool,
    pub upkeep: Upkeep,
}

/// A place in lists.
#[derive(Clone, PartialEq, Debug)]
pub struct Card {
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    pub zone: Option<Label>,
    pub address: Option<Address>,
    pub meeting_place: bool,
    pub main_meeting_place: bool,
    pub staffed: Option<bool>,
    pub historic: bool,
    pub wheelchair: Wheelchair,
    pub opening_hours: String,
    pub phone: Option<String>,
}

/// A place's page.
#[derive(Clone, PartialEq, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a building"
)]
pub struct Profile {
    pub id: PlaceId,
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    /// More about it, as [`crate::prose`] reads it; may be empty.
    pub detail: String,
    pub zone: Option<Label>,
    /// Empty when the address is not for everyone's eyes.
    pub addresses: Vec<DatedAddress>,
    pub meeting_place: bool,
    pub main_meeting_place: bool,
    pub staffed: Option<bool>,
    pub historic: bool,
    pub wheelchair: Wheelchair,
    pub accessibility: String,
    pub opening_hours: String,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    pub website: Option<WebAddress>,
    pub address_hidden: bool,
    pub upkeep: Upkeep,
}

impl Draft {
    /// Says that the address is hidden without saying what it is: the one that is known stays.
    #[must_use]
    pub fn keeps_hidden_address(&self) -> bool {
        self.address_hidden && self.addresses.is_empty()
    }
}

impl Card {
    /// What the place is to a resident, in a word or two.
    #[must_use]
    pub fn role(&self) -> &'static str {
        match (self.kind, self.staffed) {
            _ if self.historic => "bestaat niet meer",
            (Kind::ServicePoint, Some(true)) => "servicepunt met medewerker",
            (Kind::ServicePoint, Some(false)) => "servicepunt zonder medewerker",
            (Kind::ServicePoint | Kind::DistrictShop, _) => self.kind.dutch(),
            _ if self.main_meeting_place => "centrale ontmoetingsplek",
            _ if self.meeting_place => "ontmoetingsplek",
            _ => self.kind.dutch(),
        }
    }

    /// How likely who walks in finds the door and someone who helps: lower is likelier. A place
    /// whose street we do not know comes after all others.
    #[must_use]
    pub fn welcome_rank(&self) -> (bool, u8) {
        let kind = match self.kind {
            _ if self.main_meeting_place => 0,
            Kind::ServicePoint | Kind::DistrictShop => 1,
            Kind::CommunityCentre => 2,
            Kind::Library => 3,
            _ => 4,
        };
        let street = self
            .address
            .as_ref()
            .is_some_and(|address| !address.street.is_empty());
        (!street && !self.main_meeting_place, kind)
    }

    /// Somewhere to walk into: a meeting place, or a point where help is given.
    #[must_use]
    pub fn is_open_to_all(&self) -> bool {
        let desk = matches!(self.kind, Kind::ServicePoint | Kind::DistrictShop);
        !self.historic && (self.meeting_place || desk)
    }
}

impl Profile {
    /// The address that holds on a day.
    #[must_use]
    pub fn address(&self, day: NaiveDate) -> Option<&Address> {
        self.addresses
            .iter()
            .find(|dated| dated.holds_on(day))
            .map(|dated| &dated.address)
    }

    /// The move that is coming: the next address after a day and the day it starts to hold.
    #[must_use]
    pub fn next_address(&self, day: NaiveDate) -> Option<(NaiveDate, &Address)> {
        self.addresses
            .iter()
            .filter_map(|dated| dated.from.map(|from| (from, &dated.address)))
            .find(|(from, _)| *from > day)
    }

    /// Where the place was until it moved here, when that is less than a year ago.
    #[must_use]
    pub fn former_address(&self, day: NaiveDate) -> Option<(NaiveDate, &Address)> {
        self.addresses
            .iter()
            .filter_map(|dated| dated.until.map(|until| (until, &dated.address)))
            .rfind(|(until, _)| *until < day && (day - *until).num_days() < 365)
    }
}
