//! Migrations: a folder of files, the table of those that a database has, and the way between.
//!
//! ```text
//! files → Folder        folder: pairs, versions, the tree of `-- depends:`
//! table → Ledger        ledger: stock sqlx's table, with the progress that a crash left in it
//! Folder + Ledger → Status   status: applied, pending, edited, missing, interrupted
//! file → Script         pieces, script: statements, their rows, and steps
//! Folder + Ledger → database run, revert: under sqlx's lock, each with its record; no pooler between
//! ```
//! File names, table, checksums and lock are those of stock sqlx: `sqlx-cli` and `sqlx::migrate!`
//! work on the same folder and database, before and after. Versions decide the order, as there.

mod folder;
mod header;
pub(super) mod tree;

mod drawing;

mod ledger;
mod lock;
mod lock_timeout;
mod session;
mod url;

mod edited;
mod status;

mod outside;
mod pieces;
mod pooler;
mod progress;
mod recovery;
mod refusal;
mod script;
mod transaction;

mod load;
mod plan;
mod printed;
mod revert;
mod run;

mod ahead;
mod mark;
mod squashed;

pub use ahead::Newer;
pub use drawing::draw;
pub use folder::{Folder, Migration};
pub(super) use header::short_checksum;
pub use ledger::{Direction, Ledger, MigrationRecord, Progress};
pub use lock::{Holder, Patience};
pub use lock_timeout::{Blocked, DEFAULT as DEFAULT_LOCK_TIMEOUT};
pub use mark::{mark, unmark};
pub use plan::{RunPlan, plan};
pub use printed::{print_revert, print_run};
pub use progress::{Event, Observer, Slow, silent};
pub use revert::{Back, plan_revert, revert};
pub use run::{Target, run};
pub use session::Session;
pub use squashed::SquashedRecord;
pub use status::{MigrationState, Status, StatusRow, status};
pub use url::read_url;

pub(crate) use load::load_file;
pub(super) use revert::take_back;
pub(crate) use run::build_migrations;
