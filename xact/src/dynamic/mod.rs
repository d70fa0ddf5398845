//! SQL that is built at run time: given a builder's statement, runs it where generated queries run, with the same spans, errors and
//! rules of cancellation and retry.

mod call;
mod first_word;
mod guard;
mod statement;

#[cfg(feature = "sea-query")]
mod sea_query;

pub use self::call::Sql;
pub use self::statement::Statement;
