//! `ALTER TABLE … ATTACH PARTITION`, with the rights of the owner where Postgres would call a function with those of the
//! role that loads the file.

use crate::schema::model::{Index, ObjectKind, Partition, Table};

/// `ALTER TABLE … ATTACH PARTITION` of this table; `parent` is the partitioned table, if it is known.
pub(in crate::schema) fn write_attach(
    table: &Table,
    partition: &Partition,
    parent: Option<&Table>,
) -> String {
    let (Partition { of, bound }, name) = (partition, &table.name.sql);
    let sql = format!("ALTER TABLE {of} ATTACH PARTITION {name} {bound};\n");
    match &table.attached.owner {
        // Only the owner of both tables may attach one to the other (ALTER TABLE, Notes).
        Some(owner) if parent.is_some_and(|parent| attaches_as_owner(table, parent)) => {
            format!("SET ROLE {owner};\n{sql}RESET ROLE;\n")
        }
        _ => sql,
    }
}

/// Whether the owner of both tables has to attach the partition.
///
/// Surprise: CREATE INDEX calls the functions of an index as the owner of the table, but ATTACH PARTITION, which simplifies
/// the expressions of the indexes to compare them (`CompareIndexInfo`), calls them as the current role. A function that
/// depends on `current_user` then fails or gives another constant, and no index matches. A dump of `pg_dump` fails there.
fn attaches_as_owner(table: &Table, parent: &Table) -> bool {
    let calls_function = |index: &Index| {
        let mut needs = index.attached.needs.iter();
        needs.any(|need| need.kind == ObjectKind::Function)
    };
    let mut indexes = table.indexes.iter().chain(&parent.indexes);
    table.attached.owner == parent.attached.owner && indexes.any(calls_function)
}
