//! The numbers that the runtime promises, side by side in one run: `cargo bench --package xact --features testing`.
//!
//! Each comparison alternates between its candidates and prints medians, so that whatever else the machine does happens to
//! all of them. Only ratios count. Names of comparisons as arguments run those alone.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on has failed"
)]

mod measure;
mod orm;

mod databases;
mod nested;
mod resets;
mod rows;
mod slices;
mod transactions;

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    // A process of its own for each lease, as test runners do it.
    if wanted.first().is_some_and(|word| word == databases::LEASE) {
        return databases::lease_once(&wanted[1]);
    }
    if wanted.first().is_some_and(|word| word == databases::PAIR) {
        return databases::run_pair(&wanted[1]);
    }
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    if runs("databases") {
        databases::compare_databases();
    }
    if runs("transactions") {
        transactions::compare_transactions();
    }
    if runs("resets") {
        resets::compare_resets();
    }
    if runs("rows") {
        rows::compare_rows();
    }
    if runs("nested") {
        nested::compare_nested();
    }
    if runs("slices") {
        slices::compare_slices();
    }
}
