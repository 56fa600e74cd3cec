//! The admin area: signing in and what guards it, and each of its page families.

mod accounts;
mod calendars;
mod dates;
mod details;
mod entries;
mod forged;
mod hints;
mod index;
mod lists;
mod log;
mod many;
mod matrix;
mod oidc;
mod photos;
mod places;
mod planned;
mod preview;
mod records;
mod signing_in;
mod tables;
mod unchanged;
