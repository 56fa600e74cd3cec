//! The admin area: signing in and what guards it, and each of its page families.

mod accounts;
mod entries;
mod forged;
mod hints;
mod index;
mod log;
mod matrix;
mod records;
mod signing_in;
mod unchanged;
