//! Each type of a crate has a name that no other type of the crate has.

use super::allowance::assert_within;
use super::repository::{CRATES, sources};
use super::rust_text::code;
use std::collections::BTreeMap;

/// The words that declare a type, with a space behind each.
const DECLARATIONS: &[&str] = &["struct ", "enum ", "union ", "trait ", "type "];

#[test]
fn a_type_name_is_declared_once_in_its_crate() {
    let files = sources();
    for krate in CRATES {
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
        let counts: Vec<_> = duplicates
            .map(|(name, places)| (format!("{krate} {name}"), places.len(), places))
            .collect();
        assert_within("types of one name", &counts);
    }
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
