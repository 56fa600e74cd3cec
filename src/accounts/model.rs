use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::access::Role;
use crate::base::contact::Email;
use crate::base::id::AccountId;
use crate::base::{Label, Slug};

/// An account as who manages accounts fills it in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Draft {
    /// Kept out of the log of acts, which is never changed.
    #[serde(skip)]
    pub email: Email,
    #[serde(skip)]
    pub name: String,
    pub role: Option<Role>,
    pub zones: Vec<Slug>,
    pub themes: Vec<Slug>,
    pub organisations: Vec<Slug>,
}

/// An account as who manages accounts sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub role: Option<Role>,
    pub enabled: bool,
    pub has_password: bool,
    pub has_second_factor: bool,
    pub zones: Vec<Label>,
    pub themes: Vec<Label>,
    pub organisations: Vec<Label>,
    pub signed_in_at: Option<DateTime<Utc>>,
    /// Counts the changes: who saves names the one that they saw.
    pub version: i32,
}

/// What is held against a password that is tried.
#[derive(Clone)]
pub struct Credentials {
    pub id: AccountId,
    pub name: String,
    pub role: Option<Role>,
    /// argon2id as a PHC string.
    pub password_hash: Option<String>,
    pub has_second_factor: bool,
}
