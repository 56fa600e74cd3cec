use serde::{Deserialize, Serialize};

use crate::base::{Label, Slug, id::DossierId, id::FaqId};
use crate::catalogue::{State, organisations};
use chrono::NaiveDate;

/// A dossier as the tables and forms hold it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub slug: Slug,
    pub title: String,
    pub theme: Slug,
    pub audiences: Vec<Slug>,
    pub intro: String,
    #[serde(rename = "self")]
    pub own: String,
    pub network: String,
    pub open: String,
    pub access: String,
    /// What to do when it cannot wait; shown above all else.
    pub urgent: String,
    pub organisations: Vec<Slug>,
    pub keywords: Vec<String>,
    pub position: i32,
    pub state: State,
    pub checked_at: Option<NaiveDate>,
}

/// A dossier in lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    pub slug: String,
    pub title: String,
    pub intro: String,
    pub theme: Label,
}

/// A dossier's page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    pub id: DossierId,
    pub slug: String,
    pub title: String,
    pub theme: Label,
    /// The main theme above `theme`, or `theme` itself when that is one.
    pub main_theme: Label,
    pub audiences: Vec<Label>,
    pub intro: String,
    pub own: String,
    pub network: String,
    pub open: String,
    pub access: String,
    pub urgent: String,
    pub organisations: Vec<organisations::Card>,
    pub keywords: Vec<String>,
    pub checked_at: Option<NaiveDate>,
}

/// A question as the tables and forms hold it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FaqDraft {
    pub slug: Slug,
    pub question: String,
    pub answer: String,
    pub theme: Slug,
    pub dossier: Option<Slug>,
    pub audiences: Vec<Slug>,
    pub keywords: Vec<String>,
    /// Most asked first.
    pub position: i32,
    pub state: State,
    pub checked_at: Option<NaiveDate>,
}

/// A question in lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FaqCard {
    pub slug: String,
    pub question: String,
    pub theme: Label,
}

/// A question's page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Faq {
    pub id: FaqId,
    pub slug: String,
    pub question: String,
    pub answer: String,
    pub theme: Label,
    pub main_theme: Label,
    pub dossier: Option<Label>,
    pub audiences: Vec<Label>,
    pub keywords: Vec<String>,
    pub checked_at: Option<NaiveDate>,
}
