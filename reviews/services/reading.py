"""Opening a review: what this person may see, with the reading logged."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from audit.models import AccessEvent
from audit.services import record_access

from ..models import Review


def open_review(*, uuid: UUID, by: User, what: str, at: datetime) -> Review:
    """The review this person may see, with its child, authority and care period; the reading is logged.

    `what` is the name of the page. Raises Review.DoesNotExist when there is no such review for this person.
    """
    review = Review.objects.visible_to(by).with_all_it_names().get(uuid=uuid)
    record_access(
        child_ids=[review.child_id],
        authority_id=review.child.authority_id,
        action=AccessEvent.Action.VIEW,
        what=what,
        by=by,
        at=at,
    )
    return review
