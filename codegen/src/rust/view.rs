//! The data of the templates: finished strings and yes or no, nothing to decide.
//!
//! Documentation is text as it follows `///`.

use serde::Serialize;

pub(super) use super::struct_views::{ParameterStruct, RowStructView, StructField, write_debug};

/// `mod.rs`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Root {
    pub(super) has_types: bool,
    pub(super) has_constraints: bool,
    pub(super) has_names: bool,
    pub(super) modules: Vec<ModuleName>,
    /// The scopes, and the traits of queries that not every scope may run.
    pub(super) exports: Vec<String>,
    pub(super) migrations: Vec<MigrationView>,
    pub(super) inputs: Vec<Input>,
}

/// A migration, as the database remembers it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct MigrationView {
    pub(super) name: String,
    pub(super) checksum: String,
}

/// A module of queries, as `mod.rs` declares it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ModuleName {
    pub(super) doc: String,
    /// Its file as a literal, where the name alone does not say it.
    pub(super) path: Option<String>,
    pub(super) name: String,
}

/// A file whose change makes the generated code stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Input {
    /// Its path in the project, as a literal.
    pub(super) path: String,
    pub(super) hash: String,
}

/// `scopes.rs`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ScopesFile {
    pub(super) has_types: bool,
    /// How many statements a connection keeps prepared.
    pub(super) queries: usize,
    pub(super) scopes: Vec<ScopeView>,
    pub(super) bounds: Vec<BoundView>,
}

/// The trait of the scopes that may run some queries which others may not.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct BoundView {
    pub(super) doc: String,
    pub(super) name: String,
    /// The compiler's message about another scope, as a literal.
    pub(super) message: String,
    /// More of it, as literals.
    pub(super) notes: Vec<String>,
    /// The types of the scopes that may, as a list.
    pub(super) scopes: String,
}

/// One scope.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ScopeView {
    pub(super) name: String,
    pub(super) type_name: String,
    /// The expression of an `Option`.
    pub(super) role: String,
    /// The timeout of its statements in milliseconds.
    pub(super) statement_timeout: Option<u32>,
    pub(super) doc: String,
    pub(super) settings: Vec<SettingView>,
}

/// One setting of a scope.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct SettingView {
    pub(super) field: String,
    pub(super) name: String,
    /// The type of the parameter that gives it its value.
    pub(super) rust_type: String,
}

/// `constraints.rs`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Constraints {
    pub(super) constraints: Vec<ConstraintView>,
}

/// A constraint or unique index; the names as literals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct ConstraintView {
    pub(super) variant: String,
    pub(super) doc: String,
    pub(super) schema: String,
    pub(super) table: String,
    pub(super) name: String,
    /// The names of the same constraint in partitions and child tables, as tuples of literals.
    pub(super) copies: Vec<String>,
}

/// The constraints that one query can violate, as an enum.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Violations {
    pub(super) name: String,
    pub(super) constraints: Vec<ConstraintView>,
}

/// `names.rs`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct TableNames {
    pub(super) tables: Vec<NamedTable>,
}

/// The columns of a table or view.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct NamedTable {
    pub(super) doc: String,
    pub(super) enum_name: String,
    /// As the expression of an `Option`.
    pub(super) schema: String,
    /// As a literal.
    pub(super) table: String,
    pub(super) columns: Vec<ColumnView>,
}

/// A column by its name.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ColumnView {
    pub(super) variant: String,
    /// As a literal.
    pub(super) name: String,
}

/// `types.rs`.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct UserTypes {
    pub(super) ids: Vec<IdView>,
    pub(super) enums: Vec<EnumView>,
    pub(super) composites: Vec<CompositeView>,
    pub(super) rows: Vec<RowStructView>,
}

impl UserTypes {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
            && self.enums.is_empty()
            && self.composites.is_empty()
            && self.rows.is_empty()
    }
}

/// The ids of a table.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct IdView {
    pub(super) name: String,
    pub(super) doc: Vec<String>,
    /// The Rust type that it holds.
    pub(super) value: String,
    pub(super) copy: bool,
    pub(super) derives: String,
    pub(super) attributes: Vec<String>,
    /// `table.column`, as a literal.
    pub(super) column: String,
    /// The text that each begins with, as a literal.
    pub(super) prefix: Option<String>,
}

/// An enum type, or an enum table.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct EnumView {
    pub(super) name: String,
    pub(super) doc: Vec<String>,
    /// The type and that of its arrays, as literals, or the table: its values travel as text.
    pub(super) source: String,
    pub(super) variants: Vec<VariantView>,
    /// Derives beside those of every enum.
    pub(super) derives: String,
    pub(super) attributes: Vec<String>,
    /// The name of the variant for labels that are not among these, if it has one.
    pub(super) unknown: Option<String>,
}

/// One label of an enum.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct VariantView {
    pub(super) name: String,
    /// The label as a Rust literal.
    pub(super) label: String,
}

/// A Postgres composite type.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct CompositeView {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) sql_name: String,
    pub(super) array_name: String,
    pub(super) derives: String,
    pub(super) attributes: Vec<String>,
    pub(super) fields: Vec<StructField>,
    /// Whether the project names the type of a field, so that each has to say its type where it is read.
    pub(super) declared: bool,
}

/// A module of queries.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Module {
    /// Its file in the generated folder.
    pub(super) file_name: String,
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) path: Option<String>,
    pub(super) has_types: bool,
    pub(super) input: Input,
    pub(super) queries: Vec<QueryView>,
}

/// One query.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct QueryView {
    pub(super) function: String,
    pub(super) doc: Vec<String>,
    /// As a literal.
    pub(super) name: String,
    /// The expression of its `Query`, in the file `FILE`.
    pub(super) statement: String,
    /// The statements in its place, if it is read in pages.
    pub(super) pages: Option<Pages>,
    /// Its pages, if it has parts or orders too.
    pub(super) shaped_pages: Option<ShapedPages>,
    /// The parameters of the function, in order.
    pub(super) parameters: Vec<ParameterView>,
    /// The struct that holds them, if they are many, or those of each row.
    pub(super) parameter_struct: Option<ParameterStruct>,
    /// The calls on the query that make the request of them.
    pub(super) arguments: String,
    /// The type of the call: `xact::Many<'_, BookmarksListRow>`.
    pub(super) call: String,
    /// The method of the runner.
    pub(super) runner: String,
    /// The number of elements, for a call that gives rows for each.
    pub(super) elements: Option<String>,
    /// The function that reads a row, if there are rows.
    pub(super) read: Option<String>,
    /// The constraints that it can violate.
    pub(super) violations: Option<Violations>,
    /// The struct of a row with more than one column, and those of the rows in it.
    pub(super) rows: Vec<RowStructView>,
    /// The trait that a scope must have, if not every scope may run it.
    pub(super) bound: Option<String>,
    /// Its parts and orders, if it has any.
    pub(super) shaped: Option<Shaped>,
}

/// A query of which parts can be left out.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Shaped {
    /// The struct of its parameters.
    pub(super) name: String,
    pub(super) borrows: bool,
    pub(super) derives: String,
    pub(super) attributes: Vec<String>,
    /// The call that implements `Debug`, if it is not derived.
    pub(super) debug: Option<String>,
    pub(super) fields: Vec<ShapedField>,
    /// Whether every field can be left out.
    pub(super) is_default: bool,
    /// Whether there is a function of the fields that cannot.
    pub(super) has_new: bool,
    /// The expression that is true of an UPDATE without an assignment, if there can be one.
    pub(super) sets_nothing: Option<String>,
    pub(super) order: Option<OrderEnum>,
    /// The pieces of the statement, as expressions.
    pub(super) pieces: Vec<String>,
    /// The condition under which there is something to do, as an expression.
    pub(super) required: String,
}

/// A field of the parameters of a query of which parts can be left out.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ShapedField {
    pub(super) name: String,
    pub(super) rust_type: String,
    pub(super) doc: Vec<String>,
    pub(super) attributes: Vec<String>,
    /// Whether its value is never shown.
    #[serde(skip)]
    pub(super) secret: bool,
    /// The expression of its default, if it can be left out.
    pub(super) default: Option<String>,
}

/// The orders of a query.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct OrderEnum {
    pub(super) name: String,
    pub(super) variants: Vec<OrderVariant>,
}

/// An order.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct OrderVariant {
    pub(super) name: String,
    /// As a literal.
    pub(super) label: String,
    pub(super) doc: String,
}

/// The statements of a `:page` query; the pieces as literals.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Pages {
    /// The name of the constant.
    pub(super) constant: String,
    pub(super) with: String,
    pub(super) select: String,
    pub(super) count: String,
    pub(super) rows: String,
    pub(super) column_oids: String,
    pub(super) column_names: String,
    /// `0: false`: the column of each key, and whether it can be NULL.
    pub(super) keys: String,
    pub(super) fingerprint: String,
    pub(super) total_oids: String,
    pub(super) first: PageEnd,
    pub(super) last: PageEnd,
    pub(super) after: Vec<PageEnd>,
    pub(super) before: Vec<PageEnd>,
}

/// The pages of a query with parts or orders.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ShapedPages {
    pub(super) group: u32,
    pub(super) seeks: usize,
    pub(super) limit: usize,
    /// As expressions.
    pub(super) orders: Vec<String>,
}

/// The end of the statement of a page, and the OIDs of its parameters.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct PageEnd {
    pub(super) sql: String,
    pub(super) oids: String,
}

/// A parameter of a function, or a field without documentation.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ParameterView {
    pub(super) name: String,
    pub(super) rust_type: String,
}
