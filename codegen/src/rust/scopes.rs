//! The scopes, as `scopes.rs` has them.

use super::names::{Unique, doc_text, pascal_case};
use super::types::{Own, RustType, TypeMap};
use super::view::{ScopeView, SettingView};
use crate::config;
use crate::project::Project;
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::Span;
use crate::schema::Schema;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// The types of settings besides those of keys: the name of a Postgres type whose text is that of the Rust type.
const TYPES: &[(&str, RustType)] = &[
    ("text", RustType::Text),
    ("bool", RustType::Copied("bool")),
    ("int2", RustType::Copied("i16")),
    ("int4", RustType::Copied("i32")),
    ("int8", RustType::Copied("i64")),
    ("uuid", RustType::Copied("xact::types::Uuid")),
];

/// The parameters of the methods of `Database` besides the settings of a scope.
const PARAMETERS: &[&str] = &["body", "retry"];

/// A scope with the types of its settings.
pub(super) struct ScopePlan<'p> {
    name: &'p str,
    scope: &'p config::Scope,
    /// The type of each setting's parameter.
    types: Vec<RustType>,
}

/// The scopes of a project, and a diagnostic for each name or type that cannot be used.
pub(super) fn plan_scopes<'p>(
    project: &'p Project,
    schema: &Schema,
    map: &TypeMap<'_>,
) -> (Vec<ScopePlan<'p>>, Vec<Diagnostic>) {
    let mut diagnostics = find_taken_names(project);
    let mut scopes = Vec::new();
    for (name, scope) in &project.config.scopes {
        let types = scope.settings.iter().map(|setting| {
            let Some(data_type) = setting.data_type() else {
                return RustType::Text;
            };
            find_type(data_type.get_ref(), schema, map).unwrap_or_else(|| {
                diagnostics.push(unknown_type(project, data_type, schema));
                RustType::Text
            })
        });
        scopes.push(ScopePlan {
            types: types.collect(),
            name,
            scope,
        });
    }
    (scopes, diagnostics)
}

impl ScopePlan<'_> {
    /// Adds the types of `types.rs` that its settings name.
    pub(super) fn collect_own(&self, used: &mut BTreeSet<Own>) {
        self.types.iter().for_each(|found| found.collect_own(used));
    }

    /// The view of the scope.
    pub(super) fn view(&self) -> ScopeView {
        let mut fields = Unique::reserving(PARAMETERS);
        let settings = self.scope.settings.iter().zip(&self.types);
        let settings = settings.map(|(setting, rust_type)| SettingView {
            field: fields.identifier(setting.parameter()),
            name: format!("{:?}", setting.name()),
            rust_type: rust_type.as_parameter().to_string(),
        });
        ScopeView {
            settings: settings.collect(),
            name: self.name.to_owned(),
            type_name: pascal_case(self.name),
            role: format!("{:?}", self.scope.role()),
            statement_timeout: self.scope.statement_timeout(),
            doc: doc_text(&describe_scope(self.scope)),
        }
    }
}

/// Names of other items of the module.
const TAKEN: &[&str] = &["AnyScope", "Constraint", "Database", "Orm"];

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

/// The type of a setting's values: `users.id`, or `int8`.
fn find_type(data_type: &str, schema: &Schema, map: &TypeMap<'_>) -> Option<RustType> {
    if let Some((_, rust_type)) = TYPES.iter().find(|(name, _)| *name == data_type) {
        return Some(rust_type.clone());
    }
    let (table, column) = data_type.rsplit_once('.')?;
    let mut tables = schema.tables.iter();
    let table = tables.find(|found| found.name.annotation_key() == table)?;
    let column = table.columns.iter().find(|found| found.name == column)?;
    map.own.key_type((table.oid.0, column.number.0))
}

fn unknown_type(project: &Project, data_type: &Spanned<String>, schema: &Schema) -> Diagnostic {
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

fn describe_scope(scope: &config::Scope) -> String {
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
