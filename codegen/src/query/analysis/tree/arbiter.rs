//! The unique indexes that ON CONFLICT refers to, as the statement names them.

use super::expression::{self, Expr};
use super::node::{Node, Tagged};

/// What ON CONFLICT is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Arbiter {
    /// Every unique index of the table: ON CONFLICT DO NOTHING.
    Any,
    /// The OID of a constraint: ON CONFLICT ON CONSTRAINT.
    Constraint(u32),
    /// The columns and expressions of an index, the columns as those of the result relation.
    Elements(Vec<Expr>),
    /// Something that is not understood here.
    Unknown,
}

/// None for a statement without ON CONFLICT.
pub(super) fn convert(query: &Tagged) -> Option<Arbiter> {
    let node = query.get("onConflict")?;
    let Some(conflict) = node.tagged("ONCONFLICTEXPR") else {
        return Some(Arbiter::Unknown);
    };
    let elements = conflict.list("arbiterElems");
    Some(match conflict.number("constraint") {
        Some(0) if elements.is_empty() => Arbiter::Any,
        Some(0) => {
            let elements: Option<Vec<Expr>> = elements.iter().map(convert_element).collect();
            elements.map_or(Arbiter::Unknown, Arbiter::Elements)
        }
        Some(constraint) => Arbiter::Constraint(constraint),
        None => Arbiter::Unknown,
    })
}

/// None for an element with a collation or an operator class, which only some indexes of its columns have.
fn convert_element(node: &Node) -> Option<Expr> {
    let element = node.tagged("INFERENCEELEM")?;
    let is_plain = |field| element.number::<u32>(field) == Some(0);
    let is_plain = is_plain("infercollid") && is_plain("inferopclass");
    is_plain.then(|| expression::field(element, "expr"))?
}
