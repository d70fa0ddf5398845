//! The scopes: what `scopes.rs` is made of.

use super::names::{Unique, doc_line, pascal_case};
use super::types::TypeMap;
use super::view::{Bound, Scope, ScopesFile, Setting};
use crate::config;
use crate::project::Project;
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::Span;
use crate::schema::Schema;
use std::collections::BTreeMap;
use toml::Spanned;

/// What a setting can be besides the values of a key: the name of a Postgres type whose text is that of the Rust type.
const TYPES: &[(&str, &str)] = &[
    ("text", "&str"),
    ("bool", "bool"),
    ("int2", "i16"),
    ("int4", "i32"),
    ("int8", "i64"),
    ("uuid", "xact::types::Uuid"),
];

/// What the methods of `Database` take besides the settings of a scope.
const PARAMETERS: &[&str] = &["body", "retry"];

/// The view of `scopes.rs`, and what is wrong with the types of settings.
pub(super) fn view(
    project: &Project,
    schema: &Schema,
    map: &TypeMap<'_>,
    bounds: Vec<Bound>,
) -> (ScopesFile, Vec<Diagnostic>) {
    let mut diagnostics = find_taken_names(project);
    let mut scopes = Vec::new();
    for (name, scope) in &project.config.scopes {
        let mut settings = Vec::new();
        let mut fields = Unique::reserving(PARAMETERS);
        for setting in &scope.settings {
            let mut parameter = "&str".to_owned();
            if let Some(data_type) = setting.data_type() {
                match rust_type(data_type.get_ref(), schema, map) {
                    Some(rust_type) => parameter = rust_type,
                    None => diagnostics.push(unknown(project, data_type, schema)),
                }
            }
            settings.push(Setting {
                field: fields.identifier(setting.parameter()),
                name: format!("{:?}", setting.name()),
                rust_type: parameter,
            });
        }
        scopes.push(Scope {
            name: name.clone(),
            type_name: pascal_case(name),
            role: scope.role().map(|role| format!("{role:?}")),
            doc: doc_line(&doc(scope)),
            settings,
        });
    }
    let scopes = ScopesFile {
        // Known when all modules are.
        has_types: false,
        queries: 0,
        scopes,
        bounds,
    };
    (scopes, diagnostics)
}

/// Names that `scopes.rs` uses as they are, which the type of a scope would hide.
const TAKEN: &[&str] = &[
    "AsyncFnOnce",
    "Clone",
    "Constraint",
    "Database",
    "E",
    "From",
    "Option",
    "Orm",
    "Result",
    "String",
    "T",
    "Vec",
];

/// Scopes whose type would have the name of another.
fn find_taken_names(project: &Project) -> Vec<Diagnostic> {
    let mut types: BTreeMap<String, &str> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for name in project.config.scopes.keys() {
        let type_name = pascal_case(name);
        let taken = if TAKEN.contains(&type_name.as_str()) {
            "the module has a type of that name".to_owned()
        } else if let Some(other) = types.insert(type_name.clone(), name) {
            format!("its type `{type_name}` would be that of the scope `{other}`")
        } else {
            continue;
        };
        let message = format!("`{name}` cannot be the name of a scope: {taken}");
        let diagnostic = match find_header(project, name) {
            Some(span) => Diagnostic::error("invalid-scope", span, message),
            None => Diagnostic::in_file("invalid-scope", config::FILE, None, message),
        };
        diagnostics.push(diagnostic.help(format!("rename it: `[scopes.{name}_scope]`")));
    }
    diagnostics
}

/// The name of a scope in the header of its table.
fn find_header(project: &Project, name: &str) -> Option<Span> {
    let mut files = project.settings.iter();
    let file = files.find(|file| file.path == config::FILE)?;
    let before = "[scopes.";
    let start = file.text.find(&format!("{before}{name}]"))? + before.len();
    Some(Span {
        file: file.clone(),
        range: start..start + name.len(),
    })
}

/// The type of a parameter that gives a setting its value: `users.id`, or `int8`.
fn rust_type(data_type: &str, schema: &Schema, map: &TypeMap<'_>) -> Option<String> {
    if let Some((_, rust_type)) = TYPES.iter().find(|(name, _)| *name == data_type) {
        return Some((*rust_type).to_owned());
    }
    let (table, column) = data_type.rsplit_once('.')?;
    let mut tables = schema.tables.iter();
    let table = tables.find(|found| found.name.annotation_key() == table)?;
    let column = table.columns.iter().find(|found| found.name == column)?;
    let key = (table.oid.0, column.number.0);
    let path = map.path_of_key(key)?;
    Some(map.own.keys.get(&key)?.as_parameter(&path))
}

fn unknown(project: &Project, data_type: &Spanned<String>, schema: &Schema) -> Diagnostic {
    let name = data_type.get_ref();
    let message =
        format!("`{name}` is neither the key of a table nor a type that a setting can have");
    let mut ids = Vec::new();
    for table in &schema.tables {
        let columns = table.columns.iter();
        ids.extend(
            columns.map(|column| format!("{}.{}", table.name.annotation_key(), column.name)),
        );
    }
    let help = match nearest(name, ids.iter().map(String::as_str)) {
        Some(near) => format!("perhaps you meant `{near}`"),
        None => {
            "write `table.column` of a table's id, or one of text, bool, int2, int4, int8, uuid"
                .to_owned()
        }
    };
    let file = project
        .settings
        .iter()
        .find(|file| file.path == config::FILE);
    let code = "unknown-setting-type";
    let diagnostic = match file {
        Some(file) => {
            let span = Span {
                file: file.clone(),
                range: data_type.span(),
            };
            Diagnostic::error(code, span, message)
        }
        None => Diagnostic::in_file(code, config::FILE, None, message),
    };
    diagnostic.help(help)
}

fn doc(scope: &config::Scope) -> String {
    let role = match scope.role() {
        Some(role) => format!("role `{role}`"),
        None => "the role that logged in".to_owned(),
    };
    let settings: Vec<String> = scope
        .settings
        .iter()
        .map(|s| format!("`{}`", s.name()))
        .collect();
    if settings.is_empty() {
        return format!("Transactions as {role}.");
    }
    format!("Transactions as {role}, with {}.", settings.join(" and "))
}
