"""The home page of each role: which lists it starts with, and the sentence under its heading."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from accounts.roles import Permission
from accounts.roles import Scope as RoleScope
from alerts.models import Alert
from alerts.words import unreached
from dashboards import setup
from dashboards.figures import BY_SLUG, Reading, Scope, known_to, scope_for
from dashboards.figures.difference import difference
from dashboards.figures.looked_after import tally_of_caseload
from dashboards.figures.opening import opening
from dashboards.permissions import Reach
from dashboards.rules import this_quarter
from screens.components import Link, Step

from . import lists
from .lists import MOST_WORK, Desk, ShortList, short_list
from .loads import IroLoad, iro_loads

NO_POST = "You hold no post here. Ask your administrator to add you to one."
HEADLINES = ("reviews-in-time", "review-up-to-date", "overdue-reviews", "days-late", "open-escalations")


@dataclass(frozen=True)
class Page:
    """What a home page holds; parts that a role has no use for stay empty."""

    sentence: str = ""
    warnings: list[str] = field(default_factory=list)
    shows_waiting: bool = False  # the cards of concerns to answer, before anything else
    may_be_asked: bool = False  # the same, only where something waits: answering is not the role's daily work
    lists: list[ShortList] = field(default_factory=list)
    has_caseload: bool = False
    difference: str = ""  # why the caseload and the looked-after children are not as many
    opening: str = ""
    readings: list[Reading] = field(default_factory=list)
    loads: list[IroLoad] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)  # what is to be set up

    @property
    def child_ids(self) -> list[int]:
        """Whose records the lists show, for the access log."""
        return sorted({line.child_id for shown in self.lists for line in shown.lines})


def iro(desk: Desk, reach: Reach) -> Page:
    """Today and this week, late, answers that came, decisions past their date; then the caseload."""
    return Page(
        lists=[
            *lists.records_to_finish(desk),
            short_list(
                "Today and this week",
                lists.this_week(desk),
                empty="No review of yours is booked or due in the next seven days; no record waits.",
                more_url=reverse("reviews:list"),
            ),
            lists.late(desk, "Late", whose="You"),
            short_list(
                "Answers that came",
                lists.answers_that_came(desk),
                empty="No manager's answer waits for you to act on it.",
                more_url=reverse("escalations:list"),
            ),
            lists.decisions_past_their_date(desk),
        ],
        has_caseload=True,
    )


def iro_manager(desk: Desk, reach: Reach) -> Page:
    """Children without an IRO, what is overdue, concerns that are stuck, and each IRO's load; then the settings."""
    return Page(
        difference=_difference(_scope(desk, reach)),
        may_be_asked=True,
        lists=[
            *lists.records_to_finish(desk),
            short_list(
                "Children without an IRO",
                lists.unallocated(desk),
                empty=desk.say("Every {child_looked_after} has an IRO."),
                more_url=f"{reverse('dashboards:caseload')}?iro=none",
            ),
            lists.late(desk, "Late", whose="The IRO"),
            short_list(
                desk.say("Stuck {escalations}"),
                lists.stuck(desk),
                empty="No answer is past its date, and none has waited over a week for the IRO.",
                more_url=reverse("escalations:list"),
            ),
        ],
        loads=iro_loads(desk),
        links=[Link("Settings", reverse("dashboards:settings"))],
    )


def responder(desk: Desk, reach: Reach) -> Page:
    """What waits for this manager, then what is late, coming, promised and decided."""
    where = "team" if reach.main and reach.main.scope is RoleScope.TEAM else "service"
    return Page(
        shows_waiting=True,
        lists=[
            lists.late(desk, f"Late in my {where}", whose="The IRO"),
            short_list(
                "Coming",
                lists.coming(desk),
                empty=f"No review in your {where} is due or booked in the next 30 days.",
                more_url=reverse("dashboards:caseload"),
            ),
            short_list(
                "What I promised",
                lists.promised(desk),
                empty="You have promised nothing that is still to be done.",
            ),
            lists.decisions_to_do(desk),
        ],
        links=[Link("Figures", reverse("dashboards:figures"))],
    )


def leader(desk: Desk, reach: Reach) -> Page:
    """What waits for this person, then the figures in words."""
    scope = _scope(desk, reach)
    readings = [BY_SLUG[slug].read(scope) for slug in HEADLINES]
    return Page(
        shows_waiting=True,
        difference=_difference(scope),
        opening=opening(scope, readings),
        readings=readings,
        links=[Link("All figures", reverse("dashboards:figures")), Link("Caseload", reverse("dashboards:caseload"))],
    )


def _scope(desk: Desk, reach: Reach) -> Scope:
    known = known_to(desk.viewer.user.authority)
    return scope_for(desk.viewer, reach, this_quarter(desk.today), desk.calendar, desk.words, known)


def _difference(scope: Scope) -> str:
    return difference(scope.once(tally_of_caseload), scope.say)


def answerer(desk: Desk, reach: Reach) -> Page:
    """What waits for this person's answer, and no more."""
    return Page(sentence=desk.say(reach.main.sentence) if reach.main else NO_POST, shows_waiting=True)


def social_worker(desk: Desk, reach: Reach) -> Page:
    """The next review of each of my children, and what their reviews decided that is mine to do."""
    return Page(
        may_be_asked=True,
        lists=[
            short_list(
                "My children's next reviews",
                lists.next_reviews(desk),
                empty=desk.say("No {child_looked_after} is allocated to you."),
                most=MOST_WORK,
            ),
            lists.decisions_to_do(desk),
        ],
    )


def business_support(desk: Desk, reach: Reach) -> Page:
    """Reviews to book now, and those that come next."""
    return Page(
        lists=[
            short_list(
                "To book now",
                lists.to_book(desk),
                empty="Every review that should be booked by now is booked.",
                more_url=reverse("dashboards:caseload"),
                most=MOST_WORK,
            ),
            short_list(
                "Due within 30 days, not booked yet",
                lists.due_soon_unbooked(desk),
                empty="No other review due in the next 30 days waits to be booked.",
                more_url=reverse("dashboards:caseload"),
            ),
        ]
    )


def administrator(desk: Desk, reach: Reach) -> Page:
    """What alerts reach nobody, since somebody has to be put in post; then what is to be set up."""
    return Page(
        sentence=desk.say(reach.main.sentence) if reach.main else NO_POST,
        warnings=unreached(Alert.objects.unreached(desk.viewer.user.authority_id)),
        steps=setup.steps(desk.viewer),
    )


def reader(desk: Desk, reach: Reach) -> Page:
    """A sentence about the role, and links to its pages."""
    return Page(sentence=desk.say(reach.main.sentence) if reach.main else NO_POST, links=_links(reach))


def _links(reach: Reach) -> list[Link]:
    links = []
    if reach.has(Permission.VIEW_FIGURES):
        links.append(Link("Figures", reverse("dashboards:figures")))
    if reach.has_lists:
        links.append(Link("Children", reverse("dashboards:caseload")))
    if reach.has(Permission.MANAGE_RETURNS):
        links.append(Link("Data quality", reverse("returns:data_quality")))
    return links


PAGES: dict[str, Callable[[Desk, Reach], Page]] = {
    "IRO": iro,
    "IRO_MANAGER": iro_manager,
    "TEAM_MANAGER": responder,
    "SERVICE_MANAGER": responder,
    "HEAD_OF_SERVICE": leader,
    "ASSISTANT_DIRECTOR": leader,
    "DIRECTOR": leader,
    "CHIEF_EXECUTIVES_OFFICE": answerer,
    "SOCIAL_WORKER": social_worker,
    "BUSINESS_SUPPORT": business_support,
    "SYSTEM_ADMINISTRATOR": administrator,
}


def home_page(desk: Desk, reach: Reach) -> Page:
    """The home page of the role that decides it."""
    return PAGES.get(reach.main.code if reach.main else "", reader)(desk, reach)
