"""Names, birth, sex and pupil number: taken where nothing was said here otherwise."""

from children.models import Child
from children.services import Batch, add_children, folded

from ...checking import Bad
from ...feeds.checking import ChildSaid
from .rows import FedRow, Taking

DETAILS = ("given_name", "family_name", "date_of_birth", "sex", "upn")
NOT_TOLD = ("", "U")


def new_child(taking: Taking, said: ChildSaid) -> Child:
    """A child no row told of before, not saved yet."""
    return Child(
        authority=taking.authority, reference=said.reference, **{name: getattr(said, name) for name in DETAILS}
    )


def take_details(taking: Taking, row: FedRow, batch: Batch[Child]) -> None:
    """Change what the file changed, or what nobody had said; list what differs. Raises Bad for a birth after care."""
    changes = {}
    for name in DETAILS:
        said, held = getattr(row.said, name), getattr(row.child, name)
        if said == held or said in NOT_TOLD:
            continue
        if held in NOT_TOLD or row.was(name, str(held)):
            changes[name] = said
        else:
            taking.differ(row, name, str(said), "Something else is held here, from a return or typed by somebody.")
    if changes:
        _refuse_birth_after_care(taking, row, changes)
        batch.change(row.child, **changes)
        batch.change(row.child, sort_name=folded(row.child.family_name, row.child.given_name) or row.child.sort_name)
        row.is_changed = True


def _refuse_birth_after_care(taking: Taking, row: FedRow, changes: dict[str, object]) -> None:
    first = min(taking.care.episodes.get(row.child.pk, {}), default=None)
    if "date_of_birth" in changes and first and row.said.date_of_birth > first:
        raise Bad(
            "date_of_birth", str(row.said.date_of_birth), "Care held for this child began before that birth date."
        )


def write_details(taking: Taking, batch: Batch[Child]) -> None:
    """Write the new children and the changed ones."""
    new = [row.child for row in taking.rows if row.is_new]
    if new:
        add_children(children=new)
    taking.care.children |= {child.pk: child for child in new}
    batch.write()
