//! A server of the [Model Context Protocol](https://modelcontextprotocol.io): a project for language models.
//!
//! It has two faces, and a server has one of them:
//!
//! - [`open_queries`]: every query that a scope may run is a tool. A call runs in a transaction of that scope, as the runtime begins
//!   it, read-only unless the query is named, with limits on time, rows and bytes. The settings of the scope are those of the
//!   program that starts the server; a model cannot give them.
//! - [`open_develop`]: the schema, the queries and the diagnostics of the project, for agents that change it.
//!
//! ```text
//! scope      the scope of the server            limits     the limits of a call        start    options, and why a server cannot start
//! values     values between JSON and Postgres   queries    the tools of a scope        develop  the tools of a project
//! handler    the methods of the protocol        serve      standard input and output
//! ```

mod answer;
mod limits;
mod scope;
mod start;

mod values;

mod develop;
mod queries;

mod handler;
mod serve;

pub use handler::McpServer;
pub use limits::Limits;
pub use serve::ServeError;
pub use start::{QueryOptions, StartError, open_develop, open_queries};
