//! The order in which tables are filled: those that foreign keys refer to first.

use crate::prove::tenants::{TableId, Tenants};

/// Every table once. A circle is broken where a foreign key may be NULL, or else anywhere; that row is then refused.
pub(super) fn sort_tables(tenants: &Tenants<'_>) -> Vec<TableId> {
    let mut sorted = Vec::new();
    let mut open = vec![false; tenants.tables.len()];
    for table in 0..tenants.tables.len() {
        visit_table(tenants, table, &mut open, &mut sorted);
    }
    sorted
}

fn visit_table(
    tenants: &Tenants<'_>,
    table: TableId,
    open: &mut [bool],
    sorted: &mut Vec<TableId>,
) {
    if open[table] || sorted.contains(&table) {
        return;
    }
    open[table] = true;
    let found = &tenants.tables[table];
    let mut targets: Vec<(bool, TableId)> = found
        .links
        .iter()
        .map(|link| {
            let mut columns = link.columns.iter();
            let nullable = columns.any(|name| {
                found
                    .table
                    .column(name)
                    .is_some_and(|column| !column.not_null)
            });
            (nullable, link.target)
        })
        .collect();
    // Those that must exist first, so that a circle is entered at its nullable side.
    targets.sort_unstable();
    for (_, target) in targets {
        visit_table(tenants, target, open, sorted);
    }
    open[table] = false;
    sorted.push(table);
}
