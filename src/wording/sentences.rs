/// The sentences of a text, each as its words. A sentence ends at a point, a question or an
/// exclamation mark that no small letter follows ("o.a. koffie" goes on), and at the end of a line.
pub fn sentences(text: &str) -> Vec<Vec<&str>> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let mut sentence: Vec<&str> = Vec::new();
        for part in line.split_whitespace() {
            let goes_on = sentence
                .last()
                .is_some_and(|last| !ends(last) || part.starts_with(char::is_lowercase));
            if !goes_on && !sentence.is_empty() {
                sentences.push(std::mem::take(&mut sentence));
            }
            sentence.push(part);
        }
        sentences.push(sentence);
    }
    // What holds no letter is no word: a dash, the mark of a list.
    for sentence in &mut sentences {
        sentence.retain(|part| part.contains(char::is_alphanumeric));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Whether a sentence can end with this word; a quote or bracket may stand behind the mark.
fn ends(word: &str) -> bool {
    word.trim_end_matches(['"', '\'', '”', '’', ')', '*', '_'])
        .ends_with(['.', '!', '?', '…'])
}

/// A word without the marks around it.
pub fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_sentences() {
        for (text, lengths) in [
            ("", &[][..]),
            (" \n - \n", &[]),
            ("Kom langs. U bent welkom!", &[2, 3]),
            ("Er is o.a. koffie en thee.", &[6]),
            ("De zaal is open van 9.00 tot 17.30 uur. Kom!", &[9, 1]),
            ("“Kom langs.” Dat zei zij (vaak.) En toen?", &[2, 4, 2]),
            ("- koffie\n- thee", &[1, 1]),
            ("Geen punt\nnog een regel", &[2, 3]),
        ] {
            let found: Vec<usize> = sentences(text).iter().map(Vec::len).collect();
            assert_eq!(found, lengths, "{text}");
        }
    }
}
