//! What a change of the alarm would do, before it is made.

use super::correction::Known;
use super::emergency::{Alarm, AlarmChanges};
use super::engine::Engine;
use super::error::SearchError;
use super::reading::Reading;

/// Searches that ask for help at once, and searches that only look like that.
const CRIES: &str = include_str!("../../data/language/cries.txt");
const LOOK_ALIKES: &str = include_str!("../../data/language/look_alikes.txt");

/// What changes among the searches that are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Effect {
    /// Ordinary searches that would raise the alarm, and do not now.
    pub raised: Vec<&'static str>,
    /// Cries for help that would raise none, and do now.
    pub silent: Vec<&'static str>,
    /// How many ordinary searches are known.
    pub ordinary: usize,
}

impl Engine {
    /// What would change if the alarm were changed so.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn try_alarm(&self, changes: &AlarmChanges) -> Result<Effect, SearchError> {
        self.look(|view| {
            let now = view.known();
            let alarm = Alarm::new(now.analyzer, changes);
            let then = Known {
                alarm: &alarm,
                ..now
            };
            let sounds = |text: &str, known: &Known| {
                let read = Reading::of(text, (false, false), known, view.ranking)?;
                Ok::<bool, SearchError>(read.alarm.is_some())
            };
            let mut effect = Effect::default();
            for text in LOOK_ALIKES.lines() {
                effect.ordinary += 1;
                if sounds(text, &then)? && !sounds(text, &now)? {
                    effect.raised.push(text);
                }
            }
            for text in CRIES.lines() {
                if !sounds(text, &then)? && sounds(text, &now)? {
                    effect.silent.push(text);
                }
            }
            Ok(effect)
        })
    }

    /// Whether a text has a word that is not in everybody's mouth, and is more than one broad word.
    #[must_use]
    pub fn says_something(&self, text: &str) -> bool {
        let analyzer = &self.0.analyzer;
        let common = |word: &str| analyzer.is_stopword(word) || analyzer.is_weak(word);
        let words = analyzer.words(text);
        let mut said = words.iter().map(|word| word.surface.as_str());
        match &words[..] {
            [one] if analyzer.is_broad(&analyzer.stem(&one.surface)) => false,
            _ => said.any(|word| !common(word) && word.chars().count() > 1),
        }
    }
}
