//! Views that refer to each other in a circle, which CREATE OR REPLACE VIEW can make.
//!
//! One of them is created first with its columns alone, and replaced by itself when all others are there, as `pg_dump` does
//! (`createDummyViewAsClause`).

use super::nodes::DumpNode;
use crate::schema::model::{View, ViewKind};
use crate::sql::quote::clause;

/// The nodes that still wait, and wait for themselves.
pub(super) fn list_in_circles(waiting: &[usize], waiters: &[Vec<usize>]) -> Vec<usize> {
    let waits = |place: &usize| waiting[*place] > 0;
    let all = (0..waiting.len()).filter(waits);
    let in_circle = |start: &usize| {
        let mut open: Vec<usize> = waiters[*start].iter().copied().filter(waits).collect();
        let mut seen = vec![false; waiting.len()];
        while let Some(place) = open.pop() {
            if place == *start {
                return true;
            }
            // Each node is followed once, because the others of a circle lead to it again.
            if !std::mem::replace(&mut seen[place], true) {
                open.extend(waiters[place].iter().copied().filter(waits));
            }
        }
        false
    };
    all.filter(in_circle).collect()
}

/// Whether the object can be created before those that it refers to. A materialized view cannot be replaced.
pub(super) fn can_be_stub(node: &DumpNode<'_>) -> bool {
    matches!(node, DumpNode::View(view) if view.kind == ViewKind::View)
}

/// `CREATE VIEW` with the columns of the view, all NULL.
pub(super) fn create_stub(view: &View) -> String {
    let columns = view.columns.iter().map(|column| {
        let collation = clause(" COLLATE ", column.collation.as_deref());
        let (data_type, name) = (&column.data_type, &column.sql);
        format!("    NULL::{data_type}{collation} AS {name}")
    });
    let columns: Vec<String> = columns.collect();
    format!(
        "CREATE VIEW {} AS\n SELECT\n{};\n",
        view.name.sql,
        columns.join(",\n")
    )
}
