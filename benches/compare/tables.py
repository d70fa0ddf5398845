"""The tables in Markdown: the aims with their measured ratios, and all times."""

import statistics

from compare.aims import AIMS

TITLES = {
    "read": "read by primary key",
    "insert": "insert",
    "update": "update",
    "scope": "scoped transaction: begin, role, two settings, one read, commit",
    "rows_100x4": "100 rows of 4 columns",
    "rows_100x20": "100 rows of 20 columns",
    "rows_10000x4": "10,000 rows of 4 columns",
    "rows_10000x20": "10,000 rows of 20 columns",
    "stream": "stream of a million rows",
    "related": "100 parents with 20 children each",
    "bulk_10": "10 new rows",
    "bulk_1000": "1,000 new rows",
    "bulk_100000": "100,000 new rows",
}
AXES = {
    "runtime socket": "Run time, by a socket",
    "runtime tcp": "Run time, by TCP on the same machine",
    "runtime tcp_half_ms": "Run time, by TCP with 0.5 ms for a round trip",
    "generation": "Generation of everything",
    "incremental": "Generation after a change, 100 tables and 1,000 queries",
    "compile": "Compiling 1,000 queries",
    "test database": "Databases for tests",
    "schema": "Schema",
}


def format_value(value, unit="s"):
    if value is None:
        return "–"
    if unit == "B":
        return f"{value / 1e6:.1f} MB"
    for factor, name in ((1, "s"), (1e3, "ms")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {name}"
    return f"{value * 1e6:.3g} µs"


def render_aims(results):
    lines = ["| axis | aim | at most | measured | |", "| --- | --- | --- | --- | --- |"]
    for aim in AIMS:
        ratios = aim.measure(results)
        shown = f"{statistics.median(ratios):.2f}" if ratios else "not measured"
        lines.append(f"| {aim.axis} | {aim.text} | {aim.most:.2f} | {shown} | {judge(aim, ratios)} |")
    return "\n".join(lines)


def judge(aim, ratios):
    """Whether the aim is met; a run that cannot tell says so."""
    if not ratios:
        return ""
    if statistics.median(ratios) <= aim.most:
        return "met"
    return "; ".join(filter(None, [judge_missed(aim, ratios), aim.reason]))


def judge_missed(aim, ratios):
    """That the median is not met, or that a quarter of the rounds or more meet the aim all the same."""
    if len(ratios) > 2:
        low, _, high = statistics.quantiles(ratios, n=4)
        if low <= aim.most:
            return f"within the spread, {low:.2f} to {high:.2f}"
    return "not met"


def render_axis(results, axis, run):
    """One table: a line for each peer in each case, with its ratio to xact's first line of the case."""
    lines = ["| case | peer | median | spread | × xact | memory |", "| --- | --- | --- | --- | --- | --- |"]
    entries = results.of_axis(axis)
    for case in dict.fromkeys(entry.case for entry in entries):
        for entry in (entry for entry in entries if entry.case == case):
            lines.append(render_line(results, axis, case, entry))
    made = f"{run['date']}, {run['rounds']} rounds, load before the run {run['load']}"
    return f"### {AXES.get(axis, axis)}\n\n{made}\n\n" + "\n".join(lines)


def render_line(results, axis, case, entry):
    title = TITLES.get(case, case)
    if not entry.values:
        return f"| {title} | {entry.peer} | {entry.missing} | | | |"
    spread = "" if entry.spread is None else f"± {entry.spread:.0%}"
    ratio = results.ratio(axis, case, entry.peer, "xact")
    ratio = "" if ratio is None or entry.peer == "xact" else f"{ratio:.2f}"
    memory = "" if entry.grown_kib is None else f"{entry.grown_kib / 1024:.1f} MiB"
    return f"| {title} | {entry.peer} | {format_value(entry.median, entry.unit)} | {spread} | {ratio} | {memory} |"


def render_about(about):
    machine, versions = about["machine"], about["versions"]
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"On {machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}, with\n{listed}."
    )


def render_all(about, results, plots):
    pictures = "\n\n".join(plots)
    axes = "\n\n".join(render_axis(results, axis, about["runs"][axis]) for axis in AXES if axis in results.axes())
    return f"{render_about(about)}\n\n## Aims\n\n{render_aims(results)}\n\n## Times\n\n{pictures}\n\n{axes}\n"


BEGIN, END = "<!-- results: written by `benches/run` -->\n", "<!-- end of results -->"


def put_into_page(page, rendered):
    """Replaces the results between the two comments of the guide's page."""
    text = page.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{rendered}\n{END}{after}")
