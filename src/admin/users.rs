//! Who may sign in, and what they may do.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::fields::Errors;
use super::guard::SignedIn;
use super::links;
use super::notices::{Changed, tell};
use super::office::{Office, begin, html, refused};
use super::page::Page;
use super::passwords::absolute;
use crate::access::{Person, Right, Role};
use crate::accounts::commands::{self, LinkFor};
use crate::accounts::{Account, AccountError, Draft, sessions, store};
use crate::base::contact::Email;
use crate::base::id::AccountId;
use crate::base::{Label, Slug, dutch};
use crate::catalogue::organisations;
use crate::mail::{self, Letter};
use crate::web::{Error, Form, Query, Segment};

#[derive(Template)]
#[template(path = "admin/users/list.html")]
struct ListPage {
    page: Page,
    users: Vec<Row>,
}

struct Row {
    account: Account,
    role: &'static str,
    limits: String,
    last: String,
}

#[derive(Template)]
#[template(path = "admin/users/form.html")]
struct FormPage {
    page: Page,
    asked: Asked,
    /// `None`: a new one.
    account: Option<Account>,
    own: bool,
    roles: Vec<Choice>,
    zones: Vec<Choice>,
    themes: Vec<Choice>,
    organisations: Vec<Choice>,
    /// Names to choose from while typing.
    suggestions: Vec<String>,
    errors: Errors,
}

/// A box to tick.
struct Choice {
    value: String,
    name: String,
    hint: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "mail/invitation.txt")]
struct InvitationLetter<'a> {
    name: &'a str,
    portal: &'a str,
    inviter: &'a str,
    link: String,
}

/// A user as the form holds it.
#[derive(Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    naam: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    rol: String,
    #[serde(default)]
    wijk: Vec<String>,
    #[serde(default)]
    thema: Vec<String>,
    #[serde(default)]
    organisatie: Vec<String>,
    /// One more organisation, by its name.
    #[serde(default)]
    erbij: String,
    #[serde(default)]
    versie: i32,
}

#[derive(Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    gedaan: String,
}

const TITLE: &str = "Gebruikers";

pub async fn list(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ManageAccounts)?;
    let mut conn = office.connection().await?;
    let users = store::all(&mut conn).await?;
    html(&ListPage {
        page: office
            .page(Some(person), links::USERS, TITLE)
            .after(&done.gedaan),
        users: users
            .into_iter()
            .map(|account| row(account, &office))
            .collect(),
    })
}

fn row(account: Account, office: &Office) -> Row {
    let limited = match account.role {
        Some(Role::AgendaEditor) => &account.zones[..],
        Some(Role::Reviewer) => &account.themes,
        Some(Role::Provider) => &account.organisations,
        _ => &[],
    };
    let names: Vec<&str> = limited.iter().map(|label| label.name.as_str()).collect();
    Row {
        role: account.role.map_or("nog geen rol", Role::dutch),
        limits: dutch::list(&names),
        last: account
            .signed_in_at
            .map_or("nog nooit".to_owned(), |at| last(at, office)),
        account,
    }
}

fn last(at: DateTime<Utc>, office: &Office) -> String {
    let day = at.with_timezone(&chrono_tz::Europe::Amsterdam).date_naive();
    dutch::relative_day(day, office.clock.today())
}

pub async fn ask_new(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ManageAccounts)?;
    let mut conn = office.connection().await?;
    let asked = Asked {
        rol: Role::Editor.as_str().to_owned(),
        ..Asked::default()
    };
    html(&form(&office, &mut conn, (person, None), asked, Errors::default()).await?)
}

async fn form(
    office: &Office,
    conn: &mut PgConnection,
    (person, account): (&Person, Option<Account>),
    asked: Asked,
    errors: Errors,
) -> Result<FormPage, Error> {
    let names = office.names();
    let (path, title) = match &account {
        Some(account) => (links::user(&account.id.0), account.name.clone()),
        None => (links::NEW_USER.to_owned(), "Nieuwe gebruiker".to_owned()),
    };
    let choice = |value: &str, name: &str, chosen: &[String]| Choice {
        value: value.to_owned(),
        name: name.to_owned(),
        hint: "",
        chosen: chosen.iter().any(|one| one == value),
    };
    let labels = account.as_ref().map_or(&[][..], |a| &a.organisations);
    let roles = Role::ALL.iter().map(|role| Choice {
        hint: role.meaning(),
        ..choice(
            role.as_str(),
            &dutch::sentence(role.dutch()),
            std::slice::from_ref(&asked.rol),
        )
    });
    Ok(FormPage {
        page: office
            .page(Some(person), path, title)
            .below(links::USERS, TITLE)
            .wrong(!errors.is_empty()),
        own: account
            .as_ref()
            .is_some_and(|account| account.id == person.id),
        roles: roles.collect(),
        zones: names
            .zones
            .iter()
            .map(|zone| choice(&zone.slug, &zone.name, &asked.wijk))
            .collect(),
        themes: names
            .top_themes()
            .into_iter()
            .map(|theme| choice(&theme.slug, &theme.name, &asked.thema))
            .collect(),
        organisations: labels
            .iter()
            .map(|Label { slug, name }| choice(slug, name, &asked.organisatie))
            .collect(),
        suggestions: organisations::store::names(conn, SUGGESTIONS).await?,
        asked,
        account,
        errors,
    })
}

/// Names that a page may carry to choose from; beyond that one types the name in full.
const SUGGESTIONS: i64 = 500;

/// The form as an account, or what is wrong with it.
async fn read(conn: &mut PgConnection, asked: &Asked) -> Result<Result<Draft, Errors>, Error> {
    let mut errors = Errors::default();
    let name = asked.naam.trim();
    if name.is_empty() || name.chars().count() > 100 {
        errors.add("naam", "Vul de naam in, met hoogstens 100 tekens.");
    }
    let email = errors.take(
        "email",
        "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
        Email::parse(&asked.email),
    );
    let role = errors.take("rol", "Kies een rol.", asked.rol.parse::<Role>());
    let slugs = |texts: &[String]| {
        texts
            .iter()
            .filter_map(|text| Slug::parse(text).ok())
            .collect()
    };
    let (mut zones, mut themes, mut providers): (Vec<Slug>, Vec<Slug>, Vec<Slug>) = (
        slugs(&asked.wijk),
        slugs(&asked.thema),
        slugs(&asked.organisatie),
    );
    if !asked.erbij.trim().is_empty() {
        match organisations::store::by_name(conn, asked.erbij.trim()).await? {
            Some(slug) => providers.push(slug),
            None => errors.add(
                "erbij",
                "Wij kennen geen organisatie met precies deze naam.",
            ),
        }
    }
    // What does not belong to the role is let go, so that a later role does not find it.
    if role != Some(Role::AgendaEditor) {
        zones.clear();
    } else if zones.is_empty() {
        errors.add("wijk", "Kies minstens één wijk of dorp.");
    }
    if role != Some(Role::Reviewer) {
        themes.clear();
    } else if themes.is_empty() {
        errors.add("thema", "Kies minstens één thema.");
    }
    if role != Some(Role::Provider) {
        providers.clear();
    } else if providers.is_empty() && errors.of("erbij").is_none() {
        errors.add("erbij", "Vul de naam van de organisatie in.");
    }
    Ok(match (email, role) {
        (Some(email), Some(role)) if errors.is_empty() => Ok(Draft {
            email,
            name: name.to_owned(),
            role: Some(role),
            zones,
            themes,
            organisations: providers,
        }),
        _ => Err(errors),
    })
}

pub async fn invite(
    State(office): State<Office>,
    signed_in: SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ManageAccounts)?;
    let mut conn = office.connection().await?;
    let draft = match read(&mut conn, &asked).await? {
        Ok(draft) => draft,
        Err(errors) => {
            return refused(&form(&office, &mut conn, (person, None), asked, errors).await?);
        }
    };
    let mut tx = begin(&mut conn).await?;
    let done = async {
        let id = commands::register(&mut tx, &person.actor(), &draft).await?;
        send_invitation(&office, &mut tx, person, (id, &draft.name, &draft.email)).await
    }
    .await;
    match done {
        Ok(()) => tx.commit().await?,
        Err(error) => {
            drop(tx);
            let errors = told(error)?;
            return refused(&form(&office, &mut conn, (person, None), asked, errors).await?);
        }
    }
    Ok(Redirect::to(&links::done(links::USERS, "uitgenodigd")).into_response())
}

async fn send_invitation(
    office: &Office,
    conn: &mut PgConnection,
    person: &Person,
    (id, name, to): (AccountId, &str, &Email),
) -> Result<(), AccountError> {
    let now = office.clock.now().to_utc();
    let actor = person.actor();
    let secret = commands::make_link(conn, &actor, id, LinkFor::Invitation, now).await?;
    let portal = office.house.name.as_str();
    let letter = Letter {
        to: to.clone(),
        subject: format!("Uw account voor {portal}"),
        text: invitation(name, portal, &person.name, absolute(office, &secret)),
    };
    Ok(mail::put(conn, &letter).await?)
}

/// The text of an invitation.
#[must_use]
pub fn invitation(name: &str, portal: &str, inviter: &str, link: String) -> String {
    let letter = InvitationLetter {
        name,
        portal,
        inviter,
        link: link.clone(),
    };
    letter.render().unwrap_or(link)
}

/// What went wrong, at a field of the form; or a fault that is none of the form's.
fn told(error: AccountError) -> Result<Errors, Error> {
    let mut errors = Errors::default();
    match error {
        AccountError::Refused(violation) if violation.field == "email" => {
            errors.add("email", "Er is al een gebruiker met dit e-mailadres.");
        }
        AccountError::Refused(violation) => {
            errors.violation(&violation, |field| match field {
                "name" => "naam",
                "role" => "rol",
                other => other,
            });
        }
        AccountError::Overtaken => errors.add(
            "naam",
            "Iemand anders heeft deze gebruiker net veranderd. Open de pagina opnieuw en vul uw wijziging nog eens in.",
        ),
        AccountError::LastAdministrator => errors.add(
            "rol",
            "Dit is de enige beheerder. Maak eerst iemand anders beheerder.",
        ),
        AccountError::Unknown => return Err(Error::NotFound),
        AccountError::Database(error) => return Err(error.into()),
    }
    Ok(errors)
}

async fn known(conn: &mut PgConnection, id: Uuid) -> Result<Account, Error> {
    let found = store::one(conn, AccountId(id)).await?;
    found.ok_or(Error::NotFound)
}

pub async fn edit(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(id): Segment<Uuid>,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ManageAccounts)?;
    let mut conn = office.connection().await?;
    let account = known(&mut conn, id).await?;
    let asked = asked_of(&account);
    let mut shown = form(
        &office,
        &mut conn,
        (person, Some(account)),
        asked,
        Errors::default(),
    )
    .await?;
    shown.page = shown.page.after(&done.gedaan);
    html(&shown)
}

fn asked_of(account: &Account) -> Asked {
    let slugs = |labels: &[Label]| labels.iter().map(|label| label.slug.clone()).collect();
    Asked {
        naam: account.name.clone(),
        email: account.email.clone(),
        rol: account.role.map_or("", Role::as_str).to_owned(),
        wijk: slugs(&account.zones),
        thema: slugs(&account.themes),
        organisatie: slugs(&account.organisations),
        erbij: String::new(),
        versie: account.version,
    }
}

pub async fn revise(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(id): Segment<Uuid>,
    Form(asked): Form<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ManageAccounts)?;
    let mut conn = office.connection().await?;
    let account = known(&mut conn, id).await?;
    let draft = match read(&mut conn, &asked).await? {
        Ok(draft) => draft,
        Err(errors) => {
            let of = (person, Some(account));
            return refused(&form(&office, &mut conn, of, asked, errors).await?);
        }
    };
    let mut tx = begin(&mut conn).await?;
    let seen = (AccountId(id), asked.versie);
    match commands::revise(&mut tx, &person.actor(), seen, &draft).await {
        Ok(()) => {
            // To the address that it was: who holds the new one has it from an administrator.
            if draft.email.as_str() != account.email {
                let whom = (account.name.as_str(), account.email.as_str());
                tell(&office, &mut tx, whom, Changed::Email).await?;
            }
            tx.commit().await?;
        }
        Err(error) => {
            drop(tx);
            let errors = told(error)?;
            let of = (person, Some(account));
            return refused(&form(&office, &mut conn, of, asked, errors).await?);
        }
    }
    Ok(Redirect::to(&links::done(&links::user(&id), "bewaard")).into_response())
}

/// What can be done to an account with one click.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    SwitchOff,
    SwitchOn,
    SendLink,
    DropSecondFactor,
}

pub async fn switch_off(
    office: State<Office>,
    signed_in: SignedIn,
    id: Segment<Uuid>,
) -> Result<Response, Error> {
    act(office, signed_in, id, Act::SwitchOff).await
}

pub async fn switch_on(
    office: State<Office>,
    signed_in: SignedIn,
    id: Segment<Uuid>,
) -> Result<Response, Error> {
    act(office, signed_in, id, Act::SwitchOn).await
}

pub async fn send_link(
    office: State<Office>,
    signed_in: SignedIn,
    id: Segment<Uuid>,
) -> Result<Response, Error> {
    act(office, signed_in, id, Act::SendLink).await
}

pub async fn drop_second_factor(
    office: State<Office>,
    signed_in: SignedIn,
    id: Segment<Uuid>,
) -> Result<Response, Error> {
    act(office, signed_in, id, Act::DropSecondFactor).await
}

async fn act(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(id): Segment<Uuid>,
    act: Act,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ManageAccounts)?;
    let mut conn = office.connection().await?;
    let account = known(&mut conn, id).await?;
    // Nobody shuts themselves out by a slip.
    if account.id == person.id && matches!(act, Act::SwitchOff | Act::DropSecondFactor) {
        return Err(Error::Forbidden);
    }
    let mut tx = begin(&mut conn).await?;
    match carry_out(&office, &mut tx, person, &account, act).await {
        Ok(done) => {
            tx.commit().await?;
            Ok(Redirect::to(&links::done(&links::user(&id), done)).into_response())
        }
        Err(error) => {
            drop(tx);
            let errors = told(error)?;
            let asked = asked_of(&account);
            refused(&form(&office, &mut conn, (person, Some(account)), asked, errors).await?)
        }
    }
}

/// Answers with the word for the notice.
async fn carry_out(
    office: &Office,
    conn: &mut PgConnection,
    person: &Person,
    account: &Account,
    act: Act,
) -> Result<&'static str, AccountError> {
    let (actor, id) = (person.actor(), account.id);
    Ok(match act {
        Act::SwitchOff => {
            commands::enable(conn, &actor, id, false).await?;
            "uitgezet"
        }
        Act::SwitchOn => {
            commands::enable(conn, &actor, id, true).await?;
            "aangezet"
        }
        Act::DropSecondFactor => {
            commands::drop_second_factor(conn, &actor, id).await?;
            sessions::end_all(conn, id).await?;
            if account.has_second_factor {
                let whom = (account.name.as_str(), account.email.as_str());
                tell(office, conn, whom, Changed::NoSecondFactor).await?;
            }
            "tweede-stap-weg"
        }
        Act::SendLink => {
            let to = Email::parse(&account.email).map_err(|_| AccountError::Unknown)?;
            send_invitation(office, conn, person, (id, &account.name, &to)).await?;
            "link"
        }
    })
}
