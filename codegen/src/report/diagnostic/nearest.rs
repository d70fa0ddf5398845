//! "Did you mean": the existing name that is closest to one that does not exist.

/// The candidate closest to `name`, if it is close enough to be a misspelling.
///
/// ```
/// # use xact_codegen::report::diagnostic::nearest;
/// assert_eq!(nearest("titel", ["title", "url"]), Some("title"));
/// assert_eq!(nearest("zebra", ["title", "url"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A third of the letters may be wrong: more, and the suggestion is noise.
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}
