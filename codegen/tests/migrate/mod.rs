//! `xact migrate diff` as a library: pairs of schemas, written by hand and drawn at random.

mod pairs;
mod random;
mod rows;
