"""Measured times: one series for each case of each peer, and the ratios between them."""

import dataclasses
import statistics


@dataclasses.dataclass
class Series:
    """The times of one peer in one case: one value for each round, in seconds (or in bytes, where `unit` says so)."""

    axis: str
    case: str
    peer: str
    values: list = dataclasses.field(default_factory=list)
    unit: str = "s"
    grown_kib: int | None = None
    # Why there are no values.
    missing: str | None = None

    @property
    def median(self):
        return statistics.median(self.values) if self.values else None

    @property
    def spread(self):
        """Half of the distance between the quartiles, relative to the median."""
        if len(self.values) < 3 or not self.median:
            return None
        low, _, high = statistics.quantiles(self.values, n=4)
        return (high - low) / 2 / self.median


class Results:
    """All series of a run. Those of one case and one round were measured right after each other."""

    def __init__(self):
        self.series = {}

    def entry(self, axis, case, peer, unit="s"):
        return self.series.setdefault((axis, case, peer), Series(axis, case, peer, unit=unit))

    def add(self, axis, case, peer, value, unit="s", grown_kib=None):
        entry = self.entry(axis, case, peer, unit)
        entry.values.append(value)
        if grown_kib is not None:
            entry.grown_kib = max(grown_kib, entry.grown_kib or 0)

    def miss(self, axis, case, peer, reason):
        self.entry(axis, case, peer).missing = str(reason)[:300]

    def axes(self):
        return list(dict.fromkeys(entry.axis for entry in self.series.values()))

    def of_axis(self, axis):
        return [entry for entry in self.series.values() if entry.axis == axis]

    def values(self, axis, case, peer):
        entry = self.series.get((axis, case, peer))
        return entry.values if entry else []

    def median(self, axis, case, peer):
        values = self.values(axis, case, peer)
        return statistics.median(values) if values else None

    def ratios(self, axis, case, peer, base):
        """How many times as long as `base` a peer took, one ratio for each round, because a loaded moment of the machine falls on all
        peers of a round; none if one of them was not measured."""
        one, other = self.series.get((axis, case, peer)), self.series.get((axis, case, base))
        if not (one and other and one.values and other.values):
            return []
        if len(one.values) == len(other.values):
            return [a / b for a, b in zip(one.values, other.values)]
        return [one.median / other.median]

    def ratio(self, axis, case, peer, base):
        """The median of the ratios of the rounds."""
        ratios = self.ratios(axis, case, peer, base)
        return statistics.median(ratios) if ratios else None

    def as_json(self):
        return [
            dataclasses.asdict(entry) | {"median": entry.median, "spread": entry.spread} for entry in self.series.values()
        ]

    @classmethod
    def from_json(cls, entries):
        results = cls()
        for entry in entries:
            fields = {name: entry.get(name) for name in ("axis", "case", "peer", "values", "unit", "grown_kib", "missing")}
            results.series[entry["axis"], entry["case"], entry["peer"]] = Series(**fields)
        return results
