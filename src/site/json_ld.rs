//! schema.org blocks for search engines. Nothing that the page hides may appear here.

use serde_json::{Value, json};

use super::links;
use super::opening_words;
use super::page::Site;
use crate::base::RecordKind;
use crate::catalogue::activities::Profile as Activity;
use crate::catalogue::agenda::Occurrence;
use crate::catalogue::hours::{Access, DAY, Span};
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

/// A week in which every span has a known beginning and end and a door that is open; else nothing.
fn opening_hours(week: &[Vec<Span>]) -> Option<Vec<Value>> {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
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
