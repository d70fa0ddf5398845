//! Typed queries into Rust: view (finished strings), templates, formatted text.
//!
//! All decisions are made in building the view; templates only arrange its strings. The view
//! types are the only `Serialize` types of the tool, with those of `explanation`.

mod names;
mod types;

mod annotations;

mod arguments;
mod bounds;
mod constraints;
mod fields;
mod module;
mod query;
mod root;
mod rows;
mod scopes;
mod table_names;
mod user_types;
mod view;

mod format;
mod templates;

pub(crate) use annotations::check as check_annotations;
pub(crate) use templates::Templates;

use crate::output::OutputFile;
use crate::project::Project;
use crate::query::TypeCatalog;
use crate::query::analysis::Typed;
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::schema::{Keys, Schema};
use bounds::Bounds;
use fields::{Descriptions, Fields};
use rows::TableRows;
use types::TypeMap;

/// The folder of the generated module.
pub const FOLDER: &str = "src/orm";

/// The Rust types of one query, as its generated method has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustTypes {
    /// Of its parameters, `$1` first.
    pub parameters: Vec<String>,
    /// Of the columns of its rows; none if the caller gets no rows.
    pub columns: Vec<String>,
}

/// The Rust types of each query, or a diagnostic for each type that has no equivalent.
pub fn rust_types(
    project: &Project,
    schema: &Schema,
    types: &TypeCatalog,
    queries: &[Typed],
) -> Vec<Result<RustTypes, Vec<Diagnostic>>> {
    let map = TypeMap::new(types, schema, &project.annotations);
    let descriptions = Descriptions::new(schema, &project.annotations);
    let fields = Fields {
        map: &map,
        descriptions: &descriptions,
    };
    let queries = queries.iter();
    queries
        .map(|typed| query::rust_types(typed, fields))
        .collect()
}

/// Renders the module: one file per query file, and those they share.
///
/// # Errors
/// If a template or its output is broken, which is a bug of the tool.
pub(crate) fn render(
    project: &Project,
    schema: &Schema,
    types: &TypeCatalog,
    queries: &[Typed],
    templates: &mut Templates,
) -> Result<(Vec<OutputFile>, Vec<Diagnostic>), Failure> {
    let map = TypeMap::new(types, schema, &project.annotations);
    let descriptions = Descriptions::new(schema, &project.annotations);
    let rows = TableRows {
        schema,
        keys: Keys::of(schema),
        fields: Fields {
            map: &map,
            descriptions: &descriptions,
        },
    };
    let bounds = Bounds::of(queries);
    let (mut modules, mut diagnostics) = module::views(project, queries, &rows, &bounds);
    let (mut scopes, found) = scopes::view(project, schema, &map, bounds.into_views());
    diagnostics.extend(found);
    let user_types = user_types::view(&rows, &project.annotations);
    for module in &mut modules {
        module.has_types = !user_types.is_empty();
    }
    scopes.has_types = !user_types.is_empty();
    let constraints = constraints::view(schema);
    scopes.queries = queries.len();
    let names = table_names::view(schema);
    let shared = root::Shared {
        types: &user_types,
        constraints: &constraints,
        names: &names,
        bounds: &scopes.bounds,
    };
    let mut files = vec![
        templates.file(
            "mod.rs",
            "mod.rs.tera",
            &root::view(project, &modules, &shared),
        )?,
        templates.file("scopes.rs", "scopes.rs.tera", &scopes)?,
    ];
    if !constraints.constraints.is_empty() {
        files.push(templates.file("constraints.rs", "constraints.rs.tera", &constraints)?);
    }
    if !names.tables.is_empty() {
        files.push(templates.file("names.rs", "names.rs.tera", &names)?);
    }
    if !user_types.is_empty() {
        files.push(templates.file("types.rs", "types.rs.tera", &user_types)?);
    }
    for module in &modules {
        files.push(templates.file(&module.file_name, "queries.rs.tera", module)?);
    }
    Ok((files, diagnostics))
}
