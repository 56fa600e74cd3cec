//! What records are about and for whom: themes in two levels, audiences, and the four steps.

pub mod commands;
pub mod document;
pub mod model;
pub mod store;

pub use model::{Audience, Card, Draft, Profile, Step, StepLabel};
