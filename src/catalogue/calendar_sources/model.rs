use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::base::contact::WebAddress;
use crate::base::{Slug, id::CalendarSourceId};
use crate::catalogue::themes::Step;
use crate::catalogue::{State, activities};
use crate::text_enum;

/// A source as its manager gives it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub slug: Slug,
    pub name: String,
    /// Whose calendar it is.
    pub organisation: Slug,
    /// `None`: files are handed in.
    pub url: Option<WebAddress>,
    /// What an item does not say of itself.
    pub kind: activities::Kind,
    pub step: Step,
    pub place: Option<Slug>,
    pub themes: Vec<Slug>,
    pub audiences: Vec<Slug>,
    /// In which state new items are registered.
    pub new_state: State,
    pub every_minutes: i32,
    pub enabled: bool,
}

impl Draft {
    /// Six hours: what calendar programs themselves keep to.
    pub const EVERY_MINUTES: i32 = 360;

    /// As the log keeps it, for ever: without its address, which may hold a key of the owner.
    #[must_use]
    pub fn noted(&self) -> Self {
        Self {
            url: None,
            ..self.clone()
        }
    }
}

/// What tells one state of a calendar on the web from another (RFC 9110, 8.8); empty: not known.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Validators {
    pub etag: String,
    pub last_modified: String,
}

/// A source that is managed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    pub id: CalendarSourceId,
    pub draft: Draft,
    pub validators: Validators,
    pub next_run_at: DateTime<Utc>,
}

/// An item of a source and the activity that it became.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    pub uid: String,
    /// The present slug of the activity.
    pub slug: Slug,
    /// How often the activity was changed.
    pub version: i32,
    /// The activity as the source last gave it; `None`: written by a version of this program whose
    /// records were others.
    pub given: Option<activities::Draft>,
    pub gone: Option<Gone>,
}

/// An item that is gone from its source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gone {
    /// Of the activity, right after it was withdrawn.
    pub version: i32,
    /// Of the activity, before it was withdrawn.
    pub state: State,
}

text_enum! {
    /// How a run ended.
    Outcome {
        Done = "done", "gevolgd";
        Unchanged = "unchanged", "ongewijzigd";
        /// Nothing was changed; the remarks say why.
        Refused = "refused", "geweigerd";
    }
}

text_enum! {
    RemarkKind {
        /// The item, or the whole calendar, could not be followed.
        Refused = "refused", "geweigerd";
        /// Something stays as it was edited here.
        Kept = "kept", "hier aangepast";
        Note = "note", "opmerking";
    }
}

/// What a run has to say of an item, or of the calendar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Remark {
    pub kind: RemarkKind,
    /// Empty: of the calendar as a whole, or of an item without one.
    pub uid: String,
    /// In the file, from 1.
    pub line: Option<usize>,
    pub text: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.uid.is_empty() {
            // A UID is of others: what steers a terminal is shown as it is written.
            write!(f, ", {}", self.uid.escape_debug())?;
        }
        write!(f, ": {}", self.text)
    }
}

/// One run of a source: how many activities it registered, and so on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    pub at: DateTime<Utc>,
    pub outcome: Outcome,
    pub registered: i32,
    pub revised: i32,
    pub unchanged: i32,
    pub withdrawn: i32,
    /// Items of which something stays as it was edited here.
    pub kept: i32,
    pub refused: i32,
    pub remarks: Vec<Remark>,
}

impl Run {
    #[must_use]
    pub fn new(at: DateTime<Utc>, outcome: Outcome) -> Self {
        Self {
            at,
            outcome,
            registered: 0,
            revised: 0,
            unchanged: 0,
            withdrawn: 0,
            kept: 0,
            refused: 0,
            remarks: Vec::new(),
        }
    }

    /// A run that changed nothing, and why.
    #[must_use]
    pub fn refused(at: DateTime<Utc>, why: String) -> Self {
        Self {
            remarks: vec![Remark {
                kind: RemarkKind::Refused,
                uid: String::new(),
                line: None,
                text: why,
            }],
            ..Self::new(at, Outcome::Refused)
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::Unchanged => f.write_str("unchanged since the last run"),
            Outcome::Refused => f.write_str("refused, nothing was changed"),
            Outcome::Done => write!(
                f,
                "{} registered, {} revised, {} unchanged, {} withdrawn, {} kept as edited here, {} refused",
                self.registered,
                self.revised,
                self.unchanged,
                self.withdrawn,
                self.kept,
                self.refused
            ),
        }
    }
}
