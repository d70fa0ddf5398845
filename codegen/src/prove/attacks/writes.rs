//! Writes to a table or view: rows of the other tenant inserted, changed, moved, taken over, deleted.

use super::reads::{list_names, match_key};
use super::relations::{AttackedRelation, is_assignable};
use super::{AttackStage, write_probe};
use crate::prove::identities::Reach;
use crate::prove::probe::Probe;
use crate::prove::rows::{InsertValue, StoredRow};
use crate::schema::model::Column;
use crate::sql::quote::quote_literal;
use std::collections::{BTreeMap, BTreeSet};

/// The values of a row to be written, as SQL, by column.
type Written = BTreeMap<String, String>;

pub(super) fn list_writes(
    stage: &AttackStage<'_>,
    relation: &AttackedRelation<'_>,
    reach: Reach,
) -> Vec<Probe> {
    let write_rows = |is_foreign| -> Vec<Written> {
        let rows = stage.spare_rows(relation, is_foreign);
        rows.iter().map(|row| write_row(relation, row)).collect()
    };
    let mut writes = Writes {
        stage,
        relation,
        reach,
        own: write_rows(false),
        foreign: write_rows(true),
        probes: Vec::new(),
    };
    writes.add_inserts();
    writes.add_updates();
    writes.add_deletes();
    if reach != Reach::Plain {
        writes.add_truncate();
        writes.add_merges();
    }
    writes.probes
}

fn write_row(relation: &AttackedRelation<'_>, written: &[(String, InsertValue)]) -> Written {
    let columns = written.iter().filter_map(|(name, value)| {
        let column = relation
            .columns
            .iter()
            .find(|column| column.name == *name)?;
        let value = match value {
            InsertValue::Text(text) => format!("{}::{}", quote_literal(text), column.data_type),
            InsertValue::Null => "NULL".to_owned(),
            InsertValue::Default => return None,
        };
        Some((name.clone(), value))
    });
    columns.collect()
}

struct Writes<'w> {
    stage: &'w AttackStage<'w>,
    relation: &'w AttackedRelation<'w>,
    reach: Reach,
    own: Vec<Written>,
    foreign: Vec<Written>,
    probes: Vec<Probe>,
}

impl Writes<'_> {
    fn add(&mut self, operation: &'static str, statement: String) {
        let with_rows = statement.contains(" RETURNING ");
        let object = self.relation.object();
        self.probes
            .push(write_probe(&object, operation, statement, with_rows));
    }

    fn returning(&self) -> String {
        let columns = self.relation.readable();
        if columns.is_empty() {
            String::new()
        } else {
            format!(" RETURNING {}", list_names(&columns))
        }
    }

    /// The columns of each foreign key, and those that hold a key by value.
    fn tenant_columns(&self) -> Vec<Vec<String>> {
        let Some(table) = self.relation.table else {
            return Vec::new();
        };
        let table = &self.stage.tenants.tables[table];
        let links = table
            .links
            .iter()
            .filter(|link| !self.stage.tenants.is_reference(link.target));
        let values = table.values.iter().map(|(column, _)| vec![column.clone()]);
        let mut columns: Vec<Vec<String>> = links
            .map(|link| link.columns.clone())
            .chain(values)
            .collect();
        columns.extend(table.private.iter().map(|column| vec![column.clone()]));
        columns
    }

    /// The sets of columns to replace in a row: each foreign key whole, and without the columns that others have too.
    fn replaced_columns(&self) -> BTreeSet<Vec<String>> {
        let columns = self.tenant_columns();
        let mut replaced: BTreeSet<Vec<String>> = columns.iter().cloned().collect();
        for own in &columns {
            let others = || columns.iter().filter(|other| *other != own);
            let alone = own.iter().filter(|name| {
                !others().any(|other| other.len() < own.len() && other.contains(name))
            });
            replaced.insert(alone.cloned().collect());
        }
        replaced.retain(|columns| !columns.is_empty());
        replaced
    }

    fn unique_keys(&self) -> Vec<Vec<String>> {
        let table = self
            .relation
            .table
            .map(|table| &self.stage.tenants.tables[table]);
        table.map(|table| table.unique.clone()).unwrap_or_default()
    }

    /// The values of an existing row.
    fn stored(&self, row: &StoredRow) -> Written {
        let columns = self.relation.columns.iter().zip(&row.cells);
        columns
            .map(|(column, cell)| {
                let value = cell.as_ref().map_or_else(
                    || "NULL".to_owned(),
                    |cell| format!("{}::{}", quote_literal(cell), column.data_type),
                );
                (column.name.clone(), value)
            })
            .collect()
    }

    fn add_inserts(&mut self) {
        let columns = self.relation.insertable();
        if columns.is_empty() {
            let sql = format!("INSERT INTO {} DEFAULT VALUES", self.relation.sql);
            return self.add("INSERT", sql);
        }
        let (own, foreign) = (self.own.clone(), self.foreign.clone());
        for row in foreign.iter().chain(&own) {
            self.add_insert(&columns, row, "");
        }
        if self.reach == Reach::Plain {
            return;
        }
        for replaced in self.replaced_columns() {
            for (own, foreign) in own
                .iter()
                .flat_map(|own| foreign.iter().map(move |foreign| (own, foreign)))
            {
                self.add_insert(&columns, &replace_columns(own, foreign, &replaced), "");
            }
        }
        let Some(existing) = self
            .stage
            .foreign_row(self.relation)
            .map(|row| self.stored(row))
        else {
            return;
        };
        let updated = self.relation.updatable();
        for key in self.unique_keys() {
            let Some(own) = own.first() else {
                return;
            };
            let names: Vec<String> = key.iter().filter_map(|name| self.quote(name)).collect();
            let insertable = |name: &String| columns.iter().any(|column| column.name == *name);
            if !key.iter().all(insertable) {
                continue;
            }
            let row = replace_columns(own, &existing, &key);
            self.add_insert(&columns, &row, "");
            self.add_insert(
                &columns,
                &row,
                &format!(" ON CONFLICT ({}) DO NOTHING", names.join(", ")),
            );
            if let Some(column) = updated.first() {
                let name = &column.sql;
                self.add_insert(
                    &columns,
                    &row,
                    &format!(
                        " ON CONFLICT ({}) DO UPDATE SET {name} = EXCLUDED.{name}",
                        names.join(", ")
                    ),
                );
            }
        }
    }

    fn quote(&self, name: &str) -> Option<String> {
        let column = self
            .relation
            .columns
            .iter()
            .find(|column| column.name == name);
        column.map(|column| column.sql.clone())
    }

    fn add_insert(&mut self, columns: &[&Column], row: &Written, conflict: &str) {
        let given: Vec<(&str, &str)> = columns
            .iter()
            .filter_map(|column| Some((column.sql.as_str(), row.get(&column.name)?.as_str())))
            .collect();
        let names: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
        let values: Vec<&str> = given.iter().map(|(_, value)| *value).collect();
        // OVERRIDING SYSTEM VALUE, so that a key that is GENERATED ALWAYS can be chosen too.
        let sql = format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({}){conflict}",
            self.relation.sql,
            names.join(", "),
            values.join(", ")
        );
        // RETURNING needs the policies of SELECT as well, so a row that may be written blindly is found only without it.
        if conflict.is_empty() {
            self.add("INSERT", sql.clone());
        }
        let returning = self.returning();
        if !returning.is_empty() {
            self.add("INSERT", sql + &returning);
        }
    }

    fn add_updates(&mut self) {
        let columns = self.relation.updatable();
        let sql = self.relation.sql;
        let Some(first) = columns.first() else {
            // Without the privilege, one attempt shows that it is refused.
            let mut columns = self.relation.columns.iter();
            if let Some(column) = columns.find(|column| is_assignable(column)) {
                self.add("UPDATE", format!("UPDATE {sql} SET {0} = {0}", column.sql));
            }
            return;
        };
        let returning = self.returning();
        let same = format!("UPDATE {sql} SET {0} = {0}", first.sql);
        self.add("UPDATE", format!("{same}{returning}"));
        self.add_blind_updates(&columns);
        if self.reach == Reach::Plain {
            return;
        }
        let stage = self.stage;
        let key = |row: Option<&StoredRow>| row.and_then(|row| match_key(stage.tenants, row));
        let foreign_key = key(stage.foreign_row(self.relation));
        let own_key = key(stage.own_row(self.relation));
        if let Some(condition) = &foreign_key {
            self.add("UPDATE", format!("{same} WHERE {condition}{returning}"));
        }
        let (own, foreign) = (self.own.clone(), self.foreign.clone());
        for replaced in self.replaced_columns() {
            for row in &foreign {
                let assigned = write_assignments(&columns, row, &replaced);
                if let (Some(assigned), Some(condition)) = (assigned, &own_key) {
                    self.add(
                        "UPDATE",
                        format!("UPDATE {sql} SET {assigned} WHERE {condition}"),
                    );
                    self.add(
                        "UPDATE",
                        format!("UPDATE {sql} SET {assigned} WHERE {condition}{returning}"),
                    );
                }
            }
            for row in &own {
                if let Some(assigned) = write_assignments(&columns, row, &replaced) {
                    self.add("UPDATE", format!("UPDATE {sql} SET {assigned}"));
                    if let Some(condition) = &foreign_key {
                        self.add(
                            "UPDATE",
                            format!("UPDATE {sql} SET {assigned} WHERE {condition}"),
                        );
                    }
                }
            }
        }
        self.add_unique_updates(&columns, own_key.as_deref());
    }

    /// Without a column that is read, only the policies of UPDATE decide about the rows.
    fn add_blind_updates(&mut self, columns: &[&Column]) {
        let keys = self.unique_keys().concat();
        let tenant = self.tenant_columns().concat();
        let Some(own) = self.own.first().cloned() else {
            return;
        };
        let mut free = columns
            .iter()
            .filter(|column| !keys.contains(&column.name) && !tenant.contains(&column.name));
        let found = free.find_map(|column| Some((&column.sql, own.get(&column.name)?)));
        if let Some((name, value)) = found {
            self.add(
                "UPDATE",
                format!("UPDATE {} SET {name} = {value}", self.relation.sql),
            );
        }
    }

    fn add_unique_updates(&mut self, columns: &[&Column], own_key: Option<&str>) {
        let existing = self
            .stage
            .foreign_row(self.relation)
            .map(|row| self.stored(row));
        let (Some(existing), Some(condition)) = (existing, own_key) else {
            return;
        };
        for key in self.unique_keys() {
            if let Some(assigned) = write_assignments(columns, &existing, &key) {
                self.add(
                    "UPDATE",
                    format!(
                        "UPDATE {} SET {assigned} WHERE {condition}",
                        self.relation.sql
                    ),
                );
            }
        }
    }

    fn add_deletes(&mut self) {
        let sql = self.relation.sql;
        self.add("DELETE", format!("DELETE FROM {sql}"));
        if self.reach == Reach::Plain || !self.relation.privileges.deletes {
            return;
        }
        let returning = self.returning();
        if !returning.is_empty() {
            self.add("DELETE", format!("DELETE FROM {sql}{returning}"));
        }
        let foreign = self.stage.foreign_row(self.relation);
        if let Some(condition) = foreign.and_then(|row| match_key(self.stage.tenants, row)) {
            self.add(
                "DELETE",
                format!("DELETE FROM {sql} WHERE {condition}{returning}"),
            );
        }
    }

    fn add_truncate(&mut self) {
        if self.relation.kind == "table" {
            // Without CASCADE a table that others refer to is refused to everybody, which proves
            // nothing.
            let cascade = if self.relation.privileges.truncates {
                " CASCADE"
            } else {
                ""
            };
            self.add(
                "TRUNCATE",
                format!("TRUNCATE {}{cascade}", self.relation.sql),
            );
        }
    }

    fn add_merges(&mut self) {
        let foreign = self.stage.foreign_row(self.relation);
        let Some(condition) = foreign.and_then(|row| match_key(self.stage.tenants, row)) else {
            return;
        };
        let sql = self.relation.sql;
        let start = format!(
            "MERGE INTO {sql} USING (SELECT) AS xact_source ON {condition} WHEN MATCHED THEN"
        );
        if self.relation.privileges.deletes {
            self.add("MERGE", format!("{start} DELETE"));
        }
        if let Some(column) = self.relation.updatable().first() {
            self.add("MERGE", format!("{start} UPDATE SET {0} = {0}", column.sql));
        }
    }
}

fn replace_columns(own: &Written, foreign: &Written, columns: &[String]) -> Written {
    let mut row = own.clone();
    for name in columns {
        if let Some(value) = foreign.get(name) {
            row.insert(name.clone(), value.clone());
        }
    }
    row
}

/// `organization_id = 'b'`, as far as the columns may be updated.
fn write_assignments(columns: &[&Column], row: &Written, wanted: &[String]) -> Option<String> {
    let wanted = columns
        .iter()
        .filter(|column| wanted.contains(&column.name));
    let assigned: Vec<String> = wanted
        .filter_map(|column| Some(format!("{} = {}", column.sql, row.get(&column.name)?)))
        .collect();
    (!assigned.is_empty()).then(|| assigned.join(", "))
}
