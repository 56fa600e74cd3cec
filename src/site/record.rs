//! The parts that record pages share: contact, facts, last checked.

use super::links;
use super::opening_words::{self, CALL, Now, Row};
use super::page::Site;
use super::spell::Spell;
use crate::base::contact::{self, Email, Phone, WebAddress};
use crate::base::{Label, RecordKind, dutch};
use crate::catalogue::Upkeep;
use crate::catalogue::agenda::{Occurrence, Opening};
use crate::catalogue::places::Address;
use chrono::{NaiveDate, NaiveDateTime};

/// Who to reach and where; the first thing on a record page.
pub struct Contact {
    pub title: &'static str,
    pub phone: String,
    pub dial: String,
    /// Why this number, when it is not the record's own.
    pub note: &'static str,
    pub lines: Vec<ContactLine>,
}

#[derive(Default)]
pub struct ContactLine {
    pub icon: &'static str,
    pub text: String,
    /// The moment that the text names.
    pub datetime: Option<String>,
    pub more: String,
    pub link: Option<String>,
    /// Leads away from the site.
    pub outside: bool,
    /// Opening hours.
    pub hours: Vec<Row>,
}

impl Contact {
    /// The record's own number, or that of the people who help: a page without a number is a
    /// dead end.
    #[must_use]
    pub fn new(site: &Site, phone: Option<&Phone>) -> Self {
        match phone {
            Some(phone) => Self {
                title: "Contact",
                phone: phone.to_string(),
                dial: phone.dial(),
                note: "",
                lines: Vec::new(),
            },
            None => Self {
                title: "Contact",
                phone: site.phone.clone(),
                dial: site.phone_dial.clone(),
                note: "Wij kennen geen eigen nummer. Op dit nummer helpt iemand u verder.",
                lines: Vec::new(),
            },
        }
    }

    #[must_use]
    pub fn line(
        mut self,
        icon: &'static str,
        text: impl Into<String>,
        more: impl Into<String>,
    ) -> Self {
        self.lines.push(ContactLine {
            icon,
            text: text.into(),
            more: more.into(),
            ..ContactLine::default()
        });
        self
    }

    /// The date to come to.
    #[must_use]
    pub fn next(mut self, next: &Occurrence<'_>, today: NaiveDate) -> Self {
        let spell = Spell::from(next);
        let text = if spell.has_begun(today) {
            dutch::sentence(&spell.day(today))
        } else {
            let day = dutch::relative_day(next.start.date(), today);
            format!("Volgende keer: {day}")
        };
        self.lines.push(ContactLine {
            icon: "kalender",
            text,
            datetime: Some(spell.datetime(today)),
            more: spell.hours(today),
            ..ContactLine::default()
        });
        self
    }

    /// A place with its address: by link when it has a page of its own.
    #[must_use]
    pub fn place(mut self, slug: &str, name: &str, address: Option<&Address>) -> Self {
        self.lines.push(ContactLine {
            icon: "locatie",
            text: name.to_owned(),
            more: address.map(Address::line).unwrap_or_default(),
            link: Some(links::record(RecordKind::Place, slug)),
            ..ContactLine::default()
        });
        self
    }

    /// Whether it is open, and when; without hours, to call.
    #[must_use]
    pub fn hours(mut self, opening: Option<&Opening>, now: NaiveDateTime) -> Self {
        let Some(opening) = opening else {
            return self.line("klok", CALL, "");
        };
        let Now { text, datetime, .. } = Now::of(opening, now);
        let (caption, hours) = opening_words::table(opening, now.date());
        self.lines.push(ContactLine {
            icon: "klok",
            text,
            datetime,
            more: caption.to_owned(),
            hours,
            ..ContactLine::default()
        });
        self
    }

    #[must_use]
    pub fn email(mut self, email: Option<&Email>) -> Self {
        self.lines.extend(email.map(|email| ContactLine {
            icon: "mail",
            text: email.to_string(),
            link: Some(format!("mailto:{email}")),
            outside: true,
            ..ContactLine::default()
        }));
        self
    }

    #[must_use]
    pub fn website(mut self, website: Option<&WebAddress>) -> Self {
        self.lines.extend(website.map(|website| ContactLine {
            icon: "website",
            text: contact::host(website.as_str()).to_owned(),
            link: Some(website.to_string()),
            outside: true,
            ..ContactLine::default()
        }));
        self
    }
}

/// A fact with its name: text, or links.
pub struct Fact {
    pub icon: &'static str,
    pub name: &'static str,
    pub text: String,
    pub links: Vec<FactLink>,
}

pub struct FactLink {
    pub href: String,
    pub name: String,
}

/// The facts of a record in order; those without content stay out.
#[derive(Default)]
pub struct Facts(pub Vec<Fact>);

impl Facts {
    #[must_use]
    pub fn text(mut self, icon: &'static str, name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Fact {
                icon,
                name,
                text,
                links: Vec::new(),
            });
        }
        self
    }

    /// Labels as words in a row: "Ouderen en mantelzorgers", "Iedereen, ook ouderen".
    #[must_use]
    pub fn words(self, icon: &'static str, name: &'static str, labels: &[Label]) -> Self {
        let (all, some): (Vec<&Label>, Vec<&Label>) =
            labels.iter().partition(|label| label.slug == "iedereen");
        let some: Vec<String> = some.iter().map(|l| l.name.to_lowercase()).collect();
        let some = dutch::list(&some);
        let text = match all.first() {
            Some(all) if some.is_empty() => all.name.clone(),
            Some(all) => format!("{}, ook {some}", all.name),
            None => dutch::sentence(&some),
        };
        self.text(icon, name, text)
    }

    #[must_use]
    pub fn links(
        mut self,
        icon: &'static str,
        name: &'static str,
        kind: RecordKind,
        labels: &[Label],
    ) -> Self {
        if !labels.is_empty() {
            let links = labels
                .iter()
                .map(|label| FactLink {
                    href: links::record(kind, &label.slug),
                    name: label.name.clone(),
                })
                .collect();
            self.0.push(Fact {
                icon,
                name,
                text: String::new(),
                links,
            });
        }
        self
    }
}

/// When a record was last checked, where it came from, and how to tell us that it is wrong.
pub struct Checked {
    /// The day as ISO date and in words.
    pub at: Option<(String, String)>,
    pub source: String,
    pub source_link: Option<String>,
    pub report: String,
}

impl Checked {
    #[must_use]
    pub fn new(
        site: &Site,
        upkeep: &Upkeep,
        (kind, slug, title): (RecordKind, &str, &str),
    ) -> Self {
        let link = upkeep.source_link().map(str::to_owned);
        let name = link
            .as_deref()
            .map_or(upkeep.source_url.as_str(), contact::host);
        let mut source = name.to_owned();
        if let Some(year) = upkeep
            .source_year
            .filter(|year| !source.contains(&year.to_string()))
        {
            source = if source.is_empty() {
                year.to_string()
            } else {
                format!("{source}, {year}")
            };
        }
        Self {
            at: upkeep.checked_at.map(day),
            source,
            source_link: link,
            report: report(site, kind, slug, title),
        }
    }

    /// For texts of our own, which have no source.
    #[must_use]
    pub fn own(
        site: &Site,
        checked_at: Option<NaiveDate>,
        (kind, slug, title): (RecordKind, &str, &str),
    ) -> Self {
        Self {
            at: checked_at.map(day),
            source: String::new(),
            source_link: None,
            report: report(site, kind, slug, title),
        }
    }
}

fn day(date: NaiveDate) -> (String, String) {
    (date.to_string(), dutch::date(date))
}

/// A mail that says which page it is about; without an address, the page of other ways.
fn report(site: &Site, kind: RecordKind, slug: &str, title: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let Some(email) = &site.email else {
        return format!("{}#wijziging", links::HELP);
    };
    let subject = format!("Wijziging: {title}");
    let body = format!(
        "Pagina: {}{}\n\nWat klopt niet?\n",
        site.base_url,
        links::record(kind, slug)
    );
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    format!(
        "mailto:{email}?subject={}&body={}",
        encoded(&subject),
        encoded(&body)
    )
}
