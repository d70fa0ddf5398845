//! One module for each query file.

use super::bounds::Bounds;
use super::names::{Unique, bare, doc_line, identifier, literal, snake_case};
use super::query;
use super::root;
use super::rows::TableRows;
use super::view::Module;
use crate::project::{Project, QUERIES};
use crate::query::analysis::Typed;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use std::collections::HashSet;

/// Files that the generated folder has anyway.
const RESERVED: &[&str] = &["constraints", "mod", "names", "scopes", "types"];

/// The modules of all query files, in order of their paths; files without a query have one too.
pub(super) fn views(
    project: &Project,
    queries: &[Typed],
    rows: &TableRows<'_>,
    bounds: &Bounds,
) -> (Vec<Module>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut names = Unique::default();
    let mut modules = Vec::new();
    for file in &project.queries {
        let name = module_name(&file.path);
        if RESERVED.contains(&name.as_str()) {
            let message =
                format!("a query file cannot be called `{name}`, for a generated file is");
            let help = "rename the file";
            let diagnostic = Diagnostic::in_file("reserved-name", &file.path, None, message);
            diagnostics.push(diagnostic.help(help));
            continue;
        }
        let own = queries
            .iter()
            .filter(|typed| typed.query.span.file.path == file.path);
        let mut views = Vec::new();
        let mut structs = HashSet::new();
        for typed in own {
            match query::view(typed, rows) {
                Ok(view) => {
                    diagnostics.extend(collisions(typed, &view, &mut structs));
                    views.push(super::view::Query {
                        bound: bounds.for_query(typed),
                        ..view
                    });
                }
                Err(found) => diagnostics.extend(found),
            }
        }
        modules.push(module(file, &names.name(&name), views));
    }
    (modules, diagnostics)
}

/// The structs of a query that have the names of others in the module: `notes_row` has one for its parameters, and `notes` one
/// for `params` in its row.
fn collisions(
    typed: &Typed,
    view: &super::view::Query,
    structs: &mut HashSet<String>,
) -> Vec<Diagnostic> {
    let rows = view.rows.iter().map(|row| &row.name);
    let parameters = view.parameter_struct.iter().map(|of| &of.name);
    let mut diagnostics = Vec::new();
    for name in rows.chain(parameters) {
        if !structs.insert(name.clone()) {
            let span = typed.query.name_span.clone();
            let message = format!("the struct `{name}` would be there twice");
            let help = "rename the query, or in FROM the relation that it embeds";
            diagnostics.push(Diagnostic::error("duplicate-name", span, message).help(help));
        }
    }
    diagnostics
}

fn module(file: &SourceFile, name: &str, queries: Vec<super::view::Query>) -> Module {
    Module {
        file_name: format!("{name}.rs"),
        name: identifier(name),
        doc: doc_line(&format!("The queries of `{}`.", file.path)),
        // A module whose name is not ASCII has to name its file (E0754).
        path: (!name.is_ascii()).then(|| literal(&format!("{name}.rs"))),
        // Known when all modules are.
        has_types: false,
        input: root::input(file),
        queries,
    }
}

/// `queries/admin/users.sql` is the module `admin_users`.
fn module_name(path: &str) -> String {
    let path = path.strip_prefix(QUERIES).unwrap_or(path);
    let name = snake_case(path.strip_suffix(".sql").unwrap_or(path));
    bare(&name)
}
