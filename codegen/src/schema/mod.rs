//! The schema chapter: what the catalog of a migrated database says, as plain data and as schema.sql.
//!
//! [`read()`] turns the catalog into a [`Schema`], or names every object it cannot represent;
//! [`Annotations`] add what Postgres cannot say, every key checked against the [`Schema`];
//! [`dump()`] turns a [`Schema`] into schema.sql and never talks to a server.

pub mod model;

mod read;

pub mod annotations;

mod dump;

pub use annotations::{AnnotationError, Annotations, unknown_keys};
pub use dump::dump;
pub use model::Schema;
pub use read::{ReadError, UnsupportedObject, read};

pub mod catalog;
pub mod diff;
mod summary;

pub use summary::summarise;

mod lookup;

mod enum_tables;
mod keys;

pub use enum_tables::{EnumTable, enum_tables, primary_key};
pub use keys::{ColumnId, Keys};

/// The file that [`dump()`] is for.
pub const FILE: &str = "schema.sql";
