//! Typed queries into Rust: view (finished strings), templates, formatted text.
//!
//! All decisions are made in building the view; templates only arrange its strings. The view
//! types are the only `Serialize` types of the tool, with those of `explanation`.

mod names;
mod types;

mod bounds;
mod module;
mod query;
mod root;
mod user_types;
mod view;

mod format;
mod templates;

use crate::Failure;
use crate::diagnostic::Diagnostic;
use crate::output::OutputFile;
use crate::project::Project;
use crate::query::TypeCatalog;
use crate::query::analysis::Typed;
use crate::schema::Schema;
use bounds::Bounds;
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
    let map = TypeMap::new(types);
    let descriptions = query::Descriptions::new(schema, &project.annotations);
    let queries = queries.iter();
    queries
        .map(|typed| query::rust_types(typed, &map, &descriptions))
        .collect()
}

/// Renders the module: one file per query file, and those they share.
///
/// # Errors
/// If a template or its output is broken, which is a bug of the tool.
pub fn render(
    project: &Project,
    schema: &Schema,
    types: &TypeCatalog,
    queries: &[Typed],
) -> Result<(Vec<OutputFile>, Vec<Diagnostic>), Failure> {
    let map = TypeMap::new(types);
    let descriptions = query::Descriptions::new(schema, &project.annotations);
    let bounds = Bounds::of(queries);
    let (modules, diagnostics) = module::views(project, queries, &map, &descriptions, &bounds);
    let bounds = bounds.into_views();
    let user_types = user_types::view(&map);
    let templates = templates::Templates::load()?;
    let mut files = vec![
        templates.file(
            "mod.rs",
            "mod.rs.tera",
            &root::view(project, &modules, &user_types, &bounds),
        )?,
        templates.file(
            "scopes.rs",
            "scopes.rs.tera",
            &root::scopes(&project.config, bounds),
        )?,
    ];
    if !user_types.is_empty() {
        files.push(templates.file("types.rs", "types.rs.tera", &user_types)?);
    }
    for module in &modules {
        files.push(templates.file(&module.file_name, "queries.rs.tera", module)?);
    }
    Ok((files, diagnostics))
}
