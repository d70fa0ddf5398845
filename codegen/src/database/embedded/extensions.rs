//! Which extensions migrations create, of those that the embedded Postgres has.

use crate::report::source::SourceFile;
use crate::sql::lexer;
use pglite_oxide::extensions::{self, Extension};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The names after `CREATE EXTENSION`, as far as there are such extensions. Those that there are not,
/// Postgres refuses by name.
pub(super) fn created_by(files: &[&Arc<SourceFile>]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for file in files {
        let words = split_words(&file.text);
        for (index, word) in words.iter().enumerate() {
            if !word.eq_ignore_ascii_case("extension") {
                continue;
            }
            let named = words[index + 1..]
                .iter()
                .find(|word| !["if", "not", "exists"].contains(&word.as_str()));
            found.extend(
                named
                    .filter(|name| extensions::by_sql_name(name).is_some())
                    .cloned(),
            );
        }
    }
    found.into_iter().collect()
}

/// Those of these names.
pub(super) fn find_extensions(names: &[String]) -> Vec<Extension> {
    let known = names.iter().map(|name| extensions::by_sql_name(name));
    known.flatten().collect()
}

/// Words and quoted names as Postgres reads them.
fn split_words(text: &str) -> Vec<String> {
    let words = lexer::words(text);
    words.iter().filter_map(lexer::Word::name).collect()
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, created_by};
    use std::sync::Arc;

    #[test]
    fn created_extensions_are_found_and_nothing_else_is() {
        let file = Arc::new(SourceFile::new(
            "migrations/1_a.up.sql",
            "CREATE EXTENSION IF NOT EXISTS citext;\n\
                create extension \"pg_trgm\" WITH SCHEMA public; -- CREATE EXTENSION hstore\n\
                CREATE EXTENSION no_such_extension;\n\
                CREATE TABLE cube (age int, seg text DEFAULT 'CREATE EXTENSION ltree');\n"
                .to_owned(),
        ));
        assert_eq!(created_by(&[&file]), ["citext", "pg_trgm"]);
    }
}
