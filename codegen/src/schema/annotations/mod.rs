//! Facts that Postgres cannot hold: `schema_annotations.yaml`, read and checked against the schema.
//!
//! ```yaml
//! tables:
//!   bookmarks:
//!     description: A saved link.
//!     id_type: LinkId          # `false` for none, `crate::LinkId` for a type of your own
//!     derive: [Hash]           # of the struct of its rows
//!     columns:
//!       url: The page's address as it was saved.
//!       metadata:
//!         description: What the importer knew about the page.
//!         rust_type: crate::BookmarkMetadata
//!         tags: [personal data]
//! types:
//!   vector:
//!     rust_type: pgvector::Vector
//!   mood:
//!     unknown_labels: true     # a variant for labels that a later migration adds
//! ```

mod check;
mod parse;

mod complete;
mod coverage;

use std::collections::BTreeMap;

pub use check::{UnknownKey, unknown_keys};
pub use complete::{NotABlock, complete};
pub use coverage::{Coverage, DescribedRelation, coverage, described};

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// By table or view; one outside of `public` as `schema.table`.
    pub tables: BTreeMap<String, TableAnnotation>,
    /// By type, as SQL names it.
    pub types: BTreeMap<String, TypeAnnotation>,
}

/// The annotations of one type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeAnnotation {
    /// The Rust type of its values, which implements sqlx's `Type`, `Encode` and `Decode`.
    pub rust_type: Option<String>,
    /// Whether the generated enum keeps labels that it does not know, as a variant.
    pub unknown_labels: bool,
    /// The location of the type's name in the file.
    pub place: AnnotationLocation,
}

/// The Rust type of a table's ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdType {
    /// No type of their own: that of the column.
    Plain,
    /// A generated type of this name.
    Name(String),
    /// A type that the project has, by its path.
    Path(String),
}

/// The annotations of one table or view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableAnnotation {
    /// The meaning of a row.
    pub description: Option<String>,
    /// The Rust type of its ids, if it is not the one that the table's name makes.
    pub id_type: Option<IdType>,
    /// Words to find it by, such as `personal data`.
    pub tags: Vec<String>,
    /// Derives of the struct of its rows, beside those of `xact.toml`: `serde::Serialize`.
    pub derive: Vec<String>,
    /// Attributes of that struct, without `#[…]`.
    pub attributes: Vec<String>,
    /// By column.
    pub columns: BTreeMap<String, ColumnAnnotation>,
    /// The location of the table's name in the file.
    pub place: AnnotationLocation,
}

/// The annotations of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnAnnotation {
    /// The meaning of a value.
    pub description: Option<String>,
    /// The Rust type of its values: of JSON, one that implements serde's `Serialize` and `Deserialize`; of anything else, sqlx's
    /// `Type`, `Encode` and `Decode`.
    pub rust_type: Option<String>,
    /// Words to find it by, such as `personal data`. Serde and `Debug` do not write values of a column that is `secret`.
    pub tags: Vec<String>,
    /// The location of the column's name in the file.
    pub place: AnnotationLocation,
}

/// A place in the file, in lines and characters from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnnotationLocation {
    /// The line.
    pub line: usize,
    /// The character in that line.
    pub column: usize,
}

/// Why the file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct AnnotationError {
    /// The line, from 1.
    pub line: usize,
    /// The character in that line, from 1.
    pub column: usize,
    /// The message.
    pub message: String,
}

impl Annotations {
    /// Reads the text of the file; an empty one says nothing.
    ///
    /// # Errors
    ///
    /// YAML that cannot be read, and fields that mean nothing here.
    ///
    /// ```
    /// use xact_codegen::schema::Annotations;
    ///
    /// let annotations = Annotations::parse("tables: { bookmarks: { description: A saved link. } }")?;
    /// assert_eq!(annotations.tables["bookmarks"].description.as_deref(), Some("A saved link."));
    /// # Ok::<(), xact_codegen::schema::AnnotationError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Annotations, AnnotationError> {
        parse::parse(text)
    }
}
