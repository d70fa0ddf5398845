//! Changes that `CREATE OR REPLACE` can make, so that no dependent object has to be dropped.

use super::comparison::Comparison;
use super::graph::GraphItem;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{Attached, Function, ObjectId, ObjectKind, View, ViewKind};

/// Whether the object differs, in a way that it can be replaced.
pub(super) fn is_replaced(old: &DumpNode<'_>, new: &DumpNode<'_>) -> bool {
    match (old, new) {
        (DumpNode::View(old), DumpNode::View(new)) => !same_view(old, new),
        (DumpNode::Function(old), DumpNode::Function(new)) => old.definition != new.definition,
        _ => false,
    }
}

/// Whether two views differ in owner, comments and grants alone.
pub(super) fn same_view(old: &View, new: &View) -> bool {
    let bare = |view: &View| View {
        attached: Attached::default(),
        columns: view
            .columns
            .iter()
            .map(|column| {
                let mut column = column.clone();
                column.attached = Attached::default();
                column
            })
            .collect(),
        ..view.clone()
    };
    bare(old) == bare(new)
}

/// Whether the columns of the old view are the first ones of the new view.
pub(super) fn view_only_gains_columns(old: &View, new: &View) -> bool {
    let is_view = old.kind == ViewKind::View && new.kind == ViewKind::View;
    let same = old.columns.iter().zip(&new.columns).all(|(old, new)| {
        old.name == new.name
            && old.data_type == new.data_type
            && old.collation == new.collation
            && old.default == new.default
    });
    let stated = new.columns.iter().skip(old.columns.len());
    let plain = stated.into_iter().all(|column| column.default.is_none());
    is_view
        && same
        && plain
        && old.columns.len() <= new.columns.len()
        && old.triggers == new.triggers
}

/// `CREATE OR REPLACE` takes another body, not another result or other names of parameters.
pub(super) fn function_can_be_replaced(old: &Function, new: &Function) -> bool {
    old.kind == new.kind && old.signature == new.signature
}

/// A note where values that the old body computed are stored: Postgres does not compute them once more.
pub(super) fn describe_stale_values(comparison: &Comparison<'_>, id: &ObjectId) -> Option<String> {
    if !comparison.fates.is_replaced(id) || id.kind != ObjectKind::Function {
        return None;
    }
    let dependents = comparison.after.dependents(id).iter();
    let stored = dependents.filter_map(|dependent| match comparison.after.items.get(dependent) {
        Some(GraphItem::Default(column)) if column.generated.is_some() => {
            Some(format!("generated column {}", dependent.sql))
        }
        Some(GraphItem::Index(_)) => Some(format!("index {}", dependent.sql)),
        _ => None,
    });
    let stored: Vec<String> = stored.collect();
    (!stored.is_empty()).then(|| {
        let stored = stored.join(" and ");
        format!("{stored} keeps the values that the old body computed, until the rows are updated or it is rebuilt")
    })
}

/// The view without the parts that `CREATE OR REPLACE` does not change.
pub(super) fn replaced_view(view: &View) -> View {
    let mut bare = view.clone();
    bare.triggers.clear();
    bare.attached = only_needs(&view.attached);
    for column in &mut bare.columns {
        column.attached = Attached::default();
        column.default = None;
    }
    bare
}

/// The function without its owner, grants and comment, which are altered by themselves.
pub(super) fn replaced_function(function: &Function) -> Function {
    Function {
        attached: only_needs(&function.attached),
        ..function.clone()
    }
}

fn only_needs(attached: &Attached) -> Attached {
    Attached {
        needs: attached.needs.clone(),
        reads: attached.reads.clone(),
        ..Attached::default()
    }
}
