//! The Rust types in annotations are Rust, and the Postgres types that they are given to exist.

use super::visible_types::{find_invisible, write_help};
use crate::project::Project;
use crate::query::{PgType, TypeCatalog, TypeKind};
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::schema::annotations::{AnnotationLocation, IdType};

/// Everything wrong with it, in no order.
pub(crate) fn check_annotations(project: &Project, types: &TypeCatalog) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for table in project.annotations.tables.values() {
        match &table.id_type {
            Some(IdType::Name(name)) => {
                diagnostics.extend(refuse_other_than_type(project, name, table.place));
            }
            Some(IdType::Path(path)) => diagnostics.extend(check_type(project, path, table.place)),
            Some(IdType::Plain) | None => {}
        }
        let columns = table.columns.values();
        diagnostics.extend(
            columns.filter_map(|column| {
                check_type(project, column.rust_type.as_deref()?, column.place)
            }),
        );
    }
    let types_named = project.annotations.types.values();
    diagnostics.extend(types_named.filter_map(|annotation| {
        check_type(project, annotation.rust_type.as_deref()?, annotation.place)
    }));
    diagnostics.extend(find_small_names(project));
    for (name, annotation) in &project.annotations.types {
        let is_enum = |found: &PgType| matches!(found.kind, TypeKind::Enum(_));
        let mut found = types.iter().filter(|found| found.sql_name == *name);
        if annotation.unknown_labels && found.any(|found| !is_enum(found)) {
            let message = format!("`{name}` is not an enum type: only those have labels");
            let place = annotation.place;
            let diagnostic = project.annotation_error("unknown-annotation", place, message);
            diagnostics.push(diagnostic.help("leave out `unknown_labels`"));
        }
        if !types.iter().any(|found| found.sql_name == *name) {
            let message = format!("there is no type `{name}`");
            let unknown = project.annotation_error("unknown-annotation", annotation.place, message);
            let names = types.iter().map(|found| found.sql_name.as_str());
            diagnostics.push(match nearest(name, names) {
                Some(near) => unknown.suggest(near),
                None => unknown,
            });
        }
    }
    diagnostics
}

fn refuse_other_than_type(
    project: &Project,
    text: &str,
    place: AnnotationLocation,
) -> Option<Diagnostic> {
    let message = format!("`{text}` is not a Rust type");
    let is_type = syn::parse_str::<syn::Type>(text).is_ok();
    (!is_type).then(|| project.annotation_error("invalid-rust-type", place, message))
}

/// A type of the project: it has to be one, and visible.
fn check_type(project: &Project, text: &str, place: AnnotationLocation) -> Option<Diagnostic> {
    let refused = refuse_other_than_type(project, text, place);
    refused.or_else(|| {
        let name = find_invisible(text)?;
        let message = format!("`{name}` is not in scope of the generated module");
        let diagnostic = project.annotation_error("invalid-rust-type", place, message);
        Some(diagnostic.help(write_help(&project.root, &name)))
    })
}

/// Names of types of ids in small letters: a struct called `str` would hide the primitive type.
fn find_small_names(project: &Project) -> Vec<Diagnostic> {
    let tables = project.annotations.tables.values();
    let small = tables.filter_map(|table| match &table.id_type {
        Some(IdType::Name(name)) if name.starts_with(|c: char| !c.is_uppercase()) => {
            let message = format!("`{name}` cannot be the name of a type of ids");
            let diagnostic = project.annotation_error("invalid-rust-type", table.place, message);
            Some(diagnostic.help("begin it with a capital: `BookmarkId`"))
        }
        _ => None,
    });
    small.collect()
}
