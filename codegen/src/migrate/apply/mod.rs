//! Migrations: a folder of files, a table of what a database has of them, and the way between.
//!
//! ```text
//! files → Folder        folder: pairs, versions, the tree of `-- depends:`
//! table → Ledger        ledger: stock sqlx's table, and what a crash left in it
//! Folder + Ledger → Status   status: applied, pending, edited, missing, interrupted
//! Folder + Ledger → database run, revert: under sqlx's lock, each with its record
//! ```
//! File names, table, checksums and lock are those of stock sqlx: `sqlx-cli` and `sqlx::migrate!`
//! work on the same folder and database, before and after. Versions decide the order, as there.

mod folder;
mod header;
pub(super) mod tree;

mod drawing;

mod ledger;
mod lock;
mod session;

mod edited;
mod status;

mod outside;
mod progress;
mod recovery;
mod refusal;
mod script;
mod transaction;

mod load;
mod printed;
mod revert;
mod run;

mod mark;

pub use drawing::draw;
pub use folder::{Folder, Migration};
pub use ledger::{Direction, Ledger, Progress, Record};
pub use lock::{Holder, Patience};
pub use mark::{mark, unmark};
pub use printed::printed;
pub use progress::{Event, Observer, Slow, silent};
pub use revert::{Back, revert};
pub use run::{Target, plan, run};
pub use session::Session;
pub use status::{Row, State, Status, status};

pub(crate) use load::load;
pub(super) use revert::take_back;
pub(crate) use run::build;
