//! Organisations: who offers something, formal or informal, subsidised or not.

pub mod commands;
pub mod document;
pub mod model;
pub mod store;

pub use model::{Card, Draft, Kind, Law, Profile};
