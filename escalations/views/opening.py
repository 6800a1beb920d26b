"""Opening one escalation for one person: 404 where it is not theirs to know of, 403 where not to read."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from accounts.requests import SignedInRequest, viewer_in, words_in
from accounts.viewers import Viewer
from authorities.words import say
from children.models import Child
from children.requests import opened
from escalations import permissions
from escalations.models import Escalation, Step

MAY_NOT_READ = "Your role does not read what {escalations} say."


def opened_escalation(request: SignedInRequest, uuid: UUID) -> Escalation:
    """The escalation this person may read, with the reading logged."""
    seen = Escalation.objects.visible_to(viewer_in(request)).with_its_people()
    found = opened(request, seen.with_story(Step.objects.all()), uuid)
    refuse_unless_reading(request, found.child)
    return found


def opened_child(request: SignedInRequest, uuid: UUID) -> Child:
    """The child whose record this person may read, with the reading logged."""
    child = opened(request, Child.objects.visible_to(viewer_in(request)), uuid)
    refuse_unless_reading(request, child)
    return child


def refuse_unless_reading(request: SignedInRequest, child: Child) -> None:
    """403 for those who may know of the child but not what the record says."""
    if not permissions.may_read(viewer_in(request), child):
        raise not_for_reading(request)


def not_for_reading(request: SignedInRequest) -> PermissionDenied:
    """The 403, in the words of the person's authority."""
    return PermissionDenied(say(MAY_NOT_READ, words_in(request)))


def refuse_unless_escalating(viewer: Viewer, child: Child) -> None:
    """403 for everybody but the child's IRO and the IRO managers."""
    if not permissions.may_escalate(viewer, child):
        raise PermissionDenied("Only the child's IRO or an IRO manager raises, moves up or resolves a concern.")
