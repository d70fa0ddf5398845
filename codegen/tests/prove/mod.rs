//! The prover on schemas of several shapes: it proves those that are right, and finds the leak of each mutant.

mod diagnostics;
mod elsewhere;
mod mutants;
mod verdicts;

use crate::server;
use std::path::PathBuf;
use xact_codegen::prove::{Focus, Proof, Prover};

/// The schemas, and the reference project.
fn folder(name: &str) -> PathBuf {
    let crate_folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    match name {
        "reference" => crate_folder.join(".."),
        name => crate_folder.join("tests/prove/schemas").join(name),
    }
}

async fn open(name: &str) -> Prover {
    let opened = Prover::open(&folder(name), Some(server::url().await)).await;
    opened.unwrap_or_else(|stop| panic!("{name}: {stop:?}"))
}

async fn prove(prover: &mut Prover, change: Option<&str>, objects: &[&str]) -> Proof {
    let focus = Focus {
        objects: objects.iter().map(|object| (*object).to_owned()).collect(),
        first_leak: change.is_some(),
    };
    let proof = prover.prove(change, &focus).await;
    proof.unwrap_or_else(|stop| panic!("{change:?}: {stop:?}"))
}

/// The leaks in one line each.
fn leaks(proof: &Proof) -> Vec<String> {
    let leaks = proof.leaks();
    leaks
        .map(|(verdict, attack)| {
            let reason = &attack.reason;
            format!("{} of {}: {reason}", verdict.operation, verdict.object)
        })
        .collect()
}
