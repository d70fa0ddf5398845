"""The parts of the comparison that need no server: `python3 -m unittest discover benches/tests`."""

import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from compare import plots, project, tables
from compare.aims import Aim
from compare.results import Results


class Ratios(unittest.TestCase):
    def test_a_busy_round_falls_on_both_sides(self):
        results = Results()
        for ours, theirs in ((1.0, 2.0), (10.0, 20.0), (1.0, 2.0), (100.0, 300.0)):
            results.add("a", "c", "xact", ours)
            results.add("a", "c", "peer", theirs)
        self.assertEqual(results.ratio("a", "c", "peer", "xact"), 2.0)

    def test_a_missing_peer_has_no_ratio(self):
        results = Results()
        results.add("a", "c", "xact", 1.0)
        results.miss("a", "c", "peer", "does not build")
        self.assertIsNone(results.ratio("a", "c", "peer", "xact"))

    def test_results_survive_their_file(self):
        results = Results()
        results.add("a", "c", "xact", 1.0, grown_kib=7)
        results.miss("a", "c", "peer", "does not build")
        self.assertEqual(Results.from_json(results.as_json()).series, results.series)


class Aims(unittest.TestCase):
    def judge(self, ratios, reason=""):
        return tables.judge(Aim("a", "text", 1.0, None, reason), ratios)

    def test_the_median_decides(self):
        self.assertEqual(self.judge([0.9, 1.0, 5.0], "slow"), "met")
        self.assertEqual(self.judge([1.1, 1.2, 1.3, 1.4], "slow"), "not met; slow")
        self.assertEqual(self.judge([]), "")

    def test_a_run_that_cannot_tell_says_so_and_hides_no_reason(self):
        self.assertEqual(self.judge([0.9, 0.9, 1.1, 1.1, 1.1], "slow"), "within the spread, 0.90 to 1.10; slow")

    def test_one_round_has_no_spread(self):
        self.assertEqual(self.judge([1.1]), "not met")


class Projects(unittest.TestCase):
    def test_every_rendering_has_every_query_and_parameter(self):
        for query in project.queries(8, 64):
            names = {name for name, _ in query.parameters}
            self.assertEqual(set(re.findall(r"(?<!:):(\w+)", query.sql)), names, query.name)
            numbers = set(re.findall(r"\$(\d+)", project.render_sqlc(query)))
            self.assertEqual(len(numbers), len(names), query.name)
            self.assertIn(query.name, project.render_xact(query))
            self.assertIn(query.name, project.render_cornucopia(query))

    def test_each_table_is_queried_in_more_than_one_way(self):
        kinds = {}
        for query in project.queries(10, 100):
            kinds.setdefault(re.search(r"item_\d+", query.sql).group(), set()).add(query.name.split("_", 1)[1])
        self.assertEqual(len(kinds), 10)
        self.assertTrue(all(len(of_table) > 1 for of_table in kinds.values()), kinds)


class Pages(unittest.TestCase):
    def test_only_the_results_of_a_page_change(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text(f"before\n\n{tables.BEGIN}old\n{tables.END}\nafter\n")
            tables.put_into_page(page, "new")
            tables.put_into_page(page, "newer")
            self.assertEqual(page.read_text(), f"before\n\n{tables.BEGIN}\nnewer\n{tables.END}\nafter\n")

    def test_a_bar_that_is_cut_says_so(self):
        drawn = plots.draw_bars("title", "note", [("xact", 1.0, "1 s", True), ("slow", 100.0, "100 s", False)])
        self.assertIn("100 s (bar cut)", drawn)
        self.assertNotIn("1 s (bar cut)", drawn.replace("100 s (bar cut)", ""))


if __name__ == "__main__":
    unittest.main()
