"""What a person's roles open here: which figures, which lists, whether ratings and escalations may be shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.roles import BY_CODE, ChildPermission, Permission, Role, Scope


@dataclass(frozen=True)
class Reach:
    """The roles a person holds now, read once for the whole page."""

    roles: tuple[Role, ...]

    @property
    def main(self) -> Role | None:
        """The role that decides the home page, if any."""
        return self.roles[0] if self.roles else None

    def has(self, permission: Permission) -> bool:
        """Whether a role includes this wider permission."""
        return any(permission in role.permissions for role in self.roles)

    def may(self, permission: ChildPermission) -> bool:
        """Whether a role includes this for the children it reaches."""
        return any(permission in role.child_permissions for role in self.roles)

    @property
    def has_lists(self) -> bool:
        """Whether any role opens a child's record; without one, figures come without the lists behind them."""
        return self.may(ChildPermission.VIEW)

    @property
    def reads_all_it_sees(self) -> bool:
        """Whether every role that opens a record also reads it, so that no row needs asking."""
        opening = [role for role in self.roles if ChildPermission.VIEW in role.child_permissions]
        return all(ChildPermission.READ_RECORD in role.child_permissions for role in opening)

    @property
    def sees_others_children(self) -> bool:
        """Whether any role reaches children by team, service or authority, whoever their IRO is."""
        return any(role.scope not in (Scope.ALLOCATED, Scope.NONE) for role in self.roles)

    @property
    def sees_many_teams(self) -> bool:
        """Whether any role reaches children of more than one team."""
        return any(role.scope not in (Scope.TEAM, Scope.NONE) for role in self.roles)

    @property
    def is_authority_wide(self) -> bool:
        """Whether the figures are those of the whole authority."""
        return self.has(Permission.VIEW_ALL_FIGURES) or any(
            role.scope is Scope.AUTHORITY and Permission.VIEW_FIGURES in role.permissions for role in self.roles
        )


def reach_of(codes: Iterable[str]) -> Reach:
    """What the roles with these codes open, the main one first."""
    return Reach(tuple(BY_CODE[code] for code in codes))
