"""Header and UASC: the children themselves."""

from children.models import Child
from children.services import Batch, add_children
from timescales import birthday

from ..checking import Bad, Values
from .records import Entry, Records

ADULT = 18  # years


def load_children(records: Records, header: list[Entry], uasc: list[Entry]) -> None:
    """Create and change the children, and note who came unaccompanied. Imported children have no names."""
    batch = Batch(Child)
    new: list[Child] = []

    def settle_child(records: Records, values: Values) -> str:
        details = {
            "date_of_birth": values["DOB"],
            "sex": values["SEX"],
            "ethnicity": values["ETHNIC"],
            "upn": values["UPN"],
            "is_mother": values["MOTHER"],
            "mother_child_born_on": values["MC_DOB"],
        }
        held = records.children.get(values["CHILD"])
        if held is None:
            new.append(Child(authority=records.authority, reference=values["CHILD"], **details))
            records.children[values["CHILD"]] = new[-1]
            return "created"
        if any(records.is_told_again(episode.ends_on) for episode in records.care.episodes.get(held.pk, {}).values()):
            return "unchanged"
        _refuse_birth_after_care(records, held, values)
        return batch.change(held, **details)

    def settle_unaccompanied(records: Records, values: Values) -> str:
        child = records.child(values)
        until = values["DUC"] or birthday(values["DOB"], ADULT)  # blank: unaccompanied until grown up
        is_new = child.unaccompanied_until is None
        outcome = batch.change(child, unaccompanied_until=until)
        return "created" if is_new else outcome

    records.settle(header, settle_child)
    records.settle(uasc, settle_unaccompanied)
    add_children(children=new)
    batch.write()


def _refuse_birth_after_care(records: Records, child: Child, values: Values) -> None:
    first = min(records.care.episodes.get(child.pk, {}), default=None)
    if first is not None and values["DOB"] > first:
        raise Bad("DOB", f"{values['DOB']:%d/%m/%Y}", "Care held for this child began before that birth date.")
