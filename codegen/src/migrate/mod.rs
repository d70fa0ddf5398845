//! Migrations: `apply` brings a database to them, `author` writes and proves them on throwaway servers.

pub mod apply;
pub mod author;
