//! One kept page.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{Europe::Amsterdam, Tz};
use quick_cache::Weighter;

use super::{Policy, STALE_MARKER, Way};
use crate::web::stored::Stored;

/// 0.15 ms per page; every step up costs more than it saves on the line.
const BROTLI_QUALITY: i32 = 5;

/// Seconds. Amsterdam is whole hours from UTC, so its quarters are those of UTC.
const QUARTER: i64 = 15 * 60;

/// A rendered page and how long it holds.
pub(super) struct Page {
    body: Stored,
    headers: HeaderMap,
    way: Option<Way>,
    generation: u64,
    rendered: DateTime<Utc>,
    fresh_until: DateTime<Utc>,
}

impl Page {
    /// Takes what a handler answered, compresses it and dates it.
    pub(super) fn new(
        mut headers: HeaderMap,
        body: Bytes,
        way: Option<Way>,
        generation: u64,
        (now, policy): (DateTime<Utc>, Policy),
    ) -> Self {
        headers.remove(header::CONTENT_LENGTH);
        let revalidate = HeaderValue::from_static("public, max-age=0, must-revalidate");
        headers.insert(header::CACHE_CONTROL, revalidate);
        let body = Stored::new(body);
        body.compress(BROTLI_QUALITY);
        Self {
            body,
            headers,
            way,
            generation,
            rendered: now,
            fresh_until: fresh_until(now, policy),
        }
    }

    pub(super) fn is_fresh(&self, generation: u64, now: DateTime<Utc>) -> bool {
        // A clock that was set back makes pages old, not eternal (fault matrix, F13).
        self.generation == generation && self.rendered <= now && now < self.fresh_until
    }

    /// Which way led to the handler that rendered it.
    pub(super) fn way(&self) -> Option<&Way> {
        self.way.as_ref()
    }

    /// The page, in the form this browser reads.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        self.body.answer(asked, self.headers.clone())
    }

    /// The page with a note from when it is. Not compressed here and without a tag: nobody is to keep it.
    pub(super) fn stale_answer(&self, note: &super::StaleNote) -> Response {
        let note = note(self.rendered.with_timezone(&Amsterdam));
        let page = String::from_utf8_lossy(self.body.plain()).replacen(STALE_MARKER, &note, 1);
        let mut response = Response::new(Body::from(page));
        *response.headers_mut() = self.headers.clone();
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// What is kept: pages, calendars and feeds.
const KEPT: [&str; 3] = ["text/html", "text/calendar", "application/atom+xml"];

/// Only whole pages for everyone: 200, no cookie, and the handler did not object.
pub(super) fn is_keepable(answer: &Response) -> bool {
    let headers = answer.headers();
    let page = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| KEPT.iter().any(|kind| value.starts_with(kind)));
    let objects = headers
        .get(header::CACHE_CONTROL)
        .and_then(|value| value.to_str().ok());
    let objects =
        objects.is_some_and(|value| value.contains("no-store") || value.contains("private"));
    let encoded = headers.contains_key(header::CONTENT_ENCODING);
    answer.status() == StatusCode::OK
        && page
        && !objects
        && !encoded
        && !headers.contains_key(header::SET_COOKIE)
}

fn fresh_until(now: DateTime<Utc>, policy: Policy) -> DateTime<Utc> {
    let quarter = now.timestamp().div_euclid(QUARTER) + 1;
    let next_quarter = Utc
        .timestamp_opt(quarter * QUARTER, 0)
        .single()
        .unwrap_or(now);
    match policy
        .duration()
        .and_then(|duration| TimeDelta::from_std(duration).ok())
    {
        Some(duration) => (now + duration)
            .min(next_midnight(now.with_timezone(&Amsterdam)).unwrap_or(next_quarter)),
        None => next_quarter,
    }
}

fn next_midnight(local: DateTime<Tz>) -> Option<DateTime<Utc>> {
    let tomorrow = local.date_naive().checked_add_days(Days::new(1))?;
    let midnight = Amsterdam
        .from_local_datetime(&tomorrow.and_time(NaiveTime::MIN))
        .earliest()?;
    Some(midnight.with_timezone(&Utc))
}

/// Weighs a kept page in bytes, headers and table included at a guess.
#[derive(Clone)]
pub(super) struct Weigher;

impl Weighter<String, std::sync::Arc<Page>> for Weigher {
    fn weight(&self, key: &String, page: &std::sync::Arc<Page>) -> u64 {
        u64::try_from(key.len() + page.body.weight() + 1024).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_page_holds_until_the_next_quarter() {
        let until = |now| fresh_until(at(now), Policy::page(&[]));
        assert_eq!(until("2026-03-03T12:07:00Z"), at("2026-03-03T12:15:00Z"));
        assert_eq!(until("2026-03-03T12:15:00Z"), at("2026-03-03T12:30:00Z"));
        // 23:59:30 in Amsterdam, winter: "vandaag" turns half a minute later.
        assert_eq!(until("2026-03-03T22:59:30Z"), at("2026-03-03T23:00:00Z"));
    }

    #[test]
    fn a_longer_time_ends_at_midnight_in_amsterdam() {
        let hour = Policy::page(&[]).fresh_for(Duration::from_hours(1));
        assert_eq!(
            fresh_until(at("2026-07-07T12:00:00Z"), hour),
            at("2026-07-07T13:00:00Z")
        );
        assert_eq!(
            fresh_until(at("2026-07-07T21:40:00Z"), hour),
            at("2026-07-07T22:00:00Z")
        );
        assert_eq!(
            fresh_until(at("2026-03-28T22:40:00Z"), hour),
            at("2026-03-28T23:00:00Z")
        );
    }
}
