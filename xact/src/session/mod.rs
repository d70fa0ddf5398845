//! Session hygiene: nothing that ran in one transaction is seen by the next.
//!
//! A function, a trigger or a DO block can change its session: settings, role, temporary tables, cursors, locks, LISTEN, PREPARE.
//! So the message that begins a transaction resets the session first. It does so at every BEGIN, because a reset at the end would
//! miss a rollback, a dropped future, and the transactions that other clients of a pooler ran on the same session.
//!
//! The usual reset is a few utility statements, which Postgres neither plans nor takes a snapshot for. Three things need a query,
//! which costs more than all of them together: the session's advisory locks, statements prepared by SQL, and channels listened to.
//! The [`Reset::Thorough`] includes it. On a direct connection it follows only a transaction with a statement that could do one of
//! the three, by its own words or by the functions that it can reach. Behind a pooler other programs may have used the session, so
//! it is always thorough.

mod answer;
mod environment;
mod known;
mod reach;
mod reset;
mod words;

pub(crate) use self::answer::{ask_checked, send_checked};
pub(crate) use self::environment::Environment;
pub(crate) use self::known::{Judgement, Known, Shared};
pub(crate) use self::reach::Reach;
pub(crate) use self::reset::{Reset, is_used};
use self::words::{may_act_at_commit, may_define, may_outlive};
