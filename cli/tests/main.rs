//! The commands of `xact` as users see them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

// The servers of the library's tests.
#[path = "../../codegen/tests/server.rs"]
mod server;
mod shared_builds;

mod command_line;
mod processes;

mod annotate;
mod cleanup;
mod edited;
#[cfg(feature = "embedded")]
mod embedded;
mod explain;
mod freshness;
mod from_macros;
mod full_disk;
mod guide;
mod init;
mod init_workflow;
mod kept_database;
mod lint;
mod local;
mod local_commands;
#[cfg(feature = "lsp")]
mod lsp;
#[cfg(feature = "mcp")]
mod mcp;
mod migrate;
#[cfg(feature = "lsp")]
mod neovim;
mod open_project;
mod operations;
mod output;
mod paths;
mod prove;
mod query_names;
mod real_application;
mod recorded;
mod scopes;
mod urls;
mod watch;
#[cfg(feature = "lsp")]
mod watch_beside_editor;
