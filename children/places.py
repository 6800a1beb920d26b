"""What stands in a team or a service, in counts alone: for who merges or closes it without seeing a child."""

from dataclasses import dataclass

from accounts.models import Post
from accounts.roles import BY_CODE, Scope
from authorities.models import Service, Team
from timescales.words import counted, listed

from .models import TeamAllocation


@dataclass(frozen=True)
class WithTeam:
    """How many children a team is responsible for, and its posts, filled and vacant."""

    children: int = 0
    posts: int = 0
    vacant: int = 0

    @property
    def key(self) -> str:
        """What travels with a form as seen."""
        return f"{self.children}-{self.posts}-{self.vacant}"

    @property
    def words(self) -> str:
        """ "41 children and 3 posts (1 of them vacant)"."""
        posts = counted(self.posts, "post")
        if self.vacant:
            posts += f" ({self.vacant} of them vacant)" if self.posts > 1 else " (vacant)"
        children = "1 child" if self.children == 1 else f"{self.children} children"
        found = [children] * bool(self.children) + [posts] * bool(self.posts)
        return listed(found) or "nobody"

    @property
    def are(self) -> str:
        """The verb that goes with the words."""
        return "is" if self.children + self.posts == 1 else "are"


def with_team(team: Team) -> WithTeam:
    """What a team has now: three counts."""
    posts = Post.objects.live().filter(team=team)
    return WithTeam(
        children=TeamAllocation.objects.filter(team=team, ends_on__isnull=True).count(),
        posts=posts.count(),
        vacant=Post.objects.vacant().filter(team=team).count(),
    )


def in_service(service: Service) -> str:
    """The open teams and live posts of a service in words; "" for none."""
    teams = service.teams.open().count()
    roles = [code for code, role in BY_CODE.items() if role.scope is Scope.SERVICE]
    posts = Post.objects.live().filter(service=service, role__in=roles).count()
    found = [counted(teams, "open team")] * bool(teams) + [counted(posts, "post")] * bool(posts)
    return listed(found)
