//! Rows as structs: those of queries, of tables, and rows inside of rows.
//!
//! Given: the columns of queries with their proofs. Gives: a struct for each row with more than one field, and the Rust types of
//! its fields. Queries that select all columns of one table, in its order, share the struct of that table.
//!
//! ```text
//! table     the structs of tables, and which rows are of one     embedded   `sqlc.embed`: a run of columns as one field
//! nested    columns that are rows, or arrays of rows
//! json      the attributes of fields for serde                shared     rows with a name, which several queries have
//! borrowed  fields that borrow from the message of their row
//! ```

mod table;

mod embedded;
mod nested;

mod borrowed;
mod json;
mod shared;

pub(super) use borrowed::check_borrowed_rows;
pub(super) use json::Opaque;
pub(super) use shared::share_rows;

use super::constraints::ListedConstraints;
use super::extras::TypeExtras;
use super::fields::{ColumnField, FieldRead, FieldSources, refuse_other_than_type};
use super::names::{Unique, doc_text, pascal_case};
use super::query::{function_name, row_name};
use super::types::{Own, RustType, TYPES_PATH, Unmapped};
use super::unmapped::unmapped_column;
use crate::config::RustConfiguration;
use crate::query::RowDirectives;
use crate::query::analysis::{Output, Typed, TypedColumn};
use crate::report::diagnostic::Diagnostic;
use crate::schema::annotations::Annotations;
use crate::schema::{ColumnId, Keys, Schema};
use crate::singular::singular;
use std::collections::{BTreeSet, HashSet};

/// A row of a query, of a row in it, or of a table, which several queries may give.
pub(super) struct RowStruct {
    /// Its documentation, by lines.
    pub(super) doc: Vec<String>,
    pub(super) name: String,
    pub(super) fields: Vec<ColumnField>,
    pub(super) sources: Sources,
    pub(super) extras: TypeExtras,
}

/// The places that a struct is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sources {
    /// The columns of a result.
    Columns,
    /// A value of a column: an anonymous row.
    Value,
    /// Both.
    Both,
}

impl RowStruct {
    /// Whether it borrows from the message that its row arrived in.
    pub(super) fn is_borrowed(&self) -> bool {
        self.fields.iter().any(ColumnField::is_borrowed)
    }

    /// Whether each field is the column at its own position, read by the runtime's `FromSql`.
    pub(super) fn is_read_in_order(&self) -> bool {
        let mut fields = self.fields.iter().enumerate();
        fields.all(|(index, field)| field.read == FieldRead::Get(index))
    }
}

/// The rows of the tables of a schema.
pub(super) struct TableRows<'a> {
    pub(super) schema: &'a Schema,
    pub(super) keys: Keys,
    pub(super) fields: FieldSources<'a>,
    pub(super) config: &'a RustConfiguration,
    pub(super) annotations: &'a Annotations,
    /// The columns of tables whose elements are never NULL, by a CHECK.
    pub(super) checked_elements: HashSet<ColumnId>,
    /// The constraints of the schema, listed once for all queries.
    pub(super) constraints: ListedConstraints,
}

/// The fields of a row, and the structs of the rows inside of it that are those of no table.
#[derive(Default)]
pub(super) struct RowFields {
    pub(super) fields: Vec<ColumnField>,
    pub(super) structs: Vec<RowStruct>,
}

/// The row that fields belong to, which names the structs of the rows inside of it.
#[derive(Clone, Debug, Default)]
struct RowOwner<'q> {
    query: &'q str,
    /// The name of its struct, also where it has none, as a row of one column.
    name: String,
    /// The field of the query's row that it is, `bookmarks.tags`; empty for the row itself.
    path: String,
    /// The names of its columns.
    columns: Vec<String>,
    /// Those of its struct, and of the structs of the rows inside of it.
    extras: TypeExtras,
    /// The module of these structs, if it is not that of the query: `types::`.
    module: &'static str,
}

impl<'q> RowOwner<'q> {
    fn of_query(typed: &'q Typed, config: &RustConfiguration) -> Self {
        let query = &typed.query.name;
        let directives = RowDirectives::of(&typed.query);
        let extras = TypeExtras::new(&config.rows, &directives.derives, &directives.attributes);
        Self {
            query,
            // Other modules may share a struct that has a name of its own.
            module: directives.name.as_ref().map_or("", |_| TYPES_PATH),
            name: directives.name.unwrap_or_else(|| row_name(query)),
            path: String::new(),
            columns: Vec::new(),
            extras,
        }
        .with_columns(&typed.columns)
    }

    /// A link to the method of its query, from the module of its struct.
    fn write_link(&self) -> String {
        let function = function_name(self.query);
        if self.module.is_empty() {
            format!("[`Orm::{function}`]")
        } else {
            format!("[`Orm::{function}`](super::Orm::{function})")
        }
    }

    fn rust_type(&self) -> RustType {
        RustType::Struct(format!("{}{}", self.module, self.name))
    }

    fn with_columns(self, columns: &[TypedColumn]) -> Self {
        let names = columns.iter().map(|column| column.name.clone());
        Self {
            columns: names.collect(),
            ..self
        }
    }

    /// The struct of the rows in one of its columns: `tags` has rows called `Tag`, unless a column is called `tag`.
    fn name_inside(&self, column: &str) -> String {
        let singular = pascal_case(&singular(column));
        let mut others = self.columns.iter().filter(|other| *other != column);
        let name = if others.any(|other| pascal_case(other) == singular) {
            pascal_case(column)
        } else {
            singular
        };
        format!("{}{name}", self.name)
    }
}

impl TableRows<'_> {
    /// The fields of a query's row: those of its columns, with every embedded row in the place of its own.
    pub(super) fn of_query(&self, typed: &Typed) -> Result<RowFields, Vec<Diagnostic>> {
        let mut row = RowFields::default();
        if !typed.query.command.gives_rows() {
            return Ok(row);
        }
        self.check_columns(typed)?;
        let outputs = typed.outputs();
        let names = outputs.iter().map(|output| output.name(typed));
        let names = Unique::default().identifiers(names);
        let owner = RowOwner::of_query(typed, self.config);
        for (output, name) in outputs.into_iter().zip(names) {
            let found = match output {
                Output::Column(index) => {
                    let column = &typed.columns[index];
                    self.of_column(&owner, name, index, column)
                }
                Output::Row(embedded) => self.embed(typed, embedded, (&owner, name)),
            };
            let (field, structs) = found.expect("the types of all columns were checked");
            row.fields.push(field);
            row.structs.extend(structs);
        }
        borrowed::borrow_fields(typed, &mut row.fields);
        Ok(row)
    }

    /// The struct of a query's row with these fields, and its type.
    pub(super) fn row_struct(
        &self,
        typed: &Typed,
        fields: Vec<ColumnField>,
    ) -> (RowStruct, RustType) {
        let owner = RowOwner::of_query(typed, self.config);
        let doc = format!("A row of {}.", owner.write_link());
        let rust_type = owner.rust_type();
        let row = RowStruct {
            doc: vec![doc_text(&doc)],
            name: owner.name,
            fields,
            sources: Sources::Columns,
            extras: owner.extras,
        };
        (row, rust_type)
    }

    /// The Rust type of each column alone.
    pub(super) fn column_types(&self, typed: &Typed) -> Result<Vec<String>, Vec<Diagnostic>> {
        if !typed.query.command.gives_rows() {
            return Ok(Vec::new());
        }
        self.check_columns(typed)?;
        let owner = RowOwner::of_query(typed, self.config);
        let columns = typed.columns.iter().enumerate();
        let found = columns.filter_map(|(index, column)| {
            let field = self.of_column(&owner, column.name.clone(), index, column);
            let (mut field, _) = field.ok()?;
            borrowed::borrow_fields(typed, std::slice::from_mut(&mut field));
            Some(field.rust_type.as_field())
        });
        Ok(found.collect())
    }

    /// A diagnostic for each column whose type has no Rust equivalent.
    fn check_columns(&self, typed: &Typed) -> Result<(), Vec<Diagnostic>> {
        let owner = RowOwner::of_query(typed, self.config);
        let columns = typed.columns.iter().enumerate();
        let wrong = columns.filter_map(|(index, column)| {
            refuse_other_than_type(typed, column)
                .and_then(|()| {
                    let field = self.of_column(&owner, column.name.clone(), index, column);
                    field.map_err(|unmapped| unmapped_column(typed, column, unmapped))
                })
                .err()
        });
        let wrong: Vec<Diagnostic> = wrong.collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// The fields of a row of these columns, with the structs inside of it.
    fn of_columns(
        &self,
        owner: &RowOwner<'_>,
        columns: &[TypedColumn],
    ) -> Result<RowFields, Unmapped> {
        let names = columns.iter().map(|column| column.name.as_str());
        let names = Unique::default().identifiers(names);
        let owner = owner.clone().with_columns(columns);
        let mut row = RowFields::default();
        for (index, (column, name)) in columns.iter().zip(names).enumerate() {
            let (field, structs) = self.of_column(&owner, name, index, column)?;
            row.fields.push(field);
            row.structs.extend(structs);
        }
        Ok(row)
    }

    /// One column of a row, at `index`, with the structs inside of it.
    fn of_column(
        &self,
        owner: &RowOwner<'_>,
        name: String,
        index: usize,
        column: &TypedColumn,
    ) -> Result<(ColumnField, Vec<RowStruct>), Unmapped> {
        match &column.record {
            // The type that an alias names decides.
            Some(record) if column.rust_type.is_none() => {
                self.of_record(owner, name, index, (column, record))
            }
            _ => {
                let field = self.fields.of_column(name, index, column)?;
                Ok((field, Vec::new()))
            }
        }
    }
}

/// The columns of these queries, also in rows inside of values, whose tables keep NULL out of their elements. The row of a table
/// is the same for all queries, so that it depends on the proofs of all of them.
pub(super) fn find_checked_elements<'q>(
    columns: impl IntoIterator<Item = &'q TypedColumn>,
) -> HashSet<ColumnId> {
    let mut found = HashSet::new();
    let mut open: Vec<&TypedColumn> = columns.into_iter().collect();
    while let Some(column) = open.pop() {
        found.extend(column.origin.filter(|_| column.elements_checked));
        open.extend(column.record.iter().flat_map(|record| &record.columns));
    }
    found
}

/// The tables whose rows are read from values of columns, in these fields.
pub(super) fn collect_values<'f>(
    fields: impl IntoIterator<Item = &'f ColumnField>,
    values: &mut BTreeSet<u32>,
) {
    for field in fields {
        if matches!(field.read, FieldRead::Part { .. }) {
            continue;
        }
        let mut own = BTreeSet::new();
        field.rust_type.collect_own(&mut own);
        values.extend(own.into_iter().filter_map(|own| match own {
            Own::Row(table) => Some(table),
            _ => None,
        }));
    }
}
