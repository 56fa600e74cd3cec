//! The admin area: signing in and what guards it, and each of its page families.

mod accounts;
mod forged;
mod signing_in;
