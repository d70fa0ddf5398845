//! One query, many shapes: parts that are left out, and named orders.
//!
//! A query file is SQL that psql runs unchanged, with every part; the switches are comments.
//!
//! ```sql
//! SELECT b.id, b.title
//! FROM bookmarks b
//! WHERE b.organization_id = :organization_id
//!   AND b.domain = :domain             -- if :domain
//!   AND b.import_job_id IS NOT NULL    -- if imported
//! ORDER BY b.id DESC                   -- order newest
//! -- order title: b.title, b.id
//! LIMIT :limit
//! ```
//!
//! ```text
//! switch      comment → the switch that it is             cells      tokens → a tree of brackets
//! parts       comments → parts and orders                 clauses    a level of the tree → its clauses
//! condition   choices → whether a piece is sent           lists      parts → the condition of each token
//! build       tokens → Shape: pieces with conditions      shape      choices → the text of a variant
//! variants    Shape → the variants that are checked       fold       their types → those of the query
//! ```
//!
//! # Another kind of alternative
//!
//! A variant is told by [`Choices`], a bit for each choice. A kind of alternative, such as the page before or after a cursor, is
//! a group in [`Shape::alternatives`] with bits of its own, the default first ([`Shape::add_alternatives`] gives them); segments
//! whose [`Condition`] names those bits are its text. `Segment::order` says which segments are the expressions of which order, to
//! reverse them; a parameter of its own is appended to [`Shape::parameters`]. Everything else follows: the checked variants, their
//! types, the pieces of the generated query and the names in `xact explain` are made of the groups and the conditions alone.

mod cells;
mod clauses;
mod condition;
mod parts;
mod switch;

mod lists;

mod build;
mod extend;
mod shape;

mod fold;
mod variants;

pub use condition::{Choices, Condition};
pub use fold::fold_variants;
pub use parts::PartSwitch;
pub(in crate::query) use parts::is_switch;
pub(crate) use shape::find_parameters;
pub use shape::{Alternatives, NamedOrder, Segment, Shape, VariantSql};
pub(crate) use variants::count_variants;
pub use variants::{Variant, add_variants, choose_variants};

use super::parameter::Embed;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::sql::lexer::Token;
use std::sync::Arc;

/// Reads the shape of a statement, if its comments give it parts or orders; also the rows of relations that it embeds.
pub(super) fn read_shape(
    file: &Arc<SourceFile>,
    tokens: &[Token],
) -> Result<Option<(Shape, Vec<Embed>)>, Diagnostic> {
    let comments = parts::read_comments(file, tokens)?;
    if comments.is_empty() {
        return Ok(None);
    }
    build::build_shape(file, tokens, comments).map(Some)
}
