//! Calls of functions, operators, aggregates and window functions.

use super::expression::Expr;

/// How a call was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallForm {
    Function,
    Operator,
    /// A cast, or one that Postgres added.
    Cast,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) function: u32,
    pub(crate) arguments: Vec<Expr>,
    pub(crate) form: CallForm,
    /// The OID of the type it gives.
    pub(crate) result: u32,
    /// Whether it gives a set of rows.
    pub(crate) set: bool,
    /// Whether its last argument was written `VARIADIC array`.
    pub(crate) variadic: bool,
    /// Whether some arguments were written with their names, and so perhaps out of order.
    pub(crate) named: bool,
    /// The OID of the collation by which it compares; 0 for none.
    pub(crate) collation: u32,
}

/// A call of an aggregate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Aggregate {
    pub(crate) function: u32,
    /// The direct arguments of an ordered-set aggregate.
    pub(crate) direct: Vec<Expr>,
    pub(crate) arguments: Vec<Expr>,
    /// The expressions that sort its rows, unless they are arguments.
    pub(crate) order: Vec<Expr>,
    pub(crate) filter: Option<Box<Expr>>,
    pub(crate) levels_up: usize,
}

/// A call of a window function, or of an aggregate as one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WindowCall {
    pub(crate) function: u32,
    pub(crate) arguments: Vec<Expr>,
    pub(crate) filter: Option<Box<Expr>>,
    /// The number of its window clause.
    pub(crate) window: usize,
}
