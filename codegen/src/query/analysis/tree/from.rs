//! The join tree: the relations that FROM joins, and how.

use super::expression::{self, Expr};
use super::node::{Node, Tagged};

/// How two sides are joined, by Postgres's `JoinType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
    Full,
    Right,
}

/// An element of FROM.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FromItem {
    /// A relation, by its number in the range table.
    Relation(usize),
    Join {
        kind: JoinKind,
        left: Box<FromItem>,
        right: Box<FromItem>,
        on: Option<Expr>,
        /// The number of the join itself in the range table.
        relation: usize,
        /// The names that NATURAL stood for; none for any other join.
        natural: Vec<String>,
    },
}

const KINDS: &[JoinKind] = &[
    JoinKind::Inner,
    JoinKind::Left,
    JoinKind::Full,
    JoinKind::Right,
];

/// None if any of it is not known, for then nothing is known of any relation.
pub(super) fn convert(node: &Node) -> Option<FromItem> {
    let Node::Tagged(tagged) = node else {
        return None;
    };
    match &*tagged.tag {
        "RANGETBLREF" => Some(FromItem::Relation(tagged.number("rtindex")?)),
        "JOINEXPR" => join(tagged),
        _ => None,
    }
}

fn join(node: &Tagged) -> Option<FromItem> {
    Some(FromItem::Join {
        // JOIN_SEMI and later kinds are made by the planner and never stored.
        kind: *KINDS.get(node.number::<usize>("jointype")?)?,
        left: Box::new(convert(node.get("larg")?)?),
        right: Box::new(convert(node.get("rarg")?)?),
        // USING and NATURAL have been written out to comparisons here.
        on: expression::field(node, "quals"),
        relation: node.number("rtindex")?,
        natural: natural(node),
    })
}

/// Postgres writes the common names of a NATURAL join into its USING.
fn natural(node: &Tagged) -> Vec<String> {
    if !node.flag("isNatural") {
        return Vec::new();
    }
    let names = node.list("usingClause").iter();
    names
        .filter_map(|name| Some(name.text()?.to_owned()))
        .collect()
}

impl FromItem {
    /// The relations below it, joins included.
    pub(crate) fn relations(&self) -> Vec<usize> {
        match self {
            Self::Relation(number) => vec![*number],
            Self::Join {
                left,
                right,
                relation,
                ..
            } => {
                let mut numbers = left.relations();
                numbers.extend(right.relations());
                numbers.push(*relation);
                numbers
            }
        }
    }
}
