//! The kit of all doors. It knows no slice, no template and no Dutch text.
//!
//! - a handler answers `Result<_, Error>` and takes [`Segment`], [`Query`] and [`Form`] from what
//!   is asked;
//! - a form with a file is read by [`upload::Upload`], within bounds;
//! - [`PageCache::cached`] stands beside the route, with the page's [`Policy`];
//! - [`Door`] closes a door's router: faults dressed, panics caught, time and size limited, posts
//!   from other sites refused;
//! - [`House`] closes the whole: headers, request ids, figures, compression;
//! - [`serve()`] takes the connections; [`Database`] fails fast while `PostgreSQL` is away.

mod accept;
pub mod assets;
pub mod breaker;
pub mod cache;
pub mod client;
pub mod cookie;
pub mod door;
pub mod error;
pub mod form;
pub mod headers;
pub mod house;
mod malformed;
pub mod path;
mod patience;
pub mod query;
pub mod serve;
mod stored;
mod token;
pub mod upload;

pub use assets::Assets;
pub use breaker::Database;
pub use cache::{Generation, PageCache, Policy, STALE_MARKER};
pub use client::Client;
pub use cookie::HostCookie;
pub use door::{Asked, Door};
pub use error::{Error, Fault, FaultKind};
pub use form::Form;
pub use headers::OwnFrame;
pub use house::House;
pub use path::{Segment, Segments};
pub use query::Query;
pub use serve::{Limits, serve};

#[cfg(test)]
mod support;
