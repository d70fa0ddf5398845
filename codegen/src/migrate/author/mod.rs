//! Migrations written, joined, adopted and proved, each on a throwaway server.

mod create;
mod generate;
mod merge;
mod rows;
mod squash;

mod baseline;
mod drift;
mod first;
mod verify;

pub use baseline::{Baseline, baseline};
pub use create::{Content, create_first_migration, new_migration, replace_migrations};
pub use drift::{differs_from_file, find_drift};
pub use first::first_migration;
pub use generate::{GeneratedMigration, Unproved, WrittenMigration, generate, without_way_back};
pub use merge::{Joined, merge};
pub use squash::{Squashed, squash};
pub use verify::{VerifyResult, verify};
