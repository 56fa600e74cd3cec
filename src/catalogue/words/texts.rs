//! Texts of the site that a library changes without a release. Which there are stands here, with
//! what each says as long as nobody changed it.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::access::Actor;
use crate::catalogue::acts::{self, Act, CommandError};
use crate::catalogue::editing::entries::Listed;
use crate::text_enum;

text_enum! {
    /// A text of the site, and where it stands.
    TextName {
        HomeTitle = "home_title", "Voorpagina: grote kop";
        HomeNotice = "home_notice", "Voorpagina: mededeling";
        HomeThemes = "home_themes", "Voorpagina: kop boven de thema’s";
        HomeZones = "home_zones", "Voorpagina: kop boven de kaart";
        HomeZonesText = "home_zones_text", "Voorpagina: tekst boven de kaart";
        HomeAgenda = "home_agenda", "Voorpagina: kop boven de agenda";
        HomeAgendaEmpty = "home_agenda_empty", "Voorpagina: als er vandaag en morgen niets is";
        HomeQuestions = "home_questions", "Voorpagina: kop boven de vragen";
        AgendaEmpty = "agenda_empty", "Agenda: kop als er niets is gevonden";
        HelpShort = "help_short", "Hulp nodig? Onder aan elke pagina";
        HelpLead = "help_lead", "Hulp nodig? Eerste zin van de pagina";
        HelpUrgent = "help_urgent", "Hulp nodig? Boven de nummers bij nood";
        ContactName = "contact_name", "Contact: wie krijgt een beller aan de lijn?";
        ContactPhone = "contact_phone", "Contact: telefoonnummer";
        ContactEmail = "contact_email", "Contact: e-mailadres";
        ContactAddress = "contact_address", "Contact: waar kan iemand binnenlopen?";
        Footer = "footer", "Onder aan elke pagina: wat deze site is";
        AboutLead = "about_lead", "Over deze site: eerste zin";
        AboutWho = "about_who", "Over deze site: voor wie";
        AboutContent = "about_content", "Over deze site: wat erop staat";
        AboutNot = "about_not", "Over deze site: wat er niet op staat";
        AboutPaying = "about_paying", "Over deze site: kan een organisatie betalen";
        AboutMore = "about_more", "Over deze site: wie maakt deze site";
    }
}

impl TextName {
    /// What stands there as long as nobody changed it. `{gemeente}` and `{naam}` stand for the
    /// names of municipality and site. Empty: nothing stands there; for what says how to reach
    /// the library, the setting of the portal does.
    #[must_use]
    pub fn standard(self) -> &'static str {
        match self {
            Self::HomeTitle => "Vind hulp, gezelschap en iets te doen in {gemeente}",
            Self::HomeThemes => "Waar gaat uw vraag over?",
            Self::HomeZones => "In uw wijk of dorp",
            Self::HomeZonesText => "Kies waar u woont. U ziet wat er dichtbij is.",
            Self::HomeAgenda => "Vandaag en morgen",
            Self::HomeAgendaEmpty => {
                "Vandaag en morgen staat er niets in de agenda. Kijk in de hele agenda wat er later is."
            }
            Self::HomeQuestions => "Vragen die mensen vaak stellen",
            Self::AgendaEmpty => "Dit kunt u doen",
            Self::HelpShort => {
                "Komt u er niet uit? Iemand zoekt met u mee. U hoeft niet te weten hoe iets heet."
            }
            Self::HelpLead => "U hoeft het niet alleen uit te zoeken. Kies wat bij u past.",
            Self::HelpUrgent => "Bel een van deze nummers. U mag ook bellen als u twijfelt.",
            Self::Footer => "De wegwijzer naar hulp, activiteiten en mensen in {gemeente}.",
            Self::AboutLead => "Op deze site vindt u hulp, activiteiten en mensen in {gemeente}.",
            Self::AboutWho => {
                "Voor iedereen in {gemeente}. Voor uzelf, voor iemand voor wie u zorgt, of voor uw werk. U hebt geen account nodig."
            }
            Self::AboutContent => {
                "U vindt hier plekken om mensen te ontmoeten, dingen om te doen, en organisaties die helpen. Wij beginnen met wat u zelf kunt doen en met mensen om u heen. Daarna komt hulp waar u zo naartoe kunt. Als laatste leest u waar u hulp aanvraagt waarvoor een besluit nodig is."
            }
            Self::AboutNot => {
                "Hulp waarvoor u eerst een besluit van de gemeente nodig hebt, leggen wij hier niet uit. Wij wijzen u de weg naar het loket waar u die hulp aanvraagt."
            }
            Self::AboutPaying => {
                "Nee. Iedereen staat er op dezelfde manier op. Er zijn geen sterren, cijfers of advertenties."
            }
            Self::HomeNotice
            | Self::AboutMore
            | Self::ContactName
            | Self::ContactPhone
            | Self::ContactEmail
            | Self::ContactAddress => "",
        }
    }

    /// Whether it has room for more than a line.
    #[must_use]
    pub fn is_long(self) -> bool {
        matches!(
            self,
            Self::HomeNotice
                | Self::HomeZonesText
                | Self::HomeAgendaEmpty
                | Self::HelpShort
                | Self::HelpLead
                | Self::HelpUrgent
                | Self::Footer
                | Self::AboutLead
                | Self::AboutWho
                | Self::AboutContent
                | Self::AboutNot
                | Self::AboutPaying
                | Self::AboutMore
        )
    }
}

/// A text of the site as editors have it; `None`: as the program brings it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SiteText {
    pub name: TextName,
    pub text: Option<String>,
}

/// The texts that were changed, by their name. A name that this version does not know is left out.
///
/// # Errors
/// When the database does not answer.
pub async fn changed(conn: &mut PgConnection) -> Result<Vec<(TextName, String)>, sqlx::Error> {
    let rows = sqlx::query!("select name, text from site_texts order by name")
        .fetch_all(conn)
        .await?;
    let known = rows
        .into_iter()
        .filter_map(|row| Some((row.name.parse().ok()?, row.text)));
    Ok(known.collect())
}

impl Listed for SiteText {
    const SUBJECT: &'static str = "site_text";

    fn key(&self) -> String {
        self.name.as_str().to_owned()
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        let changed = changed(conn).await?;
        let text = |name| changed.iter().find(|(own, _)| *own == name);
        let all = TextName::ALL.iter().map(|name| Self {
            name: *name,
            text: text(*name).map(|(_, text)| text.clone()),
        });
        Ok(all.collect())
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        match &entry.text {
            None => Self::delete(conn, entry).await?,
            Some(text) => {
                sqlx::query!(
                    "insert into site_texts (name, text) values ($1, $2)
                     on conflict (name) do update set text = excluded.text",
                    entry.name.as_str(),
                    text
                )
                .execute(&mut *conn)
                .await?;
            }
        }
        let subject = (Self::SUBJECT, None, entry.name.as_str());
        Ok(acts::note(conn, actor, act, subject, entry).await?)
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from site_texts where name = $1",
            entry.name.as_str()
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}
