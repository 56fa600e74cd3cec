// MiniSearch as a peer: node minisearch.cjs FOLDER RUN.tsv ROUNDS
// FOLDER holds the tables of prepare.py. Writes the first ten hits per query, prints the latency
// of a whole page: 20 hits with marked summaries, the total and the counts beside the filters.
'use strict'
const { readFileSync, writeFileSync } = require('node:fs')
const MiniSearch = require('minisearch')
const stemmer = require('snowball-stemmers').newStemmer('dutch')

const CONFIGURATION = 'BM25+, Dutch stems, boosts, synonyms, fuzzy 0.2, prefix, joins, AND then OR'
const [folder, runFile, rounds] = process.argv.slice(2)
const OPTIONS = {
  boost: { title: 1, keywords: 2, summary: 0.8, body: 1, words: 1 },
  bm25: { k: 1.2, b: 0.85, d: 0.1 },
  maxFuzzy: 3
}
const SYNONYM = 0.5 // weight of another word for what was typed
const PHRASE = 0.2 // weight of several other words
const ENOUGH = 20 // with fewer hits that hold all words, those with some of them follow

// Words: lower case, without accents; "w.m.o." is one word; "re-integratie" is itself and its parts.
const fold = word => word.normalize('NFD').replace(/\p{M}/gu, '')
const stems = new Map()
function stem(word) {
  if (!stems.has(word)) stems.set(word, fold(stemmer.stem(word)))
  return stems.get(word)
}
const split = text => text.toLowerCase()
  .replace(/(?<!\p{L})(\p{L}\.){2,}(\p{L}(?!\p{L}))?/gu, short => short.replaceAll('.', ''))
  .match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? []
const recordWords = text => split(text)
  .flatMap(word => word.includes('-') ? [...word.split('-'), word.replaceAll('-', '')] : [word])

const rows = name => readFileSync(`${folder}/${name}`, 'utf8').split('\n').filter(Boolean)
  .map(line => line.split('\t'))
const stopwords = new Set(rows('stopwords.txt').flat())
function content(text) {
  const all = split(text).flatMap(word => word.split('-'))
  const kept = all.filter(word => !stopwords.has(word))
  return kept.length ? kept : all
}

const list = cell => cell.split(' ').filter(Boolean)
const records = rows('documents.tsv').map((cells, id) => {
  const [kind, slug, title, summary, body, keywords, themes, zones, audiences] = cells
  const labels = { kinds: [kind], themes: list(themes), zones: list(zones), audiences: list(audiences) }
  const words = `${themes} ${zones} ${audiences}`
  return { id, key: `${kind}:${slug}`, title, summary, body, keywords, words, labels }
})
const fields = Object.keys(OPTIONS.boost)
const index = new MiniSearch({ fields, tokenize: recordWords, processTerm: stem })
index.addAll(records)

// Stems of records and synonyms, and how often their words occur: what corrections may lead to.
const known = new Set()
const counts = new Map()
function learn(word) {
  known.add(stem(word))
  counts.set(fold(word), (counts.get(fold(word)) ?? 0) + 1)
}
for (const record of records) for (const field of fields) recordWords(record[field]).forEach(learn)

// Per phrase of stems the other phrases, as words.
const synonyms = new Map()
let longest = 1
const key = words => words.map(stem).join(' ')
for (const [typed, other] of rows('synonyms.tsv').map(pair => pair.map(content))) {
  other.forEach(learn)
  typed.forEach(word => known.add(stem(word)))
  if (key(typed) === key(other)) continue
  longest = Math.max(longest, typed.length)
  if (!synonyms.has(key(typed))) synonyms.set(key(typed), new Map())
  synonyms.get(key(typed)).set(key(other), other)
}

// Typing errors: MiniSearch itself looks for near words, among all words as tiny records.
const speller = new MiniSearch({ fields: ['id'], tokenize: word => [word], processTerm: word => word })
speller.addAll([...counts.keys()].filter(word => word.length > 3).map(id => ({ id })))
const spelling = { fuzzy: 0.3, maxFuzzy: 3, boostDocument: word => 1 + 0.05 * Math.log(counts.get(word)) }

function corrected(word) {
  if (known.has(stem(word)) || word.length < 4) return [word]
  for (let at = word.length - 4; at >= 4; at--) {
    const halves = [word.slice(0, at), word.slice(at)]
    if (halves.every(half => known.has(stem(half)))) return halves
  }
  return [speller.search(fold(word), spelling)[0]?.id ?? word]
}

/** Neighbours that are known as one word are joined, unknown words split or corrected. */
function repaired(words) {
  const out = []
  for (let at = 0; at < words.length;) {
    const join = [3, 2].find(count => at + count <= words.length &&
      known.has(stem(words.slice(at, at + count).join(''))))
    out.push(...join ? [words.slice(at, at + join).join('')] : corrected(words[at]))
    at += join ?? 1
  }
  return out
}

const combine = (combineWith, queries) => queries.length === 1 ? queries[0] : { combineWith, queries }
function leaf(word, weight, last) {
  const unknown = !known.has(stem(word))
  return {
    queries: [word],
    tokenize: text => [text],
    boostTerm: () => weight,
    fuzzy: unknown && word.length > 3 ? 0.2 : false,
    prefix: last && word.length > 2,
    weights: { fuzzy: 0.7, prefix: unknown ? 0.375 : 0.5 }
  }
}

/** Per word or known phrase: the query for all of it and the query for some of it. */
function clauses(words) {
  const out = []
  for (let at = 0; at < words.length;) {
    let length = Math.min(longest, words.length - at)
    while (length > 1 && !synonyms.has(key(words.slice(at, at + length)))) length--
    const span = words.slice(at, at + length)
    const own = span.map((word, place) => leaf(word, 1, at + place === words.length - 1))
    const others = [...synonyms.get(key(span))?.values() ?? []].map(other =>
      combine('AND', other.map(word => leaf(word, other.length === 1 ? SYNONYM : PHRASE, false))))
    out.push({
      all: combine('OR', [combine('AND', own), ...others]),
      some: combine('OR', [...own, ...others])
    })
    at += length
  }
  return out
}

function search(text) {
  const typed = content(text)
  const meant = repaired(typed)
  const plans = (key(typed) === key(meant) ? [typed] : [typed, meant]).map(clauses)
  const strict = combine('OR', plans.map(plan => combine('AND', plan.map(clause => clause.all))))
  const found = index.search(strict, OPTIONS)
  if (found.length >= ENOUGH) return found
  const some = plans.map(plan => combine('OR', plan.map(clause => clause.some)))
  return index.search(combine('OR', [strict, ...some]), OPTIONS)
}

function page(text) {
  const found = search(text)
  const facets = { kinds: {}, themes: {}, zones: {}, audiences: {} }
  for (const { id } of found) {
    for (const group in facets) {
      for (const label of records[id].labels[group]) facets[group][label] = (facets[group][label] ?? 0) + 1
    }
  }
  const hits = found.slice(0, 20).map(({ id, score, terms }) => ({
    key: records[id].key,
    score,
    snippet: records[id].summary.replace(/[\p{L}\p{N}]+/gu, word =>
      terms.includes(stem(word.toLowerCase())) ? `<b>${word}</b>` : word)
  }))
  return { total: found.length, facets, hits }
}

const queries = rows('queries.tsv')
const lines = queries.flatMap(([id, text]) => page(text).hits.slice(0, 10)
  .map(({ key, score }, at) => `${id}\t${at + 1}\t${key}\t${score}\n`))
writeFileSync(runFile, lines.join(''))

const best = queries.map(() => Infinity)
for (let round = 0; round < rounds; round++) {
  queries.forEach(([, text], at) => {
    const begun = process.hrtime.bigint()
    page(text)
    best[at] = Math.min(best[at], Number(process.hrtime.bigint() - begun) / 1000)
  })
}
best.sort((a, b) => a - b)
const percentile = share => Math.round(best[Math.ceil(share * best.length) - 1])
console.log(['MiniSearch 7', CONFIGURATION, ...[0.5, 0.95, 0.99].map(percentile)].join('\t'))
