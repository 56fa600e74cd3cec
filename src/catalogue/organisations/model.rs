use serde::{Deserialize, Serialize};

use crate::base::contact::{Email, Phone, WebAddress};
use crate::base::{Label, Slug, id::OrganisationId};
use crate::catalogue::Upkeep;
use crate::catalogue::pictures::{Picture, Shown};
use crate::catalogue::themes::Step;
use crate::text_enum;

text_enum! {
    Kind {
        Professional = "professional", "beroepsorganisatie";
        National = "national", "landelijke organisatie";
        Voluntary = "voluntary", "vrijwilligersorganisatie";
        Residents = "residents", "bewonersgroep";
        Faith = "faith", "kerk of geloofsgroep";
        Municipal = "municipal", "gemeente";
    }
}

text_enum! {
    /// The law under which the municipality has a contract with the organisation.
    Law {
        Wmo = "wmo", "Wmo";
        Youth = "jeugd", "Jeugdwet";
    }
}

/// An organisation as the tables and forms hold it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub slug: Slug,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    /// More about it, as [`crate::prose`] reads it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    pub website: Option<WebAddress>,
    /// In the notation of OpenStreetMap; empty: not known.
    pub opening_hours: String,
    pub place: Option<Slug>,
    /// `None`: the whole municipality.
    pub zones: Option<Vec<Slug>>,
    pub themes: Vec<Slug>,
    pub audiences: Vec<Slug>,
    pub step: Step,
    pub contracted: Vec<Law>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    pub upkeep: Upkeep,
}

/// An organisation in lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    pub phone: Option<String>,
    pub step: Step,
    pub serves_all_zones: bool,
    pub zones: Vec<Label>,
    pub opening_hours: String,
    /// Whose closures it keeps.
    pub place: Option<String>,
}

/// An organisation's page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    pub id: OrganisationId,
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub summary: String,
    /// More about it, as [`crate::prose`] reads it; may be empty.
    pub detail: String,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    pub website: Option<WebAddress>,
    pub opening_hours: String,
    pub place: Option<Slug>,
    pub serves_all_zones: bool,
    pub zones: Vec<Label>,
    pub themes: Vec<Label>,
    pub audiences: Vec<Label>,
    pub step: Step,
    pub contracted: Vec<Law>,
    pub picture: Option<Shown>,
    pub upkeep: Upkeep,
}
