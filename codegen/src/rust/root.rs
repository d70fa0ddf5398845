//! The module that all query modules share: `mod.rs`.

use super::names::{pascal_case, rust_literal};
use super::view::{
    Constraints, Input, MigrationView, Module, ModuleName, Root, ScopesFile, TableNames, UserTypes,
};
use crate::project::Project;
use crate::report::source::SourceFile;
use sqlx::migrate::MigrationType;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

/// The contents of the files beside those of the queries.
pub(super) struct Shared {
    pub(super) types: UserTypes,
    pub(super) constraints: Constraints,
    pub(super) names: TableNames,
    pub(super) scopes: ScopesFile,
}

/// The view of `mod.rs`.
pub(super) fn root_view(project: &Project, modules: &[Module], shared: &Shared) -> Root {
    let name = |module: &Module| ModuleName {
        doc: module.doc.clone(),
        path: module.path.clone(),
        name: module.name.clone(),
    };
    let scopes = project.config.scopes.keys().map(|name| pascal_case(name));
    let bounds = shared.scopes.bounds.iter().map(|bound| bound.name.clone());
    let inputs = project.settings.iter().chain(project.up_migrations());
    Root {
        has_types: !shared.types.is_empty(),
        has_constraints: !shared.constraints.constraints.is_empty(),
        has_names: !shared.names.tables.is_empty(),
        modules: modules.iter().map(name).collect(),
        exports: scopes.chain(bounds).collect(),
        migrations: project
            .up_migrations()
            .filter_map(|file| migration_view(file))
            .collect(),
        inputs: inputs.map(|file| input_view(file)).collect(),
    }
}

/// A file that the compiler compares with the one that the module was generated from.
pub(super) fn input_view(file: &SourceFile) -> Input {
    Input {
        path: rust_literal(&file.path),
        hash: format!(
            "{:#018x}",
            xact::generated::content_hash(file.text.as_bytes())
        ),
    }
}

/// The migration as the module has it.
fn migration_view(file: &SourceFile) -> Option<MigrationView> {
    let (name, checksum) = read_migration(file)?;
    Some(MigrationView {
        name: format!("{name:?}"),
        checksum: format!("{checksum:#018x}"),
    })
}

/// `migrations/20250106090000_foundations.up.sql` as the database knows it: `20250106090000_foundations`, and the
/// beginning of sqlx's own checksum. A file that sqlx does not take for a migration is none here.
pub(super) fn read_migration(file: &SourceFile) -> Option<(String, u64)> {
    let name = file.path.rsplit('/').next()?.strip_suffix(".sql")?;
    let name = name.strip_suffix(".up").unwrap_or(name);
    let version = name.split_once('_')?.0.parse().ok()?;
    let sql = AssertSqlSafe(file.text.clone()).into_sql_str();
    let up = MigrationType::ReversibleUp;
    // sqlx takes the checksum, so that it is the one in its table of migrations.
    let known = sqlx::migrate::Migration::new(version, name.to_owned().into(), up, sql, false);
    let first = known.checksum.first_chunk().copied().unwrap_or_default();
    Some((name.to_owned(), u64::from_be_bytes(first)))
}
