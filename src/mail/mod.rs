//! Mail that goes out: a queue in the database, written in the transaction of the act that asks
//! for it, and a carrier that empties it through SMTP. A letter is sent at least once; what fails
//! waits and is tried again, and who manages the portal sees why.

mod carrier;
mod queue;

use crate::base::contact::Email;

pub use carrier::Carrier;
pub use queue::{Queued, latest, put, waiting};

/// One letter to one person, in plain text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    pub to: Email,
    /// One line.
    pub subject: String,
    pub text: String,
}
