"""Header and UASC: the children themselves."""

from typing import Any

from children.models import Child
from children.services import Batch, add_children
from timescales import birthday

from ..checking import Bad, Values
from .changes import Changes

ADULT = 18  # years


def load_children(changes: Changes) -> None:
    """Create and change the children, and note who came unaccompanied. Imported children have no names."""
    batch = Batch(Child)
    new: list[Child] = []
    for reference, now in changes.now.items():
        if now.header is None:
            continue
        details, held = _details(now.header), changes.children.get(reference)
        if held is None:
            held = Child(authority=changes.authority, reference=reference, **details)
            changes.children[reference] = held
            new.append(held)
            changes.note("Header", held, (), "created")
        else:
            changes.note(
                "Header", held, (), _birth_after_care(changes, held, now.header) or batch.change(held, **details)
            )
    for child, _, now in changes.of_children():
        if now.unaccompanied is not None:
            _note_unaccompanied(changes, batch, child, now.unaccompanied)
    add_children(children=new)
    changes.care.children |= {child.pk: child for child in new}
    batch.write()


def _details(header: Values) -> dict[str, Any]:
    return {
        "date_of_birth": header["DOB"],
        "sex": header["SEX"],
        "ethnicity": header["ETHNIC"],
        "upn": header["UPN"],
        "is_mother": header["MOTHER"],
        "mother_child_born_on": header["MC_DOB"],
    }


def _note_unaccompanied(changes: Changes, batch: Batch[Child], child: Child, said: Values) -> None:
    until = said["DUC"] or birthday(said["DOB"], ADULT)  # blank: unaccompanied until grown up
    is_new = child.unaccompanied_until is None
    outcome = batch.change(child, unaccompanied_until=until)
    changes.note("UASC", child, (), "created" if is_new else outcome)


def _birth_after_care(changes: Changes, child: Child, header: Values) -> Bad | None:
    first = min(changes.care.episodes.get(child.pk, {}), default=None)
    if first is None or header["DOB"] <= first:
        return None
    return Bad("DOB", f"{header['DOB']:%d/%m/%Y}", "Care held for this child began before that birth date.")
