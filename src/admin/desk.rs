//! Where someone begins: what waits for them, each row one click from the work.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Days, Utc};

use super::guard::SignedIn;
use super::links;
use super::office::{Office, html};
use super::page::Page;
use super::records::list;
use crate::access::{Person, Right, Role};
use crate::accounts::store;
use crate::catalogue::editing::unfinished;
use crate::catalogue::editing::work::{self, Work};
use crate::catalogue::scope;
use crate::search::Filters;
use crate::search::agenda::AgendaRequest;
use crate::web::Error;

#[derive(Template)]
#[template(path = "admin/desk.html")]
struct DeskPage {
    page: Page,
    person: Person,
    rows: Vec<Row>,
    /// Forms in which something was typed and not saved: address, name, when.
    unfinished: Vec<(String, String, String)>,
    /// Zones in which little is on.
    quiet: Vec<Quiet>,
    /// Buttons for what is added most.
    adds: Vec<(&'static str, &'static str)>,
}

/// Work of one kind.
struct Row {
    name: &'static str,
    count: i64,
    href: String,
}

struct Quiet {
    name: String,
    href: String,
    count: usize,
}

/// A zone with fewer dates than this in two weeks asks for attention (product: zone spread).
const FEW: usize = 5;
const TWO_WEEKS: Days = Days::new(13);

pub async fn show(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    let person = signed_in.person();
    let (rows, unfinished) = if person.role.is_none() {
        (Vec::new(), Vec::new())
    } else {
        let mut conn = office.connection().await?;
        let unfinished = unfinished::of(&mut conn, person).await?;
        let today = office.clock.today();
        let counts = work::counts(&mut conn, person, today).await?;
        let mut rows: Vec<Row> = counts
            .into_iter()
            .filter(|(work, count)| *count > 0 && concerns(*work, person))
            .map(|waits| row(waits, person))
            .collect();
        if matches!(
            person.role,
            Some(Role::Administrator | Role::Editor | Role::Reviewer)
        ) {
            let count = scope::due(&mut conn, today).await?;
            rows.extend((count > 0).then(|| Row {
                name: "Afspraken over wat op de kaart hoort, om opnieuw te bekijken",
                count,
                href: links::SCOPE.to_owned(),
            }));
        }
        if person.holds(Right::ManageAccounts) {
            let count = store::without_role(&mut conn).await?;
            rows.extend((count > 0).then(|| Row {
                name: "Gebruikers zonder rol: geef ze er een, of zet ze uit",
                count,
                href: links::USERS.to_owned(),
            }));
        }
        let unfinished = unfinished
            .into_iter()
            .map(|form| going_on(form, &office))
            .collect();
        (rows, unfinished)
    };
    html(&DeskPage {
        page: office.page(Some(person), links::DESK, "Start"),
        rows,
        unfinished,
        quiet: quiet(&office, person),
        adds: adds(person),
        person: person.clone(),
    })
}

/// Whether someone can do something about it.
fn concerns(work: Work, person: &Person) -> bool {
    match person.role {
        Some(Role::Administrator | Role::Editor) => true,
        Some(Role::Reviewer) => matches!(
            work,
            Work::Proposed | Work::Remarked | Work::InReview | Work::Mine
        ),
        Some(Role::AgendaEditor | Role::Provider) => work != Work::WithoutZone,
        Some(Role::Reader) | None => false,
    }
}

fn row((work, count): (Work, i64), person: &Person) -> Row {
    let own = person.role == Some(Role::Provider) && work == Work::Proposed;
    Row {
        name: if own {
            "Uw voorstellen die nog wachten"
        } else {
            work.dutch()
        },
        count,
        href: format!(
            "{}?werk={}&volgorde=controle",
            links::EVERYTHING,
            work.as_str()
        ),
    }
}

/// A form to go on with: where, what it is called, when it was left.
fn going_on(
    (kind, slug, title, at): (String, String, Option<String>, DateTime<Utc>),
    office: &Office,
) -> (String, String, String) {
    let list = list::path_of(&kind);
    let (path, name) = match title {
        Some(title) => (format!("{list}/{slug}"), title),
        None => (
            format!("{list}/nieuw"),
            format!("Nieuw: {}", list::kind_name(&kind)),
        ),
    };
    (format!("{path}?verder=ja"), name, office.moment(at))
}

fn adds(person: &Person) -> Vec<(&'static str, &'static str)> {
    let all = [
        ("/beheer/activiteiten/nieuw", "Nieuwe activiteit"),
        ("/beheer/organisaties/nieuw", "Nieuwe organisatie"),
        ("/beheer/plekken/nieuw", "Nieuwe plek"),
    ];
    let many = match person.role {
        Some(Role::Administrator | Role::Editor) => all.len(),
        Some(Role::AgendaEditor | Role::Provider) => 1,
        _ => 0,
    };
    all.into_iter().take(many).collect()
}

/// The zones of someone in which little is on in two weeks. From the index: what residents see.
fn quiet(office: &Office, person: &Person) -> Vec<Quiet> {
    let names = office.names();
    let today = office.clock.today();
    let theirs = |slug: &str| match person.role {
        Some(Role::Administrator | Role::Editor) => true,
        Some(Role::AgendaEditor) => person.zones.iter().any(|own| own.as_str() == slug),
        _ => false,
    };
    let last = today.checked_add_days(TWO_WEEKS).unwrap_or(today);
    let zones = names.zones.iter().filter(|zone| theirs(&zone.slug));
    zones
        .filter_map(|zone| {
            let request = AgendaRequest {
                filters: Filters {
                    zones: vec![zone.slug.clone()],
                    days: Some((today, last)),
                    ..Filters::default()
                },
                parts: Vec::new(),
                now: office.clock.local(),
                folded: false,
                skip: 0,
                most: 0,
            };
            let count = office.engine.agenda(&request).ok()?.listed;
            (count < FEW).then(|| Quiet {
                name: zone.name.clone(),
                href: format!("/wijken/{}/agenda", zone.slug),
                count,
            })
        })
        .collect()
}
