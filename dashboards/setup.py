"""What a council sets up, and how far it has got: one row a task, each answered from a few reads made once.

To give a task its page, name the page's address in its row of TASKS; nothing else has to change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.models import Holding, Post
from accounts.roles import Permission, any_of
from accounts.viewers import Viewer
from authorities.models import Authority, CalendarDay, Policy, Service, Team
from authorities.words import STANDARD
from escalations.models import Ladder, Stage
from reviews.rules import DRIFT_WORDS
from screens.cells import day
from screens.components import Step
from timescales.words import counted, listed

NEEDED = ("IRO_MANAGER", "IRO")  # without one of each nobody allocates and nobody reviews
MAILED = "smtp"  # in the name of the mail's back end, where mail leaves this machine


@dataclass(frozen=True)
class State:
    """How far a task has got, with a sentence that says what is so."""

    status: str
    words: str
    kind: str | None = None


@dataclass(frozen=True)
class Facts:
    """What the states are worked out from: seven small reads, whatever the size of the council."""

    authority: Authority
    services: int
    teams: int
    in_post: frozenset[str]
    vacancies: int
    ladder: Ladder | None
    rungs: list[Stage]
    policy: Policy
    proclaimed: int


@dataclass(frozen=True)
class Task:
    """One line of the list. `opens` are the permissions any of which opens its page; no `page`, no link."""

    title: str
    state: Callable[[Facts], State]
    opens: tuple[Permission, ...]
    page: str | None = None


def done(words: str) -> State:
    return State("Done", words)


def to_do(words: str) -> State:
    return State("To do", words, "info")


def by_default(words: str) -> State:
    return State("Uses the default", words)


def services_and_teams(facts: Facts) -> State:
    if not facts.teams:
        return to_do("No team yet. Social workers and their managers are put in posts of a team.")
    return done(
        f"{counted(facts.services, 'service') if facts.services else 'No service'} and"
        f" {counted(facts.teams, 'team')}."
    )


def people_and_posts(facts: Facts) -> State:
    asked = dict.fromkeys([*((code,) for code in NEEDED), *(tuple(rung.responder_roles) for rung in facts.rungs)])
    missing = [any_of(codes) for codes in asked if facts.in_post.isdisjoint(codes)]
    vacant = f" {counted(facts.vacancies, 'post')} vacant." if facts.vacancies else ""
    if missing:
        return to_do(
            f"Nobody is in post as {', '.join(missing[:-1])}{' or ' if missing[1:] else ''}{missing[-1]}.{vacant}"
        )
    return done(f"Everybody the service cannot do without is in post.{vacant}")


def ladder(facts: Facts) -> State:
    if facts.ladder is None:
        return to_do("There is none, so no concern can be raised.")
    return done(f"{facts.ladder.name}: {counted(len(facts.rungs), 'stage')}, since {day(facts.ladder.starts_on)}.")


def ratings(facts: Facts) -> State:
    if facts.policy.is_rag_linked_to_ladder:
        return done("Amber and Red ask whether to raise a concern on the ladder.")
    return by_default("A rating is recorded, and leads to no stage of the ladder.")


def margins(facts: Facts) -> State:
    standard, now = Policy().margins, facts.policy
    own = sum(value != standard[name] for name, value in now.margins.items())
    if own:
        return done(f"{counted(own, 'margin')} of your own, since {day(now.starts_on)}.")
    return by_default(
        f"A review is best held {counted(now.booking_buffer_days, 'working day')} before it is due, and is due soon"
        f" {counted(now.later_due_soon_days, 'working day')} before: {now.first_due_soon_days} for a first review."
    )


def words(facts: Facts) -> State:
    own = [text for key, text in facts.policy.words.items() if text and STANDARD.get(key, text) != text]
    if own:
        return done(f"You say {listed([f'“{word}”' for word in own])}.")
    return by_default(f"“{STANDARD['escalation']}” and “{STANDARD['child_looked_after']}”.")


def holidays(facts: Facts) -> State:
    if facts.proclaimed:
        return done(f"England's bank holidays and {counted(facts.proclaimed, 'day')} proclaimed since.")
    return by_default("England's bank holidays.")


def lists(facts: Facts) -> State:
    return by_default(f"{len(DRIFT_WORDS)} words that let a plan drift, such as “{DRIFT_WORDS[0]}”.")


def feeds(facts: Facts) -> State:
    if facts.authority.returns_to_on:
        return done(f"Returns read, up to {day(facts.authority.returns_to_on)}.")
    return to_do(
        "No return has been read in. Children come with an SSDA903 return, the council's own files, or one by one."
    )


def mail(facts: Facts) -> State:
    if MAILED in settings.EMAIL_BACKEND:
        return done(f"Sent by {settings.EMAIL_HOST}, from {settings.DEFAULT_FROM_EMAIL}.")
    return to_do(
        "Mail stays on this machine, links to choose a password too. Whoever runs the service names a mail server."
    )


KEPT, PRACTICE = (Permission.MANAGE_STRUCTURE,), (Permission.MANAGE_PRACTICE, Permission.MANAGE_STRUCTURE)

TASKS = (
    Task("Services and teams", services_and_teams, KEPT, "authorities:structure"),
    Task("People and posts", people_and_posts, (Permission.MANAGE_ACCOUNTS,), "accounts:list"),
    Task("The ladder", ladder, PRACTICE, "escalations:ladders"),
    Task("What Red, Amber and Green mean and lead to", ratings, PRACTICE, "duties:practice"),
    Task("Time margins and targets", margins, PRACTICE, "duties:practice"),
    Task("Words", words, PRACTICE, "duties:practice"),
    Task("Holidays", holidays, KEPT),
    Task("Drift words and other lists", lists, PRACTICE),
    Task("Feeds", feeds, (Permission.MANAGE_RETURNS,), "returns:data_quality"),
    Task("Mail", mail, KEPT),
)


def facts_of(viewer: Viewer) -> Facts:
    """What is set up at the viewer's authority now."""
    authority = viewer.user.authority
    held = Holding.objects.live().filter(post__authority=authority, user__is_active=True)
    ladder = Ladder.objects.in_force(authority.pk, viewer.on)
    return Facts(
        authority=authority,
        services=Service.objects.of(authority.pk).open().count(),
        teams=Team.objects.of(authority.pk).open().count(),
        in_post=frozenset(held.values_list("post__role", flat=True)),
        vacancies=Post.objects.of(authority.pk).vacant().count(),
        ladder=ladder,
        rungs=list(ladder.stages.all()) if ladder else [],
        policy=Policy.objects.in_force(authority.pk, viewer.on),
        proclaimed=CalendarDay.objects.filter(is_working=False).count(),
    )


def steps(viewer: Viewer) -> list[Step]:
    """The list as this person sees it: a link where there is a page and it is theirs to open."""
    return list(_steps(viewer, facts_of(viewer)))


def _steps(viewer: Viewer, facts: Facts) -> Iterator[Step]:
    for task in TASKS:
        state = task.state(facts)
        is_theirs = any(viewer.permits(permission) for permission in task.opens)
        url = reverse(task.page) if task.page and is_theirs else None
        yield Step(task.title, state.status, url, state.kind, state.words)
