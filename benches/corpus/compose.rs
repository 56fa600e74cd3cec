//! Puts a record of each kind together.

use super::moment::Moment;
use super::random::Random;
use super::tables::Subject;
use super::text::{Scene, capitalised, slugify, with_typing_errors, word_count};
use super::world::{Cell, Place, World, Zone};
use super::{Kind, Record};

const SUMMARY_WORDS: std::ops::RangeInclusive<usize> = 15..=50;
const BODY_WORDS: usize = 150;
const STEPS: [&str; 4] = ["self", "network", "open", "access"];
const PRICES: [u32; 16] = [
    100, 150, 200, 250, 300, 350, 400, 500, 600, 750, 800, 1000, 1250, 1500, 2500, 4500,
];

/// The stream of the draws for a record as such, beside those for the names in it.
const RECORD: u64 = 10;

pub fn record(world: &World, number: u64) -> Record {
    let (cell, slot) = Cell::of(number);
    let mut writer = Writer {
        world,
        number,
        cell,
        random: world.random(RECORD, number),
    };
    match Kind::of_slot(slot) {
        Kind::Organisation => writer.organisation(),
        Kind::Activity => writer.activity(),
        Kind::Place => writer.place(),
        Kind::Faq => writer.faq(),
        Kind::Dossier => writer.dossier(),
    }
}

struct Writer<'a> {
    world: &'a World,
    number: u64,
    cell: Cell,
    random: Random,
}

impl<'a> Writer<'a> {
    fn organisation(&mut self) -> Record {
        let organisation = self.world.organisation(self.number);
        let subject = organisation.subject;
        let scene = Scene::new(self.world, self.cell)
            .with_zone(organisation.zone.clone())
            .with_organisation(&organisation.name);
        let opening = self.random.several(&subject.organisation, 2);
        let ending = self.some("about", 3);
        let club = subject.step == "network" && self.random.chance(0.6);
        let general = self.some(if club { "club" } else { "organisation" }, 7);
        let facts = self.random.several(&subject.facts, 2);
        let count = 2 + self.random.below(8);
        let body = self.mixed([&facts, &general], count);
        let mut record = self.blank(Kind::Organisation, &organisation.name, subject);
        record.summary = self.summary(&scene, [opening, ending]);
        record.body = self.body(&scene, body);
        self.locate(&mut record, organisation.zone.as_ref());
        record
    }

    fn activity(&mut self) -> Record {
        let world = self.world;
        let subject = self.random.pick_skewed(&world.tables.subjects);
        let organisation = world.organisation_for(self.cell, subject, &mut self.random);
        let place = self.place_of(subject);
        let zone = match &place {
            Some(place) => Some(place.zone.clone()),
            None => organisation.zone.clone(),
        };
        let held = self.random.chance(if place.is_some() { 0.9 } else { 0.3 });
        let moment = held.then(|| Moment::draw(&mut self.random));
        let cost = self.cost(subject);
        let mut scene = Scene::new(world, self.cell)
            .with_zone(zone.clone())
            .with_organisation(&organisation.name)
            .with_moment(moment.clone())
            .with_price(cost.unwrap_or_default());
        if let Some(place) = &place {
            scene = scene.with_place(place.kind.preposition, &place.name);
        }
        let title = self.title(&scene, subject);
        let mut record = self.blank(Kind::Activity, &title, subject);
        record.cost_cents = cost;
        record.summary = self.activity_summary(&scene, subject, place.is_none(), cost);
        record.body = self.activity_body(&scene, subject, place.is_none());
        record.start = moment.as_ref().map(|moment| (moment.day, moment.minute));
        record.rrule = moment.as_ref().and_then(Moment::rule);
        record.organisation = Some(organisation.name);
        record.organisation_number = Some(organisation.number);
        self.locate(&mut record, zone.as_ref());
        if let Some(place) = place {
            record.wheelchair = place.wheelchair;
            record.place = Some(place.name);
            record.place_number = Some(place.number);
        }
        record
    }

    fn place_of(&mut self, subject: &Subject) -> Option<Place<'a>> {
        let home = subject.places.contains(&"thuis");
        let nowhere = if home { 0.6 } else { 0.06 };
        if self.random.chance(nowhere) {
            return None;
        }
        (self.world).place_for(self.cell, &subject.places, &mut self.random)
    }

    fn cost(&mut self, subject: &Subject) -> Option<u32> {
        let (free, unknown) = match subject.cost {
            "free" => (0.85, 0.1),
            "small" => (0.35, 0.1),
            _ => (0.05, 0.35),
        };
        let draw = self.random.share();
        if draw < unknown {
            None
        } else if draw < unknown + free {
            Some(0)
        } else {
            Some(*self.random.pick_skewed(&PRICES))
        }
    }

    /// A title of the subject, often with the place or zone that tells it from its namesakes.
    fn title(&mut self, scene: &Scene, subject: &Subject) -> String {
        let pattern = *self.random.pick(&subject.titles);
        let title = scene.sentence(pattern, &mut self.random);
        let ends = pattern.contains('{') || pattern.ends_with('?') || pattern.contains(':');
        if ends || self.random.chance(0.4) {
            return title;
        }
        let addition = *self.random.pick(&["{opplek}", "{inwijk}", "in {gemeente}"]);
        format!("{title} {}", scene.expand(addition, &mut self.random))
    }

    fn activity_summary(
        &mut self,
        scene: &Scene,
        subject: &Subject,
        at_home: bool,
        cost: Option<u32>,
    ) -> String {
        let opening = self.random.several(&subject.activity, 2);
        let mut ending = self.some(if at_home { "home" } else { "summary" }, 2);
        if scene.is_held() && self.random.chance(0.35) {
            ending.extend(self.some("when", 1));
        }
        match cost {
            Some(0) if self.random.chance(0.3) => ending.extend(self.some("free", 1)),
            Some(1..) if self.random.chance(0.5) => ending.extend(self.some("paid", 1)),
            _ => {}
        }
        ending.reverse();
        self.summary(scene, [opening, ending])
    }

    /// Most activities say all in their summary.
    fn activity_body(&mut self, scene: &Scene, subject: &Subject, at_home: bool) -> String {
        if self.random.chance(0.35) {
            return String::new();
        }
        let facts = self.random.several(&subject.facts, 3);
        let pool = match (at_home, subject.step) {
            (true, _) => "service",
            (false, "network") => "activity",
            // Serious subjects have no quiz and no exhibition.
            _ => "office",
        };
        let general = self.some(pool, 5);
        let count = 1 + self.random.below(8);
        let body = self.mixed([&facts, &general], count);
        self.body(scene, body)
    }

    fn place(&mut self) -> Record {
        let place = self.world.place(self.number);
        let kind = place.kind;
        let scene = Scene::new(self.world, self.cell)
            .with_zone(Some(place.zone.clone()))
            .with_place(kind.preposition, &place.name);
        let opening = self.random.several(&kind.summaries, 2);
        let outside = kind.slug == "buiten";
        let general = self.some(if outside { "outside" } else { "place" }, 6);
        let count = self.random.below(5);
        let mut record = self.blank(Kind::Place, &place.name, &self.world.tables.subjects[0]);
        record.theme = kind.theme;
        record.main_theme = kind.main_theme;
        record.audiences.clone_from(&kind.audiences);
        record.keywords.truncate(0);
        record.summary = self.summary(&scene, [opening, general[count..].to_vec()]);
        record.body = self.body(&scene, general[..count].to_vec());
        self.locate(&mut record, Some(&place.zone));
        record.street = Some(place.street);
        record.wheelchair = place.wheelchair;
        record.step = None;
        record
    }

    fn faq(&mut self) -> Record {
        let world = self.world;
        let subject = self.random.pick_skewed(&world.tables.subjects);
        let organisation = world.organisation_for(self.cell, subject, &mut self.random);
        let zone = world.zone(self.cell.municipality, &mut self.random);
        let zone = self.random.chance(0.5).then_some(zone);
        let scene = Scene::new(world, self.cell)
            .with_zone(zone.clone())
            .with_organisation(&organisation.name);
        let (question, answer) = self.question(&scene, subject);
        let general = self.some("faq", 3);
        let facts = self.random.several(&subject.facts, 3);
        let count = 1 + self.random.below(6);
        let body = self.mixed([&facts, &general], count);
        let mut record = self.blank(Kind::Faq, &question, subject);
        let ending = self.some("answer", 2);
        record.summary = self.summary(&scene, [answer, ending]);
        record.body = self.body(&scene, body);
        record.step = None;
        self.locate(&mut record, zone.as_ref());
        record
    }

    fn question(&mut self, scene: &Scene, subject: &Subject) -> (String, Vec<&'a str>) {
        if self.random.chance(0.3) {
            let question = *self.random.pick(self.world.tables.sentences("question"));
            let keyword = *self.random.pick(&subject.keywords);
            let question = question.replace("{trefwoord}", keyword);
            let question = scene.sentence(&question, &mut self.random);
            return (question, self.some("answer", 2));
        }
        let (question, answer) = *self.random.pick(&subject.questions);
        let mut question = scene.sentence(question, &mut self.random);
        let local = question.starts_with("Waar ") && !question.contains(" in ");
        if local && self.random.chance(0.7) {
            let place = scene.expand("in {gemeente}", &mut self.random);
            question = format!("{} {place}?", question.trim_end_matches('?'));
        }
        (question, vec![answer])
    }

    fn dossier(&mut self) -> Record {
        let world = self.world;
        let subject = self.random.pick_skewed(&world.tables.subjects);
        let organisation = world.organisation_for(self.cell, subject, &mut self.random);
        let scene = Scene::new(world, self.cell).with_organisation(&organisation.name);
        let mut title = self.random.pick(&subject.dossiers).to_string();
        if !title.contains('{') {
            let endings = [" in {gemeente}", ": wat kunt u doen?", ""];
            title.push_str(self.random.pick::<&str>(&endings));
        }
        let title = scene.sentence(&title, &mut self.random);
        let facts = self.random.several(&subject.facts, 3);
        let mut body = self.some("self", 2);
        body.extend(&facts[1..]);
        for step in ["network", "open", "access"] {
            body.extend(self.some(step, 3));
        }
        body.extend(self.some("urgent", 1));
        let mut record = self.blank(Kind::Dossier, &title, subject);
        let opening = self.some("intro", 2);
        record.summary = self.summary(&scene, [opening, facts[..1].to_vec()]);
        record.body = self.body(&scene, body);
        record.step = None;
        self.locate(&mut record, None);
        record
    }

    fn some(&mut self, sentences: &str, count: usize) -> Vec<&'a str> {
        let world = self.world;
        (self.random).several(world.tables.sentences(sentences), count)
    }

    /// `count` sentences of the pools, in any order.
    fn mixed(&mut self, pools: [&[&'a str]; 2], count: usize) -> Vec<&'a str> {
        self.random.several(&pools.concat(), count)
    }

    /// The first pool's first sentence, and more until it is a summary.
    fn summary(&mut self, scene: &Scene, pools: [Vec<&str>; 2]) -> String {
        let wanted = SUMMARY_WORDS.start() + self.random.below(12);
        let [opening, ending] = pools;
        let mut text = scene.sentence(opening[0], &mut self.random);
        let more = if self.random.chance(0.5) {
            [&opening[1..], &ending].concat()
        } else {
            [&ending, &opening[1..]].concat()
        };
        for template in more {
            if word_count(&text) >= wanted {
                break;
            }
            let sentence = scene.sentence(template, &mut self.random);
            if word_count(&text) + word_count(&sentence) <= *SUMMARY_WORDS.end() {
                text = [&text, " ", &sentence].concat();
            }
        }
        with_typing_errors(text, &mut self.random)
    }

    fn body(&mut self, scene: &Scene, templates: Vec<&str>) -> String {
        let mut text = String::new();
        let mut words = 0;
        for template in templates {
            let sentence = scene.sentence(template, &mut self.random);
            words += word_count(&sentence);
            if words > BODY_WORDS {
                break;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&sentence);
        }
        with_typing_errors(text, &mut self.random)
    }

    /// A record with all that depends on its number, title and subject only.
    fn blank(&mut self, kind: Kind, title: &str, subject: &'a Subject) -> Record {
        Record {
            number: self.number,
            kind,
            slug: format!("{}-{}", slugify(title), self.number),
            summary: String::new(),
            body: String::new(),
            keywords: self.keywords(subject),
            theme: subject.theme,
            main_theme: subject.main_theme,
            municipality: self.world.municipality(self.cell.municipality),
            zone: None,
            zone_name: None,
            audiences: self.audiences(subject),
            step: Some(self.step(subject)),
            organisation: None,
            organisation_number: None,
            place: None,
            place_number: None,
            street: None,
            cost_cents: None,
            wheelchair: self.random.chance(0.5),
            lat: 0.0,
            lon: 0.0,
            checked_days_ago: self.random.skewed(900) as u16,
            start: None,
            rrule: None,
            title: capitalised(title),
        }
    }

    fn locate(&mut self, record: &mut Record, zone: Option<&Zone>) {
        let (lat, lon) = match zone {
            Some(zone) => (zone.lat, zone.lon),
            None => self.world.middle(self.cell.municipality),
        };
        record.lat = lat + (self.random.share() - 0.5) * 0.016;
        record.lon = lon + (self.random.share() - 0.5) * 0.024;
        record.zone = zone.map(|zone| zone.slug.clone());
        record.zone_name = zone.map(|zone| zone.name.clone());
    }

    fn keywords(&mut self, subject: &Subject) -> Vec<String> {
        let count = 1 + self.random.below(4);
        let own = self.random.several(&subject.keywords, count);
        let mut keywords: Vec<String> = own.into_iter().map(str::to_owned).collect();
        if self.random.chance(0.3) {
            let list = *self
                .random
                .pick(&["hulp", "gelegenheid", "onderwerp", "maatje"]);
            keywords.push(self.world.tables.words(list).draw(&mut self.random));
        }
        keywords
    }

    fn audiences(&mut self, subject: &Subject) -> Vec<&'static str> {
        let count = 1 + self.random.below(2);
        let mut audiences = self.random.several(&subject.audiences, count);
        if self.random.chance(0.04) {
            audiences.push("professionals");
        }
        audiences
    }

    fn step(&mut self, subject: &Subject) -> &'static str {
        if self.random.chance(0.85) {
            subject.step
        } else {
            self.random.pick::<&str>(&STEPS)
        }
    }
}
