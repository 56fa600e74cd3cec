#!/usr/bin/env python3
"""Reads a calendar of others with python-icalendar and recurring-ical-events, and prints what is held when.

    tests/agenda/read_samples.py FILE FIRST LAST

A line per meeting from FIRST up to and including LAST, in order: local start (a day for what lasts whole days), space,
title. What is cancelled or private is left out, and so is the exhibition, which our records hold day by day.
"""

import datetime
import html
import sys
import zoneinfo

import icalendar
import recurring_ical_events

AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")
# What python-icalendar does not know by these names.
SCREENS = {"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna": "Europe/Amsterdam", "UTC+1": "Etc/GMT-1"}


def main(file, first, last):
    with open(file, encoding="utf-8-sig", newline="") as source:
        text = source.read().replace("\r\n ", "")
    for screen, zone in SCREENS.items():
        text = text.replace(f'TZID="{screen}"', f"TZID={zone}").replace(f"TZID={screen}:", f"TZID={zone}:")
    calendar = icalendar.Calendar.from_ical(text)
    lines = set()
    after = datetime.date.fromisoformat(last) + datetime.timedelta(days=1)
    for event in recurring_ical_events.of(calendar).between(datetime.date.fromisoformat(first), after):
        title = html.unescape(str(event["SUMMARY"]))
        off = event.get("STATUS") == "CANCELLED" or title.startswith("Canceled: ")
        if off or event.get("CLASS") == "PRIVATE" or title == "Expositie":
            continue
        start = event["DTSTART"].dt
        if isinstance(start, datetime.datetime):
            start = start.astimezone(AMSTERDAM) if start.tzinfo else start
            whole = event.get("X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE"
            told = f"{start:%Y-%m-%d}" if whole else f"{start:%Y-%m-%dT%H:%M}"
        else:
            told = f"{start:%Y-%m-%d}"
        if told[:10] >= first:
            lines.add(f"{told} {title}")
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    main(*sys.argv[1:])
