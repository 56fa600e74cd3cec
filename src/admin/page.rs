//! What every page of the admin area carries around its content.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::links;
use crate::access::{Person, Right, Role};
use crate::config::Config;
use crate::web::Assets;

/// Pictures of the handbook, of the real screens: `static/admin/handleiding/*.webp`. A test of the browser draws them.
const PICTURES: [&str; 7] = [
    "start",
    "organisatie",
    "tijden",
    "voorbeeld",
    "lijst",
    "geschiedenis",
    "tabellen",
];

/// The portal as it is set up; the same for every page.
pub struct House {
    pub name: String,
    pub municipality: String,
    /// Without a slash at the end.
    pub base_url: String,
    /// How residents reach the library, as it is set up.
    pub phone: String,
    pub contact_name: String,
    /// Empty when there is none.
    pub email: String,
    pub address: String,
    pub css: String,
    pub theme_css: String,
    pub admin_css: String,
    pub admin_js: String,
    pub shortcuts_js: String,
    pub sprite: String,
    pub favicon: String,
    /// Of the handbook, by name.
    pub pictures: BTreeMap<&'static str, String>,
    /// Whether mail goes out, or waits to be shown here.
    pub sends_mail: bool,
}

impl House {
    #[must_use]
    pub fn new(config: &Config, assets: &Assets) -> Self {
        Self {
            name: config.site.name.clone(),
            municipality: config.site.municipality.clone(),
            base_url: config
                .server
                .base_url
                .as_str()
                .trim_end_matches('/')
                .to_owned(),
            phone: config.contact.phone.clone(),
            contact_name: config.contact.name.clone(),
            email: config.contact.email.clone().unwrap_or_default(),
            address: config.contact.address.clone().unwrap_or_default(),
            css: assets.url("wijzer.css").to_owned(),
            theme_css: assets.url("theme.css").to_owned(),
            admin_css: assets.url("admin/beheer.css").to_owned(),
            admin_js: assets.url("js/beheer.js").to_owned(),
            shortcuts_js: assets.url("js/sneltoetsen.js").to_owned(),
            sprite: assets.url("icons.svg").to_owned(),
            favicon: assets.url("favicon.svg").to_owned(),
            pictures: PICTURES
                .into_iter()
                .map(|name| {
                    let file = format!("admin/handleiding/{name}.webp");
                    (name, assets.url(&file).to_owned())
                })
                .collect(),
            sends_mail: config.mail.server.is_some(),
        }
    }
}

/// A link in the navigation.
pub struct NavigationItem {
    pub href: &'static str,
    pub name: &'static str,
    /// That lead here: "g o".
    pub keys: &'static str,
    pub current: Option<&'static str>,
    /// Used less: it stands in the second list.
    pub less: bool,
}

/// A step on the way back to the desk.
pub struct Crumb {
    pub href: String,
    pub name: String,
}

/// One page around its content.
pub struct Page {
    pub house: Arc<House>,
    pub title: String,
    pub path: String,
    /// Who is signed in; their rights decide what stands in the menu.
    pub person: Option<Person>,
    pub breadcrumb: Vec<Crumb>,
    /// What was just done.
    pub notice: Option<&'static str>,
    /// Something is wrong with what was filled in: the title says so first (WCAG 3.3.1).
    pub wrong: bool,
}

impl Page {
    #[must_use]
    pub fn below(mut self, href: impl Into<String>, name: impl Into<String>) -> Self {
        let (href, name) = (href.into(), name.into());
        self.breadcrumb.push(Crumb { href, name });
        self
    }

    #[must_use]
    pub fn named(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    #[must_use]
    pub fn after(mut self, done: &str) -> Self {
        self.notice = notice(done);
        self
    }

    #[must_use]
    pub fn wrong(mut self, wrong: bool) -> Self {
        self.wrong = wrong;
        self
    }

    /// Whether who looks holds a right.
    #[must_use]
    pub fn holds(&self, right: Right) -> bool {
        self.person
            .as_ref()
            .is_some_and(|person| person.holds(right))
    }

    #[must_use]
    pub fn navigation(&self) -> Vec<NavigationItem> {
        let Some(person) = &self.person else {
            return Vec::new();
        };
        let item = |href: &'static str, name, keys, less| NavigationItem {
            href,
            name,
            keys,
            less,
            current: match () {
                () if self.path == href => Some("page"),
                () if href != links::DESK && self.path.starts_with(href) => Some("true"),
                () => None,
            },
        };
        let mut items = vec![item(links::DESK, "Start", "g s", false)];
        items.extend(
            menu(person)
                .into_iter()
                .map(|(href, name, keys)| item(href, name, keys, false)),
        );
        for (right, href, name, keys) in [
            (Right::EditVocabulary, links::LISTS, "Lijsten", "g l"),
            (Right::ExchangeTables, links::TABLES, "Tabellen", "g t"),
            (Right::ManageAccounts, links::USERS, "Gebruikers", "g g"),
            (Right::SeeMail, links::MAIL, "Mail", "g m"),
            (Right::KeepIndex, links::INDEX, "Zoekmachine", "g z"),
            (Right::ReadLog, links::LOG, "Logboek", "g b"),
        ] {
            if person.holds(right) {
                items.push(item(href, name, keys, true));
            }
        }
        items.push(item(links::HANDBOOK, "Handleiding", "g h", true));
        items.push(item(links::SHORTCUTS, "Sneltoetsen", "?", true));
        items
    }
}

/// The line after an act. The address carries a word, never the sentence: nobody can make our
/// page say something else.
fn notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "bewaard" => "Bewaard.",
        "weg" => "Weggehaald.",
        "onbekende-naam" => "Er is niets veranderd: wij kennen niets met die naam.",
        "reden" => "Er is niets verwijderd: schrijf eerst op waarom, in hoogstens 300 tekens.",
        "in-gebruik" => {
            "Er is niets verwijderd: er horen nog activiteiten, plekken of dossiers bij. Haal dit van de website, of verwijder die eerst."
        }
        "online" => "Bewaard. Het staat nu op de website.",
        "offline" => "Dit staat niet meer op de website.",
        "gestuurd" => "Gestuurd. De redactie kijkt ernaar.",
        "ingelezen" => "De tabellen zijn ingelezen.",
        "teruggedraaid" => "Dit is teruggedraaid.",
        "deels-terug" => "Een deel is teruggedraaid. Hieronder staat wat is gebleven.",
        "niets-terug" => "Er is niets teruggedraaid. Hieronder staat waarom.",
        "gepland" => "Gepland.",
        "geen-planning" => "Er is niets meer gepland.",
        "geen-moment" => "Er is niets veranderd: kies een dag en een tijd die nog komen.",
        "eerst-online" => {
            "Er is niets veranderd: het gaat eerst online en daarna pas van de website. Kies een latere dag voor offline."
        }
        "index" => "De index wordt opnieuw opgebouwd.",
        "klopt" => "Genoteerd: dit klopt vandaag.",
        "goedgekeurd" => "Het voorstel is goedgekeurd en staat nu op de website.",
        "weggegooid" => "Het voorstel is weggegooid.",
        "opmerking" => "Uw opmerking staat erbij.",
        "afgehandeld" => "De opmerking is afgehandeld.",
        "geen-opmerking" => {
            "Er is niets veranderd: schrijf een opmerking van hoogstens 1.000 tekens. Met de terugknop van uw browser ziet u wat u typte."
        }
        "teruggezet" => "De oudere versie is teruggezet.",
        "ingehaald" => {
            "Er is niets veranderd: iemand anders heeft dit net aangepast. Kijk eerst wat er nu staat."
        }
        "hoort-nergens" => {
            "Er is niets veranderd: in die versie staat een organisatie of plek die er niet meer is."
        }
        "uitgenodigd" => "De gebruiker is toegevoegd en krijgt een mail met een link.",
        "link" => "Er is een nieuwe mail met een link gestuurd.",
        "uitgezet" => "Deze gebruiker kan niet meer inloggen.",
        "aangezet" => "Deze gebruiker kan weer inloggen.",
        "tweede-stap-weg" => "De tweede stap van deze gebruiker staat uit.",
        "gekoppeld" => "Dat is gekoppeld. U kunt er de volgende keer mee inloggen.",
        "losgekoppeld" => "Dat is losgekoppeld. U logt voortaan in met uw wachtwoord.",
        "wachtwoord" => "Uw wachtwoord is veranderd. Op andere apparaten bent u uitgelogd.",
        "tweede-stap-uit" => "De tweede stap staat uit.",
        "sessie-weg" => "Dat apparaat is uitgelogd.",
        "welkom" => "Uw wachtwoord is bewaard. U kunt nu inloggen.",
        "uitgelogd" => "U bent uitgelogd.",
        _ => return None,
    })
}

/// The kinds in the menu: address, name and keys. What belongs to all is not a provider's.
fn menu(person: &Person) -> Vec<(&'static str, &'static str, &'static str)> {
    let all = [
        ("/beheer/activiteiten", "Activiteiten", "g a"),
        ("/beheer/organisaties", "Organisaties", "g o"),
        ("/beheer/plekken", "Plekken", "g p"),
        ("/beheer/dossiers", "Dossiers", "g d"),
        ("/beheer/vragen", "Vragen", "g v"),
        ("/beheer/wijken", "Wijken", "g w"),
    ];
    let many = match person.role {
        None => 0,
        Some(Role::Provider) => 2,
        Some(_) => all.len(),
    };
    all.into_iter().take(many).collect()
}
