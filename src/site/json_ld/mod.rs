//! schema.org blocks for search engines. Nothing that the page hides may appear here.

mod event;

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::links;
use super::opening_words;
use super::page::Site;
use super::photo;
use crate::base::RecordKind;
use crate::catalogue::activities::Profile as Activity;
use crate::catalogue::agenda::Occurrence;
use crate::catalogue::hours::{Access, DAY, Span};
use crate::catalogue::organisations::{Kind, Profile as Organisation};
use crate::catalogue::places::{Address, Profile as Place};

const CONTEXT: &str = "https://schema.org";

/// The days of the week, from Monday.
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The site and its search field.
#[must_use]
pub fn website(site: &Site) -> Value {
    json!({
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": site.name,
        "url": format!("{}/", site.base_url),
        "inLanguage": "nl",
        "potentialAction": {
            "@type": "SearchAction",
            "target": format!("{}{}?q={{search_term_string}}", site.base_url, links::SEARCH),
            "query-input": "required name=search_term_string"
        }
    })
}

#[must_use]
pub fn organisation(site: &Site, organisation: &Organisation) -> Value {
    let kind = match organisation.kind {
        Kind::Municipal => "GovernmentOrganization",
        Kind::Voluntary | Kind::Residents | Kind::Faith => "NGO",
        Kind::Professional | Kind::National => "Organization",
    };
    without_nulls(json!({
        "@context": CONTEXT,
        "@type": kind,
        "name": organisation.name,
        "description": organisation.summary,
        "url": here(site, RecordKind::Organisation, &organisation.slug),
        "image": photo::address(site, organisation.picture.as_ref()),
        "sameAs": organisation.website,
        "telephone": organisation.phone,
        "email": organisation.email,
        "areaServed": if organisation.serves_all_zones { json!(site.municipality) } else {
            json!(organisation.zones.iter().map(|z| z.name.as_str()).collect::<Vec<_>>())
        },
    }))
}

#[must_use]
pub fn place(
    site: &Site,
    place: &Place,
    address: Option<&Address>,
    week: Option<&[Vec<Span>]>,
) -> Value {
    without_nulls(json!({
        "@context": CONTEXT,
        "@type": "Place",
        "name": place.name,
        "description": place.summary,
        "url": here(site, RecordKind::Place, &place.slug),
        "telephone": place.phone,
        "address": address.map(postal),
        "openingHoursSpecification": week.and_then(opening_hours),
        "geo": address.and_then(|a| a.point).map(|p| json!({
            "@type": "GeoCoordinates", "latitude": p.latitude, "longitude": p.longitude
        })),
    }))
}

/// An activity as a `Service`, and the dates that its page shows as `Event`s.
#[must_use]
pub fn activity(
    site: &Site,
    activity: &Activity,
    (dates, now): (&[Occurrence<'_>], NaiveDateTime),
    address: Option<&Address>,
) -> Vec<Value> {
    let card = &activity.card;
    let provider = json!({
        "@type": "Organization",
        "name": card.organisation.name,
        "url": here(site, RecordKind::Organisation, &card.organisation.slug)
    });
    let image = photo::address(site, activity.picture.as_ref());
    let told = event::Told {
        site,
        card,
        organizer: &provider,
        image: image.as_deref(),
        address,
        now,
    };
    let mut blocks = vec![without_nulls(json!({
        "@context": CONTEXT,
        "@type": "Service",
        "name": card.title,
        "description": card.summary,
        "url": here(site, RecordKind::Activity, &card.slug),
        "provider": provider,
        "image": image,
        "areaServed": site.municipality,
    }))];
    blocks.extend(told.events(dates));
    blocks
}

/// A question and its answer.
#[must_use]
pub fn question(question: &str, answer: &str) -> Value {
    json!({
        "@context": CONTEXT,
        "@type": "FAQPage",
        "mainEntity": [{
            "@type": "Question",
            "name": question,
            "acceptedAnswer": { "@type": "Answer", "text": answer }
        }]
    })
}

fn here(site: &Site, kind: RecordKind, slug: &str) -> String {
    format!("{}{}", site.base_url, links::record(kind, slug))
}

/// A week in which every span has a known beginning and end and a door that is open; else nothing.
fn opening_hours(week: &[Vec<Span>]) -> Option<Vec<Value>> {
    let plain = |span: &Span| span.access == Access::Open && !span.open_end;
    if !week.iter().flatten().all(plain) {
        return None;
    }
    // The end of a day is 23:59, as search engines ask; a night ends at an hour before its beginning.
    let time = |minutes: u16| match minutes {
        DAY => "23:59".to_owned(),
        _ => format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60),
    };
    let groups = opening_words::groups(week).into_iter();
    let hours = groups.flat_map(|(days, spans)| {
        let days: Vec<&str> = days.into_iter().map(|day| DAYS[day]).collect();
        spans.iter().map(move |span| {
            json!({
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": days,
                "opens": time(span.from),
                "closes": time(span.until),
            })
        })
    });
    Some(hours.collect())
}

fn postal(address: &Address) -> Value {
    let street = address.street_line();
    without_nulls(json!({
        "@type": "PostalAddress",
        "streetAddress": (!street.is_empty()).then_some(street),
        "postalCode": address.postcode.as_ref().map(ToString::to_string),
        "addressLocality": address.city,
        "addressCountry": "NL",
    }))
}

fn without_nulls(mut block: Value) -> Value {
    if let Value::Object(fields) = &mut block {
        fields.retain(|_, value| !value.is_null());
    }
    block
}
