//! Accounts of who works in the admin area: passwords, second factors, sessions, invitations.
//!
//! - `model`: what an account is; `store`: its SQL; `commands`: the named acts
//! - `identities`: who signs in elsewhere; who left to do so
//! - `password`: what is accepted, and hashing within bounds
//! - `second_factor`: codes of an app (RFC 6238) and recovery codes
//! - `sessions`: who is signed in, by a cookie
//! - `throttle`: how often one may try
//! - `secret`: chance

pub mod commands;
pub mod identities;
pub mod model;
pub mod password;
pub mod second_factor;
mod secret;
pub mod sessions;
pub mod store;
pub mod throttle;

pub use commands::AccountError;
pub use model::{Account, Credentials, Draft};
pub use password::{NewPassword, Passwords, Weakness};
pub use secret::Secret;
pub use sessions::{Session, Stage};
pub use throttle::Throttle;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Removes links, attempts and sessions whose time is over.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    store::sweep(conn, now).await?;
    identities::sweep(conn, now).await?;
    sessions::sweep(conn, now).await
}
