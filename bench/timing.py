"""Things measured in turn, so that whatever else the machine does falls on all of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

WARM_UP = 2  # rounds that do not count
HEADINGS = ("measure", "ours", "reference", "ratio", "goal", "")


@dataclass(frozen=True)
class Measure:
    """Medians of one comparison; the goal is the most that ours may be of the reference, if there is one."""

    name: str
    ours: float
    reference: float
    unit: str
    goal: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.reference

    def line(self) -> str:
        """The comparison as a line of JSON."""
        return json.dumps(
            {
                "name": self.name,
                "ours": round(self.ours, 4),
                "reference": round(self.reference, 4),
                "ratio": round(self.ratio, 2),
                "unit": self.unit,
                "goal": self.goal,
            }
        )

    def row(self) -> tuple[str, ...]:
        """The comparison as cells for people."""
        verdict = "" if self.goal is None else "ok" if self.ratio <= self.goal else "MISSED"
        goal = "" if self.goal is None else f"{self.goal:.1f}"
        ours, reference = f"{self.ours:.1f} {self.unit}", f"{self.reference:.1f} {self.unit}"
        return self.name, ours, reference, f"{self.ratio:.2f}", goal, verdict


def table(measures: Sequence[Measure]) -> str:
    """All measures under their headings, the names to the left and the numbers to the right."""
    rows = [HEADINGS, *(measure.row() for measure in measures)]
    first, *others = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numbers = [zip(row[1:], others, strict=True) for row in rows]
    return "\n".join(
        "  ".join([row[0].ljust(first), *(cell.rjust(width) for cell, width in cells)])
        for row, cells in zip(rows, numbers, strict=True)
    )


def seconds(act: Callable[[], object]) -> float:
    """How long one run took."""
    started = perf_counter()
    act()
    return perf_counter() - started


def in_turn(*acts: Callable[[], object], rounds: int) -> list[float]:
    """The median seconds of each act, all run in turn `rounds` times."""
    taken = [[seconds(act) for act in acts] for _ in range(rounds + WARM_UP)][WARM_UP:]
    return [median(times) for times in zip(*taken, strict=True)]
