//! A language server for query files, on a pair of streams.
//!
//! Given: messages of the Language Server Protocol. Gives: diagnostics, hovers, definitions, references, completions, code actions
//! and hints, from a project that stays open with its migrated database. Never writes into the project: changes are edits
//! that the client applies.
//!
//! ```text
//! wire        bytes ↔ messages                        session     one client: its state, and the answer to each message
//! lines       offsets ↔ positions of the protocol     documents   the files as the client has them
//! syntax      SQL, YAML and Rust as text, also half written
//! knowledge   the last check, and older ones of queries that are broken now
//! answers     one file for each feature               checker     the thread with the project
//! service     streams, checks and changes on disk, in one loop
//! ```

mod lines;
mod wire;

mod documents;
mod paths;

mod syntax;

mod knowledge;

mod answers;

mod session;

mod checker;
mod service;

pub use service::{Options, ServiceError, serve};
