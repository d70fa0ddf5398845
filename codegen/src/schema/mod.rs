//! The schema chapter: the catalog of a migrated database, as plain data and as schema.sql.
//!
//! [`read()`] turns the catalog into a [`Schema`], or names every object it cannot represent;
//! [`Annotations`] add facts that Postgres cannot hold, every key checked against the [`Schema`];
//! [`dump()`] turns a [`Schema`] into schema.sql and never talks to a server.

pub mod model;

mod read;

pub mod annotations;

mod dump;

pub use annotations::{AnnotationError, Annotations, unknown_keys};
pub use dump::{dump, has_edited_table, without_revisions};
pub use model::Schema;
pub use read::{SchemaReadError, UnsupportedObject, read, read_all_rows};

mod text;

pub use text::{dump_as_migration, statements_of};

pub mod catalog;
pub mod diff;
mod summary;

pub use summary::summarise;

mod lookup;

mod enum_tables;
mod keys;

pub use enum_tables::{EnumTable, enum_tables, primary_key};
pub use keys::{ColumnId, Keys};
