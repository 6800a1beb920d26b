"""Guardian's rows on Child, worked out from the facts and made to match them, many children at once.

An allocation opens the child to one person, a team to the holders of its posts and of its service's posts. Posts
that reach the whole authority have no rows: `accounts.access` opens what bears their authority.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

from accounts.roles import ROLES, Scope

from .models import Child

BATCH = 2000

# What the facts say of these children: whose group stands for which role in a place, and the rows that ought to be.
FACTS = """
WITH
permitted AS (
    SELECT role, scope, permission.id AS permission_id
    FROM unnest(%(roles)s::text[], %(scopes)s::text[], %(codenames)s::text[]) AS permitted (role, scope, codename)
    JOIN auth_permission AS permission USING (codename)
    JOIN django_content_type AS kind ON kind.id = permission.content_type_id
    WHERE kind.app_label = 'children' AND kind.model = 'child'
),
place AS (
    SELECT child_id, 'TEAM' AS scope, team_id AS place_id
    FROM children_teamallocation
    WHERE ends_on IS NULL AND child_id = ANY(%(children)s)
    UNION ALL
    SELECT live.child_id, 'SERVICE', team.service_id
    FROM children_teamallocation AS live
    JOIN authorities_team AS team ON team.id = live.team_id
    WHERE live.ends_on IS NULL AND live.child_id = ANY(%(children)s) AND team.service_id IS NOT NULL
),
named AS (
    SELECT child_id, permission_id, concat_ws(':', role, scope, place_id) AS name
    FROM place JOIN permitted USING (scope)
),
user_row AS (
    SELECT live.child_id, live.user_id, permission_id, live.id AS allocation_id
    FROM children_allocation AS live
    JOIN permitted ON permitted.scope = 'ALLOCATED' AND permitted.role = live.kind
    WHERE live.ends_on IS NULL AND live.child_id = ANY(%(children)s)
),
group_row AS (
    SELECT child_id, holders.id AS group_id, permission_id
    FROM named JOIN auth_group AS holders USING (name)
)
"""
# Named as `accounts.services.group_name` names them, so that a post opened after the children came finds its rows.
MAKE_GROUPS = """
INSERT INTO auth_group (name)
SELECT DISTINCT name FROM named WHERE NOT EXISTS (SELECT FROM auth_group WHERE auth_group.name = named.name)
ON CONFLICT DO NOTHING
"""
# Rows that no fact gives go, whoever made them; then come those that are missing. The two are statements apart: a
# person allocated anew has the same row under another allocation. What another transaction is adding is left to it.
REMOVE_USER_ROWS = """
DELETE FROM children_childuserobjectpermission WHERE content_object_id = ANY(%(children)s)
AND (content_object_id, user_id, permission_id, allocation_id) NOT IN (TABLE user_row)
"""
ADD_USER_ROWS = """
INSERT INTO children_childuserobjectpermission (content_object_id, user_id, permission_id, allocation_id)
TABLE user_row EXCEPT
SELECT content_object_id, user_id, permission_id, allocation_id
FROM children_childuserobjectpermission WHERE content_object_id = ANY(%(children)s)
ON CONFLICT DO NOTHING
"""
REMOVE_GROUP_ROWS = """
DELETE FROM children_childgroupobjectpermission WHERE content_object_id = ANY(%(children)s)
AND (content_object_id, group_id, permission_id) NOT IN (TABLE group_row)
"""
ADD_GROUP_ROWS = """
INSERT INTO children_childgroupobjectpermission (content_object_id, group_id, permission_id)
TABLE group_row EXCEPT
SELECT content_object_id, group_id, permission_id
FROM children_childgroupobjectpermission WHERE content_object_id = ANY(%(children)s)
ON CONFLICT DO NOTHING
"""
MATCHING = (REMOVE_USER_ROWS, ADD_USER_ROWS, REMOVE_GROUP_ROWS, ADD_GROUP_ROWS)


@transaction.atomic
def derive_access(*, child_ids: Iterable[int]) -> int:
    """Make these children's rows equal to what the facts say; the number of rows added or removed.

    Five statements for each BATCH children, whatever differs.
    """
    ids = list(child_ids)
    return sum(_match(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def reconcile_access() -> int:
    """Repair every child's rows; the number of differences found, which should be none.

    A batch is a transaction of its own: none holds a lock for long, and what is repaired stays so should the rest
    be cut short.
    """
    return sum(derive_access(child_ids=batch) for batch in _batches())


def _batches() -> Iterator[list[int]]:
    last = 0
    while ids := list(Child.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


def _match(ids: list[int]) -> int:
    values: dict[str, Any] = {"children": ids, **_permitted()}
    differences = 0
    with connection.cursor() as cursor:
        cursor.execute(FACTS + MAKE_GROUPS, values)
        for statement in MATCHING:
            cursor.execute(FACTS + statement, values)
            differences += cursor.rowcount
    return differences


def _permitted() -> dict[str, list[str]]:
    """Role, scope and permission of every row there may be, as three lists side by side.

    A kind of allocation bears the code of the role that it opens a child to.
    """
    found = [
        (role.code, str(role.scope), str(permission))
        for role in ROLES
        if role.scope in (Scope.ALLOCATED, Scope.TEAM, Scope.SERVICE)
        for permission in role.child_permissions
    ]
    codes, scopes, permissions = zip(*found, strict=True)
    return {"roles": list(codes), "scopes": list(scopes), "codenames": list(permissions)}
