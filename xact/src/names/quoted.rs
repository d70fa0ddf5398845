//! Names as SQL identifiers, always in quotes, so that no list of keywords is needed and capitals are kept.

use std::fmt::{self, Write as _};

/// The name of a table or view; `Display` writes it as SQL.
///
/// ```
/// use xact::Table;
///
/// assert_eq!(Table { schema: None, name: "bookmarks" }.to_string(), r#""bookmarks""#);
/// assert_eq!(Table { schema: Some("audit"), name: "My log" }.to_string(), r#""audit"."My log""#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    /// Its schema; none for `public`, where `search_path` finds it, as it does for the tables in query files.
    pub schema: Option<&'static str>,
    /// Its own name.
    pub name: &'static str,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = self.schema {
            write_quoted(f, schema)?;
            f.write_char('.')?;
        }
        write_quoted(f, self.name)
    }
}

/// A name in quotes, those in it doubled.
pub(super) fn write_quoted(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in name.chars() {
        if character == '"' {
            f.write_char('"')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}
