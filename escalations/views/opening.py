"""Opening one escalation for one person: 404 where it is not theirs to know of, 403 where not to read."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.requests import words_in
from authorities.words import say
from children.models import Child
from children.services import open_record
from escalations import permissions
from escalations.models import Escalation
from escalations.services import open_escalation

MAY_NOT_READ = "Your role does not read what {escalations} say."


def reader(request: HttpRequest) -> User:
    """Who is asking; the middleware has let nobody else through."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def opened(request: HttpRequest, uuid: UUID, what: str) -> Escalation:
    """The escalation this person may read, with the reading logged."""
    user = reader(request)
    try:
        escalation = open_escalation(uuid=uuid, by=user, what=what, at=timezone.now())
    except Escalation.DoesNotExist:
        raise Http404 from None
    refuse_unless_reading(request, escalation.child)
    return escalation


def opened_child(request: HttpRequest, uuid: UUID, what: str) -> Child:
    """The child whose record this person may read, with the reading logged."""
    user = reader(request)
    try:
        child = open_record(uuid=uuid, by=user, what=what, at=timezone.now())
    except Child.DoesNotExist:
        raise Http404 from None
    refuse_unless_reading(request, child)
    return child


def refuse_unless_reading(request: HttpRequest, child: Child) -> None:
    """403 for those who may know of the child but not what the record says."""
    if not permissions.may_read(reader(request), child):
        raise not_for_reading(request)


def not_for_reading(request: HttpRequest) -> PermissionDenied:
    """The 403, in the words of the person's authority."""
    return PermissionDenied(say(MAY_NOT_READ, words_in(request, timezone.localdate())))


def refuse_unless_escalating(user: User, child: Child) -> None:
    """403 for everybody but the child's IRO and the IRO managers."""
    if not permissions.may_escalate(user, child):
        raise PermissionDenied("Only the child's IRO or an IRO manager raises, moves up or resolves a concern.")
