"""Generation: all queries, nothing changed, one query changed, one migration added, and a save under `--watch`."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from compare import project, tools
from compare.shell import Failed, timed, timed_with_memory

# Tables and queries.
SIZES = [(10, 10), (100, 100), (100, 1000), (1000, 1000), (5000, 5000)]
QUICK_SIZES = [(10, 10), (100, 100)]
# The size that the aims name.
MAIN_SIZE = (100, 1000)
WATCH_SECONDS = 60


def migrate(server, database, tables):
    server.create(database)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write("".join(sql for _, sql in project.migrations(tables)))
        file.flush()
        # The server's account need not read it: psql does.
        server.psql(database, "-f", file.name)


def make_tools(folder, server, tables, queries, results, axis, names):
    made = []
    for kind in tools.ALL:
        if names and kind.name.split(",")[0] not in names:
            continue
        case = f"{tables} tables, {queries} queries"
        try:
            tool = kind(folder / kind.name.replace(" ", "_").replace(",", ""), server, "generation", tables, queries)
            timed(*tool.command(), cwd=tool.folder, **tool.environment())
            made.append(tool)
        except (Failed, OSError, subprocess.TimeoutExpired) as error:
            results.miss(axis, case, kind.name, error)
    return made


def run_generation(server, results, options):
    sizes = QUICK_SIZES if options.quick else [size for size in SIZES if not options.sizes or "{}x{}".format(*size) in options.sizes]
    for tables, queries in sizes:
        with tempfile.TemporaryDirectory(prefix="generation") as name:
            migrate(server, "generation", tables)
            made = make_tools(Path(name), server, tables, queries, results, "generation", options.peers)
            # The large sizes show that time and memory grow in proportion; they need no small spread.
            rounds = options.rounds if queries <= 1000 and tables <= 100 else min(options.rounds, 3)
            generate_all(results, made, f"{tables} tables, {queries} queries", rounds)
            if (tables, queries) == (MAIN_SIZE if not options.quick else QUICK_SIZES[-1]):
                generate_changes(server, results, made, rounds)


def generate_all(results, made, case, rounds):
    for round_number in range(rounds):
        turn = round_number % max(len(made), 1)
        for tool in made[turn:] + made[:turn]:
            tool.forget()
            seconds, kib = timed_with_memory(*tool.command(), cwd=tool.folder, **tool.environment())
            results.add("generation", case, tool.name, seconds, grown_kib=kib)
        print(f"  generation of {case}: round {round_number + 1} of {rounds}", flush=True)


def generate_changes(server, results, made, rounds):
    for tool in made:
        # Once more: the first run of a tool fills its caches.
        timed(*tool.command(), cwd=tool.folder, **tool.environment())
    for round_number in range(rounds):
        for tool in made:
            run = lambda: timed(*tool.command(), cwd=tool.folder, **tool.environment())
            results.add("incremental", "nothing changed", tool.name, run())
            tool.edit_query()
            results.add("incremental", "one query changed", tool.name, run())
    for tool in made:
        if isinstance(tool, tools.Xact):
            watch(results, tool, rounds)
    for round_number in range(min(rounds, 3)):
        for tool in made:
            tool.add_migration(round_number)
            added = f"ALTER TABLE {project.table_name(0)} ADD COLUMN IF NOT EXISTS added_{round_number} integer"
            start = time.perf_counter()
            # Migrating the database is a part of the work, whoever does it.
            if tool.needs_database:
                server.psql("generation", "-c", added)
            timed(*tool.command(), cwd=tool.folder, **tool.environment())
            results.add("incremental", "one migration added", tool.name, time.perf_counter() - start)


def watch(results, tool, rounds):
    """From the save of a query file to the change of its module."""
    command = [str(part) for part in [*tool.command(), "--watch"]]
    environment = {name: str(value) for name, value in tool.environment().items()}
    process = subprocess.Popen(command, cwd=tool.folder, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        module = sorted((tool.folder / "src/orm").glob("file_*.rs"))[0]
        time.sleep(8)
        for _ in range(rounds):
            before = module.read_bytes()
            start = time.perf_counter()
            tool.edit_query()
            while module.read_bytes() == before:
                if time.perf_counter() - start > WATCH_SECONDS:
                    raise Failed(f"{tool.name}: no change after {WATCH_SECONDS} s")
                time.sleep(0.002)
            results.add("incremental", "watch, save to written", tool.name, time.perf_counter() - start)
            # Longer than the tool waits for further saves.
            time.sleep(1)
    except Failed as error:
        results.miss("incremental", "watch, save to written", tool.name, error)
    finally:
        process.terminate()
        process.wait(timeout=30)
