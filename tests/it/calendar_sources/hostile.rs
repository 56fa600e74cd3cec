//! No file does harm, whatever stands in it.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use wijzer::interchange::calendars::{Places, Unreadable, read};

use super::{calendar, draft, event, follow, now, sample, town};
use crate::support::run;

const SAMPLES: [&str; 6] = [
    "outlook",
    "google",
    "apple",
    "nextcloud",
    "thunderbird",
    "wordpress",
];

fn try_to_read(bytes: &[u8]) {
    if let Ok(reading) = read(bytes, &Places::default(), now()) {
        for item in &reading.items {
            assert!(!item.title.contains(char::is_control) && item.title.chars().count() <= 201);
            assert!(!item.text.contains(char::is_control) && item.text.chars().count() <= 1_001);
            for schedule in &item.schedules {
                schedule.check().unwrap();
            }
        }
    }
}

/// A line of an event, right or wrong.
fn line() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
        "RDATE",
        "RECURRENCE-ID",
        "SUMMARY",
        "UID",
        "STATUS",
    ]);
    let params = prop::sample::select(vec![
        "",
        ";VALUE=DATE",
        ";VALUE=PERIOD",
        ";TZID=Europe/Amsterdam",
        ";TZID=\"W. Europe Standard Time\"",
        ";TZID=America/New_York",
        ";TZID=Pacific/Apia",
        ";RANGE=THISANDFUTURE",
        ";X=\"a;b:c\"",
    ]);
    let values = prop_oneof![
        "[0-9]{8}T[0-9]{6}Z?",
        "(19|20|21)[0-9]{2}(0[1-9]|1[0-2])[0-2][0-9](T[0-2][0-9][0-5][0-9][0-5][0-9]Z?)?",
        "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY)(;INTERVAL=[0-9]{1,5})?(;BYDAY=-?[0-5]?(MO|SU))?(;COUNT=[0-9]{1,4})?(;UNTIL=20[0-9]{6})?",
        "FREQ=YEARLY;BYMONTHDAY=-?[0-9]{1,2};BYSETPOS=[0-9]{1,3};BYWEEKNO=[0-9]{1,2}",
        "P[0-9]{0,8}[WD]?(T[0-9]{1,8}[HMS])?",
        "\\PC{0,30}",
    ];
    (names, params, values).prop_map(|(name, params, value)| format!("{name}{params}:{value}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        try_to_read(&bytes);
        try_to_read(&[b"BEGIN:VCALENDAR\n", bytes.as_slice(), b"\nEND:VCALENDAR"].concat());
    }

    #[test]
    fn samples_with_bytes_changed(
        which in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = sample(SAMPLES[which]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        try_to_read(&bytes);
    }

    #[test]
    fn events_of_any_lines(lines in prop::collection::vec(prop::collection::vec(line(), 1..8), 1..4)) {
        let events: Vec<String> = lines
            .iter()
            .map(|lines| format!("UID:a\r\nSUMMARY:Zingen\r\nDTSTART:20261210T100000\r\n{}", lines.join("\r\n")))
            .chain(lines.iter().map(|lines| format!("UID:b\r\n{}", lines.join("\r\n"))))
            .collect();
        try_to_read(calendar(&events).as_bytes());
    }
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_refused() {
    let whole = calendar(&[event("a", "Zingen"), event("b", "Dansen")]);
    for end in 0..whole.trim_end().len() {
        let cut = read(&whole.as_bytes()[..end], &Places::default(), now());
        assert!(cut.is_err(), "{}", &whole[..end]);
    }
}

#[test]
fn size_depth_and_number_are_bounded() {
    let read = |text: &[u8]| read(text, &Places::default(), now()).map(|r| r.items.len());
    let begun = Instant::now();
    assert_eq!(
        read(&vec![b'A'; 6_000_000]),
        Err(Unreadable::TooLarge(5 * 1024 * 1024))
    );
    assert_eq!(
        read("BEGIN:VCALENDAR\n".repeat(200_000).as_bytes()),
        Err(Unreadable::TooDeep(9))
    );
    let many: Vec<String> = (0..5_001)
        .map(|n| event(&n.to_string(), "Zingen"))
        .collect();
    assert_eq!(
        read(calendar(&many).as_bytes()),
        Err(Unreadable::TooMany(5_000))
    );
    assert_eq!(read(calendar(&many[..5_000]).as_bytes()), Ok(5_000));
    assert_eq!(
        read(calendar(&["A:\n".repeat(300_000)]).as_bytes()),
        Err(Unreadable::TooLong(250_000))
    );
    let tags = format!(
        "{}\r\nDESCRIPTION:{}",
        event("a", "Zingen"),
        "<script".repeat(500_000)
    );
    assert_eq!(read(calendar(&[tags]).as_bytes()), Ok(1));
    let dates = format!(
        "{}\r\nRDATE:{}",
        event("a", "Zingen"),
        "20261210T100000,".repeat(200_000)
    );
    assert_eq!(read(calendar(&[dates]).as_bytes()), Ok(0), "refused");
    assert!(
        begun.elapsed() < Duration::from_mins(1),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn rules_that_never_end_or_never_meet_are_bounded() {
    let rules = [
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=65535",
        "FREQ=DAILY;COUNT=4000000000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=YEARLY;BYSETPOS=366",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;RSCALE=CHINESE",
        "FREQ=WEEKLY;WEET=NIET",
        "INTERVAL=2",
        "=;=;=",
    ];
    for rule in rules {
        let begun = Instant::now();
        let text = calendar(&[format!("{}\r\nRRULE:{rule}", event("a", "Zingen"))]);
        let reading = read(text.as_bytes(), &Places::default(), now()).unwrap();
        let fate = match reading.items.first() {
            None => reading.remarks[0].to_string(),
            // Held once: the day of DTSTART.
            Some(item) => {
                assert!(item.schedules[0].rrule.is_none(), "{rule}: {item:?}");
                "once".to_owned()
            }
        };
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{rule}: {fate} after {:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn nothing_in_a_text_becomes_more_than_text() {
    run(async {
        let mut portal = town().await;
        let title = r"<script>alert(1)</script>Zingen\nBEGIN:VEVENT\nSUMMARY:vals";
        let text = r#"<img src=x onerror=alert(1)>&lt;script&gt;alert(2)&lt;/script&gt; =1+1 \" onmouseover="#;
        let uid = "a'; drop table activities; --";
        let link = "javascript:alert(1)";
        let given = format!("{}\r\nDESCRIPTION:{text}\r\nURL:{link}", event(uid, title));
        let run = follow(&portal, &calendar(&[given])).await;
        assert_eq!(run.registered, 1, "{run:?}");
        portal.turn().await;
        let slug = "zingen-begin-vevent-summary-vals";
        assert_eq!(draft(&portal, slug).await.upkeep.source_url, "");
        let page = portal.get(&format!("/activiteiten/{slug}")).await.ok();
        for wrong in ["<script>alert", "<img src=x", "javascript:alert"] {
            assert!(!page.html().contains(wrong), "{wrong}");
        }
        let ours = portal.get(&format!("/activiteiten/{slug}.ics")).await.ok();
        assert_eq!(ours.html().matches("\nBEGIN:VEVENT").count(), 1);
    });
}
