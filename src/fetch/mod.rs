//! What the program fetches from elsewhere. An editor may write any address, so each is guarded:
//! nothing in a private network is asked, whatever a name or a redirect points to.
//!
//! - `guard`: which addresses may be contacted
//! - `address`: which links may be followed
//! - `client`: one request at a time, within limits

pub mod address;
pub mod client;
pub mod guard;

pub use address::Link;
pub use client::{Answer, FetchError, Fetcher, Limits, Names, Validators};
pub use guard::Guard;
