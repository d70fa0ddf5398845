//! Advisory locks by name: given a name, gives what one session or one transaction holds and no other.
//!
//! Postgres knows locks by number. The number is `hashtextextended(name, 0)`, which the server computes, so that `psql` and
//! programs in other languages can take the same lock by the same name.

mod holders;
mod in_xact;
mod session;

pub use self::holders::LockHolder;
pub use self::session::Lock;
