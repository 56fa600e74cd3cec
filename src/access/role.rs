use crate::text_enum;

text_enum! {
    /// What someone is in the admin area.
    Role {
        Administrator = "administrator", "beheerder";
        Editor = "editor", "redacteur";
        /// Limited to zones.
        AgendaEditor = "agenda_editor", "agendabeheerder";
        /// Limited to themes.
        Reviewer = "reviewer", "beoordelaar";
        /// Limited to organisations.
        Provider = "provider", "aanbieder";
        Reader = "reader", "meelezer";
    }
}

/// What one may do apart from any single record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// Look around in the lists of all records.
    Browse,
    /// Invite people, give them rights and take these away.
    ManageAccounts,
    /// Read the whole log of what was done.
    ReadLog,
    /// Take it along as a file.
    ExportLog,
    /// See how the search index stands, and have it built anew.
    KeepIndex,
    /// See which mail waits and why.
    SeeMail,
    /// Words, themes, closures and other lists that all records share.
    EditVocabulary,
    /// Read and write whole tables of records.
    ExchangeTables,
    /// Remove a record for good.
    Delete,
}

impl Role {
    #[must_use]
    pub fn holds(self, right: Right) -> bool {
        match self {
            Self::Administrator => true,
            Self::Editor => matches!(
                right,
                Right::Browse | Right::EditVocabulary | Right::ReadLog | Right::ExchangeTables
            ),
            Self::AgendaEditor | Self::Reviewer | Self::Reader => right == Right::Browse,
            Self::Provider => false,
        }
    }

    /// Must have a second factor before anything else.
    #[must_use]
    pub fn needs_second_factor(self) -> bool {
        self == Self::Administrator
    }

    /// What it is for, for who gives it.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Administrator => {
                "Doet alles wat een redacteur doet, en regelt wie er mag inloggen."
            }
            Self::Editor => "Past alles op de sociale kaart aan en zet het online.",
            Self::AgendaEditor => "Past activiteiten aan in de gekozen wijken en zet ze online.",
            Self::Reviewer => "Leest mee en keurt voorstellen goed binnen de gekozen thema’s.",
            Self::Provider => {
                "Stelt wijzigingen voor van de eigen organisatie. Een redacteur keurt ze goed."
            }
            Self::Reader => "Kijkt mee en verandert niets.",
        }
    }
}
