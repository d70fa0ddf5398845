"""The tools that generate code, each with the files that it wants and the command that its documentation names."""

import re
import shutil

from compare import project
from compare.paths import TOOLS, VENV, XACT

SCOPES = "[scopes.everything]\n"


class Tool:
    """A generator in a folder of its own, with a project of one size."""

    # The migrated database that is up before the clock starts, or none.
    needs_database = True

    def __init__(self, folder, server, database, tables, queries):
        self.folder, self.server, self.database = folder, server, database
        self.tables, self.queries, self.edits = tables, queries, 0
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.write()

    def write_queries(self, render):
        project.write_queries(self.folder / "queries", self.tables, self.queries, render)

    def environment(self):
        return {}

    def forget(self):
        """Removes what the tool generated."""
        for name in self.generated:
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def edit_query(self):
        """Changes the condition of one query, to one that it did not have before."""
        self.edits += 1
        file = sorted((self.folder / "queries").glob("*.sql"))[0]
        condition = rf"\1 AND amount <> {self.edits}"
        file.write_text(re.sub(r"(WHERE id = (?::id|\$1))( AND amount <> \d+)?", condition, file.read_text(), count=1))

    def add_migration(self, number):
        name = f"{90000 + number}_added.up.sql"
        (self.folder / "migrations" / name).write_text(f"ALTER TABLE {project.table_name(0)} ADD COLUMN added_{number} integer;\n")


class Xact(Tool):
    """The whole of `xact codegen`: migrates a database of its own on the server, and writes schema.sql too."""

    name = "xact"
    generated = ["src", "schema.sql"]
    needs_database = False

    def write(self):
        project.write_migrations(self.folder / "migrations", self.tables)
        self.write_queries(project.render_xact)
        (self.folder / "xact.toml").write_text(SCOPES)

    def command(self):
        return [XACT, "--project", self.folder, "--server", self.server.tcp_url("postgres"), "codegen"]

    def environment(self):
        # Of its own, so that `forget` can empty it.
        return {"XDG_CACHE_HOME": self.folder / "cache"}

    def forget(self):
        super().forget()
        for path in filter(self.is_forgotten, (self.folder / "cache/xact").glob("*")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def is_forgotten(self, path):
        """Whatever is kept by the content of the project. An initialised cluster belongs to the machine, and stays."""
        return not path.name.startswith("initdb-")


class XactCold(Xact):
    """The same without a server: starts one of its own."""

    name = "xact, own server"

    def command(self):
        return [XACT, "--project", self.folder, "codegen"]


class XactMigrated(XactCold):
    """The same after an earlier run kept the migrated database: what the peers find, too. All queries are asked again."""

    name = "xact, migrated"

    def is_forgotten(self, path):
        return super().is_forgotten(path) and path.name not in ("databases", "schemas")


class Clorinde(Tool):
    name = "clorinde"
    generated = ["out"]

    def write(self):
        project.write_migrations(self.folder / "migrations", self.tables)
        self.write_queries(project.render_cornucopia)

    def command(self):
        return [TOOLS / self.name, "live", "-q", self.folder / "queries", "-d", self.folder / "out", self.server.tcp_url(self.database)]


class Cornucopia(Clorinde):
    name = "cornucopia"


class Sqlc(Tool):
    """With a database: sqlc then asks Postgres for the types."""

    name = "sqlc, with database"
    generated = ["out"]
    database_lines = '    database:\n      uri: "{url}"\n'

    def write(self):
        project.write_migrations(self.folder / "migrations", self.tables)
        self.write_queries(project.render_sqlc)
        url = self.server.tcp_url(self.database) + "?sslmode=disable"
        (self.folder / "sqlc.yaml").write_text(
            'version: "2"\nsql:\n  - engine: postgresql\n    schema: migrations\n    queries: queries\n'
            + self.database_lines.format(url=url)
            + "    gen:\n      go:\n        package: db\n        out: out\n        sql_package: pgx/v5\n"
        )

    def command(self):
        return [VENV / "sqlc", "generate", "-f", self.folder / "sqlc.yaml"]


class SqlcAlone(Sqlc):
    """Without a database: sqlc derives types from its own reading of the schema."""

    name = "sqlc, without database"
    database_lines = ""
    needs_database = False


class Scythe(Tool):
    """Reads the schema itself, and asks no Postgres."""

    name = "scythe, without database"
    generated = ["out"]
    needs_database = False

    def write(self):
        project.write_migrations(self.folder / "migrations", self.tables)
        for file in (self.folder / "migrations").iterdir():
            # Its parser does not know the other form.
            file.write_text(file.read_text().replace("bigint GENERATED ALWAYS AS IDENTITY", "bigserial"))
        self.write_queries(project.render_scythe)
        (self.folder / "scythe.toml").write_text(
            '[scythe]\nversion = "1"\n\n[[sql]]\nname = "main"\nengine = "postgresql"\nschema = ["migrations/*.sql"]\n'
            'queries = ["queries/*.sql"]\noutput = "out"\n\n[[sql.gen]]\nbackend = "rust-tokio-postgres"\noutput = "out"\n'
        )

    def command(self):
        return ["/usr/bin/env", "-C", self.folder, TOOLS / "scythe", "generate"]


ALL = [Xact, XactCold, XactMigrated, Clorinde, Cornucopia, Sqlc, SqlcAlone, Scythe]
