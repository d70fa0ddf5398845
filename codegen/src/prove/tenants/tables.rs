//! The tables, their foreign keys, and the keys that they lead to.

use super::keys::{add_key, report_at};
use super::{KeyId, TableId, TenantKey, find_column};
use crate::project::Project;
use crate::query::TypeCatalog;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::schema::model::{Constraint, ConstraintKind, Table};
use std::collections::BTreeSet;

/// A table and the ways from it to the keys.
#[derive(Debug)]
pub(in crate::prove) struct TenantTable<'s> {
    pub(in crate::prove) table: &'s Table,
    /// Its foreign keys, those of more columns first: they decide about the columns that they share with others.
    pub(in crate::prove) links: Vec<Link>,
    /// Columns that hold a key without a foreign key.
    pub(in crate::prove) values: Vec<(String, KeyId)>,
    /// The columns of each unique key.
    pub(in crate::prove) unique: Vec<Vec<String>>,
    /// The keys that its rows lead to.
    pub(in crate::prove) leads: BTreeSet<KeyId>,
    /// The column with the only user who may see a row.
    pub(in crate::prove) private: Option<String>,
    /// Whether `xact.toml` says that all tenants share its rows.
    pub(in crate::prove) shared: bool,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub(in crate::prove) struct Link {
    pub(in crate::prove) columns: Vec<String>,
    pub(in crate::prove) target: TableId,
    pub(in crate::prove) target_columns: Vec<String>,
}

impl TenantTable<'_> {
    /// Its name as `xact.toml` writes it.
    pub(in crate::prove) fn key(&self) -> String {
        self.table.name.annotation_key()
    }

    /// Its name as SQL.
    pub(in crate::prove) fn sql(&self) -> &str {
        &self.table.name.sql
    }
}

/// All tables that hold rows of their own.
pub(super) fn list_tables(schema: &Schema) -> Vec<TenantTable<'_>> {
    // The rows of a partition are found through its table.
    let own = |table: &&Table| table.partition.is_none();
    let tables: Vec<&Table> = schema.tables.iter().filter(own).collect();
    let linked = tables.iter().map(|table| {
        let mut links: Vec<Link> = table
            .foreign_keys()
            .filter_map(|constraint| read_link(&tables, table, constraint))
            .collect();
        // Keys of several columns first: they decide the columns that shorter ones share with them.
        links.sort_by_key(|link| std::cmp::Reverse(link.columns.len()));
        TenantTable {
            table,
            links,
            values: Vec::new(),
            unique: read_unique(table),
            leads: BTreeSet::new(),
            private: None,
            shared: false,
        }
    });
    linked.collect()
}

fn read_link(tables: &[&Table], table: &Table, constraint: &Constraint) -> Option<Link> {
    let reference = constraint.references.as_ref()?;
    let oid = reference.table_oid.0;
    let target = tables.iter().position(|table| table.oid.0 == oid)?;
    let names = |table: &Table, numbers| -> Vec<String> {
        let columns = table.columns_at(numbers).into_iter();
        columns.map(|column| column.name.clone()).collect()
    };
    Some(Link {
        columns: names(table, &constraint.columns),
        target,
        target_columns: names(tables[target], &reference.columns),
    })
}

fn read_unique(table: &Table) -> Vec<Vec<String>> {
    let kinds = [ConstraintKind::PrimaryKey, ConstraintKind::Unique];
    let constraints = table.constraints.iter();
    let keys = constraints.filter(|constraint| kinds.contains(&constraint.kind));
    let keys = keys.map(|constraint| &constraint.columns);
    let indexes = table.indexes.iter().filter(|index| index.unique);
    let all = keys.chain(indexes.map(|index| &index.columns));
    let names = all.map(|numbers| {
        let columns = table.columns_at(numbers).into_iter();
        columns.map(|column| column.name.clone()).collect()
    });
    names.collect()
}

/// Reads `columns`, `private` and `shared` of `[prove]`.
pub(super) fn read_configured(
    project: &Project,
    tables: &mut [TenantTable<'_>],
    keys: &mut Vec<TenantKey>,
) -> Vec<Diagnostic> {
    let prove = &project.config.prove;
    let mut problems = Vec::new();
    let mut no_column = |range, written: &str| {
        let message = format!("`{written}` is no column");
        problems.push(report_at(project, range, message).help("write it as `table.column`"));
    };
    for (written, key) in &prove.columns {
        let found =
            find_column(tables, written.get_ref()).map(|(id, column)| (id, column.name.clone()));
        let Some((table, column)) = found else {
            no_column(written.span(), written.get_ref());
            continue;
        };
        match add_key(keys, tables, key.get_ref()) {
            Some(key) => tables[table].values.push((column, key)),
            None => no_column(key.span(), key.get_ref()),
        }
    }
    for written in &prove.private {
        let found =
            find_column(tables, written.get_ref()).map(|(id, column)| (id, column.name.clone()));
        match found {
            Some((table, column)) => tables[table].private = Some(column),
            None => no_column(written.span(), written.get_ref()),
        }
    }
    for written in prove.shared.iter().chain(&prove.membership) {
        let found = tables
            .iter()
            .position(|table| table.key() == *written.get_ref());
        if let Some(table) = found {
            tables[table].shared |= prove.shared.contains(written);
        } else {
            let message = format!("`{}` is no table", written.get_ref());
            problems.push(report_at(project, written.span(), message));
        }
    }
    problems
}

/// Columns without a foreign key that have the type of a key, and the name of its setting, of `table_id`, or of a column that
/// refers to the key in another table.
pub(super) fn find_named_columns(
    tables: &mut [TenantTable<'_>],
    keys: &[TenantKey],
    types: &TypeCatalog,
) {
    let base = |oid: u32| types.base(oid).map(|found| found.oid);
    for (id, key) in keys.iter().enumerate() {
        let names = list_names(tables, key);
        for table in tables.iter_mut() {
            let is_linked =
                |name: &String| table.links.iter().any(|link| link.columns.contains(name));
            let columns = table.table.columns.iter().filter(|column| {
                names.contains(&column.name)
                    // A foreign key says itself where the value comes from.
                    && !is_linked(&column.name)
                    && key
                        .type_oid
                        .is_none_or(|oid| base(oid) == base(column.type_oid.0))
            });
            let found: Vec<String> = columns.map(|column| column.name.clone()).collect();
            for name in found {
                if !table.values.iter().any(|(known, _)| *known == name) {
                    table.values.push((name, id));
                }
            }
        }
    }
}

fn list_names(tables: &[TenantTable<'_>], key: &TenantKey) -> BTreeSet<String> {
    let Some((target, column)) = &key.place else {
        let name = key.name.rsplit('.').next().unwrap_or_default();
        return BTreeSet::from([name.to_owned()]);
    };
    let links = tables.iter().flat_map(|table| &table.links);
    let links =
        links.filter(|link| link.target == *target && link.target_columns == [column.as_str()]);
    let mut names: BTreeSet<String> = links.flat_map(|link| link.columns.clone()).collect();
    // The key of a table that shares it with the key's own, as `profiles.id` does with `users.id`, is called like any other key.
    names.remove(column);
    let singular = crate::singular::singular(&tables[*target].table.name.name);
    names.insert(format!("{singular}_{column}"));
    names
}

/// Follows the foreign keys to the keys, from all tables at once, until nothing is added.
pub(super) fn find_leads(tables: &mut [TenantTable<'_>], keys: &[TenantKey]) {
    for (id, key) in keys.iter().enumerate() {
        if let Some((table, _)) = &key.place {
            tables[*table].leads.insert(id);
        }
    }
    for table in tables.iter_mut() {
        let values: Vec<KeyId> = table.values.iter().map(|(_, key)| *key).collect();
        table.leads.extend(values);
    }
    // A path has at most as many steps as there are tables.
    for _ in 0..tables.len() {
        for id in 0..tables.len() {
            let targets: Vec<TableId> = tables[id].links.iter().map(|link| link.target).collect();
            let led: BTreeSet<KeyId> = targets
                .iter()
                .flat_map(|target| tables[*target].leads.clone())
                .collect();
            tables[id].leads.extend(led);
        }
    }
}
