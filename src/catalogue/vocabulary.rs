use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::themes::{self, Audience, StepLabel};
use super::words::{self, HelpLine, Synonym, TextName, Trigger};
use super::{activities, zones};
use crate::access::Viewer;
use crate::base::geo::GeoPoint;

/// The names that every page needs: zones, themes, audiences, steps and help lines.
///
/// Kept in memory, and in a file, so that menus, filters and the map are there while
/// PostgreSQL is away, also right after a start.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct Vocabulary {
    pub zones: Vec<zones::Card>,
    /// Main themes first, in the editors' order.
    pub themes: Vec<themes::Card>,
    pub audiences: Vec<Audience>,
    pub steps: Vec<StepLabel>,
    /// The most urgent first.
    pub help_lines: Vec<HelpLine>,
    /// Search words of the editors.
    #[serde(default)]
    pub synonyms: Vec<Synonym>,
    /// What editors changed of the words that raise the alarm.
    #[serde(default)]
    pub alarms: Vec<Trigger>,
    /// Texts of the site that editors changed, by their name.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// Rows made up for the demonstration are public.
    pub holds_examples: bool,
}

impl Vocabulary {
    /// The names as they are now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(conn: &mut PgConnection, today: NaiveDate) -> Result<Self, sqlx::Error> {
        Ok(Self {
            zones: zones::store::cards(conn, Viewer::Public, today).await?,
            themes: themes::store::cards(conn).await?,
            audiences: themes::store::audiences(conn).await?,
            steps: themes::store::steps(conn).await?,
            help_lines: words::store::help_lines(conn).await?,
            synonyms: words::store::synonyms(conn).await?,
            alarms: words::alarms::changed(conn).await?,
            texts: {
                let changed = words::texts::changed(conn).await?.into_iter();
                changed
                    .map(|(name, text)| (name.as_str().to_owned(), text))
                    .collect()
            },
            holds_examples: activities::store::holds_examples(conn).await?,
        })
    }

    /// The names as a file kept them; `None` when there is no such file or it cannot be read.
    #[must_use]
    pub fn load(file: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(file).ok()?).ok()
    }

    /// Keeps the names in a file, whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, file: &Path) -> std::io::Result<()> {
        let beside = file.with_extension("new");
        std::fs::write(&beside, serde_json::to_vec(self)?)?;
        std::fs::rename(&beside, file)
    }

    #[must_use]
    pub fn top_themes(&self) -> Vec<&themes::Card> {
        self.themes.iter().filter(|theme| theme.is_top()).collect()
    }

    #[must_use]
    pub fn sub_themes(&self, of: &str) -> Vec<&themes::Card> {
        self.themes
            .iter()
            .filter(|theme| theme.parent.as_deref() == Some(of))
            .collect()
    }

    /// The shown name of a zone.
    #[must_use]
    pub fn zone(&self, slug: &str) -> Option<&zones::Card> {
        self.zones.iter().find(|zone| zone.slug == slug)
    }

    /// The point of a zone, by its slug, a name of it, or a postcode in it.
    #[must_use]
    pub fn point_of(&self, place: &str) -> Option<GeoPoint> {
        let place = place.trim().to_lowercase();
        let digits = place
            .get(..4)
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
        let named = |zone: &&zones::Card| {
            let mut names = zone.aliases.iter().chain([&zone.name, &zone.slug]);
            let mut postcodes = zone.postcodes.iter();
            names.any(|name| name.to_lowercase() == place)
                || digits.is_some_and(|digits| postcodes.any(|code| code.starts_with(digits)))
        };
        self.zones.iter().find(named)?.point
    }

    #[must_use]
    pub fn theme(&self, slug: &str) -> Option<&themes::Card> {
        self.themes.iter().find(|theme| theme.slug == slug)
    }

    /// The numbers that a text names, in its order; on a delicate page those that stand on all
    /// such pages after them.
    #[must_use]
    pub fn help_lines_for(&self, text: &str, delicate: bool) -> Vec<HelpLine> {
        let mut chosen: Vec<(usize, &HelpLine)> = self
            .help_lines
            .iter()
            .filter_map(|line| {
                let at = text.find(line.phone.as_str());
                let shown = at.or_else(|| (delicate && line.delicate).then_some(usize::MAX))?;
                Some((shown, line))
            })
            .collect();
        chosen.sort_by_key(|(at, _)| *at);
        chosen.into_iter().map(|(_, line)| line.clone()).collect()
    }

    /// The numbers for someone in need: the first of all, those that name what it is about, and
    /// the others. Who only cries "help" may mean any of them.
    #[must_use]
    pub fn help_lines_in_need(&self, about: &str) -> Vec<HelpLine> {
        let names = |line: &HelpLine| {
            let text = format!("{} {}", line.name, line.summary).to_lowercase();
            about.split(' ').any(|word| text.contains(word))
        };
        let mut lines = self.help_lines.clone();
        if let Some(others) = lines.get_mut(1..) {
            others.sort_by_key(|line| !names(line));
        }
        lines
    }

    /// A text of the site that editors changed.
    #[must_use]
    pub fn changed_text(&self, name: TextName) -> Option<&str> {
        self.texts.get(name.as_str()).map(String::as_str)
    }

    /// Whether a theme, or the main theme above it, is delicate.
    #[must_use]
    pub fn is_delicate(&self, slug: &str) -> bool {
        self.theme(slug).is_some_and(|theme| {
            theme.delicate
                || theme
                    .parent
                    .as_deref()
                    .is_some_and(|main| self.is_delicate(main))
        })
    }

    #[must_use]
    pub fn audience(&self, slug: &str) -> Option<&Audience> {
        self.audiences
            .iter()
            .find(|audience| audience.slug.as_str() == slug)
    }
}
