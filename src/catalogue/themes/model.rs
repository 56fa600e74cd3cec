use serde::{Deserialize, Serialize};

use crate::base::{Label, Slug, id::ThemeId};
use crate::text_enum;

text_enum! {
    /// The order of the kanteling: first what you can do yourself, last what must be applied for.
    Step {
        Own = "self", "Wat u zelf kunt doen";
        Network = "network", "Samen met mensen om u heen";
        Open = "open", "Hulp waar u zo terechtkunt";
        Access = "access", "Hulp die u eerst aanvraagt";
    }
}

/// A step as this municipality words it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StepLabel {
    pub step: Step,
    pub label: String,
    pub meaning: String,
    pub position: i16,
}

/// A group of people that an offer is meant for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Audience {
    pub slug: Slug,
    pub name: String,
    pub position: i32,
}

/// A theme as the tables and forms hold it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub slug: Slug,
    pub name: String,
    pub parent: Option<Slug>,
    pub summary: String,
    /// About violence or the like: its pages carry the quick-exit button.
    pub delicate: bool,
    pub position: i32,
}

/// A theme in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Card {
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub parent: Option<String>,
    pub delicate: bool,
}

/// A theme's page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    pub id: ThemeId,
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub parent: Option<Label>,
}

impl Card {
    #[must_use]
    pub fn is_top(&self) -> bool {
        self.parent.is_none()
    }
}
