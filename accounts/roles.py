"""Who may do what, in words a head of service can check.

A role is held through a post. Its scope says whose children it reaches; its child permissions say what may
be done with a record it reaches; its wider permissions open pages that are about no single child.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Whose children a role reaches."""

    ALLOCATED = "ALLOCATED"  # children allocated to the person
    TEAM = "TEAM"  # children of the team the post is in
    SERVICE = "SERVICE"  # children of every team in the post's service
    AUTHORITY = "AUTHORITY"  # every child of the authority
    NONE = "NONE"  # no child's record


class ChildPermission(StrEnum):
    """What may be done with one child's record; stored as guardian permissions on Child."""

    VIEW = "view_child"  # name, age, dates, who works with the child
    SENSITIVE = "view_sensitive"  # placement address
    READ_RECORD = "read_record"  # what reviews and escalations say
    SCHEDULE = "schedule_review"
    RECORD = "record_review"
    MARK = "mark_decision"  # say what came of what a review decided
    ESCALATE = "raise_escalation"  # raise, move up, resolve
    RESPOND = "respond_escalation"
    ALLOCATE = "manage_allocation"
    EXPORT = "export_child"


class Permission(StrEnum):
    """What may be done that is about no single child."""

    VIEW_FIGURES = "view_figures"  # the dashboard's numbers, for the children in scope
    VIEW_ALL_FIGURES = "view_all_figures"  # the same numbers for the whole authority, without the lists
    MANAGE_RETURNS = "manage_returns"  # imports and the data-quality list, by reference
    READ_ACCESS_LOG = "read_access_log"  # who looked at what
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_STRUCTURE = "manage_structure"  # services, teams, holidays; reads what MANAGE_PRACTICE sets
    MANAGE_PRACTICE = "manage_practice"  # the ladder, what ratings mean and lead to, margins, words, lists
    USE_API = "use_api"


@dataclass(frozen=True)
class Role:
    """A role as the service knows it. Its sentence has places that `authorities.words.say` fills."""

    code: str
    name: str
    sentence: str
    scope: Scope
    child_permissions: frozenset[ChildPermission] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    rank: int = 50  # the lowest of the roles a person holds decides their home page
    is_of_a_team: bool = False
    allocated_as: str = ""  # the kind of allocation its holders may be given: IRO or SOCIAL_WORKER
    # Takes part in managing the cases it reaches or controls their resources: its holder is the IRO of none of them.
    # Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg. 46.
    manages_cases: bool = False
    oversees: bool = False  # runs the IRO service: acts in any IRO's place and is told of what nobody has met

    @property
    def needs_team(self) -> bool:
        """Whether a post of this role is always in a team."""
        return self.scope is Scope.TEAM or self.is_of_a_team

    @property
    def may_have_team(self) -> bool:
        """Whether a post of this role may be in a team: those of a team, and those who work with children."""
        return self.scope in (Scope.TEAM, Scope.ALLOCATED)


C, P = ChildPermission, Permission
READING = frozenset({C.VIEW, C.SENSITIVE, C.READ_RECORD})

ROLES = (
    Role(
        "IRO",
        "Independent Reviewing Officer",
        "Chairs and records the reviews of the children allocated to them, and challenges the plan.",
        Scope.ALLOCATED,
        READING | {C.SCHEDULE, C.RECORD, C.MARK, C.ESCALATE, C.EXPORT},
        frozenset({P.VIEW_FIGURES, P.USE_API}),
        10,
        allocated_as="IRO",
    ),
    Role(
        "IRO_MANAGER",
        "IRO manager",
        "Runs the IRO service: allocates children, steps into reviews and {escalations}, reads its figures.",
        Scope.AUTHORITY,
        READING | {C.SCHEDULE, C.RECORD, C.MARK, C.ESCALATE, C.RESPOND, C.ALLOCATE, C.EXPORT},
        frozenset({P.VIEW_FIGURES, P.READ_ACCESS_LOG, P.MANAGE_RETURNS, P.MANAGE_PRACTICE, P.USE_API}),
        9,
        allocated_as="IRO",
        oversees=True,
    ),
    Role(
        "SOCIAL_WORKER",
        "Social worker",
        "Works with the children allocated to them and says what came of what their reviews decided.",
        Scope.ALLOCATED,
        READING | {C.RESPOND, C.MARK},
        frozenset({P.USE_API}),
        30,
        is_of_a_team=True,
        allocated_as="SOCIAL_WORKER",
    ),
    Role(
        "TEAM_MANAGER",
        "Team manager",
        "Answers {escalations} about the children of the team at the first rungs, and says what came of decisions.",
        Scope.TEAM,
        READING | {C.RESPOND, C.MARK},
        frozenset({P.VIEW_FIGURES, P.USE_API}),
        20,
        manages_cases=True,
    ),
    Role(
        "SERVICE_MANAGER",
        "Service manager",
        "Answers {escalations} that reach the service, and says what came of decisions.",
        Scope.SERVICE,
        READING | {C.RESPOND, C.MARK},
        frozenset({P.VIEW_FIGURES, P.USE_API}),
        19,
        manages_cases=True,
    ),
    Role(
        "HEAD_OF_SERVICE",
        "Head of service",
        "Reads the figures of the authority, opens the lists behind them, answers {escalations} sent so far.",
        Scope.AUTHORITY,
        READING | {C.RESPOND, C.EXPORT},
        frozenset({P.VIEW_FIGURES, P.USE_API}),
        15,
        manages_cases=True,
    ),
    Role(
        "ASSISTANT_DIRECTOR",
        "Assistant director",
        "Reads the figures of the authority and answers {escalations} at the late rungs.",
        Scope.AUTHORITY,
        frozenset({C.VIEW, C.READ_RECORD, C.RESPOND}),
        frozenset({P.VIEW_FIGURES}),
        14,
        manages_cases=True,
    ),
    Role(
        "DIRECTOR",
        "Director of children's services",
        "Reads the figures of the authority and answers {escalations} at the last rung.",
        Scope.AUTHORITY,
        frozenset({C.VIEW, C.READ_RECORD, C.RESPOND}),
        frozenset({P.VIEW_FIGURES}),
        13,
        manages_cases=True,
    ),
    Role(
        "CHIEF_EXECUTIVES_OFFICE",
        "Chief executive's office",
        "Answers {escalations} that reach the chief executive.",
        Scope.AUTHORITY,
        frozenset({C.VIEW, C.READ_RECORD, C.RESPOND}),
        frozenset(),
        12,
        manages_cases=True,
    ),
    Role(
        "BUSINESS_SUPPORT",
        "Business support",
        "Books reviews and sends invitations; sees names and dates, never what a record says.",
        Scope.AUTHORITY,
        frozenset({C.VIEW, C.SCHEDULE}),
        frozenset(),
        40,
    ),
    Role(
        "RETURNS_OFFICER",
        "Returns officer",
        "Imports returns and mends the data, by reference and code, without opening records.",
        Scope.NONE,
        frozenset(),
        frozenset({P.MANAGE_RETURNS}),
        41,
    ),
    Role(
        "PERFORMANCE_ANALYST",
        "Performance analyst",
        "Reads the authority's figures, never the names behind them.",
        Scope.NONE,
        frozenset(),
        frozenset({P.VIEW_FIGURES, P.VIEW_ALL_FIGURES}),
        42,
    ),
    Role(
        "AUDITOR",
        "Auditor or inspector",
        "Reads records and figures, changes nothing.",
        Scope.AUTHORITY,
        frozenset({C.VIEW, C.READ_RECORD}),
        frozenset({P.VIEW_FIGURES}),
        43,
    ),
    Role(
        "INFORMATION_GOVERNANCE",
        "Information governance officer",
        "Reads who has looked at which record, never the record.",
        Scope.NONE,
        frozenset(),
        frozenset({P.READ_ACCESS_LOG}),
        44,
    ),
    Role(
        "SYSTEM_ADMINISTRATOR",
        "System administrator",
        "Opens and closes accounts, keeps services and teams; sees no child.",
        Scope.NONE,
        frozenset(),
        frozenset({P.MANAGE_ACCOUNTS, P.MANAGE_STRUCTURE}),
        45,
    ),
)

BY_CODE = {role.code: role for role in ROLES}
CHOICES = [(role.code, role.name) for role in ROLES]
RESPONDERS = [(role.code, role.name) for role in ROLES if C.RESPOND in role.child_permissions]


def called(code: str) -> str:
    """A role inside a sentence: "IRO", "team manager"; its code as words where there is no such role."""
    if code not in BY_CODE or code == "IRO":
        return code if code == "IRO" else code.replace("_", " ").lower()
    name = BY_CODE[code].name
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def any_of(codes: Iterable[str]) -> str:
    """Several roles inside a sentence, any one of them: "social worker or team manager"."""
    return " or ".join(called(code) for code in codes)


def roles_granting(permission: ChildPermission | str) -> frozenset[str]:
    """Codes of the roles whose child permissions include this one."""
    return frozenset(role.code for role in ROLES if permission in role.child_permissions)


def roles_with(permission: Permission | str) -> frozenset[str]:
    """Codes of the roles whose wider permissions include this one."""
    return frozenset(role.code for role in ROLES if permission in role.permissions)


def authority_wide() -> frozenset[str]:
    """Codes of the roles that reach every child of their authority."""
    return frozenset(role.code for role in ROLES if role.scope is Scope.AUTHORITY)


def managing(scope: Scope) -> frozenset[str]:
    """Codes of the roles of this scope that manage the cases they reach."""
    return frozenset(role.code for role in ROLES if role.manages_cases and role.scope is scope)


def overseers() -> frozenset[str]:
    """Codes of the roles that run the IRO service."""
    return frozenset(role.code for role in ROLES if role.oversees)


def allocated_as(kind: str) -> frozenset[str]:
    """Codes of the roles whose holders may be allocated to a child as this: its IRO or its social worker."""
    return frozenset(role.code for role in ROLES if role.allocated_as == kind)
