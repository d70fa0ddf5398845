//! Views and materialized views.

use super::attached::{column_grants, write_attached, write_comment, write_owner};
use super::circles::{create_or_replace, create_stub};
use super::order::DumpOrder;
use super::parts::{Late, Step, now_or_later, own_now_or_later, write_index, write_trigger};
use crate::schema::model::{ObjectId, View, ViewKind};
use crate::sql::quote::{clause, with};

/// `CREATE VIEW` and everything that belongs to the view beneath it.
pub(super) fn write_view(view: &View, order: &DumpOrder<'_>, late: &mut Vec<Late>) -> String {
    let name = &view.name.sql;
    let kind = match view.kind {
        ViewKind::View => "VIEW",
        ViewKind::Materialized | ViewKind::Unpopulated => "MATERIALIZED VIEW",
    };
    let empty = if view.kind == ViewKind::Unpopulated {
        "\n  WITH NO DATA"
    } else {
        ""
    };
    let stored = clause(" USING ", view.access_method.as_deref()) + &with(&view.options);
    let id = ObjectId::relation(name.as_str());
    let create = format!("CREATE {kind} {name}{stored} AS\n{}{empty};\n", view.query);
    let stub = || Some(create_stub(view));
    let mut sql = create_or_replace((&id, create), stub, order, late);
    sql += &write_columns(kind, view);
    let mut owned = view.attached.clone();
    if !order.executed.contains(&id) {
        // Before the indexes: CREATE INDEX evaluates their expressions with the rights of the owner, who wrote them, and not with
        // those of the superuser who loads the file.
        sql += &write_owner(kind, name, &view.attached);
        owned.owner = None;
    }
    for item in &view.indexes {
        sql += &now_or_later(
            write_index(item),
            Step::Index,
            name,
            &item.attached.needs,
            order,
            late,
        );
    }
    // After the indexes, one of which it names.
    sql += &write_cluster(view);
    for item in &view.triggers {
        sql += &now_or_later(
            write_trigger(name, item),
            Step::Trigger,
            name,
            &item.attached.needs,
            order,
            late,
        );
    }
    let grants = write_attached(kind, name, &owned) + &column_grants(name, &view.columns);
    sql += &own_now_or_later(grants, &id, owned.owner.as_ref(), order, late);
    let comments = view.columns.iter();
    let comments = comments.map(|column| {
        write_comment(
            "COLUMN",
            &format!("{name}.{}", column.sql),
            &column.attached,
        )
    });
    sql + &comments.collect::<String>()
}

/// Column defaults of a view, and storage settings of a materialized one.
fn write_columns(kind: &str, view: &View) -> String {
    let changes = view.columns.iter().flat_map(|column| {
        let default = column
            .default
            .iter()
            .map(|default| format!("SET DEFAULT {default}"));
        let changes = default.chain(column.settings.iter().cloned());
        changes.map(move |change| {
            format!(
                "ALTER {kind} {} ALTER COLUMN {} {change};\n",
                view.name.sql, column.sql
            )
        })
    });
    changes.collect::<Vec<_>>().concat()
}

fn write_cluster(view: &View) -> String {
    let indexes = view
        .indexes
        .iter()
        .filter_map(|index| index.clustered.as_ref());
    let statements = indexes.map(|index| {
        format!(
            "ALTER MATERIALIZED VIEW {} CLUSTER ON {index};\n",
            view.name.sql
        )
    });
    statements.collect::<Vec<_>>().concat()
}
