"""The native Postgres that all peers share: private to the run, in memory where there is room."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

from compare.shell import run

# A comparison of clients: the server waits for no disk, and no background work disturbs a round.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    # As the private servers of the tools have it; 1,000 tables are read and dropped in one transaction.
    "max_locks_per_transaction": "1024",
}


def find_binaries():
    """The folder of the server's binaries: XACT_POSTGRES_BIN, or the newest that Debian installed."""
    if named := os.environ.get("XACT_POSTGRES_BIN"):
        return pathlib.Path(named)
    installed = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if installed:
        return installed[-1]
    initdb = shutil.which("initdb")
    if not initdb:
        raise SystemExit("no Postgres: install it, or name the folder of its binaries by XACT_POSTGRES_BIN")
    return pathlib.Path(initdb).resolve().parent


def find_free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A running server."""

    def __init__(self, folder, binaries, port):
        self.folder, self.binaries, self.port = folder, binaries, port

    def url(self, database, host=None, port=None):
        """By the socket, or by TCP if a host is given. All peers understand this form."""
        return f"postgres:///{database}?host={host or self.folder}&port={port or self.port}&user=postgres"

    def tcp_url(self, database):
        """The form with a host before the path, for tools that want one."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def psql(self, database, *arguments, input=None):
        return run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.url(database), *arguments, input=input)

    def create(self, database, *files, template="template0"):
        self.psql("postgres", "-c", f"DROP DATABASE IF EXISTS {database}", "-c", f"CREATE DATABASE {database} TEMPLATE {template}")
        for file in files:
            self.psql(database, "-1", "-f", file)

    def version(self):
        return self.psql("postgres", "-At", "-c", "SHOW server_version").split()[0]


def as_server_account(*command):
    """Postgres does not run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else list(command)


@contextlib.contextmanager
def start_server():
    binaries, port = find_binaries(), find_free_port()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free > 4 << 30 else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="compare", dir=memory))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    try:
        quiet = dict(check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            as_server_account(str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"), **quiet
        )
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items()) + f" -c port={port} -k {folder}"
        control = as_server_account(str(binaries / "pg_ctl"), "-D", str(data), "-l", str(log), "-w")
        subprocess.run([*control, "-o", options, "start"], **quiet)
        try:
            yield Server(folder, binaries, port)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
