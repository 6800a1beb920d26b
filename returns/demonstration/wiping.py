"""Removing a demonstration authority: the one place where records are deleted, and only invented ones."""

from django.contrib.auth.models import Group
from django.db import models

from accounts.models import ApiToken, Holding, Post, User
from alerts.models import Alert, Sweep
from authorities.models import Authority, FormerName, Policy, Service, Team
from children.models import (
    AdoptionPlacement,
    Allocation,
    CarePeriod,
    Child,
    ChildGroupObjectPermission,
    ChildUserObjectPermission,
    CorrectedFact,
    Episode,
    MissingSpell,
    TeamAllocation,
)
from duties.models import Duty
from escalations.models import Escalation, Ladder, Response, Stage, Step
from returns.models import FedChild, Feed, Return, ReturnedChild, ReturnProblem
from reviews.models import (
    Correction,
    Decision,
    DecisionOutcome,
    EscalationReview,
    LeftUnescalated,
    Review,
    ReviewDraft,
)

# What hangs on others first. The audit trail and row history stay: they hold keys, and are never deleted.
IN_ORDER: tuple[tuple[type[models.Model], str], ...] = (
    (Alert, "authority"),
    (Sweep, "authority"),
    (LeftUnescalated, "authority"),
    (EscalationReview, "authority"),
    (Response, "authority"),
    (Step, "authority"),
    (Escalation, "authority"),
    (Stage, "ladder__authority"),
    (Ladder, "authority"),
    (ReviewDraft, "review__authority"),
    (DecisionOutcome, "authority"),
    (Correction, "authority"),
    (Decision, "authority"),
    (Review, "authority"),
    (Duty, "authority"),
    (ChildUserObjectPermission, "content_object__authority"),
    (ChildGroupObjectPermission, "content_object__authority"),
    (CorrectedFact, "authority"),
    (Allocation, "authority"),
    (TeamAllocation, "authority"),
    (MissingSpell, "authority"),
    (AdoptionPlacement, "authority"),
    (Episode, "authority"),
    (CarePeriod, "authority"),
    (Child, "authority"),
    (FedChild, "of__authority"),
    (Feed, "authority"),
    (ReturnProblem, "of__authority"),
    (ReturnedChild, "of__authority"),
    (Return, "authority"),
    (Holding, "post__authority"),
    (Post, "authority"),
    (ApiToken, "user__authority"),
    (User, "authority"),
    (FormerName, "team__authority"),
    (FormerName, "service__authority"),
    (Team, "authority"),
    (Service, "authority"),
    (Policy, "authority"),
)


def wipe(authority: Authority) -> None:
    """Remove a demonstration authority and all that is its own, in the caller's transaction."""
    if not authority.is_demonstration:
        raise ValueError("Only a demonstration authority can be removed.")
    groups = list(Post.objects.filter(authority=authority, group__isnull=False).values_list("group", flat=True))
    for model, path in IN_ORDER:
        _rows(model, path, authority).delete()
    Group.objects.filter(pk__in=groups).delete()
    authority.delete()


def _rows(model: type[models.Model], path: str, authority: Authority) -> models.QuerySet[models.Model]:
    """What is the authority's own; by the keys of the row it hangs on, where that is what belongs to the authority.

    A join would be deleted by joining the table with itself, which takes its square where nobody has counted it yet.
    """
    parent, _, own = path.rpartition("__")
    if not parent:
        return models.QuerySet(model).filter(**{own: authority})
    above: models.QuerySet[models.Model] = models.QuerySet(model._meta.get_field(parent).related_model).filter(
        **{own: authority}
    )
    return models.QuerySet(model).filter(**{f"{parent}__in": above})
