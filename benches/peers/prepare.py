"""Makes plain tables of the inputs, so that every driver reads the same words.

usage: prepare.py DOCUMENTS.jsonl SYNONYMS.csv QUERIES.tsv LANGUAGE FOLDER

Writes documents.tsv (kind, slug, title, summary, body, keywords, themes, zones, audiences),
synonyms.tsv (what is typed, what it finds as well), queries.tsv (id, query) and stopwords.txt.
Names of organiser, place and zone go with the keywords, labels with the body. LANGUAGE is the
folder of our language tables: its thesaurus and stop words serve every engine.
"""

import csv
import json
import sys
from pathlib import Path

documents, synonyms, queries, language, folder = map(Path, sys.argv[1:6])


def write(name, rows):
    """A cell holds no tabs and line ends; a row is a line."""
    lines = ("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
    (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def record(line):
    it = json.loads(line)
    text = [it[name] or "" for name in ("kind", "slug", "title", "summary")]
    body = " . ".join([it["body"], *it["labels"]])
    lists = [" ".join(it[name]) for name in ("themes", "zones", "audiences")]
    return [*text, body, " . ".join(it["keywords"] + it["names"]), *lists]


def others(rows):
    """A misspelling finds the right word; all other words of a group find each other."""
    for row in rows:
        terms = [term.strip().lower() for term in row["terms"].split(";") if term.strip()]
        for term in terms:
            for other in terms[:1] if row["kind"] == "misspelling" else terms:
                if other != term:
                    yield term, other


def general(lines):
    """The words on the right find those on the left."""
    for line in lines:
        if "\t" in line and not line.startswith("#"):
            concepts, typed = ([t.strip().lower() for t in side.split(";")] for side in line.split("\t"))
            yield from ((term, concept) for term in typed for concept in concepts if term != concept)


with open(documents, encoding="utf-8") as lines:
    write("documents.tsv", [record(line) for line in lines if line.strip()])
with open(synonyms, encoding="utf-8", newline="") as lines:
    pairs = set(others(csv.DictReader(lines)))
with open(language / "thesaurus.tsv", encoding="utf-8") as lines:
    write("synonyms.tsv", sorted(pairs | set(general(lines))))
with open(queries, encoding="utf-8") as lines:
    next(lines)
    write("queries.tsv", [line.split("\t")[:2] for line in lines if line.strip()])
with open(language / "stopwords.txt", encoding="utf-8") as lines:
    words = " ".join(line for line in lines if not line.startswith("#")).split()
    write("stopwords.txt", [[word] for word in words])
