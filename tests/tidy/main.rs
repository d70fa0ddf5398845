//! The shape of the repository: layers, sizes, words and documents. Reads files only, and needs no server.
//!
//! Some rules do not hold everywhere yet. `allowed.txt` counts what is left, which may only shrink:
//! `XACT_BLESS=1` writes the counts that became smaller.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod allowance;
mod repository;
mod rust_text;

mod arrows;
mod boundaries;
mod documents;
mod sizes;
mod style;
mod type_names;
mod words;
