//! The admin area: signing in and what guards it, and each of its page families.

mod accounts;
mod details;
mod entries;
mod forged;
mod many;
mod matrix;
mod photos;
mod planned;
mod preview;
mod records;
mod signing_in;
mod unchanged;
