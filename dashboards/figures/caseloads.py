"""B4: looked-after children for each filled full-time IRO post, and the posts themselves."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Holding, Post
from timescales import RECOMMENDED_CASELOAD

from .base import EVERY, Column, Figure, Part, Words
from .looked_after import (
    ALLOCATED,
    BETWEEN_BREAKS,
    LOOKED_AFTER,
    SHORT_BREAKS_ONLY,
    UNALLOCATED,
    care_columns,
    in_caseload,
    iro_allocations,
    tally_of_caseload,
)
from .scope import Scope
from .standing import iro_name
from .tally import Tally

FILLED = {"is_filled": [True]}


def with_iro_name(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the child and that IRO's name."""
    allocation = iro_allocations(scope.day)
    return rows.annotate(
        iro_given_name=Subquery(allocation.values("user__first_name")[:1]),
        iro_family_name=Subquery(allocation.values("user__last_name")[:1]),
    ).select_related("child")


def allocated_parts(scope: Scope) -> tuple[Part, ...]:
    """Looked-after children allocated; short breaks and the unallocated apart."""
    return (
        Part(EVERY, scope.say("{Children_looked_after} allocated to an IRO"), LOOKED_AFTER | ALLOCATED),
        Part("short-breaks", "Children only on short breaks, counted apart", SHORT_BREAKS_ONLY | ALLOCATED),
        Part("between", "Children between two short breaks, counted apart", BETWEEN_BREAKS | ALLOCATED),
        Part("unallocated", scope.say("{Children_looked_after} without an IRO"), LOOKED_AFTER | UNALLOCATED),
    )


def iro_posts(scope: Scope) -> QuerySet[Any]:
    """IRO posts of the authority that existed on the day, each with whether somebody filled it."""
    posts = Post.objects.filter(_then(scope), authority_id=scope.authority_id, role="IRO", starts_on__lte=scope.day)
    return posts.annotate(is_filled=Exists(_holdings(scope)))


def with_holder(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the name of who filled it that day, if anybody did."""
    holding = _holdings(scope)
    return rows.annotate(
        holder_given_name=Subquery(holding.values("user__first_name")[:1]),
        holder_family_name=Subquery(holding.values("user__last_name")[:1]),
    )


def _then(scope: Scope) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gt=scope.day)


def _holdings(scope: Scope) -> QuerySet[Holding]:
    held = Holding.objects.filter(_then(scope), post=OuterRef("pk"), starts_on__lte=scope.day)
    return held.order_by("-starts_on")


def tally_posts(scope: Scope) -> Tally:
    """How many IRO posts of so many hours there were on the day, filled and vacant."""
    return Tally.of(iro_posts(scope), "is_filled", "fte")


def full_time(scope: Scope) -> tuple[Decimal, Decimal]:
    """Filled and established IRO posts on the day, in full-time equivalents."""
    posts = scope.once(tally_posts)
    return _hours(posts.only(FILLED)), _hours(posts)


def _hours(posts: Tally) -> Decimal:
    return sum((fte * number for (fte,), number in posts.by("fte").items()), Decimal(0))


def filled_full_time(scope: Scope) -> Decimal:
    """Filled IRO posts on the day, in full-time equivalents."""
    return full_time(scope)[0]


def caseload_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """Children per filled full-time post, with the establishment beside it, against the Handbook's range."""
    children, (filled, established) = parts[0].count or 0, full_time(scope)
    said = f"{children} children, {filled.normalize():f} filled of {established.normalize():f} established FTE"
    if not filled:
        return Words("none", said)
    load = children / filled
    return Words(f"{load:.1f}", said, mark=caseload_mark(float(load)))


def caseload_mark(load: float) -> tuple[str, str]:
    """Where children per full-time IRO stand against the IRO Handbook's range."""
    lowest, highest = RECOMMENDED_CASELOAD.lowest, RECOMMENDED_CASELOAD.highest
    if RECOMMENDED_CASELOAD.includes(load):
        return f"Within {lowest} to {highest}", "good"
    return (f"Over {highest}", "bad") if load > highest else (f"Under {lowest}", "info")


def allocated_columns(scope: Scope) -> list[Column]:
    """Child, since when, and the IRO that day."""
    return [
        *care_columns(scope),
        Column("iro", "IRO that day", iro_name, sort=("iro_family_name", "iro_given_name", "child__sort_name")),
    ]


def post_parts(scope: Scope) -> tuple[Part, ...]:
    """Posts filled and vacant, counted with their hours."""
    return (
        Part(EVERY, "IRO posts in the establishment"),
        Part("filled", "Filled posts", FILLED),
        Part("vacant", "Vacant posts", {"is_filled": [False]}),
    )


def post_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """Posts filled out of all, in full-time equivalents."""
    filled, established = full_time(scope)
    return Words(f"{filled.normalize():f}", f"filled of {established.normalize():f} established FTE")


def post_columns(scope: Scope) -> list[Column]:
    """Who fills the post, its hours, since when it stands."""
    return [
        Column("holder", "Held by", _holder, sort=("holder_family_name", "holder_given_name")),
        Column("title", "Post", lambda row: row.title or row.get_role_display()),
        Column("fte", "FTE", lambda row: row.fte, sort="fte", is_number=True),
    ]


def _holder(row: Any) -> str:
    return f"{row.holder_given_name} {row.holder_family_name}".strip() if row.is_filled else "Vacant"


CASELOAD_PER_FTE = Figure(
    slug="caseload-per-fte",
    code="B4",
    title="Children for each full-time IRO",
    definition=(
        "{Children_looked_after} allocated to an IRO on the day, divided by IRO posts filled that day in full-time"
        " equivalents (agency staff in). Children only on short breaks, or between two of them, are counted apart."
        " The IRO Handbook, para. 7.15, gives 50 to 70."
    ),
    rows=in_caseload,
    parts=allocated_parts,
    columns=allocated_columns,
    sorted_by="iro",
    tally=tally_of_caseload,
    counted_as="allocated {children_looked_after}",
    is_on_a_day=True,
    needs_whole_authority=True,
    words=caseload_words,
    per=filled_full_time,
    dressed=with_iro_name,
)
IRO_POSTS = Figure(
    slug="iro-posts",
    code="",
    title="IRO posts filled",
    definition="IRO posts that existed on the day, in full-time equivalents: filled that day, and established.",
    rows=iro_posts,
    parts=post_parts,
    columns=post_columns,
    sorted_by="holder",
    tally=tally_posts,
    counted_as="filled",
    numerator="filled",
    is_on_a_day=True,
    needs_whole_authority=True,
    is_about_children=False,
    words=post_words,
    dressed=with_holder,
)
