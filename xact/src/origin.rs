//! The origin of a statement, as spans and errors name it.

use std::fmt;
use std::panic::Location;

use crate::query::Query;

/// The name of a statement and the location where it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) name: &'static str,
    file: &'static str,
    /// The line of Rust code; a query is found in its file by its name.
    line: Option<u32>,
}

impl Origin {
    /// The origin of SQL that the caller at this location built.
    pub(crate) fn dynamic(name: &'static str, place: &Location<'static>) -> Self {
        Self {
            name,
            file: place.file(),
            line: Some(place.line()),
        }
    }
}

impl From<&'static Query> for Origin {
    fn from(query: &'static Query) -> Self {
        Self {
            name: query.name,
            file: query.file,
            line: None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}", self.name, self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(")")
    }
}
