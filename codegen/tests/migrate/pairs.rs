//! `xact migrate diff` over old and new schemas of every kind of object: each pair in `pairs/` gives a
//! migration that was run forward and back and compared, before it is shown.

use crate::server;
use std::path::Path;
use std::sync::Arc;
use xact_codegen::migrate::apply::Folder;
use xact_codegen::migrate::author::{GeneratedMigration, generate};
use xact_codegen::report::source::SourceFile;

macro_rules! pairs {
    ($($test:ident: $file:literal,)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                all_proved(include_str!(concat!("pairs/", $file, ".sql"))).await;
            }
        )*

        /// The files that the tests above read.
        const FILES: &[&str] = &[$(concat!($file, ".sql")),*];
    };
}

pairs! {
    foreign_data_migrate_both_ways: "foreign_data",
    operators_casts_and_aggregates_migrate_both_ways: "operators_casts_and_aggregates",
    text_search_migrate_both_ways: "text_search",
    publications_event_triggers_and_rules_migrate_both_ways: "publications_event_triggers_and_rules",
    statistics_objects_migrate_both_ways: "statistics_objects",
    ranges_composites_and_shells_migrate_both_ways: "ranges_composites_and_shells",
    collations_conversions_and_access_methods_migrate_both_ways: "collations_conversions_and_access_methods",
    extensions_and_privileges_migrate_both_ways: "extensions_and_privileges",
    functions_and_procedures_migrate_both_ways: "functions_and_procedures",
    enums_migrate_both_ways: "enums",
    domains_migrate_both_ways: "domains",
    enum_tables_migrate_both_ways: "enum_tables",
    partitions_migrate_both_ways: "partitions",
    inheritance_and_typed_tables_migrate_both_ways: "inheritance_and_typed_tables",
    keys_migrate_both_ways: "keys",
    sequences_and_identity_migrate_both_ways: "sequences_and_identity",
    views_migrate_both_ways: "views",
    columns_migrate_both_ways: "columns",
    policies_triggers_and_indexes_migrate_both_ways: "policies_triggers_and_indexes",
    text_that_looks_like_a_dump_migrates_both_ways: "text_that_looks_like_a_dump",
    generated_columns_and_functions_migrate_both_ways: "generated_columns_and_functions",
    partition_families_migrate_both_ways: "partition_families",
    types_that_change_migrate_both_ways: "types_that_change",
    row_types_migrate_both_ways: "row_types",
    sequences_that_change_owner_migrate_both_ways: "sequences_that_change_owner",
    inheritance_gained_and_lost_migrates_both_ways: "inheritance_gained_and_lost",
    unlogged_tables_migrate_both_ways: "unlogged",
    unique_indexes_and_constraints_migrate_both_ways: "unique_indexes_and_constraints",
    not_null_names_migrate_both_ways: "not_null_names",
    rebuilt_tables_migrate_both_ways: "rebuilt_tables",
    files_in_any_order_migrate_both_ways: "files_in_any_order",
    applications_migrate_both_ways: "applications",
}

#[test]
fn every_file_of_pairs_has_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/migrate/pairs");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name();
        assert!(FILES.contains(&name.to_str().unwrap()), "{name:?}");
    }
}

/// Writes the migration of each pair. A script that is given was proved; a refusal lists the remaining differences.
async fn all_proved(text: &str) {
    let mut wrong = Vec::new();
    for pair in text.split("-- pair: ").skip(1) {
        let (title, schemas) = pair.split_once('\n').unwrap();
        let (old, new) = schemas.split_once("-- becomes\n").unwrap();
        match generated(old, new).await {
            GeneratedMigration::Proved(_) => {}
            other => wrong.push(format!("{title}: {other:#?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

pub(super) async fn generated(old: &str, new: &str) -> GeneratedMigration {
    let project = tempfile::tempdir().unwrap();
    let migrations = project.path().join("migrations");
    std::fs::create_dir(&migrations).unwrap();
    std::fs::write(migrations.join("1_old.up.sql"), old).unwrap();
    let folder = Folder::read(project.path()).unwrap();
    let target = Arc::new(SourceFile::new("schema.sql", new));
    let server = server::url().await;
    generate(&folder, &target, &[], Some(server)).await.unwrap()
}

/// What there is no way for, and what is said of it.
const LEFT: [(&str, &str, &str); 3] = [
    (
        "CREATE TABLE a (x int); CREATE TABLE b (r a);",
        "CREATE TABLE a (x bigint); CREATE TABLE b (r a);",
        "cannot alter table \"a\" because column \"b.r\" uses its row type",
    ),
    (
        "CREATE TYPE c AS (a int, b text); CREATE TABLE t (v c[]);",
        "CREATE TYPE c AS (b text, a int); CREATE TABLE t (v c[]);",
        "column t.v: values of c[] hold rows in arrays, whose fields have another order",
    ),
    (
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); CREATE TABLE u () INHERITS (t);
         CREATE TABLE v () INHERITS (u);",
        "CREATE TABLE t (a int, b int); CREATE TABLE u () INHERITS (t); CREATE TABLE v () INHERITS (u);",
        "column t.b: Postgres does not drop its expression, because child table u has child tables of its own",
    ),
];

#[tokio::test]
async fn what_there_is_no_way_for_is_named() {
    for (old, new, expected) in LEFT {
        let GeneratedMigration::Unproved(found) = generated(old, new).await else {
            panic!("{expected}: proved");
        };
        let refused = found.refused.iter().map(|refused| &refused.message);
        let said: Vec<&String> = found.reasons.iter().chain(refused).collect();
        assert!(
            said.iter().any(|said| said.contains(expected)),
            "{expected}: {said:?}"
        );
    }
}
