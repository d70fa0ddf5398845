"""Reads, writes, scoped transactions, many rows, related rows and bulk: every peer is a process that answers on its standard
output, and in each round each case runs on all of them, one right after the other."""

import json
import statistics
import subprocess
import tempfile
import time

from compare.paths import PEERS, RELEASE, VENV
from compare.shell import Failed

# The peers with the variants of a case that they have besides the plain one.
RUST = {
    "xact": {"scope": ["read-only"], "bulk_10": [":batch"], "bulk_1000": [":batch"], "bulk_100000": [":batch"]},
    "sqlx": {"scope": ["begin_with", "begin_with, no ping"]},
    "tokio-postgres": {"scope": ["pipelined"]},
    "clorinde": {},
    "diesel": {},
    "sea-orm": {},
}
PYTHON = {"sqlalchemy asyncpg": "asyncpg", "sqlalchemy psycopg": "psycopg"}

# The case, how often it runs in a round, and how often in a round of --quick.
SINGLE = {"read": (300, 50), "insert": (300, 50), "update": (300, 50), "scope": (200, 40)}
ROWS = {"rows_100x4": (60, 5), "rows_100x20": (40, 5), "rows_10000x4": (8, 1), "rows_10000x20": (4, 1)}
MORE = {"stream": (1, 1), "related": (30, 3), "bulk_10": (40, 4), "bulk_1000": (10, 1), "bulk_100000": (1, 0)}
# A case that takes a peer longer than this runs in its first round only.
LONGEST_SECONDS = 5
GROUPS = 10
DELAY_MICROSECONDS = 250
TRANSPORTS = {"socket": SINGLE | ROWS | MORE, "tcp": SINGLE, "tcp_half_ms": SINGLE}
# With latency each run takes milliseconds, and varies little.
FEWER_WITH_LATENCY = 5


class Peer:
    """A process that runs cases."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.skipped = set()

    def ask(self, case, count):
        self.process.stdin.write(f"{case}\t{count}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} ended in case {case}")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


def start_peers(url, names):
    peers = []
    for name in RUST:
        if not names or name in names:
            peers.append(Peer(name, [RELEASE / f"peer-{name}", url]))
    for name, driver in PYTHON.items():
        if not names or name in names:
            peers.append(Peer(name, [VENV / "python", PEERS / "sqlalchemy/peer.py", url, driver]))
    return peers


def run_runtime(server, results, options):
    server.create("bench", PEERS / "xact/migrations/1_bench.up.sql")
    events = 20_000 if options.quick else 1_000_000
    server.psql("bench", "-v", f"events={events}", "-f", PEERS / "xact/rows.sql")
    for transport, cases in TRANSPORTS.items():
        with open_transport(server, transport) as url:
            peers = start_peers(url, options.peers)
            try:
                run_rounds(server, results, peers, transport, cases, options)
            finally:
                for peer in peers:
                    peer.stop()
    if not options.peers:
        copy_by_psql(server, results, options)


class open_transport:
    """The URL of a transport; the one with latency has a proxy in between."""

    def __init__(self, server, transport):
        self.server, self.transport, self.proxy = server, transport, None

    def __enter__(self):
        if self.transport == "socket":
            return self.server.url("bench")
        if self.transport == "tcp":
            return self.server.url("bench", host="127.0.0.1")
        target = f"127.0.0.1:{self.server.port}"
        command = [RELEASE / "delay", target, str(DELAY_MICROSECONDS)]
        self.proxy = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        return self.server.url("bench", host="127.0.0.1", port=int(self.proxy.stdout.readline()))

    def __exit__(self, *_):
        if self.proxy:
            self.proxy.kill()
            self.proxy.wait()


def run_rounds(server, results, peers, transport, cases, options):
    # One round more: the first prepares statements and fills caches, and is not counted.
    for round_number in range(options.rounds + 1):
        for case, (count, quick) in cases.items():
            count = quick if options.quick else count
            if transport == "tcp_half_ms":
                count = max(count // FEWER_WITH_LATENCY, 1)
            if count > 0:
                run_case(results, peers, transport, case, count, round_number)
            if case.startswith("bulk"):
                server.psql("bench", "-c", "TRUNCATE loads")
        print(f"  {transport}: round {round_number} of {options.rounds}", flush=True)


def run_case(results, peers, transport, case, count, round_number):
    """One value for each peer and variant: the median of all its runs in a round.

    The runs of a peer are in several groups, between which the others have theirs: a short case would otherwise be over within one
    time slice, and whatever else the machine did in it would decide.
    """
    groups = GROUPS if count >= 2 * GROUPS else 1
    times = {}
    for group in range(groups):
        # Each peer is the first in some groups, and each comes after each other.
        turn = (round_number * groups + group) % len(peers)
        for peer in peers[turn:] + peers[:turn]:
            for variant in [None, *RUST.get(peer.name, {}).get(case, [])]:
                label = peer.name if variant is None else f"{peer.name}, {variant}"
                answer = ask_timed(results, peer, transport, case, variant, label, count // groups)
                if answer:
                    times.setdefault(label, []).append(answer)
    for label, answers in times.items():
        all_runs = [nanoseconds for answer in answers for nanoseconds in answer["ns"]]
        # The uncounted round is the only one of a case that takes very long.
        if round_number > 0 or any(answer["slow"] for answer in answers):
            grown = max(answer["grown_kib"] for answer in answers)
            results.add(f"runtime {transport}", case, label, statistics.median(all_runs) / 1e9, grown_kib=grown)


def ask_timed(results, peer, transport, case, variant, label, count):
    if (case, variant) in peer.skipped:
        return None
    start = time.perf_counter()
    answer = peer.ask(case if variant is None else f"{case}/{variant}", count)
    answer["slow"] = time.perf_counter() - start > LONGEST_SECONDS
    if answer["slow"] or "ns" not in answer:
        peer.skipped.add((case, variant))
    if "ns" not in answer:
        results.miss(f"runtime {transport}", case, label, answer.get("error") or "has no such case")
        return None
    return answer


def copy_by_psql(server, results, options):
    """The same rows as the peers insert, by `\\copy` of a file with binary data."""
    axis = "runtime socket"
    for rows in (10, 1_000, 100_000):
        case = f"bulk_{rows}"
        if (axis, case, "xact") not in results.series:
            continue
        with tempfile.NamedTemporaryFile(suffix=".copy") as file:
            made = (
                "SELECT n, timestamptz 'epoch', 'note ' || n, CASE WHEN n % 2 = 0 THEN repeat('Words.', 10) END "
                f"FROM generate_series(1::bigint, {rows}) n"
            )
            server.psql("bench", "-c", f"\\copy ({made}) TO {file.name} (FORMAT binary)")
            copy = f"\\timing on\n\\copy loads FROM {file.name} (FORMAT binary)\n\\timing off\nROLLBACK TO SAVEPOINT empty;\n"
            printed = server.psql("bench", input="BEGIN; SAVEPOINT empty;\n" + copy * (options.rounds + 1))
            times = [float(line.split()[1]) / 1e3 for line in printed.splitlines() if line.startswith("Time: ")]
            for seconds in times[1:]:
                results.add(axis, case, "psql \\copy", seconds)
            server.psql("bench", "-c", "TRUNCATE loads")
