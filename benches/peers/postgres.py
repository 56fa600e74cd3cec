"""PostgreSQL full-text search as a peer.

usage: postgres.py FOLDER RUN.tsv ROUNDS SOCKET_FOLDER

FOLDER holds the tables of prepare.py. Writes the first ten hits per query, prints the latency of
a whole page through the client: 20 hits with headlines, the total and the counts beside filters.
"""

import sys
from pathlib import Path

import psycopg
from words import Words, measure, record_words

CONFIGURATION = (
    "ts_rank x idf per word, A-D, Dutch stems, hunspell parts, synonyms, trigrams, AND then OR"
)
WEIGHTS = [0.3, 0.3, 0.8, 1.0]  # body and labels, summary, keywords, title
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

# Each word or known phrase counts by its rarity; records that hold them all stand first.
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
           * case when record.stems @@ all_stems or record.parts @@ all_parts then 5 else 1 end score
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


class Peer(Words):
    def __init__(self, folder, socket):
        super().__init__(folder)
        self.db = psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True)
        self.db.execute(SCHEMA)
        self.fill()
        self.db.execute(AFTERWARDS)
        self.db.execute("select set_limit(%s::real)", [SIMILAR])
        self.db.execute("set client_min_messages = warning")  # a clause may lack a prefix
        self.db.prepare_threshold = 0  # from here on every statement is prepared
        self.known = {stem for (stem,) in self.db.execute("select word from stem")}
        self.read_synonyms()

    def fill(self):
        with self.db.cursor() as cursor:
            for at, row in enumerate(self.rows("documents.tsv")):
                kind, slug, title, summary, body, keywords, *lists = row
                # As plain words: PostgreSQL would read "w.m.o." as a host name.
                texts = (title, keywords, summary, " ".join([body, *lists]))
                words = [" ".join(record_words(text)) for text in texts]
                cursor.execute(
                    """insert into record values (%s, %s, %s, %s, %s, %s, %s, %s,
                       weighed('nl', %s), weighed('parts', %s))""",
                    [at, f"{kind}:{slug}", summary, [kind], *(it.split() for it in lists)]
                    + [words] * 3,
                )
            pairs = [[" ".join(term) for term in pair] for pair in self.pairs]
            cursor.executemany("insert into synonym values (%s, %s)", pairs)
        self.records = at + 1

    def look_up(self, words):
        return self.db.execute(STEMS, [words]).fetchall()

    def nearest(self, word):
        found = self.db.execute(NEAREST, [word, word]).fetchone()
        return found and found[0]

    def page(self, text):
        clauses = self.clauses(text)
        if not clauses:
            return 0, []
        own = [" & ".join(words) for words, _, _ in clauses]
        others = [[f"({' & '.join(other)})" for other in choices] for _, choices, _ in clauses]
        prefix = [f"{own[-1]}:*" if last and own[-1].isalnum() else "" for _, _, last in clauses]

        def combined(operator, within):
            groups = (
                [f"({word.replace(' & ', within)})", *choices, *filter(None, [longer])]
                for word, choices, longer in zip(own, others, prefix)
            )
            return operator.join(f"({' | '.join(group)})" for group in groups)

        strict = combined(" & ", " & ")
        found = self.db.execute(ENOUGH_HITS, {"q": strict, "enough": ENOUGH}).fetchone()[0]
        values = {
            "strict": strict,
            "query": strict if found == ENOUGH else combined(" | ", " | "),
            "own": own,
            "others": [" | ".join(choices) for choices in others],
            "prefix": prefix,
            "records": self.records,
            "weights": WEIGHTS,
            "prefixed": PREFIX,
            "parted": PARTS,
        }
        total, hits, *counts = self.db.execute(PAGE, values).fetchone()
        return total, hits or [], counts


run, rounds = sys.argv[2], int(sys.argv[3])
peer = Peer(Path(sys.argv[1]), sys.argv[4])
print("PostgreSQL 15", CONFIGURATION, *measure(peer, run, rounds), sep="\t")
