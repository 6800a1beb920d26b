"""The one answer to "may this person see or do that to this child": for lists, pages, exports and why.

Facts decide: a live allocation (a person and a child) of somebody who holds a live post of the fitting role, or a
live holding of a post (a person and a role in a team, a service or the authority). Guardian's rows on Child are
derived from allocations, teams and services in the same transaction; a row opens a record only while its facts
are live, so a stale row opens nothing. A post that reaches the whole authority needs no rows: it opens what bears
that authority. An inactive account sees nothing, whatever rows it left behind. Nothing but this module imports
guardian.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from .models import Holding, User
from .roles import BY_CODE, ChildPermission, Scope, authority_wide
from .viewers import Viewer

__all__ = [
    "GroupObjectPermissionBase",
    "Reason",
    "UserObjectPermissionBase",
    "can",
    "opened_to",
    "visible",
    "who",
    "why",
]

Rows = TypeVar("Rows", bound=QuerySet)


@dataclass(frozen=True)
class Reason:
    """One fact that opens a child's record to somebody."""

    sentence: str
    permissions: tuple[str, ...]


def visible(viewer: Viewer, queryset: Rows, permission: ChildPermission = ChildPermission.VIEW) -> Rows:
    """Narrow a queryset of Child, or of what has a `child` and an `authority`, to what this person may see or do.

    Lists, pages, counts and exports all pass through here, so they cannot disagree.
    """
    key = "pk" if queryset.model._meta.label == "children.Child" else "child"
    return queryset.filter(opened_to(viewer, permission, key))


def opened_to(viewer: Viewer, permission: ChildPermission = ChildPermission.VIEW, key: str = "child") -> Q:
    """The condition of `visible`, for who narrows many querysets at once; `key` leads to the child from their rows.

    The condition names only what the viewer's posts can open. Children by allocation and children by post make one
    IN over their union: two INs joined by OR are answered by reading every row of the table. That SQL is written
    here, once for all the querysets, since Django takes longer to write it than PostgreSQL to answer it.
    """
    authorities = {post.authority for post in viewer.posts if post.opens_all(permission)}
    if authorities:
        return Q(authority__in=authorities)
    rows = [found.values("content_object") for found in _rows_opening(viewer, permission)]
    if not rows:
        return Q(pk__in=[])
    sql, params = rows[0].union(*rows[1:]).query.sql_with_params()
    return Q(**{f"{key}__in": RawSQL(sql, params)})  # noqa: S611  # Django's own SQL, its values apart


def can(viewer: Viewer, permission: ChildPermission, child: Model) -> bool:
    """Whether this person may do this to this child: the list of one."""
    return visible(viewer, type(child)._default_manager.filter(pk=child.pk), permission).exists()


def why(user: User, child: Any) -> list[Reason]:
    """The live facts that open this child's record to this person, each with what it permits; [] for none."""
    return next((reasons for _, reasons in _opened(child, Holding.objects.of_user(user.pk))), [])


def who(child: Any) -> list[tuple[User, list[Reason]]]:
    """Everybody to whom the child's record is open now, each with the facts that open it, by name."""
    found = _opened(child, Holding.objects.live())
    return sorted(found, key=lambda entry: (entry[0].last_name, entry[0].first_name, entry[0].pk))


def _rows_opening(viewer: Viewer, permission: ChildPermission) -> Iterator[QuerySet]:
    """Guardian's rows that the viewer's posts make live: of allocations, then of teams and services."""
    kinds = {kind for post in viewer.posts if (kind := post.role.allocated_as)}
    kinds = {kind for kind in kinds if permission in BY_CODE[kind].child_permissions}
    groups = {post.group for post in viewer.posts if post.group and permission in post.role.child_permissions}
    if kinds:
        mine = _rows_by_allocation().filter(user=viewer.user.pk, allocation__kind__in=kinds)
        yield mine.filter(permission__codename=permission)
    if groups:
        yield _rows_by_group().filter(group__in=groups, permission__codename=permission)


def _rows_by_allocation() -> QuerySet:
    """Guardian's rows of live allocations."""
    return _rows("ChildUserObjectPermission").filter(allocation__ends_on__isnull=True)


def _rows_by_group() -> QuerySet:
    """Guardian's rows of teams' and services' posts."""
    return _rows("ChildGroupObjectPermission")


def _rows(name: str) -> QuerySet:
    return apps.get_model("children", name).objects.all()  # by name: children stand above accounts


class _Facts:
    """What stands open about one child: to whom by allocation, and to which group of post holders."""

    def __init__(self, child: Any) -> None:
        self.authority_id: int = child.authority_id
        self.allocations: dict[tuple[int, str], Any] = {}  # by person and kind
        self.by_allocation: dict[tuple[int, str], set[str]] = {}
        self.by_group: dict[int, set[str]] = {}
        for row in _rows_by_allocation().filter(content_object=child).select_related("permission", "allocation"):
            key = row.user_id, row.allocation.kind
            self.allocations[key] = row.allocation
            self.by_allocation.setdefault(key, set()).add(row.permission.codename)
        rows = _rows_by_group().filter(content_object=child)
        for group, codename in rows.values_list("group_id", "permission__codename"):
            self.by_group.setdefault(group, set()).add(codename)

    def holdings(self, among: QuerySet[Holding]) -> QuerySet[Holding]:
        """Of these live holdings, those that may open the record: of active people, with their posts."""
        opening = Q(post__group__in=self.by_group) | Q(user__in=[person for person, _ in self.allocations])
        opening |= Q(post__role__in=authority_wide(), post__authority=self.authority_id)
        return among.filter(opening, user__is_active=True).select_related("user", "post__team", "post__service")

    def opened_by(self, holding: Holding) -> Iterator[tuple[str, set[str]]]:
        """Sentence and permissions of each fact that this holding makes live."""
        role, post = BY_CODE[holding.post.role], holding.post
        allocated = holding.user_id, role.allocated_as
        if allocated in self.allocations:
            yield _allocation_sentence(self.allocations[allocated]), self.by_allocation[allocated]
        if role.scope is Scope.AUTHORITY and post.authority_id == self.authority_id:
            yield _holding_sentence(holding), {str(permission) for permission in role.child_permissions}
        elif post.group_id in self.by_group:
            yield _holding_sentence(holding), self.by_group[post.group_id]


def _opened(child: Any, among: QuerySet[Holding]) -> list[tuple[User, list[Reason]]]:
    """The people among these holders to whom the record is open, with why: three queries however many they are."""
    facts = _Facts(child)
    found: dict[int, tuple[User, dict[str, set[str]]]] = {}
    for holding in facts.holdings(among):
        for sentence, names in facts.opened_by(holding):
            reasons = found.setdefault(holding.user_id, (holding.user, {}))[1]
            reasons.setdefault(sentence, set()).update(names)
    return [
        (user, [Reason(sentence, tuple(sorted(names))) for sentence, names in reasons.items()])
        for user, reasons in found.values()
    ]


def _allocation_sentence(allocation: Any) -> str:
    return f"Allocated as {allocation.get_kind_display()} since {allocation.starts_on:%-d %B %Y}"


def _holding_sentence(holding: Holding) -> str:
    post = holding.post
    role = BY_CODE[post.role]
    place = {Scope.TEAM: post.team, Scope.SERVICE: post.service}.get(role.scope)
    return f"{role.name}{f', {place}' if place else ''} since {holding.starts_on:%-d %B %Y}"
