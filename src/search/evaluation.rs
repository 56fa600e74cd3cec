//! How well a search finds: graded queries in, figures out.
//!
//! The judgments are a table of queries with the records that answer them and a grade for each
//! (3 exactly this, 2 a good answer, 1 somewhat helpful). The figures are the usual ones of
//! information retrieval; a record of grade 2 or 3 counts as found.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write};

use chrono::NaiveDateTime;

use super::request::{Hit, SearchRequest, SearchResult};

/// Ranks beyond this one count for nothing: nobody reads on.
pub const DEPTH: usize = 10;
/// A record with at least this grade answers the query.
const GOOD: u8 = 2;

/// One graded query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Unique within the table.
    pub id: String,
    /// As typed, errors included.
    pub query: String,
    /// What kind of query it is: `lay`, `typo`, …
    pub kind: String,
    /// Help lines must stand above the results.
    pub emergency: bool,
    /// Grade per record, named `kind:slug`. Empty: nothing answers it.
    pub relevant: HashMap<String, u8>,
}

/// What a search answered to one query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The first records, named `kind:slug`, best first.
    pub hits: Vec<String>,
    /// Help lines stand above them.
    pub emergency: bool,
}

/// What is asked for a graded query: the first page, as long as it counts.
#[must_use]
pub fn request(query: &str, now: NaiveDateTime) -> SearchRequest {
    SearchRequest {
        words: query.to_owned(),
        now: Some(now),
        per_page: DEPTH,
        ..SearchRequest::default()
    }
}

impl From<&SearchResult> for Answer {
    fn from(found: &SearchResult) -> Self {
        let name = |hit: &Hit| format!("{}:{}", hit.kind.as_str(), hit.slug);
        Self {
            hits: found.hits.iter().map(name).collect(),
            emergency: found.emergency.is_some(),
        }
    }
}

/// Reads a table of judgments: tab-separated with a heading line `query_id query kind emergency
/// relevant`; `relevant` is `kind:slug=grade` joined by `;`.
///
/// # Errors
/// Names the line and what is wrong with it.
pub fn read(table: &str) -> Result<Vec<Judged>, String> {
    let rows = table.lines().enumerate().skip(1);
    rows.filter(|(_, row)| !row.trim().is_empty())
        .map(|(at, row)| judged(row).map_err(|fault| format!("line {}: {fault}", at + 1)))
        .collect()
}

fn judged(row: &str) -> Result<Judged, String> {
    let cells: Vec<&str> = row.split('\t').collect();
    let &[id, query, kind, emergency, relevant] = &cells[..] else {
        return Err(format!("{} columns instead of 5", cells.len()));
    };
    let graded = |part: &str| {
        let (record, grade) = part.rsplit_once('=')?;
        let grade = grade.parse().ok().filter(|grade| (1..=3).contains(grade))?;
        record.contains(':').then(|| (record.to_owned(), grade))
    };
    let relevant = relevant
        .split(';')
        .filter(|part| !part.is_empty())
        .map(|part| graded(part).ok_or_else(|| format!("“{part}” is no kind:slug=grade")))
        .collect::<Result<_, _>>()?;
    Ok(Judged {
        id: id.to_owned(),
        query: query.to_owned(),
        kind: kind.to_owned(),
        emergency: emergency == "true",
        relevant,
    })
}

/// The figures of a group of queries; shares are from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Queries with an answer in the records: what the other figures are about.
    pub queries: usize,
    /// Share with an answer as first hit.
    pub success_1: f64,
    /// Share with an answer among the first three hits.
    pub success_3: f64,
    /// Mean of one over the rank of the first answer.
    pub mrr: f64,
    /// Normalised discounted cumulative gain: gain 2^grade − 1, discount log2(rank + 1), divided
    /// by the best order of all judged records.
    pub ndcg: f64,
    /// Share without any hit.
    pub zero: f64,
}

/// A query whose answer is not among the first three hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The query.
    pub query: String,
    /// Rank of its first answer, if it has one within [`DEPTH`].
    pub rank: Option<usize>,
    /// What stood there instead: the first three hits.
    pub instead: Vec<String>,
}

/// All figures of one run.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// Over all queries.
    pub total: Figures,
    /// Per kind of query.
    pub kinds: BTreeMap<String, Figures>,
    /// What was not found.
    pub misses: Vec<Miss>,
    /// Emergencies whose help lines are missing.
    pub silent: Vec<String>,
    /// Other queries with help lines above them.
    pub false_alarms: Vec<String>,
}

/// Asks every query and weighs the answers.
///
/// # Errors
/// The first error of a search.
pub fn evaluate<E>(
    judgments: &[Judged],
    mut search: impl FnMut(&str) -> Result<Answer, E>,
) -> Result<Evaluation, E> {
    let mut evaluation = Evaluation::default();
    for judged in judgments {
        let answer = search(&judged.query)?;
        match (judged.emergency, answer.emergency) {
            (true, false) => evaluation.silent.push(judged.query.clone()),
            (false, true) => evaluation.false_alarms.push(judged.query.clone()),
            _ => {}
        }
        if judged.relevant.is_empty() {
            continue;
        }
        let one = weigh(judged, &answer);
        evaluation.total.add(&one);
        let of_kind = evaluation.kinds.entry(judged.kind.clone()).or_default();
        of_kind.add(&one);
        if one.success_3 < 1.0 {
            evaluation.misses.push(Miss {
                query: judged.query.clone(),
                rank: first_answer(judged, &answer),
                instead: answer.hits.iter().take(3).cloned().collect(),
            });
        }
    }
    evaluation.total.divide();
    evaluation.kinds.values_mut().for_each(Figures::divide);
    Ok(evaluation)
}

/// The first hits of every query as a table: query id, rank and record, separated by tabs.
///
/// # Errors
/// The first error of a search.
pub fn run<E>(
    judgments: &[Judged],
    mut search: impl FnMut(&str) -> Result<Answer, E>,
) -> Result<String, E> {
    let mut table = String::new();
    for judged in judgments {
        for (at, hit) in search(&judged.query)?.hits.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{}\t{}\t{hit}", judged.id, at + 1);
        }
    }
    Ok(table)
}

/// The hits per query of a table as [`run`] makes it; the rank decides the order, columns after
/// the third are ignored.
///
/// # Errors
/// Names the line and what is wrong with it.
pub fn answers(judgments: &[Judged], table: &str) -> Result<HashMap<String, Answer>, String> {
    let mut ranked: BTreeMap<(&str, usize), &str> = BTreeMap::new();
    for (at, line) in table.lines().enumerate() {
        let mut cells = line.split('\t');
        let (Some(id), Some(rank), Some(record)) = (cells.next(), cells.next(), cells.next())
        else {
            return Err(format!("line {}: fewer than 3 columns", at + 1));
        };
        let rank = rank
            .parse()
            .map_err(|_| format!("line {}: “{rank}” is no rank", at + 1))?;
        ranked.insert((id, rank), record);
    }
    let mut answers: HashMap<String, Answer> = HashMap::new();
    for judged in judgments {
        let of_query = ranked.range((judged.id.as_str(), 0)..=(judged.id.as_str(), usize::MAX));
        answers.insert(
            judged.query.clone(),
            Answer {
                hits: of_query.map(|(_, record)| (*record).to_owned()).collect(),
                emergency: false,
            },
        );
    }
    Ok(answers)
}

fn first_answer(judged: &Judged, answer: &Answer) -> Option<usize> {
    let good = |hit: &String| judged.relevant.get(hit).is_some_and(|grade| *grade >= GOOD);
    let at = answer.hits.iter().take(DEPTH).position(good)?;
    Some(at + 1)
}

/// The figures of one query.
#[must_use]
pub fn weigh(judged: &Judged, answer: &Answer) -> Figures {
    let rank = first_answer(judged, answer);
    let within = |bound: usize| f64::from(u8::from(rank.is_some_and(|rank| rank <= bound)));
    let grades = answer.hits.iter().take(DEPTH);
    let found = gain(grades.map(|hit| judged.relevant.get(hit).copied().unwrap_or_default()));
    let mut best: Vec<u8> = judged.relevant.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let best = gain(best.into_iter().take(DEPTH));
    Figures {
        queries: 1,
        success_1: within(1),
        success_3: within(3),
        mrr: rank.map_or(0.0, |rank| 1.0 / number(rank)),
        ndcg: if best > 0.0 { found / best } else { 0.0 },
        zero: f64::from(u8::from(answer.hits.is_empty())),
    }
}

fn gain(grades: impl Iterator<Item = u8>) -> f64 {
    let discounted =
        |(at, grade): (usize, u8)| (f64::from(grade).exp2() - 1.0) / number(at + 2).log2();
    grades.enumerate().map(discounted).sum()
}

/// Counts here stay far below where `f64` loses whole numbers.
#[allow(clippy::cast_precision_loss)]
fn number(count: usize) -> f64 {
    count as f64
}

impl Figures {
    /// The names of the figures with their values, in the order in which they are printed.
    #[must_use]
    pub fn named(&self) -> [(&'static str, f64); 5] {
        [
            ("success@1", self.success_1),
            ("success@3", self.success_3),
            ("MRR@10", self.mrr),
            ("nDCG@10", self.ndcg),
            ("zero", self.zero),
        ]
    }

    fn fields(&mut self) -> [&mut f64; 5] {
        [
            &mut self.success_1,
            &mut self.success_3,
            &mut self.mrr,
            &mut self.ndcg,
            &mut self.zero,
        ]
    }

    fn add(&mut self, other: &Self) {
        self.queries += other.queries;
        for (sum, (_, value)) in self.fields().into_iter().zip(other.named()) {
            *sum += value;
        }
    }

    fn divide(&mut self) {
        let count = number(self.queries.max(1));
        for sum in self.fields() {
            *sum /= count;
        }
    }
}

impl Evaluation {
    /// The figures alone, for an engine that raises no alarm.
    #[must_use]
    pub fn figures(&self) -> String {
        let mut table = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_figures(&mut table);
        table
    }

    fn write_figures(&self, f: &mut impl Write) -> fmt::Result {
        write!(f, "{:<14}{:>8}", "kind", "queries")?;
        for (name, _) in self.total.named() {
            write!(f, "{name:>11}")?;
        }
        writeln!(f)?;
        let total = [("total", &self.total)];
        let kinds = self
            .kinds
            .iter()
            .map(|(kind, figures)| (kind.as_str(), figures));
        for (kind, figures) in kinds.chain(total) {
            write!(f, "{kind:<14}{:>8}", figures.queries)?;
            for (_, value) in figures.named() {
                write!(f, "{value:>11.3}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_figures(f)?;
        for miss in &self.misses {
            let rank = miss
                .rank
                .map_or("not found".to_owned(), |rank| format!("rank {rank}"));
            writeln!(
                f,
                "missed: {} ({rank}; first {})",
                miss.query,
                miss.instead.join(", ")
            )?;
        }
        for query in &self.silent {
            writeln!(f, "no help lines: {query}")?;
        }
        for query in &self.false_alarms {
            writeln!(f, "false alarm: {query}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "query_id\tquery\tkind\temergency\trelevant\n\
        a\tpoetshulp\tlay\tfalse\tfaq:hulp=3;theme:zorg=2;place:huis=1\n\
        b\tmijn man slaat mij\tlay\ttrue\tdossier:geweld=3\n\
        c\traket\tother\tfalse\t\n";

    fn answer(hits: &[&str], emergency: bool) -> Answer {
        Answer {
            hits: hits.iter().map(ToString::to_string).collect(),
            emergency,
        }
    }

    #[test]
    fn figures_follow_their_definitions() {
        let judged = read(TABLE).unwrap();
        let found = evaluate(&judged, |query| {
            Ok::<_, ()>(match query {
                "poetshulp" => answer(&["place:huis", "theme:zorg"], false),
                "raket" => answer(&["place:huis"], true),
                _ => answer(&[], false),
            })
        })
        .unwrap();
        let lay = found.kinds["lay"];
        assert_eq!(
            found.kinds.len(),
            1,
            "queries without an answer have no figures"
        );
        assert_eq!((lay.queries, lay.success_1, lay.success_3), (2, 0.0, 0.5));
        assert!((lay.mrr - 0.25).abs() < 1e-9 && (lay.zero - 0.5).abs() < 1e-9);
        // (1/log2(2) + 3/log2(3)) / (7/log2(2) + 3/log2(3) + 1/log2(4)), and nothing for the other.
        let ndcg = (1.0 + 3.0 / 3_f64.log2()) / (7.0 + 3.0 / 3_f64.log2() + 0.5) / 2.0;
        assert!((lay.ndcg - ndcg).abs() < 1e-9, "{}", lay.ndcg);
        assert_eq!(found.silent, ["mijn man slaat mij"]);
        assert_eq!(found.false_alarms, ["raket"]);
        assert_eq!(found.misses.len(), 1);
    }

    #[test]
    fn answers_of_another_engine_are_read_by_rank() {
        let judged = read(TABLE).unwrap();
        let table = "a\t2\tplace:huis\t0.5\na\t1\tfaq:hulp\n";
        let found = answers(&judged, table).unwrap();
        assert_eq!(found["poetshulp"].hits, ["faq:hulp", "place:huis"]);
        assert!(found["raket"].hits.is_empty());
        assert!(
            answers(&judged, "a\tx\tfaq:hulp")
                .unwrap_err()
                .starts_with("line 1")
        );
        assert!(answers(&judged, "a\t1").unwrap_err().starts_with("line 1"));
    }

    #[test]
    fn a_fault_in_the_table_names_its_line() {
        for (row, said) in [
            ("a\tb\tc", "line 2: 3 columns"),
            ("a\tb\tc\tfalse\tfaq:x=4", "line 2: “faq:x=4”"),
            ("a\tb\tc\tfalse\tfaq", "line 2: “faq”"),
        ] {
            let fault = read(&format!("heading\n{row}\n")).unwrap_err();
            assert!(fault.starts_with(said), "{fault}");
        }
    }
}
