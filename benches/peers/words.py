"""What the drivers in Python share: from what was typed to the words that are meant."""

import math
import re
import time

SHORT = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
HYPHENED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


def split(text):
    """Lower case words; "w.m.o." is one word."""
    text = SHORT.sub(lambda found: found.group().replace(".", ""), text.lower())
    return re.findall(r"[^\W_]+", text)


def record_words(text):
    """A hyphenated word is its parts and itself."""
    return split(text) + [word.replace("-", "") for word in HYPHENED.findall(text.lower())]


class Words:
    """An engine says how words are stemmed (`look_up`) and which word it has near (`nearest`)."""

    def __init__(self, folder):
        self.folder = folder
        self.stopwords = {word for (word,) in self.rows("stopwords.txt")}
        self.pairs = [[self.content(term) for term in pair] for pair in self.rows("synonyms.tsv")]
        self.stem_of = {}
        self.known = set()  # stems

    def rows(self, name):
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
        return [line.split("\t") for line in lines]

    def content(self, text):
        words = split(text)
        return [word for word in words if word not in self.stopwords] or words

    def stems(self, words):
        """The stems of words; they are kept."""
        new = [word for word in words if word not in self.stem_of]
        if new:
            self.stem_of.update(self.look_up(new))
        return [self.stem_of[word] for word in words]

    def key(self, words):
        return " ".join(self.stems(words))

    def read_synonyms(self):
        """Per phrase of stems the other phrases, as words."""
        self.stems(sorted({word for pair in self.pairs for term in pair for word in term}))
        self.synonyms = {}
        for typed, other in self.pairs:
            if self.key(typed) != self.key(other):
                self.synonyms.setdefault(self.key(typed), {})[self.key(other)] = other
        self.longest = max((len(key.split()) for key in self.synonyms), default=1)

    def knows(self, word):
        return self.stems([word])[0] in self.known

    def corrected(self, word):
        """A known word, two known halves, or the word that is nearest."""
        if self.knows(word) or len(word) < 4:
            return [word]
        pairs = [[word[:at], word[at:]] for at in range(len(word) - 4, 3, -1)]
        self.stems([half for pair in pairs for half in pair])
        for pair in pairs:
            if all(map(self.knows, pair)):
                return pair
        return [self.nearest(word) or word]

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

    def clauses(self, text):
        """Per word or known phrase: its words, the other phrases, whether it ends the query."""
        words = list(self.repaired(self.content(text)))
        found, at = [], 0
        while at < len(words):
            for length in range(min(self.longest, len(words) - at), 0, -1):
                span = [word for word, _ in words[at : at + length]]
                others = list(self.synonyms.get(self.key(span), {}).values())
                if others:
                    break
            if length == 1 and words[at][1]:
                others.append(words[at][1])
            at += length
            found.append((span, others, at == len(words)))
        return found


def measure(peer, run, rounds):
    """Writes the first ten hits per query; returns the percentiles in microseconds.

    A page is the total, hits of name, score and snippet, and the counts beside the filters.
    """
    queries = peer.rows("queries.tsv")
    with open(run, "w", encoding="utf-8") as out:
        for query, text in queries:
            for rank, (name, score, _) in enumerate(peer.page(text)[1][:10], 1):
                out.write(f"{query}\t{rank}\t{name}\t{score}\n")
    best = [math.inf] * len(queries)
    for _ in range(rounds):
        for at, (_, text) in enumerate(queries):
            begun = time.perf_counter_ns()
            peer.page(text)
            best[at] = min(best[at], (time.perf_counter_ns() - begun) / 1000)
    best.sort()
    return [f"{best[math.ceil(share * len(best)) - 1]:.0f}" for share in (0.5, 0.95, 0.99)]
