//! The photo of a record, on a page of its own: the form of the record stays small and cannot be
//! lost with a file that is refused.

use askama::Template;
use axum::extract::{Path, Request, State as Axum};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sqlx::PgConnection;

use super::list::changes;
use super::path_of;
use crate::access::{Person, Say};
use crate::admin::fields::Errors;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, begin, html, refused};
use crate::admin::page::Page;
use crate::admin::sheet::{Sheet, refusal};
use crate::base::Slug;
use crate::catalogue::State;
use crate::catalogue::editing::{self, Opened, Outcome, Refusal, unfinished};
use crate::catalogue::pictures::{Picture, PictureId, store};
use crate::darkroom::{self, Fault, MOST_BYTES};
use crate::web::upload::{File, Upload};
use crate::web::{Error, Form, Segment};

/// Where one changes the photo of a record.
pub(super) fn path<K: Sheet>(slug: &Slug) -> String {
    format!("{}/foto", path_of::<K>(slug))
}

/// A photo as the admin area shows it: in its smallest size, to who may see the record.
pub(super) struct Thumbnail {
    pub(super) src: String,
    pub(super) alt: String,
}

impl Thumbnail {
    pub(super) fn of<K: Sheet>(slug: &Slug, picture: &Picture) -> Self {
        Self {
            src: format!("{}/{}", path::<K>(slug), picture.id.as_str()),
            alt: picture.alt.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/records/picture.html")]
struct PicturePage {
    page: Page,
    errors: Errors,
    now: Option<Thumbnail>,
    alt: String,
    /// A photo that came in with a form that is not right yet.
    arrived: Option<PictureId>,
    version: i32,
    button: &'static str,
}

/// What someone sent: what is right of it, and what is not.
#[derive(Default)]
struct Sent {
    alt: String,
    picture: Option<PictureId>,
    errors: Errors,
}

async fn open<K: Sheet>(
    conn: &mut PgConnection,
    person: &Person,
    slug: &Slug,
) -> Result<Opened<K>, Error> {
    let opened = editing::open::<K>(conn, person, slug).await;
    let opened = opened.map_err(refusal)?;
    if changes(opened.say(person)) {
        Ok(opened)
    } else {
        Err(Error::Forbidden)
    }
}

fn page<K: Sheet>(
    office: &Office,
    person: &Person,
    opened: &Opened<K>,
    sent: Option<Sent>,
) -> PicturePage {
    let (slug, title) = (opened.draft.slug(), opened.draft.title());
    let now = opened.picture_for(person);
    let sent = sent.unwrap_or_else(|| Sent {
        alt: now.map(|picture| picture.alt.clone()).unwrap_or_default(),
        ..Sent::default()
    });
    PicturePage {
        page: office
            .page(Some(person), path::<K>(slug), format!("Foto bij {title}"))
            .below(format!("{}/{}", links::DESK, K::PATH), K::MANY)
            .below(path_of::<K>(slug), title)
            .wrong(!sent.errors.is_empty()),
        now: now.map(|picture| Thumbnail::of::<K>(slug, picture)),
        alt: sent.alt,
        arrived: sent
            .picture
            .filter(|id| now.is_none_or(|now| now.id != *id)),
        errors: sent.errors,
        version: opened.version,
        button: match (opened.say(person), opened.draft.state()) {
            (Say::Publish, State::Published) => "Bewaar op de website",
            (Say::Propose, State::Published) => "Stuur naar de redactie",
            _ => "Bewaar",
        },
    }
}

pub async fn show<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let opened = open::<K>(&mut conn, person, &slug).await?;
    html(&page(&office, person, &opened, None))
}

pub async fn keep<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    request: Request,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    open::<K>(&mut conn, person, &slug).await?;
    // Reading and developing take long: others need the connection.
    drop(conn);
    let visit = office.darkroom.enter().await;
    let visit = visit.map_err(|_| Error::Overloaded)?;
    let mut upload = Upload::read(request, &office, MOST_BYTES).await?;
    let version = upload.text("versie").parse();
    let version: i32 = version.map_err(|_| Error::BadRequest("form"))?;
    let prints = match upload.take_file() {
        File::None => Ok(Vec::new()),
        File::TooLarge => Err(Fault::TooLarge),
        File::Whole(bytes) => visit.develop(bytes).await,
    };
    drop(visit);

    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let mut opened = open::<K>(&mut tx, person, &slug).await?;
    let mut sent = sent(&mut tx, &upload, prints, opened.picture_for(person)).await?;
    // Also when the form comes back: nobody has to send the photo twice.
    tx.commit().await?;
    if let (Some(id), true) = (sent.picture.clone(), sent.errors.is_empty()) {
        let picture = Some(Picture {
            id,
            alt: sent.alt.clone(),
        });
        // A double click finds that it was done.
        if opened.picture_for(person) == picture.as_ref() {
            return Ok(done::<K>(&slug, "bewaard"));
        }
        let mut tx = begin(&mut conn).await?;
        match editing::set_picture(&mut tx, person, (&opened, version), picture.clone()).await {
            Ok(outcome) => {
                if outcome == Outcome::Kept {
                    carry_on::<K>(&mut tx, person, &slug, version).await?;
                }
                tx.commit().await?;
                return Ok(done::<K>(&slug, word_of(outcome, opened.draft.state())));
            }
            Err(Refusal::Overtaken) => {
                drop(tx);
                opened = open::<K>(&mut conn, person, &slug).await?;
                if opened.picture_for(person) == picture.as_ref() {
                    return Ok(done::<K>(&slug, "bewaard"));
                }
                sent.errors.add("beschrijving", OVERTAKEN);
            }
            Err(other) => return Err(refusal(other)),
        }
    }
    refused(&page(&office, person, &opened, Some(sent)))
}

const OVERTAKEN: &str = "Iemand anders heeft dit net aangepast. Kijk wat er nu staat. Klopt uw foto nog? Bewaar dan nog een keer.";

/// The form as it was sent; a new photo is kept.
async fn sent(
    conn: &mut PgConnection,
    upload: &Upload,
    prints: Result<Vec<darkroom::Print>, Fault>,
    now: Option<&Picture>,
) -> Result<Sent, Error> {
    let mut errors = Errors::default();
    let arrived = match prints {
        Ok(prints) => store::keep(conn, &prints).await?,
        Err(fault) => {
            errors.add("foto", sentence(fault));
            None
        }
    };
    let before = match PictureId::parse(upload.text("gekomen")) {
        Ok(id) if arrived.is_none() => store::while_kept(conn, id).await?,
        _ => None,
    };
    let picture = arrived
        .or(before)
        .or_else(|| now.map(|picture| picture.id.clone()));
    if picture.is_none() && errors.is_empty() {
        errors.add("foto", "Kies eerst een foto.");
    }
    let alt = upload.text("beschrijving").split_whitespace();
    let alt = alt.collect::<Vec<_>>().join(" ");
    if alt.is_empty() {
        errors.add(
            "beschrijving",
            "Schrijf op wat er op de foto te zien is. Zonder dat kan de foto niet op de website.",
        );
    } else if alt.chars().count() > Picture::LONGEST_ALT {
        errors.add(
            "beschrijving",
            "Maak de beschrijving korter: hoogstens 200 tekens.",
        );
    }
    Ok(Sent {
        alt,
        picture,
        errors,
    })
}

fn sentence(fault: Fault) -> &'static str {
    match fault {
        Fault::TooLarge => "Deze foto is groter dan 10 MB. Kies een kleinere foto.",
        Fault::NoPicture => {
            "Dit is geen foto die wij kunnen lezen. Kies een JPG, PNG of WebP. Is het een HEIC-foto van een iPhone? Bewaar die dan eerst als JPG."
        }
        Fault::TooManyPixels => {
            "Deze foto heeft te veel beeldpunten: meer dan 25 miljoen. Maak de foto eerst kleiner."
        }
        Fault::TooSmall => {
            "Deze foto is te klein of te smal. Kies een foto van minstens 160 bij 160 beeldpunten."
        }
        Fault::Damaged => "Deze foto is beschadigd of niet compleet. Kies een andere foto.",
    }
}

#[derive(Default, Deserialize)]
pub struct Seen {
    #[serde(default)]
    versie: String,
}

pub async fn remove<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(seen): Form<Seen>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let version: i32 = seen.versie.parse().map_err(|_| Error::BadRequest("form"))?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let opened = open::<K>(&mut tx, person, &slug).await?;
    if opened.picture_for(person).is_none() {
        return Ok(done::<K>(&slug, "weg"));
    }
    let word = match editing::set_picture(&mut tx, person, (&opened, version), None).await {
        Ok(Outcome::Kept) => {
            carry_on::<K>(&mut tx, person, &slug, version).await?;
            "weg"
        }
        Ok(Outcome::Proposed) => "gestuurd",
        Err(Refusal::Overtaken) => return Ok(done::<K>(&slug, "ingehaald")),
        Err(other) => return Err(refusal(other)),
    };
    tx.commit().await?;
    Ok(done::<K>(&slug, word))
}

/// What this person has typed into the form of the record is not overtaken by their own photo.
async fn carry_on<K: Sheet>(
    conn: &mut PgConnection,
    person: &Person,
    slug: &Slug,
    version: i32,
) -> Result<(), Error> {
    let record = (K::KIND, slug.as_str());
    Ok(unfinished::carry_on(conn, person, record, version).await?)
}

fn done<K: Sheet>(slug: &Slug, word: &str) -> Response {
    Redirect::to(&links::done(&path_of::<K>(slug), word)).into_response()
}

fn word_of(outcome: Outcome, state: State) -> &'static str {
    match (outcome, state) {
        (Outcome::Proposed, _) => "gestuurd",
        (Outcome::Kept, State::Published) => "online",
        (Outcome::Kept, _) => "bewaard",
    }
}

/// The smallest size of a photo that the record or a proposal for it shows.
pub async fn thumbnail<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let slug = Slug::parse(&slug).map_err(|_| Error::NotFound)?;
    let id = PictureId::parse(&id).map_err(|_| Error::NotFound)?;
    let mut conn = office.connection().await?;
    let opened = editing::open::<K>(&mut conn, signed_in.person(), &slug).await;
    let opened = opened.map_err(refusal)?;
    let proposed = opened.proposal.as_ref().map(|proposal| &proposal.draft);
    let mut shown = [Some(&opened.draft), proposed].into_iter().flatten();
    if !shown.any(|draft| draft.picture().is_some_and(|picture| picture.id == id)) {
        return Err(Error::NotFound);
    }
    let jpeg = store::smallest(&mut conn, &id).await?;
    let jpeg = jpeg.ok_or(Error::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}
