"""The aims of xact, each as a ratio that a run measures."""

import dataclasses
import statistics
from typing import Callable

XACT = "xact"
MIGRATED = "xact, migrated"


@dataclasses.dataclass
class Aim:
    """A ratio, and the most that it may be."""

    axis: str
    text: str
    most: float
    # Gives the ratio of each round, of no round if it was not measured.
    measure: Callable
    # Shown where the aim is not met.
    reason: str = ""


def relative(axis, case, base, mine=XACT):
    """The time of xact as a multiple of a peer's."""
    return lambda results: results.ratios(axis, case, mine, base)


def relative_to_best(axis, case, mine=XACT, among=None):
    """The time of xact as a multiple of the fastest peer's."""

    def measure(results):
        ratios = [
            results.ratios(axis, case, mine, entry.peer)
            for entry in results.of_axis(axis)
            if entry.case == case and not entry.peer.startswith("xact") and (among is None or entry.peer in among)
        ]
        return max(filter(None, ratios), key=statistics.median, default=[])

    return measure


def seconds(axis, case, limit, peer=XACT):
    """A time as a multiple of the limit."""
    return lambda results: [value / limit for value in results.values(axis, case, peer)]


def memory(axis, case, limit_kib):
    def measure(results):
        entry = results.series.get((axis, case, XACT))
        return [entry.grown_kib / limit_kib] if entry and entry.grown_kib is not None else []

    return measure


def linear(axis, small, large, factor):
    """How much longer the larger project takes, as a multiple of how much larger it is."""

    def measure(results):
        a, b = results.median(axis, small, XACT), results.median(axis, large, XACT)
        return [b / a / factor] if a and b else []

    return measure


MAIN = "100 tables, 1000 queries"
SOCKET, LATENCY = "runtime socket", "runtime tcp_half_ms"
ASKS_POSTGRES = ("clorinde", "cornucopia", "sqlc, with database")

MIGRATES = "migrates a database of its own and loads schema.sql back in the measured time; the peers find a migrated one; the profile is below"
STARTS = "starts a Postgres of its own in the measured time; the peers find one that runs; the profile is below"
DRIVER = "the driver is sqlx, and hand-written sqlx takes the same time"
LOOKS_UP = "the server looks up the children of each parent by the index; two statements read them all at once"
THREE_TRIPS = (
    "tokio-postgres, pipelined, sends COMMIT before it has the row; xact commits after it has checked the row, in three round trips, "
    "and resets the session in the first"
)
COPIES = "Postgres copies one database and drops another for each test; a template by hand waits for the same and for two connections more"
CONNECTS = "the process connects twice and Postgres starts a backend for each: to the server and to its database; both read their catalogs"
TYPES = "each table has an id with its traits, each query a row and a future of it; the profile is below"
ROWS = "each row passes through sqlx's stream and is a row of sqlx before it is decoded; the profile is below"

AIMS = [
    *[
        Aim("generation", f"{case}, migrated: the fastest of those that ask Postgres", 1.0, relative_to_best("generation", case, MIGRATED, ASKS_POSTGRES), STARTS)
        for case in (MAIN, "1000 tables, 1000 queries", "5000 tables, 5000 queries")
    ],
    Aim("generation", "server up, with its migrations: of the fastest of those that ask Postgres", 1.0, relative_to_best("generation", MAIN, among=ASKS_POSTGRES), MIGRATES),
    Aim("generation", "cold, with own server: of sqlc's time with its server up", 1.5, relative("generation", MAIN, "sqlc, with database", "xact, own server"), MIGRATES),
    Aim("generation", "5,000 tables and queries: linear from 1,000", 1.2, linear("generation", "1000 tables, 1000 queries", "5000 tables, 5000 queries", 5)),
    Aim("incremental", "nothing changed: of 30 ms", 1.0, seconds("incremental", "nothing changed", 0.030)),
    Aim("incremental", "one query changed: of 150 ms", 1.0, seconds("incremental", "one query changed", 0.150, "xact, own server")),
    Aim("incremental", "watch, save to written: of 150 ms", 1.0, seconds("incremental", "watch, save to written", 0.150)),
    Aim("compile", "`cargo check`: of the better peer", 0.25, relative_to_best("compile", "cargo check, 1000 queries"), TYPES),
    Aim("compile", "`cargo build`: of the better peer", 1 / 6, relative_to_best("compile", "cargo build, 1000 queries"), TYPES),
    *[
        Aim("single", f"{case}, {place}: of hand-written sqlx", 1.0, relative(axis, case, "sqlx"), DRIVER)
        for axis, place in ((SOCKET, "socket"), ("runtime tcp", "TCP"), (LATENCY, "TCP, 0.5 ms"))
        for case in ("read", "insert", "update")
    ],
    *[Aim("single", f"{case}, socket: of the best", 1.03, relative_to_best(SOCKET, case), DRIVER) for case in ("read", "insert", "update")],
    Aim("scoped transaction", "socket: of the best", 1.0, relative_to_best(SOCKET, "scope"), THREE_TRIPS),
    Aim("scoped transaction", "TCP, 0.5 ms: of the best", 1.0, relative_to_best(LATENCY, "scope"), THREE_TRIPS),
    Aim("scoped transaction", "read-only, TCP, 0.5 ms: of the best", 1.0, relative_to_best(LATENCY, "scope", "xact, read-only"), THREE_TRIPS),
    *[
        Aim("many rows", f"{case.removeprefix('rows_')}: of `query_as`", 1 / 1.35, relative(SOCKET, case, "sqlx"), ROWS)
        for case in ("rows_100x4", "rows_100x20", "rows_10000x4", "rows_10000x20")
    ],
    *[
        Aim("many rows", f"{case.removeprefix('rows_')}: of tokio-postgres", 1.0, relative(SOCKET, case, "tokio-postgres"), ROWS)
        for case in ("rows_10000x4", "rows_10000x20", "stream")
    ],
    Aim("many rows", "stream of 1 M: memory, of 8 MiB", 1.0, memory(SOCKET, "stream", 8192)),
    Aim("related rows", "100 × 20: of the best", 1.0, relative_to_best(SOCKET, "related"), LOOKS_UP),
    Aim("bulk", "100,000 rows by `:copy`: of psql `\\copy`", 1.3, relative(SOCKET, "bulk_100000", "psql \\copy")),
    Aim("test database", "50 migrations, each test: of `#[sqlx::test]`", 0.1, relative("test database", "50 migrations, each test", "#[sqlx::test]"), COPIES),
    Aim("test database", "first test of a process: of 5 ms", 1.0, seconds("test database", "50 migrations, first test of a process", 0.005), CONNECTS),
    Aim("schema", "dump of 1,000 tables: of pg_dump", 2.0, relative("schema", "dump alone, 1000 tables", "pg_dump")),
]
