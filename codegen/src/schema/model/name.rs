//! How an object is called, and the number the catalog knows it by.

use serde::{Deserialize, Serialize};

/// An object's name: in parts for those who look it up, and as SQL for those who print it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    /// The schema the object lives in, unquoted.
    pub schema: String,
    /// The object's own name, unquoted.
    pub name: String,
    /// The name as SQL reads it: quoted where needed, without a schema when that is `public`.
    pub sql: String,
}

/// A number of the catalog, which no two databases share.
///
/// Any two are equal, so that comparing two schemas compares their definitions; to compare the numbers
/// themselves, compare the field.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Number<T>(pub T);

/// The number of an object in its catalog.
pub type Oid = Number<u32>;

/// The number of a column in its table, from 1; dropped columns leave gaps.
pub type ColumnNumber = Number<i16>;

impl<T> PartialEq for Number<T> {
    fn eq(&self, _: &Number<T>) -> bool {
        true
    }
}

impl<T> Eq for Number<T> {}
