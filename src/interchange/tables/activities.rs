use std::str::FromStr;

use chrono::NaiveDateTime;
use sqlx::PgConnection;

use super::{cell, joined, source_cells, state_cells};
use crate::access::Actor;
use crate::base::{Slug, written};
use crate::catalogue::activities::{Draft, Provenance, Signup, Status, commands, store};
use crate::catalogue::agenda::{Change, Schedule, ScheduleFault, closures};
use crate::catalogue::editing;
use crate::catalogue::themes::Audience;
use crate::catalogue::{Act, CommandError, organisations, places, themes};
use crate::interchange::fault::{Fault, not_there};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept, Located, Notes, Sent};

impl Entry for Draft {
    const FILE: &'static str = "activities.csv";
    const COLUMNS: &'static [&'static str] = &[
        "slug",
        "title",
        "organisation",
        "place",
        "kind",
        "summary",
        "themes",
        "audiences",
        "step",
        "cost_cents",
        "cost_text",
        "signup",
        "signup_text",
        "language",
        "dtstart",
        "duration_minutes",
        "rrule",
        "exdates",
        "until",
        "status",
        "status_note",
        "provenance",
        "source_url",
        "source_year",
    ];
    const EXTRA: &'static [&'static str] = &[
        "state",
        "checked_at",
        "time_zone",
        "by_wall_clock",
        "all_day",
        "by_appointment",
        "rdates",
        "follows",
        "detail",
    ];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let title = row.name("title");
        let summary = row.summary();
        let detail = row.text("detail");
        let organisation = row.value::<Slug>("organisation");
        if let Some(organisation) = &organisation {
            row.refer(
                "organisation",
                organisations::Draft::FILE,
                organisation.as_str(),
            );
        }
        let place = row.reference("place", places::Draft::FILE);
        let kind = row.value("kind");
        let themes = row.references("themes", themes::Draft::FILE);
        let audiences = row.references("audiences", Audience::FILE);
        let step = row.value("step");
        let cost_cents = row.optional("cost_cents", |text| match i32::from_str(text) {
            Ok(cents @ 0..=10_000_000) => Ok(cents),
            _ => Err("geen bedrag in eurocenten"),
        });
        let signup = row.value_or("signup", Signup::None);
        let languages = row.values("language", language_code);
        let schedule = schedule(row);
        let status = row.value_or("status", Status::Confirmed);
        let provenance = row.value_or("provenance", Provenance::Source);
        let upkeep = row.upkeep();
        Some(Self {
            slug: slug?,
            title: title?,
            organisation: organisation?,
            place: place?,
            kind: kind?,
            summary,
            detail,
            themes: themes?,
            audiences: audiences?,
            step: step?,
            cost_cents: cost_cents?,
            cost_text: row.text("cost_text"),
            signup: signup?,
            signup_text: row.text("signup_text"),
            languages: languages?,
            schedules: schedule?.into_iter().collect(),
            status: status?,
            status_note: row.text("status_note"),
            provenance: provenance?,
            picture: None,
            upkeep: upkeep?,
        })
    }

    fn write(&self) -> Vec<String> {
        let mut cells = vec![
            self.key(),
            self.title.clone(),
            self.organisation.to_string(),
            cell(self.place.as_ref()),
            self.kind.as_str().to_owned(),
            self.summary.clone(),
            joined(&self.themes),
            joined(&self.audiences),
            self.step.as_str().to_owned(),
            cell(self.cost_cents.as_ref()),
            self.cost_text.clone(),
            self.signup.as_str().to_owned(),
            self.signup_text.clone(),
            joined(&self.languages),
        ];
        let (when, more) = schedule_cells(self.schedules.first());
        cells.extend(when);
        cells.extend([
            self.status.as_str().to_owned(),
            self.status_note.clone(),
            self.provenance.as_str().to_owned(),
        ]);
        cells.extend(source_cells(&self.upkeep));
        cells.extend(state_cells(&self.upkeep));
        cells.extend(more);
        cells.push(self.detail.clone());
        cells
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for Draft {
    fn carry(&mut self, present: &Self, sent: &Sent) {
        self.picture.clone_from(&present.picture);
        if !sent.has::<ScheduleRow>() {
            self.schedules
                .extend(present.schedules.iter().skip(1).cloned());
        }
        if sent.has::<ChangeRow>() {
            return;
        }
        // By place: another schedule may meet at the same moment.
        for (schedule, before) in self.schedules.iter_mut().zip(&present.schedules) {
            let changes = before.changes.iter();
            let changes = changes.filter(|change| schedule.holds(change.recurrence));
            schedule.changes = changes.cloned().collect();
        }
    }

    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::drafts(conn).await
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        commands::keep(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        editing::take_away(conn, actor, self, super::UNDONE).await
    }
}

fn language_code(text: &str) -> Result<String, &'static str> {
    let fits = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
    fits.then(|| text.to_owned())
        .ok_or("geen code van een taal (ISO 639-1, zoals nl)")
}

/// The schedule in a row's own columns; `Some(None)`: without dates.
#[expect(
    clippy::option_option,
    reason = "wrong, absent and there are three things"
)]
fn schedule(row: &mut Row<'_>) -> Option<Option<Schedule>> {
    let starts_at = row.optional("dtstart", local_time);
    let duration_minutes = row.optional("duration_minutes", minutes);
    let exception_dates = row.values("exdates", |text| {
        written::day(text).map_err(|_| "geen datum: schrijf 2026-12-22")
    });
    let until = row.date("until");
    let rrule = row.text("rrule");
    let time_zone = row.text("time_zone");
    let by_wall_clock = row.flag("by_wall_clock", false);
    let all_day = row.flag("all_day", false);
    let by_appointment = row.flag("by_appointment", false);
    let extra_starts = row.values("rdates", local_time);
    let follows = row.optional("follows", follows);
    let (starts_at, duration_minutes, exception_dates, until) =
        (starts_at?, duration_minutes?, exception_dates?, until?);
    let Some(starts_at) = starts_at else {
        if !rrule.is_empty() || duration_minutes.is_some() || until.is_some() {
            row.fault("dtstart", "een schema begint met een datum");
            return None;
        }
        return Some(None);
    };
    let plain = Schedule::once(starts_at, duration_minutes);
    let schedule = Schedule {
        time_zone: if time_zone.is_empty() {
            plain.time_zone
        } else {
            time_zone
        },
        by_wall_clock: by_wall_clock?,
        all_day: all_day?,
        by_appointment: by_appointment?,
        rrule: (!rrule.is_empty()).then_some(rrule),
        exception_dates,
        until,
        extra_starts: extra_starts?,
        follows: follows?.unwrap_or(plain.follows),
        ..plain
    };
    match schedule.check() {
        Ok(()) => Some(Some(schedule)),
        Err(fault) => {
            row.fault("rrule", fault);
            None
        }
    }
}

const NO_MOMENT: &str = "geen tijdstip: schrijf 2026-09-01T10:00";

fn local_time(text: &str) -> Result<NaiveDateTime, &'static str> {
    let (day, time) = text.split_once(['T', ' ']).ok_or(NO_MOMENT)?;
    let day = written::day(day).map_err(|_| NO_MOMENT)?;
    Ok(day.and_time(written::time(time).map_err(|_| NO_MOMENT)?))
}

fn minutes(text: &str) -> Result<i32, &'static str> {
    match i32::from_str(text) {
        Ok(minutes @ 1..=44_640) => Ok(minutes),
        _ => Err("geen aantal minuten van 1 tot en met 44640 (31 dagen)"),
    }
}

/// A cell that follows nothing says so: an empty one follows what is usual.
const NOTHING: &str = "nothing";

fn follows(text: &str) -> Result<Vec<closures::Kind>, String> {
    if text == NOTHING {
        return Ok(Vec::new());
    }
    let kinds = text
        .split(';')
        .map(str::trim)
        .filter(|kind| !kind.is_empty());
    kinds.map(closures::Kind::from_str).collect()
}

fn follows_cell(follows: &[closures::Kind]) -> String {
    if follows.is_empty() {
        return NOTHING.to_owned();
    }
    let kinds: Vec<&str> = follows.iter().map(|kind| kind.as_str()).collect();
    kinds.join(";")
}

fn time_cell(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}

/// `dtstart`, `duration_minutes`, `rrule`, `exdates`, `until`;
/// `time_zone`, `by_wall_clock`, `all_day`, `by_appointment`, `rdates`, `follows`.
fn schedule_cells(schedule: Option<&Schedule>) -> ([String; 5], [String; 6]) {
    let Some(s) = schedule else {
        return Default::default();
    };
    let extra: Vec<String> = s.extra_starts.iter().copied().map(time_cell).collect();
    let when = [
        time_cell(s.starts_at),
        cell(s.duration_minutes.as_ref()),
        cell(s.rrule.as_ref()),
        joined(&s.exception_dates),
        cell(s.until.as_ref()),
    ];
    let more = [
        s.time_zone.clone(),
        s.by_wall_clock.to_string(),
        s.all_day.to_string(),
        s.by_appointment.to_string(),
        joined(&extra),
        follows_cell(&s.follows),
    ];
    (when, more)
}

/// A further schedule of an activity that has more than one.
#[derive(Clone, PartialEq, Debug)]
pub struct ScheduleRow {
    activity: Slug,
    schedule: Schedule,
}

impl Entry for ScheduleRow {
    const FILE: &'static str = "activity_schedules.csv";
    const COLUMNS: &'static [&'static str] = &[
        "activity",
        "dtstart",
        "duration_minutes",
        "rrule",
        "exdates",
        "until",
    ];
    const EXTRA: &'static [&'static str] = &[
        "time_zone",
        "by_wall_clock",
        "all_day",
        "by_appointment",
        "rdates",
        "follows",
    ];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let activity = row.value::<Slug>("activity");
        let schedule = schedule(row)?;
        if schedule.is_none() {
            row.fault("dtstart", "mag niet leeg zijn");
        }
        Some(Self {
            activity: activity?,
            schedule: schedule?,
        })
    }

    fn write(&self) -> Vec<String> {
        let mut cells = vec![self.activity.to_string()];
        let (when, more) = schedule_cells(Some(&self.schedule));
        cells.extend(when);
        cells.extend(more);
        cells
    }

    fn key(&self) -> String {
        format!(
            "{} {} {}",
            self.activity,
            self.schedule.starts_at,
            cell(self.schedule.rrule.as_ref())
        )
    }
}

impl ScheduleRow {
    /// Gives the further schedules to their activities, in the order of the file.
    pub fn join(activities: &mut [Located<Draft>], rows: Vec<Located<Self>>, notes: &mut Notes) {
        for row in rows {
            match activities
                .iter_mut()
                .find(|activity| activity.entry.slug == row.entry.activity)
            {
                Some(activity) => activity.entry.schedules.push(row.entry.schedule),
                None => notes.faults.push(Fault {
                    file: Self::FILE,
                    line: row.line,
                    column: "activity".to_owned(),
                    message: not_there(row.entry.activity.as_str(), Draft::FILE),
                }),
            }
        }
    }

    /// The schedules that do not fit in `activities.csv`.
    #[must_use]
    pub fn split(activities: &[Draft]) -> Vec<Self> {
        activities
            .iter()
            .flat_map(|activity| {
                activity.schedules.iter().skip(1).map(|schedule| Self {
                    activity: activity.slug.clone(),
                    schedule: schedule.clone(),
                })
            })
            .collect()
    }
}

/// What is different on one day of an activity.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangeRow {
    activity: Slug,
    change: Change,
}

impl Entry for ChangeRow {
    const FILE: &'static str = "activity_changes.csv";
    const COLUMNS: &'static [&'static str] = &["activity", "recurrence", "kind"];
    const EXTRA: &'static [&'static str] = &["dtstart", "duration_minutes", "place", "reason"];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let activity = row.value::<Slug>("activity");
        let recurrence = row.optional("recurrence", local_time);
        let kind = row.value("kind");
        let starts_at = row.optional("dtstart", local_time);
        let duration_minutes = row.optional("duration_minutes", minutes);
        let place = row.reference("place", places::Draft::FILE);
        let recurrence = recurrence?;
        if recurrence.is_none() {
            row.fault("recurrence", "mag niet leeg zijn");
        }
        Some(Self {
            activity: activity?,
            change: Change {
                recurrence: recurrence?,
                kind: kind?,
                starts_at: starts_at?,
                duration_minutes: duration_minutes?,
                place: place?,
                reason: row.text("reason"),
            },
        })
    }

    fn write(&self) -> Vec<String> {
        let change = &self.change;
        vec![
            self.activity.to_string(),
            time_cell(change.recurrence),
            change.kind.as_str().to_owned(),
            change.starts_at.map(time_cell).unwrap_or_default(),
            cell(change.duration_minutes.as_ref()),
            cell(change.place.as_ref()),
            change.reason.clone(),
        ]
    }

    fn key(&self) -> String {
        format!("{} {}", self.activity, self.change.recurrence)
    }
}

impl ChangeRow {
    /// Gives the changes to the schedules whose meeting they change.
    pub fn join(activities: &mut [Located<Draft>], rows: Vec<Located<Self>>, notes: &mut Notes) {
        for Located { line, entry } in rows {
            let mut fault = |column: &str, message: String| {
                notes.faults.push(Fault {
                    file: Self::FILE,
                    line,
                    column: column.to_owned(),
                    message,
                });
            };
            let activity = activities
                .iter_mut()
                .find(|a| a.entry.slug == entry.activity);
            let Some(activity) = activity else {
                let slug = entry.activity.as_str();
                fault("activity", not_there(slug, Draft::FILE));
                continue;
            };
            let recurrence = entry.change.recurrence;
            let mut schedules = activity.entry.schedules.iter_mut();
            match schedules.find(|schedule| schedule.holds(recurrence)) {
                None => fault(
                    "recurrence",
                    ScheduleFault::NoMeeting(recurrence).to_string(),
                ),
                Some(schedule) => {
                    schedule.changes.push(entry.change);
                    schedule.changes.sort_by_key(|change| change.recurrence);
                    if let Err(error) = schedule.check() {
                        fault("kind", error.to_string());
                    }
                }
            }
        }
    }

    /// The changes of all schedules.
    #[must_use]
    pub fn split(activities: &[Draft]) -> Vec<Self> {
        let of = |activity: &Draft| {
            let changes = activity.schedules.iter().flat_map(|s| s.changes.clone());
            let row = |change| Self {
                activity: activity.slug.clone(),
                change,
            };
            changes.map(row).collect::<Vec<_>>()
        };
        activities.iter().flat_map(of).collect()
    }
}
