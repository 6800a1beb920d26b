"""Why the caseload has more children than are looked after, and the IROs together fewer: in a sentence."""

from collections.abc import Callable, Iterable

from timescales.words import listed

from .looked_after import ALLOCATED, BETWEEN_BREAKS, LOOKED_AFTER, SHORT_BREAKS_ONLY, UNALLOCATED
from .tally import Tally

CARE = ("is_in_care", "is_short_break", "is_allocated")  # what is asked of each child


def difference(children: Tally, say: Callable[[str], str]) -> str:
    """Of a caseload by the columns of CARE; "" where every child in it is looked after and has an IRO."""
    return " ".join(filter(None, [_short_breaks(children, say), _without_iro(children, say)]))


def _short_breaks(children: Tally, say: Callable[[str], str]) -> str:
    """ "Of 453 children in the caseload, 442 are looked-after children: 8 on short breaks … are counted apart." """
    on, between = children.total(SHORT_BREAKS_ONLY), children.total(BETWEEN_BREAKS)
    apart = [f"{on} on short breaks (V3 or V4)"] * bool(on) + [f"{between} between two short breaks"] * bool(between)
    if not apart:
        return ""
    every = f"{children.total({})} child{'' if children.total({}) == 1 else 'ren'} in the caseload"
    return (
        f"Of {every}, {_are(children.total(LOOKED_AFTER), say)}: {listed(apart)} {_be(on + between)} counted apart."
    )


def _are(number: int, say: Callable[[str], str]) -> str:
    return say("1 is {child_looked_after}" if number == 1 else f"{number or 'none'} are {{children_looked_after}}")


def _without_iro(children: Tally, say: Callable[[str], str]) -> str:
    """ "5 of the 442 looked-after children and 1 of the others have no IRO, so 437 are allocated to one." """
    looked_after, none = children.only(LOOKED_AFTER), children.total(UNALLOCATED)
    mine = looked_after.total(UNALLOCATED)
    if not none:
        return ""
    whose = [say(f"{mine} of the {looked_after.total({})} {{children_looked_after}}")] * bool(mine)
    whose += [f"{none - mine} of those on short breaks"] * (none > mine)
    said = f"{listed(whose)} {'has' if none == 1 else 'have'} no IRO"
    with_one = looked_after.total(ALLOCATED)
    return f"{said}, so {with_one} {_be(with_one)} allocated to one." if mine else f"{said}."


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def tally_of_rows(rows: Iterable[object]) -> Tally:
    """The same of rows already read, each bearing the columns of CARE."""
    return Tally(CARE, [(*(getattr(row, name) for name in CARE), 1) for row in rows])
