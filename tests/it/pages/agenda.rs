use scraper::ElementRef;
use wijzer::catalogue::agenda::{Change, ChangeKind, Closure, closures};

use crate::support::builders::{ActivityBuilder, OrganisationBuilder, PlaceBuilder, slug};
use crate::support::page::{TestPage, text};
use crate::support::portal::{TestPortal, deventer};
use crate::support::run;
use crate::support::server::Template;

#[test]
fn the_agenda_shows_two_weeks_and_nothing_that_is_over() {
    run(async {
        let page = deventer().await.get("/agenda").await.ok();
        assert_eq!(page.one("h1"), "Agenda");
        let moments = page.attributes(".wijzer-agenda__time time", "datetime");
        assert_eq!(moments.len(), 60, "a page");
        let mut seen = page.hits();
        let mut next = page;
        while next.has("a[rel=next]") {
            let href = next.attribute("a[rel=next]", "href");
            next = deventer().await.get(&href).await.ok();
            let days = next.attributes(".wijzer-agenda__date time", "datetime");
            let fits = |day: &String| ("2026-11-24".."2026-12-08").contains(&day.as_str());
            assert!(days.iter().all(fits) && days.is_sorted(), "{days:?}");
            seen.extend(next.hits());
        }
        assert!(
            !seen.contains(&"activity:rollatorloop-colmschate".to_owned()),
            "called off"
        );
        let said = next.one("#resultaten");
        assert_eq!(
            said,
            format!("{} activiteiten de komende twee weken", seen.len())
        );
        let many = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), many, "a series stands once");
    });
}

#[test]
fn past_called_off_ended_and_unpublished_dates_stay_out() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        let at = |title: &str| ActivityBuilder::new(title, "club");
        for activity in [
            at("Nu bezig").once("2026-11-24T08:00").published(),
            at("Net voorbij").once("2026-11-24T06:30").published(),
            at("Vanavond").once("2026-11-24T20:00").published(),
            at("Laatste dag").once("2026-12-07T20:00").published(),
            at("Te ver").once("2026-12-08T08:00").published(),
            at("Afgelast")
                .once("2026-11-25T20:00")
                .cancelled()
                .published(),
            at("Bijna klaar")
                .weekly("2026-11-18T10:00", Some("2026-11-25"))
                .published(),
            at("Afgelopen")
                .weekly("2026-11-10T10:00", Some("2026-11-23"))
                .published(),
            at("Concept").once("2026-11-25T20:00").draft(),
        ] {
            portal.keep(&activity).await;
        }
        portal.turn().await;
        let page = portal.get("/agenda").await.ok();
        let shown = [
            "activity:nu-bezig",
            "activity:vanavond",
            "activity:bijna-klaar",
            "activity:laatste-dag",
        ];
        assert_eq!(page.hits(), shown);
    });
}

#[test]
fn the_agenda_of_one_zone() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        for zone in ["voorstad", "centrum"] {
            portal
                .keep(
                    &PlaceBuilder::new(&format!("zaal {zone}"))
                        .in_zone(zone)
                        .published(),
                )
                .await;
            let activity =
                ActivityBuilder::new(&format!("Sport {zone}"), "club").at(&format!("zaal-{zone}"));
            let mut activity = activity.weekly("2026-11-24T14:00", None).published();
            activity.schedules[0].rrule = Some("FREQ=DAILY".to_owned());
            portal.keep(&activity).await;
        }
        portal.turn().await;
        let page = portal.get("/wijken/voorstad/agenda").await.ok();
        assert_eq!(page.one("h1"), "Agenda van Voorstad en omgeving");
        let own = ["activity:sport-voorstad"];
        assert!(page.hits().contains(&own[0].to_owned()));
        assert_eq!(
            page.attributes("select[name=wijk] option[selected]", "value"),
            ["voorstad"]
        );
        let day = portal
            .get("/wijken/voorstad/agenda?dag=2026-11-27")
            .await
            .ok();
        // Little is on in the zone: a day shows what is around it too, as the two weeks do.
        assert_eq!(day.hits(), ["activity:sport-centrum", own[0]]);
        assert!(day.one(".wijzer-alert").contains("weinig te doen"));
        assert_eq!(
            day.attributes(".wijzer-agenda__time time", "datetime"),
            ["2026-11-27T14:00", "2026-11-27T14:00"]
        );
        for everywhere in ["/agenda?wijk=", "/agenda?wijk=bestaat-niet", "/agenda"] {
            assert_eq!(portal.get(everywhere).await.ok().hits().len(), 2);
        }
        assert_eq!(portal.get("/wijken/nergens/agenda").await.status, 404);
    });
}

#[test]
fn every_filter_narrows_and_each_count_is_what_a_click_gives() {
    run(async {
        let portal = deventer().await;
        let whole = portal.get("/agenda").await.ok();
        let number = |page: &TestPage| -> usize {
            let said = page.one("#resultaten");
            said.split(' ').next().unwrap().parse().unwrap_or(0)
        };
        let all = number(&whole);
        for (name, values) in [
            ("deel", vec!["ochtend", "middag", "avond"]),
            ("soort", vec!["meal", "course"]),
            ("doelgroep", vec!["ouderen"]),
            ("thema", vec!["ontmoeten-en-meedoen"]),
            ("gratis", vec!["ja"]),
        ] {
            for value in values {
                let field = format!("input[name={name}][value='{value}']");
                let row = whole.elements(&field)[0];
                let label = row.ancestors().find_map(ElementRef::wrap).unwrap();
                let words: String = label.text().collect();
                let digits: String = words.chars().filter(char::is_ascii_digit).collect();
                let page = portal.get(&format!("/agenda?{name}={value}")).await.ok();
                assert_eq!(number(&page).to_string(), digits, "{name}={value}");
                assert!(number(&page) < all && number(&page) > 0, "{name}={value}");
                assert!(page.has(&format!("{field}[checked]")));
                let chip = page.attribute(".wijzer-chip", "href");
                assert_eq!(chip, "/agenda", "the chip takes it off");
                assert_eq!(page.attribute("meta[name=robots]", "content"), "noindex");
            }
        }
        for (zone, words) in [("Bathmen", "bathmen"), ("Voorstad", "voorstad")] {
            let option = format!("select[name=wijk] option[value={words}]");
            let count = whole.one(&option);
            let page = portal.get(&format!("/wijken/{words}/agenda")).await.ok();
            assert_eq!(count, format!("{zone} ({})", number(&page)));
        }
    });
}

#[test]
fn days_have_names_and_a_strip_leads_to_each() {
    run(async {
        let portal = deventer().await;
        // The clock of these tests stands on Tuesday, 24 November 2026, nine o'clock.
        for (query, first, last) in [
            ("wanneer=vandaag", "2026-11-24", "2026-11-24"),
            ("wanneer=morgen", "2026-11-25", "2026-11-25"),
            ("wanneer=weekend", "2026-11-28", "2026-11-29"),
            ("wanneer=volgende-week", "2026-11-30", "2026-12-06"),
            ("dag=2026-12-05", "2026-12-05", "2026-12-05"),
            ("vanaf=2026-12-10", "2026-12-10", "2026-12-23"),
            // What means nothing, or is over, is as if it was not asked.
            ("dag=2026-11-20", "2026-11-24", "2026-12-07"),
            ("dag=gisteren&wanneer=ooit", "2026-11-24", "2026-12-07"),
        ] {
            let page = portal.get(&format!("/agenda?{query}")).await.ok();
            let days = page.attributes(".wijzer-agenda__date time", "datetime");
            assert!(!days.is_empty(), "{query}");
            let fits = |day: &String| (first..=last).contains(&day.as_str());
            assert!(days.iter().all(fits), "{query}: {days:?}");
        }
        let page = portal.get("/wijken/bathmen/agenda").await.ok();
        let strip = page.attributes(".wijzer-strip a", "href");
        assert!(strip.len() > 5);
        for href in strip {
            let day = portal.get(&href).await.ok();
            let words = day.one(".wijzer-strip [aria-current=date] time");
            let shown = day.hits().len();
            let times = format!("{shown} keer iets te doen");
            assert!(words.ends_with(&times), "{href}: {words}, shown {shown}");
        }
    });
}

#[test]
fn a_month_is_a_table_and_each_day_leads_to_its_list() {
    run(async {
        let portal = deventer().await;
        let page = portal.get("/agenda/maand?maand=2026-12").await.ok();
        assert_eq!(page.one("h1"), "Agenda: december 2026");
        assert_eq!(page.elements(".wijzer-month tbody tr").len(), 5);
        assert_eq!(page.elements(".wijzer-month th[scope=col]").len(), 7);
        // Weeks that are over take no room.
        let this = portal.get("/agenda/maand").await.ok();
        let weeks = this.attributes(".wijzer-month tbody tr", "data-week");
        assert_eq!(weeks, ["48", "49"]);
        let days = page.attributes(".wijzer-month__date time", "datetime");
        assert!(days.len() > 20 && days.is_sorted(), "{days:?}");
        assert!(days.iter().all(|day| day.starts_with("2026-12")));
        let href = page.attributes("a.wijzer-month__date", "href").remove(0);
        assert_eq!(href, "/agenda?dag=2026-12-01");
        portal.get(&href).await.ok();
        let (before, after) = (
            page.attribute("a[rel=prev]", "href"),
            page.attribute("a[rel=next]", "href"),
        );
        assert_eq!(before, "/agenda/maand?maand=2026-11");
        assert_eq!(after, "/agenda/maand?maand=2027-01");
        // What is not a month of the coming time is this month.
        for odd in ["2026-10", "2030-01", "2026-13", "december", "0000-00"] {
            let odd = portal.get(&format!("/agenda/maand?maand={odd}")).await.ok();
            assert_eq!(odd.one("h1"), "Agenda: november 2026");
            assert!(!odd.has("a[rel=prev]"));
        }
        let own = portal
            .get("/wijken/bathmen/agenda/maand?deel=avond")
            .await
            .ok();
        assert!(own.one("h1").starts_with("Agenda van Bathmen"));
        let hours = own.attributes(".wijzer-month__items time", "datetime");
        assert!(!hours.is_empty());
        assert!(hours.iter().all(|at| at[11..] >= *"18:00"), "{hours:?}");
    });
}

#[test]
fn a_week_on_paper_holds_every_date_of_it() {
    run(async {
        let portal = deventer().await;
        let page = portal
            .get("/wijken/bathmen/agenda/week?week=2026-12-03")
            .await
            .ok();
        let lead = page.one(".wijzer-lead");
        assert_eq!(lead, "Maandag 30 november tot en met zondag 6 december");
        let moments = page.attributes(".wijzer-agenda__time time", "datetime");
        assert!(moments.len() >= 5 && moments.is_sorted());
        let within = |at: &String| ("2026-11-30".."2026-12-07").contains(&at.as_str());
        assert!(moments.iter().all(within), "{moments:?}");
        let large = portal
            .get("/wijken/bathmen/agenda/week?week=2026-12-03&groot=ja")
            .await
            .ok();
        assert!(large.has("main.wijzer-main--large"));
        assert_eq!(
            large.attributes(".wijzer-agenda__time time", "datetime"),
            moments
        );
    });
}

#[test]
fn little_in_a_zone_is_filled_from_around_it_and_that_is_said() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        for zone in ["voorstad", "centrum"] {
            let place = PlaceBuilder::new(&format!("zaal {zone}")).in_zone(zone);
            portal.keep(&place.published()).await;
            let activity =
                ActivityBuilder::new(&format!("Sport {zone}"), "club").at(&format!("zaal-{zone}"));
            portal
                .keep(&activity.once("2026-11-26T14:00").published())
                .await;
        }
        portal.turn().await;
        let page = portal.get("/wijken/voorstad/agenda").await.ok();
        assert_eq!(page.hits().len(), 2);
        assert!(page.one(".wijzer-alert").contains("weinig te doen"));
        let asked = portal.get("/wijken/voorstad/agenda?buurt=ja").await.ok();
        assert_eq!(asked.hits().len(), 2);
        assert!(!asked.has(".wijzer-alert"), "it was asked for");
    });
}

#[test]
fn what_is_different_on_a_day_is_said_where_the_day_stands() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Koor").published())
            .await;
        for name in ["Zaal", "Kerk"] {
            portal.keep(&PlaceBuilder::new(name).published()).await;
        }
        let mut activity = ActivityBuilder::new("Zingen", "koor")
            .at("zaal")
            .weekly("2026-11-25T10:00", Some("2026-12-31"))
            .published();
        let change = |day: &str, kind, starts_at: Option<&str>, place: Option<&str>| Change {
            recurrence: format!("{day}T10:00:00").parse().unwrap(),
            kind,
            starts_at: starts_at.map(|at| at.parse().unwrap()),
            duration_minutes: None,
            place: place.map(slug),
            reason: "de dirigent is ziek".to_owned(),
        };
        activity.schedules[0].changes = vec![
            change("2026-11-25", ChangeKind::Cancelled, None, None),
            change(
                "2026-12-02",
                ChangeKind::Moved,
                Some("2026-12-03T19:30:00"),
                Some("kerk"),
            ),
            change("2026-12-09", ChangeKind::Postponed, None, None),
        ];
        portal.publish(&activity).await;
        let page = portal.get("/activiteiten/zingen").await.ok();
        let dates = page.attributes("time.wijzer-schedule__day", "datetime");
        assert_eq!(
            dates,
            [
                "2026-12-03T19:30",
                "2026-12-16T10:00",
                "2026-12-23T10:00",
                "2026-12-30T10:00"
            ]
        );
        assert_eq!(
            page.texts("s.wijzer-schedule__day"),
            ["woensdag 25 november", "woensdag 9 december"]
        );
        assert_eq!(
            page.texts(".wijzer-schedule__note"),
            [
                "Gaat niet door: de dirigent is ziek",
                "Verplaatst van woensdag 2 december. Nu in Kerk: de dirigent is ziek",
                "Uitgesteld: de dirigent is ziek"
            ]
        );
        let agenda = portal.get("/agenda").await.ok();
        assert_eq!(
            agenda.attributes(".wijzer-agenda__time time", "datetime"),
            ["2026-12-03T19:30"]
        );
        let item = agenda.one(".wijzer-agenda__item");
        for said in [
            "Nu in Kerk",
            "Niet op woensdag 25 november",
            "En daarna elke woensdag",
        ] {
            assert!(item.contains(said), "{said}: {item}");
        }
        let search = portal.get("/zoeken?q=zingen").await.ok();
        let shown = search.attributes(".wijzer-hit time", "datetime");
        assert_eq!(shown, ["2026-12-03T19:30"]);
        let place = portal.get("/plekken/zaal").await.ok();
        assert!(place.one(".wijzer-agenda").contains("Nu in Kerk"));
    });
}

#[test]
fn closures_leave_meetings_out_and_come_and_go_with_the_table() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Koor").published())
            .await;
        portal.keep(&PlaceBuilder::new("Zaal").published()).await;
        let mut activity = ActivityBuilder::new("Zingen", "koor")
            .at("zaal")
            .weekly("2026-11-25T10:00", Some("2026-12-16"))
            .published();
        activity.schedules[0].follows = vec![closures::Kind::SchoolHoliday, closures::Kind::Place];
        portal.publish(&activity).await;
        let shown = |page: &TestPage| page.attributes("time.wijzer-schedule__day", "datetime");
        let page = portal.get("/activiteiten/zingen").await.ok();
        assert_eq!(shown(&page).len(), 4);
        for (name, kind, day, place) in [
            (
                "Studieweek",
                closures::Kind::SchoolHoliday,
                "2026-12-02",
                None,
            ),
            (
                "Schilders in huis",
                closures::Kind::Place,
                "2026-12-09",
                Some("zaal"),
            ),
            (
                "Elders dicht",
                closures::Kind::PublicHoliday,
                "2026-12-16",
                None,
            ),
        ] {
            let closure = Closure {
                name: name.to_owned(),
                start: day.parse().unwrap(),
                end: day.parse().unwrap(),
                certain: true,
                kind,
                place: place.map(slug),
                hours: None,
            };
            portal.publish(&closure).await;
        }
        let page = portal.get("/activiteiten/zingen").await.ok();
        assert_eq!(shown(&page), ["2026-11-25T10:00", "2026-12-16T10:00"]);
        assert_eq!(
            page.texts(".wijzer-schedule__note"),
            [
                "Gaat niet door: Studieweek",
                "Gaat niet door: Schilders in huis"
            ]
        );
        let day = portal.get("/agenda?dag=2026-12-02").await.ok();
        assert!(day.hits().is_empty(), "search followed the closure");
    });
}

#[test]
fn news_of_an_agenda_can_be_followed() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Koor & Co").published())
            .await;
        let mut activity = ActivityBuilder::new("Zingen", "koor-co")
            .weekly("2026-11-25T10:00", None)
            .published();
        "Zingen <b> & \"meer\"".clone_into(&mut activity.title);
        portal.publish(&activity).await;
        let gone = ActivityBuilder::new("Voorbij", "koor-co").once("2026-11-20T10:00");
        portal.publish(&gone.published()).await;
        let page = portal.get("/agenda.atom").await.ok();
        let kind = page.header("content-type");
        assert_eq!(kind, "application/atom+xml; charset=utf-8");
        let feed = page.html();
        assert_eq!(feed.matches("<entry>").count(), 1, "{feed}");
        assert!(feed.contains("Zingen &#60;b&#62; &#38;"), "{feed}");
        assert!(feed.contains("<link rel=\"alternate\" type=\"text/html\" href=\"https://wijzer.test/activiteiten/zingen\"/>"));
        let of_feed = portal.get("/agenda").await.ok();
        assert_eq!(
            of_feed.attribute("link[type='application/atom+xml']", "href"),
            "/agenda.atom"
        );
        let narrowed = portal
            .get("/agenda.atom?deel=avond&soort=course")
            .await
            .ok();
        assert_eq!(narrowed.html().matches("<entry>").count(), 0);
    });
}

#[test]
fn an_empty_agenda_is_no_dead_end() {
    run(async {
        let portal = TestPortal::new(Template::SmallTown).await;
        let page = portal.get("/agenda").await.ok();
        assert!(
            page.has(".wijzer-empty a[href='/themas']")
                && page.has(".wijzer-empty a[href^='tel:']")
        );
    });
}

/// An exhibition is no meeting of each day: it stands apart, in every form of the agenda.
#[test]
fn what_lasts_for_days_stands_apart_everywhere() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        let mut show = ActivityBuilder::new("Expositie", "club")
            .once("2026-11-20T00:00")
            .published();
        show.schedules[0].all_day = true;
        show.schedules[0].duration_minutes = Some(20 * 1440);
        portal.keep(&show).await;
        portal.turn().await;
        for path in ["/agenda", "/agenda/maand", "/agenda/week"] {
            let page = portal.get(path).await.ok();
            let days = page.attributes("section[aria-labelledby=meerdere-dagen] time", "datetime");
            assert_eq!(days, ["2026-12-09"], "no day that is over on {path}");
        }
        let page = portal.get("/activiteiten/expositie").await.ok();
        let shown = page.attributes("time.wijzer-schedule__day", "datetime");
        assert_eq!(shown, ["2026-12-09"]);
        let when = page.one("section.wijzer-contact");
        assert!(when.contains("Nu bezig") && when.contains("tot en met woensdag 9 december"));
        let hits = portal.get("/zoeken?q=expositie").await.ok();
        assert!(!hits.html().contains("2026-11-20"));
        assert!(hits.html().contains("nog tot en met woensdag 9 december"));
    });
}

/// The dates in the index end somewhere: no page looks past that and calls it empty.
#[test]
fn what_is_not_known_yet_is_not_called_empty() {
    run(async {
        let portal = deventer().await;
        // The clock stands on 24 November; dates are known until 23 February.
        let last = portal.get("/agenda?vanaf=2027-02-20").await.ok();
        assert!(
            last.one("title")
                .contains("van zaterdag 20 februari 2027 tot en met dinsdag 23 februari 2027")
        );
        assert!(!last.html().contains("Bekijk de twee weken daarna"));
        for past in ["dag=2027-02-24", "vanaf=2027-02-24", "dag=9999-12-31"] {
            let page = portal.get(&format!("/agenda?{past}")).await.ok();
            assert!(
                page.one("title").contains("de komende twee weken"),
                "{past}"
            );
        }
        let month = portal.get("/agenda/maand?maand=2027-01").await.ok();
        assert!(!month.has("a[rel=next]"), "February is known in part");
        let week = portal.get("/agenda/week?week=2027-02-15").await.ok();
        assert_eq!(
            week.one(".wijzer-lead"),
            "Maandag 15 februari 2027 tot en met zondag 21 februari 2027"
        );
        assert!(!week.has("a[rel=next]"));
    });
}

/// Whether neighbours are shown depends on the zone and not on what is asked of it: so a count
/// beside a filter and on a day of the strip is what a click gives.
#[test]
fn in_every_zone_each_count_is_what_a_click_gives() {
    run(async {
        let portal = deventer().await;
        let mut looked = 0;
        for zone in ["bathmen", "colmschate", "okkenbroek", "centrum"] {
            let base = format!("/wijken/{zone}/agenda");
            for base in [base.clone(), format!("{base}?deel=ochtend")] {
                let page = portal.get(&base).await.ok();
                let days = page.elements(".wijzer-strip a[href*='dag=']");
                for day in days {
                    let told: String = text(day);
                    let href = day.attr("href").unwrap();
                    let clicked = portal.get(href).await.ok();
                    assert!(
                        !clicked.html().contains("Niets gevonden"),
                        "{base}: {told} leads to {href}"
                    );
                    looked += 1;
                }
            }
        }
        assert!(looked > 20, "{looked}");
    });
}

#[test]
fn few_by_a_filter_offers_what_is_beside_and_keeps_what_was_asked() {
    run(async {
        let portal = deventer().await;
        let page = portal
            .get("/wijken/colmschate/agenda?wanneer=weekend")
            .await
            .ok();
        let links = page.attributes("main a", "href");
        assert!(
            links
                .iter()
                .any(|href| href.contains("buurt=ja") && href.contains("wanneer=weekend")),
            "{links:?}"
        );
        let everywhere = page.attributes(".wijzer-empty a", "href");
        if !everywhere.is_empty() {
            assert!(
                everywhere.contains(&"/agenda?wanneer=weekend".to_owned()),
                "{everywhere:?}"
            );
        }
    });
}

#[test]
fn what_an_address_asks_in_vain_is_said() {
    run(async {
        let portal = deventer().await;
        for (query, said) in [
            ("dag=2026-11-23", "voorbij"),
            ("dag=2027-11-25", "Zo ver vooruit"),
            ("vanaf=2099-12-31", "Zo ver vooruit"),
            ("wijk=bestaatniet", "kennen wij niet"),
            ("soort=xx", "kennen wij niet"),
            ("thema=geld&deel=nacht", "kennen wij niet"),
        ] {
            let page = portal.get(&format!("/agenda?{query}")).await.ok();
            assert!(
                page.texts(".wijzer-alert")
                    .iter()
                    .any(|text| text.contains(said)),
                "{query}"
            );
        }
        assert!(
            !portal
                .get("/agenda?dag=2026-11-25&gratis=ja")
                .await
                .ok()
                .has(".wijzer-alert")
        );
        // Who follows a zone that is no longer there must not get everything instead.
        for path in [
            "/agenda.ics?wijk=onzin",
            "/agenda.ics?soort=onzin",
            "/agenda.atom?thema=onzin",
        ] {
            assert_eq!(portal.get(path).await.status, 404, "{path}");
        }
        assert_eq!(portal.get("/agenda.ics?soort=meal").await.status, 200);
    });
}

#[test]
fn days_alone_find_what_is_on() {
    run(async {
        let portal = deventer().await;
        for words in ["dit weekend", "morgen", "volgende week"] {
            let found = portal
                .get(&format!("/zoeken?q={}", words.replace(' ', "+")))
                .await
                .ok();
            let hits = found.hits();
            assert!(
                !hits.is_empty() && hits.iter().all(|hit| hit.starts_with("activity:")),
                "{words}: {hits:?}"
            );
        }
    });
}

#[test]
fn the_end_of_a_series_is_told_in_lists() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Club").published())
            .await;
        let mut course = ActivityBuilder::new("Cursus", "club")
            .weekly("2026-11-03T10:00", None)
            .published();
        course.schedules[0].rrule = Some("FREQ=WEEKLY;COUNT=6".to_owned());
        portal.keep(&course).await;
        portal.turn().await;
        let agenda = portal.get("/agenda").await.ok();
        // The fourth of six is on the list: "6 keer" would promise six more.
        assert!(
            agenda
                .html()
                .contains("En daarna elke dinsdag tot en met dinsdag 8 december"),
            "{}",
            agenda.one("main")
        );
        assert!(!agenda.html().contains("6 keer"));
    });
}
