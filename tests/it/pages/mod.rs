//! What stands on each page.

mod activity;
mod agenda;
mod dossier;
mod every_page;
mod home;
mod longer_texts;
mod machines;
mod organisation;
mod place;
mod secrets;
mod theme;
mod zone;
