//! Isolation, proved by attack: given a project, makes two tenants from its schema, and tries as each restricted scope to
//! read, write and refer to rows of the other one.
//!
//! Everything happens in one transaction of a throwaway database, which is rolled back. The runtime's own statements take the
//! role and the settings. A result is judged by the words of foreign rows in it, by the rows that it changed, and by its
//! difference from the result without the other tenant's rows: it has to be the same.
//!
//! ```text
//! tenants     settings → keys, tables → keys          rows      two tenants with rows in every table
//! identities  as whom, and which rows are foreign     attacks   the statements
//! probe       runs them                               judge     one result → a judgement
//! tally       many judgements → a verdict             report    text, Markdown, JSON
//! two_tenants the rows in order, before any attack
//! ```

mod tenants;

mod rows;
mod words;

mod identities;

mod probe;

mod attacks;

mod judge;
mod proof;
mod tally;

mod run;
mod two_tenants;

mod diagnose;
pub mod report;

mod prover;

pub use attacks::Focus;
pub use diagnose::diagnose;
pub use proof::{Attack, AttackResult, Proof, ProofEvidence, Verdict};
pub use prover::Prover;

use crate::report::Stop;
use std::path::Path;

/// Proves the project at `root` on a throwaway Postgres.
///
/// # Errors
/// [`Stop::Diagnostics`] if the project is wrong, or does not tell who its tenants are; [`Stop::Failure`] if something is
/// wrong with the machine. A leak is no error: it is in the [`Proof`].
///
/// # Cancellation
/// Dropping the future stops and removes the server.
pub async fn prove(root: &Path, server: Option<&str>) -> Result<Proof, Stop> {
    let mut prover = Box::pin(Prover::open(root, server)).await?;
    let proof = prover.prove(None, &Focus::default()).await;
    prover.close().await?;
    proof
}
