"""Dump, diff and lint of a schema of 1,000 tables."""

import re
import tempfile
from pathlib import Path

from compare import project
from compare.paths import XACT
from compare.shell import run, timed

TABLES = 1000
QUICK_TABLES = 50
AXIS = "schema"


def run_schema(server, results, options):
    tables = QUICK_TABLES if options.quick else TABLES
    with tempfile.TemporaryDirectory(prefix="schema") as name:
        folder = Path(name)
        write_project(folder, tables)
        xact = [XACT, "--project", folder, "--server", server.tcp_url("postgres")]
        keep = {"XDG_CACHE_HOME": folder / "cache"}
        run(*xact, "schema", **keep)
        add_column(folder / "schema.sql")
        for round_number in range(min(options.rounds, 5)):
            dump(server, results, folder, xact, tables, keep)
            diff = [*xact, "migrate", "diff", "added", "--stdout"]
            results.add(AXIS, f"diff, one column added, {tables} tables", "xact", timed(*diff, **keep))
            # The tables break rules of this set, so that each finding has to be located; exit code 1 says so.
            lint = ["/bin/sh", "-c", '"$@" > /dev/null 2>&1; [ $? -le 1 ]', "sh", *xact, "lint"]
            results.add(AXIS, f"lint, {tables} tables", "xact", timed(*lint, **keep))
            print(f"  schema: round {round_number + 1}", flush=True)


def write_project(folder, tables):
    project.write_migrations(folder / "migrations", tables)
    (folder / "queries").mkdir()
    (folder / "queries/one.sql").write_text(f"-- name: one :one\nSELECT count(*) FROM {project.table_name(0)};\n")
    (folder / "xact.toml").write_text('[scopes.everything]\n\n[lint]\nsets = ["house"]\n')


def add_column(schema):
    edited, count = re.subn(r"( +amount +integer NOT NULL,\n)", r"\1    added integer,\n", schema.read_text(), count=1)
    assert count == 1, "schema.sql has another form"
    schema.write_text(edited)


def dump(server, results, folder, xact, tables, keep):
    """Both from migrations to a dump, because `xact schema` migrates a database of its own."""
    case = f"migrate and dump, {tables} tables"
    server.create("dumped")
    scripts = [part for file in sorted((folder / "migrations").iterdir()) for part in ("-f", file)]
    by_psql = timed("psql", "-X", "-q", "-o", "/dev/null", server.url("dumped"), *scripts)
    by_pg_dump = timed("pg_dump", "--schema-only", server.url("dumped"))
    results.add(AXIS, case, "psql and pg_dump", by_psql + by_pg_dump)
    results.add(AXIS, f"dump alone, {tables} tables", "pg_dump", by_pg_dump)
    whole = timed(*xact, "schema", "--stdout", **keep)
    results.add(AXIS, case, "xact", whole)
    # The tool migrates as psql does: one script after the other.
    results.add(AXIS, f"dump alone, {tables} tables", "xact", max(whole - by_psql, 0))
