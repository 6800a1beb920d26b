"""Two things measured in turn, so that whatever else the machine does falls on both."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Measure:
    """Medians of one comparison."""

    name: str
    ours: float
    reference: float
    unit: str

    def line(self) -> str:
        """The comparison as a line of JSON."""
        return json.dumps(
            {
                "name": self.name,
                "ours": round(self.ours, 4),
                "reference": round(self.reference, 4),
                "ratio": round(self.ours / self.reference, 2),
                "unit": self.unit,
            }
        )


def seconds(act: Callable[[], object]) -> float:
    """How long one run took."""
    started = perf_counter()
    act()
    return perf_counter() - started


def compare(
    name: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    *,
    rounds: int,
    unit: str = "ms",
    scale: float = 1000,
) -> Measure:
    """Run both in turn `rounds` times after two warm-up rounds. `scale` turns seconds into the unit."""
    pairs = [(seconds(ours), seconds(reference)) for _ in range(rounds + 2)][2:]
    return Measure(name, median(a for a, _ in pairs) * scale, median(b for _, b in pairs) * scale, unit)
