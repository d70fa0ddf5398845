//! The prefixes of ids: which there are, and which is still free.

use crate::lint::context::Context;
use crate::schema::model::{Column, Table};

/// The prefix that the column's default gives to its ids.
pub(super) fn read_prefix(column: &Column) -> Option<&str> {
    let default = column.default.as_deref()?;
    let (_, argument) = default.split_once("generate_id('")?;
    argument.strip_suffix("'::text)")
}

/// The definition of a key with this prefix.
pub(super) fn key_column(prefix: &str) -> String {
    format!(
        "id text COLLATE \"C\" PRIMARY KEY DEFAULT generate_id('{prefix}') CHECK (id LIKE '{prefix}\\_%')"
    )
}

/// Three letters of the table's name that no other table has as its prefix.
pub(super) fn free_prefix(context: &Context<'_>, table: &Table) -> String {
    let taken: Vec<&str> = context
        .columns()
        .filter_map(|(_, column)| read_prefix(column))
        .collect();
    let letters: Vec<char> = table
        .name
        .name
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    let letters: Vec<char> = letters.iter().map(char::to_ascii_lowercase).collect();
    let first = letters.first().copied().unwrap_or('x');
    let rest = letters.get(1..).unwrap_or_default();
    let consonant = |letter: &&char| !"aeiou".contains(**letter);
    // Consonants first, which abbreviate a word better than its vowels.
    let spelled = rest.iter().filter(consonant).chain(rest);
    let spelled: Vec<char> = spelled.copied().chain('a'..='z').collect();
    let pairs =
        (0..spelled.len()).flat_map(|one| (one + 1..spelled.len()).map(move |two| (one, two)));
    let mut prefixes = pairs.map(|(one, two)| {
        [first, spelled[one], spelled[two]]
            .iter()
            .collect::<String>()
    });
    let free = prefixes.find(|prefix| !taken.contains(&prefix.as_str()));
    free.unwrap_or_else(|| table.name.name.clone())
}
