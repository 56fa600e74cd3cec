//! The tests of the whole house: real PostgreSQL, requests through the real router, HTML read by
//! selector. One binary, so that all share one database server (see `support::server`).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail, and say where"
)]

mod support;

mod admin;
mod agenda_dates;
mod agenda_rules;
mod away;
mod calendar_sources;
mod calendars;
mod crawl;
mod findability;
mod finding;
mod import;
mod in_step;
mod mail;
mod pages;
mod private_server;
mod program;
mod redirects;
mod search;
