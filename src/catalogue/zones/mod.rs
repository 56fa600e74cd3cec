//! Zones: the villages and neighbourhoods ("wijk of dorp") that everything is near to.
//! Managed records, never an enum: a municipality can split, rename and add them.

pub mod commands;
pub mod document;
pub mod model;
pub mod store;

pub use model::{Card, Draft, Kind, Profile};
