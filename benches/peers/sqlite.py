"""SQLite FTS5 as a peer.

usage: sqlite.py FOLDER RUN.tsv ROUNDS

FOLDER holds the tables of prepare.py. FTS5 has no Dutch stemmer, so it is given stems. Writes the
first ten hits per query, prints the latency of a whole page.
"""

import re
import sqlite3
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import snowballstemmer
from words import Words, measure, record_words

CONFIGURATION = "bm25 with column weights, Dutch stems, synonyms, trigrams, prefix, AND then OR"
WEIGHTS = "1.5, 4.0, 0.3, 0.6, 0.3"  # title, keywords, summary, body, labels
OTHER = 1.0  # weight of the query with synonyms beside the query as it was meant
STRICT = 8.0  # more for a record that holds all words
ENOUGH = 20  # with fewer records that hold all words, those with some of them follow

SCHEMA = """
create virtual table record using fts5(title, keywords, summary, body, labels);
create table label (record integer, kind text, value text, primary key (record, kind, value))
    without rowid;
create virtual table word using fts5(text, tokenize = 'trigram');
"""

HITS = f"""
with own as materialized (
    select rowid, -bm25(record, {WEIGHTS}) score from record where record match :own),
broad as materialized (
    select rowid, -bm25(record, {WEIGHTS}) score from record where record match :broad),
strict as materialized (select rowid from record where record match :strict)
select rowid, broad.score * {OTHER} + coalesce(own.score, 0)
              + case when rowid in (select rowid from strict) then {STRICT} else 0 end score
from broad left join own using (rowid) order by score desc, rowid
"""

COUNTS = """
select kind, value, count(*) from label
where record in (select rowid from record where record match ?) group by kind, value
"""


def fold(word):
    return "".join(it for it in unicodedata.normalize("NFD", word) if not unicodedata.combining(it))


class Peer(Words):
    def __init__(self, folder):
        super().__init__(folder)
        self.stemmer = snowballstemmer.stemmer("dutch_porter")
        self.db = sqlite3.connect(":memory:")
        self.db.executescript(SCHEMA)
        self.records = []
        counts = Counter(word for _, other in self.pairs for word in other)
        for at, row in enumerate(self.rows("documents.tsv")):
            kind, slug, title, summary, body, keywords, *lists = row
            texts = [record_words(text) for text in (title, keywords, summary, body, " ".join(lists))]
            counts.update(word for text in texts for word in text)
            stems = [self.key(text) for text in texts]
            self.db.execute(
                "insert into record (rowid, title, keywords, summary, body, labels) values (?, ?, ?, ?, ?, ?)",
                [at, *stems],
            )
            labels = zip(("kind", "theme", "zone", "audience"), [kind, *lists])
            self.db.executemany(
                "insert or ignore into label values (?, ?, ?)",
                [(at, name, it) for name, cell in labels for it in cell.split()],
            )
            self.records.append((f"{kind}:{slug}", summary))
        typed = (word for term, _ in self.pairs for word in term)
        self.known = set(self.stems([*counts, *typed]))
        words = sorted({fold(word) for word in counts if len(word) > 3})
        self.db.executemany("insert into word values (?)", [[word] for word in words])
        self.read_synonyms()

    def look_up(self, words):
        return [(word, fold(self.stemmer.stemWord(word))) for word in words]

    def nearest(self, word):
        """Of the words that share most trigrams, the one that is least longer or shorter."""
        word = fold(word)
        trigrams = " OR ".join(f'"{word[at : at + 3]}"' for at in range(len(word) - 2))
        found = self.db.execute(
            "select text from word where word match ? order by rank + 2 * abs(length(text) - ?) limit 1",
            [trigrams, len(word)],
        ).fetchone()
        return found and found[0]

    def expression(self, words, operator, last):
        """The stems of words; the last word of a query may be unfinished."""
        stems = [f'"{stem}"' for word in words for stem in self.stems([word])]
        if last and len(words) == 1:
            stems = [f"({stems[0]} OR {stems[0]}*)"]
        return f"({operator.join(stems)})"

    def page(self, text):
        clauses = self.clauses(text)
        if not clauses:
            return 0, [], []

        def broad(operator, within):
            groups = (
                [self.expression(own, within, last)]
                + [self.expression(other, " AND ", False) for other in others]
                for own, others, last in clauses
            )
            return operator.join(f"({' OR '.join(group)})" for group in groups)

        strict = broad(" AND ", " AND ")
        own = " OR ".join(self.expression(words, " OR ", last) for words, _, last in clauses)
        hits = self.db.execute(HITS, {"own": own, "broad": strict, "strict": strict}).fetchall()
        query = strict
        if len(hits) < ENOUGH:
            query = broad(" OR ", " OR ")
            hits = self.db.execute(HITS, {"own": own, "broad": query, "strict": strict}).fetchall()
        counts = self.db.execute(COUNTS, [query]).fetchall()
        terms = (term for own, others, _ in clauses for term in [own, *others])
        marked = {stem for term in terms for stem in self.stems(term)}
        best = [(self.records[at][0], score, self.snippet(at, marked)) for at, score in hits[:20]]
        return len(hits), best, counts

    def snippet(self, at, marked):
        def mark(found):
            word = found.group()
            return f"<b>{word}</b>" if self.stems([word.lower()])[0] in marked else word

        return re.sub(r"[^\W_]+", mark, self.records[at][1])


peer = Peer(Path(sys.argv[1]))
print("SQLite FTS5", CONFIGURATION, *measure(peer, sys.argv[2], int(sys.argv[3])), sep="\t")
