//! The promise of the analysis: a column that is not an Option never holds NULL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

pub(crate) mod project;

mod batches;
mod cardinality;
mod checks;
mod corpus;
mod extremes;
mod listed;
mod origins;
mod parameters;
mod random;
mod truth;
