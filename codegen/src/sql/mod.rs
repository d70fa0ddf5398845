//! SQL as text: tokens, statements, names and literals. Knows no server and no project.

pub mod clauses;
pub mod lexer;
mod statements;

pub(crate) mod fingerprint;
pub(crate) mod identifier;
pub(crate) mod quote;

pub use identifier::write_identifier;
pub use statements::statements;
