use super::tokens::{self, Piece, Token};

/// A place in a sentence; a copy of it is a way back.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pieces: &'a [Piece],
}

impl<'a> Reader<'a> {
    pub fn new(pieces: &'a [Piece]) -> Self {
        Self { pieces }
    }

    pub fn piece(&self) -> Option<&'a Piece> {
        self.pieces.first()
    }

    pub fn token(&self) -> Option<&'a Token> {
        self.piece().map(|piece| &piece.token)
    }

    /// The word that stands here.
    pub fn word(&self) -> Option<&'a str> {
        match self.token()? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn step(&mut self) {
        self.pieces = self.pieces.get(1..).unwrap_or_default();
    }

    /// What a token means to `known`, which is then read.
    pub fn take<T>(&mut self, known: impl FnOnce(&'a Token) -> Option<T>) -> Option<T> {
        let found = self.token().and_then(known)?;
        self.step();
        Some(found)
    }

    /// As [`take`](Self::take), for a word.
    pub fn take_word<T>(&mut self, known: impl FnOnce(&'a str) -> Option<T>) -> Option<T> {
        let found = self.word().and_then(known)?;
        self.step();
        Some(found)
    }

    pub fn eat_token(&mut self, token: &Token) -> bool {
        self.take(|found| (found == token).then_some(())).is_some()
    }

    /// Reads these words, or nothing.
    pub fn eat(&mut self, phrase: &str) -> bool {
        let mut ahead = *self;
        let all = phrase.split(' ').all(|word| {
            ahead
                .take_word(|found| (found == word).then_some(()))
                .is_some()
        });
        if all {
            *self = ahead;
        }
        all
    }

    /// Reads the first of these that stands here.
    pub fn eat_any(&mut self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.eat(phrase))
    }

    /// "3", "drie"
    pub fn number(&mut self) -> Option<u32> {
        self.take(|token| match token {
            Token::Number(n) => Some(*n),
            Token::Word(word) => tokens::number_word(word),
            _ => None,
        })
    }

    /// What stands between the items of a list.
    pub fn separator(&mut self) -> bool {
        let comma = self.eat_token(&Token::Comma);
        self.eat_any(&["en", "of"]) || comma
    }

    /// Reads with `read`; when it finds nothing, nothing is read.
    pub fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = read(&mut ahead)?;
        *self = ahead;
        Some(found)
    }
}
