//! Each type of a crate has a name that no other type of the crate has.

use super::allowance::assert_within;
use super::repository::{CRATES, File, sources};
use super::rust_text::code;
use std::collections::BTreeMap;

/// The words that declare a type, with a space behind each.
const DECLARATIONS: &[&str] = &["struct ", "enum ", "union ", "trait ", "type "];

#[test]
fn a_type_name_is_declared_once_in_its_crate() {
    let files = sources();
    for krate in CRATES {
        assert_within("types of one name", &find_duplicates(krate, &files));
    }
}

/// The names that several types of a crate have, as counts for `assert_within`.
fn find_duplicates(krate: &str, files: &[File]) -> Vec<(String, usize, Vec<String>)> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let folder = format!("{krate}/src/");
    for file in files.iter().filter(|file| file.path.starts_with(&folder)) {
        for (index, line) in code(&file.text).lines().enumerate() {
            if let Some(name) = declared_type(line) {
                let place = format!("{}:{}", file.path, index + 1);
                places.entry(name.to_owned()).or_default().push(place);
            }
        }
    }
    let duplicates = places.into_iter().filter(|(_, places)| places.len() > 1);
    duplicates
        .map(|(name, places)| (format!("{krate} {name}"), places.len(), places))
        .collect()
}

/// The name of the type that a line of code declares.
fn declared_type(line: &str) -> Option<&str> {
    let unindented = line.trim_start();
    let declaration = skip_visibility(unindented);
    let word = DECLARATIONS
        .iter()
        .find(|word| declaration.starts_with(**word))?;
    // An indented `type` belongs to a trait or an `impl`, where the trait decides its name.
    if *word == "type " && unindented.len() < line.len() {
        return None;
    }
    let rest = &declaration[word.len()..];
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    // In a macro the name is a variable, as `$name`.
    Some(&rest[..end.unwrap_or(rest.len())]).filter(|name| !name.is_empty())
}

/// The line behind `pub` and `pub(…)`.
fn skip_visibility(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else {
        return line;
    };
    let rest = match rest.strip_prefix('(') {
        Some(scoped) => scoped.split_once(')').map_or(scoped, |(_, rest)| rest),
        None => rest,
    };
    rest.trim_start()
}

#[test]
fn declarations_of_types_are_recognised() {
    let name = declared_type;
    assert_eq!(name("pub(in crate::prove) struct Key<'a> {"), Some("Key"));
    assert_eq!(name("    enum Kind {"), Some("Kind"));
    assert_eq!(name("pub type Row = Vec<u8>;"), Some("Row"));
    assert_eq!(name("    type Error = Stop;"), None);
    assert_eq!(name("pub struct $name;"), None);
    assert_eq!(name("structure();"), None);
}

#[test]
fn two_types_of_one_name_are_found_in_one_crate() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file("cli/src/a.rs", "struct Column;\nenum Kind {}"),
        file(
            "cli/src/b.rs",
            "// struct Kind;\n\npub(crate) struct Column {}",
        ),
        file("lsp/src/a.rs", "struct Kind;"),
    ];
    let places = ["cli/src/a.rs:1", "cli/src/b.rs:3"].map(str::to_owned);
    let expected = vec![("cli Column".to_owned(), 2, places.to_vec())];
    assert_eq!(find_duplicates("cli", &files), expected);
    assert!(find_duplicates("lsp", &files).is_empty());
}
