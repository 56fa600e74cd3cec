#!/usr/bin/env python3
"""The dates of every activity of the demonstration set, by python-dateutil: what the program must say too.

    tests/agenda/expect.py data/deventer/activities.csv > tests/agenda/expected.tsv

A line per activity with dates: slug, tab, the local starts from 2026-09-01 up to and including 2027-08-31. Rules as
in data/deventer/SOURCE.md: wall-clock time, COUNT counts before exception dates are left out, `until` is inclusive.
"""

import csv
import datetime
import sys

from dateutil.rrule import rrulestr

FIRST = datetime.date(2026, 9, 1)
LAST = datetime.date(2027, 8, 31)


def dates(row):
    start = datetime.datetime.fromisoformat(row["dtstart"])
    if not row["rrule"]:
        return [start]
    last = datetime.date.fromisoformat(row["until"]) if row["until"] else LAST
    out = {datetime.date.fromisoformat(day) for day in row["exdates"].split(";") if day}
    found = []
    for moment in rrulestr(row["rrule"], dtstart=start):
        if moment.date() > min(last, LAST):
            break
        if moment.date() not in out:
            found.append(moment)
    return found


def main(file):
    with open(file, newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["dtstart"]:
                found = [moment for moment in dates(row) if FIRST <= moment.date() <= LAST]
                print(row["slug"], " ".join(f"{moment:%Y-%m-%dT%H:%M}" for moment in found), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
