//! What the query modules share: `mod.rs`.

use super::names::{literal, message_literal, pascal_case};
use super::view::{
    Bound, Constraints, Input, Migration, Module, ModuleName, Root, TableNames, UserTypes,
};
use crate::project::Project;
use crate::report::source::SourceFile;
use sqlx::migrate::MigrationType;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

/// What is in the files beside those of the queries.
pub(super) struct Shared<'a> {
    pub(super) types: &'a UserTypes,
    pub(super) constraints: &'a Constraints,
    pub(super) names: &'a TableNames,
    pub(super) bounds: &'a [Bound],
}

/// The view of `mod.rs`.
pub(super) fn view(project: &Project, modules: &[Module], shared: &Shared<'_>) -> Root {
    let name = |module: &Module| ModuleName {
        doc: module.doc.clone(),
        path: module.path.clone(),
        name: module.name.clone(),
    };
    let inputs = project.settings.iter().chain(project.up_migrations());
    Root {
        has_types: !shared.types.is_empty(),
        has_constraints: !shared.constraints.constraints.is_empty(),
        has_names: !shared.names.tables.is_empty(),
        modules: modules.iter().map(name).collect(),
        scopes: project
            .config
            .scopes
            .keys()
            .map(|name| pascal_case(name))
            .collect(),
        bounds: shared
            .bounds
            .iter()
            .map(|bound| bound.name.clone())
            .collect(),
        migrations: project
            .up_migrations()
            .filter_map(|file| migration(file))
            .collect(),
        inputs: inputs.map(|file| input(file)).collect(),
    }
}

/// A file that the compiler compares with what the module was generated from.
pub(super) fn input(file: &SourceFile) -> Input {
    Input {
        // From `src/orm/`.
        include: literal(&format!("../../{}", file.path)),
        message: message_literal(&format!(
            "{} was edited after this module was generated: run `cargo xact codegen`",
            file.path
        )),
        hash: format!("{:#018x}", xact::content_hash(file.text.as_bytes())),
    }
}

/// `migrations/20250106090000_foundations.up.sql` as the database knows it: `20250106090000_foundations`, and the
/// beginning of sqlx's own checksum. What sqlx does not take for a migration is none here.
fn migration(file: &SourceFile) -> Option<Migration> {
    let name = file.path.rsplit('/').next()?.strip_suffix(".sql")?;
    let name = name.strip_suffix(".up").unwrap_or(name);
    let version = name.split_once('_')?.0.parse().ok()?;
    let sql = AssertSqlSafe(file.text.clone()).into_sql_str();
    let up = MigrationType::ReversibleUp;
    let known = sqlx::migrate::Migration::new(version, name.to_owned().into(), up, sql, false);
    let first = known.checksum.first_chunk().copied().unwrap_or_default();
    Some(Migration {
        name: format!("{name:?}"),
        checksum: format!("{:#018x}", u64::from_be_bytes(first)),
    })
}
