//! What every search reads of every record, per segment in memory.
//!
//! A segment never changes (deletions are kept beside it), so its columns are read once and
//! shared by all snapshots that hold the segment. Plain arrays are quicker than fast fields.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

use super::error::SearchError;
use super::moments;
use super::schema::kind_index;
use super::stored::Shown;
use crate::base::RecordKind;

/// The groups of filters whose values are slugs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// Themes.
    Themes,
    /// Zones.
    Zones,
    /// Audiences.
    Audiences,
    /// Sorts of activity.
    Sorts,
    /// Languages.
    Languages,
}

/// How many groups there are.
pub const GROUPS: usize = Group::ALL.len();

impl Group {
    /// All, in the order of [`Columns::lists`] and [`Names`].
    pub const ALL: [Self; 5] = [
        Self::Themes,
        Self::Zones,
        Self::Audiences,
        Self::Sorts,
        Self::Languages,
    ];

    fn field(self) -> &'static str {
        match self {
            Self::Themes => "themes",
            Self::Zones => "zones",
            Self::Audiences => "audiences",
            Self::Sorts => "sort",
            Self::Languages => "languages",
        }
    }
}

/// The slugs of one group with their numbers; only grows while an index lives.
#[derive(Clone, Default)]
pub struct Names {
    numbers: HashMap<String, u32>,
    slugs: Vec<String>,
}

impl Names {
    fn number(&mut self, slug: &str) -> u32 {
        if let Some(number) = self.numbers.get(slug) {
            return *number;
        }
        let number = u32::try_from(self.slugs.len()).unwrap_or(u32::MAX);
        self.slugs.push(slug.to_owned());
        self.numbers.insert(slug.to_owned(), number);
        number
    }

    /// The number of a slug, if any record ever had it.
    #[must_use]
    pub fn find(&self, slug: &str) -> Option<usize> {
        self.numbers.get(slug).map(|number| *number as usize)
    }

    /// The slugs, by number.
    #[must_use]
    pub fn slugs(&self) -> &[String] {
        &self.slugs
    }
}

/// The values of a group for each record: one flat array.
#[derive(Default)]
pub struct Lists {
    ends: Vec<u32>,
    values: Vec<u32>,
}

/// The names behind the numbers of all segments of an index.
#[derive(Clone, Default)]
pub struct AllNames {
    /// Slugs, by [`Group::ALL`].
    pub groups: [Names; GROUPS],
    /// Topics.
    pub topics: Names,
}

impl Lists {
    /// The values that were added since the last record are the next record's.
    fn close(&mut self) {
        self.ends
            .push(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
    }

    /// The values of all records.
    #[must_use]
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// The values of a record.
    #[must_use]
    pub fn of(&self, doc: DocId) -> &[u32] {
        &self.values[self.range(doc)]
    }

    fn range(&self, doc: DocId) -> std::ops::Range<usize> {
        let doc = doc as usize;
        let start = if doc == 0 { 0 } else { self.ends[doc - 1] };
        start as usize..self.ends[doc] as usize
    }
}

/// Bit of [`Columns::flags`].
pub const FREE: u8 = 1;
/// Bit of [`Columns::flags`].
pub const WHEELCHAIR: u8 = 2;
/// Bit of [`Columns::flags`].
pub const EVERYWHERE: u8 = 4;
/// Bit of [`Columns::flags`]: a theme above other themes.
pub const MAIN: u8 = 8;
/// Bit of [`Columns::flags`].
pub const PAST: u8 = 16;

/// The steps of the ladder; a record without one has the number after them.
pub const STEPS: [&str; 4] = ["self", "network", "open", "access"];

/// One segment in memory; every array is indexed by document number.
pub struct Columns {
    /// The segment these belong to.
    pub segment: SegmentId,
    /// Position in `RecordKind::ALL`.
    pub kinds: Vec<u8>,
    /// [`FREE`], [`WHEELCHAIR`], [`EVERYWHERE`], [`MAIN`] and [`PAST`].
    pub flags: Vec<u8>,
    /// Position in [`STEPS`], or their number.
    pub steps: Vec<u8>,
    /// Names a series of records that are nearly the same; 0 for none.
    pub series: Vec<u64>,
    /// Day of the last check; 0 when never.
    pub checked: Vec<u32>,
    /// Latitude and longitude in degrees; not a number when unknown.
    pub points: Vec<[f32; 2]>,
    /// Coming moments in minutes since 1970, in order.
    pub coming: Lists,
    /// How many minutes each of them lasts, as `coming` holds them; 0 when unknown.
    pub lasts: Vec<u16>,
    /// What it is about, by number in [`AllNames::topics`].
    pub topics: Lists,
    /// By [`Group::ALL`].
    pub lists: [Lists; GROUPS],
    /// Place of the record in the reading order of this segment.
    pub ranks: Vec<u32>,
    /// Order keys, by rank: to compare records of different segments.
    keys: Keys,
    /// Decoded when first shown: a start costs nothing, and pages that people see are in memory.
    pub shown: Vec<OnceLock<Arc<Shown>>>,
}

#[derive(Default)]
struct Keys {
    text: String,
    ends: Vec<usize>,
}

impl Columns {
    /// Reads the columns of a segment; new slugs get a number in `names`.
    ///
    /// # Errors
    /// When the segment is damaged or does not fit its own administration.
    pub fn read(reader: &SegmentReader, names: &mut AllNames) -> Result<Self, SearchError> {
        let fast = reader.fast_fields();
        let kinds = fast.u64("kind")?;
        // meta.json has no checksum of its own: a changed count would show here.
        if kinds.num_docs() != reader.max_doc() {
            return Err(SearchError::Damaged(
                "a segment has another size than meta.json says".into(),
            ));
        }
        let flags = [
            (fast.bool("free")?, FREE),
            (fast.bool("wheelchair")?, WHEELCHAIR),
            (fast.bool("everywhere")?, EVERYWHERE),
            (fast.bool("past")?, PAST),
        ];
        let docs = 0..reader.max_doc();
        let flag = |doc| {
            let set = flags
                .iter()
                .filter(|(column, _)| column.first(doc) == Some(true));
            set.fold(0, |bits, (_, bit)| bits | bit)
        };
        let (latitude, longitude) = (fast.f64("latitude")?, fast.f64("longitude")?);
        let checked = fast.i64("checked")?;
        let series = fast.u64("series")?;
        let mut lists = <[Lists; GROUPS]>::default();
        for (group, (list, names)) in Group::ALL
            .iter()
            .zip(lists.iter_mut().zip(&mut names.groups))
        {
            *list = read_lists(reader, group.field(), names)?;
        }
        let (ranks, keys) = read_order(reader)?;
        let (coming, minutes) = read_coming(reader)?;
        let themes = &lists[Group::Themes as usize];
        let theme = kind_index(RecordKind::Theme) as u64;
        let is_main = |doc| kinds.first(doc) == Some(theme) && themes.of(doc).len() == 1;
        let main = |doc| if is_main(doc) { MAIN } else { 0 };
        Ok(Self {
            segment: reader.segment_id(),
            kinds: docs
                .clone()
                .map(|doc| kind_byte(kinds.first(doc)))
                .collect(),
            flags: docs.clone().map(|doc| flag(doc) | main(doc)).collect(),
            steps: read_steps(reader)?,
            series: docs
                .clone()
                .map(|doc| series.first(doc).unwrap_or_default())
                .collect(),
            checked: docs
                .clone()
                .map(|doc| {
                    checked
                        .first(doc)
                        .and_then(|day| u32::try_from(day).ok())
                        .unwrap_or_default()
                })
                .collect(),
            points: docs
                .clone()
                .map(|doc| [degrees(latitude.first(doc)), degrees(longitude.first(doc))])
                .collect(),
            coming,
            lasts: minutes,
            topics: read_lists(reader, "topics", &mut names.topics)?,
            lists,
            ranks,
            keys,
            shown: docs.map(|_| OnceLock::new()).collect(),
        })
    }

    /// The coming moments of a record: first minute, and the one after the last.
    pub fn spells(&self, doc: DocId) -> impl Iterator<Item = (u32, u32)> + '_ {
        let range = self.coming.range(doc);
        let starts = self.coming.values[range.clone()].iter();
        let spells = starts.zip(&self.lasts[range]);
        spells.map(|(start, lasts)| (*start, start + u32::from(*lasts)))
    }

    /// The order key of a rank.
    #[must_use]
    pub fn key(&self, rank: u32) -> &str {
        let rank = rank as usize;
        let start = if rank == 0 {
            0
        } else {
            self.keys.ends[rank - 1]
        };
        &self.keys.text[start..self.keys.ends[rank]]
    }
}

fn kind_byte(kind: Option<u64>) -> u8 {
    let kind = kind
        .and_then(|kind| u8::try_from(kind).ok())
        .unwrap_or_default();
    if (kind as usize) < RecordKind::ALL.len() {
        kind
    } else {
        0
    }
}

fn read_lists(
    reader: &SegmentReader,
    field: &str,
    names: &mut Names,
) -> Result<Lists, SearchError> {
    let mut lists = Lists::default();
    let Some(column) = reader.fast_fields().str(field)? else {
        lists.ends = vec![0; reader.max_doc() as usize];
        return Ok(lists);
    };
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut terms = column.dictionary().stream()?;
    while terms.advance() {
        numbers.push(names.number(&String::from_utf8_lossy(terms.key())));
    }
    for doc in 0..reader.max_doc() {
        for ord in column.term_ords(doc) {
            let number = usize::try_from(ord).ok().and_then(|ord| numbers.get(ord));
            lists.values.extend(number);
        }
        lists.close();
    }
    Ok(lists)
}

/// Single precision is a metre here.
#[allow(clippy::cast_possible_truncation)]
fn degrees(value: Option<f64>) -> f32 {
    value.map_or(f32::NAN, |degrees| degrees as f32)
}

fn read_steps(reader: &SegmentReader) -> Result<Vec<u8>, SearchError> {
    let mut names = Names::default();
    for step in STEPS {
        names.number(step);
    }
    let lists = read_lists(reader, "step", &mut names)?;
    let none = STEPS.len();
    let step = |doc| {
        let number = lists
            .of(doc)
            .first()
            .map_or(none, |number| *number as usize);
        u8::try_from(number.min(none)).unwrap_or_default()
    };
    Ok((0..reader.max_doc()).map(step).collect())
}

fn read_coming(reader: &SegmentReader) -> Result<(Lists, Vec<u16>), SearchError> {
    let (mut coming, mut lasts) = (Lists::default(), Vec::new());
    let column = reader.fast_fields().i64("coming")?;
    for doc in 0..reader.max_doc() {
        for (start, minutes) in column.values_for_doc(doc).filter_map(moments::read_spell) {
            coming.values.push(start);
            lasts.push(minutes);
        }
        coming.close();
    }
    Ok((coming, lasts))
}

fn read_order(reader: &SegmentReader) -> Result<(Vec<u32>, Keys), SearchError> {
    let missing = || SearchError::Damaged("a segment has no reading order".into());
    let column = reader.fast_fields().str("order")?.ok_or_else(missing)?;
    let mut keys = Keys::default();
    let mut terms = column.dictionary().stream()?;
    while terms.advance() {
        keys.text.push_str(&String::from_utf8_lossy(terms.key()));
        keys.ends.push(keys.text.len());
    }
    let rank = |doc| {
        let ord = column
            .term_ords(doc)
            .next()
            .and_then(|ord| u32::try_from(ord).ok());
        ord.filter(|ord| (*ord as usize) < keys.ends.len())
            .ok_or_else(missing)
    };
    let ranks = (0..reader.max_doc()).map(rank).collect::<Result<_, _>>()?;
    Ok((ranks, keys))
}
