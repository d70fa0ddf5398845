//! The promises of schema.sql: it has every object, and the same bytes every time.
#![expect(
    clippy::unwrap_used,
    reason = "whatever goes wrong here is the test's report"
)]

pub(crate) mod expected;
pub(crate) mod server;

mod annotate;
mod annotations;
mod catalog;
mod completeness;
mod corpus;
mod large;
mod merging;
pub(crate) mod oracle;
mod postgres_scripts;
mod privileges;
mod round_trip;
mod stability;
