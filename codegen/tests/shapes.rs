//! Queries with parts: the text of each variant, and its promises on random rows.

mod soundness;
mod statement;
mod texts;
