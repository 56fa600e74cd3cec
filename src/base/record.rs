use std::fmt;
use std::str::FromStr;

/// The kinds of record that residents search and open.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Debug,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RecordKind {
    Organisation,
    Activity,
    Place,
    Dossier,
    Faq,
    Theme,
    Zone,
}

/// The text names no kind of record.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("geen soort: gebruik organisation, activity, place, dossier, faq, theme of zone")]
pub struct UnknownKind;

impl RecordKind {
    pub const ALL: [Self; 7] = [
        Self::Organisation,
        Self::Activity,
        Self::Place,
        Self::Dossier,
        Self::Faq,
        Self::Theme,
        Self::Zone,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Activity => "activity",
            Self::Place => "place",
            Self::Dossier => "dossier",
            Self::Faq => "faq",
            Self::Theme => "theme",
            Self::Zone => "zone",
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RecordKind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownKind)
    }
}
