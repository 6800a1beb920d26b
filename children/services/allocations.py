"""Who works with the child, many children at once."""

from collections.abc import Sequence

from django.db import transaction

from ..access_rows import derive_access
from ..models import Allocation, TeamAllocation
from .batches import BATCH


@transaction.atomic
def add_allocations(*, people: Sequence[Allocation], teams: Sequence[TeamAllocation]) -> None:
    """Write who has worked with these children, rows not saved yet, and open the records to those who do now.

    For a whole past that comes from elsewhere: unlike `allocate` it ends nothing, asks nobody's independence and
    logs nothing.
    """
    Allocation.objects.bulk_create(people, batch_size=BATCH)
    TeamAllocation.objects.bulk_create(teams, batch_size=BATCH)
    about = {row.child_id for row in people} | {row.child_id for row in teams}
    derive_access(child_ids=sorted(about))
