//! Collects values and faults, so that one start tells everything that is wrong.

use std::{collections::BTreeMap, fmt, path::Path};

use super::settings::{CONFIG_FILE, find};

/// What is wrong with the settings: one English sentence each.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Faults {}

/// Values by name, and the faults met so far.
pub(super) struct Reader {
    values: BTreeMap<String, String>,
    faults: Vec<String>,
}

impl Reader {
    /// Puts the environment over the settings file. An empty value counts as not set, because
    /// that is what `${NAME:-}` in a compose file gives.
    pub(super) fn new(environment: BTreeMap<String, String>) -> Self {
        let mut reader = Self {
            values: BTreeMap::new(),
            faults: Vec::new(),
        };
        let named = environment
            .get(CONFIG_FILE)
            .filter(|path| !path.trim().is_empty());
        let file = reader.file(named.map(String::as_str));
        for (name, value) in file.into_iter().chain(environment) {
            if find(&name).is_none() {
                reader.faults.push(format!(
                    "{name} is not a setting of Wijzer; `wijzer settings` lists those there are."
                ));
            } else if !value.trim().is_empty() {
                reader.values.insert(name, value.trim().to_owned());
            }
        }
        reader
    }

    fn file(&mut self, named: Option<&str>) -> BTreeMap<String, String> {
        let default = find(CONFIG_FILE).map_or("", |setting| setting.default);
        let path = named.unwrap_or(default);
        if named.is_none() && !Path::new(path).exists() {
            return BTreeMap::new();
        }
        match std::fs::read_to_string(path) {
            Ok(text) => self.parse_file(path, &text),
            Err(error) => {
                self.faults.push(format!(
                    "{CONFIG_FILE} is {path}, which cannot be read: {error}."
                ));
                BTreeMap::new()
            }
        }
    }

    fn parse_file(&mut self, path: &str, text: &str) -> BTreeMap<String, String> {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                // Only where, never the offending line: it may hold the database password.
                let before = error
                    .span()
                    .map_or("", |span| text.get(..span.start).unwrap_or(""));
                let line = before.lines().count().max(1);
                self.faults
                    .push(format!("{path} is not valid TOML, near line {line}."));
                return BTreeMap::new();
            }
        };
        let mut values = BTreeMap::new();
        for (name, value) in table {
            match value {
                toml::Value::String(text) => drop(values.insert(name, text)),
                toml::Value::Integer(number) => drop(values.insert(name, number.to_string())),
                _ => self.faults.push(format!(
                    "{name} in {path} must be a text or a whole number."
                )),
            }
        }
        values
    }

    /// The value of a setting that always has one. `None` means: a fault was noted.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.optional(name, expected, parse)?
    }

    /// The value of a setting that may be absent. The outer `None` means: a fault was noted.
    #[expect(
        clippy::option_option,
        reason = "the outer one is 'faulty', the inner one 'not set'"
    )]
    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let setting = find(name)?;
        let value = self
            .values
            .get(name)
            .map_or(setting.default, String::as_str);
        if value.is_empty() {
            return Some(None);
        }
        if let Some(parsed) = parse(value) {
            return Some(Some(parsed));
        }
        let shown = if setting.secret {
            "has a value that is not shown here".to_owned()
        } else {
            format!("is \"{}\"", value.escape_debug())
        };
        self.faults
            .push(format!("{name} {shown}, but must be {expected}."));
        None
    }

    /// Something wrong that no single value tells.
    pub(super) fn fault(&mut self, sentence: &str) {
        self.faults.push(sentence.to_owned());
    }

    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.required(name, "one line of text", |v| {
            (!v.contains(char::is_control)).then(|| v.to_owned())
        })
    }

    pub(super) fn number(&mut self, name: &'static str, least: u32, most: u32) -> Option<u32> {
        let expected = format!("a whole number from {least} to {most}");
        self.required(name, &expected, |v| {
            v.parse().ok().filter(|n| (least..=most).contains(n))
        })
    }

    /// The outcome: `parsed`, unless anything was wrong.
    pub(super) fn finish<T>(self, parsed: Option<T>) -> Result<T, Faults> {
        match parsed {
            Some(parsed) if self.faults.is_empty() => Ok(parsed),
            _ => Err(Faults(self.faults)),
        }
    }
}
