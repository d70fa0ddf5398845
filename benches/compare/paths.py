"""Where things are."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BENCHES = ROOT / "benches"
PEERS = BENCHES / "peers"
TARGET = BENCHES / "target"
# Tools of peers, installed by cargo and pip.
TOOLS = TARGET / "peers/bin"
VENV = TARGET / "venv/bin"
RELEASE = TARGET / "release"
XACT = ROOT / "target/release/xact"
RESULTS = BENCHES / "results"
# Plots are beside the page of the guide, because a book has no pictures from elsewhere.
PAGE = ROOT / "docs/src/comparison.md"
PLOTS = ROOT / "docs/src/comparison"
