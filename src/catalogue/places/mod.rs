//! Places: buildings and rooms where people meet and find help, with addresses that have dates.

pub mod commands;
pub mod document;
pub mod model;
pub mod store;

pub use model::{Address, Card, DatedAddress, Draft, Kind, Profile, Wheelchair};
