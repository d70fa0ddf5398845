"""Compile time of 1,000 queries: the module of xact, the macros of sqlx (server up, and offline), the crate of clorinde.

Each is a library with a function that calls every query, and a program that links it. All have the versions of `Cargo.lock`.
"""

import os
import shutil
import time

from compare import project, tools
from compare.generation import migrate
from compare.paths import BENCHES, ROOT, TARGET, TOOLS, XACT
from compare.shell import Failed, run

TABLES, QUERIES = 100, 1000
QUICK_TABLES, QUICK_QUERIES = 10, 20
FOLDER = TARGET / "compile"
AXIS = "compile"

VALUES = {"bigint": "1", "integer": "2", "text": '"text"'}


class Crate:
    """A project of one peer."""

    environment = {}

    def __init__(self, server, tables, queries):
        self.server, self.tables, self.queries = server, tables, queries
        self.folder = FOLDER / self.stem
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "src").mkdir(parents=True)
        shutil.copy(BENCHES / "Cargo.lock", self.folder / "Cargo.lock")
        manifest = f'[workspace]\n\n[package]\nname = "{self.stem}"\nedition = "2024"\nversion = "0.0.0"\n\n[dependencies]\n'
        (self.folder / "Cargo.toml").write_text(manifest + self.dependencies)
        (self.folder / "src/main.rs").write_text(
            f"#[tokio::main]\nasync fn main() {{\n    {self.stem}::call_all(&std::env::args().nth(1).unwrap()).await;\n}}\n"
        )
        self.write()

    def write_calls(self, head, connect, argument, call):
        """A function that calls every query, by one for each file: the state of a single one would have a thousand awaits."""
        source, calls = head, ""
        for stem, of_file in project.files(self.tables, self.queries):
            lines = "".join(f"    {call(stem, query)};\n" for query in of_file)
            source += f"async fn call_{stem}({argument}) {{\n{lines}}}\n\n"
            calls += f"    call_{stem}({self.passed}).await;\n"
        source += f"pub async fn call_all(url: &str) {{\n{connect}{calls}}}\n"
        (self.folder / "src/lib.rs").write_text(source)

    def prepare(self):
        """Fetches and builds what the crate depends on."""
        run("cargo", "fetch", "--quiet", "--manifest-path", self.folder / "Cargo.toml")
        self.cargo("check")
        self.cargo("build")

    def cargo(self, command):
        start = time.perf_counter()
        arguments = ["--offline", "--quiet", "--manifest-path", self.folder / "Cargo.toml", "--target-dir", FOLDER / "target"]
        run("cargo", command, *arguments, timeout=1800, **self.environment)
        return time.perf_counter() - start

    def forget(self):
        """Makes cargo compile the crate as it does for the first time, and nothing that it depends on."""
        for crate in self.compiled:
            for kept in (FOLDER / "target/debug/incremental").glob(f"{crate}-*"):
                shutil.rmtree(kept)
        path = self.folder / "src/lib.rs"
        path.write_text(path.read_text() + "\n// changed\n")

    @property
    def compiled(self):
        """The crates with the code of the queries."""
        return [self.stem]

    def edit_query(self, number):
        raise NotImplementedError

    def size(self):
        return os.path.getsize(FOLDER / "target/debug" / self.stem)


class Xact(Crate):
    name, stem = "xact", "with_xact"
    dependencies = f'tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}\nxact = {{ path = "{ROOT}/xact" }}\n'

    def write(self):
        project.write_migrations(self.folder / "migrations", self.tables)
        project.write_queries(self.folder / "queries", self.tables, self.queries, project.render_xact)
        (self.folder / "xact.toml").write_text(tools.SCOPES)
        self.generate()
        connect = "    let db = orm::Database::connect(url).await.unwrap();\n    let mut q = db.begin_everything().await.unwrap();\n"
        self.write_calls("pub mod orm;\n\n", connect, "q: &mut xact::Xact<orm::Everything>", self.call)

    passed = "&mut q"

    def call(self, _stem, query):
        values = ", ".join(self.value(query, *parameter) for parameter in query.parameters)
        return f"q.orm().{query.name}({values}).await.unwrap()"

    def value(self, query, name, sql_type):
        if name == "id":
            return "xact::Id::from_value(1)"
        return f"Some({VALUES[sql_type]})" if name == "email" else VALUES[sql_type]

    def generate(self):
        server = self.server.tcp_url("postgres")
        run(XACT, "--project", self.folder, "--server", server, "codegen", XDG_CACHE_HOME=self.folder / "cache")

    def edit_query(self, number):
        file = self.folder / "queries/file_0000.sql"
        file.write_text(file.read_text().replace("WHERE id = :id", f"WHERE id = :id AND amount > {number}", 1))
        self.generate()


class Sqlx(Crate):
    name, stem = "sqlx macros, server up", "with_sqlx"
    dependencies = (
        'sqlx = { version = "0.9", default-features = false, features = ["macros", "postgres", "runtime-tokio", "time"] }\n'
        'tokio = { version = "1", features = ["macros", "rt-multi-thread"] }\n'
    )

    def write(self):
        self.environment = {"DATABASE_URL": self.server.tcp_url("generation"), "SQLX_OFFLINE_DIR": self.folder / ".sqlx"}
        (self.folder / ".sqlx").mkdir()
        modules = []
        for stem, of_file in project.files(self.tables, self.queries):
            modules.append(stem)
            (self.folder / f"src/{stem}.rs").write_text("use sqlx::PgConnection;\n\n" + "".join(map(self.function, of_file)))
        head = "".join(f"mod {stem};\n" for stem in modules) + "\nuse sqlx::{Connection as _, PgConnection};\n\n"
        connect = "    let mut connection = PgConnection::connect(url).await.unwrap();\n"
        self.write_calls(head, connect, "connection: &mut PgConnection", self.call)

    passed = "&mut connection"

    def call(self, stem, query):
        values = "".join(", " + VALUES[sql_type] for _, sql_type in query.parameters)
        return f"{stem}::{query.name}(connection{values}).await"

    def function(self, query):
        rust = {"bigint": "i64", "integer": "i32", "text": "&str"}
        parameters = "".join(f", {name}: {rust[sql_type]}" for name, sql_type in query.parameters)
        values = "".join(f", {name}" for name, _ in query.parameters)
        fetch = {"one": "fetch_one", "many": "fetch_all", "exec": "execute"}[query.command]
        return (
            f"pub async fn {query.name}(connection: &mut PgConnection{parameters}) {{\n"
            f'    let _rows = sqlx::query!("{project.numbered(query)}"{values}).{fetch}(connection).await.unwrap();\n}}\n\n'
        )

    def edit_query(self, number):
        file = self.folder / "src/file_0000.rs"
        file.write_text(file.read_text().replace("WHERE id = $1", f"WHERE id = $1 AND amount > {number}", 1))


class SqlxOffline(Sqlx):
    """With the descriptions that the run with a server saved."""

    name, stem = "sqlx macros, offline", "with_sqlx_offline"

    def write(self):
        super().write()
        shutil.rmtree(self.folder / ".sqlx")
        shutil.copytree(FOLDER / "with_sqlx/.sqlx", self.folder / ".sqlx")
        self.environment = {"SQLX_OFFLINE": "true", "SQLX_OFFLINE_DIR": self.folder / ".sqlx", "DATABASE_URL": ""}

    def edit_query(self, number):
        # A description of the new text has to be there: the server makes it, outside of the clock.
        raise Failed("an edited query needs the server first (`cargo sqlx prepare`)")


class Clorinde(Crate):
    name, stem = "clorinde", "with_clorinde"
    dependencies = (
        'clorinde = { path = "clorinde", default-features = false, features = ["deadpool"] }\n'
        'tokio = { version = "1", features = ["macros", "rt-multi-thread"] }\ntokio-postgres = "0.7"\n'
    )

    def write(self):
        project.write_queries(self.folder / "queries", self.tables, self.queries, project.render_cornucopia)
        self.generate()
        connect = "    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();\n    tokio::spawn(connection);\n"
        self.write_calls("use tokio_postgres::{Client, NoTls};\n\n", connect, "client: &Client", self.call)

    passed = "&client"

    def call(self, stem, query):
        ends = {"one": ".one().await", "many": ".all().await", "exec": ".await"}
        values = "".join(", " + self.value(*parameter) for parameter in query.parameters)
        return f"clorinde::queries::{stem}::{query.name}().bind(client{values}){ends[query.command]}.unwrap()"

    def value(self, name, sql_type):
        return f"&Some({VALUES[sql_type]})" if name == "email" else f"&{VALUES[sql_type]}"

    def generate(self):
        url = self.server.tcp_url("generation")
        run(TOOLS / "clorinde", "live", "-q", self.folder / "queries", "-d", self.folder / "clorinde", url)

    @property
    def compiled(self):
        # The generated crate is the work.
        return [self.stem, "clorinde"]

    def forget(self):
        super().forget()
        path = self.folder / "clorinde/src/lib.rs"
        path.write_text(path.read_text() + "\n// changed\n")

    def edit_query(self, number):
        file = self.folder / "queries/file_0000.sql"
        file.write_text(file.read_text().replace("WHERE id = :id", f"WHERE id = :id AND amount > {number}", 1))
        self.generate()


def run_compiling(server, results, options):
    tables, queries = (QUICK_TABLES, QUICK_QUERIES) if options.quick else (TABLES, QUERIES)
    migrate(server, "generation", tables)
    crates = []
    for kind in (Xact, Sqlx, SqlxOffline, Clorinde):
        try:
            crate = kind(server, tables, queries)
            # Of Sqlx, this saves the descriptions for SqlxOffline.
            crate.prepare()
            crates.append(crate)
        except (Failed, OSError) as error:
            results.miss(AXIS, f"cargo check, {queries} queries", kind.name, error)
        print(f"  compile: {kind.name} is ready", flush=True)
    for round_number in range(1 if options.quick else min(options.rounds, 3)):
        for crate in crates:
            measure(results, crate, queries, round_number)
        print(f"  compile: round {round_number + 1}", flush=True)


def measure(results, crate, queries, round_number):
    for command in ("check", "build"):
        crate.forget()
        results.add(AXIS, f"cargo {command}, {queries} queries", crate.name, crate.cargo(command))
    results.add(AXIS, "size of the debug program", crate.name, crate.size(), unit="B")
    try:
        crate.edit_query(round_number + 1)
        results.add(AXIS, f"cargo check, one of {queries} edited", crate.name, crate.cargo("check"))
    except Failed as error:
        results.miss(AXIS, f"cargo check, one of {queries} edited", crate.name, error)
