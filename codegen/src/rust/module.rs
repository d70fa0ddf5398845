//! One module for each query file.

use super::bounds::Bounds;
use super::names::{Unique, bare_identifier, doc_text, identifier, rust_literal, snake_case};
use super::query::TypedQuery;
use super::root::input_view;
use super::rows::{RowStruct, TableRows};
use super::shared_columns::SharedColumns;
use super::types::{Own, TypeMap};
use super::view;
use crate::project::Project;
use crate::query::Finished;
use crate::query::analysis::Typed;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Files that the generated folder has anyway.
const RESERVED: &[&str] = &["constraints", "mod", "names", "scopes", "types"];

/// The queries of one file, with their types.
pub(super) struct ModulePlan<'q> {
    name: String,
    file: &'q Arc<SourceFile>,
    queries: Vec<TypedQuery<'q>>,
}

/// The modules of all query files, in order of their paths; files without a query have one too.
pub(super) fn plan_modules<'q>(
    project: &'q Project,
    queries: &'q [Arc<Finished>],
    rows: &TableRows<'_>,
) -> (Vec<ModulePlan<'q>>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut names = Unique::default();
    let mut modules = Vec::new();
    for file in &project.queries {
        let name = module_name(&project.paths().queries, &file.path);
        if RESERVED.contains(&name.as_str()) {
            let message =
                format!("a query file cannot be called `{name}`, because a generated file is");
            let help = "rename the file";
            let diagnostic = Diagnostic::in_file("reserved-name", &file.path, None, message);
            diagnostics.push(diagnostic.help(help));
            continue;
        }
        let own = queries
            .iter()
            .filter(|typed| typed.query.span.file.path == file.path);
        let mut plans = Vec::new();
        let mut structs = HashSet::new();
        for typed in own {
            match TypedQuery::new(typed, rows) {
                Ok(plan) => {
                    diagnostics.extend(find_collisions(&plan, &mut structs));
                    plans.push(plan);
                }
                Err(found) => diagnostics.extend(found),
            }
        }
        modules.push(ModulePlan {
            name: names.name(&name),
            file,
            queries: plans,
        });
    }
    (modules, diagnostics)
}

impl<'q> ModulePlan<'q> {
    /// Its queries, in order.
    pub(super) fn queries(&self) -> &[TypedQuery<'q>] {
        &self.queries
    }

    /// Adds the types of `types.rs` that its queries name.
    pub(super) fn collect_own(&self, used: &mut BTreeSet<Own>) {
        self.queries
            .iter()
            .for_each(|query| query.collect_own(used));
    }

    /// Adds the tables whose rows its queries read from values of columns.
    pub(super) fn collect_values(&self, values: &mut BTreeSet<u32>) {
        self.queries
            .iter()
            .for_each(|query| query.collect_values(values));
    }

    /// Takes the structs of rows with a name of their own out of its queries.
    pub(super) fn take_shared(&mut self) -> Vec<(&'q Typed, Vec<RowStruct>)> {
        let queries = self.queries.iter_mut();
        let shared = queries.map(|query| {
            let typed: &'q Typed = query.typed;
            (typed, std::mem::take(&mut query.shared))
        });
        shared.collect()
    }

    /// The view of the module; `has_types` says whether there is a `types.rs`.
    pub(super) fn view(
        self,
        map: &TypeMap<'_>,
        bounds: &Bounds,
        columns: &SharedColumns,
        has_types: bool,
    ) -> view::Module {
        let Self {
            name,
            file,
            queries,
        } = self;
        view::Module {
            file_name: format!("{name}.rs"),
            name: identifier(&name),
            doc: doc_text(&format!("The queries of `{}`.", file.path)),
            // A module whose name is not ASCII has to name its file (E0754).
            path: (!name.is_ascii()).then(|| rust_literal(&format!("{name}.rs"))),
            has_types,
            input: input_view(file),
            queries: queries
                .into_iter()
                .map(|query| query.view(map, bounds, columns))
                .collect(),
        }
    }
}

/// The structs of a query that have the names of others in the module: `notes_row` has one for its parameters, and `notes` one
/// for `params` in its row.
fn find_collisions(plan: &TypedQuery<'_>, structs: &mut HashSet<String>) -> Vec<Diagnostic> {
    let rows = plan.structs.iter().map(|row| row.name.clone());
    let mut diagnostics = Vec::new();
    for name in rows
        .chain(plan.parameter_struct())
        .chain(plan.order_enum())
        .chain(plan.violation_enum())
    {
        let message = format!("the struct `{name}` would be there twice");
        if !structs.insert(name) {
            let span = plan.typed.query.name_span.clone();
            let help = "rename the query, or in FROM the relation that it embeds";
            diagnostics.push(Diagnostic::error("duplicate-name", span, message).help(help));
        }
    }
    diagnostics
}

/// `queries/admin/users.sql` is the module `admin_users`.
fn module_name(folder: &str, path: &str) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    let name = snake_case(path.strip_suffix(".sql").unwrap_or(path));
    bare_identifier(&name)
}
