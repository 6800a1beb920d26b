"""B4: looked-after children for each filled full-time IRO post, and the posts themselves."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Holding, Post
from children.models import Allocation, CarePeriod
from timescales import RECOMMENDED_CASELOAD

from .base import EVERY, Column, Figure, Part, Scope, Words
from .standing import LOOKED_AFTER, SHORT_BREAKS_ONLY, care_columns, iro_name, looked_after

ALLOCATED = Q(iro_key__isnull=False)


def children_with_iro(scope: Scope) -> QuerySet[CarePeriod]:
    """Children looked after on the day, each with the IRO allocated that day, if any."""
    allocation = Allocation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=scope.day),
        child=OuterRef("child"),
        kind=Allocation.Kind.IRO,
        starts_on__lte=scope.day,
    ).order_by("-starts_on")
    return looked_after(scope).annotate(
        iro_key=Subquery(allocation.values("user")[:1]),
        iro_given_name=Subquery(allocation.values("user__first_name")[:1]),
        iro_family_name=Subquery(allocation.values("user__last_name")[:1]),
    )


def allocated_parts(scope: Scope, rows: QuerySet[CarePeriod]) -> tuple[Part, ...]:
    """Looked-after children allocated; short breaks and the unallocated apart."""
    return (
        Part(EVERY, "Looked-after children allocated to an IRO", LOOKED_AFTER & ALLOCATED),
        Part("short-breaks", "Children only on short breaks, counted apart", SHORT_BREAKS_ONLY & ALLOCATED),
        Part("unallocated", "Looked-after children without an IRO", LOOKED_AFTER & ~ALLOCATED),
    )


def iro_posts(scope: Scope) -> QuerySet[Any]:
    """IRO posts of the authority that existed on the day, each with whether somebody filled it."""
    then = Q(ends_on__isnull=True) | Q(ends_on__gt=scope.day)
    holding = Holding.objects.filter(then, post=OuterRef("pk"), starts_on__lte=scope.day).order_by("-starts_on")
    posts = Post.objects.filter(then, authority_id=scope.user.authority_id, role="IRO", starts_on__lte=scope.day)
    return posts.annotate(
        is_filled=Exists(holding),
        holder_given_name=Subquery(holding.values("user__first_name")[:1]),
        holder_family_name=Subquery(holding.values("user__last_name")[:1]),
    )


def full_time(scope: Scope) -> tuple[Decimal, Decimal]:
    """Filled and established IRO posts on the day, in full-time equivalents; asked once for a scope."""
    posts = _known_posts(scope)
    return sum((fte for fte, is_filled in posts if is_filled), Decimal(0)), sum((fte for fte, _ in posts), Decimal(0))


def _known_posts(scope: Scope) -> list[tuple[Decimal, bool]]:
    """Hours of each IRO post and whether it was filled: a few rows, which two figures share."""
    if "posts" not in scope.known:
        scope.known["posts"] = list(iro_posts(scope).values_list("fte", "is_filled"))
    found: list[tuple[Decimal, bool]] = scope.known["posts"]
    return found


def caseload_words(scope: Scope, parts: tuple[Part, ...], rows: object) -> Words:
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


def post_parts(scope: Scope, rows: QuerySet[Post]) -> tuple[Part, ...]:
    """Posts filled and vacant."""
    filled = [is_filled for _, is_filled in _known_posts(scope)]
    return (
        Part(EVERY, "IRO posts in the establishment", Q(), len(filled)),
        Part("filled", "Filled posts", Q(is_filled=True), filled.count(True)),
        Part("vacant", "Vacant posts", Q(is_filled=False), filled.count(False)),
    )


def post_words(scope: Scope, parts: tuple[Part, ...], rows: object) -> Words:
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
        "Looked-after children allocated to an IRO on the day, divided by IRO posts filled that day in full-time"
        " equivalents (agency staff in). Children only on short breaks are counted apart. The IRO Handbook, para."
        " 7.15, gives 50 to 70."
    ),
    rows=children_with_iro,
    parts=allocated_parts,
    columns=allocated_columns,
    sorted_by="iro",
    is_on_a_day=True,
    needs_whole_authority=True,
    words=caseload_words,
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
    numerator="filled",
    is_on_a_day=True,
    needs_whole_authority=True,
    is_about_children=False,
    words=post_words,
)
