//! What the tool says: where in a file, what is wrong with it, what is wrong with the machine.

pub mod source;

pub mod diagnostic;
pub mod failure;
mod findings;
mod stop;

pub mod activity;
pub mod table_layout;

pub use failure::Failure;
pub(crate) use findings::Findings;
pub use stop::Stop;
