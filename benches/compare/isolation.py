"""`xact prove`, `xact lint`, pgrls and rlsgrid on the reference schema and on mutants of it, each of which has a leak.

Writes a Markdown table: for each mutant, whether the tool reports anything that it does not report of the schema itself.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from compare.install import ISOLATION_PACKAGES, install_python
from compare.paths import RESULTS, ROOT, VENV, XACT

OWN = "(SELECT current_organization_id())"
PINNED = "LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS"
TOOLS = ["`xact prove`", "`xact lint`", *(package.replace("==", " ") for package in ISOLATION_PACKAGES if "==" in package)]
PROVE, LINT, PGRLS, RLSGRID = TOOLS

MUTANTS = {
    "`USING (true)`": "ALTER POLICY bookmarks_customer ON bookmarks USING (true)",
    "`… OR true`": f"ALTER POLICY bookmarks_customer ON bookmarks USING (organization_id = {OWN} OR true)",
    "`WITH CHECK (true)`": "ALTER POLICY bookmarks_customer ON bookmarks WITH CHECK (true)",
    "a column compared with itself": "ALTER POLICY clusters_customer ON clusters USING (organization_id = organization_id)",
    "row-level security disabled": "ALTER TABLE clusters DISABLE ROW LEVEL SECURITY",
    "a second policy for DELETE": "CREATE POLICY more ON clusters FOR DELETE TO customer USING (true)",
    "a helper that does not check the membership": "CREATE OR REPLACE FUNCTION current_organization_id() RETURNS text LANGUAGE sql "
    "STABLE AS $$ SELECT current_setting('app.organization_id', true) $$",
    "a helper for which any membership counts": "CREATE OR REPLACE FUNCTION current_organization_id() RETURNS text STABLE "
    f"{PINNED} $$ SELECT current_setting('app.organization_id', true) FROM public.memberships m "
    "WHERE m.user_id = public.current_user_id() LIMIT 1 $$",
    "rows of a colleague": f"ALTER POLICY personas_customer ON personas USING (organization_id = {OWN})",
    "a helper declared IMMUTABLE": "ALTER FUNCTION current_organization_id() IMMUTABLE",
    "a simple foreign key for a composite one": "ALTER TABLE bookmarks DROP CONSTRAINT bookmarks_organization_id_import_job_id_fkey; "
    "ALTER TABLE bookmarks ADD FOREIGN KEY (import_job_id) REFERENCES import_jobs (id)",
    "a view of the owner": "CREATE VIEW around AS SELECT * FROM bookmarks; GRANT SELECT ON around TO customer",
    "a count in a view of the owner": "CREATE VIEW around AS SELECT count(*) AS n FROM bookmarks; GRANT SELECT ON around TO customer",
    "a materialized view": "CREATE MATERIALIZED VIEW around AS SELECT * FROM bookmarks; GRANT SELECT ON around TO customer",
    "a definer function that reads": f"CREATE FUNCTION around() RETURNS SETOF bookmarks {PINNED} 'SELECT * FROM public.bookmarks'",
    "a definer function that deletes": f"CREATE FUNCTION around(id text) RETURNS void {PINNED} "
    "'DELETE FROM public.bookmarks b WHERE b.id = $1'",
    "`BYPASSRLS`": "ALTER ROLE customer BYPASSRLS",
    "TRUNCATE granted": "GRANT TRUNCATE ON user_preferences TO customer",
    "a table without policies": "CREATE TABLE log (id bigint PRIMARY KEY, organization_id text REFERENCES organizations, "
    "body text NOT NULL); GRANT SELECT ON log TO customer",
    "enum rows that may be changed": "GRANT UPDATE ON theme_enum TO customer",
}


def print_of(*command, **environment):
    """The output of a tool, whatever its exit code: findings are no success."""
    ran = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment or None)
    if not ran.stdout and ran.returncode:
        raise SystemExit(f"{command[0]} printed nothing: {ran.stderr[-500:]}")
    return ran.stdout


def read_document(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return {}


def find_by_pgrls(url):
    linted = read_document(print_of(VENV / "pgrls", "lint", "--format", "json", "--database-url", url))
    listed = linted.get("violations") or linted.get("findings") or [] if isinstance(linted, dict) else linted
    found = {(item.get("severity"), re.sub(r"\s+", " ", str(item))) for item in listed}
    for mode in ("anon", "cross-tenant", "write", "reachability", "escalation"):
        lines = print_of(VENV / "pgrls", "verify", "--mode", mode, "--database-url", url).splitlines()
        found |= {("error", re.sub(r"\s+", " ", line)) for line in lines if " LEAK" in line}
    return found


def check_by_rlsgrid(url, folder):
    configuration = folder / "rlsgrid.toml"
    environment = {"DATABASE_URL": url, "PATH": "/usr/bin:/bin"}
    print_of(VENV / "rlsgrid", "init", "--from-db", "--force", "--out", configuration, **environment)
    checked = print_of(VENV / "rlsgrid", "check", "--json", "--config", configuration, **environment)
    return read_document(checked).get("breaches", [])


def find_by_rlsgrid(url, folder):
    # The tenants of a breach have other ids in each run.
    return {("error", json.dumps([breach.get("table"), breach.get("operation")])) for breach in check_by_rlsgrid(url, folder)}


def find_by_xact(server, folder, command):
    printed = print_of(XACT, "--project", folder, "--server", server.tcp_url("postgres"), "--format", "github", command)
    # A description that is missing is no leak.
    lines = (line for line in printed.splitlines() if line.startswith("::error") and "title=annotation" not in line)
    # The paths are those of the folder.
    return {("error", line.split("title=", 1)[-1]) for line in lines}


def write_project(folder, change):
    for name in ("migrations", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("xact.toml", "schema_annotations.yaml"):
        shutil.copy(ROOT / name, folder)
    if change:
        (folder / "migrations/99999999999999_mutant.up.sql").write_text(change + ";\n")


def create_database(server, folder):
    server.create("isolation", *sorted((folder / "migrations").glob("*.up.sql")))
    return server.tcp_url("isolation")


def find_all(server, change):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, change)
        found = {PROVE: find_by_xact(server, folder, "prove"), LINT: find_by_xact(server, folder, "lint")}
        # Roles belong to the server, so a mutant's attributes of a role end here, before the others see them again.
        url = create_database(server, folder)
        found |= {PGRLS: find_by_pgrls(url), RLSGRID: find_by_rlsgrid(url, folder)}
    server.psql("postgres", "-c", "ALTER ROLE customer NOBYPASSRLS")
    return found


def count_proved(server):
    """The tables of the reference schema that each tool that proves calls isolated, and how many there are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, None)
        proved = print_of(XACT, "--project", folder, "--server", server.tcp_url("postgres"), "prove")
        url = create_database(server, folder)
        verified = print_of(VENV / "pgrls", "verify", "--mode", "cross-tenant", "--database-url", url)
        breaches = len(check_by_rlsgrid(url, folder))
    ours, tables = re.search(r"isolated: (\d+) of (\d+) tables", proved).groups()
    return tables, {PROVE: ours, LINT: "–", PGRLS: re.search(r"(\d+) proven isolated", verified).group(1), RLSGRID: "–"}, breaches


def render_line(name, cells):
    return f"| {name} | {' | '.join(str(cells[tool]) for tool in TOOLS)} |"


def run_isolation(server, _results, options):
    install_python(ISOLATION_PACKAGES)
    base = find_all(server, None)
    tables, proved, breaches = count_proved(server)
    errors = {tool: sum(severity == "error" for severity, _ in base[tool]) for tool in TOOLS} | {RLSGRID: breaches}
    lines = [f"| | {' | '.join(TOOLS)} |", f"| --- |{' --- |' * len(TOOLS)}"]
    lines += [render_line("errors on the schema without a leak", errors), render_line(f"tables proved, of {tables}", proved)]
    mutants = dict(list(MUTANTS.items())[:2]) if options.quick else MUTANTS
    killed = dict.fromkeys(TOOLS, 0)
    for name, change in mutants.items():
        found = find_all(server, change)
        new = {tool: bool(found[tool] - base[tool]) for tool in TOOLS}
        killed = {tool: killed[tool] + new[tool] for tool in TOOLS}
        lines.append(render_line(name, {tool: "found" if new[tool] else "–" for tool in TOOLS}))
        print(f"  {lines[-1]}", flush=True)
    lines.append(render_line(f"found, of {len(mutants)}", killed))
    if not options.quick:
        (RESULTS / "isolation.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
