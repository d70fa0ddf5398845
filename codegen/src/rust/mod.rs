//! Typed queries into Rust, in two passes: plans with types, then views of finished strings, which templates arrange.
//!
//! ```text
//! pass 1   module, scopes    each query, row and setting with its Rust types; every diagnostic
//!          user_types        the types of `types.rs`: those that the plans name, and those that these are made of
//! pass 2   view, templates   finished strings; nothing is decided any more, and nothing refused
//! ```
//!
//! The view types are the only `Serialize` types of the tool, with those of `explanation`.

mod names;
mod types;

mod annotations;

mod arguments;
mod bounds;
mod conditional;
mod constraints;
mod derives;
mod extras;
mod features;
mod fields;
mod json;
mod json_shape;
mod module;
mod pages;
mod query;
mod root;
mod row_lists;
mod rows;
mod schemas;
mod scopes;
mod shaped;
mod shared_columns;
mod statement_text;
mod struct_views;
mod table_names;
mod unmapped;
mod user_types;
mod value_types;
mod view;
mod violations;
mod visible_types;
mod wire;

mod compact;
mod format;
mod kept_texts;
mod templates;

pub(crate) use annotations::check_annotations;
pub(crate) use kept_texts::KeptTexts;
pub(crate) use names::is_keyword;
pub(crate) use templates::Templates;
pub use wire::{
    WireOrder, WirePages, WireQuery, WireShape, WireShapedPages, WireStatement, WireText,
    list_migrations, write_wire_queries,
};

pub use types::{TypeLine, list_types};

use crate::project::Project;
use crate::query::Finished;
use crate::query::TypeCatalog;
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::schema::{Keys, Schema};
use bounds::Bounds;
use constraints::ListedConstraints;
use fields::{Descriptions, FieldSources};
use module::ModulePlan;
use root::Shared;
use rows::{TableRows, find_checked_elements, share_rows};
use scopes::ScopePlan;
use shared_columns::SharedColumns;
use std::collections::BTreeSet;
use std::sync::Arc;
use types::Own;
use types::TypeMap;

/// The Rust types of one query, as its generated method has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustTypes {
    /// Of its parameters, `$1` first.
    pub parameters: Vec<String>,
    /// Of the columns of its rows; none if the caller gets no rows.
    pub columns: Vec<String>,
}

/// The Rust types of each query in `wanted`, or a diagnostic for each type that has no equivalent. `queries` are all of the
/// project, because these decide together which columns of a table's row hold no NULL elements.
pub fn rust_types(
    project: &Project,
    schema: &Schema,
    types: &TypeCatalog,
    queries: &[Arc<Finished>],
    wanted: &[Arc<Finished>],
) -> Vec<Result<RustTypes, Vec<Diagnostic>>> {
    let map = TypeMap::new(types, schema, project);
    let descriptions = Descriptions::new(schema, &project.annotations);
    let rows = TableRows {
        schema,
        keys: Keys::of(schema),
        fields: FieldSources {
            map: &map,
            descriptions: &descriptions,
        },
        config: &project.config.rust,
        annotations: &project.annotations,
        checked_elements: find_checked_elements(queries.iter().flat_map(|typed| &typed.columns)),
        constraints: ListedConstraints::new(),
    };
    wanted
        .iter()
        .map(|typed| value_types::rust_types(typed, &rows))
        .collect()
}

/// Renders the module: one file per query file, and those they share. Gives their paths; [`Templates::lay_out_files`] gives the
/// files.
///
/// # Errors
/// If a template or its output is broken, which is a bug of the tool.
pub(crate) fn render_module(
    project: &Project,
    schema: &Schema,
    types: &TypeCatalog,
    queries: &[Arc<Finished>],
    templates: &mut Templates,
) -> Result<(Vec<String>, Vec<Diagnostic>), Failure> {
    let map = TypeMap::new(types, schema, project);
    let descriptions = Descriptions::new(schema, &project.annotations);
    let rows = TableRows {
        schema,
        keys: Keys::of(schema),
        fields: FieldSources {
            map: &map,
            descriptions: &descriptions,
        },
        config: &project.config.rust,
        annotations: &project.annotations,
        checked_elements: find_checked_elements(queries.iter().flat_map(|typed| &typed.columns)),
        constraints: constraints::list_constraints(schema),
    };
    let (mut modules, mut diagnostics) = module::plan_modules(project, queries, &rows);
    diagnostics.extend(derives::check_derives(project));
    let (scopes, found) = scopes::plan_scopes(project, schema, &map);
    diagnostics.extend(found);
    diagnostics.extend(fields::find_invisible_types(project, queries));
    let (used, values) = collect_types(&modules, &scopes);
    let used = user_types::close_types(used, &rows);
    let named = modules.iter_mut().flat_map(ModulePlan::take_shared);
    let named = share_rows(named.collect::<Vec<_>>(), &mut diagnostics);

    let bounds = Bounds::of(queries);
    let mut types = user_types::types_view(&used, &values, &rows, project, &mut diagnostics);
    types.rows.extend(named.into_iter().map(Into::into));
    let columns = SharedColumns::of(&modules, &map);
    columns.add_to(&mut types.rows);
    let has_types = !types.is_empty();
    let modules = modules.into_iter();
    let modules: Vec<view::Module> = modules
        .map(|plan| plan.view(&map, &bounds, &columns, has_types))
        .collect();
    let scopes = view::ScopesFile {
        has_types,
        queries: queries.iter().map(|query| query.count_statements()).sum(),
        scopes: scopes.iter().map(ScopePlan::view).collect(),
        bounds: bounds.into_views(),
    };
    let shared = Shared {
        types,
        constraints: constraints::constraints_view(rows.constraints),
        names: table_names::names_view(schema),
        scopes,
    };
    let paths = render_files(project, modules, shared, templates)?;
    let texts: Vec<&str> = paths.iter().map(|path| templates.rendered(path)).collect();
    diagnostics.extend(features::check_features(project, &texts));
    Ok((paths, diagnostics))
}

/// The types of `types.rs` that modules and scopes name, and the rows inside of values.
fn collect_types(
    modules: &[ModulePlan<'_>],
    scopes: &[ScopePlan<'_>],
) -> (BTreeSet<Own>, BTreeSet<u32>) {
    let (mut used, mut values) = (BTreeSet::new(), BTreeSet::new());
    for plan in modules {
        plan.collect_own(&mut used);
        plan.collect_values(&mut values);
    }
    for plan in scopes {
        plan.collect_own(&mut used);
    }
    (used, values)
}

/// The paths of the files of these views; those without an item are left out.
fn render_files(
    project: &Project,
    modules: Vec<view::Module>,
    shared: Shared,
    templates: &mut Templates,
) -> Result<Vec<String>, Failure> {
    let root = root::root_view(project, &modules, &shared);
    let (has_constraints, has_names) = (root.has_constraints, root.has_names);
    let has_types = root.has_types;
    let path = |name: &str| format!("{}/{name}", project.paths().output);
    let mut paths = vec![
        templates.render_file(path("mod.rs"), "mod.rs.tera", root)?,
        templates.render_file(path("scopes.rs"), "scopes.rs.tera", shared.scopes)?,
    ];
    if has_constraints {
        let constraints = shared.constraints;
        paths.push(templates.render_file(
            path("constraints.rs"),
            "constraints.rs.tera",
            constraints,
        )?);
    }
    if has_names {
        paths.push(templates.render_file(path("names.rs"), "names.rs.tera", shared.names)?);
    }
    if has_types {
        paths.push(templates.render_file(path("types.rs"), "types.rs.tera", shared.types)?);
    }
    for module in modules {
        let path = path(&module.file_name);
        paths.push(templates.render_file(path, "queries.rs.tera", module)?);
    }
    Ok(paths)
}
