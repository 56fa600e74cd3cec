//! schema.org blocks for search engines. Nothing that the page hides may appear here.

use serde_json::{Value, json};

use super::links;
use super::page::Site;
use crate::base::RecordKind;
use crate::catalogue::activities::Profile as Activity;
use crate::catalogue::agenda::Occurrence;
use crate::catalogue::organisations::{Kind, Profile as Organisation};
use crate::catalogue::places::{Address, Profile as Place};

const CONTEXT: &str = "https://schema.org";

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
        "sameAs": organisation.website,
        "telephone": organisation.phone,
        "email": organisation.email,
        "areaServed": if organisation.serves_all_zones { json!(site.municipality) } else {
            json!(organisation.zones.iter().map(|z| z.name.as_str()).collect::<Vec<_>>())
        },
    }))
}

#[must_use]
pub fn place(site: &Site, place: &Place, address: Option<&Address>) -> Value {
    without_nulls(json!({
        "@context": CONTEXT,
        "@type": "Place",
        "name": place.name,
        "description": place.summary,
        "url": here(site, RecordKind::Place, &place.slug),
        "telephone": place.phone,
        "address": address.map(postal),
        "geo": address.and_then(|a| a.point).map(|p| json!({
            "@type": "GeoCoordinates", "latitude": p.latitude, "longitude": p.longitude
        })),
    }))
}

/// An activity as a `Service`, and its next date as an `Event`.
#[must_use]
pub fn activity(
    site: &Site,
    activity: &Activity,
    next: Option<&Occurrence>,
    address: Option<&Address>,
) -> Vec<Value> {
    let card = &activity.card;
    let url = here(site, RecordKind::Activity, &card.slug);
    let provider = json!({
        "@type": "Organization",
        "name": card.organisation.name,
        "url": here(site, RecordKind::Organisation, &card.organisation.slug)
    });
    let mut blocks = vec![json!({
        "@context": CONTEXT,
        "@type": "Service",
        "name": card.title,
        "description": card.summary,
        "url": url,
        "provider": provider,
        "areaServed": site.municipality,
    })];
    if let (Some(next), Some(venue)) = (next, &card.venue) {
        blocks.push(without_nulls(json!({
            "@context": CONTEXT,
            "@type": "Event",
            "name": card.title,
            "description": card.summary,
            "url": url,
            "startDate": offset(next.start),
            "endDate": next.end.map(offset),
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "location": { "@type": "Place", "name": venue.name, "address": address.map(postal) },
            "organizer": provider,
            "isAccessibleForFree": card.cost_cents.map(|cents| cents == 0),
        })));
    }
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

/// A local time with the offset that holds on that day, as schema.org asks.
fn offset(local: chrono::NaiveDateTime) -> String {
    use chrono::TimeZone;
    chrono_tz::Europe::Amsterdam
        .from_local_datetime(&local)
        .earliest()
        .map_or_else(|| local.to_string(), |at| at.to_rfc3339())
}

fn without_nulls(mut block: Value) -> Value {
    if let Value::Object(fields) = &mut block {
        fields.retain(|_, value| !value.is_null());
    }
    block
}
