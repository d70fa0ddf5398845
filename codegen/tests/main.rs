//! The promises of the tool, case by case.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod server;

mod called;
mod cases;
mod compiled;

mod inputs;
mod lint;
mod migrate;
mod names;
mod pages;
mod reference;
mod shapes;
mod stars;
mod violations;
mod workspace;

mod analysis;
mod prove;
mod random;
mod schema;
