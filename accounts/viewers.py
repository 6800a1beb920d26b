"""A person at a moment: who is asking, when, and the posts they hold then."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.timezone import localdate

from .models import Holding, User
from .roles import BY_CODE, ChildPermission, Permission, Role, Scope


@dataclass(frozen=True)
class LivePost:
    """What a post somebody holds says of whose children it opens."""

    role: Role
    authority: int
    group: int | None

    def opens_all(self, permission: ChildPermission) -> bool:
        """Whether the post permits this for every child of its authority."""
        return self.role.scope is Scope.AUTHORITY and permission in self.role.child_permissions


@dataclass(frozen=True)
class Viewer:
    """Who is asking, and when. Whatever somebody may see or do is asked of this.

    A door makes one for each request or task, and everything asked on the way reads the same moment and the same
    posts, which are read once. A service that acts makes its own once it holds its lock, since a post may have been
    left while it waited.
    """

    user: User  # one signed out is none of ours, and holds no post
    at: datetime

    @property
    def on(self) -> date:
        """The day it is."""
        return localdate(self.at)

    @cached_property
    def posts(self) -> tuple[LivePost, ...]:
        """The posts held; none for somebody signed out or whose account is closed."""
        if not self.user.is_authenticated or not self.user.is_active:
            return ()
        rows = Holding.objects.of_user(self.user.pk).values_list("post__role", "post__authority_id", "post__group_id")
        return tuple(LivePost(BY_CODE[role], authority, group) for role, authority, group in rows)

    @property
    def roles(self) -> list[str]:
        """Codes of the roles held, the one that decides the home page first."""
        return sorted({post.role.code for post in self.posts}, key=lambda code: BY_CODE[code].rank)

    def permits(self, permission: Permission) -> bool:
        """Whether a role held includes this wider permission."""
        return any(permission in post.role.permissions for post in self.posts)
