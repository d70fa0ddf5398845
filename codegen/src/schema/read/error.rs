//! Why a database could not be read.

use std::fmt;

use super::unsupported_help::find_help;

/// The reasons for which [`read`](super::read()) returns no schema.
#[derive(Debug, thiserror::Error)]
pub enum SchemaReadError {
    /// A catalog query failed.
    #[error("cannot read the catalog: {0}")]
    Query(#[from] sqlx::Error),
    /// The database holds objects that schema.sql cannot represent.
    #[error("schema.sql cannot represent {}", list_objects(.0))]
    Unsupported(Vec<UnsupportedObject>),
}

/// An object that a schema cannot represent, as Postgres itself names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnsupportedObject {
    /// Its kind: `event trigger`, `foreign table` ….
    pub kind: String,
    /// Which one it is.
    pub name: String,
}

impl UnsupportedObject {
    /// The way out, with the SQL to paste.
    pub fn help(&self) -> String {
        find_help(&self.kind, &self.name)
    }
}

impl fmt::Display for UnsupportedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)
    }
}

fn list_objects(objects: &[UnsupportedObject]) -> String {
    let names: Vec<String> = objects.iter().map(ToString::to_string).collect();
    names.join(", ")
}
