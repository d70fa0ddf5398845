//! Migrations written, joined, adopted and proved, each on a throwaway server.

mod create;
mod generate;
mod merge;

mod baseline;
mod verify;

pub use baseline::{Baseline, baseline};
pub use create::{Content, new_migration};
pub use generate::{Generated, Unproved, Written, generate};
pub use merge::{Joined, merge};
pub use verify::{Finding, verify};
