//! The Rust types in annotations are Rust, and the Postgres types that they are given to exist.

use crate::project::Project;
use crate::query::{PgType, TypeCatalog, TypeKind};
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::schema::annotations::{IdType, Place};

/// Everything wrong with it, in no order.
pub(crate) fn check_annotations(project: &Project, types: &TypeCatalog) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut must_be_type = |text: &str, place: Place| {
        if syn::parse_str::<syn::Type>(text).is_err() {
            let message = format!("`{text}` is not a Rust type");
            diagnostics.push(project.annotation_error("invalid-rust-type", place, message));
        }
    };
    for table in project.annotations.tables.values() {
        if let Some(IdType::Name(name) | IdType::Path(name)) = &table.id_type {
            must_be_type(name, table.place);
        }
        for column in table.columns.values() {
            if let Some(rust_type) = &column.rust_type {
                must_be_type(rust_type, column.place);
            }
        }
    }
    for annotation in project.annotations.types.values() {
        if let Some(rust_type) = &annotation.rust_type {
            must_be_type(rust_type, annotation.place);
        }
    }
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
                Some(near) => unknown.help(format!("perhaps you meant `{near}`")),
                None => unknown,
            });
        }
    }
    diagnostics
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
