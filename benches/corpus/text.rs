//! From a sentence with slots to Dutch text.

use super::moment::Moment;
use super::random::Random;
use super::world::{Cell, World, Zone};

const NUMBERS: [&str; 9] = [
    "vier", "vijf", "zes", "acht", "tien", "twaalf", "vijftien", "twintig", "dertig",
];

/// What the slots of a sentence stand for.
#[derive(Clone)]
pub struct Scene<'a> {
    world: &'a World,
    cell: Cell,
    zone: Option<Zone>,
    organisation: Option<String>,
    /// With its preposition.
    place: Option<(&'static str, String)>,
    moment: Option<Moment>,
    cents: u32,
}

impl<'a> Scene<'a> {
    pub fn new(world: &'a World, cell: Cell) -> Self {
        Self {
            world,
            cell,
            zone: None,
            organisation: None,
            place: None,
            moment: None,
            cents: 0,
        }
    }

    pub fn with_zone(mut self, zone: Option<Zone>) -> Self {
        self.zone = zone;
        self
    }

    pub fn with_organisation(mut self, name: &str) -> Self {
        self.organisation = Some(name.to_owned());
        self
    }

    pub fn with_place(mut self, preposition: &'static str, name: &str) -> Self {
        self.place = Some((preposition, name.to_owned()));
        self
    }

    pub fn with_moment(mut self, moment: Option<Moment>) -> Self {
        self.moment = moment;
        self
    }

    pub fn with_price(mut self, cents: u32) -> Self {
        self.cents = cents;
        self
    }

    /// Whether there is a time to come.
    pub fn is_held(&self) -> bool {
        self.moment.is_some()
    }

    /// A sentence or title that starts with a capital.
    pub fn sentence(&self, template: &str, random: &mut Random) -> String {
        capitalised(&self.expand(template, random))
    }

    /// The template with its slots filled; no word is drawn twice for one sentence.
    pub fn expand(&self, template: &str, random: &mut Random) -> String {
        let mut text = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            let mut word = self.fill(slot, random);
            for _ in 0..3 {
                if text.contains(word.as_str()) {
                    word = self.fill(slot, random);
                }
            }
            text.push_str(&word);
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn fill(&self, slot: &str, random: &mut Random) -> String {
        if slot.starts_with(|first: char| first.is_uppercase()) {
            return capitalised(&self.fill(&slot.to_lowercase(), random));
        }
        match slot {
            "fantasie" => self.fantasy(random),
            "org" => (self.organisation.clone()).unwrap_or_else(|| "de organisatie".to_owned()),
            "organisatie" => self.world.some_organisation(self.cell, random),
            "wanneer" => {
                (self.moment.as_ref()).map_or_else(|| "op afspraak".to_owned(), Moment::in_words)
            }
            "dagdeel" => (self.moment.as_ref())
                .map_or("middag", Moment::part_of_day)
                .to_owned(),
            "aantal" => (*random.pick(&NUMBERS)).to_owned(),
            "weken" => (*random.pick(&NUMBERS[..4])).to_owned(),
            "jaar" => (2024 - random.skewed(130)).to_string(),
            "prijs" => euros(self.cents),
            _ => (self.whereabouts(slot, random))
                .unwrap_or_else(|| self.world.tables.words(slot).draw(random)),
        }
    }

    fn whereabouts(&self, slot: &str, random: &mut Random) -> Option<String> {
        let municipality = || self.world.municipality(self.cell.municipality);
        let with_article = || (self.zone.as_ref()).map_or_else(municipality, Zone::with_article);
        Some(match slot {
            "gemeente" => municipality(),
            "wijk" => (self.zone.as_ref()).map_or_else(municipality, |zone| zone.name.clone()),
            "dewijk" => with_article(),
            "inwijk" => format!("in {}", with_article()),
            "opplek" => match &self.place {
                Some((preposition, name)) => format!("{preposition} {name}"),
                None => format!("in {}", with_article()),
            },
            "straatnaam" | "halte" => self.world.street(self.cell.municipality, random),
            "destraat" => the_street(&self.world.street(self.cell.municipality, random)),
            "buurdorp" => self.world.village(random),
            _ => return None,
        })
    }

    /// A name as foundations have: two plain words in one.
    fn fantasy(&self, random: &mut Random) -> String {
        let first = random.pick(self.world.tables.list("fantasie_voor"));
        let last = random.pick(self.world.tables.list("fantasie_achter"));
        if first.eq_ignore_ascii_case(last) {
            return first.clone();
        }
        [&**first, &**last].concat()
    }
}

/// With its article, as in "aan de Molenweg" and "aan het Molenplein".
fn the_street(name: &str) -> String {
    let neuter = ["plein", "pad", "erf", "park", "plantsoen", "hof"];
    let article = match neuter.iter().any(|kind| name.ends_with(kind)) {
        true => "het",
        false => "de",
    };
    format!("{article} {name}")
}

fn euros(cents: u32) -> String {
    match cents % 100 {
        0 => format!("€ {}", cents / 100),
        rest => format!("€ {},{rest:02}", cents / 100),
    }
}

pub fn capitalised(text: &str) -> String {
    // Dutch capitals: the article 't stays small and the word after it takes the capital.
    let (article, rest) = match text.strip_prefix("'t ") {
        Some(rest) => ("'t ", rest),
        None => ("", text),
    };
    let mut letters = rest.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    article.chars().chain(first).chain(letters).collect()
}

pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'a'..='z' | '0'..='9' => letter,
            'à' | 'á' | 'ä' => 'a',
            'è' | 'é' | 'ë' | 'ê' => 'e',
            'ï' | 'í' => 'i',
            'ö' | 'ó' => 'o',
            'ü' | 'ú' => 'u',
            '\'' | '’' => continue,
            _ => '-',
        };
        if plain != '-' || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push(plain);
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Spoils about one word in a thousand, as editors in a hurry do.
pub fn with_typing_errors(text: String, random: &mut Random) -> String {
    const SHARE: f64 = 0.001;
    let count = word_count(&text);
    if !random.chance(count as f64 * SHARE) {
        return text;
    }
    let unlucky = random.below(count);
    let spoilt = |(place, word): (usize, &str)| match place == unlucky {
        true => mistyped(word, random),
        false => word.to_owned(),
    };
    let words: Vec<String> = text.split(' ').enumerate().map(spoilt).collect();
    words.join(" ")
}

fn mistyped(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 5 || !letters.iter().all(|letter| letter.is_alphabetic()) {
        return word.to_owned();
    }
    let place = 1 + random.below(letters.len() - 2);
    match random.below(4) {
        0 => {
            letters.remove(place);
        }
        1 => letters.swap(place, place + 1),
        2 => letters.insert(place, letters[place]),
        _ => letters[place] = *random.pick(&['e', 'a', 'n', 'r', 't', 'i', 'o']),
    }
    letters.into_iter().collect()
}
