"""PostgreSQL full-text search as a peer.

usage: postgres.py FOLDER RUN.tsv ROUNDS SOCKET_FOLDER

FOLDER holds the tables of prepare.py. Writes the first ten hits per query, prints the latency of
a whole page through the client: 20 hits with headlines, the total and the counts beside filters.
"""

import math
import re
import sys
import time
from pathlib import Path

import psycopg

CONFIGURATION = "ts_rank x idf per word, A-D, Dutch stems, hunspell parts, synonyms, trigrams, AND then OR"
WEIGHTS = [0.3, 0.3, 0.8, 1.0]  # body, summary, keywords, title
PARTS = 0.2  # weight of a match on parts of compounds
PREFIX = 0.3  # weight of a longer word that begins with the last one
ENOUGH = 20  # with fewer records that hold all words, those with some of them follow
SIMILAR = 0.4  # trigram similarity of a correction

SCHEMA = """
create extension unaccent;
create extension pg_trgm;
create text search dictionary nl_stem (template = snowball, language = dutch);
create text search dictionary nl_parts (template = ispell, dictfile = nl, afffile = nl);
create text search configuration nl (copy = simple);
alter text search configuration nl alter mapping for asciiword, word with unaccent, nl_stem;
create text search configuration parts (copy = simple);
alter text search configuration parts alter mapping for asciiword, word
    with nl_parts, unaccent, nl_stem;
create function weighed(config regconfig, texts text[]) returns tsvector immutable language sql as $$
    select setweight(to_tsvector(config, texts[1]), 'A')
        || setweight(to_tsvector(config, texts[2]), 'B')
        || setweight(to_tsvector(config, texts[3]), 'C')
        || setweight(to_tsvector(config, texts[4]), 'D')
$$;
create table record (
    id int primary key, name text, summary text, kinds text[], themes text[], zones text[],
    audiences text[], words text[], stems tsvector, parts tsvector);
create table synonym (typed text, other text);
"""

AFTERWARDS = """
create index on record using gin (stems);
create index on record using gin (parts);
create table word as
    select unaccent(word) as word, sum(ndoc) as records from ts_stat($$
        select to_tsvector('simple', array_to_string(words, ' ')) from record
        union all select to_tsvector('simple', other) from synonym$$)
    where length(word) > 3 group by 1;
create index on word using gin (word gin_trgm_ops);
create table stem as
    select word from ts_stat('select stems from record')
    union select word from ts_stat($$
        select to_tsvector('nl', typed || ' ' || other) from synonym$$);
analyze;
"""

STEMS = """select word, array_to_string(tsvector_to_array(to_tsvector('nl', word)), ' ')
    from unnest(%s::text[]) word"""

NEAREST = """select word from word where word %% unaccent(%s)
    order by similarity(word, unaccent(%s)) desc, records desc limit 1"""

ENOUGH_HITS = """select count(*) from (select from record
    where stems @@ to_tsquery('nl', %(q)s) or parts @@ to_tsquery('parts', %(q)s)
    limit %(enough)s) found"""

# Each word or known phrase counts by its rarity; records that hold them all count double.
PAGE = """
with asked as materialized (
    select to_tsquery('nl', %(strict)s) all_stems, to_tsquery('parts', %(strict)s) all_parts,
           to_tsquery('nl', %(query)s) stems, to_tsquery('parts', %(query)s) parts),
clause as materialized (
    select c.*, ln(1 + %(records)s / (1.0 + (
               select count(*) from record where stems @@ (c.own || c.others)))) rarity
    from (select to_tsquery('nl', own) own, to_tsquery('nl', others) others,
                 to_tsquery('parts', own) parts, to_tsquery('nl', prefix) prefix
          from unnest(%(own)s::text[], %(others)s::text[], %(prefix)s::text[])
               typed (own, others, prefix)) c),
hit as materialized (
    select record.*, (select sum(rarity * greatest(
               ts_rank(%(weights)s::float4[], record.stems, own),
               ts_rank(%(weights)s::float4[], record.stems, others),
               ts_rank(%(weights)s::float4[], record.stems, prefix) * %(prefixed)s,
               ts_rank(%(weights)s::float4[], record.parts, clause.parts) * %(parted)s)) from clause)
           * case when record.stems @@ all_stems or record.parts @@ all_parts then 2 else 1 end score
    from record, asked where record.stems @@ asked.stems or record.parts @@ asked.parts),
best as (select * from hit order by score desc, id limit 20)
select (select count(*) from hit),
       (select json_agg(json_build_array(name, score,
                        ts_headline('nl', summary, asked.stems || all_stems)) order by score desc, id)
        from best, asked),
       (select json_object_agg(label, n) from (
           select unnest(kinds) label, count(*) n from hit group by 1) counts),
       (select json_object_agg(label, n) from (
           select unnest(themes) label, count(*) n from hit group by 1) counts),
       (select json_object_agg(label, n) from (
           select unnest(zones) label, count(*) n from hit group by 1) counts),
       (select json_object_agg(label, n) from (
           select unnest(audiences) label, count(*) n from hit group by 1) counts)
"""

SHORT = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
HYPHENED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


def split(text):
    """Lower case words; "w.m.o." is one word. PostgreSQL would read it as a host name."""
    text = SHORT.sub(lambda found: found.group().replace(".", ""), text.lower())
    return re.findall(r"[^\W_]+", text)


def record_words(text):
    """A hyphenated word is its parts and itself."""
    joined = [word.replace("-", "") for word in HYPHENED.findall(text.lower())]
    return " ".join(split(text) + joined)


class Peer:
    def __init__(self, folder, socket):
        self.folder = folder
        self.db = psycopg.connect(host=socket, user="postgres", autocommit=True)
        self.db.execute(SCHEMA)
        self.stopwords = {word for (word,) in self.rows("stopwords.txt")}
        self.fill()
        self.db.execute(AFTERWARDS)
        self.db.execute("select set_limit(%s::real)", [SIMILAR])
        self.db.execute("set client_min_messages = warning")  # a clause may lack a prefix
        self.db.prepare_threshold = 0  # from here on every statement is prepared
        self.stem_of = {}
        self.known = {stem for (stem,) in self.db.execute("select word from stem")}
        self.synonyms = {}
        self.read_synonyms()

    def rows(self, name):
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
        return [line.split("\t") for line in lines]

    def content(self, text):
        words = split(text)
        return [word for word in words if word not in self.stopwords] or words

    def fill(self):
        with self.db.cursor() as cursor:
            for at, row in enumerate(self.rows("documents.tsv")):
                kind, slug, title, summary, body, keywords, *lists = row
                words = [record_words(text) for text in (title, keywords, summary, body)]
                cursor.execute(
                    """insert into record values (%s, %s, %s, %s, %s, %s, %s, %s,
                       weighed('nl', %s), weighed('parts', %s))""",
                    [at, f"{kind}:{slug}", summary, [kind], *(it.split() for it in lists)]
                    + [words] * 3,
                )
            cursor.executemany(
                "insert into synonym values (%s, %s)",
                [[" ".join(self.content(term)) for term in pair] for pair in self.rows("synonyms.tsv")],
            )
        self.records = at + 1

    def stems(self, words):
        """The stems of words; the client keeps them."""
        new = [word for word in words if word not in self.stem_of]
        if new:
            self.stem_of.update(self.db.execute(STEMS, [new]).fetchall())
        return [self.stem_of[word] for word in words]

    def read_synonyms(self):
        for typed, other in self.db.execute("select distinct typed, other from synonym order by 1, 2"):
            key, stems = (" ".join(self.stems(term.split())) for term in (typed, other))
            if key and stems and key != stems:
                self.synonyms.setdefault(key, {})[stems] = other.split()
        self.longest = max(len(key.split()) for key in self.synonyms)

    def knows(self, word):
        return self.stems([word])[0] in self.known

    def corrected(self, word):
        """A known word, two known halves, or the word that shares most trigrams."""
        if self.knows(word) or len(word) < 4:
            return [word]
        halves = [[word[:at], word[at:]] for at in range(len(word) - 4, 3, -1)]
        self.stems([half for pair in halves for half in pair])
        for pair in halves:
            if all(map(self.knows, pair)):
                return pair
        near = self.db.execute(NEAREST, [word, word]).fetchone()
        return [near[0] if near else word]

    def repaired(self, words):
        """Neighbours that are known as one word are joined, with themselves as another choice."""
        spans = [words[at : at + count] for count in (3, 2) for at in range(len(words) - count + 1)]
        self.stems(words + ["".join(span) for span in spans])
        at = 0
        while at < len(words):
            for count in (3, 2):
                span = words[at : at + count]
                if len(span) == count and self.knows("".join(span)):
                    yield "".join(span), span
                    at += count
                    break
            else:
                yield from ((word, None) for word in self.corrected(words[at]))
                at += 1

    def clauses(self, words):
        """Per word or known phrase: its words, the other phrases, and the prefix if it is last."""
        at = 0
        while at < len(words):
            for length in range(min(self.longest, len(words) - at), 0, -1):
                span = [word for word, _ in words[at : at + length]]
                others = list(self.synonyms.get(" ".join(self.stems(span)), {}).values())
                if others:
                    break
            if length == 1 and words[at][1]:
                others.append(words[at][1])
            at += length
            prefix = f"{span[-1]}:*" if at == len(words) and len(span[-1]) > 2 else ""
            yield span, [f"({' & '.join(other)})" for other in others], prefix

    def page(self, text):
        clauses = list(self.clauses(list(self.repaired(self.content(text)))))

        def combined(operator, within):
            groups = (
                [f"({within.join(own)})", *others, *([prefix] if prefix and len(own) == 1 else [])]
                for own, others, prefix in clauses
            )
            return operator.join(f"({' | '.join(group)})" for group in groups)

        strict = combined(" & ", " & ")
        found = self.db.execute(ENOUGH_HITS, {"q": strict, "enough": ENOUGH}).fetchone()[0]
        query = strict if found == ENOUGH else combined(" | ", " | ")
        own, others, prefix = zip(*clauses)
        values = {
            "strict": strict,
            "query": query,
            "own": [" & ".join(words) for words in own],
            "others": [" | ".join(choices) for choices in others],
            "prefix": list(prefix),
            "records": self.records,
            "weights": WEIGHTS,
            "prefixed": PREFIX,
            "parted": PARTS,
        }
        return self.db.execute(PAGE, values).fetchone()


def main():
    folder, run, rounds, socket = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    peer = Peer(folder, socket)
    queries = peer.rows("queries.tsv")
    with open(run, "w", encoding="utf-8") as out:
        for query, text in queries:
            for rank, (name, score, _) in enumerate((peer.page(text)[1] or [])[:10], 1):
                out.write(f"{query}\t{rank}\t{name}\t{score}\n")
    best = [math.inf] * len(queries)
    for _ in range(rounds):
        for at, (_, text) in enumerate(queries):
            begun = time.perf_counter_ns()
            peer.page(text)
            best[at] = min(best[at], (time.perf_counter_ns() - begun) / 1000)
    best.sort()
    latency = [f"{best[math.ceil(share * len(best)) - 1]:.0f}" for share in (0.5, 0.95, 0.99)]
    print("PostgreSQL 15", CONFIGURATION, *latency, sep="\t")


main()
