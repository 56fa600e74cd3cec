//! Who looks, who acts, and what they may. Reads take a [`Viewer`], writes an [`Actor`]:
//! permission is an argument that must be held, not a check that can be forgotten.

mod person;
mod role;

use std::fmt;

use crate::base::id::AccountId;

pub use person::{Person, Reach, Say};
pub use role::{Right, Role};

/// Who looks at records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Viewer {
    /// Anyone: sees what is published, and no hidden address.
    Public,
    /// The program itself (export, checks): sees every record in every state.
    System,
}

impl Viewer {
    #[must_use]
    pub fn sees_unpublished(self) -> bool {
        self == Self::System
    }
}

/// Who changes records, as the audit log names them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// A run of `wijzer import`.
    Import,
    /// The first start on an empty database, loading the demonstration set.
    Demonstration,
    /// Who gives commands on the machine of the portal.
    Operator,
    /// The calendar of an organisation, by the slug of its source.
    Calendar(String),
    /// Who is signed in. By id: the log is never changed, and a name can be.
    Account(AccountId),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Import => f.write_str("import"),
            Self::Demonstration => f.write_str("demonstration"),
            Self::Operator => f.write_str("operator"),
            Self::Calendar(source) => write!(f, "calendar {source}"),
            Self::Account(id) => write!(f, "account {}", id.0),
        }
    }
}
