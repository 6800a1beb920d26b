"""Who and what may be chosen in the caseload's filter, in two plain reads."""

from accounts.models import Holding, User
from authorities.models import Team


def iros_of(user: User) -> list[tuple[str, str]]:
    """People in an IRO post of this person's authority: uuid and name, in order of family name."""
    held = Holding.objects.live().filter(post__role="IRO", post__authority=user.authority_id)
    people = held.order_by("user__last_name", "user__first_name", "user__uuid")
    names = people.values_list("user__uuid", "user__first_name", "user__last_name").distinct()
    return [(str(uuid), f"{given} {family}".strip()) for uuid, given, family in names]


def teams_of(user: User) -> list[tuple[str, str]]:
    """Names of the open teams of this person's authority."""
    names = Team.objects.of(user.authority_id).open().by_name().values_list("name", flat=True)
    return [(name, name) for name in names]
