// Reads a calendar file with ical.js, the library of Thunderbird and Nextcloud, and prints what it understands.
//
//     node tests/agenda/read_calendar.cjs ICAL_JS FILE FIRST LAST
//
// The same lines as read_calendar.py: slug of the page, tab, its local starts that go on from FIRST up to and including
// LAST; then a line `title` with the titles as JSON.
"use strict";
const fs = require("fs");
const path = require("path");

const [library, file, first, last] = process.argv.slice(2);
const ICAL = require(path.resolve(library));
const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(file, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const components = calendar.getAllSubcomponents("vevent");
const starts = new Map();
const note = (event, item, start) => {
  const day = start.toString().slice(0, 10);
  if (item.component.getFirstPropertyValue("status") === "CANCELLED" || day < first || day > last) return;
  const slug = event.component.getFirstPropertyValue("url").split("/").pop();
  if (!starts.has(slug)) starts.set(slug, new Set());
  starts.get(slug).add(start.isDate ? `${day}T00:00` : start.toString().slice(0, 16));
};
for (const component of components.filter((c) => !c.hasProperty("recurrence-id"))) {
  const uid = component.getFirstPropertyValue("uid");
  const changed = components.filter((c) => c.hasProperty("recurrence-id") && c.getFirstPropertyValue("uid") === uid);
  const event = new ICAL.Event(component, { strictExceptions: true, exceptions: changed });
  if (!event.isRecurring()) {
    note(event, event, event.startDate);
    continue;
  }
  const dates = event.iterator();
  for (let next = dates.next(); next; next = dates.next()) {
    const details = event.getOccurrenceDetails(next);
    note(event, details.item, details.startDate);
    // A meeting can be moved to before the end of the period from a later date, but not from a year later.
    if (next.year > Number(last.slice(0, 4))) break;
  }
}
for (const slug of [...starts.keys()].sort()) console.log(`${slug}\t${[...starts.get(slug)].sort().join(" ")}`);
console.log(`title\t${JSON.stringify(components.map((c) => c.getFirstPropertyValue("summary")))}`);
