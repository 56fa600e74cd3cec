//! Words without capitals and accents, by tantivy's filters.

use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer};

/// Lower case, without accents.
pub fn fold(piece: &str) -> String {
    if piece.is_ascii() {
        return piece.to_ascii_lowercase();
    }
    let folder = TextAnalyzer::builder(RawTokenizer::default())
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build();
    run(&folder, piece)
}

/// One word through a chain of tantivy filters.
pub fn run(chain: &TextAnalyzer, word: &str) -> String {
    let mut chain = chain.clone();
    let mut stream = chain.token_stream(word);
    stream
        .next()
        .map(|token| token.text.clone())
        .unwrap_or_default()
}
