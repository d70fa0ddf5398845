//! SQL as text: tokens, statements, names and literals. Knows no server and no project.

pub mod lexer;
mod statements;

pub(crate) mod clauses;
pub(crate) mod fingerprint;
pub(crate) mod identifier;
pub(crate) mod quote;

pub use statements::statements;
