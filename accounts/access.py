"""The one answer to "may this person see or do that to this child": for lists, pages, exports and why.

Facts decide: a live allocation (a person and a child) or a live holding of a post (a person and a role in a
team, a service or the authority). Guardian's rows on Child are derived from those facts in the same
transaction; a row opens a record only while its fact is live, so a stale row opens nothing. An inactive
account sees nothing, whatever rows it left behind. Nothing but this module imports guardian.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from .models import Holding, User
from .roles import BY_CODE, ChildPermission, Permission, Scope, roles_with

__all__ = [
    "GroupObjectPermissionBase",
    "Reason",
    "UserObjectPermissionBase",
    "can",
    "main_role",
    "permits",
    "roles_of",
    "visible",
    "who",
    "why",
]

Viewer = User | AnonymousUser
Rows = TypeVar("Rows", bound=QuerySet)


@dataclass(frozen=True)
class Reason:
    """One fact that opens a child's record to somebody."""

    sentence: str
    permissions: tuple[str, ...]


def visible(user: Viewer, queryset: Rows, permission: ChildPermission = ChildPermission.VIEW) -> Rows:
    """Narrow a queryset of Child, or of anything with a `child`, to what this person may see or do.

    Lists, pages, counts and exports all pass through here, so they cannot disagree.
    """
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    key = "pk" if queryset.model._meta.label == "children.Child" else "child"
    by_person = _user_rows(user, permission).values("content_object")
    by_post = _group_rows(user, permission).values("content_object")
    return queryset.filter(Q(**{f"{key}__in": by_person}) | Q(**{f"{key}__in": by_post}))


def can(user: Viewer, permission: ChildPermission, child: Model) -> bool:
    """Whether this person may do this to this child: the list of one."""
    return visible(user, type(child)._default_manager.filter(pk=child.pk), permission).exists()


def why(user: Viewer, child: Model) -> list[Reason]:
    """The live facts that open this child's record to this person, each with what it permits; [] for none."""
    if not user.is_authenticated or not user.is_active:
        return []
    found: dict[str, list[str]] = {}
    rows = _user_rows(user).filter(content_object=child).select_related("permission", "allocation")
    for row in rows:
        found.setdefault(_allocation_sentence(row.allocation), []).append(row.permission.codename)
    opened = set(_group_rows(user).filter(content_object=child).values_list("group_id", "permission__codename"))
    for holding in Holding.objects.of_user(user.pk).select_related("post__team", "post__service"):
        names = [codename for group, codename in opened if group == holding.post.group_id]
        if names:
            found.setdefault(_holding_sentence(holding), []).extend(names)
    return [Reason(sentence, tuple(sorted(set(names)))) for sentence, names in found.items()]


def who(child: Model) -> list[tuple[User, list[Reason]]]:
    """Everybody to whom the child's record is open now, each with the facts that open it, by name."""
    found: dict[int, tuple[User, dict[str, set[str]]]] = {}
    for row in (
        _rows("ChildUserObjectPermission")
        .filter(content_object=child, allocation__ends_on__isnull=True, user__is_active=True)
        .select_related("permission", "allocation", "user")
    ):
        said = _allocation_sentence(row.allocation)
        found.setdefault(row.user_id, (row.user, {}))[1].setdefault(said, set()).add(row.permission.codename)
    opened: dict[int, set[str]] = {}
    rows = _rows("ChildGroupObjectPermission").filter(content_object=child)
    for group, codename in rows.values_list("group_id", "permission__codename"):
        opened.setdefault(group, set()).add(codename)
    holdings = Holding.objects.live().filter(post__group__in=opened, user__is_active=True)
    for holding in holdings.select_related("user", "post__team", "post__service"):
        names = found.setdefault(holding.user_id, (holding.user, {}))[1]
        names.setdefault(_holding_sentence(holding), set()).update(opened[holding.post.group_id or 0])
    people = sorted(found.values(), key=lambda entry: (entry[0].last_name, entry[0].first_name, entry[0].pk))
    return [
        (user, [Reason(sentence, tuple(sorted(names))) for sentence, names in facts.items()])
        for user, facts in people
    ]


def roles_of(user: Viewer) -> list[str]:
    """Codes of the roles this person holds now, the one that decides the home page first."""
    if not user.is_authenticated or not user.is_active:
        return []
    codes = Holding.objects.of_user(user.pk).values_list("post__role", flat=True).distinct()
    return sorted(codes, key=lambda code: BY_CODE[code].rank)


def main_role(user: Viewer) -> str | None:
    """Code of the role that decides this person's home page, if any."""
    return next(iter(roles_of(user)), None)


def permits(user: Viewer, permission: Permission) -> bool:
    """Whether a role this person holds includes this wider permission."""
    if not user.is_authenticated or not user.is_active:
        return False
    return Holding.objects.of_user(user.pk).filter(post__role__in=roles_with(permission)).exists()


def _rows(name: str) -> QuerySet:
    return apps.get_model("children", name).objects.all()  # by name: children stand above accounts


def _user_rows(user: User, permission: ChildPermission | None = None) -> QuerySet:
    rows = _rows("ChildUserObjectPermission").filter(user=user, allocation__ends_on__isnull=True)
    return rows.filter(permission__codename=permission) if permission else rows


def _group_rows(user: User, permission: ChildPermission | None = None) -> QuerySet:
    groups = Holding.objects.of_user(user.pk).filter(post__group__isnull=False).values("post__group")
    rows = _rows("ChildGroupObjectPermission").filter(group__in=groups)
    return rows.filter(permission__codename=permission) if permission else rows


def _allocation_sentence(allocation: Any) -> str:
    return f"Allocated as {allocation.get_kind_display()} since {allocation.starts_on:%-d %B %Y}"


def _holding_sentence(holding: Holding) -> str:
    post = holding.post
    role = BY_CODE[post.role]
    place = {Scope.TEAM: post.team, Scope.SERVICE: post.service}.get(role.scope)
    return f"{role.name}{f', {place}' if place else ''} since {holding.starts_on:%-d %B %Y}"
