//! What the query modules share: `mod.rs` and `scopes.rs`.

use super::names::{doc_line, identifier, pascal_case};
use super::view::{Bound, Input, Module, ModuleName, Root, Scope, Scopes, Setting, UserTypes};
use crate::config::{self, Config};
use crate::project::Project;
use crate::source::SourceFile;

/// The view of `mod.rs`.
pub(super) fn view(
    project: &Project,
    modules: &[Module],
    types: &UserTypes,
    bounds: &[Bound],
) -> Root {
    let name = |module: &Module| ModuleName {
        doc: doc_line(&format!("The queries of `{}`.", module.input.path)),
        name: module.name.clone(),
    };
    let inputs = project.settings.iter().chain(project.up_migrations());
    Root {
        has_types: !types.is_empty(),
        modules: modules.iter().map(name).collect(),
        scopes: project
            .config
            .scopes
            .keys()
            .map(|name| pascal_case(name))
            .collect(),
        bounds: bounds.iter().map(|bound| bound.name.clone()).collect(),
        inputs: inputs.map(|file| input(file)).collect(),
    }
}

/// A file that the compiler compares with what the module was generated from.
pub(super) fn input(file: &SourceFile) -> Input {
    Input {
        path: file.path.clone(),
        // From `src/orm/`.
        include: format!("../../{}", file.path),
        hash: format!("{:#018x}", xact::content_hash(file.text.as_bytes())),
    }
}

/// The view of `scopes.rs`.
pub(super) fn scopes(config: &Config, bounds: Vec<Bound>) -> Scopes {
    let scopes = config.scopes.iter().map(|(name, scope)| Scope {
        name: name.clone(),
        type_name: pascal_case(name),
        role: scope.role().map(|role| format!("{role:?}")),
        doc: doc_line(&doc(scope)),
        settings: scope
            .settings
            .iter()
            .map(|setting| Setting {
                field: identifier(config::Scope::parameter(setting)),
                name: format!("{setting:?}"),
            })
            .collect(),
    });
    Scopes {
        scopes: scopes.collect(),
        bounds,
    }
}

fn doc(scope: &config::Scope) -> String {
    let role = match scope.role() {
        Some(role) => format!("role `{role}`"),
        None => "the role that logged in".to_owned(),
    };
    let settings: Vec<String> = scope.settings.iter().map(|s| format!("`{s}`")).collect();
    if settings.is_empty() {
        return format!("Transactions as {role}.");
    }
    format!("Transactions as {role}, with {}.", settings.join(" and "))
}
