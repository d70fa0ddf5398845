//! Functions and procedures.

use super::{Attached, Name, Oid};
use serde::{Deserialize, Serialize};

/// A function or procedure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Catalog number.
    pub oid: Oid,
    /// Its name; `sql` includes the argument types, as in `lower_all(text[])`.
    pub name: Name,
    /// Function or procedure.
    pub kind: FunctionKind,
    /// The whole `CREATE` statement, without the semicolon.
    pub definition: String,
    /// Its parameters, with names and defaults, and its result, as SQL.
    pub signature: String,
    /// Whether it runs with the rights of its owner: `SECURITY DEFINER`.
    pub security_definer: bool,
    /// The parameters that it sets while it runs, each as `name=value`.
    pub settings: Vec<String>,
    /// Owner, comment, grants, dependencies.
    pub attached: Attached,
}

/// The two kinds that `CREATE` tells apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FunctionKind {
    /// Called in expressions, window functions included.
    #[default]
    Function,
    /// Called by `CALL`.
    Procedure,
}
