use proptest::prelude::*;

use super::*;
use crate::catalogue::agenda::{Closure, Schedule, coming};

pub(in crate::catalogue::agenda) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn time(text: &str) -> NaiveTime {
    text.parse().expect("a time")
}

pub(in crate::catalogue::agenda) fn weekly(first: &str, on: &[Weekday]) -> PlainSchedule {
    PlainSchedule {
        first: day(first),
        hours: Hours::Clock {
            from: time("10:00:00"),
            to: Some(time("12:00:00")),
        },
        repeat: Repeat::weekly(on.iter().copied()),
        end: End::Never,
        left_out: BTreeSet::from([Kind::Place]),
        except: BTreeSet::new(),
        by_appointment: false,
    }
}

/// The closures of the demonstration set.
fn closures() -> Vec<Closure> {
    let table = include_str!("../../../../data/deventer/closures.csv");
    let lines = table.lines().skip(1).map(|line| line.rsplit(',').collect());
    let closure = |cells: Vec<&str>| Closure {
        name: cells[4..].concat(),
        start: day(cells[3]),
        end: day(cells[2]),
        certain: cells[1] == "true",
        kind: cells[0].parse().expect("a kind"),
        place: None,
        hours: None,
    };
    lines.map(closure).collect()
}

fn weekdays() -> impl Strategy<Value = WeekdaySet> {
    prop::collection::btree_set(0..7_u8, 1..5)
        .prop_map(|days| days.into_iter().map(weekday).collect())
}

fn weekday(number: u8) -> Weekday {
    Weekday::try_from(number).expect("a weekday")
}

fn a_repeat() -> impl Strategy<Value = Repeat> {
    let nths = prop::collection::btree_set(prop_oneof![Just(-1_i8), 1..=5_i8], 1..3);
    let month_day = prop_oneof![Just(-1_i8), 1..=31_i8];
    prop_oneof![
        Just(Repeat::once()),
        (1..9_u16).prop_map(Repeat::Days),
        (1..5_u16, weekdays()).prop_map(|(every, on)| Repeat::Weeks { every, on }),
        (any::<bool>(), weekdays()).prop_map(|(even, on)| Repeat::Parity { even, on }),
        (1..4_u16, nths, 0..7_u8).prop_map(|(every, nths, day)| Repeat::NthWeekday {
            every,
            nths,
            day: weekday(day),
        }),
        (1..4_u16, month_day).prop_map(|(every, day)| Repeat::MonthDay { every, day }),
        Just(Repeat::Yearly),
    ]
}

fn some_hours() -> impl Strategy<Value = Hours> {
    let quarter = |n: u32| NaiveTime::from_hms_opt(n / 4, n % 4 * 15, 0).expect("a time");
    let clock = (0..96_u32, prop::option::of(1..96_u32)).prop_map(move |(from, ahead)| {
        let to = ahead.map(|ahead| quarter((from + ahead) % 96));
        Hours::Clock {
            from: quarter(from),
            to,
        }
    });
    prop_oneof![3 => clock, 1 => (1..4_u16).prop_map(Hours::WholeDays)]
}

fn kinds() -> impl Strategy<Value = BTreeSet<Kind>> {
    prop::sample::subsequence(
        vec![Kind::PublicHoliday, Kind::SchoolHoliday, Kind::Observance],
        0..=3,
    )
    .prop_map(|kinds| kinds.into_iter().chain([Kind::Place]).collect())
}

/// A plain schedule without a fault that begins on or soon after this day.
pub(in crate::catalogue::agenda) fn plain(
    today: NaiveDate,
) -> impl Strategy<Value = PlainSchedule> {
    let end = prop_oneof![
        2 => Just(End::Never),
        1 => (0..300_u64).prop_map(move |days| End::On(today + Days::new(days))),
        1 => (1..20_u32).prop_map(End::Times),
    ];
    let picks = prop::collection::btree_set(1..8_usize, 0..4);
    let shape = (0..90_u64, some_hours(), a_repeat(), end, kinds());
    (shape, picks, any::<bool>()).prop_map(
        move |((ahead, hours, repeat, end, left_out), picks, by_appointment)| {
            let first = repeat.first_from(today + Days::new(ahead)).expect("a day");
            let mut plain = PlainSchedule {
                first,
                hours,
                repeat,
                end: End::Never,
                left_out,
                except: BTreeSet::new(),
                by_appointment,
            };
            if let Repeat::Dates(more) = &mut plain.repeat {
                // Not on end: that would be one thing of several days.
                plain.left_out = BTreeSet::from([Kind::Place]);
                more.extend(picks.iter().map(|n| first + Days::new(*n as u64 * 5)));
                return plain;
            }
            let end = match end {
                End::On(last) => End::On(last.max(first)),
                end => end,
            };
            let last = match end {
                End::On(last) => last,
                _ => first + Days::new(700),
            };
            let met = plain.meetings(first, last);
            let picked = picks.iter().filter_map(|n| met.get(*n));
            plain.except = picked.copied().collect();
            plain.end = end;
            plain
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_filled_in_is_read_back(plain in plain(day("2026-11-24"))) {
        let schedule = plain.schedule(&closures()).expect("no fault");
        prop_assert_eq!(schedule.check(), Ok(()));
        prop_assert!(schedule.holds(schedule.starts_at) || plain.except.contains(&plain.first));
        prop_assert_eq!(PlainSchedule::of(&schedule, &closures()), Some(plain));
    }

    #[test]
    fn so_many_times_is_so_many_meetings_held(plain in plain(day("2026-11-24"))) {
        let schedule = plain.schedule(&closures()).expect("no fault");
        if let End::Times(times) = plain.end {
            let before = plain.first.pred_opt().expect("a day").and_time(NaiveTime::MIN);
            let all = closures();
            let held = coming(&schedule, &all, before, NaiveDate::MAX, usize::MAX);
            prop_assert_eq!(held.len(), times as usize);
            prop_assert!(held.iter().all(|date| !plain.except.contains(&date.start.date())));
        }
    }
}

#[test]
fn eight_lessons_are_eight_evenings_with_a_holiday_between() {
    let mut course = weekly("2027-01-14", &[Weekday::Thu]);
    course.end = End::Times(8);
    course.except = BTreeSet::from([day("2027-02-11")]);
    course.left_out.insert(Kind::SchoolHoliday);
    let schedule = course.schedule(&closures()).expect("no fault");
    // 25 February falls in the spring holiday.
    assert_eq!(
        schedule.rrule.as_deref(),
        Some("FREQ=WEEKLY;BYDAY=TH;COUNT=10")
    );
    assert_eq!(
        PlainSchedule::of(&schedule, &closures()).map(|plain| plain.end),
        Some(End::Times(8))
    );
}

#[test]
fn faults_are_said_to_a_person() {
    let good = weekly("2026-12-01", &[Weekday::Tue]);
    let fault = |change: &dyn Fn(&mut PlainSchedule)| {
        let mut plain = good.clone();
        change(&mut plain);
        plain.schedule(&[]).expect_err("a fault").to_string()
    };
    for (said, expected) in [
        (
            fault(&|p| p.first = day("2026-12-02")),
            "Woensdag 2 december 2026 is geen dag van deze regel. \
             De eerste dag daarna is dinsdag 8 december 2026.",
        ),
        (
            fault(&|p| p.repeat = Repeat::weekly([])),
            "Kies een of meer dagen.",
        ),
        (
            fault(&|p| p.hours = Hours::WholeDays(0)),
            "Kies een getal van 1 tot en met 31.",
        ),
        (
            fault(&|p| {
                p.hours = Hours::Clock {
                    from: time("10:00:00"),
                    to: Some(time("10:00:00")),
                }
            }),
            "De eindtijd is dezelfde als de begintijd.",
        ),
        (
            fault(&|p| p.end = End::On(day("2026-11-30"))),
            "De laatste dag ligt voor de eerste dag.",
        ),
        (
            fault(&|p| p.except = BTreeSet::from([day("2026-12-23")])),
            "Op woensdag 23 december 2026 is er niets om over te slaan.",
        ),
        (
            fault(&|p| {
                p.repeat = Repeat::once();
                p.end = End::Times(3);
            }),
            "Wat niet herhaald wordt, heeft geen laatste dag, aantal keren of dagen zonder.",
        ),
    ] {
        assert_eq!(said, expected);
    }
}

#[test]
fn a_night_ends_on_the_hour_that_was_filled_in() {
    let mut night = weekly("2026-10-24", &[]);
    night.repeat = Repeat::once();
    night.hours = Hours::Clock {
        from: time("22:00:00"),
        to: Some(time("07:30:00")),
    };
    let schedule = night.schedule(&[]).expect("no fault");
    let dates = coming(&schedule, &[], schedule.starts_at, NaiveDate::MAX, 1);
    assert_eq!(dates[0].end, "2026-10-25T07:30:00".parse().ok());
    // As elapsed time it is an hour more, and reads the same.
    let elapsed = Schedule {
        by_wall_clock: false,
        duration_minutes: Some(630),
        ..schedule
    };
    assert_eq!(PlainSchedule::of(&elapsed, &[]), Some(night));
}

#[test]
fn what_the_form_cannot_hold_is_not_bent() {
    let schedule = |rule: &str| Schedule {
        rrule: Some(rule.to_owned()),
        ..Schedule::once("2026-09-03T10:00:00".parse().expect("a time"), Some(60))
    };
    for rule in [
        "FREQ=MONTHLY;BYDAY=1TU,1TH",
        "FREQ=WEEKLY;BYDAY=TH;BYMONTH=9",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3",
        "FREQ=MONTHLY;BYMONTHDAY=3,17",
        "FREQ=YEARLY;INTERVAL=4",
        "FREQ=YEARLY;BYWEEKNO=2,4,36;BYDAY=TH",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TH",
        "FREQ=WEEKLY;BYDAY=FR",
        "FREQ=DAILY;BYDAY=TH",
    ] {
        assert_eq!(PlainSchedule::of(&schedule(rule), &[]), None, "{rule}");
    }
    let bent = |bend: &dyn Fn(&mut Schedule)| {
        let mut schedule = schedule("FREQ=WEEKLY;BYDAY=TH");
        assert!(PlainSchedule::of(&schedule, &[]).is_some());
        bend(&mut schedule);
        PlainSchedule::of(&schedule, &[])
    };
    assert_eq!(bent(&|s| s.time_zone = "Asia/Tokyo".to_owned()), None);
    assert_eq!(bent(&|s| s.duration_minutes = Some(3000)), None);
    assert_eq!(
        bent(&|s| s.extra_starts = vec!["2026-09-04T10:00:00".parse().expect("a time")]),
        None
    );
    for (short, long) in [
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=3"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TH"),
        ("FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=3", "FREQ=YEARLY"),
    ] {
        let plain = PlainSchedule::of(&schedule(short), &[]).expect("fits");
        let again = plain.schedule(&[]).expect("no fault");
        assert_eq!(again.rrule.as_deref(), Some(long));
    }
}
