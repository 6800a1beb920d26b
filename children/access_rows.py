"""Guardian's rows on Child, worked out from the facts and made to match them, many children at once."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.roles import BY_CODE, ROLES, Scope

from .models import Allocation, Child, ChildGroupObjectPermission, ChildUserObjectPermission, TeamAllocation

BATCH = 2000
REACHING = (Scope.TEAM, Scope.SERVICE, Scope.AUTHORITY)


class UserRow(NamedTuple):
    child: int
    user: int
    permission: int
    allocation: int


class GroupRow(NamedTuple):
    child: int
    group: int
    permission: int


@transaction.atomic
def derive_access(*, child_ids: Iterable[int]) -> int:
    """Make these children's rows equal to what the facts say; the number of rows added or removed."""
    ids = list(child_ids)
    differences = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        differences += _match_user_rows(batch) + _match_group_rows(batch)
    return differences


def reconcile_access() -> int:
    """Repair every child's rows; the number of differences found, which should be none."""
    return derive_access(child_ids=Child.objects.order_by("pk").values_list("pk", flat=True))


def _permission_ids() -> dict[str, int]:
    rows = Permission.objects.filter(content_type__app_label="children", content_type__model="child")
    return dict(rows.values_list("codename", "pk"))


def _expected_user_rows(ids: list[int]) -> set[UserRow]:
    keys = _permission_ids()
    live = Allocation.objects.filter(child__in=ids, ends_on__isnull=True)
    return {
        UserRow(child, user, keys[permission], pk)
        for pk, child, user, kind in live.values_list("pk", "child_id", "user_id", "kind")
        for permission in BY_CODE[kind].child_permissions
    }


def _expected_group_rows(ids: list[int]) -> set[GroupRow]:
    keys = _permission_ids()
    placed = list(_places(ids))
    groups = _groups_by_place({place for _, place in placed})
    rows = set()
    for child, place in placed:
        for group, role in groups[place]:
            rows |= {GroupRow(child, group, keys[permission]) for permission in BY_CODE[role].child_permissions}
    return rows


def _groups_by_place(places: set[str]) -> dict[str, list[tuple[int, str]]]:
    """Groups by 'SCOPE:key', named as `accounts.services.group_name` names them, made where there is none yet.

    So a post opened after the children came finds its rows there.
    """
    wanted = {
        f"{role.code}:{place}": (role.code, place)
        for place in places
        for role in ROLES
        if role.scope in REACHING and place.startswith(f"{role.scope}:")
    }
    held = dict(Group.objects.filter(name__in=wanted).values_list("name", "pk"))
    if len(held) < len(wanted):
        missing = [Group(name=name) for name in sorted(wanted.keys() - held.keys())]
        Group.objects.bulk_create(missing, ignore_conflicts=True)
        held = dict(Group.objects.filter(name__in=wanted).values_list("name", "pk"))
    found: dict[str, list[tuple[int, str]]] = {place: [] for place in places}
    for name, (role, place) in wanted.items():
        found[place].append((held[name], role))
    return found


def _places(ids: list[int]) -> Iterable[tuple[int, str]]:
    for child, authority in Child.objects.filter(pk__in=ids).values_list("pk", "authority_id"):
        yield child, f"{Scope.AUTHORITY}:{authority}"
    live = TeamAllocation.objects.filter(child__in=ids, ends_on__isnull=True)
    for child, team, service in live.values_list("child_id", "team_id", "team__service_id"):
        yield child, f"{Scope.TEAM}:{team}"
        if service:
            yield child, f"{Scope.SERVICE}:{service}"


def _match_user_rows(ids: list[int]) -> int:
    model = ChildUserObjectPermission
    held = {
        UserRow(*row): pk
        for pk, *row in model.objects.filter(content_object__in=ids).values_list(
            "pk", "content_object_id", "user_id", "permission_id", "allocation_id"
        )
    }
    expected = _expected_user_rows(ids)
    stale = [pk for row, pk in held.items() if row not in expected]
    model.objects.filter(pk__in=stale).delete()
    new = expected - held.keys()
    model.objects.bulk_create(
        (
            model(
                content_object_id=row.child,
                user_id=row.user,
                permission_id=row.permission,
                allocation_id=row.allocation,
            )
            for row in sorted(new)
        ),
        batch_size=BATCH,
    )
    return len(stale) + len(new)


def _match_group_rows(ids: list[int]) -> int:
    model = ChildGroupObjectPermission
    held = {
        GroupRow(*row): pk
        for pk, *row in model.objects.filter(content_object__in=ids).values_list(
            "pk", "content_object_id", "group_id", "permission_id"
        )
    }
    expected = _expected_group_rows(ids)
    stale = [pk for row, pk in held.items() if row not in expected]
    model.objects.filter(pk__in=stale).delete()
    new = expected - held.keys()
    model.objects.bulk_create(
        (model(content_object_id=row.child, group_id=row.group, permission_id=row.permission) for row in sorted(new)),
        batch_size=BATCH,
    )
    return len(stale) + len(new)
