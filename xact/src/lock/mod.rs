//! Advisory locks by name: given a name, takes a lock that one session or one transaction holds at a time.
//!
//! Postgres knows locks by number. The number is `hashtextextended(name, 0)`, which the server computes, so that `psql` and
//! programs in other languages can take the same lock by the same name.

mod holders;
mod in_xact;
mod session;

pub use self::holders::LockHolder;
pub use self::session::Lock;

use crate::error::{Cause, During, Error};
use crate::nul;

/// The name is a part of a startup message in one case and a parameter in others; neither can hold a NUL byte.
fn check_name(name: &str) -> Result<(), Error> {
    nul::refuse_nul(name, "the name of the lock")
        .map_err(|problem| Error::new(During::Lock(name.into()), Cause::Refused(problem)))
}
