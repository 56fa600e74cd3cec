//! A record that is there: its form, and what is changed by it.

use axum::extract::State as Axum;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::form::{
    Asked, FormPage, May, Photo, Planned, Proposed, Said, Standing, add_block, done_word, going_on,
    has_times, parsed, shown_first, told,
};
use super::list::changes;
use super::path_of;
use super::pictures::{self, Thumbnail};
use crate::access::{Person, Right, Say};
use crate::admin::fields::Errors;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, begin, html, refused};
use crate::admin::sheet::common::{CHECKED, PICTURE};
use crate::admin::sheet::differences::{self};
use crate::admin::sheet::schedules::{self};
use crate::admin::sheet::{
    Adviser, Fields, Ground, SUGGESTIONS, Section, Sheet, Surroundings, kinds_named, refusal,
};
use crate::base::{Slug, dutch};
use crate::catalogue::State;
use crate::catalogue::editing::{self, Opened, Outcome, Proposal, Refusal, unfinished};
use crate::catalogue::editing::{Remark, lists, merge, remarks};
use crate::catalogue::pictures::Picture;
use crate::web::{Error, Form, Query, Segment};

pub async fn show<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let opened = editing::open::<K>(&mut conn, person, &slug)
        .await
        .map_err(refusal)?;
    let mut page = record_page(
        &office,
        person,
        &mut conn,
        (&opened, None),
        Errors::default(),
    )
    .await?;
    (page.fields, page.typed) = going_on(page.fields, opened.unfinished.clone(), &asked, &office);
    typed_over(&mut page);
    if !asked.verder.is_empty() {
        let ground = Ground::read(&office, &mut conn, &[], &[], false).await?;
        let (basis, _) = opened.basis(person);
        page.blocks = schedules::blocks(&page.fields, basis.schedules(), &ground.around());
    }
    page.page = page.page.after(&asked.gedaan);
    html(&page)
}

/// What was typed goes with the version, and the proposal, that it was typed over.
fn typed_over(page: &mut FormPage) {
    let version = page.fields.text("versie").parse();
    if let (Some(standing), Ok(version)) = (&mut page.standing, version) {
        standing.version = version;
        page.fields.text(STAMP).clone_into(&mut standing.stamp);
    }
}

/// The field with the proposal that was there when the form was opened.
const STAMP: &str = "voorstel";

/// The form of a record: as this person goes on from it, or as someone filled it in.
async fn record_page<K: Sheet>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (opened, filled): (&Opened<K>, Option<Fields>),
    errors: Errors,
) -> Result<FormPage, Error> {
    let sections = K::sections(&office.names());
    let proposal = opened.proposal.as_ref();
    let mut slugs = opened.draft.named();
    slugs.extend(proposal.iter().flat_map(|proposal| proposal.draft.named()));
    let ground = Ground::read(office, conn, &slugs, &[], has_times(&sections)).await?;
    let around = ground.around();
    let base = opened.draft.fields(&around);
    let (basis, made_of) = opened.basis(person);
    let mut fields = filled.unwrap_or_else(|| basis.fields(&around));
    // No form says anything of the photo.
    fields.set(PICTURE, base.text(PICTURE));
    let say = opened.say(person);
    let path = path_of::<K>(opened.draft.slug());
    let suggestions = if changes(say) {
        lists::suggestions(conn, person, &kinds_named(&sections), SUGGESTIONS).await?
    } else {
        Vec::new()
    };
    let checked = base_checked(opened, office);
    let standing = Standing {
        public: (opened.draft.state() == State::Published)
            .then(|| K::page(opened.draft.slug().as_str())),
        version: made_of.unwrap_or(opened.version),
        stamp: opened.proposal_stamp(),
        plan: Planned::of(opened.plan, office),
        assigned: opened.assigned.clone(),
        state: opened.draft.state(),
        checked,
        proposal: proposal.map(|proposal| {
            let now = opened.draft.picture();
            proposed((proposal, now), &sections, &base, &around, person, office)
        }),
        photo: K::PICTURED.then(|| Photo {
            path: pictures::path::<K>(opened.draft.slug()),
            now: opened
                .picture_for(person)
                .map(|picture| Thumbnail::of::<K>(opened.draft.slug(), picture)),
        }),
        remarks: opened
            .remarks
            .iter()
            .map(|remark| said(remark, say, person, office))
            .collect(),
        path: path.clone(),
    };
    Ok(FormPage {
        keep_at: format!("{path}/onaf"),
        typed: None,
        adviser: Adviser::new(&office.names()),
        page: office
            .page(Some(person), path, opened.draft.title())
            .below(format!("{}/{}", links::DESK, K::PATH), K::MANY)
            .wrong(!errors.is_empty()),
        blocks: schedules::blocks(&fields, basis.schedules(), &around),
        sections,
        fields,
        errors,
        suggestions,
        may: May {
            remark: say >= Say::Propose,
            change: changes(say),
            publish: say == Say::Publish,
            approve: matches!(say, Say::Publish | Say::Approve),
            delete: person.holds(Right::Delete),
        },
        standing: Some(standing),
        token: Uuid::now_v7(),
        overtaken: Vec::new(),
        kind: K::KIND,
    })
}

fn said(remark: &Remark, say: Say, person: &Person, office: &Office) -> Said {
    Said {
        id: remark.id,
        by: remark.by.clone(),
        when: office.moment(remark.at),
        text: remark.text.clone(),
        may_settle: remarks::may_settle(say, person.id, remark),
    }
}

fn base_checked<K: Sheet>(opened: &Opened<K>, office: &Office) -> String {
    let today = office.clock.today();
    opened
        .draft
        .checked_at()
        .map_or("nog nooit".to_owned(), |day| {
            dutch::relative_day(day, today)
        })
}

fn proposed<K: Sheet>(
    (proposal, now): (&Proposal<K>, Option<&Picture>),
    sections: &[Section],
    base: &Fields,
    around: &Surroundings<'_>,
    person: &Person,
    office: &Office,
) -> Proposed {
    Proposed {
        differences: differences::between(sections, base, &proposal.draft.fields(around)),
        by: proposal.author_name.clone(),
        when: office.moment(proposal.proposed_at),
        own: proposal.author == person.id,
        photo: proposal
            .draft
            .picture()
            .filter(|picture| now != Some(*picture))
            .map(|picture| Thumbnail::of::<K>(proposal.draft.slug(), picture)),
    }
}

pub async fn revise<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let opened = editing::open::<K>(&mut conn, person, &slug)
        .await
        .map_err(refusal)?;
    if !changes(opened.say(person)) {
        return Err(Error::Forbidden);
    }
    let version: i32 = fields
        .text("versie")
        .parse()
        .map_err(|_| Error::BadRequest("form"))?;
    if add_block(&mut fields) {
        return html(
            &form_again(
                &office,
                person,
                &mut conn,
                (&opened, fields),
                Errors::default(),
            )
            .await?,
        );
    }
    let (basis, _) = opened.basis(person);
    let (draft, mut errors) = parsed::<K>(&office, &mut conn, &fields, Some(&basis)).await?;
    let Some(mut draft) = draft else {
        return refused(&form_again(&office, person, &mut conn, (&opened, fields), errors).await?);
    };
    if fields.text("doen") == "bekijk" {
        let to = format!("{}/voorbeeld", path_of::<K>(&slug));
        return shown_first(&mut conn, person, (K::KIND, slug.as_str()), &fields, &to).await;
    }
    draft.set_state(wanted_state(fields.text("doen"), opened.draft.state()));
    draft.set_picture(opened.picture_for(person).cloned());
    let mut tx = begin(&mut conn).await?;
    let done = if opened.overtook(person, version, fields.text(STAMP)) {
        Err(Refusal::Overtaken)
    } else {
        editing::revise(&mut tx, person, (&opened, version), &draft).await
    };
    match done {
        Ok(outcome) => {
            unfinished::forget(&mut tx, person, (K::KIND, slug.as_str())).await?;
            tx.commit().await?;
            let word = match outcome {
                Outcome::Proposed => "gestuurd",
                Outcome::Kept => done_word(draft.state()),
            };
            Ok(Redirect::to(&links::done(&path_of::<K>(&slug), word)).into_response())
        }
        Err(Refusal::Overtaken) => {
            drop(tx);
            let filled = (fields, draft);
            overtaken(&office, person, &mut conn, (&opened, version), filled).await
        }
        Err(other) => {
            drop(tx);
            told(other, &mut errors)?;
            refused(
                &record_page(&office, person, &mut conn, (&opened, Some(fields)), errors).await?,
            )
        }
    }
}

/// The form again, when someone else was first: with what they made of what this person did not
/// touch, and told what this person makes different. Who makes nothing different is done.
async fn overtaken<K: Sheet>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (opened, version): (&Opened<K>, i32),
    (mut fields, draft): (Fields, K),
) -> Result<Response, Error> {
    let versions = (opened.id, opened.version);
    let base = if version == opened.version {
        None
    } else {
        merge::as_it_was::<K>(conn, versions, version).await?
    };
    let merged = base.and_then(|base| merge::onto(&base, &draft, &opened.draft));
    let (basis, _) = opened.basis(person);
    let theirs = if version == opened.version {
        &basis
    } else {
        &opened.draft
    };
    let sections = K::sections(&office.names());
    let shown = merged.as_ref().unwrap_or(&draft);
    let mut slugs = opened.draft.named();
    slugs.extend(shown.named());
    let ground = Ground::read(office, conn, &slugs, &[], has_times(&sections)).await?;
    let around = ground.around();
    if merged.is_some() {
        // Checked today by both is checked.
        let checked = draft.checked_at() != opened.draft.checked_at();
        let checked = checked && fields.is_on(CHECKED);
        fields = shown.fields(&around);
        fields.flag(CHECKED, checked);
    } else {
        let told = schedules::told(draft.schedules(), &around);
        fields.set(schedules::TOLD, told);
    }
    let differences = differences::between(&sections, &theirs.fields(&around), &fields);
    let mut errors = Errors::default();
    if differences.is_empty() && draft.state() != opened.draft.state() {
        let text = "Iemand anders bewaarde dit net. Kies nog eens wat u ermee wilt doen.";
        errors.add("form", text);
    } else if differences.is_empty() {
        let path = path_of::<K>(opened.draft.slug());
        return Ok(Redirect::to(&links::done(&path, "bewaard")).into_response());
    }
    let mut page = record_page(office, person, conn, (opened, Some(fields)), errors).await?;
    page.overtaken = differences;
    page.page = page.page.wrong(true);
    // Who saves again has seen what is there now.
    if let Some(standing) = &mut page.standing {
        standing.version = opened.version;
    }
    refused(&page)
}

/// The form as it was filled in, over what it was filled in over.
async fn form_again<K: Sheet>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (opened, fields): (&Opened<K>, Fields),
    errors: Errors,
) -> Result<FormPage, Error> {
    let mut page = record_page(office, person, conn, (opened, Some(fields)), errors).await?;
    typed_over(&mut page);
    Ok(page)
}

fn wanted_state(act: &str, now: State) -> State {
    match act {
        "online" => State::Published,
        "stuur" => State::InReview,
        _ => now,
    }
}
