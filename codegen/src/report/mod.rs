//! Reports: locations in files, diagnostics of the project, failures of the machine.

pub mod source;

mod connection_help;
pub mod diagnostic;
pub mod failure;
mod findings;
mod stop;

pub mod activity;
pub mod table_layout;

pub use failure::Failure;
pub(crate) use findings::Findings;
pub use stop::Stop;
