//! An editor and the server, on a project with a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod editor;
mod project;

mod answers;
mod bad_clients;
mod changes;
mod diagnostics;
mod large;
