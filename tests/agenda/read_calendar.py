#!/usr/bin/env python3
"""Reads a calendar file with python-icalendar and recurring-ical-events, and prints what they understand.

    tests/agenda/read_calendar.py FILE FIRST LAST

A line per event with a date from FIRST up to and including LAST: slug of its page, tab, its local starts that go on;
then a line
`title` with the titles, each as JSON, in the order of the file.
"""

import collections
import datetime
import json
import sys

import icalendar
import recurring_ical_events


def main(file, first, last):
    with open(file, "rb") as source:
        calendar = icalendar.Calendar.from_ical(source.read())
    starts = collections.defaultdict(set)
    after = datetime.date.fromisoformat(last) + datetime.timedelta(days=1)
    for event in recurring_ical_events.of(calendar).between(datetime.date.fromisoformat(first), after):
        if event.get("STATUS") == "CANCELLED":
            continue
        start = event["DTSTART"].dt
        if first <= f"{start:%Y-%m-%d}" <= last:
            starts[str(event["URL"]).rsplit("/", 1)[1]].add(f"{start:%Y-%m-%dT%H:%M}")
    for slug in sorted(starts):
        print(slug, " ".join(sorted(starts[slug])), sep="\t")
    titles = [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]
    print("title", json.dumps(titles, ensure_ascii=False), sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
