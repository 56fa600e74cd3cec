//! Every page that can be reached from home by following links.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use axum::body::Body;
use axum::http::Request;
use scraper::Html;
use tokio::sync::OnceCell;

use crate::support::page::TestPage;
use crate::support::portal::{BASE, TestPortal, deventer};
use crate::support::run;

/// Bytes of a page, compressed as the page cache does it.
const LARGEST_PAGE: usize = 14 * 1024;
/// Bytes of a first view: page, stylesheets, pictograms.
const LARGEST_VIEW: usize = 60 * 1024;
/// Every record and list of the Deventer set, and the pages about the site.
const AT_LEAST: usize = 880;

/// What the crawl keeps of a page.
struct Seen {
    title: String,
    anchors: HashSet<String>,
    links: BTreeSet<String>,
}

/// The pages of the Deventer set, crawled once for all tests here.
async fn crawled() -> &'static (BTreeMap<String, Seen>, Vec<String>) {
    static CRAWLED: OnceCell<(BTreeMap<String, Seen>, Vec<String>)> = OnceCell::const_new();
    CRAWLED
        .get_or_init(async || crawl(deventer().await).await)
        .await
}

/// All pages from home on, by address without fragment; the faults found on the way.
async fn crawl(portal: &TestPortal) -> (BTreeMap<String, Seen>, Vec<String>) {
    let mut pages = BTreeMap::new();
    let mut faults = Vec::new();
    let mut waiting = VecDeque::from(["/".to_owned()]);
    let mut known: HashSet<String> = waiting.iter().cloned().collect();
    while let Some(path) = waiting.pop_front() {
        let page = portal.get(&path).await;
        if page.status.is_redirection() {
            let target = page.header("location").to_owned();
            if known.insert(target.clone()) {
                waiting.push_back(target);
            }
            continue;
        }
        if page.status != 200 {
            faults.push(format!("{path} answers {}", page.status));
            continue;
        }
        faults.extend(
            headers_that_lack(&page)
                .into_iter()
                .map(|name| format!("{path} lacks {name}")),
        );
        if !page.is_html() {
            continue;
        }
        faults.extend(
            faults_of(&page)
                .into_iter()
                .map(|fault| format!("{path}: {fault}")),
        );
        let seen = see(&page);
        for link in &seen.links {
            let address = link.split('#').next().unwrap_or_default();
            // Searches have no end; those that other pages link to are enough.
            let endless = path.starts_with("/zoeken") && address.starts_with("/zoeken?");
            if !address.is_empty() && !endless && known.insert(address.to_owned()) {
                waiting.push_back(address.to_owned());
            }
        }
        pages.insert(path, seen);
    }
    (pages, faults)
}

fn see(page: &TestPage) -> Seen {
    let own = page.path.split('#').next().unwrap_or_default().to_owned();
    let inside = |href: String| match href {
        href if href.starts_with('#') => Some(format!("{own}{href}")),
        href if href.starts_with('/') && !href.starts_with("//") => Some(href),
        _ => None,
    };
    let forms = page
        .elements("form[method=get]")
        .into_iter()
        .filter_map(|form| form.attr("action"));
    let links = page
        .attributes("a[href]", "href")
        .into_iter()
        .chain(forms.map(str::to_owned));
    Seen {
        title: page.one("title"),
        anchors: page.attributes("[id]", "id").into_iter().collect(),
        links: links.filter_map(inside).collect(),
    }
}

/// What may not be on any page.
fn faults_of(page: &TestPage) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, what: &str| {
        if wrong {
            faults.push(what.to_owned());
        }
    };
    fault(page.elements("h1").len() != 1, "not one h1");
    fault(page.attributes("html", "lang") != ["nl"], "no language");
    fault(page.has("style, [style]"), "inline style");
    let scripts = page.elements("script:not([src]):not([type='application/ld+json'])");
    fault(!scripts.is_empty(), "inline script");
    let ids = page.attributes("[id]", "id");
    let mut once = HashSet::new();
    let twice: Vec<&String> = ids.iter().filter(|id| !once.insert(*id)).collect();
    fault(
        !twice.is_empty(),
        &format!("ids that stand twice: {twice:?}"),
    );
    fault(
        page.html().contains("{{") || page.html().contains("{%"),
        "a template's own text",
    );
    let handlers = |document: &Html| {
        document
            .root_element()
            .descendent_elements()
            .any(|e| e.value().attrs().any(|(name, _)| name.starts_with("on")))
    };
    fault(handlers(page.document()), "an event handler");
    let resources = page.attributes("[src]", "src").into_iter();
    let sheets = page.attributes("link[rel=stylesheet], link[rel=icon]", "href");
    let sprites = page.attributes("use", "href");
    for address in resources.chain(sheets).chain(sprites) {
        fault(
            !address.starts_with("/static/"),
            &format!("a resource elsewhere: {address}"),
        );
    }
    for hit in page.hits() {
        let kinds = [
            "organisation",
            "activity",
            "place",
            "dossier",
            "faq",
            "theme",
            "zone",
        ];
        let sound = hit
            .split_once(':')
            .is_some_and(|(kind, slug)| kinds.contains(&kind) && !slug.is_empty());
        fault(!sound, &format!("a strange hit: {hit}"));
    }
    faults
}

/// The headers that browsers need to refuse strange code and frames; and no cookie, ever.
fn headers_that_lack(page: &TestPage) -> Vec<&'static str> {
    let csp = page.header("content-security-policy");
    let parts = [
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ];
    let strict = parts.iter().all(|part| csp.contains(part))
        && !csp.contains("unsafe")
        && !csp.contains("http");
    let kind = page.header("content-type");
    let holds = [
        ("a strict content-security-policy", strict),
        (
            "hsts",
            page.header("strict-transport-security") == "max-age=63072000; includeSubDomains",
        ),
        (
            "nosniff",
            page.header("x-content-type-options") == "nosniff",
        ),
        ("x-frame-options", page.header("x-frame-options") == "DENY"),
        (
            "referrer-policy",
            page.header("referrer-policy") == "same-origin",
        ),
        (
            "opener-policy",
            page.header("cross-origin-opener-policy") == "same-origin",
        ),
        (
            "resource-policy",
            page.header("cross-origin-resource-policy") == "same-origin",
        ),
        (
            "embedder-policy",
            page.header("cross-origin-embedder-policy") == "require-corp",
        ),
        ("request id", !page.header("x-request-id").is_empty()),
        (
            "cache-control",
            page.status != 200 || !page.header("cache-control").is_empty(),
        ),
        (
            "charset",
            !kind.starts_with("text/") || kind.contains("charset=utf-8"),
        ),
        (
            "freedom from cookies",
            !page.headers.contains_key("set-cookie"),
        ),
        (
            "silence about the server",
            !page.headers.contains_key("server") && !page.headers.contains_key("x-powered-by"),
        ),
    ];
    holds
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn every_page_can_be_reached_and_is_sound() {
    run(async {
        let (pages, found) = crawled().await;
        let mut faults = found.clone();
        for (path, page) in pages {
            for link in &page.links {
                let Some((address, fragment)) = link.split_once('#') else {
                    continue;
                };
                if !pages
                    .get(address)
                    .is_some_and(|target| target.anchors.contains(fragment))
                {
                    faults.push(format!("{path} links to {link}, where nothing is"));
                }
            }
        }
        faults.sort();
        faults.dedup();
        let some = faults[..faults.len().min(40)].join("\n");
        assert!(faults.is_empty(), "{} faults:\n{some}", faults.len());
        assert!(pages.len() >= AT_LEAST, "only {} pages", pages.len());
    });
}

#[test]
fn every_page_has_a_title_of_its_own() {
    run(async {
        let mut titles: HashMap<&str, &str> = HashMap::new();
        // Filters show one page in parts: those may share its title.
        for (path, page) in crawled()
            .await
            .0
            .iter()
            .filter(|(path, _)| !path.contains('?'))
        {
            let other = titles.insert(&page.title, path);
            assert_eq!(other, None, "{path} has the title {}", page.title);
        }
    });
}

#[test]
fn every_page_of_the_sitemap_is_reached_unless_it_is_over() {
    run(async {
        let pages = &crawled().await.0;
        let sitemap = deventer().await.get("/sitemap.xml").await.ok();
        let addresses = sitemap
            .html()
            .split("<loc>")
            .skip(1)
            .filter_map(|rest| rest.split('<').next());
        let alone = addresses
            .filter_map(|address| address.strip_prefix(BASE))
            .filter(|path| !pages.contains_key(*path));
        for path in alone {
            let page = deventer().await.get(path).await.ok();
            let over = ["Deze activiteit is voorbij", "Gaat niet door", "Verplaatst"];
            let said = page.texts(".wijzer-alert__title");
            assert!(
                said.iter().any(|title| over.contains(&title.as_str())),
                "no page links to {path}: {said:?}"
            );
        }
    });
}

/// A request as a browser makes it.
async fn compressed(path: &str) -> TestPage {
    let request = Request::get(path).header("accept-encoding", "gzip, deflate, br, zstd");
    deventer()
        .await
        .send(request.body(Body::empty()).unwrap())
        .await
        .ok()
}

#[test]
fn pages_are_small_and_so_is_the_first_view() {
    run(async {
        let mut sizes = Vec::new();
        let home = deventer().await.get("/").await;
        let sheets = home.attributes("link[rel=stylesheet], link[rel=icon]", "href");
        let sprite = home.attributes("use", "href")[0]
            .split('#')
            .next()
            .unwrap()
            .to_owned();
        let mut rest = 0;
        for path in sheets.iter().chain([&sprite]) {
            rest += settled(path).await;
        }
        for path in [
            "/",
            "/zoeken",
            "/zoeken?q=ouderen",
            "/organisaties",
            "/plekken",
            "/themas",
            "/themas/ontmoeten-en-meedoen",
            "/dossiers",
            "/dossiers/huiselijk-geweld",
            "/vragen",
            "/wijken",
            "/wijken/centrum",
            "/agenda",
            "/hulp",
            "/organisaties/gemeente-deventer",
            "/activiteiten/koersbal-braakhekke",
            "/plekken/cultuurhuus-braakhekke",
        ] {
            let page = compressed(path).await;
            assert_eq!(page.header("content-encoding"), "br", "{path}");
            sizes.push((page.bytes.len(), path));
        }
        sizes.sort_unstable();
        sizes.reverse();
        println!("with {rest} bytes of style and pictograms: {sizes:?}");
        let view = sizes[0].0 + rest;
        assert!(
            view <= LARGEST_VIEW,
            "{} takes {view} bytes at the first view",
            sizes[0].1
        );
        let large: Vec<_> = sizes
            .iter()
            .filter(|(size, _)| *size > LARGEST_PAGE)
            .collect();
        assert!(large.is_empty(), "{large:?}");
    });
}

/// The size of a file when its compression, which happens beside the start, is done.
async fn settled(path: &str) -> usize {
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    loop {
        let file = compressed(path).await;
        if file.header("content-encoding") == "br" || std::time::Instant::now() > deadline {
            return file.bytes.len();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[test]
fn the_headers_stand_on_every_kind_of_answer() {
    run(async {
        let request = |method: &str, path: &str| {
            Request::builder()
                .method(method)
                .uri(path)
                .header("accept-encoding", "br")
                .body(Body::empty())
                .unwrap()
        };
        for (method, path, status) in [
            ("GET", "/", 200),
            ("HEAD", "/", 200),
            ("GET", "/zoeken?q=koffie", 200),
            ("GET", "/activiteiten", 308),
            ("GET", "/static/wijzer.css", 200),
            ("GET", "/static/weg.css", 404),
            ("GET", "/nergens", 404),
            ("GET", "/organisaties/nergens", 404),
            ("GET", "/?q=%ff", 400),
            ("POST", "/", 403),
            ("TRACE", "/", 405),
            ("GET", "/.git/config", 404),
            ("GET", "/metrics", 404),
            ("GET", "/static/../Cargo.toml", 404),
            ("GET", "/sitemap.xml", 200),
            ("GET", "/readyz", 200),
        ] {
            let page = deventer().await.send(request(method, path)).await;
            assert_eq!(page.status.as_u16(), status, "{method} {path}");
            assert_eq!(
                headers_that_lack(&page),
                Vec::<&str>::new(),
                "{method} {path}"
            );
        }
    });
}

#[test]
fn a_browser_that_has_the_page_gets_it_no_more() {
    run(async {
        let page = compressed("/agenda").await;
        let request = Request::get("/agenda")
            .header("accept-encoding", "br")
            .header("if-none-match", page.header("etag"));
        let again = deventer()
            .await
            .send(request.body(Body::empty()).unwrap())
            .await;
        assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
        assert_eq!(headers_that_lack(&again), Vec::<&str>::new());
    });
}
