//! The words of texts: rows are recognised by them in any output.

/// The shortest word that tells one row from another. Shorter ones occur by chance, in numbers and in times.
const SHORTEST: usize = 8;

/// The words of a text, in lower case: runs of at least eight letters and digits.
pub(super) fn split_words(text: &str) -> Vec<String> {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    let long = runs.filter(|run| run.len() >= SHORTEST);
    long.map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::split_words;

    #[test]
    fn words_are_found_in_rows_and_documents() {
        let words = split_words(r#"(bkm_afeed0012,"{""note"": ""AFEED0013""}",12)"#);
        assert_eq!(words, ["afeed0012", "afeed0013"]);
    }
}
