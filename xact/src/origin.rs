//! The origin of a statement, as spans and errors name it.

use std::fmt;
use std::panic::Location;

/// The name of a statement and the location where it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) name: &'static str,
    file: &'static str,
    /// The line of Rust code; a query is found in its file by its name.
    line: Option<u32>,
}

impl Origin {
    /// The origin of a query in a file.
    pub(crate) fn query(name: &'static str, file: &'static str) -> Self {
        Self {
            name,
            file,
            line: None,
        }
    }

    /// The origin of SQL that the caller at this location built.
    pub(crate) fn dynamic(name: &'static str, place: &Location<'static>) -> Self {
        Self {
            name,
            file: place.file(),
            line: Some(place.line()),
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
