"""Prints the quality of run files by the measures of the graded queries.

usage: figures.py QUERIES.tsv RUN.tsv...

success@k: a hit of grade 2 or 3 among the first k. MRR@10: one over the rank of the first such
hit. nDCG@10: gain 2^grade - 1, discount log2(rank + 1), divided by the best order of all listed
records, cut at 10. zero: no hit at all. Queries without relevant records do not count.
"""

import sys
from collections import defaultdict
from math import log2
from pathlib import Path

NAMES = ("success@1", "success@3", "MRR@10", "nDCG@10", "zero")
DEPTH, GOOD = 10, 2


def judgments(path):
    """Per query its kind and the grade of each listed record."""
    for line in Path(path).read_text(encoding="utf-8").splitlines()[1:]:
        query, _, kind, _, listed = line.split("\t")
        pairs = (pair.rsplit("=", 1) for pair in listed.split(";") if pair)
        yield query, kind, {record: int(grade) for record, grade in pairs}


def hits(path):
    """Per query its records in order of rank."""
    ranked = defaultdict(list)
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        query, rank, record, *_ = line.split("\t")
        ranked[query].append((int(rank), record))
    return {query: [record for _, record in sorted(found)] for query, found in ranked.items()}


def gain(grades):
    return sum((2**grade - 1) / log2(at + 2) for at, grade in enumerate(grades[:DEPTH]))


def weigh(listed, found):
    """The measures of one query."""
    grades = [listed.get(record, 0) for record in found[:DEPTH]]
    rank = next((at + 1 for at, grade in enumerate(grades) if grade >= GOOD), None)
    best = gain(sorted(listed.values(), reverse=True))
    return (
        float(rank == 1),
        float(rank is not None and rank <= 3),
        1 / rank if rank else 0.0,
        gain(grades) / best if best else 0.0,
        float(not found),
    )


def evaluate(queries, run):
    """Per kind and in total: the number of queries and the means."""
    found, groups = hits(run), defaultdict(list)
    for query, kind, listed in judgments(queries):
        if listed:
            row = weigh(listed, found.get(query, []))
            groups[kind].append(row)
            groups["total"].append(row)
    total = {"total": groups.pop("total", [])}
    return {
        kind: (len(rows), [sum(column) / len(rows) for column in zip(*rows)])
        for kind, rows in [*sorted(groups.items()), *total.items()]
    }


if __name__ == "__main__":
    for run in sys.argv[2:]:
        print(f"\n{Path(run).stem:<14}{'queries':>8}" + "".join(f"{name:>11}" for name in NAMES))
        for kind, (count, means) in evaluate(sys.argv[1], run).items():
            print(f"{kind:<14}{count:>8}" + "".join(f"{mean:>11.3f}" for mean in means))
