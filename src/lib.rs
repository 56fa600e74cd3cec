//! Wijzer: the social map of a municipality.
//!
//! Slices below, doors above; imports run strictly down:
//!
//! ```text
//! main > app > site (the door for residents) > web (the kit of all doors)
//!               site > catalogue (the records, one slice a subject)
//!        app > indexing (keeps search in step) > catalogue, search
//!        app > interchange (CSV tables in and out, calendars in) > catalogue
//!        app > fetch (from elsewhere on the web, guarded)
//!                    catalogue > audit, access, search::document > database > base
//! ```
//!
//! - `base`: values that everything speaks in; no input or output
//! - `database`: connections, migrations, the outbox, the private PostgreSQL server
//! - `access`, `audit`: who looks and acts; the log of what was done
//! - `prose`: texts of editors, as HTML and as plain text
//! - `search`: the engine on tantivy; knows no slice
//! - `darkroom`: pictures from outside, made anew within bounds
//! - `catalogue`: words, themes, zones, places, agenda, pictures, organisations, activities,
//!   dossiers, calendar sources
//! - `indexing`: from records to index, following the outbox
//! - `interchange`: CSV tables of the whole map; calendars of organisations
//! - `fetch`: asks for pages elsewhere, never within a private network
//! - `openid`: signing in with a provider elsewhere; knows no account
//! - `config`, `telemetry`: settings; logs and figures
//! - `wording`: whether a Dutch text is easy to read; knows no record
//! - `web`: cache, headers, errors, assets, the accept loop; knows no slice and no text
//! - `site`: the public pages
//! - `app`: puts the house together; the commands of the program

pub mod access;
pub mod accounts;
pub mod admin;
pub mod app;
pub mod audit;
pub mod base;
pub mod catalogue;
pub mod config;
pub mod darkroom;
pub mod database;
pub mod fetch;
pub mod indexing;
pub mod interchange;
pub mod mail;
pub mod openid;
pub mod prose;
pub mod search;
pub mod site;
pub mod telemetry;
pub mod web;
pub mod wording;
