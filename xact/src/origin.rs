//! Where a statement comes from: what spans and errors call it.

use std::fmt;
use std::panic::Location;

use crate::query::Query;

/// The name of a statement and the place it was written at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) name: &'static str,
    file: &'static str,
    /// Of Rust code; a query file has names enough.
    line: Option<u32>,
}

impl Origin {
    /// Of SQL that the caller at this place made.
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
