//! Records: the same result as before, or none.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cases;
mod damage;
mod files;
mod moment;
