//! What every page carries around its content: titles, navigation, contact, demonstration line.

use std::sync::Arc;

use serde_json::{Value, json};

use super::links;
use crate::base::{Clock, contact, dutch};
use crate::catalogue::Vocabulary;
use crate::catalogue::words::TextName;
use crate::config::Config;
use crate::web::Assets;

/// The site as it is set up; the same for every page.
#[derive(Clone)]
pub struct Site {
    pub name: String,
    pub municipality: String,
    /// Without a slash at the end.
    pub base_url: String,
    pub phone: String,
    pub phone_dial: String,
    pub contact_name: String,
    pub email: Option<String>,
    pub address: Option<String>,
    pub quick_exit: String,
    /// Where to report a leak: a `mailto:` or web address.
    pub security_contact: String,
    pub css: String,
    pub theme_css: String,
    pub suggest_js: String,
    pub sprite: String,
    pub favicon: String,
}

impl Site {
    #[must_use]
    pub fn new(config: &Config, assets: &Assets) -> Self {
        let contact = &config.contact;
        Self {
            name: config.site.name.clone(),
            municipality: config.site.municipality.clone(),
            base_url: base(config).to_owned(),
            phone: contact.phone.clone(),
            phone_dial: contact::dial(&contact.phone),
            contact_name: contact.name.clone(),
            email: contact.email.clone(),
            address: contact.address.clone(),
            quick_exit: config.site.quick_exit.to_string(),
            security_contact: security_contact(config),
            css: assets.url("wijzer.css").to_owned(),
            theme_css: assets.url("theme.css").to_owned(),
            suggest_js: assets.url("js/suggest.js").to_owned(),
            sprite: assets.url("icons.svg").to_owned(),
            favicon: assets.url("favicon.svg").to_owned(),
        }
    }

    /// The same with how to reach the library as editors have it; `None` when they changed nothing.
    #[must_use]
    pub fn told(&self, names: &Vocabulary) -> Option<Self> {
        let changed = |name| names.changed_text(name).map(str::to_owned);
        let phone = changed(TextName::ContactPhone);
        let contact_name = changed(TextName::ContactName);
        let email = changed(TextName::ContactEmail);
        let address = changed(TextName::ContactAddress);
        let any = [&phone, &contact_name, &email, &address];
        any.iter().any(|text| text.is_some()).then(|| {
            let phone = phone.unwrap_or_else(|| self.phone.clone());
            Self {
                phone_dial: contact::dial(&phone),
                phone,
                contact_name: contact_name.unwrap_or_else(|| self.contact_name.clone()),
                email: email.or_else(|| self.email.clone()),
                address: address.or_else(|| self.address.clone()),
                ..self.clone()
            }
        })
    }

    /// "DeventerWijzer" in its two halves, where the name has them.
    #[must_use]
    pub fn wordmark(&self) -> Option<(&str, &str)> {
        let at = self
            .name
            .char_indices()
            .skip(1)
            .find(|(_, letter)| letter.is_uppercase())?
            .0;
        Some(self.name.split_at(at))
    }
}

/// The address of the setting, else the contact address, else the page with other ways.
fn security_contact(config: &Config) -> String {
    match (&config.contact.security, &config.contact.email) {
        (Some(contact), _) => contact.to_string(),
        (None, Some(email)) => format!("mailto:{email}"),
        (None, None) => format!("{}{}", base(config), links::HELP),
    }
}

/// The public address without a slash at the end.
fn base(config: &Config) -> &str {
    config.server.base_url.as_str().trim_end_matches('/')
}

/// A link in the navigation.
pub struct NavigationItem {
    pub href: &'static str,
    pub name: &'static str,
    pub current: Option<&'static str>,
}

/// A step on the way back to home.
pub struct Crumb {
    pub href: String,
    pub name: String,
}

impl Crumb {
    pub fn new(href: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            name: name.into(),
        }
    }
}

/// One page around its content.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent traits of a page"
)]
pub struct Page {
    pub site: Arc<Site>,
    /// Unique among all pages.
    pub title: String,
    pub description: String,
    /// The address without its query.
    pub path: String,
    /// The part of the main navigation that it belongs to.
    section: &'static str,
    pub breadcrumb: Vec<Crumb>,
    /// Carries the quick-exit button: someone may look over your shoulder.
    pub delicate: bool,
    /// Off where the large search field stands on the page itself.
    pub search_in_header: bool,
    /// What was searched for, in the search field.
    pub words: String,
    /// Kept out of search engines (results, errors).
    pub hidden: bool,
    /// schema.org blocks, ready to stand in a script element.
    pub json_ld: Vec<String>,
    /// The day of printing, in words.
    pub printed: String,
    /// The names in use, with the texts that editors changed.
    pub names: Arc<Vocabulary>,
    /// Says that some rows are made up.
    pub demonstration: bool,
    /// Where news of this page can be followed.
    pub feed: Option<String>,
}

impl Page {
    pub fn new(
        site: &Arc<Site>,
        clock: Clock,
        path: impl Into<String>,
        title: impl Into<String>,
    ) -> Self {
        let path = path.into();
        let section = links::MAIN
            .iter()
            .find(|(href, _)| path.starts_with(href))
            .map_or("", |(href, _)| *href);
        Self {
            site: Arc::clone(site),
            title: title.into(),
            description: String::new(),
            path,
            section,
            breadcrumb: Vec::new(),
            delicate: false,
            search_in_header: true,
            words: String::new(),
            hidden: false,
            json_ld: Vec::new(),
            printed: dutch::date(clock.today()),
            names: Arc::default(),
            demonstration: false,
            feed: None,
        }
    }

    /// The sentence that search engines show; at most some 160 characters.
    #[must_use]
    pub fn describe(mut self, text: &str) -> Self {
        self.description = shorten(text, 160);
        self
    }

    /// The way back, from home to the page above this one.
    #[must_use]
    pub fn below(mut self, crumbs: Vec<Crumb>) -> Self {
        if let Some(first) = crumbs.first() {
            let belongs = |href: &&(&str, &str)| first.href.starts_with(href.0);
            if let Some((href, _)) = links::MAIN.iter().find(belongs) {
                self.section = href;
            }
        }
        if !crumbs.is_empty() {
            let trail = breadcrumb(&self.site.base_url, &crumbs, &self.title, &self.path);
            self = self.data(&trail);
        }
        self.breadcrumb = crumbs;
        self
    }

    /// Adds a schema.org block. `<` is written as an escape, so that no text can end the script.
    #[must_use]
    pub fn data(mut self, block: &Value) -> Self {
        self.json_ld.push(block.to_string().replace('<', "\\u003c"));
        self
    }

    #[must_use]
    pub fn delicate(mut self, delicate: bool) -> Self {
        self.delicate = delicate;
        self
    }

    /// A text of the site as it is now.
    #[must_use]
    pub fn text(&self, name: TextName) -> String {
        let text = self.names.changed_text(name);
        let text = text.unwrap_or_else(|| name.standard());
        text.replace("{gemeente}", &self.site.municipality)
            .replace("{naam}", &self.site.name)
    }

    /// The same in paragraphs; none when nothing stands there.
    #[must_use]
    pub fn paragraphs(&self, name: TextName) -> Vec<String> {
        let text = self.text(name);
        let parts = text.split("\n\n").map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    #[must_use]
    pub fn navigation(&self) -> Vec<NavigationItem> {
        links::MAIN
            .iter()
            .map(|(href, name)| NavigationItem {
                href,
                name,
                current: match () {
                    () if self.path == *href => Some("page"),
                    () if self.section == *href => Some("true"),
                    () => None,
                },
            })
            .collect()
    }

    /// The one address of this page; none for pages that search engines should not hold.
    #[must_use]
    pub fn canonical(&self) -> Option<String> {
        (!self.hidden).then(|| format!("{}{}", self.site.base_url, self.path))
    }
}

/// The way back as a `BreadcrumbList`, from home to the page itself.
fn breadcrumb(base: &str, crumbs: &[Crumb], title: &str, path: &str) -> Value {
    let home = ("Home", "/");
    let trail = std::iter::once(home)
        .chain(
            crumbs
                .iter()
                .map(|crumb| (crumb.name.as_str(), crumb.href.as_str())),
        )
        .chain(std::iter::once((title, path)));
    let items: Vec<Value> = trail
        .enumerate()
        .map(|(i, (name, href))| {
            json!({ "@type": "ListItem", "position": i + 1, "name": name, "item": format!("{base}{href}") })
        })
        .collect();
    json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items })
}

/// Cuts a text at a word, with an ellipsis.
fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let kept = cut.rsplit_once(' ').map_or(cut.as_str(), |(kept, _)| kept);
    format!("{}…", kept.trim_end_matches(['.', ',', ';', ':']))
}
