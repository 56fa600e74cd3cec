//! Pages for machines: sitemap, robots, security contact, search plug-in, health.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{Days, NaiveDate};

use super::links;
use super::portal::Portal;
use crate::catalogue::register;
use crate::web::Error;

pub fn routes() -> Router<Portal> {
    Router::new()
        .route(links::SITEMAP, get(sitemap))
        .route("/robots.txt", get(robots))
        .route("/.well-known/security.txt", get(security))
        .route(links::OPENSEARCH, get(opensearch))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
}

fn text(kind: &'static str, body: String) -> Response {
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        body,
    )
        .into_response()
}

/// Text as it may stand in XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Every public page with the day on which its record changed (sitemaps.org, 0.9).
async fn sitemap(State(portal): State<Portal>) -> Result<Response, Error> {
    let mut conn = portal.connection().await?;
    let records = register::public(&mut conn, portal.clock.today()).await?;
    let base = &portal.site().base_url;
    let fixed = [
        links::HOME,
        links::THEMES,
        links::DOSSIERS,
        links::QUESTIONS,
        links::ZONES,
        links::AGENDA,
        links::ORGANISATIONS,
        links::PLACES,
        links::HELP,
        links::ABOUT,
        links::PRIVACY,
        links::ACCESSIBILITY,
    ];
    let fixed = fixed.map(|path| location(&format!("{base}{path}"), None));
    let records = records.iter().map(|record| {
        location(
            &format!("{base}{}", links::record(record.kind, &record.slug)),
            record.changed_on,
        )
    });
    let locations: String = fixed.into_iter().chain(records).collect();
    Ok(text(
        "application/xml; charset=utf-8",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{locations}</urlset>\n"
        ),
    ))
}

fn location(address: &str, changed: Option<NaiveDate>) -> String {
    let changed = changed
        .map(|day| format!("<lastmod>{day}</lastmod>"))
        .unwrap_or_default();
    format!("<url><loc>{}</loc>{changed}</url>\n", escaped(address))
}

async fn robots(State(portal): State<Portal>) -> Response {
    let base = &portal.site().base_url;
    // A demonstration holds made-up activities: keep it out of search engines altogether.
    let rule = if portal.names().holds_examples {
        "Disallow: /"
    } else {
        "Disallow: /zoeken\nDisallow: /*agenda?\nDisallow: /*/maand?\nDisallow: /*/week"
    };
    text(
        "text/plain; charset=utf-8",
        format!(
            "User-agent: *\n{rule}\n\nSitemap: {base}{}\n",
            links::SITEMAP
        ),
    )
}

/// RFC 9116; on the mandatory list of Dutch government since 25 May 2023.
async fn security(State(portal): State<Portal>) -> Response {
    let contact = &portal.site().security_contact;
    let today = portal.clock.today();
    // Renewed by itself; at most a year ahead, as the standard asks.
    let expires = today.checked_add_days(Days::new(180)).unwrap_or(today);
    let base = &portal.site().base_url;
    text(
        "text/plain; charset=utf-8",
        format!(
            "Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: nl, en\nCanonical: {base}/.well-known/security.txt\n"
        ),
    )
}

/// Lets a browser add this site to its search field (OpenSearch 1.1).
async fn opensearch(State(portal): State<Portal>) -> Response {
    let site = &portal.site();
    let (name, base) = (escaped(&site.name), escaped(&site.base_url));
    // The standard allows 16 characters.
    let short: String = name.chars().take(16).collect();
    text(
        "application/opensearchdescription+xml; charset=utf-8",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
             <ShortName>{short}</ShortName>\n\
             <Description>Zoek hulp en activiteiten in {}</Description>\n\
             <InputEncoding>UTF-8</InputEncoding>\n\
             <Image width=\"16\" height=\"16\" type=\"image/svg+xml\">{base}{}</Image>\n\
             <Url type=\"text/html\" template=\"{base}{}?q={{searchTerms}}\"/>\n\
             </OpenSearchDescription>\n",
            escaped(&site.municipality),
            escaped(&site.favicon),
            links::SEARCH
        ),
    )
}

/// The program runs.
async fn healthz() -> Response {
    state(StatusCode::OK, "ok")
}

/// The program can answer searches. That PostgreSQL is away is said, but it is no reason to take
/// the portal out of service.
async fn readyz(State(portal): State<Portal>) -> Response {
    if !portal.engine.is_complete() {
        return state(StatusCode::SERVICE_UNAVAILABLE, "building the search index");
    }
    if portal.engine.is_damaged() {
        return state(
            StatusCode::OK,
            "degraded: the search index is being built anew",
        );
    }
    match portal.connection().await {
        Ok(_) => state(StatusCode::OK, "ready"),
        Err(_) => state(StatusCode::OK, "degraded: the database is away"),
    }
}

fn state(status: StatusCode, state: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, format!("{{\"status\":\"{state}\"}}\n")).into_response()
}
