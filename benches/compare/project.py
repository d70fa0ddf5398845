"""Projects of any size, the same on every run: tables that refer to each other, and queries of eight kinds over them.

The queries are written once, with `:name` for a parameter, and rendered for each tool.
"""

import dataclasses
import re

# Cargo, git and people cope with files of this length.
QUERIES_PER_FILE = 20


@dataclasses.dataclass
class Query:
    """A query, in the form that all renderings start from."""

    name: str
    # `one`, `many` or `exec`.
    command: str
    sql: str
    # Name and SQL type of each parameter.
    parameters: list


def table_name(number):
    return f"item_{number:04}"


def migration(number):
    """The SQL of one table."""
    parent = table_name(number - 1) if number else table_name(0)
    return f"""CREATE TABLE {table_name(number)} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id bigint REFERENCES {parent} (id),
    name text NOT NULL,
    email text UNIQUE,
    amount integer NOT NULL,
    ratio double precision,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON {table_name(number)} (parent_id);
"""


def migrations(tables, per_file=10):
    """Name and SQL of each migration."""
    for first in range(0, tables, per_file):
        numbers = range(first, min(first + per_file, tables))
        yield f"{first // per_file + 1:05}_items.up.sql", "".join(map(migration, numbers))


KINDS = [
    ("get", "one", "SELECT id, name, email, amount\nFROM {t}\nWHERE id = :id", [("id", "bigint")]),
    (
        "list",
        "many",
        "SELECT id, name, email, created_at\nFROM {t}\nWHERE active AND amount > :amount\nORDER BY id\nLIMIT 50",
        [("amount", "integer")],
    ),
    (
        "with_parent",
        "many",
        "SELECT a.id, a.name, b.name AS parent_name\nFROM {t} a\nLEFT JOIN {p} b ON b.id = a.parent_id\nWHERE a.amount = :amount",
        [("amount", "integer")],
    ),
    (
        "create",
        "one",
        "INSERT INTO {t} (name, email, amount)\nVALUES (:name, :email, :amount)\nRETURNING id",
        [("name", "text"), ("email", "text"), ("amount", "integer")],
    ),
    ("rename", "exec", "UPDATE {t}\nSET name = :name\nWHERE id = :id", [("name", "text"), ("id", "bigint")]),
    ("remove", "exec", "DELETE FROM {t}\nWHERE id = :id", [("id", "bigint")]),
    (
        "totals",
        "one",
        "SELECT count(*) AS total, max(amount) AS highest\nFROM {t}\nWHERE amount < :amount",
        [("amount", "integer")],
    ),
    (
        "labels",
        "many",
        "SELECT a.id, coalesce(a.email, a.name) AS label\nFROM {t} a\n"
        "WHERE a.amount = :amount AND EXISTS (SELECT FROM {p} b WHERE b.id = a.parent_id)",
        [("amount", "integer")],
    ),
]


def queries(tables, count):
    for number in range(count):
        table = number % tables
        kind, command, sql, parameters = KINDS[(number // tables + number) % len(KINDS)]
        name = f"q{number:05}_{kind}"
        parent = table_name(table - 1 if table else 0)
        yield Query(name, command, sql.format(t=table_name(table), p=parent), parameters)


def files(tables, count):
    """The queries of each file, by its stem."""
    all_queries = list(queries(tables, count))
    for first in range(0, count, QUERIES_PER_FILE):
        yield f"file_{first // QUERIES_PER_FILE:04}", all_queries[first : first + QUERIES_PER_FILE]


def numbered(query):
    """The SQL with `$1` for each parameter."""
    sql = query.sql
    for number, (name, _) in enumerate(query.parameters, 1):
        sql = re.sub(rf"(?<!:):{name}\b", f"${number}", sql)
    return sql


def pascal(name):
    return "".join(part.capitalize() for part in name.split("_"))


def render_xact(query):
    # A column that may be NULL is a parameter that may be NULL.
    sql = query.sql.replace(":email", ":email?")
    return f"-- name: {query.name} :{query.command}\n{sql};\n\n"


def render_sqlc(query):
    return f"-- name: {pascal(query.name)} :{query.command}\n{numbered(query)};\n\n"


def render_scythe(query):
    return f"-- @name {pascal(query.name)}\n-- @returns :{query.command}\n{numbered(query)};\n\n"


# The columns of the result that may be NULL, which cornucopia and clorinde ask of the user.
MAY_BE_NULL = {"get": "email", "list": "email", "with_parent": "parent_name", "totals": "highest"}


def render_cornucopia(query):
    """The form of cornucopia and clorinde."""
    column = MAY_BE_NULL.get(query.name.split("_", 1)[1])
    arguments = " (email?)" if ":email" in query.sql else ""
    row = f" : ({column}?)" if column else ""
    return f"--! {query.name}{arguments}{row}\n{query.sql};\n\n"


def write_migrations(folder, tables):
    folder.mkdir(parents=True, exist_ok=True)
    for name, sql in migrations(tables):
        (folder / name).write_text(sql)


def write_queries(folder, tables, count, render):
    folder.mkdir(parents=True, exist_ok=True)
    for stem, of_file in files(tables, count):
        (folder / f"{stem}.sql").write_text("".join(map(render, of_file)))
