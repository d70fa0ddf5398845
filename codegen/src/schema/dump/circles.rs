//! Views and functions that refer to themselves or to each other in a circle, which CREATE OR REPLACE can make.
//!
//! The body of a function that names a constraint (`ON CONFLICT ON CONSTRAINT`) which follows all tables has to follow that.
//!
//! One of them is created first, a view with its columns alone (as `pg_dump` does, `createDummyViewAsClause`), a function with an
//! empty body. It is replaced by itself when all others are there, or at once if it refers to itself alone.

use super::nodes::{DumpNode, key, parts};
use super::order::DumpOrder;
use super::parts::{Late, Step, write_later};
use crate::schema::model::{Function, ObjectId, ObjectKind, View, ViewKind};
use crate::sql::lexer::words;
use crate::sql::quote::clause;

/// Whether the object refers to itself: the query of a view, or the body of a function that Postgres has parsed.
pub(super) fn needs_itself(node: &DumpNode<'_>) -> bool {
    let (_, name, attached) = parts(node);
    match node {
        // Its needs do not tell: a view may depend on itself for the OLD and NEW of its rule. It depends on itself as a whole only
        // if it names none of its columns.
        DumpNode::View(_) => attached.reads.iter().any(|id| {
            let column = id.sql.strip_prefix(name.sql.as_str());
            let is_column = column.is_some_and(|column| column.starts_with('.'));
            *id == key(node) || id.kind == ObjectKind::Column && is_column
        }),
        DumpNode::Function(_) => attached.needs.contains(&key(node)),
        _ => false,
    }
}

/// `create`, or `stub` and the statement that replaces it, which goes to `late` if it has to wait for others.
pub(super) fn create_or_replace(
    (id, create): (&ObjectId, String),
    stub: impl Fn() -> Option<String>,
    order: &DumpOrder<'_>,
    late: &mut Vec<Late>,
) -> String {
    let names_constraint = order.naming_late.contains(id);
    let is_in_circle = order.stubs.contains(id);
    if !names_constraint && !is_in_circle && !order.recursive.contains(id) {
        return create;
    }
    let Some(stub) = stub() else {
        return create;
    };
    let replace = create.replacen("CREATE ", "CREATE OR REPLACE ", 1);
    if names_constraint {
        return stub + &write_later(replace, Step::Body, late);
    }
    if is_in_circle {
        return stub + &write_later(replace, Step::View, late);
    }
    stub + &replace
}

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
    match node {
        DumpNode::View(view) => view.kind == ViewKind::View,
        DumpNode::Function(function) => find_body(function).is_some(),
        _ => false,
    }
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

/// `CREATE FUNCTION` with an empty body, which `check_function_bodies = false` lets pass; nothing if its body is a text, in
/// which Postgres looks up no name.
pub(super) fn create_empty_function(function: &Function) -> Option<String> {
    let body = find_body(function)?;
    Some(format!("{}AS '';\n", &function.definition[..body]))
}

/// Where `BEGIN ATOMIC …` or `RETURN …` begins.
fn find_body(function: &Function) -> Option<usize> {
    let words = words(&function.definition);
    // Arguments and the columns of a result are in parentheses. Postgres writes these words in capitals, and a name in capitals
    // in quotes.
    let mut tops = words.iter().filter(|word| word.depth == 0);
    let body = tops.find(|word| matches!(word.text, "BEGIN" | "RETURN"))?;
    Some(body.range.start)
}
