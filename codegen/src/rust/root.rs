//! What the query modules share: `mod.rs`.

use super::names::{doc_line, pascal_case};
use super::view::{Bound, Constraints, Input, Module, ModuleName, Root, UserTypes};
use crate::project::Project;
use crate::source::SourceFile;

/// The view of `mod.rs`.
pub(super) fn view(
    project: &Project,
    modules: &[Module],
    types: &UserTypes,
    constraints: &Constraints,
    bounds: &[Bound],
) -> Root {
    let name = |module: &Module| ModuleName {
        doc: doc_line(&format!("The queries of `{}`.", module.input.path)),
        name: module.name.clone(),
    };
    let inputs = project.settings.iter().chain(project.up_migrations());
    Root {
        has_types: !types.is_empty(),
        has_constraints: !constraints.constraints.is_empty(),
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
