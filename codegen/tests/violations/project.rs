//! A project with the lists of its constraints, as a caller sees them: in the generated code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use sqlx::PgConnection;
use tempfile::TempDir;
use xact_codegen::query::analysis::{Typed, analyse};
use xact_codegen::query::{TypeCatalog, describe, parse};
use xact_codegen::report::source::{list, read};
use xact_codegen::schema::{self, Keys, Schema};
use xact_server::TestDatabase;

use crate::server;

/// Schema, table and name, as an error has them.
pub(super) type Place = (String, String, String);

/// A constraint with every name under which an error may report it; its own is the first.
pub(super) type Listed = Vec<Place>;

/// A project in a migrated database.
pub(super) struct Project {
    pub(super) schema: Arc<Schema>,
    pub(super) types: TypeCatalog,
    /// The queries that write.
    pub(super) queries: Vec<Typed>,
    /// The constraints listed for each query.
    pub(super) lists: BTreeMap<String, BTreeSet<Listed>>,
    pub(super) connection: PgConnection,
    /// Kept until the end: dropping it drops the database.
    _database: TestDatabase,
}

/// A copy of migrations and queries whose queries have enums of constraints.
pub(super) fn copy_project(root: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["migrations", "queries"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        for path in list(root, part, "sql").unwrap() {
            std::fs::copy(root.join(&path), folder.path().join(&path)).unwrap();
        }
    }
    let configuration = "[scopes.owner]\n\n[rust]\nconstraint-enums = true\n";
    std::fs::write(folder.path().join("xact.toml"), configuration).unwrap();
    folder
}

impl Project {
    pub(super) async fn read(root: &Path) -> Self {
        let generated = server::generate(root).await.unwrap();
        let texts = generated.files.iter().map(|file| file.text.as_str());
        let lists = texts.flat_map(read_lists).collect();
        let database = TestDatabase::isolated_from(root.join("migrations")).await;
        let database = database.unwrap();
        let mut connection = database.connect().await.unwrap();
        let schema = schema::read(&mut connection, &[]).await.unwrap();
        let types = TypeCatalog::read(&mut connection).await.unwrap();
        let paths = list(root, "queries", "sql").unwrap();
        let files = paths.iter().map(|path| read(root, path).unwrap());
        let parsed = files.flat_map(|file| parse(&file).0).collect();
        let (described, _) = describe(&mut connection, parsed, &schema).await.unwrap();
        let analysed = analyse(&mut connection, described, &types, &Keys::of(&schema)).await;
        let (mut queries, _) = analysed.unwrap();
        queries.retain(|query| {
            let tables = query.tables.as_ref();
            tables.is_some_and(|tables| !tables.writes.is_empty())
        });
        Self {
            schema: Arc::new(schema),
            types,
            queries,
            lists,
            connection,
            _database: database,
        }
    }
}

/// The lists in a generated file, by query.
fn read_lists(text: &str) -> Vec<(String, BTreeSet<Listed>)> {
    let start = "/// The constraints that [`Orm::";
    let enums = text.split(start).skip(1);
    let lists = enums.map(|found| {
        let (query, rest) = found.split_once("`]").unwrap();
        let (body, _) = rest.split_once("\n    }\n").unwrap();
        let lines = body.lines().filter_map(|line| line.split_once(" = ("));
        let constraints = lines.map(|(_, places)| places.split(" | (").map(read_place).collect());
        (query.to_owned(), constraints.collect())
    });
    lists.collect()
}

fn read_place(written: &str) -> Place {
    let names: Vec<&str> = written.split('"').skip(1).step_by(2).collect();
    let [schema, table, name] = names.as_slice() else {
        panic!("three names: {written}");
    };
    (
        (*schema).to_owned(),
        (*table).to_owned(),
        (*name).to_owned(),
    )
}
