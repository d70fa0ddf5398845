//! The input of the rules: the schema, its annotations, and the roles that must not see each other's rows.

use super::access::Customer;
use super::place::LinePrefixes;
use super::rule::{Finding, FindingFix};
use crate::config::Scope;
use crate::schema::model::{Column, Table};
use crate::schema::{Annotations, Schema};
use std::collections::BTreeMap;

/// Everything that rules look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The schema that the migrations build.
    pub schema: &'a Schema,
    /// Its annotations.
    pub annotations: &'a Annotations,
    /// The roles of scopes with settings: each of their transactions is that of one customer, who sees only their own rows.
    pub customers: Vec<Customer>,
    /// The roles of all scopes, as SQL.
    pub scope_roles: Vec<String>,
}

impl<'a> Context<'a> {
    /// Collects the input of the rules.
    pub fn new(
        schema: &'a Schema,
        annotations: &'a Annotations,
        scopes: &BTreeMap<String, Scope>,
    ) -> Self {
        let customers = super::access::list_customers(schema, scopes);
        Self {
            schema,
            annotations,
            customers,
            scope_roles: super::access::scope_roles(schema, scopes),
        }
    }

    /// All tables but partitions, which have the columns and keys of the table they are part of, and
    /// foreign ones, which another database defines.
    pub fn tables(&self) -> impl Iterator<Item = &'a Table> {
        let tables = self.schema.tables.iter();
        tables.filter(|table| table.partition.is_none() && table.foreign.is_none())
    }

    /// All tables but partitions and enums: those whose rows the product writes.
    pub fn entities(&self) -> impl Iterator<Item = &'a Table> {
        self.tables().filter(|table| !table.is_enum())
    }

    /// All columns of [`Context::tables`].
    pub fn columns(&self) -> impl Iterator<Item = (&'a Table, &'a Column)> {
        self.tables()
            .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
    }

    /// The table that `organization_id` refers to, if the project has organizations.
    pub fn organizations(&self) -> Option<&'a Table> {
        let mut tables = self.tables();
        tables.find(|table| table.name.name == "organizations")
    }
}

/// A finding about a table as a whole.
pub(super) fn of_table(table: &Table, message: String, fix: FindingFix) -> Finding {
    Finding {
        object: table.name.annotation_key(),
        message,
        place: LinePrefixes::table(table),
        fix,
    }
}

/// A finding about one column.
pub(super) fn of_column(
    table: &Table,
    column: &Column,
    message: String,
    fix: FindingFix,
) -> Finding {
    Finding {
        object: format!("{}.{}", table.name.annotation_key(), column.name),
        message,
        place: LinePrefixes::table(table).line(format!("    {} ", column.sql)),
        fix,
    }
}

/// The names of columns as SQL, as they stand in parentheses.
pub(super) fn join_column_names(columns: &[&Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.sql.as_str()).collect();
    names.join(", ")
}
