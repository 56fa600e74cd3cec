//! Context for subjects that exist nowhere else: short dossiers along the four steps, and the
//! most asked questions with their answer.

pub mod commands;
pub mod document;
pub mod faq_commands;
pub mod faq_store;
pub mod model;
pub mod store;

pub use model::{Card, Draft, Faq, FaqCard, FaqDraft, Profile};
