//! The reference project with the rows of two organizations, and a client of the protocol.

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RoleClient, RunningService};
use rmcp::{ServiceError, ServiceExt as _};
use serde_json::{Map, Value};
use std::path::Path;
use std::time::Duration;
use tokio::io::{duplex, split};
use xact::testing::TestDatabase;
use xact_mcp::{McpServer, QueryOptions, open_queries};

/// The reference project.
pub(crate) const PROJECT: &str = "..";

pub(crate) struct World {
    pub(crate) test: TestDatabase,
}

impl World {
    /// With the rows of the reference project's tests.
    pub(crate) async fn seeded() -> Self {
        let test = TestDatabase::isolated_from("../migrations").await.unwrap();
        let world = Self { test };
        world.run(include_str!("../../tests/world/seed.sql")).await;
        world
    }

    /// Of another project, in a folder.
    pub(crate) async fn of_project(folder: &Path) -> Self {
        let migrations = folder.join("migrations");
        let test = TestDatabase::isolated_from(migrations).await.unwrap();
        Self { test }
    }

    /// Runs SQL as the superuser.
    pub(crate) async fn run(&self, sql: &str) {
        let mut owner = self.test.connect().await.unwrap();
        let sql = xact::sqlx::AssertSqlSafe(sql.to_owned());
        xact::sqlx::raw_sql(sql).execute(&mut owner).await.unwrap();
    }

    /// The only value of the only row, as the superuser.
    pub(crate) async fn read_text(&self, sql: &str) -> String {
        let mut owner = self.test.connect().await.unwrap();
        let sql = xact::sqlx::AssertSqlSafe(sql.to_owned());
        let read = xact::sqlx::query_scalar(sql).fetch_one(&mut owner);
        read.await.unwrap()
    }

    /// A server of this world.
    pub(crate) async fn open(&self, options: QueryOptions) -> McpServer {
        self.open_project(Path::new(PROJECT), options).await
    }

    pub(crate) async fn open_project(&self, project: &Path, options: QueryOptions) -> McpServer {
        let opened = open_queries(project, None, &self.test.pool(), options).await;
        opened.unwrap_or_else(|error| panic!("{error}: {error:?}"))
    }

    /// A client of a server with these options.
    pub(crate) async fn connect(&self, options: QueryOptions) -> Client {
        Client::connect(self.open(options).await).await
    }
}

/// Ada at Acme; Globex is the other tenant.
pub(crate) fn ada() -> QueryOptions {
    QueryOptions::new("customer")
        .with_setting("user_id", "usr_ada")
        .with_setting("organization_id", "org_acme")
}

/// A client with a session.
pub(crate) struct Client(pub(crate) RunningService<RoleClient, ()>);

impl Client {
    pub(crate) async fn connect(server: McpServer) -> Self {
        let (near, far) = duplex(1 << 16);
        let (read, write) = split(far);
        tokio::spawn(server.serve(read, write));
        Self(().serve(split(near)).await.unwrap())
    }

    /// The result of a call, or the error of the protocol.
    pub(crate) async fn try_call(
        &self,
        tool: &str,
        arguments: Value,
    ) -> Result<CallToolResult, ServiceError> {
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            _ => Map::new(),
        };
        let call = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let answered = tokio::time::timeout(Duration::from_mins(1), self.0.peer().call_tool(call));
        answered.await.expect("an answer within a minute")
    }

    /// The structured content of a call that succeeds.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Value {
        let shown = arguments.to_string();
        let result = self.try_call(tool, arguments).await;
        let result = result.unwrap_or_else(|error| panic!("{tool} {shown}: {error}"));
        assert_ne!(result.is_error, Some(true), "{tool} {shown}: {result:?}");
        result.structured_content.expect("structured content")
    }

    /// The text of a call that fails as a tool.
    pub(crate) async fn refuse(&self, tool: &str, arguments: Value) -> String {
        let shown = arguments.to_string();
        let result = self.try_call(tool, arguments).await.unwrap();
        assert_eq!(result.is_error, Some(true), "{tool} {shown}: {result:?}");
        write_result(&result)
    }
}

/// Everything that a model could read of a result.
pub(crate) fn write_result(result: &CallToolResult) -> String {
    let texts = result
        .content
        .iter()
        .filter_map(|content| content.as_text());
    let texts: Vec<&str> = texts.map(|text| text.text.as_str()).collect();
    texts.join("\n")
}

/// A project of these migrations and queries, with one scope without a role.
pub(crate) fn write_project(migration: &str, queries: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("migrations/20250101000000_first.up.sql", migration);
    write("queries/all.sql", queries);
    folder
}
