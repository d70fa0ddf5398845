"""Bar charts as SVG, with colours for light and dark backgrounds."""

import html

from compare.tables import AXES, TITLES, format_value

WIDTH, LABEL, BAR, GAP, TOP = 760, 210, 20, 8, 58
# The longest bar, as a multiple of ours.
LONGEST = 5
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.note { font-size: 12px; fill: #59636e }
.peer { fill: #b6c2cf }
.own { fill: #1f6feb }
.rule { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .note { fill: #9198a1 } .peer { fill: #4b5561 } .own { fill: #4493f8 } .rule { stroke: #3d444d }
}
"""
# The file, the axis, the case, and the title where the case's name does not say it.
PLOTS = [
    ("generation", "generation", "100 tables, 1000 queries", "Generating 1,000 queries over 100 tables"),
    ("compile_check", "compile", "cargo check, 1000 queries", "cargo check of 1,000 queries"),
    ("compile_build", "compile", "cargo build, 1000 queries", "cargo build of 1,000 queries"),
    ("one_query", "incremental", "one query changed", "One of 1,000 queries changed"),
    ("read", "runtime socket", "read", None),
    ("scope", "runtime socket", "scope", "A scoped transaction"),
    ("scope_latency", "runtime tcp_half_ms", "scope", "A scoped transaction, 0.5 ms for a round trip"),
    ("rows", "runtime socket", "rows_10000x4", None),
    ("related", "runtime socket", "related", None),
    ("bulk", "runtime socket", "bulk_100000", None),
    ("test_database", "test database", "50 migrations, each test", "A database for each test, 50 migrations"),
]


def draw_bars(title, note, bars):
    """`bars` are a name, a value, a text and whether it is ours, in the order in which they are drawn."""
    height = TOP + len(bars) * (BAR + GAP) + 12
    own = [value for _, value, _, own in bars if own]
    # One peer that takes a hundred times as long would leave no room for the others; its bar is cut, and says so.
    most = min(max(value for _, value, _, _ in bars), LONGEST * max(own, default=float("inf")))
    room = WIDTH - LABEL - 140
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        f"<title>{html.escape(title)}</title><style>{STYLE}</style>",
        f'<text class="title" x="12" y="24">{html.escape(title)}</text>',
        f'<text class="note" x="12" y="43">{html.escape(note)}</text>',
        f'<line class="rule" x1="{LABEL}" x2="{LABEL}" y1="{TOP - 4}" y2="{height - 12}"/>',
    ]
    for index, (name, value, text, own) in enumerate(bars):
        y = TOP + index * (BAR + GAP)
        width = max(min(value / most, 1) * room, 2)
        text += " (bar cut)" if value > most else ""
        kind = "own" if own else "peer"
        parts.append(f'<text x="{LABEL - 10}" y="{y + 15}" text-anchor="end">{html.escape(name)}</text>')
        parts.append(f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" rx="3"/>')
        parts.append(f'<text x="{LABEL + width + 8:.1f}" y="{y + 15}">{html.escape(text)}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def write_plots(about, results, folder):
    """Returns a line of Markdown for each plot that it could draw."""
    lines = []
    for stem, axis, case, title in PLOTS:
        entries = [entry for entry in results.of_axis(axis) if entry.case == case and entry.values]
        if len(entries) < 2:
            continue
        entries.sort(key=lambda entry: entry.median)
        bars = [
            (entry.peer, entry.median, format_value(entry.median, entry.unit), entry.peer.startswith("xact")) for entry in entries
        ]
        title = title or f"{TITLES.get(case, case)}".capitalize()
        note = f"{AXES[axis].lower()}; median of {len(entries[0].values)} rounds, {about['runs'][axis]['date']}; shorter is better"
        (folder / f"{stem}.svg").write_text(draw_bars(title, note, bars))
        lines.append(f"![{title}]({folder.name}/{stem}.svg)")
    return lines
