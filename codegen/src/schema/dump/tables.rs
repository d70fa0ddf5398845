//! One block for each table.

use super::attached::{column_grants, write_comment, write_grants, write_owner};
use super::columns::{ValueSource, typed_column, write_columns};
use super::constraints::{
    constraint_comment, is_inline, is_late, later_constraints, list_foreign_keys, write_mirror,
};
use super::inheritance::{join_parents, state_expressions};
use super::order::{DumpOrder, must_wait};
use super::partitions::write_attach;
use super::parts::{
    Late, Step, now_or_later, write_index, write_later, write_policy, write_trigger,
};
use super::rows::write_rows;
use super::sequences::{owned_sequences, sequence_attachments};
use super::storage::{is_set_later, later_storage};
use crate::schema::model::{Column, Constraint, ConstraintKind, Index, Table, TriggerState};
use crate::sql::quote::{clause, with};

/// `CREATE TABLE` and everything that belongs to the table beneath it.
pub(super) fn write_table(table: &Table, order: &DumpOrder<'_>, late: &mut Vec<Late>) -> String {
    let name = &table.name.sql;
    let mut sql = write_create(table, order);
    // Before the owner: ALTER TABLE … OWNER TO changes the sequences that the table owns with it.
    sql += &owned_sequences(table, order);
    sql += &write_owner(keyword_of(table), name, &table.attached);
    sql += &inherited_changes(table);
    // Before constraints, triggers and row security, so that none of them changes or refuses a row.
    sql += &write_rows(table);
    sql += &later_defaults(table, order, late);
    sql += &later_constraints(table, false, order, late);
    sql += &write_indexes(table, false, order, late);
    sql += &join_parents(table, order);
    sql += &attach_partition(table, order);
    sql += &later_constraints(table, true, order, late);
    sql += &write_indexes(table, true, order, late);
    // CLUSTER and REPLICA IDENTITY name an index, which has to be there.
    sql += &write_settings(table, order);
    sql += &later_storage(table, order, late);
    for item in &table.triggers {
        sql += &now_or_later(
            write_trigger(name, item),
            Step::Trigger,
            name,
            &item.attached.needs,
            order,
            late,
        );
    }
    sql += &trigger_states(table, late);
    sql += &row_security(table);
    for item in &table.policies {
        sql += &now_or_later(
            write_policy(name, item),
            Step::Policy,
            name,
            &item.attached.needs,
            order,
            late,
        );
    }
    sql += &write_grants("TABLE", name, &table.attached.grants);
    sql += &column_grants(name, &table.columns);
    sql += &sequence_attachments(table, order);
    sql + &write_comments(table, order)
}

/// The indexes that come before the table is attached to its parent, or those after: an index of the partition's own would
/// be taken for the part of the parent's if it fits.
fn write_indexes(
    table: &Table,
    is_attached: bool,
    order: &DumpOrder<'_>,
    late: &mut Vec<Late>,
) -> String {
    let name = &table.name.sql;
    let follows = |item: &&Index| (table.partition.is_some() && !item.of_parent) == is_attached;
    let mut items: Vec<&Index> = table.indexes.iter().filter(follows).collect();
    // ATTACH PARTITION takes equal indexes in the order in which they were created, on both sides.
    items.sort_by(|a, b| a.parent.cmp(&b.parent));
    let indexes = items.into_iter().map(|item| {
        let needs = &item.attached.needs;
        now_or_later(write_index(item), Step::Index, name, needs, order, late)
    });
    indexes.collect()
}

fn write_create(table: &Table, order: &DumpOrder<'_>) -> String {
    let mut lines = column_lines(table, order);
    let inline = table
        .constraints
        .iter()
        .filter(|constraint| is_inline(table, constraint, order));
    lines.extend(
        inline.map(|constraint| format!("CONSTRAINT {} {}", constraint.sql, constraint.definition)),
    );
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}")).collect();
    let body = if lines.is_empty() {
        String::new()
    } else {
        format!("{}\n", lines.join(",\n"))
    };
    let mirrors: String = list_foreign_keys(table).map(write_mirror).collect();
    let of_type = clause(" OF ", table.of_type.as_deref());
    // Of a type that says everything: Postgres takes no empty list there.
    let columns = match (&table.of_type, body.as_str()) {
        (Some(_), "") => String::new(),
        (None, "") if mirrors.is_empty() => " ()".to_owned(),
        _ => format!(" (\n{body}{mirrors})"),
    };
    let (name, options) = (&table.name.sql, write_options(table, order));
    format!(
        "CREATE {}TABLE {name}{of_type}{columns}{options};\n",
        table_kind(table)
    )
}

/// The columns that the table does not have from elsewhere, or its additions to those of its type.
fn column_lines(table: &Table, order: &DumpOrder<'_>) -> Vec<String> {
    if table.of_type.is_some() {
        let typed = |column: &Column| typed_column(column, &source_of(table, column, order));
        return table.columns.iter().filter_map(typed).collect();
    }
    let own = table.columns.iter().filter(|column| !column.inherited);
    let mut own: Vec<Column> = own.cloned().collect();
    if order.joins_later(table) {
        state_expressions(&mut own);
    }
    let sources: Vec<ValueSource> = own
        .iter()
        .map(|column| source_of(table, column, order))
        .collect();
    write_columns(&own, &sources)
}

fn table_kind(table: &Table) -> &'static str {
    match (table.unlogged, &table.foreign) {
        (_, Some(_)) => "FOREIGN ",
        (true, None) => "UNLOGGED ",
        (false, None) => "",
    }
}

/// The clauses behind the columns.
fn write_options(table: &Table, order: &DumpOrder<'_>) -> String {
    let inherits_now = !table.inherits.is_empty() && !order.joins_later(table);
    let inherits = inherits_now.then(|| table.inherits.join(", "));
    [
        inherits
            .map(|parents| format!(" INHERITS ({parents})"))
            .unwrap_or_default(),
        clause(" PARTITION BY ", table.partition_key.as_deref()),
        clause(" USING ", table.access_method.as_deref()),
        with(&table.options),
        clause(" ", table.foreign.as_deref()),
    ]
    .concat()
}

/// A partition joins its table once it has its own indexes, which Postgres then matches with the table's.
fn attach_partition(table: &Table, order: &DumpOrder<'_>) -> String {
    let Some(partition) = &table.partition else {
        return String::new();
    };
    // The parent counts only beside an owner. A look at all tables for each of thousands of partitions takes long.
    let owner = table.attached.owner.as_ref();
    let parent = owner.and_then(|_| order.find_table(&partition.of));
    write_attach(table, partition, parent)
}

fn source_of(table: &Table, column: &Column, order: &DumpOrder<'_>) -> ValueSource {
    let owned = order
        .owned
        .get(table.name.sql.as_str())
        .into_iter()
        .flatten();
    let mut own_serials =
        owned.filter(|sequence| order.serials.contains_key(sequence.name.sql.as_str()));
    let is_serial = own_serials.any(|sequence| {
        sequence
            .owned_by
            .as_ref()
            .is_some_and(|owned| owned.column == column.sql)
    });
    match column.default {
        Some(_) if is_serial => ValueSource::Serial,
        _ if column.inherited && table.of_type.is_none() => ValueSource::Stated,
        Some(_) if must_wait(order, &table.name.sql, &column.default_needs) => {
            ValueSource::SetLater
        }
        _ => ValueSource::Stated,
    }
}

fn later_defaults(table: &Table, order: &DumpOrder<'_>, late: &mut Vec<Late>) -> String {
    let name = &table.name.sql;
    let mut sql = String::new();
    for column in &table.columns {
        if let (ValueSource::SetLater, Some(default)) =
            (source_of(table, column, order), &column.default)
        {
            let set = format!(
                "ALTER TABLE {name} ALTER COLUMN {} SET DEFAULT {default};\n",
                column.sql
            );
            sql += &now_or_later(set, Step::Default, name, &column.default_needs, order, late);
        }
    }
    sql
}

/// Its name in `ALTER` and `COMMENT ON`.
fn keyword_of(table: &Table) -> &'static str {
    if table.foreign.is_some() {
        "FOREIGN TABLE"
    } else {
        "TABLE"
    }
}

/// How inherited columns differ from those of the parent.
fn inherited_changes(table: &Table) -> String {
    let changes = table.columns.iter().flat_map(|column| {
        let changes = column.changes.iter();
        changes.map(move |change| {
            format!(
                "ALTER TABLE ONLY {} ALTER COLUMN {} {change};\n",
                table.name.sql, column.sql
            )
        })
    });
    changes.collect::<Vec<_>>().concat()
}

fn write_settings(table: &Table, order: &DumpOrder<'_>) -> String {
    let name = &table.name.sql;
    let columns = table.columns.iter().flat_map(|column| {
        column
            .settings
            .iter()
            .filter(|setting| !is_set_later(table, column, setting, order))
            .map(|setting| format!("ALTER COLUMN {} {setting}", column.sql))
    });
    let indexes = table
        .indexes
        .iter()
        .filter_map(|index| index.clustered.as_ref());
    let keys = table
        .constraints
        .iter()
        .filter_map(|constraint| constraint.clustered.as_ref());
    let clusters = indexes
        .chain(keys)
        .map(|index| format!("CLUSTER ON {index}"));
    let identity = table
        .replica_identity
        .iter()
        .map(|identity| format!("REPLICA IDENTITY {identity}"));
    let changes = columns.chain(clusters).chain(identity);
    changes
        .map(|change| format!("ALTER TABLE {name} {change};\n"))
        .collect::<Vec<_>>()
        .concat()
}

/// How triggers of the partitioned table fire in this partition: after all triggers, because the table's may be created
/// after this one.
fn trigger_states(table: &Table, late: &mut Vec<Late>) -> String {
    let states = table.trigger_states.iter();
    let states =
        states.map(|trigger| write_later(trigger_state(table, trigger), Step::TriggerState, late));
    states.collect()
}

/// `ALTER TABLE … DISABLE TRIGGER` for this table alone.
pub(in crate::schema) fn trigger_state(table: &Table, trigger: &TriggerState) -> String {
    let TriggerState { sql, state } = trigger;
    format!(
        "ALTER TABLE ONLY {} {state} TRIGGER {sql};\n",
        table.name.sql
    )
}

fn row_security(table: &Table) -> String {
    let set = [
        (table.row_security, "ENABLE"),
        (table.force_row_security, "FORCE"),
    ];
    let words = set.iter().filter(|(is_set, _)| *is_set);
    let statements = words.map(|(_, word)| {
        format!(
            "ALTER TABLE {} {word} ROW LEVEL SECURITY;\n",
            table.name.sql
        )
    });
    statements.collect::<Vec<_>>().concat()
}

fn write_comments(table: &Table, order: &DumpOrder<'_>) -> String {
    let name = &table.name.sql;
    let columns = table.columns.iter();
    let columns = columns.map(|column| {
        write_comment(
            "COLUMN",
            &format!("{name}.{}", column.sql),
            &column.attached,
        )
    });
    let beneath = |constraint: &&Constraint| {
        constraint.kind != ConstraintKind::ForeignKey && !is_late(table, constraint, order)
    };
    let constraints = table
        .constraints
        .iter()
        .filter(beneath)
        .map(|constraint| constraint_comment(name, constraint));
    let table_comment = write_comment(keyword_of(table), name, &table.attached);
    table_comment + &columns.collect::<String>() + &constraints.collect::<String>()
}
