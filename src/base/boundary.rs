use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::geo::GeoPoint;

/// A longer text is refused before it is read, in characters.
const LONGEST: usize = 120_000;
/// Points of an outline; a wijk of Statistics Netherlands has some hundreds.
const MOST_POINTS: usize = 4_000;
/// Outside these degrees nothing is Dutch, nor was meant to be (islands in the Caribbean aside).
const LONGITUDES: std::ops::RangeInclusive<f64> = 3.2..=7.3;
const LATITUDES: std::ops::RangeInclusive<f64> = 50.7..=53.7;
/// Decimals that are kept: a tenth of a metre.
const PRECISION: f64 = 1e6;

/// A line that ends where it begins: longitude and latitude in degrees (WGS 84).
type Ring = Vec<[f64; 2]>;

/// The outline of an area: polygons of which the first ring is the outside and others are holes,
/// as the coordinates of a GeoJSON `MultiPolygon` (RFC 7946, 3.1.7).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Boundary(Vec<Vec<Ring>>);

/// Why a text is no outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotABoundary {
    #[error("Dit is geen GeoJSON. Plak de hele inhoud van het bestand.")]
    NotJson,
    #[error("Hier staat geen gebied in. Gebruik een Polygon of een MultiPolygon.")]
    NotAnArea,
    #[error("Hier staan meer gebieden in. Plak er één.")]
    Several,
    #[error(
        "Deze getallen zijn geen graden maar meters van het Rijksdriehoekstelsel (RD, EPSG:28992). Zet het bestand eerst om naar WGS 84 (EPSG:4326)."
    )]
    Metres,
    #[error(
        "Elk punt is eerst de lengtegraad, zoals 6.16, en dan de breedtegraad, zoals 52.25. Hier staat het andersom."
    )]
    Swapped,
    #[error("Dit gebied ligt niet helemaal in Nederland.")]
    Abroad,
    #[error("Een lijn is niet dicht: het laatste punt moet gelijk zijn aan het eerste.")]
    Open,
    #[error("Een lijn heeft minstens drie verschillende punten.")]
    TooFew,
    #[error("Dit is te groot: hoogstens 4.000 punten en 120.000 tekens. Maak de lijn eenvoudiger.")]
    TooLarge,
}

impl Boundary {
    /// Reads GeoJSON: a geometry, a feature, or a collection of one feature.
    ///
    /// # Errors
    /// Says in Dutch what is wrong.
    pub fn parse(text: &str) -> Result<Self, NotABoundary> {
        if text.chars().count() > LONGEST {
            return Err(NotABoundary::TooLarge);
        }
        let json: Value = serde_json::from_str(text).map_err(|_| NotABoundary::NotJson)?;
        if json.get("crs").is_some_and(|crs| {
            let name = crs.to_string();
            !(name.contains("CRS84") || name.contains("4326"))
        }) {
            return Err(NotABoundary::Metres);
        }
        let polygons: Vec<Vec<Vec<Vec<f64>>>> = polygons(&json)?;
        if polygons.is_empty() || polygons.iter().any(Vec::is_empty) {
            return Err(NotABoundary::NotAnArea);
        }
        if polygons.iter().flatten().map(Vec::len).sum::<usize>() > MOST_POINTS {
            return Err(NotABoundary::TooLarge);
        }
        let polygons = polygons
            .iter()
            .map(|rings| rings.iter().map(|one| ring(one)).collect());
        polygons.collect::<Result<_, _>>().map(Self)
    }

    /// Whether a point lies inside; on the line it belongs to one of two neighbours.
    #[must_use]
    pub fn contains(&self, point: GeoPoint) -> bool {
        let crossed = |ring: &Ring| ring.windows(2).filter(|line| crosses(line, point)).count();
        self.0
            .iter()
            .any(|rings| rings.iter().map(crossed).sum::<usize>() % 2 == 1)
    }

    /// In a few words, where all its numbers would say nothing: how many points, and where the
    /// first of each line lies.
    #[must_use]
    pub fn told(&self) -> String {
        let rings = || self.0.iter().flatten();
        let points: usize = rings().map(Vec::len).sum();
        let starts = rings().filter_map(|ring| ring.first());
        let starts: Vec<String> = starts.map(|[x, y]| format!("{y}, {x}")).collect();
        format!("{points} punten, vanaf {}", starts.join("; "))
    }

    /// As GeoJSON, to be shown and read back.
    #[must_use]
    pub fn geo_json(&self) -> String {
        serde_json::json!({ "type": "MultiPolygon", "coordinates": self }).to_string()
    }
}

fn polygons(json: &Value) -> Result<Vec<Vec<Vec<Vec<f64>>>>, NotABoundary> {
    let read =
        |polygons: Value| serde_json::from_value(polygons).map_err(|_| NotABoundary::NotAnArea);
    let part = |name| json.get(name).ok_or(NotABoundary::NotAnArea);
    match json.get("type").and_then(Value::as_str) {
        Some("Polygon") => read(Value::Array(vec![part("coordinates")?.clone()])),
        Some("MultiPolygon") => read(part("coordinates")?.clone()),
        Some("Feature") => polygons(part("geometry")?),
        Some("FeatureCollection") => match part("features")?.as_array().map(Vec::as_slice) {
            Some([one]) => polygons(one),
            Some([_, _, ..]) => Err(NotABoundary::Several),
            _ => Err(NotABoundary::NotAnArea),
        },
        Some(_) => Err(NotABoundary::NotAnArea),
        None => Err(NotABoundary::NotJson),
    }
}

fn ring(positions: &[Vec<f64>]) -> Result<Ring, NotABoundary> {
    let points: Ring = positions
        .iter()
        .map(|position| match position[..] {
            // A third number is a height.
            [x, y] | [x, y, _] => place(x, y),
            _ => Err(NotABoundary::NotAnArea),
        })
        .collect::<Result<_, _>>()?;
    if points.first() != points.last() {
        return Err(NotABoundary::Open);
    }
    let corners = points.iter().map(|point| point.map(f64::to_bits));
    if corners.collect::<HashSet<_>>().len() < 3 {
        return Err(NotABoundary::TooFew);
    }
    Ok(points)
}

fn place(x: f64, y: f64) -> Result<[f64; 2], NotABoundary> {
    let kept = |degrees: f64| (degrees * PRECISION).round() / PRECISION;
    if x.abs() > 180.0 || y.abs() > 90.0 {
        Err(NotABoundary::Metres)
    } else if LONGITUDES.contains(&x) && LATITUDES.contains(&y) {
        Ok([kept(x), kept(y)])
    } else if LONGITUDES.contains(&y) && LATITUDES.contains(&x) {
        Err(NotABoundary::Swapped)
    } else {
        Err(NotABoundary::Abroad)
    }
}

/// Whether a line to the east of a point crosses this one.
fn crosses(line: &[[f64; 2]], point: GeoPoint) -> bool {
    let [[x1, y1], [x2, y2]] = *line else {
        return false;
    };
    let (x, y) = (point.longitude, point.latitude);
    (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = "[[6.1,52.2],[6.2,52.2],[6.2,52.3],[6.1,52.3],[6.1,52.2]]";
    const HOLE: &str = "[[6.14,52.24],[6.16,52.24],[6.16,52.26],[6.14,52.26],[6.14,52.24]]";

    fn polygon(rings: &str) -> String {
        format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#)
    }

    fn holds(boundary: &Boundary, longitude: f64, latitude: f64) -> bool {
        boundary.contains(GeoPoint {
            latitude,
            longitude,
        })
    }

    #[test]
    fn a_point_lies_inside_outside_or_in_a_hole() {
        let whole = Boundary::parse(&polygon(&format!("{SQUARE},{HOLE}"))).unwrap();
        assert!(holds(&whole, 6.12, 52.22));
        assert!(!holds(&whole, 6.15, 52.25), "in the hole");
        assert!(!holds(&whole, 6.25, 52.25));
        assert!(!holds(&whole, 6.05, 52.25));
        assert!(!holds(&whole, 6.15, 52.35));
        assert_eq!(whole.told(), "10 punten, vanaf 52.2, 6.1; 52.24, 6.14");
        assert_eq!(Boundary::parse(&whole.geo_json()).unwrap(), whole);
        let two = format!(
            r#"{{"type":"Feature","properties":null,"geometry":{{"type":"MultiPolygon","coordinates":[[{SQUARE}],[[[5,52,0],[5.1,52,0],[5.1,52.1,0],[5,52,0]]]]}}}}"#
        );
        let two = Boundary::parse(&format!(
            r#"{{"type":"FeatureCollection","features":[{two}]}}"#
        ));
        assert!(holds(&two.unwrap(), 5.09, 52.01));
    }

    #[test]
    fn neighbours_never_both_hold_a_point() {
        let (west, east) = (
            polygon(SQUARE),
            polygon(&SQUARE.replace("6.2", "6.3").replace("6.1", "6.2")),
        );
        let (west, east) = (
            Boundary::parse(&west).unwrap(),
            Boundary::parse(&east).unwrap(),
        );
        for (x, y) in [(6.2, 52.25), (6.2, 52.2), (6.15, 52.25), (6.25, 52.25)] {
            let both = [&west, &east].map(|zone| holds(zone, x, y));
            assert_eq!(both.iter().filter(|held| **held).count(), 1, "{x} {y}");
        }
    }

    #[test]
    fn what_is_no_outline_is_told_why() {
        let ring = |points: &str| polygon(&format!("[{points}]"));
        let many = vec!["[6.1,52.2]"; 4001].join(",");
        let deep = "[".repeat(60_000);
        for (text, why) in [
            ("", NotABoundary::NotJson),
            ("grens", NotABoundary::NotJson),
            ("[]", NotABoundary::NotJson),
            (&deep, NotABoundary::NotJson),
            (
                r#"{"type":"Point","coordinates":[6.1,52.2]}"#,
                NotABoundary::NotAnArea,
            ),
            (r#"{"type":"Polygon"}"#, NotABoundary::NotAnArea),
            (
                r#"{"type":"Polygon","coordinates":[]}"#,
                NotABoundary::NotAnArea,
            ),
            (
                r#"{"type":"MultiPolygon","coordinates":[[]]}"#,
                NotABoundary::NotAnArea,
            ),
            (
                r#"{"type":"Polygon","coordinates":[["a"]]}"#,
                NotABoundary::NotAnArea,
            ),
            (
                r#"{"type":"Feature","geometry":null}"#,
                NotABoundary::NotJson,
            ),
            (
                r#"{"type":"FeatureCollection","features":[]}"#,
                NotABoundary::NotAnArea,
            ),
            (
                r#"{"type":"FeatureCollection","features":[{},{}]}"#,
                NotABoundary::Several,
            ),
            (
                &ring("[207000,474000],[208000,474000],[208000,475000],[207000,474000]"),
                NotABoundary::Metres,
            ),
            (
                r#"{"type":"Polygon","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::28992"}},"coordinates":[]}"#,
                NotABoundary::Metres,
            ),
            (
                &ring("[52.2,6.1],[52.3,6.1],[52.3,6.2],[52.2,6.1]"),
                NotABoundary::Swapped,
            ),
            (
                &ring("[13.3,52.5],[13.4,52.5],[13.4,52.6],[13.3,52.5]"),
                NotABoundary::Abroad,
            ),
            (
                &ring("[6.1,52.2],[6.2,52.2],[6.2,52.3],[6.1,52.3]"),
                NotABoundary::Open,
            ),
            (
                &ring("[6.1,52.2],[6.2,52.2],[6.1,52.2]"),
                NotABoundary::TooFew,
            ),
            (
                &ring("[6.1,52.2],[6.1,52.2],[6.1,52.2],[6.1,52.2]"),
                NotABoundary::TooFew,
            ),
            (&ring(""), NotABoundary::TooFew),
            (&ring("[6.1],[6.2],[6.1]"), NotABoundary::NotAnArea),
            (&ring("[1e999,52.2]"), NotABoundary::NotJson),
            (&ring(&many), NotABoundary::TooLarge),
            (&" ".repeat(120_001), NotABoundary::TooLarge),
        ] {
            let start: String = text.chars().take(80).collect();
            assert_eq!(Boundary::parse(text), Err(why), "{start}");
        }
    }
}
