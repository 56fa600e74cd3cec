//! The zones on a schematic map: a tile each, placed roughly where the zone lies.
//!
//! Villages lie far apart and neighbourhoods close together, so true positions would leave most
//! of the map empty and the city unreadable. Tiles of one size keep the order from west to east
//! and from north to south, and can be hit by a thumb.

use super::links;
use crate::base::dutch;
use crate::catalogue::zones::{Card, Kind};

const WIDTH: usize = 84;
const HEIGHT: usize = 74;
const STEP_X: usize = 92;
const STEP_Y: usize = 82;
/// Longer words do not fit on a tile.
const LETTERS: usize = 11;

pub struct ZoneMap {
    pub view_box: String,
    pub tiles: Vec<Tile>,
    pub groups: [Group; 2],
}

pub struct Tile {
    pub name: String,
    pub href: String,
    /// "wijk" or "dorp": told apart by shape and word, not by colour alone.
    pub kind: &'static str,
    pub outline: String,
    pub label: Vec<Line>,
    pub current: bool,
}

pub struct Line {
    pub x: usize,
    pub y: usize,
    pub text: String,
}

pub struct Group {
    pub title: &'static str,
    pub zones: Vec<ZoneLink>,
}

pub struct ZoneLink {
    pub slug: String,
    pub href: String,
    pub name: String,
}

impl ZoneMap {
    /// The map of these zones; `current` is the slug of the zone whose page it stands on.
    #[must_use]
    pub fn new(zones: &[Card], current: Option<&str>) -> Self {
        let columns = columns(zones.len());
        let rows = zones.len().div_ceil(columns.max(1));
        let mut tiles: Vec<(usize, Tile)> = zones
            .iter()
            .zip(arrange(zones, columns, rows))
            .map(|(zone, cell)| (cell, tile(zone, (cell % columns, cell / columns), current)))
            .collect();
        // The order of the tab key follows the map.
        tiles.sort_by_key(|(cell, _)| *cell);
        let width = columns * STEP_X - (STEP_X - WIDTH) + 6;
        let height = rows.max(1) * STEP_Y - (STEP_Y - HEIGHT) + 6;
        Self {
            view_box: format!("-3 -3 {width} {height}"),
            tiles: tiles.into_iter().map(|(_, tile)| tile).collect(),
            groups: [
                group("Wijken", zones, Kind::Neighbourhood),
                group("Dorpen", zones, Kind::Village),
            ],
        }
    }
}

/// Four columns fit on the smallest phone; many zones need more.
fn columns(zones: usize) -> usize {
    (4..=30)
        .find(|columns| columns * (columns + 2) >= zones)
        .unwrap_or(30)
}

fn group(title: &'static str, zones: &[Card], kind: Kind) -> Group {
    let mut zones: Vec<ZoneLink> = zones
        .iter()
        .filter(|zone| zone.kind == kind)
        .map(|zone| ZoneLink {
            slug: zone.slug.clone(),
            href: links::zone(&zone.slug),
            name: zone.name.clone(),
        })
        .collect();
    zones.sort_by_key(|zone| dutch::sort_key(&zone.name));
    Group { title, zones }
}

fn tile(zone: &Card, (column, row): (usize, usize), current: Option<&str>) -> Tile {
    let (x, y) = (column * STEP_X, row * STEP_Y);
    let lines = broken(&zone.name);
    let village = zone.kind == Kind::Village;
    let middle = y + HEIGHT / 2 + if village { 13 } else { 5 };
    let first = middle.saturating_sub((lines.len() - 1) * 8);
    Tile {
        name: zone.name.clone(),
        href: links::zone(&zone.slug),
        kind: zone.kind.as_str(),
        outline: if village { house(x, y) } else { block(x, y) },
        label: lines
            .into_iter()
            .enumerate()
            .map(|(i, text)| Line {
                x: x + WIDTH / 2,
                y: first + i * 16,
                text,
            })
            .collect(),
        current: current == Some(zone.slug.as_str()),
    }
}

/// A tile with a roof: a village.
fn house(x: usize, y: usize) -> String {
    let (right, eaves, bottom) = (x + WIDTH, y + 22, y + HEIGHT - 8);
    format!(
        "M{x} {eaves}L{} {}L{right} {eaves}V{bottom}q0 8-8 8H{}q-8 0-8-8z",
        x + WIDTH / 2,
        y + 1,
        x + 8
    )
}

/// A square tile with round corners: a neighbourhood of the city.
fn block(x: usize, y: usize) -> String {
    let (w, h) = (WIDTH - 20, HEIGHT - 20);
    format!(
        "M{} {y}h{w}q10 0 10 10v{h}q0 10-10 10h-{w}q-10 0-10-10v-{h}q0-10 10-10z",
        x + 10
    )
}

/// A cell for each zone, so that west stays west and north stays north as well as tiles can.
fn arrange(zones: &[Card], columns: usize, rows: usize) -> Vec<usize> {
    let wanted = wanted(zones, columns, rows);
    let cost = |zone: usize, cell: usize| {
        let (x, y) = wanted[zone];
        let (dx, dy) = (x - real(cell % columns), y - real(cell / columns));
        dx * dx + dy * dy
    };
    // The first cells in order, then swaps as long as one helps: enough for some tens of zones.
    let mut cells: Vec<Option<usize>> = (0..columns * rows)
        .map(|cell| (cell < zones.len()).then_some(cell))
        .collect();
    let pay = |zone: Option<usize>, cell: usize| zone.map_or(0.0, |zone| cost(zone, cell));
    for _ in 0..50 {
        let mut better = false;
        for a in 0..cells.len() {
            for b in a + 1..cells.len() {
                let now = pay(cells[a], a) + pay(cells[b], b);
                if pay(cells[a], b) + pay(cells[b], a) + 1e-9 < now {
                    cells.swap(a, b);
                    better = true;
                }
            }
        }
        if !better {
            break;
        }
    }
    let mut places = vec![0; zones.len()];
    for (cell, zone) in cells.iter().enumerate() {
        if let Some(zone) = zone {
            places[*zone] = cell;
        }
    }
    places
}

/// Where each zone would stand if only its order counted: half by rank, half by distance.
fn wanted(zones: &[Card], columns: usize, rows: usize) -> Vec<(f64, f64)> {
    let east = spread(
        zones.iter().map(|z| z.point.map(|p| p.longitude)).collect(),
        columns,
    );
    // North is up.
    let south = spread(
        zones.iter().map(|z| z.point.map(|p| -p.latitude)).collect(),
        rows,
    );
    east.into_iter().zip(south).collect()
}

fn spread(values: Vec<Option<f64>>, cells: usize) -> Vec<f64> {
    let mut order: Vec<f64> = values.iter().copied().flatten().collect();
    order.sort_by(f64::total_cmp);
    let last = real(cells.saturating_sub(1));
    let (low, high) = (
        order.first().copied().unwrap_or(0.0),
        order.last().copied().unwrap_or(1.0),
    );
    let width = (high - low).max(f64::EPSILON);
    let steps = real(order.len().saturating_sub(1)).max(1.0);
    values
        .into_iter()
        .map(|value| {
            // A zone without a point takes what is left, at the bottom right.
            let Some(value) = value else { return last };
            let rank = real(order.iter().filter(|other| **other < value).count()) / steps;
            last * (0.6 * rank + 0.4 * (value - low) / width)
        })
        .collect()
}

fn real(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A name in lines that fit on a tile.
fn broken(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_inclusive([' ', '-']).flat_map(halves) {
        match lines.last_mut() {
            Some(line)
                if line.chars().count() + word.trim_end().chars().count() <= LETTERS
                    && !line.ends_with('-') =>
            {
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// A word that is too long, broken before its last part.
fn halves(word: &str) -> Vec<String> {
    const TAILS: [&str; 12] = [
        "landen", "kwartier", "wijk", "dorp", "veld", "velden", "poort", "buurt", "berg", "burg",
        "stad", "hoek",
    ];
    let letters = word.trim_end().chars().count();
    if letters <= LETTERS {
        return vec![word.to_owned()];
    }
    let at = TAILS
        .iter()
        .find_map(|tail| word.trim_end().strip_suffix(tail).map(str::len))
        .unwrap_or_else(|| {
            word.char_indices()
                .nth(letters / 2)
                .map_or(word.len(), |(at, _)| at)
        });
    vec![format!("{}-", &word[..at]), word[at..].to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::geo::GeoPoint;
    use crate::base::id::ZoneId;

    fn zone(name: &str, point: Option<(f64, f64)>) -> Card {
        Card {
            id: ZoneId::new(),
            slug: name.to_lowercase().replace(' ', "-"),
            name: name.to_owned(),
            kind: Kind::Village,
            summary: String::new(),
            point: point.and_then(|(lat, lon)| GeoPoint::new(lat, lon)),
            aliases: Vec::new(),
            postcodes: Vec::new(),
            neighbours: Vec::new(),
        }
    }

    #[test]
    fn names_are_broken_where_people_would() {
        assert_eq!(broken("Bathmen"), ["Bathmen"]);
        assert_eq!(broken("Keizerslanden"), ["Keizers-", "landen"]);
        assert_eq!(
            broken("Colmschate-Noord en Vijfhoek"),
            ["Colmschate-", "Noord en", "Vijfhoek"]
        );
        assert_eq!(broken("De Hoven"), ["De Hoven"]);
    }

    #[test]
    fn west_stays_west_and_north_stays_north() {
        let zones = [
            zone("Noordwest", Some((52.9, 6.0))),
            zone("Noordoost", Some((52.9, 6.9))),
            zone("Zuidwest", Some((52.1, 6.0))),
            zone("Zuidoost", Some((52.1, 6.9))),
            zone("Nergens", None),
        ];
        let cells = arrange(&zones, 4, 2);
        let at = |i: usize| (cells[i] % 4, cells[i] / 4);
        assert!(at(0).0 < at(1).0 && at(2).0 < at(3).0);
        assert!(at(0).1 < at(2).1 && at(1).1 < at(3).1);
        let mut all = cells.clone();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), zones.len(), "one zone a tile");
    }

    #[test]
    fn any_number_of_zones_has_a_map() {
        for n in [0, 1, 3, 14, 15, 40] {
            let zones: Vec<Card> = (0..n).map(|i| zone(&format!("Zone {i}"), None)).collect();
            assert_eq!(ZoneMap::new(&zones, None).tiles.len(), n);
        }
    }
}
