//! Activities: the ongoing or repeating offer of organisations, with its schedules.

pub mod commands;
pub mod document;
pub mod model;
pub mod store;

pub use model::{
    Card, Draft, Kind, LANGUAGES, Profile, Provenance, Signup, Status, Venue, language,
};
