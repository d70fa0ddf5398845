//! Whether a part of a table or domain is the same in both schemas, its comment aside.

use super::comparison::Comparison;
use super::graph::GraphItem;
use super::validation::can_stay_below;
use crate::schema::dump::parts::{index, policy, trigger};
use crate::schema::model::{
    Attached, ColumnNumber, Constraint, Index, ObjectId, Policy, Table, Trigger,
};

/// Whether the part stays as it is, as far as its definition tells.
pub(super) fn is_same_part(
    comparison: &Comparison<'_>,
    id: &ObjectId,
    old: &GraphItem<'_>,
    new: &GraphItem<'_>,
) -> bool {
    match (old, new) {
        (GraphItem::RowType, GraphItem::RowType)
        | (GraphItem::KeyIndex, GraphItem::KeyIndex)
        | (GraphItem::ViewPart, GraphItem::ViewPart) => true,
        // Another default is set, another expression belongs to a column that is recreated.
        (GraphItem::Default(old), GraphItem::Default(new)) => {
            old.generated.is_some() == new.generated.is_some()
        }
        (GraphItem::Constraint(old), GraphItem::Constraint(new)) => {
            let owner = comparison.before.owner(id);
            let pair = owner.and_then(|owner| comparison.kept_table(&owner.sql));
            pair.is_some_and(|(before, after)| {
                is_same_constraint((before, old), (after, new))
                    && can_stay_below(comparison, old, (after, new))
            })
        }
        (GraphItem::Index(old), GraphItem::Index(new)) => is_same_index(old, new),
        (GraphItem::Trigger(old), GraphItem::Trigger(new)) => is_same_trigger(old, new),
        (GraphItem::Policy(old), GraphItem::Policy(new)) => is_same_policy(old, new),
        (GraphItem::Check(old), GraphItem::Check(new)) => old.definition == new.definition,
        // The name belongs to another kind of part now.
        _ => false,
    }
}

fn is_same_index(old: &Index, new: &Index) -> bool {
    let bare = |item: &Index| {
        index(&Index {
            attached: Attached::default(),
            ..item.clone()
        })
    };
    old.name == new.name && bare(old) == bare(new)
}

fn is_same_trigger(old: &Trigger, new: &Trigger) -> bool {
    let bare = |item: &Trigger| {
        let attached = Attached::default();
        trigger(
            "",
            &Trigger {
                attached,
                ..item.clone()
            },
        )
    };
    bare(old) == bare(new)
}

fn is_same_policy(old: &Policy, new: &Policy) -> bool {
    let bare = |item: &Policy| {
        let attached = Attached::default();
        policy(
            "",
            &Policy {
                attached,
                ..item.clone()
            },
        )
    };
    bare(old) == bare(new)
}

fn is_same_constraint(
    (before, old): (&Table, &Constraint),
    (after, new): (&Table, &Constraint),
) -> bool {
    // A constraint that was not valid can be validated.
    let definition = |constraint: &Constraint| {
        let text = constraint.definition.trim_end_matches(" NOT VALID");
        text.to_owned()
    };
    old.kind == new.kind
        && definition(old) == definition(new)
        // Postgres does not take back that a constraint was validated.
        && (new.valid || !old.valid)
        && old.clustered == new.clustered
        && column_names(before, &old.columns) == column_names(after, &new.columns)
}

/// The names of columns.
pub(super) fn column_names(table: &Table, columns: &[ColumnNumber]) -> Vec<String> {
    let columns = table.columns_at(columns).into_iter();
    columns.map(|column| column.name.clone()).collect()
}

/// Whether two foreign tables differ in owner, comment and grants alone.
pub(super) fn is_same_table(old: &Table, new: &Table) -> bool {
    let bare = |table: &Table| Table {
        attached: Attached::default(),
        ..table.clone()
    };
    bare(old) == bare(new)
}
